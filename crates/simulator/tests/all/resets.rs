//! Resets, delays and drips on a connection, faults that recur, and what was carried out all the same.

use std::io::{ErrorKind, Read as _};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use ncloud_api::vserver::CreateMemberServerImageInstance as Create;
use ncloud_core::{Endpoint, Safety, Session};
use ncloud_simulator::{Fault, RetryAfter, Server, Simulator, Stage};

use super::wire::{Client, signed};
use super::{now, session};

const CREATE: &str = "createMemberServerImageInstance";

fn start() -> (Simulator, Server) {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    (simulator, server)
}

/// A signed request to make an image that is told apart by its description.
fn create(simulator: &Simulator, server: &Server, description: &str) -> Request<Bytes> {
    let endpoint = Endpoint::new(server.url()).unwrap();
    let session = Session::new(simulator.credentials(), endpoint).unwrap();
    let create = Create::new("900101").member_server_image_description(description);
    session.request(&create, std::time::SystemTime::now()).unwrap()
}

/// A request comes to a connection that is reset without a byte of an answer.
fn expect_reset(client: &mut Client) {
    let mut byte = [0];
    let error = client.stream().read(&mut byte).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
}

fn expect_success(client: &mut Client, request: &Request<Bytes>) {
    client.send(request);
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
}

#[test]
fn a_reset_strikes_at_the_stage_that_it_names() {
    for (stage, seen, carried_out) in [
        (Stage::Unread, 0, 0),
        (Stage::Read, 1, 0),
        (Stage::CarriedOut, 1, 1),
    ] {
        let (simulator, server) = start();
        simulator.push_fault(Fault::Reset(stage));
        let mut client = Client::connect(&server);
        client.send(&create(&simulator, &server, "a"));
        expect_reset(&mut client);

        let records = simulator.requests();
        assert_eq!(records.len(), seen, "{stage:?}");
        assert_eq!(simulator.carried_out(CREATE), carried_out, "{stage:?}");
        for record in &records {
            assert_eq!((record.status, record.faulted), (None, true));
            assert_eq!(record.carried_out, carried_out == 1, "{stage:?}");
        }
        expect_success(&mut Client::connect(&server), &signed(&simulator, &server));
    }
}

#[test]
fn a_kept_connection_is_reset_at_the_first_byte_of_its_next_request() {
    let (simulator, server) = start();
    let mut client = Client::connect(&server);
    expect_success(&mut client, &signed(&simulator, &server));
    simulator.push_fault(Fault::Close);
    simulator.push_fault(Fault::Reset(Stage::Unread));
    // The fault for somebody else comes first, on a connection of its own.
    let mut other = Client::connect(&server);
    other.send(&signed(&simulator, &server));
    assert_eq!(other.rest(), b"");
    client.send_text("G");
    expect_reset(&mut client);
    assert_eq!(simulator.requests().len(), 2);
}

#[test]
fn a_connection_that_ends_consumes_no_fault() {
    let (simulator, server) = start();
    let mut leaving = Client::connect(&server);
    expect_success(&mut leaving, &signed(&simulator, &server));
    simulator.push_fault(Fault::Reset(Stage::Unread));
    leaving.stream().shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(leaving.rest(), b"");
    let mut client = Client::connect(&server);
    client.send(&signed(&simulator, &server));
    expect_reset(&mut client);
}

