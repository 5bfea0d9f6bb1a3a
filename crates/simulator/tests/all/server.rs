//! The server: connections, limits, clock, records, and the end of it.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use ncloud_core::Raw;
use ncloud_simulator::Simulator;

use super::wire::{Client, signed};
use super::{PATH, now, session};

#[test]
fn one_connection_carries_several_requests() {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    let mut client = Client::connect(&server);
    for _ in 0..3 {
        client.send(&signed(&simulator, &server));
        let answer = client.receive();
        assert_eq!(answer.status, "HTTP/1.1 200 OK");
        assert!(
            answer
                .text()
                .starts_with("{\n  \"getMemberServerImageInstanceListResponse\": {\n")
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/json;charset=UTF-8")
        );
        assert!(answer.header("date").unwrap().ends_with(" GMT"));
    }
    assert_eq!(simulator.requests().len(), 3);
}

#[test]
fn a_broken_connection_harms_nobody_else() {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    let mut client = Client::connect(&server);
    for garbage in [
        &b"\0\0\0 nonsense\r\n\r\n"[..],
        b"POST / HTTP/1.1\r\ncontent-length: 10\r\n\r\nabc",
    ] {
        let mut broken = TcpStream::connect(server.address()).unwrap();
        broken.write_all(garbage).unwrap();
        drop(broken);
        client.send(&signed(&simulator, &server));
        assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_after_it_was_sent() {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    for (length, status) in [
        (16 * 1024 * 1024, "HTTP/1.1 401 Unauthorized"),
        (16 * 1024 * 1024 + 1, "HTTP/1.1 413 Payload Too Large"),
    ] {
        let mut request = http::Request::new(Bytes::from(vec![b'x'; length]));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = PATH.parse().unwrap();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        let mut client = Client::connect(&server);
        client.send(&request);
        let answer = client.receive();
        assert_eq!(answer.status, status);
    }
    let record = simulator.requests().pop().unwrap();
    assert_eq!(record.return_code.as_deref(), Some("430"));
}

#[test]
fn the_clock_can_be_set_off() {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    for (seconds_ahead, status) in [
        (290, "HTTP/1.1 200 OK"),
        (310, "HTTP/1.1 401 Unauthorized"),
        (-290, "HTTP/1.1 200 OK"),
        (-310, "HTTP/1.1 401 Unauthorized"),
        (i64::MIN, "HTTP/1.1 401 Unauthorized"),
        (0, "HTTP/1.1 200 OK"),
    ] {
        simulator.set_clock_offset(seconds_ahead);
        let mut client = Client::connect(&server);
        client.send(&signed(&simulator, &server));
        assert_eq!(client.receive().status, status, "{seconds_ahead}");
    }
    // In ten years the year is another, whatever it is now.
    simulator.set_clock_offset(10 * 366 * 86_400);
    let mut client = Client::connect(&server);
    client.send(&signed(&simulator, &server));
    let date = client.receive().header("date").unwrap().to_owned();
    let year: u32 = date.split(' ').nth(3).unwrap().parse().unwrap();
    assert!(year >= 2035, "{date}");
}

#[test]
fn only_loopback_addresses_are_served() {
    let simulator = Simulator::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let error = simulator
            .serve_on(address.parse::<SocketAddr>().unwrap())
            .unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(error.to_string().contains("127.0.0.1:0"), "{error}");
    }
    let server = simulator.serve_on("127.0.0.1:0".parse().unwrap()).unwrap();
    assert_eq!(server.url(), format!("http://{}", server.address()));
    assert!(server.url().starts_with("http://127.0.0.1:"));
    // The port is taken, and the caller is told.
    assert!(simulator.serve_on(server.address()).is_err());
}

#[test]
fn dropping_the_server_closes_connections() {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    let mut client = Client::connect(&server);
    client.send(&signed(&simulator, &server));
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
    // Comes back only when the thread has ended, and with it everything that it held.
    drop(server);
    assert_eq!(client.rest(), b"");
}

#[test]
fn requests_are_recorded_without_keys() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let call = Raw::new(Method::POST, PATH)
        .query("regionCode", "KR")
        .form("pageNo", "1");
    let request = session.raw(&call, now()).unwrap();
    let _ = simulator.handle(request, now());
    let unsigned = http::Request::get("/vserver/v2/getNothing").body("").unwrap();
    let _ = simulator.handle(unsigned, now());

    let records = simulator.requests();
    assert_eq!(records[0].method, Method::POST);
    assert_eq!(records[0].target, format!("{PATH}?regionCode=KR"));
    assert_eq!(
        records[0].action.as_deref(),
        Some("getMemberServerImageInstanceList")
    );
    assert_eq!(records[0].timestamp.as_deref(), Some("1750903747000"));
    assert_eq!(records[0].status, Some(StatusCode::BAD_REQUEST));
    assert_eq!(records[0].return_code.as_deref(), Some("1100"));
    assert!(records[0].authenticated && !records[0].faulted);
    assert_eq!(records[1].action, None);
    assert_eq!(records[1].status, Some(StatusCode::UNAUTHORIZED));
    assert_ne!(records[0].request_id, records[1].request_id);

    let secret = simulator.credentials().secret_key().expose();
    let shown = format!("{records:?} {simulator:?} {:?}", Simulator::builder());
    assert!(!shown.contains(secret) && !shown.contains("pageNo"), "{shown}");
}

#[test]
fn long_targets_are_cut_and_records_can_be_switched_off() {
    let long = || {
        let request = http::Request::get(format!("/{}", "x".repeat(60_000)));
        let request = request.header("x-ncp-apigw-timestamp", "1".repeat(60_000));
        request.body("").unwrap()
    };
    let simulator = Simulator::new();
    let _ = simulator.handle(long(), now());
    let record = simulator.requests().pop().unwrap();
    assert_eq!(record.target.len(), 2048);
    assert_eq!(record.timestamp.map(|timestamp| timestamp.len()), Some(2048));

    let forgetful = Simulator::builder().remember_requests(false).build();
    let response = forgetful.handle(long(), now());
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(forgetful.requests(), []);
}

#[test]
fn odd_numbers_of_items_and_too_many_parameters_are_refused() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let refused = |call: &Raw, expected: &str| {
        let response = simulator.handle(session.raw(call, now()).unwrap(), now());
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let text = std::str::from_utf8(response.body()).unwrap();
        assert!(text.contains(expected), "{text}");
    };
    for number in ["0", "01", "+1", " 1"] {
        let name = format!("memberServerImageInstanceNoList.{number}");
        let call = Raw::new(Method::GET, PATH).query(&name, "1");
        refused(&call, &format!("The parameter {name} is wrong"));
    }
    let mut call = Raw::new(Method::POST, PATH);
    for _ in 0..=10_000 {
        call = call.form("a", "");
    }
    refused(&call, "more than 10,000 parameters");
}
