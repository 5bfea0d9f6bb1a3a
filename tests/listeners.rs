//! Listeners on this machine that do what no well-behaved server does.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::SystemTime;

use bytes::Bytes;
use http::{Method, Request};
use ncloud_simulator::Simulator;

/// An address where nobody listens: it was free a moment ago.
pub(crate) fn refused() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Reads the head of one request, hands it over, and closes.
pub(crate) fn record_one_request() -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        sender.send(read_head(&mut BufReader::new(stream))).unwrap();
    });
    (address, receiver)
}

/// Answers through the simulator, promises to keep each connection alive, and closes it all the same.
pub(crate) fn answer_and_close(simulator: Simulator) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            answer(&simulator, stream);
        }
    });
    address
}

/// Answers the first request of each connection properly and, when told to on the first one, once more without having been
/// asked; says when that is written.
pub(crate) fn answer_twice(simulator: Simulator) -> (SocketAddr, Sender<()>, Receiver<()>) {
    const STRAY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"totalRows\":9}";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (go, told) = channel();
    let (written, wait) = channel();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept() {
            let mut reader = BufReader::new(stream);
            write_answer(&simulator, &read_head(&mut reader), reader.get_mut());
            if open.is_empty() && told.recv().is_ok() {
                let _ = reader.get_mut().write_all(STRAY);
                let _ = written.send(());
            }
            open.push(reader);
        }
    });
    (address, go, wait)
}

fn answer(simulator: &Simulator, stream: TcpStream) {
    let mut reader = BufReader::new(stream);
    write_answer(simulator, &read_head(&mut reader), reader.get_mut());
}

/// Lets the simulator answer a GET request whose head was read.
pub(crate) fn write_answer(simulator: &Simulator, head: &str, stream: &mut impl std::io::Write) {
    let mut lines = head.lines();
    let target = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let mut request = Request::builder().method(Method::GET).uri(target);
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    let response = simulator.handle(request.body(Bytes::new()).unwrap(), SystemTime::now());
    let head = format!(
        "HTTP/1.1 {} X\r\nContent-Length: {}\r\nConnection: keep-alive\r\n\r\n",
        response.status().as_u16(),
        response.body().len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(response.body()).unwrap();
    stream.flush().unwrap();
}

/// Lets the simulator answer all requests of a connection, until the other side ends it.
pub(crate) fn answer_all<S: std::io::Read + std::io::Write>(
    simulator: &Simulator,
    reader: &mut BufReader<S>,
) {
    while let Some(head) = read_head_or_end(reader) {
        write_answer(simulator, &head, reader.get_mut());
    }
}

/// Reads up to the empty line.
pub(crate) fn read_head(reader: &mut impl std::io::BufRead) -> String {
    read_head_or_end(reader).expect("the request ended early")
}

/// Reads up to the empty line; nothing if the connection ends before it.
pub(crate) fn read_head_or_end(reader: &mut impl std::io::BufRead) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return None;
        }
    }
    head.truncate(head.len() - 4);
    Some(head)
}

/// Answers a TLS handshake with something that is none.
pub(crate) fn plain_text_on_tls() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        }
    });
    address
}
