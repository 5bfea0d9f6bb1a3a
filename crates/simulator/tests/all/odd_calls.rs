//! Odd calls: values that no client should send, and many of them; nothing fails, hangs or is spoilt by them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use http::Method;
use ncloud_api::catalog::{self, Kind, MemberModel};
use ncloud_api::vpc::{
    CreateNetworkAcl, CreateVpc, DeleteNetworkAcl, DeleteVpc, GetVpcDetail, SetSubnetNetworkAcl, VpcCreated,
    VpcDeleted,
};
use ncloud_api::vserver::{CreateAccessControlGroup, GetNetworkInterfaceList, ServerInstance};
use ncloud_core::Raw;
use ncloud_simulator::Simulator;

use super::networks::Bench;
use super::{servers, session};

const ODD: [&str; 12] = [
    "+20",
    " 30 ",
    "0x10",
    "18446744073709551615",
    "9223372036854775807",
    "17179869180",
    "-10",
    "",
    "서버-네트워크",
    "0",
    "1.5",
    "1000000000",
];

/// The return code and the answer of a call.
fn send(bench: &Bench, path: &str, pairs: &[(String, String)]) -> String {
    let mut raw = Raw::new(Method::POST, path).form("responseFormatType", "json");
    for (name, value) in pairs {
        raw = raw.form(name, value);
    }
    let request = session(&bench.simulator).raw(&raw, bench.now()).unwrap();
    let response = bench.simulator.handle(request, bench.now());
    String::from_utf8(response.into_body().to_vec()).unwrap()
}

/// A proper value of a member as far as that is known, below a prefix.
fn fill(
    member: &MemberModel,
    prefix: &str,
    known: &BTreeMap<&str, String>,
    odd: &str,
    pairs: &mut Vec<(String, String)>,
) {
    use ncloud_api::catalog::Limits;
    let name = format!("{prefix}{}", member.name);
    let single = member.name.strip_suffix("List").unwrap_or(member.name);
    let number = match member.limits {
        Limits::Range(least, _) if !odd.len().is_multiple_of(3) => least.max(1).to_string(),
        _ => odd.to_owned(),
    };
    let value = match (known.get(single), member.kind) {
        (Some(value), _) => value.clone(),
        (None, Kind::Flag) => if odd.len().is_multiple_of(2) {
            "TRUE"
        } else {
            "false"
        }
        .to_owned(),
        (None, Kind::Integer | Kind::Long | Kind::Size | Kind::Number) => number,
        (None, Kind::Code(codes)) => codes.codes.first().map_or("", |(code, _)| *code).to_owned(),
        (None, Kind::List(Kind::Code(codes))) => codes.codes.first().map_or("", |(code, _)| *code).to_owned(),
        _ => odd.to_owned(),
    };
    match member.kind {
        Kind::List(Kind::Struct(item)) => {
            for member in item.members {
                fill(member, &format!("{name}.1."), known, odd, pairs);
            }
        }
        Kind::List(_) => pairs.push((format!("{name}.1"), value)),
        _ if member.name.starts_with("region") => {}
        _ => pairs.push((name, value)),
    }
}

#[test]
fn nothing_that_was_taken_can_fail_to_be_shown() {
    let bench = Bench::new();
    let (vpc, subnet, server) = servers::running(&bench);
    let storage = servers::storages(&bench, &server)[0]
        .block_storage_instance_no
        .clone()
        .unwrap();
    let known = BTreeMap::from([
        ("vpcNo", vpc.clone()),
        ("subnetNo", subnet.clone()),
        ("networkAclNo", bench.network_acl(&vpc)),
        ("serverInstanceNo", server),
        ("originalBlockStorageInstanceNo", storage),
        ("zoneCode", "KR-1".to_owned()),
        (
            "serverImageProductCode",
            "SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050".to_owned(),
        ),
        ("ipv4CidrBlock", "10.7.0.0/16".to_owned()),
        ("subnet", "10.0.5.0/24".to_owned()),
    ]);
    let mut failed = Vec::new();
    let mut carried_out = 0;
    let operations = || catalog::SERVICES.iter().flat_map(|service| service.operations);
    for round in 0..2_usize {
        for operation in operations() {
            let name = operation.info.name;
            if ["terminate", "delete", "stop"]
                .iter()
                .any(|verb| name.starts_with(verb))
                && round == 0
            {
                continue;
            }
            let path = format!("{}/{name}", operation.info.service.path);
            for (index, odd) in ODD.into_iter().enumerate() {
                // Some with all parameters, and some with those alone that have to be there.
                let is_full = !(index + round).is_multiple_of(2);
                let mut pairs = Vec::new();
                let members = operation.request.members.iter();
                for member in members.filter(|member| member.required || is_full) {
                    fill(member, "", &known, odd, &mut pairs);
                }
                let told = send(&bench, &path, &pairs);
                carried_out += usize::from(told.contains("\"returnCode\": \"0\""));
                if told.contains("simulator failed") {
                    failed.push(format!("{path} {pairs:?}: {told}"));
                }
            }
            bench.pass(4);
        }
    }
    assert!(carried_out > 100, "{carried_out}");
    assert!(failed.is_empty(), "{} {:#?}", failed.len(), failed.first());
}

