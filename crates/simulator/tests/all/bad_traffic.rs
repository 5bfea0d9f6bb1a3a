//! Bad traffic on a socket: whatever comes is answered or ends its own connection, and everybody else is served on.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Method, Request};
use ncloud_core::{Endpoint, Raw, Session};
use ncloud_simulator::{Server, Simulator};

use super::PATH;
use super::wire::{Client, signed};

/// What comes before an unsigned request's length or body.
const POST: &str = "POST /vserver/v2/getRegionList HTTP/1.1\r\nhost: localhost\r\n";
const FORM_LENGTH: usize = 10 * 1024 * 1024;

/// A server, and a client beside the bad ones that has to be served all the time.
struct Served {
    simulator: Simulator,
    server: Server,
    good: Client,
}

impl Served {
    fn new() -> Self {
        let simulator = Simulator::new();
        let server = simulator.serve().unwrap();
        let good = Client::connect(&server);
        Self {
            simulator,
            server,
            good,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.server.address()).unwrap();
        // A test that would wait for ever fails instead.
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Sends bytes, waits until the server closes the connection, and gives what it said before.
    fn until_closed(&self, bytes: &[u8], end: Option<Shutdown>) -> String {
        let mut stream = self.connect();
        // It may have heard enough before everything is sent.
        let sent = stream.write_all(bytes);
        if let (Ok(()), Some(end)) = (sent, end) {
            stream.shutdown(end).unwrap();
        }
        let mut said = Vec::new();
        if let Err(error) = stream.read_to_end(&mut said) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
        }
        String::from_utf8(said).unwrap()
    }

    fn goes_on(&mut self) {
        self.good.send(&signed(&self.simulator, &self.server));
        assert_eq!(self.good.receive().status, "HTTP/1.1 200 OK");
        // Others can still connect, too.
        let mut next = Client::connect(&self.server);
        next.send(&signed(&self.simulator, &self.server));
        assert_eq!(next.receive().status, "HTTP/1.1 200 OK");
    }

    /// Sends a signed form, and gives status and text of the answer.
    fn send_form(&self, request: &Request<Bytes>) -> (String, String) {
        let mut client = Client::connect(&self.server);
        client.send(request);
        let answer = client.receive();
        (answer.status.clone(), answer.text().to_owned())
    }

    fn form(&self, parameters: impl IntoIterator<Item = (String, String)>) -> Request<Bytes> {
        let endpoint = Endpoint::new(self.server.url()).unwrap();
        let session = Session::new(self.simulator.credentials(), endpoint).unwrap();
        let mut call = Raw::new(Method::POST, PATH).query("responseFormatType", "json");
        for (name, value) in parameters {
            call = call.form(&name, &value);
        }
        session.raw(&call, SystemTime::now()).unwrap()
    }
}

fn status(said: &str) -> &str {
    said.lines().next().unwrap_or_default()
}