#[test]
fn a_request_that_came_with_the_one_before_it_is_reset_too() {
    let (simulator, server) = start();
    simulator.push_fault(Fault::respond(StatusCode::OK, "first"));
    simulator.push_fault(Fault::Reset(Stage::Unread));
    let mut client = Client::connect(&server);
    client.send_text("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    let mut rest = Vec::new();
    // Whether the first answer is still delivered is up to the system.
    match client.stream().read_to_end(&mut rest) {
        Ok(_) => panic!("closed without a reset"),
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    assert_eq!(simulator.requests().len(), 1);
}

#[test]
fn a_late_answer_was_carried_out_before() {
    let (simulator, server) = start();
    simulator.push_fault(Fault::delay(Duration::from_secs(600)));
    let mut client = Client::connect(&server);
    client.send(&create(&simulator, &server, "a"));
    // Another client sees the change while the first one waits for its answer.
    let mut other = Client::connect(&server);
    while simulator.carried_out(CREATE) == 0 {
        expect_success(&mut other, &signed(&simulator, &server));
    }
    drop(client);

    let short = Duration::from_millis(1);
    simulator.push_fault(Fault::delay(short));
    expect_success(&mut other, &signed(&simulator, &server));
    simulator.push_fault(
        Fault::Throttle(RetryAfter::Seconds(3))
            .delayed(short)
            .delayed(short),
    );
    other.send(&signed(&simulator, &server));
    assert_eq!(other.receive().header("retry-after"), Some("3"));
    simulator.push_fault(Fault::Reset(Stage::Unread).delayed(short));
    other.send(&signed(&simulator, &server));
    expect_reset(&mut other);
    assert_eq!(simulator.changes().len(), 1);
}

#[test]
fn drip_brings_the_whole_answer_in_the_end() {
    let (simulator, server) = start();
    let whole = {
        let mut client = Client::connect(&server);
        client.send(&signed(&simulator, &server));
        client.receive().body.len()
    };
    for (bytes, pause) in [
        (0, Duration::ZERO),
        (1, Duration::ZERO),
        (5000, Duration::from_millis(1)),
    ] {
        simulator.push_fault(Fault::Drip { bytes, pause });
        let mut client = Client::connect(&server);
        client.send(&signed(&simulator, &server));
        let answer = client.receive();
        assert_eq!(answer.header("connection"), Some("close"));
        assert_eq!(answer.body.len(), whole);
        assert_eq!(client.rest(), b"");
    }
}

#[test]
fn throttling_says_when_to_come_back_in_both_forms() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let list = ncloud_api::vserver::GetMemberServerImageInstanceList::new();
    for (retry_after, header) in [
        (RetryAfter::Absent, None),
        (RetryAfter::Seconds(7), Some("7")),
        (RetryAfter::Date(7), Some("Thu, 26 Jun 2025 02:09:14 GMT")),
        (RetryAfter::Date(u64::MAX), Some("Thu, 26 Jun 2025 02:09:07 GMT")),
    ] {
        simulator.push_fault(Fault::Throttle(retry_after));
        let response = simulator.handle(session.request(&list, now()).unwrap(), now());
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        let value = response.headers().get("retry-after");
        assert_eq!(value.map(|value| value.to_str().unwrap()), header);
        let error = session
            .parse::<ncloud_api::vserver::GetMemberServerImageInstanceList>(response)
            .unwrap_err();
        assert_eq!(error.code(), Some("410"));
    }
}

#[test]
fn one_request_in_so_many_fails_on_any_connection() {
    let (simulator, server) = start();
    simulator.fault_every(3, Fault::Reset(Stage::Unread));
    let mut client = Client::connect(&server);
    for number in 1..=9 {
        client.send(&signed(&simulator, &server));
        if number % 3 == 0 {
            expect_reset(&mut client);
            client = Client::connect(&server);
        } else {
            assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
        }
    }
    simulator.clear_faults();
    for _ in 0..3 {
        expect_success(&mut client, &signed(&simulator, &server));
    }
}

#[test]
fn what_was_carried_out_twice_shows() {
    let (simulator, server) = start();
    let mut client = Client::connect(&server);
    let list = signed(&simulator, &server);
    for request in [
        create(&simulator, &server, "a"),
        list.clone(),
        create(&simulator, &server, "b"),
        create(&simulator, &server, "a"),
        list,
    ] {
        expect_success(&mut client, &request);
    }
    let changes: Vec<_> = simulator
        .changes()
        .iter()
        .map(|change| (change.action, change.safety, change.times))
        .collect();
    assert_eq!(
        changes,
        [(CREATE, Safety::Mutating, 2), (CREATE, Safety::Mutating, 1)]
    );
    assert_eq!(simulator.carried_out(CREATE), 3);
    assert_eq!(simulator.carried_out("getMemberServerImageInstanceList"), 2);
    // What is refused is not carried out.
    simulator.set_clock_offset(3600);
    client.send(&create(&simulator, &server, "c"));
    assert_eq!(client.receive().status, "HTTP/1.1 401 Unauthorized");
    assert_eq!(simulator.carried_out(CREATE), 3);
}

#[test]
fn without_a_connection_a_call_is_carried_out_if_the_fault_says_so() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    for (fault, status, carried_out) in [
        (Fault::delay(Duration::from_secs(600)), 200, true),
        (
            Fault::Drip {
                bytes: 1,
                pause: Duration::MAX,
            },
            200,
            true,
        ),
        (Fault::Reset(Stage::CarriedOut), 503, true),
        (Fault::Truncate(1), 503, true),
        (Fault::Reset(Stage::Read), 503, false),
        (Fault::Reset(Stage::Unread), 503, false),
        (Fault::Close.delayed(Duration::from_secs(600)), 503, false),
    ] {
        simulator.push_fault(fault.clone());
        let request = session.request(&Create::new("900101"), now()).unwrap();
        let response = simulator.handle(request, now());
        assert_eq!(response.status().as_u16(), status, "{fault:?}");
        let record = simulator.requests().pop().unwrap();
        assert_eq!(
            (record.faulted, record.carried_out),
            (true, carried_out),
            "{fault:?}"
        );
    }
}

#[test]
fn latency_holds_the_answer_back_and_not_what_is_done() {
    let (simulator, server) = start();
    simulator.set_latency(Duration::from_secs(3600));
    let mut client = Client::connect(&server);
    client.send(&create(&simulator, &server, "a"));
    while simulator.requests().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(simulator.carried_out(CREATE), 1);
    assert!(simulator.requests()[0].elapsed >= Duration::from_secs(3600));
    // The next answer does not wait for this one, which has not begun.
    simulator.set_latency(Duration::ZERO);
    expect_success(&mut Client::connect(&server), &signed(&simulator, &server));
    client.stream().set_nonblocking(true).unwrap();
    let error = client.stream().read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}