#[test]
fn a_number_is_named_as_it_was_given_out() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    bench.subnet(&vpc, "10.0.0.0/24");
    for odd in [format!("0{vpc}"), format!("+{vpc}")] {
        assert_eq!(bench.refusal(&DeleteVpc::new(odd)), "800");
    }
    assert_eq!(bench.refusal(&DeleteVpc::new(vpc)), "1103");
}

#[test]
fn thousands_of_items_in_one_call_are_no_matter() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/16");
    let group = bench.call(&CreateAccessControlGroup::new(&vpc)).unwrap();
    let group = group.access_control_group_list[0].access_control_group_no.clone();
    bench.pass(3);
    let mut pairs = vec![
        ("vpcNo".to_owned(), vpc.clone()),
        ("accessControlGroupNo".to_owned(), group.unwrap()),
    ];
    for number in 1..=3000 {
        let item = format!("accessControlGroupRuleList.{number}");
        for (member, value) in [
            ("protocolTypeCode", "TCP"),
            ("ipBlock", "0.0.0.0/0"),
            ("portRange", "1"),
        ] {
            pairs.push((format!("{item}.{member}"), value.to_owned()));
        }
    }
    let told = send(&bench, "/vserver/v2/addAccessControlGroupInboundRule", &pairs);
    assert!(told.contains("no more than 200"), "{told}");

    let several = servers::creation(&bench, &vpc, &subnet)
        .server_create_count(1500)
        .associate_with_public_ip(true);
    let made = bench.call(&several).unwrap().server_instance_list;
    let number = |server: &ServerInstance| server.server_instance_no.clone().unwrap();
    let numbers: Vec<String> = made.iter().map(number).collect();
    let interfaces = bench
        .call(&GetNetworkInterfaceList::new())
        .unwrap()
        .network_interface_list;
    let addresses: BTreeSet<_> = interfaces.into_iter().map(|interface| interface.ip).collect();
    assert_eq!((numbers.len(), addresses.len()), (1500, 1500));
    let too_many = servers::creation(&bench, &vpc, &subnet).server_create_count(1_000_000_000);
    assert_eq!(bench.refusal(&too_many), "1102");
}

#[test]
fn what_is_about_to_be_named_stays() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let made = bench.call(&CreateNetworkAcl::new(&vpc)).unwrap();
    let acl = made.network_acl_list[0].network_acl_no.clone().unwrap();
    bench.pass(3);
    bench.call(&SetSubnetNetworkAcl::new(&acl, &subnet)).unwrap();
    assert_eq!(bench.refusal(&DeleteNetworkAcl::new(&acl)), "1103");
    bench.pass(3);
    assert_eq!(bench.refusal(&DeleteNetworkAcl::new(&acl)), "1103");
}

#[test]
fn a_document_leaves_numbers_for_what_is_new() {
    let document = Simulator::new().snapshot();
    let highest = document.replacen("2000000", "18446744073709551615", 1);
    assert_ne!(document, highest);
    let error = Simulator::builder()
        .snapshot_json(highest.as_bytes())
        .unwrap_err();
    assert!(error.to_string().contains("is above 999999999999999"), "{error}");
}

#[test]
fn what_goes_on_ends_in_its_time_even_if_the_clock_is_set_back() {
    let bench = Bench::new();
    bench.pass(864_000);
    let gone = bench.vpc("gone", "10.0.0.0/16");
    let (made, going) = (CreateVpc::new("10.1.0.0/16"), DeleteVpc::new(&gone));
    let made = bench.call(&made).unwrap().vpc_list[0].vpc_no.clone().unwrap();
    bench.call(&going).unwrap();
    let document = bench.simulator.snapshot();
    let builder = Simulator::builder().snapshot_json(document.as_bytes()).unwrap();
    let earlier = Bench::of(builder.build());
    for number in [&made, &gone] {
        let shown = earlier.call(&GetVpcDetail::new(number)).unwrap();
        assert_eq!(shown.vpc_list.len(), 1);
    }
    let start = earlier.now();
    earlier.wait(&VpcCreated::new(&made)).unwrap();
    earlier.wait(&VpcDeleted::new(&gone)).unwrap();
    assert!(earlier.now() < start + Duration::from_secs(20));
}

#[test]
fn a_number_of_the_inventory_is_one_that_can_be_named() {
    let server = |number: &str| format!(r#"{{"serverInstanceList": [{{"serverInstanceNo": "{number}"}}]}}"#);
    for (number, accepted) in [("7", true), ("007", false), ("+7", false), ("", false)] {
        let built = Simulator::builder().inventory_json(server(number).as_bytes());
        assert_eq!(built.is_ok(), accepted, "{number}");
    }
}

#[test]
fn of_several_values_the_first_one_counts_which_was_checked() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let acl = bench.network_acl(&vpc);
    let mut pairs = vec![("networkAclNo".to_owned(), acl.clone())];
    for (member, value) in [
        ("priority", "5"),
        ("priority", "first"),
        ("protocolTypeCode", "TCP"),
        ("ipBlock", "0.0.0.0/0"),
        ("portRange", "22"),
        ("ruleActionCode", "ALLOW"),
    ] {
        pairs.push((format!("networkAclRuleList.1.{member}"), value.to_owned()));
    }
    let told = send(&bench, "/vpc/v2/addNetworkAclInboundRule", &pairs);
    assert!(told.contains("\"priority\": 5"), "{told}");
    let told = send(&bench, "/vpc/v2/getNetworkAclRuleList", &pairs[..1]);
    assert!(told.contains("\"priority\": 5"), "{told}");
}
