//! HTTP/1.1 by hand: one request on a connection of its own, and the answer to it, within a time and a size.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use ncloud_core::{Error, Limits, Sent};

const HEAD_LIMIT: usize = 64 * 1024;

/// Carries one request, once. `left` is the time that the whole call still has.
pub(crate) fn carry(
    request: &Request<Bytes>,
    limits: Limits,
    left: Duration,
) -> Result<Response<Bytes>, Error> {
    let deadline = Instant::now() + limits.attempt_timeout().min(left);
    let stream = connect(request.uri(), limits, deadline)?;
    // Up to here nothing was sent, and from here on something may have been.
    let mut connection = Connection {
        stream,
        deadline,
        buffer: Vec::new(),
    };
    connection.write(request).map_err(|error| maybe_sent(&error))?;
    let (status, headers) = connection.head().map_err(|error| maybe_sent(&error))?;
    let limit = limits.body_limit();
    let body = connection.body(status, &headers, limit);
    match body.map_err(|error| maybe_sent(&error))? {
        Some(body) => {
            let mut response = Response::new(body.into());
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        }
        None => Err(Error::body_too_large(status, headers, limit)),
    }
}

fn connect(uri: &Uri, limits: Limits, deadline: Instant) -> Result<TcpStream, Error> {
    if uri.scheme_str() != Some("http") {
        return Err(Error::build("uri", "is not http, and there is no TLS here"));
    }
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.port_u16().unwrap_or(80);
    let not_sent =
        |error: &io::Error| Error::transport(Sent::No, format!("no connection to {host}:{port}: {error}"));
    let mut failure = io::ErrorKind::NotFound.into();
    for address in (host, port).to_socket_addrs().map_err(|error| not_sent(&error))? {
        let time = limits
            .connect_timeout()
            .min(rest(deadline).map_err(|error| not_sent(&error))?);
        match TcpStream::connect_timeout(&address, time) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(not_sent(&failure))
}

/// How much time is left, which is more than none.
fn rest(deadline: Instant) -> io::Result<Duration> {
    let rest = deadline.saturating_duration_since(Instant::now());
    if rest.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(rest)
}

fn maybe_sent(error: &io::Error) -> Error {
    let problem = match error.kind() {
        // A socket's own time limit comes as the former.
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "no whole answer in time".to_owned(),
        io::ErrorKind::UnexpectedEof => "closed by the other side before the end of the answer".to_owned(),
        _ => error.to_string(),
    };
    Error::transport(Sent::Maybe, problem)
}

fn not_http(problem: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("the answer is not proper HTTP: {problem}"),
    )
}

/// A connection, and what has been read from it but not used.
struct Connection {
    stream: TcpStream,
    deadline: Instant,
    buffer: Vec<u8>,
}

impl Connection {
    fn write(&mut self, request: &Request<Bytes>) -> io::Result<()> {
        let uri = request.uri();
        let (Some(target), Some(authority)) = (uri.path_and_query(), uri.authority()) else {
            return Err(not_http("the request has no address"));
        };
        // Target and headers are signed or checked already: they go out as they are.
        let method = request.method();
        let mut bytes =
            format!("{method} {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n").into_bytes();
        for (name, value) in request.headers() {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        if !request.headers().contains_key(CONTENT_LENGTH) {
            bytes.extend_from_slice(format!("content-length: {}\r\n", request.body().len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(request.body());
        self.stream.set_write_timeout(Some(rest(self.deadline)?))?;
        self.stream.write_all(&bytes)
    }

    /// Reads what there is; an error at the end of the connection.
    fn fill(&mut self) -> io::Result<()> {
        let mut piece = [0; 16 * 1024];
        self.stream.set_read_timeout(Some(rest(self.deadline)?))?;
        let length = self.stream.read(&mut piece)?;
        self.buffer.extend(piece.iter().take(length));
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Takes a line without its end.
    fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.buffer.drain(..=end).collect();
                let line = String::from_utf8(line).map_err(|_| not_http("a line is not text"))?;
                return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
            }
            if self.buffer.len() > HEAD_LIMIT {
                return Err(not_http("a line is too long"));
            }
            self.fill()?;
        }
    }

    /// Takes status and headers.
    fn head(&mut self) -> io::Result<(StatusCode, HeaderMap)> {
        loop {
            let line = self.line()?;
            let code = line
                .strip_prefix("HTTP/1.")
                .and_then(|rest| rest.split(' ').nth(1));
            let status = code
                .and_then(|code| code.parse().ok())
                .ok_or_else(|| not_http("there is no status"))?;
            let headers = self.headers()?;
            // A provisional answer is followed by another one.
            if !StatusCode::is_informational(&status) {
                return Ok((status, headers));
            }
        }
    }

    fn headers(&mut self) -> io::Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        let mut size = 0;
        loop {
            let line = self.line()?;
            size += line.len();
            if size > HEAD_LIMIT {
                return Err(not_http("the head is too long"));
            }
            if line.is_empty() {
                return Ok(headers);
            }
            let header = line.split_once(':').and_then(|(name, value)| {
                let name: HeaderName = name.parse().ok()?;
                let value: HeaderValue = value.trim().parse().ok()?;
                Some((name, value))
            });
            let (name, value) = header.ok_or_else(|| not_http("a header is none"))?;
            headers.append(name, value);
        }
    }

    /// Reads a body to its end, or gives nothing if it is larger than the limit.
    fn body(&mut self, status: StatusCode, headers: &HeaderMap, limit: u64) -> io::Result<Option<Vec<u8>>> {
        if matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            return Ok(Some(Vec::new()));
        }
        if let Some(coding) = headers.get(TRANSFER_ENCODING) {
            return if coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
                self.chunks(limit)
            } else {
                Err(not_http("the transfer coding is not known"))
            };
        }
        match headers.get(CONTENT_LENGTH) {
            Some(length) => {
                let length = length.to_str().ok().and_then(|length| length.parse().ok());
                let length = length.ok_or_else(|| not_http("the length is no number"))?;
                if length > limit {
                    Ok(None)
                } else {
                    self.take(length).map(Some)
                }
            }
            None => self.rest(limit),
        }
    }

    /// Takes this many bytes.
    fn take(&mut self, length: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        while self.buffer.len() < length {
            self.fill()?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    fn chunks(&mut self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16).map_err(|_| not_http("a chunk has no size"))?;
            if size == 0 {
                self.headers()?;
                return Ok(Some(body));
            }
            let so_far = u64::try_from(body.len()).unwrap_or(u64::MAX);
            if so_far.saturating_add(size) > limit {
                return Ok(None);
            }
            body.extend(self.take(size)?);
            if !self.line()?.is_empty() {
                return Err(not_http("a chunk does not end where it should"));
            }
        }
    }

    /// Takes everything up to the end of the connection.
    fn rest(&mut self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        loop {
            if u64::try_from(self.buffer.len()).is_ok_and(|length| length > limit) {
                return Ok(None);
            }
            match self.fill() {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Ok(Some(std::mem::take(&mut self.buffer)));
                }
                filled => filled?,
            }
        }
    }
}
