//! Access control groups under virtual time: the one that a VPC brings, rules, what is refused.

use ncloud_api::vpc::DeleteVpc;
use ncloud_api::vserver::{
    AccessControlGroup, AccessControlGroupApplied, AccessControlGroupDeleted,
    AddAccessControlGroupInboundRule, AddAccessControlGroupOutboundRule, AddAccessControlGroupRuleParameter,
    CreateAccessControlGroup, DeleteAccessControlGroup, GetAccessControlGroupDetail,
    GetAccessControlGroupList, GetAccessControlGroupRuleList, RemoveAccessControlGroupInboundRule,
    RemoveAccessControlGroupRuleParameter,
};

use super::networks::Bench;

fn ssh() -> AddAccessControlGroupRuleParameter {
    AddAccessControlGroupRuleParameter::new("TCP")
        .ip_block("10.0.0.0/8")
        .port_range("22")
}

fn status(group: &AccessControlGroup) -> &str {
    let status = group.access_control_group_status.as_ref().unwrap();
    status.code.as_deref().unwrap()
}

fn group(bench: &Bench, vpc: &str) -> String {
    let made = bench.call(&CreateAccessControlGroup::new(vpc)).unwrap();
    assert_eq!(status(&made.access_control_group_list[0]), "SET");
    let number = made.access_control_group_list[0]
        .access_control_group_no
        .clone()
        .unwrap();
    bench.wait(&AccessControlGroupApplied::new(&number)).unwrap();
    number
}

#[test]
fn a_vpc_brings_one_that_goes_with_it_alone() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let list = GetAccessControlGroupList::new().vpc_no(&vpc);
    let found = bench.call(&list).unwrap();
    let [brought] = &found.access_control_group_list[..] else {
        panic!("{found:?}")
    };
    assert_eq!(brought.is_default, Some(true));
    let number = brought.access_control_group_no.as_deref().unwrap();
    let rules = bench.call(&GetAccessControlGroupRuleList::new(number)).unwrap();
    assert_eq!(rules.total_rows, Some(5));
    assert_eq!(
        rules.access_control_group_rule_list[0]
            .access_control_group_no
            .as_deref(),
        Some(number)
    );
    assert_eq!(
        bench.refusal(&DeleteAccessControlGroup::new(&vpc, number)),
        "1102"
    );
    bench.call(&DeleteVpc::new(&vpc)).unwrap();
    bench.wait(&AccessControlGroupDeleted::new(number)).unwrap();
    assert_eq!(
        bench.refusal(&GetAccessControlGroupDetail::new(number)),
        "1007000"
    );
}

#[test]
fn rules_are_set_one_change_after_the_other() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let number = group(&bench, &vpc);
    let add = AddAccessControlGroupInboundRule::new(&number, &vpc, [ssh()]);
    let added = bench.call(&add).unwrap();
    let rule = &added.access_control_group_rule_list[0];
    assert_eq!(rule.protocol_type.as_ref().unwrap().number, Some(6));
    assert_eq!(
        rule.access_control_group_rule_type
            .as_ref()
            .unwrap()
            .code
            .as_deref(),
        Some("INBND")
    );
    let out = AddAccessControlGroupOutboundRule::new(&number, &vpc, [ssh()]);
    assert_eq!(bench.refusal(&out), "1007009");
    assert_eq!(
        bench.refusal(&DeleteAccessControlGroup::new(&vpc, &number)),
        "1007009"
    );
    bench.wait(&AccessControlGroupApplied::new(&number)).unwrap();
    bench.call(&out).unwrap();
    bench.wait(&AccessControlGroupApplied::new(&number)).unwrap();
    assert_eq!(bench.refusal(&add), "1101");

    let inbound = GetAccessControlGroupRuleList::new(&number).access_control_group_rule_type_code("INBND");
    assert_eq!(bench.call(&inbound).unwrap().total_rows, Some(1));
    let rule = RemoveAccessControlGroupRuleParameter::new("6")
        .ip_block("10.0.0.0/8")
        .port_range("22");
    let remove = RemoveAccessControlGroupInboundRule::new(&number, &vpc, [rule]);
    let left = bench.call(&remove).unwrap();
    assert_eq!(left.total_rows, Some(1));
    assert_eq!(bench.call(&inbound).unwrap().total_rows, Some(0));
    bench.wait(&AccessControlGroupApplied::new(&number)).unwrap();
    assert_eq!(bench.refusal(&remove), "800");

    let deleted = bench.call(&DeleteAccessControlGroup::new(&vpc, &number)).unwrap();
    assert_eq!(status(&deleted.access_control_group_list[0]), "TERMT");
    bench.wait(&AccessControlGroupDeleted::new(&number)).unwrap();
}

#[test]
fn a_rule_has_one_peer_and_the_ports_of_its_protocol() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let number = group(&bench, &vpc);
    let rule = AddAccessControlGroupRuleParameter::new;
    for (wrong, code) in [
        (ssh().access_control_group_sequence(&number), "1100"),
        (rule("TCP").port_range("22"), "1100"),
        (rule("TCP").ip_block("10.0.0.0/8"), "1100"),
        (ssh_of("ICMP"), "1100"),
        (ssh_of("255"), "1100"),
        (
            rule("UDP").access_control_group_sequence("1").port_range("53"),
            "800",
        ),
    ] {
        // None is added if one cannot be.
        let add = AddAccessControlGroupInboundRule::new(&number, &vpc, [ssh(), wrong]);
        assert_eq!(bench.refusal(&add), code);
    }
    let rules = bench.call(&GetAccessControlGroupRuleList::new(&number)).unwrap();
    assert_eq!(rules.total_rows, Some(0));
    let other = AddAccessControlGroupInboundRule::new(&number, "1", [ssh()]);
    assert_eq!(bench.refusal(&other), "800");
    let absent = AddAccessControlGroupInboundRule::new("1", &vpc, [ssh()]);
    assert_eq!(bench.refusal(&absent), "1007000");
}

fn ssh_of(protocol: &str) -> AddAccessControlGroupRuleParameter {
    AddAccessControlGroupRuleParameter::new(protocol)
        .ip_block("10.0.0.0/8")
        .port_range("22")
}
