//! Scripts: what is written to a connection by hand, because no proper server would.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderValue, Response};
use tokio::net::TcpStream;
use tokio::task::yield_now;
use tokio::time::sleep;

const CHUNK_LENGTH: usize = 16 * 1024;

/// What happens on a connection from here on. It is closed at the end.
pub(super) enum Script {
    /// Nothing.
    Close,
    /// This is written.
    Write(Bytes),
    /// This is written, so many bytes at a time and with a pause after each.
    Drip(Bytes, usize, Duration),
    /// This is written, and then chunks without end.
    Endless(Bytes),
    /// Nothing, until the client has gone.
    Hang,
    /// This much time passes, and then the connection is reset rather than closed.
    Reset(Duration),
}

impl Script {
    /// A response as it is, whether or not its headers fit its body.
    pub(super) fn verbatim(response: &Response<Bytes>) -> Self {
        Self::Write(message(response, response.body()))
    }

    /// A response that promises all of its body and ends early.
    pub(super) fn truncated(mut response: Response<Bytes>, length: usize) -> Self {
        let whole = HeaderValue::from(response.body().len());
        response.headers_mut().insert(CONTENT_LENGTH, whole);
        let body = response.body();
        let beginning = body.slice(..length.min(body.len()));
        Self::Write(message(&response, &beginning))
    }

    /// A response that comes slowly.
    pub(super) fn drip(mut response: Response<Bytes>, bytes: usize, pause: Duration) -> Self {
        let whole = HeaderValue::from(response.body().len());
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, whole);
        // It is a good answer, and the connection will not be there for the next one.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        Self::Drip(message(&response, response.body()), bytes.max(1), pause)
    }

    /// A response whose body never ends.
    pub(super) fn endless(mut response: Response<Bytes>) -> Self {
        response
            .headers_mut()
            .insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        Self::Endless(message(&response, b""))
    }

    /// Plays the script; whatever goes wrong ends it, because then the client has gone.
    pub(super) async fn play(self, stream: &TcpStream) {
        let _ = match self {
            Self::Close => Ok(()),
            Self::Write(bytes) => write(stream, &bytes).await,
            Self::Endless(head) => write_endlessly(stream, &head).await,
            Self::Hang => wait_for_end(stream).await,
            Self::Reset(delay) => reset(stream, delay).await,
            Self::Drip(bytes, length, pause) => write_slowly(stream, &bytes, length, pause).await,
        };
    }
}

/// Head and body of a response as they go on the wire.
fn message(response: &Response<Bytes>, body: &[u8]) -> Bytes {
    let status = response.status();
    let mut line = String::new();
    // Writing to memory cannot fail.
    let _ = write!(
        line,
        "HTTP/1.1 {} {}\r\n",
        status.as_str(),
        status.canonical_reason().unwrap_or_default()
    );
    let mut message = BytesMut::from(line.as_bytes());
    for (name, value) in response.headers() {
        message.extend_from_slice(name.as_str().as_bytes());
        message.extend_from_slice(b": ");
        message.extend_from_slice(value.as_bytes());
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"\r\n");
    message.extend_from_slice(body);
    message.freeze()
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(length) => bytes = bytes.get(length..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn write_slowly(stream: &TcpStream, bytes: &[u8], length: usize, pause: Duration) -> io::Result<()> {
    for piece in bytes.chunks(length) {
        write(stream, piece).await?;
        wait(pause).await;
    }
    Ok(())
}

/// Lets time pass, and others be served in any case.
async fn wait(time: Duration) {
    if time.is_zero() {
        yield_now().await;
    } else {
        sleep(time).await;
    }
}

/// Has the connection reset as soon as it is closed, after a delay.
async fn reset(stream: &TcpStream, delay: Duration) -> io::Result<()> {
    wait(delay).await;
    stream.set_zero_linger()
}

async fn write_endlessly(stream: &TcpStream, head: &[u8]) -> io::Result<()> {
    write(stream, head).await?;
    // White space may stand in front of a document in either format, so that a reader has nothing to object to early.
    let mut chunk = format!("{CHUNK_LENGTH:x}\r\n").into_bytes();
    chunk.resize(chunk.len().saturating_add(CHUNK_LENGTH), b' ');
    chunk.extend_from_slice(b"\r\n");
    loop {
        write(stream, &chunk).await?;
        // A client that reads as fast as this writes must not keep the others from being served.
        yield_now().await;
    }
}

/// Reads and forgets until the client closes its side.
async fn wait_for_end(stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}
