//! Faults on a connection: each leaves its mark on one request and none on the next.

use std::net::Shutdown;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_simulator::{Fault, Server, Simulator};

use super::wire::{Client, signed};
use super::{now, session};

fn start() -> (Simulator, Server) {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    (simulator, server)
}

/// Sends a request that meets the fault.
fn meet(simulator: &Simulator, server: &Server, fault: Fault) -> Client {
    simulator.push_fault(fault);
    let mut client = Client::connect(server);
    client.send(&signed(simulator, server));
    client
}

/// The server still serves everybody else.
fn expect_health(simulator: &Simulator, server: &Server) {
    let mut client = Client::connect(server);
    client.send(&signed(simulator, server));
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
}

#[test]
fn a_scripted_answer_comes_as_it_is_and_once() {
    let (simulator, server) = start();
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));
    let mut client = meet(
        &simulator,
        &server,
        Fault::Respond {
            status: StatusCode::TOO_MANY_REQUESTS,
            headers,
            body: Bytes::from_static(b"\xff\x00slow down"),
        },
    );
    let answer = client.receive();
    assert_eq!(answer.status, "HTTP/1.1 429 Too Many Requests");
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert!(answer.header("date").is_some());
    assert_eq!(answer.body, b"\xff\x00slow down");

    // The connection is still good.
    client.send(&signed(&simulator, &server));
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
    let records = simulator.requests();
    assert_eq!(records[0].status, Some(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(records[0].return_code, None);
    assert!(records[0].faulted && records[0].authenticated);
    assert!(!records[1].faulted);
}

#[test]
fn a_scripted_length_is_sent_right_or_wrong() {
    let (simulator, server) = start();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_LENGTH, HeaderValue::from_static("100"));
    let mut client = meet(
        &simulator,
        &server,
        Fault::Respond {
            status: StatusCode::OK,
            headers,
            body: Bytes::from_static(b"short"),
        },
    );
    let answer = client.receive();
    assert_eq!(answer.header("content-length"), Some("100"));
    assert_eq!(answer.body, b"short");
    expect_health(&simulator, &server);
}

#[test]
fn close_leaves_nothing() {
    let (simulator, server) = start();
    let mut client = meet(&simulator, &server, Fault::Close);
    assert_eq!(client.rest(), b"");
    expect_health(&simulator, &server);
    let record = &simulator.requests()[0];
    assert_eq!((record.status, record.faulted), (None, true));
}

#[test]
fn truncate_promises_more_than_it_sends() {
    let (simulator, server) = start();
    for length in [0, 1, 1000] {
        let mut client = meet(&simulator, &server, Fault::Truncate(length));
        let answer = client.receive();
        assert_eq!(answer.status, "HTTP/1.1 200 OK");
        assert_eq!(answer.body.len(), length);
        let promised: usize = answer.header("content-length").unwrap().parse().unwrap();
        assert!(promised > 10_000);
        assert_eq!(client.rest(), b"");
    }
    let mut client = meet(&simulator, &server, Fault::Truncate(usize::MAX));
    assert!(client.receive().text().ends_with('}'));
    expect_health(&simulator, &server);
    let record = &simulator.requests()[0];
    assert_eq!((record.status, record.faulted), (Some(StatusCode::OK), true));
}

#[test]
fn endless_goes_on_until_the_client_has_enough() {
    let (simulator, server) = start();
    let mut client = meet(&simulator, &server, Fault::Endless);
    let head = client.receive_head();
    assert_eq!(head.header("transfer-encoding"), Some("chunked"));
    assert_eq!(head.header("content-length"), None);
    assert_eq!(client.bytes(8_000_000).len(), 8_000_000);
    // Others are served while it goes on.
    expect_health(&simulator, &server);
    assert_eq!(client.bytes(1_000_000).len(), 1_000_000);
    drop(client);
    expect_health(&simulator, &server);
}

#[test]
fn hang_ends_when_the_client_leaves_or_the_server_stops() {
    let (simulator, server) = start();
    let mut leaving = meet(&simulator, &server, Fault::Hang);
    expect_health(&simulator, &server);
    leaving.stream().shutdown(Shutdown::Write).unwrap();
    assert_eq!(leaving.rest(), b"");

    let mut staying = meet(&simulator, &server, Fault::Hang);
    expect_health(&simulator, &server);
    drop(server);
    assert_eq!(staying.rest(), b"");
}

#[test]
fn without_a_connection_only_scripted_answers_are_what_they_are() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let ask = || {
        let request = session.request(&GetMemberServerImageInstanceList::new(), now());
        simulator.handle(request.unwrap(), now())
    };
    simulator.push_fault(Fault::respond(StatusCode::BAD_GATEWAY, "oops"));
    simulator.push_fault(Fault::Hang);
    let scripted = ask();
    assert_eq!(scripted.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(scripted.headers()["date"], "Thu, 26 Jun 2025 02:09:07 GMT");
    assert_eq!(scripted.body(), "oops");
    let broken = ask();
    assert_eq!(broken.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        broken.body(),
        r#"{"error":{"errorCode":"500","message":"Endpoint Error","details":""}}"#
    );
    assert_eq!(ask().status(), StatusCode::OK);
}
