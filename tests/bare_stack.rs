//! A bare HTTP stack over `TcpStream`, as an embedder might write one: one kept connection, limits of time and size.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use ncloud_core::{Error, Limits, Sent};

/// The longest line of a head, and how many there may be.
const LINE_LIMIT: u64 = 8 * 1024;
const LINES_LIMIT: usize = 128;

/// Carries one request after the other.
pub(crate) struct BareStack {
    limits: Limits,
    /// The connection that the last answer left good, and where it leads.
    kept: Option<(String, BufReader<Timed>)>,
}

/// A connection that gives up at a deadline.
struct Timed {
    stream: TcpStream,
    deadline: Instant,
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream
            .set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        self.stream.read(buffer)
    }
}

impl BareStack {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, kept: None }
    }

    pub(crate) fn carry(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, Error> {
        let authority = request.uri().authority().unwrap().to_string();
        let mut connection = match self.kept.take() {
            Some((kept, connection)) if kept == authority => connection,
            _ => connect(&authority).map_err(|error| Error::transport(Sent::No, error.to_string()))?,
        };
        connection.get_mut().deadline = Instant::now() + self.limits.attempt_timeout();
        let maybe = |error: io::Error| Error::transport(Sent::Maybe, error.to_string());
        write(&mut connection.get_mut().stream, &authority, request).map_err(maybe)?;
        let (status, headers) = read_head(&mut connection).map_err(maybe)?;
        let limit = self.limits.body_limit();
        let Some(body) = read_body(&mut connection, &headers, limit).map_err(maybe)? else {
            return Err(Error::body_too_large(status, headers, limit));
        };
        if headers.get("connection").is_none_or(|value| value != "close") {
            self.kept = Some((authority, connection));
        }
        let mut response = Response::new(body.into());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

fn connect(authority: &str) -> io::Result<BufReader<Timed>> {
    let stream = TcpStream::connect(authority)?;
    stream.set_nodelay(true)?;
    let deadline = Instant::now();
    Ok(BufReader::new(Timed { stream, deadline }))
}

fn write(stream: &mut TcpStream, host: &str, request: &Request<Bytes>) -> io::Result<()> {
    let target = request.uri().path_and_query().unwrap();
    let mut bytes = format!("{} {target} HTTP/1.1\r\nhost: {host}\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        bytes.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let length = format!("content-length: {}\r\n\r\n", request.body().len());
    bytes.extend_from_slice(length.as_bytes());
    bytes.extend_from_slice(request.body());
    stream.write_all(&bytes)
}

fn read_head(reader: &mut impl BufRead) -> io::Result<(StatusCode, HeaderMap)> {
    let first = read_line(reader)?;
    let status = first.split(' ').nth(1).unwrap_or_default();
    let status = StatusCode::from_bytes(status.as_bytes()).map_err(io::Error::other)?;
    let mut head = Response::builder();
    for _ in 0..LINES_LIMIT {
        let line = read_line(reader)?;
        if line.is_empty() {
            let (parts, ()) = head.body(()).map_err(io::Error::other)?.into_parts();
            return Ok((status, parts.headers));
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| io::Error::other("no header"))?;
        head = head.header(name, value.trim());
    }
    Err(io::Error::other("too many headers"))
}

/// Reads a body to its end, or gives nothing if it is larger than the limit.
fn read_body(reader: &mut impl BufRead, headers: &HeaderMap, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let mut body = Vec::new();
    if text("transfer-encoding") != Some("chunked") {
        let length = text("content-length").unwrap_or("0");
        let length = length.parse().map_err(io::Error::other)?;
        if length > limit {
            return Ok(None);
        }
        read_exactly(reader, length, &mut body)?;
        return Ok(Some(body));
    }
    loop {
        let line = read_line(reader)?;
        let size = line.split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
        if size.saturating_add(body.len() as u64) > limit {
            return Ok(None);
        }
        read_exactly(reader, size, &mut body)?;
        read_line(reader)?;
        if size == 0 {
            return Ok(Some(body));
        }
    }
}

fn read_exactly(reader: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let read = reader.take(length).read_to_end(body)?;
    if read as u64 == length {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    reader.take(LINE_LIMIT).read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
