//! Servers that do exactly what a test tells them, on a loopback port of the system's choice.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use ncloud_core::{Credentials, Endpoint, Retry, Session};

/// Runs the script for each connection, one after the other, and gives the connection's number, from 0, with it.
pub(crate) fn serve(mut script: impl FnMut(usize, TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            script(number, stream.unwrap());
        }
    });
    address
}

/// Sends each connection's first request to the test, answers with the text, and closes.
pub(crate) fn answer(text: impl Into<String>) -> (SocketAddr, Receiver<String>) {
    let (sender, requests) = mpsc::channel();
    let text = text.into();
    let address = serve(move |_, mut stream| {
        let request = read_request(&mut stream).unwrap();
        // The test may have seen enough.
        let _ = sender.send(request);
        let _ = stream.write_all(text.as_bytes());
    });
    (address, requests)
}

/// An answer with a length.
pub(crate) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// The same, saying that the connection is not kept: whoever calls again must not race with its end.
pub(crate) fn last(body: &str) -> String {
    ok(body).replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n")
}

/// Reads one request with its body; nothing if the connection ends before.
pub(crate) fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        request.push(byte[0]);
    }
    let head = String::from_utf8(request).unwrap().to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

/// Keeps the connection open until the other side closes it.
pub(crate) fn hold(mut stream: TcpStream) {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).is_ok_and(|length| length > 0) {}
}

/// A port of this machine on which nothing listens.
pub(crate) fn deaf() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

pub(crate) fn session(url: &str) -> Session {
    let credentials = Credentials::new(
        "ncp_ak_TESTACCESSKEY0001",
        "ncp_sk_TESTSECRETKEY0000000000000000000001",
    );
    let session = Session::new(&credentials.unwrap(), Endpoint::new_plain_http(url).unwrap()).unwrap();
    session.with_retry(Retry::never())
}