#[test]
fn malformed_heads_are_refused_and_their_connections_closed() {
    let mut served = Served::new();
    let many_headers = "a: b\r\n".repeat(10_000);
    let target = "x".repeat(100_000);
    for (head, expected) in [
        ("GET\r\n\r\n".to_owned(), "400"),
        ("GET /\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1 more\r\n\r\n".to_owned(), "400"),
        ("G@T[ / HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("GET / / HTTP/1.1\r\n\r\n".to_owned(), "400"),
        (" GET / HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("GET /\0 HTTP/1.1\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\nna me: value\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/1.1\r\na: b\0\r\n\r\n".to_owned(), "400"),
        // The first bytes of TLS.
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n".to_owned(), "400"),
        (format!("GET /{target} HTTP/1.1\r\n\r\n"), "414"),
        (format!("GET / HTTP/1.1\r\n{many_headers}\r\n"), "431"),
    ] {
        let said = served.until_closed(head.as_bytes(), None);
        let cut: String = head.chars().take(40).collect();
        assert!(
            status(&said).starts_with(&format!("HTTP/1.1 {expected} ")),
            "{cut:?}: {said:?}"
        );
        served.goes_on();
    }
}

#[test]
fn a_head_without_end_is_not_kept() {
    let mut served = Served::new();
    // More than any buffer for it; it may be cut off while it is still being sent.
    let head = format!("GET / HTTP/1.1\r\na: {}", "b".repeat(4 * 1024 * 1024));
    let said = served.until_closed(head.as_bytes(), None);
    assert!(
        said.is_empty() || status(&said).starts_with("HTTP/1.1 431 "),
        "{said:?}"
    );
    served.goes_on();
}

#[test]
fn wrong_lengths_are_refused_or_end_the_connection() {
    let mut served = Served::new();
    for length in [
        "content-length: ten",
        "content-length: -1",
        "content-length: +1",
        "content-length: 0x1",
        "content-length: 18446744073709551616",
        "content-length: 1\r\ncontent-length: 2",
        "transfer-encoding: gzip",
    ] {
        let said = served.until_closed(format!("{POST}{length}\r\n\r\na").as_bytes(), None);
        assert!(status(&said).starts_with("HTTP/1.1 400 "), "{length}: {said:?}");
        served.goes_on();
    }
    for chunks in [
        "zz\r\na\r\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\n",
    ] {
        let request = format!("{POST}transfer-encoding: chunked\r\n\r\n{chunks}");
        let said = served.until_closed(request.as_bytes(), None);
        assert!(
            said.is_empty() || status(&said).starts_with("HTTP/1.1 400 "),
            "{chunks:?}: {said:?}"
        );
        served.goes_on();
    }
}

#[test]
fn what_comes_after_a_body_is_the_next_request() {
    let mut served = Served::new();
    // The body is longer than it says: its rest is no HTTP.
    let request = format!("{POST}content-length: 3\r\n\r\na=b&c=d\r\n\r\n");
    let said = served.until_closed(request.as_bytes(), None);
    assert_eq!(status(&said), "HTTP/1.1 401 Unauthorized");
    assert_eq!(said.matches("HTTP/1.1 ").count(), 2, "{said}");
    assert!(said.contains("HTTP/1.1 400 Bad Request"), "{said}");
    served.goes_on();
}

#[test]
fn large_forms_are_answered() {
    let mut served = Served::new();
    let long = [("memberServerImageName".to_owned(), "x".repeat(FORM_LENGTH))];
    let (status, text) = served.send_form(&served.form(long));
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert!(text.contains("\"totalRows\": 0"), "{text}");
    served.goes_on();

    // Signed is the target alone, so that any body may follow it.
    for body in [b'&', b'%', b'=', b'\xff'] {
        let mut request = served.form([("a".to_owned(), String::new())]);
        *request.body_mut() = Bytes::from(vec![body; FORM_LENGTH]);
        let (status, text) = served.send_form(&request);
        assert!(
            status == "HTTP/1.1 200 OK" || status == "HTTP/1.1 400 Bad Request",
            "{body}: {status} {text:.200}"
        );
        served.goes_on();
    }
}

#[test]
fn a_large_form_holds_nobody_up() {
    let mut served = Served::new();
    let mut request = served.form([("a".to_owned(), String::new())]);
    *request.body_mut() = Bytes::from(vec![b'='; FORM_LENGTH]);
    // More of them than there are threads for such.
    let mut senders: Vec<Client> = (0..4).map(|_| Client::connect(&served.server)).collect();
    for sender in &mut senders {
        sender.send(&request);
        served.goes_on();
    }
    for sender in &mut senders {
        assert_eq!(sender.receive().status, "HTTP/1.1 200 OK");
    }
    let answered = served.simulator.requests().len();
    assert_eq!(answered, 3 * senders.len());
}

#[test]
fn ten_thousand_parameters_are_taken_and_one_more_is_not() {
    let mut served = Served::new();
    let many = |count: usize| (1..=count).map(|number| (format!("a{number}"), String::new()));
    // The format, which stands in the query, is one of them.
    let (status, _) = served.send_form(&served.form(many(9_999)));
    assert_eq!(status, "HTTP/1.1 200 OK");
    let (status, text) = served.send_form(&served.form(many(10_000)));
    assert_eq!(status, "HTTP/1.1 400 Bad Request");
    assert!(text.contains("more than 10,000 parameters"), "{text}");
    served.goes_on();
}

#[test]
fn a_half_closed_socket_gets_its_answer_and_a_half_sent_request_none() {
    let mut served = Served::new();
    // Long enough for the end to be seen before there is an answer.
    served.simulator.set_latency(Duration::from_millis(20));
    for request in [
        "GET /vserver/v2/getRegionList HTTP/1.1\r\nhost: localhost\r\n\r\n",
        &format!("{POST}content-length: 3\r\n\r\na=b"),
        &format!("{POST}transfer-encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"),
    ] {
        let said = served.until_closed(request.as_bytes(), Some(Shutdown::Write));
        assert_eq!(status(&said), "HTTP/1.1 401 Unauthorized");
    }
    served.simulator.set_latency(Duration::ZERO);
    served.goes_on();

    let recorded = served.simulator.requests().len();
    for part in [
        "",
        "G",
        "GET /vserver/v2/getRegionList HTTP/1.1\r\nhost",
        &format!("{POST}content-length: 10\r\n\r\nabc"),
        &format!("{POST}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
    ] {
        let said = served.until_closed(part.as_bytes(), Some(Shutdown::Write));
        assert!(
            said.is_empty() || status(&said).starts_with("HTTP/1.1 400 "),
            "{part:?}: {said:?}"
        );
    }
    assert_eq!(served.simulator.requests().len(), recorded);
    served.goes_on();
}

#[test]
fn a_slow_sender_holds_nobody_up() {
    let mut served = Served::new();
    let mut slow = served.connect();
    let request = format!("{POST}content-length: 7\r\n\r\na=b&c=d");
    for (position, byte) in request.bytes().enumerate() {
        slow.write_all(&[byte]).unwrap();
        if position % 16 == 0 {
            served.goes_on();
        }
    }
    slow.shutdown(Shutdown::Write).unwrap();
    let mut said = String::new();
    slow.read_to_string(&mut said).unwrap();
    assert_eq!(status(&said), "HTTP/1.1 401 Unauthorized");
    served.goes_on();
}

#[test]
fn connections_that_say_nothing_hold_nobody_up() {
    let mut served = Served::new();
    let silent: Vec<TcpStream> = (0..100).map(|_| served.connect()).collect();
    served.goes_on();
    for (number, mut stream) in silent.into_iter().enumerate() {
        if number % 2 == 0 {
            stream.write_all(b"POST ").unwrap();
        }
        drop(stream);
    }
    served.goes_on();
}
