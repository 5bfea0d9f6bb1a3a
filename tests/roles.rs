//! Server roles in both clients, over sockets: keys fetched once for many calls, renewed, withdrawn, and not to be had.

use std::time::Duration;

use ncloud_core::{Endpoint, ErrorKind, Safety, ServerRole, Session};
use ncloud_simulator::{Fault, RequestRecord, Server, Simulator};

use crate::adapters::{List, respond};
use crate::clients::{Client, Limits, both};
use crate::listeners;

const METADATA: &str = "/latest/meta-data/";
const LIFETIME: Duration = Duration::from_secs(60 * 60);
const CALLS: usize = 32;

fn start() -> (Simulator, Server) {
    let simulator = Simulator::builder().server_role("web", LIFETIME).build();
    let server = simulator.serve().unwrap();
    (simulator, server)
}

/// A session at this gateway, with the keys of a metadata service.
fn session(gateway: &str, metadata: &str) -> Session {
    let role = ServerRole::at(Endpoint::new(metadata).unwrap());
    Session::from_role(&role, Endpoint::new(gateway).unwrap())
}

/// Runs a check once per client, each with a simulator that is gateway and metadata service in one.
fn with_each(limits: Limits, check: impl Fn(&Simulator, &Client)) {
    for make in both() {
        let (simulator, server) = start();
        check(&simulator, &make(session(server.url(), server.url()), limits));
    }
}

fn is_metadata(record: &RequestRecord) -> bool {
    record.target.starts_with(METADATA)
}

/// How often keys were asked for: each time for the name of the role, and then for its keys.
fn fetches(simulator: &Simulator) -> usize {
    let requests = simulator.requests();
    let asked = requests.iter().filter(|record| is_metadata(record)).count();
    assert!(
        asked.is_multiple_of(2),
        "{asked} requests to the metadata service"
    );
    asked / 2
}

/// Whether each request to the gateway, in order, had key, signature and time right.
fn authenticated(simulator: &Simulator) -> Vec<bool> {
    let requests = simulator.requests();
    let calls = requests.iter().filter(|record| !is_metadata(record));
    calls.map(|record| record.authenticated).collect()
}

#[test]
fn many_calls_at_once_have_keys_fetched_once() {
    with_each(Limits::default(), |simulator, client| {
        client.send_at_once(&List::new().page_no(1).page_size(5), CALLS);
        assert_eq!(fetches(simulator), 1);
        assert_eq!(authenticated(simulator), [true; CALLS]);
        client.send_at_once(&List::new().page_no(1).page_size(5), CALLS);
        assert_eq!(fetches(simulator), 1);
    });
}

#[test]
fn keys_that_were_withdrawn_are_fetched_anew() {
    with_each(Limits::default(), |simulator, client| {
        client.send(&List::new()).unwrap();
        simulator.withdraw_role_keys();
        client.send(&List::new()).unwrap();
        assert_eq!(fetches(simulator), 2);
        assert_eq!(authenticated(simulator), [true, false, true]);
    });
}

#[test]
fn keys_are_renewed_early_by_the_gateways_clock() {
    with_each(Limits::default(), |simulator, client| {
        client.send(&List::new()).unwrap();
        // This host's clock stands still in the meantime, so that the gateway has to tell what time it is.
        simulator.advance_clock(Duration::from_secs(46 * 60));
        client.send(&List::new()).unwrap();
        assert_eq!(fetches(simulator), 2);
        assert_eq!(authenticated(simulator), [true, false, true]);
    });
}

#[test]
fn a_host_whose_clock_is_off_fetches_keys_and_signs_rightly_from_the_first_call_on() {
    for offset in [-20 * 60, 20 * 60] {
        with_each(Limits::default(), |simulator, client| {
            simulator.set_clock_offset(offset);
            client.send(&List::new()).unwrap();
            assert_eq!(fetches(simulator), 1);
            // The metadata service has told the time.
            assert_eq!(authenticated(simulator), [true]);
        });
    }
}

#[test]
fn trouble_of_the_metadata_service_is_outlasted() {
    with_each(Limits::default(), |simulator, client| {
        simulator.push_fault(respond(503, "busy"));
        simulator.push_fault(Fault::Close);
        client.send(&List::new()).unwrap();
        assert_eq!(authenticated(simulator), [true]);
    });
}

#[test]
fn without_keys_nothing_is_sent_to_the_gateway() {
    for make in both() {
        let simulator = Simulator::new();
        let server = simulator.serve().unwrap();
        let nobody = format!("http://{}", listeners::refused());
        // One metadata service is not there, the other one knows of no role.
        for metadata in [nobody.as_str(), server.url()] {
            let client = make(session(server.url(), metadata), Limits::default());
            for safety in [Safety::Read, Safety::Mutating] {
                let path = "/vserver/v2/getMemberServerImageInstanceList";
                let raw = ncloud_core::Raw::new(http::Method::POST, path).safety(safety);
                let error = client.raw(&raw).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
                assert!(!error.may_have_been_sent());
            }
        }
        assert_eq!(authenticated(&simulator), [true; 0]);
    }
}

#[test]
fn a_metadata_service_that_is_silent_ends_the_call_in_its_time() {
    with_each(Limits::default(), |simulator, client| {
        simulator.push_fault(Fault::Hang);
        let (session, list) = (client.session(), List::new());
        let call = session.call(&list).with_deadline(Duration::from_millis(150));
        let error = client.drive(call).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials, "{error}");
        assert!(authenticated(simulator).is_empty());
        // On a busy machine, the time may be over before anybody is asked.
        simulator.clear_faults();
        // Nobody holds on to the right to fetch them.
        client.send(&list).unwrap();
    });
}
