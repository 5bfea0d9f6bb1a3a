//! Who is let in: key, signature, time and the headers that carry them.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{
    ACCESS_KEY_HEADER, Credentials, SIGNATURE_HEADER, SIGNATURE_V1_HEADER, Session, Signer, TIMESTAMP_HEADER,
    Timestamp,
};
use ncloud_simulator::Simulator;

use super::{PATH, now, session};

const MISSING: &str = "Authentication information are missing.";
const INVALID: &str = "Invalid authentication information.";

fn signed(session: &Session) -> Request<Bytes> {
    session
        .request(&GetMemberServerImageInstanceList::new(), now())
        .unwrap()
}

/// Expects a refusal with gateway code 200.
fn refused(simulator: &Simulator, request: Request<Bytes>, details: &str) {
    let response = simulator.handle(request, now());
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        std::str::from_utf8(response.body()).unwrap(),
        format!(
            r#"{{"error":{{"errorCode":"200","message":"Authentication Failed","details":"{details}"}}}}"#
        )
    );
    let record = simulator.requests().pop().unwrap();
    assert!(!record.authenticated);
    assert_eq!(record.return_code.as_deref(), Some("200"));
}

fn accepted(simulator: &Simulator, request: Request<Bytes>) {
    let response = simulator.handle(request, now());
    assert_eq!(response.status(), StatusCode::OK);
    assert!(simulator.requests().pop().unwrap().authenticated);
}

#[test]
fn a_right_signature_is_accepted_and_each_missing_header_is_told() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    accepted(&simulator, signed(&session));
    for header in [ACCESS_KEY_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER] {
        let mut request = signed(&session);
        request.headers_mut().remove(header);
        refused(&simulator, request, MISSING);
        let mut request = signed(&session);
        request.headers_mut().insert(header, "".parse().unwrap());
        refused(&simulator, request, MISSING);
    }
}

#[test]
fn what_is_wrong_is_refused_without_saying_what() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let access_key = simulator.credentials().access_key().as_str();
    for other in [
        Credentials::new(access_key, "ncp_sk_TESTANOTHER").unwrap(),
        Credentials::new(
            "ncp_ak_TESTANOTHER",
            simulator.credentials().secret_key().expose(),
        )
        .unwrap(),
    ] {
        let session = session.clone().with_credentials(&other).unwrap();
        refused(&simulator, signed(&session), INVALID);
    }
    for (header, value) in [
        (SIGNATURE_HEADER, "AAAA"),
        (TIMESTAMP_HEADER, "1750903747001"),
        (TIMESTAMP_HEADER, "yesterday"),
    ] {
        let mut request = signed(&session);
        request.headers_mut().insert(header, value.parse().unwrap());
        refused(&simulator, request, INVALID);
    }
    // The signature holds for these bytes only: the same parameters in another order or another spelling are another target.
    let mut request = signed(&session);
    *request.uri_mut() = format!("{PATH}?responseFormatType=js%6Fn").parse().unwrap();
    refused(&simulator, request, INVALID);
    let mut request = signed(&session);
    *request.method_mut() = Method::POST;
    refused(&simulator, request, INVALID);
}

#[test]
fn the_parameters_of_a_stranger_are_not_read() {
    let simulator = Simulator::new();
    let unsigned = |body: Vec<u8>| {
        let request = Request::post(format!("{PATH}?responseFormatType=json"));
        request.body(Bytes::from(body)).unwrap()
    };
    // Whoever reads these finds something else to refuse.
    refused(&simulator, unsigned(b"x=%zz".to_vec()), MISSING);
    refused(&simulator, unsigned(b"a&".repeat(5 * 1024 * 1024)), MISSING);
}

#[test]
fn five_minutes_either_way_are_tolerated() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let tolerance = Duration::from_secs(5 * 60);
    let second = Duration::from_secs(1);
    for (signed_at, status) in [
        (now() - tolerance, StatusCode::OK),
        (now() + tolerance, StatusCode::OK),
        (now() - tolerance - second, StatusCode::UNAUTHORIZED),
        (now() + tolerance + second, StatusCode::UNAUTHORIZED),
    ] {
        let request = session.request(&GetMemberServerImageInstanceList::new(), signed_at);
        let response = simulator.handle(request.unwrap(), now());
        assert_eq!(response.status(), status, "{signed_at:?}");
        assert_eq!(response.headers()["date"], "Thu, 26 Jun 2025 02:09:07 GMT");
    }
}

#[test]
fn the_older_header_is_accepted_unless_switched_off() {
    let rename = |mut request: Request<Bytes>| {
        let signature = request.headers_mut().remove(SIGNATURE_HEADER).unwrap();
        request.headers_mut().insert(SIGNATURE_V1_HEADER, signature);
        request
    };
    let simulator = Simulator::new();
    accepted(&simulator, rename(signed(&session(&simulator))));
    let strict = Simulator::builder().accept_signature_v1(false).build();
    refused(&strict, rename(signed(&session(&strict))), MISSING);
    accepted(&strict, signed(&session(&strict)));
}

#[test]
fn a_signature_without_the_query_is_refused_unless_switched_on() {
    let sign_path_only = |simulator: &Simulator| {
        let mut request = signed(&session(simulator));
        let signer = Signer::new(simulator.credentials()).unwrap();
        let signature = signer.sign(&Method::GET, PATH, Timestamp::from_system_time(now()).unwrap());
        request
            .headers_mut()
            .insert(SIGNATURE_HEADER, signature.as_str().parse().unwrap());
        request
    };
    let simulator = Simulator::new();
    refused(&simulator, sign_path_only(&simulator), INVALID);
    let lenient = Simulator::builder().accept_path_only_signatures(true).build();
    accepted(&lenient, sign_path_only(&lenient));
    accepted(&lenient, signed(&session(&lenient)));
}

#[test]
fn accounts_replace_the_built_in_one_and_each_other_by_key() {
    let first = Credentials::new("ncp_ak_TESTFIRST", "ncp_sk_TESTFIRST").unwrap();
    let changed = Credentials::new("ncp_ak_TESTFIRST", "ncp_sk_TESTCHANGED").unwrap();
    let second = Credentials::new("ncp_ak_TESTSECOND", "ncp_sk_TESTSECOND").unwrap();
    let expired = Credentials::new("ncp_ak_TESTEXPIRED", "ncp_sk_TESTEXPIRED").unwrap();
    let simulator = Simulator::builder()
        .account(&first)
        .account(&second)
        .account(&changed)
        .account(&expired.clone().with_expiry(now()))
        .build();
    assert_eq!(simulator.credentials().access_key().as_str(), "ncp_ak_TESTFIRST");
    let session = session(&simulator);
    let with = |credentials: &Credentials| signed(&session.clone().with_credentials(credentials).unwrap());
    accepted(&simulator, with(&changed));
    accepted(&simulator, with(&second));
    refused(&simulator, with(&first), INVALID);
    refused(&simulator, with(Simulator::new().credentials()), INVALID);
    refused(&simulator, with(&expired), INVALID);
}
