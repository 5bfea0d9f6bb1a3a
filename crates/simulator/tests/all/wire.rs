//! Requests and answers on a plain socket, byte by byte.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Method, Request};
use ncloud_core::{Endpoint, Raw, Session};
use ncloud_simulator::{Server, Simulator};

use super::PATH;

/// A client's end of a connection.
pub(crate) struct Client(BufReader<TcpStream>);

/// An answer as far as it came.
pub(crate) struct Answer {
    pub(crate) status: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Client {
    pub(crate) fn connect(server: &Server) -> Self {
        Self::connect_to(&server.address().to_string())
    }

    pub(crate) fn connect_to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        // A test that would wait for ever fails instead.
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self(BufReader::new(stream))
    }

    pub(crate) fn send(&mut self, request: &Request<Bytes>) {
        let target = request.uri().path_and_query().unwrap();
        let mut text = format!("{} {target} HTTP/1.1\r\nhost: localhost\r\n", request.method());
        for (name, value) in request.headers() {
            write!(text, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
        }
        if !request.body().is_empty() {
            write!(text, "content-length: {}\r\n", request.body().len()).unwrap();
        }
        text += "\r\n";
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(request.body());
        self.0.get_mut().write_all(&bytes).unwrap();
    }

    /// Sends something that no proper client would.
    pub(crate) fn send_text(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// Reads the head of an answer and as much of its body as `content-length` says or comes.
    pub(crate) fn receive(&mut self) -> Answer {
        let mut answer = self.receive_head();
        let length: u64 = answer.header("content-length").unwrap().parse().unwrap();
        self.0
            .by_ref()
            .take(length)
            .read_to_end(&mut answer.body)
            .unwrap();
        answer
    }

    pub(crate) fn receive_head(&mut self) -> Answer {
        let status = self.line();
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Answer {
            status,
            headers,
            body: Vec::new(),
        }
    }

    /// Everything until the server closes the connection.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        rest
    }

    /// The next bytes, whatever they are.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        self.0.get_ref()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

/// A signed request for the whole list in JSON.
pub(crate) fn signed(simulator: &Simulator, server: &Server) -> Request<Bytes> {
    let endpoint = Endpoint::new(server.url()).unwrap();
    let session = Session::new(simulator.credentials(), endpoint).unwrap();
    let call = Raw::new(Method::GET, PATH).query("responseFormatType", "json");
    session.raw(&call, SystemTime::now()).unwrap()
}
