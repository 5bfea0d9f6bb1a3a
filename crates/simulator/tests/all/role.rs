//! The metadata service: the role's name, its keys, how long they are good, and what is not there.

use std::time::{Duration, SystemTime};

use http::{Method, Request, StatusCode};
use ncloud_api::vserver::GetMemberServerImageInstanceList as List;
use ncloud_core::codec::json;
use ncloud_core::{Credentials, Error, Session, shape};
use ncloud_simulator::{Fault, Simulator};

use super::{now, session};

const PATH: &str = "/latest/meta-data/iam/security-credentials/";

#[derive(Debug, Default, PartialEq)]
struct Keys {
    code: String,
    access_key: String,
    secret_key: String,
    expiration: String,
}

shape! {
    Keys {
        "Code" => code,
        "AccessKeyId" => access_key,
        "SecretAccessKey" => secret_key,
        "Expiration" => expiration,
    }
}

fn after(minutes: u64) -> SystemTime {
    now() + Duration::from_secs(60 * minutes)
}

fn with_role() -> Simulator {
    Simulator::builder()
        .server_role("web", Duration::from_secs(3600))
        .build()
}

fn get(simulator: &Simulator, path: &str, at: SystemTime) -> (StatusCode, String) {
    let request = Request::get(path).body("").unwrap();
    let response = simulator.handle(request, at);
    (
        response.status(),
        String::from_utf8(response.body().to_vec()).unwrap(),
    )
}

fn keys(simulator: &Simulator, at: SystemTime) -> Keys {
    let (status, text) = get(simulator, &format!("{PATH}web"), at);
    assert_eq!(status, StatusCode::OK);
    let mut keys = Keys::default();
    json::read(text.as_bytes(), &mut keys).unwrap();
    assert_eq!(keys.code, "Success");
    keys
}

/// A call to the gateway with these keys.
fn call(simulator: &Simulator, keys: &Keys, at: SystemTime) -> Result<(), Error> {
    let credentials = Credentials::new(keys.access_key.as_str(), keys.secret_key.as_str()).unwrap();
    let session: Session = session(simulator).with_credentials(&credentials).unwrap();
    let response = simulator.handle(session.request(&List::new(), at).unwrap(), at);
    session.parse::<List>(response).map(drop)
}

#[test]
fn the_role_and_its_keys_are_handed_out_without_a_signature() {
    let simulator = with_role();
    assert_eq!(get(&simulator, PATH, now()), (StatusCode::OK, "web".to_owned()));
    let keys = keys(&simulator, now());
    assert_eq!(keys.access_key, "ncp_ak_TESTROLE000001");
    assert_eq!(keys.expiration, "2025-06-26T03:09:07Z");
    call(&simulator, &keys, now()).unwrap();
    let requests = simulator.requests();
    assert_eq!(
        (requests[0].target.as_str(), requests[0].authenticated),
        (PATH, false)
    );
    assert_eq!(requests[0].action, None);
    assert!(requests[2].authenticated);
}

#[test]
fn keys_are_good_until_they_expire_and_new_ones_come_half_way() {
    let simulator = with_role();
    let first = keys(&simulator, now());
    assert_eq!(keys(&simulator, after(29)), first);
    let second = keys(&simulator, after(30));
    assert_eq!(second.access_key, "ncp_ak_TESTROLE000002");
    call(&simulator, &first, after(59)).unwrap();
    assert!(
        call(&simulator, &first, after(60))
            .unwrap_err()
            .is_authentication_failed()
    );
    call(&simulator, &second, after(89)).unwrap();
    assert!(
        call(&simulator, &second, after(90))
            .unwrap_err()
            .is_authentication_failed()
    );
}

#[test]
fn keys_can_be_withdrawn() {
    let simulator = with_role();
    let first = keys(&simulator, now());
    simulator.withdraw_role_keys();
    assert!(
        call(&simulator, &first, now())
            .unwrap_err()
            .is_authentication_failed()
    );
    let second = keys(&simulator, now());
    assert_ne!(second, first);
    call(&simulator, &second, now()).unwrap();
}

#[test]
fn what_is_not_there_is_not_found_in_plain_text() {
    let not_found = (StatusCode::NOT_FOUND, "Path Not found.".to_owned());
    assert_eq!(get(&Simulator::new(), PATH, now()), not_found);
    let simulator = with_role();
    for path in [
        "/latest/meta-data",
        "/latest/meta-data/",
        "/latest/meta-data/iam/info",
    ] {
        assert_eq!(get(&simulator, path, now()), not_found, "{path}");
    }
    assert_eq!(get(&simulator, &format!("{PATH}other"), now()), not_found);
    // Everything else is the gateway's, which wants a signature.
    for path in ["/latest/meta-database", "/latest", "/"] {
        assert_eq!(get(&simulator, path, now()).0, StatusCode::UNAUTHORIZED, "{path}");
    }
    let post = Request::builder()
        .method(Method::POST)
        .uri(PATH)
        .body("")
        .unwrap();
    assert_eq!(simulator.handle(post, now()).status(), StatusCode::UNAUTHORIZED);
}

#[test]
fn faults_meet_the_metadata_service_too() {
    let simulator = with_role();
    simulator.push_fault(Fault::respond(StatusCode::INTERNAL_SERVER_ERROR, "out of order"));
    let broken = (StatusCode::INTERNAL_SERVER_ERROR, "out of order".to_owned());
    assert_eq!(get(&simulator, PATH, now()), broken);
    assert_eq!(get(&simulator, PATH, now()).0, StatusCode::OK);
}
