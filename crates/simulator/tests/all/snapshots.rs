//! Snapshots: a world that is written down and starts again, changes under way included; and documents that cannot be used.

use std::time::{Duration, SystemTime};

use ncloud_api::vpc::{
    CreateNetworkAcl, CreateVpc, DeleteSubnet, GetNetworkAclDetail, GetSubnetDetail, GetVpcDetail,
    GetVpcList, SetSubnetNetworkAcl,
};
use ncloud_core::{Credentials, Error, Operation};
use ncloud_simulator::{Simulator, SimulatorBuilder};

use super::networks::Bench;
use super::session;

/// The same world in another simulator.
fn again(simulator: &Simulator) -> Simulator {
    started(Simulator::builder(), &simulator.snapshot())
}

fn started(builder: SimulatorBuilder, document: &str) -> Simulator {
    builder.snapshot_json(document.as_bytes()).unwrap().build()
}

fn call<O: Operation>(simulator: &Simulator, operation: &O, at: SystemTime) -> Result<O::Output, Error> {
    let session = session(simulator);
    let response = simulator.handle(session.request(operation, at).unwrap(), at);
    session.parse::<O>(response).map(ncloud_core::Reply::into_value)
}

#[test]
fn a_world_is_the_same_again_with_its_numbers() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let twin = again(&bench.simulator);
    assert_eq!(twin.snapshot(), bench.simulator.snapshot());
    for simulator in [&bench.simulator, &twin] {
        let shown = call(simulator, &GetSubnetDetail::new(&subnet), bench.now()).unwrap();
        assert_eq!(shown.subnet_list[0].vpc_no.as_deref(), Some(vpc.as_str()));
    }
    // What is made next has the same number in both, and none that was given before.
    let next = |simulator| {
        let made = call(simulator, &CreateVpc::new("10.1.0.0/16"), bench.now()).unwrap();
        made.vpc_list[0].vpc_no.clone().unwrap()
    };
    let number = next(&bench.simulator);
    assert_eq!(next(&twin), number);
    assert!(number.parse::<u64>().unwrap() > subnet.parse().unwrap());
}

#[test]
fn what_goes_on_ends_in_its_time() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let (subnet, gone) = (
        bench.subnet(&vpc, "10.0.0.0/24"),
        bench.subnet(&vpc, "10.0.1.0/24"),
    );
    let made = bench.call(&CreateNetworkAcl::new(&vpc)).unwrap();
    let acl = made.network_acl_list[0].network_acl_no.clone().unwrap();
    bench.pass(3);
    // Three changes: one that ends in another state, one that also sets a member, one that ends with nothing.
    bench.call(&SetSubnetNetworkAcl::new(&acl, &subnet)).unwrap();
    bench.call(&DeleteSubnet::new(&gone)).unwrap();
    let made = bench.call(&CreateNetworkAcl::new(&vpc)).unwrap();
    let young = made.network_acl_list[0].network_acl_no.clone().unwrap();

    let twin = again(&bench.simulator);
    assert_eq!(twin.snapshot(), bench.simulator.snapshot());
    let look = |simulator: &Simulator, at: SystemTime| {
        let subnet = call(simulator, &GetSubnetDetail::new(&subnet), at)
            .unwrap()
            .subnet_list;
        let gone = call(simulator, &GetSubnetDetail::new(&gone), at)
            .unwrap()
            .subnet_list;
        let young = call(simulator, &GetNetworkAclDetail::new(&young), at).unwrap();
        let code = |code: &Option<ncloud_api::CommonCode>| code.clone().unwrap().code.unwrap();
        (
            code(&subnet[0].subnet_status),
            subnet[0].network_acl_no.clone().unwrap() == acl,
            gone.first().map(|subnet| code(&subnet.subnet_status)),
            code(&young.network_acl_list[0].network_acl_status),
        )
    };
    let during = |simulator| look(simulator, bench.now() + Duration::from_millis(2999));
    let after = |simulator| look(simulator, bench.now() + Duration::from_secs(3));
    for simulator in [&bench.simulator, &twin] {
        let going = Some("TERMTING".to_owned());
        assert_eq!(
            during(simulator),
            ("SET".to_owned(), false, going, "INIT".to_owned())
        );
        assert_eq!(after(simulator), ("RUN".to_owned(), true, None, "RUN".to_owned()));
    }
}

