//! The server: a simulator on a loopback port, in a thread of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::simulator::Simulator;

mod connection;
mod gate;
mod reaction;
mod script;

/// Pause after a connection could not be accepted, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// How many threads there are for requests that are too long to be answered between others.
const LONG_REQUEST_THREADS: usize = 2;
/// How long a client may take for a request's body, all of it.
const BODY_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A running server; made by [`Simulator::serve`]. Dropping it closes its port and every connection.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    url: String,
    // Taken when the server stops.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Serves plain HTTP on a free port of 127.0.0.1, in a thread of its own, until the [`Server`] is dropped.
    ///
    /// Blocking and async clients may use it alike. Several servers of one simulator share its state.
    ///
    /// # Errors
    ///
    /// What the operating system reports when it gives no port or no thread.
    ///
    /// ```
    /// use ncloud_core::{Endpoint, Session};
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::new();
    /// let server = simulator.serve()?;
    /// let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;
    /// // … give the session to an adapter and call.
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn serve(&self) -> io::Result<Server> {
        self.serve_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    /// Serves on an address of your choice, which has to be a loopback one: the test keys protect nothing. Port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) for an address that other machines could reach, else as
    /// [`Simulator::serve`].
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::new();
    /// assert!(simulator.serve_on("[::ffff:10.0.0.1]:0".parse()?).is_err());
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    pub fn serve_on(&self, address: SocketAddr) -> io::Result<Server> {
        self.serve_within(address, BODY_READ_TIMEOUT)
    }

    /// Serves with another patience for bodies.
    fn serve_within(&self, address: SocketAddr, body_read_timeout: Duration) -> io::Result<Server> {
        if !address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "{address} can be reached from other machines; use a loopback address such as 127.0.0.1:0"
                ),
            ));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(LONG_REQUEST_THREADS)
            .build()?;
        let (listener, address) = bind(&runtime, address)?;
        let (stop, stopped) = oneshot::channel();
        let simulator = self.clone();
        let thread = std::thread::Builder::new()
            .name("ncloud-simulator".to_owned())
            .spawn(move || run(&runtime, accept(listener, simulator, body_read_timeout), stopped))?;
        Ok(Server {
            address,
            url: format!("http://{address}"),
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Server {
    /// The base URL, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // If nobody listens any more, the thread has ended by itself.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported when it happened.
            let _ = thread.join();
        }
    }
}

fn bind(runtime: &Runtime, address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    // Bound before the thread starts, so that the caller learns of a port that is taken.
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let _context = runtime.enter();
    let listener = TcpListener::from_std(listener)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until it is told to stop; the tasks of open connections end with the runtime, which this thread owns.
fn run(runtime: &Runtime, accept: impl Future<Output = ()> + Send + 'static, stopped: oneshot::Receiver<()>) {
    runtime.spawn(accept);
    // An error means that the server was forgotten rather than dropped; it stops in both cases.
    let _ = runtime.block_on(stopped);
}

async fn accept(listener: TcpListener, simulator: Simulator, body_read_timeout: Duration) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection::serve(stream, simulator.clone(), body_read_timeout));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;

    #[test]
    fn a_body_that_does_not_come_ends_the_connection() {
        let simulator = Simulator::new();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = simulator
            .serve_within(address, Duration::from_millis(20))
            .unwrap();
        for head in [
            "POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\nabc",
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ] {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            // A test that would wait for ever fails instead.
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = Vec::new();
            match stream.read_to_end(&mut answer) {
                Ok(_) => {}
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
            }
            assert_eq!(answer, b"");
        }
        assert_eq!(simulator.requests(), []);
    }
}
