//! Accounts: who sees what, who may do nothing, whose the keys are.

use std::time::Duration;

use http::StatusCode;
use ncloud_api::vpc::{CreateVpc, DeleteVpc, GetVpcDetail, GetVpcList};
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Credentials, Error, Operation, Session};
use ncloud_simulator::Simulator;

use super::{now, session};

fn keys(name: &str) -> Credentials {
    Credentials::new(format!("ncp_ak_TEST{name}"), format!("ncp_sk_TEST{name}")).unwrap()
}

/// One call with these keys.
fn call<O: Operation>(simulator: &Simulator, keys: &Credentials, operation: &O) -> Result<O::Output, Error> {
    let session: Session = session(simulator).with_credentials(keys).unwrap();
    let response = simulator.handle(session.request(operation, now()).unwrap(), now());
    session.parse::<O>(response).map(ncloud_core::Reply::into_value)
}

/// Makes a VPC and gives its number.
fn vpc(simulator: &Simulator, keys: &Credentials) -> String {
    let made = call(simulator, keys, &CreateVpc::new("10.0.0.0/16").vpc_name("net")).unwrap();
    made.vpc_list[0].vpc_no.clone().unwrap()
}

/// The numbers of all VPCs that these keys see.
fn vpcs(simulator: &Simulator, keys: &Credentials) -> Vec<String> {
    let found = call(simulator, keys, &GetVpcList::new()).unwrap().vpc_list;
    found.into_iter().filter_map(|vpc| vpc.vpc_no).collect()
}

#[test]
fn no_account_sees_or_touches_what_another_has() {
    let (first, second) = (keys("FIRST"), keys("SECOND"));
    let simulator = Simulator::builder()
        .transition_time(Duration::ZERO)
        .account(&first)
        .account(&second)
        .build();
    let (one, other) = (vpc(&simulator, &first), vpc(&simulator, &second));
    assert_ne!(one, other);
    assert_eq!(vpcs(&simulator, &first), [one.as_str()]);
    assert_eq!(vpcs(&simulator, &second), [other.as_str()]);
    let foreign = call(&simulator, &second, &GetVpcDetail::new(&one)).unwrap();
    assert!(foreign.vpc_list.is_empty());
    let error = call(&simulator, &second, &DeleteVpc::new(&one)).unwrap_err();
    assert_eq!(error.code(), Some("800"));
    call(&simulator, &second, &DeleteVpc::new(&other)).unwrap();
    assert_eq!(vpcs(&simulator, &first), [one.as_str()]);

    let images = GetMemberServerImageInstanceList::new();
    assert_eq!(call(&simulator, &first, &images).unwrap().total_rows, Some(25));
    assert_eq!(call(&simulator, &second, &images).unwrap().total_rows, Some(0));
}

#[test]
fn an_account_can_have_several_keys() {
    let (main, sub, other) = (keys("MAIN"), keys("SUB"), keys("OTHER"));
    let simulator = Simulator::builder()
        .account(&other)
        .account(&main)
        .account_key(&sub)
        .build();
    let made = vpc(&simulator, &main);
    assert_eq!(vpcs(&simulator, &sub), [made]);
    assert_eq!(vpcs(&simulator, &other), [""; 0]);
    let callers: Vec<_> = simulator.requests().iter().map(|record| record.account).collect();
    assert_eq!(callers, [Some(2), Some(2), Some(1)]);

    // Without an account of its own, a further key is the built-in account's.
    let simulator = Simulator::builder().account_key(&sub).build();
    let made = vpc(&simulator, &sub);
    assert_eq!(vpcs(&simulator, &simulator.credentials().clone()), [made]);
}

#[test]
fn keys_without_permission_are_told_so_and_carry_nothing_out() {
    let denied = keys("DENIED");
    let simulator = Simulator::builder().account_without_permission(&denied).build();
    let session = session(&simulator);
    let session_denied = session.clone().with_credentials(&denied).unwrap();
    let create = CreateVpc::new("10.0.0.0/16");
    let response = simulator.handle(session_denied.request(&create, now()).unwrap(), now());
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        std::str::from_utf8(response.body()).unwrap(),
        r#"{"error":{"errorCode":"210","message":"Permission Denied","details":""}}"#
    );
    let record = simulator.requests().pop().unwrap();
    assert_eq!(record.return_code.as_deref(), Some("210"));
    assert!(record.authenticated && !record.carried_out);
    assert_eq!(record.account, None);
    assert_eq!(vpcs(&simulator, &simulator.credentials().clone()), [""; 0]);
    // With a wrong signature, nobody learns that the key is known.
    let forged = Credentials::new("ncp_ak_TESTDENIED", "ncp_sk_TESTANOTHER").unwrap();
    assert!(
        call(&simulator, &forged, &create)
            .unwrap_err()
            .is_authentication_failed()
    );
}

#[test]
fn keys_are_refused_once_they_have_expired() {
    let lent = keys("LENT");
    let expiry = now() + Duration::from_secs(60);
    let simulator = Simulator::builder()
        .account_key(&lent.clone().with_expiry(expiry))
        .build();
    let session = session(&simulator).with_credentials(&lent).unwrap();
    let status = |at| {
        let request = session.request(&GetVpcList::new(), at).unwrap();
        simulator.handle(request, at).status()
    };
    assert_eq!(status(expiry - Duration::from_millis(1)), StatusCode::OK);
    assert_eq!(status(expiry), StatusCode::UNAUTHORIZED);
    assert_eq!(
        simulator.requests().pop().unwrap().return_code.as_deref(),
        Some("200")
    );
}

#[test]
fn the_keys_of_a_role_are_the_first_accounts() {
    let (first, second) = (keys("FIRST"), keys("SECOND"));
    let simulator = Simulator::builder()
        .account(&first)
        .account(&second)
        .server_role("web", Duration::from_secs(3600))
        .build();
    let made = vpc(&simulator, &first);
    let path = "/latest/meta-data/iam/security-credentials/web";
    let given = simulator.handle(http::Request::get(path).body("").unwrap(), now());
    assert_eq!(given.status(), StatusCode::OK);
    let of_role = Credentials::new("ncp_ak_TESTROLE000001", "ncp_sk_TESTROLE000001").unwrap();
    assert_eq!(vpcs(&simulator, &of_role), [made]);
}