#[test]
fn every_account_has_its_own_again() {
    let keys =
        |name: &str| Credentials::new(format!("ncp_ak_TEST{name}"), format!("ncp_sk_TEST{name}")).unwrap();
    let builder = || {
        Simulator::builder()
            .account(&keys("FIRST"))
            .account(&keys("SECOND"))
    };
    let simulator = builder().build();
    let list = |simulator: &Simulator, name: &str| {
        let session = session(simulator).with_credentials(&keys(name)).unwrap();
        let request = session.request(&GetVpcList::new(), super::now()).unwrap();
        let reply = session.parse::<GetVpcList>(simulator.handle(request, super::now()));
        reply.unwrap().value.total_rows
    };
    let second = session(&simulator).with_credentials(&keys("SECOND")).unwrap();
    let create = second
        .request(&CreateVpc::new("10.0.0.0/16"), super::now())
        .unwrap();
    assert_eq!(simulator.handle(create, super::now()).status(), 200);
    let twin = started(builder(), &simulator.snapshot());
    assert_eq!((list(&twin, "FIRST"), list(&twin, "SECOND")), (Some(0), Some(1)));
    // An account that nobody has keys for is kept all the same.
    let alone = again(&simulator);
    assert_eq!(alone.snapshot(), simulator.snapshot());
}

#[test]
fn a_quota_is_part_of_a_world() {
    let document = r#"{"version": 1, "regionList": [{"regionCode": "KR"}],
        "accountList": [{"lastNumber": 7, "quotaList": [{"kind": "VPC", "quota": 1}]}]}"#;
    let simulator = again(&started(Simulator::builder(), document));
    let create = |block| call(&simulator, &CreateVpc::new(block), super::now());
    let number = create("10.0.0.0/16").unwrap().vpc_list[0].vpc_no.clone().unwrap();
    assert_eq!(number, "8");
    assert_eq!(create("10.1.0.0/16").unwrap_err().code(), Some("1104"));
    assert_eq!(
        call(&simulator, &GetVpcDetail::new(number), super::now())
            .unwrap()
            .total_rows,
        Some(1)
    );
}

#[test]
fn a_quota_that_is_given_counts_more_than_that_of_a_document() {
    let document = r#"{"version": 1, "regionList": [{"regionCode": "KR"}],
        "accountList": [{"quotaList": [{"kind": "VPC", "quota": 0}, {"kind": "subnet", "quota": 7}]}, {}]}"#;
    let given = started(Simulator::builder().quota("vpcList", 1).unwrap(), document);
    call(&given, &CreateVpc::new("10.0.0.0/16"), super::now()).unwrap();
    let snapshot = given.snapshot();
    let quotas: serde_json::Value = serde_json::from_str(&snapshot).unwrap();
    let of_account = |position: usize| quotas["accountList"][position]["quotaList"].as_array().unwrap();
    assert_eq!((of_account(0).len(), of_account(1).len()), (2, 1), "{snapshot}");
}

#[test]
fn what_cannot_be_used_is_told_with_its_place() {
    let with = |resource: &str| {
        format!(
            r#"{{"version": 1, "regionList": [{{"regionCode": "KR"}}], "accountList": [{{"resourceList": [{resource}]}}]}}"#
        )
    };
    let vpc = |rest: &str| {
        with(&format!(
            r#"{{"kind": "VPC", "number": 1, "regionCode": "KR", "members": {{"vpcNo": "1"}}{rest}}}"#
        ))
    };
    assert!(Simulator::builder().snapshot_json(vpc("").as_bytes()).is_ok());
    let one = vpc("");
    let one = &one[one.find(r#"{"kind"#).unwrap()..one.rfind("]}]}").unwrap()];
    let twice = with(&format!("{one}, {one}"));
    for (document, problem) in [
        ("{".to_owned(), "not readable as JSON"),
        ("[]".to_owned(), "it is no JSON object"),
        ("{}".to_owned(), "it has no member version"),
        (
            r#"{"version": 1}"#.to_owned(),
            "it has no region in its regionList",
        ),
        (
            r#"{"version": 1, "accounts": []}"#.to_owned(),
            "it has a member \"accounts\"; known are version",
        ),
        (with("1"), "accountList[0].resourceList[0] is no JSON object"),
        (
            with(r#"{"kind": "moon"}"#),
            "resourceList[0].kind is \"moon\", which is no kind",
        ),
        (twice, "resourceList[1].number is 1, which another VPC has"),
        (
            vpc("").replace("\"vpcNo\": \"1\"", "\"vpcNo\": \"2\""),
            "has \"2\" as its vpcNo",
        ),
        (
            vpc("").replace("\"number\": 1", "\"number\": -1"),
            "resourceList[0].number is no whole number",
        ),
        (
            vpc("").replace("\"KR\", \"members", "\"JPN\", \"members"),
            "is in the region \"JPN\", which is not in regionList",
        ),
        (
            vpc(r#", "change": {}"#),
            "resourceList[0].change has no member until",
        ),
        (
            vpc(r#", "change": {"until": 0.5}"#),
            "change.until is no whole number",
        ),
        (
            vpc(r#", "change": {"until": 1, "during": {"operation": 1}}"#),
            "change.during.operation is no text",
        ),
    ] {
        let error = Simulator::builder()
            .snapshot_json(document.as_bytes())
            .unwrap_err();
        assert_eq!(error.field(), Some("snapshot"), "{document}");
        assert!(error.to_string().contains(problem), "{document}: {error}");
    }
}
