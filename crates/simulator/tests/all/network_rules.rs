//! What steers traffic, under virtual time: rules of network ACLs, deny-allow groups, routes, subnets of route tables, peerings.

use ncloud_api::vpc::{
    AcceptOrRejectVpcPeering, AddNetworkAclInboundRule, AddNetworkAclOutboundRule,
    AddNetworkAclRuleParameter, AddRoute, AddRouteTableSubnet, CreateNatGatewayInstance,
    CreateNetworkAclDenyAllowGroup, CreateRouteTable, CreateVpcPeeringInstance,
    DeleteNetworkAclDenyAllowGroup, DeleteRouteTable, GetNetworkAclDenyAllowGroupDetail,
    GetNetworkAclRuleList, GetRouteList, GetRouteTableList, GetRouteTableSubnetList,
    GetVpcPeeringInstanceDetail, NatGatewayInstanceCreated, NetworkAclApplied,
    NetworkAclDenyAllowGroupApplied, RemoveNetworkAclInboundRule, RemoveNetworkAclRuleParameter, RemoveRoute,
    RemoveRouteTableSubnet, RouteParameter, RouteTableApplied, RouteTableCreated, RouteTableDeleted,
    SetNatGatewayDescription, SetNetworkAclDenyAllowGroupIpList, VpcPeeringInstanceCreated,
    VpcPeeringInstanceDeleted,
};

use super::networks::Bench;

#[test]
fn rules_of_a_network_acl_are_known_by_direction_and_priority() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let acl = bench.network_acl(&vpc);
    let rule = |priority| {
        AddNetworkAclRuleParameter::new("ALLOW", priority, "TCP")
            .ip_block("0.0.0.0/0")
            .port_range("443")
    };
    let add = AddNetworkAclInboundRule::new(&acl, [rule(1), rule(2)]);
    let added = bench.call(&add).unwrap();
    assert_eq!(added.network_acl_rule_list[1].priority, Some(2));
    assert_eq!(added.network_acl_rule_list[1].network_acl_no, Some(acl.clone()));
    let out = AddNetworkAclOutboundRule::new(&acl, [rule(1)]);
    assert_eq!(bench.refusal(&out), "1012005");
    bench.wait(&NetworkAclApplied::new(&acl)).unwrap();
    bench.call(&out).unwrap();
    bench.wait(&NetworkAclApplied::new(&acl)).unwrap();
    assert_eq!(
        bench.refusal(&AddNetworkAclInboundRule::new(&acl, [rule(2)])),
        "1101"
    );

    let gone = RemoveNetworkAclRuleParameter::new("ALLOW", 2, "TCP")
        .ip_block("0.0.0.0/0")
        .port_range("443");
    let remove = RemoveNetworkAclInboundRule::new(&acl, [gone]);
    bench.call(&remove).unwrap();
    bench.wait(&NetworkAclApplied::new(&acl)).unwrap();
    assert_eq!(bench.refusal(&remove), "800");
    let rules = bench
        .call(&GetNetworkAclRuleList::new(&acl).network_acl_rule_type_code("OTBND"))
        .unwrap();
    assert_eq!(rules.total_rows, Some(1));
}

#[test]
fn a_deny_allow_group_stays_as_long_as_a_rule_names_it() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let acl = bench.network_acl(&vpc);
    let made = bench.call(&CreateNetworkAclDenyAllowGroup::new(&vpc)).unwrap();
    let group = made.network_acl_deny_allow_group_list[0]
        .network_acl_deny_allow_group_no
        .clone()
        .unwrap();
    bench.wait(&NetworkAclDenyAllowGroupApplied::new(&group)).unwrap();
    let set = SetNetworkAclDenyAllowGroupIpList::new(&group).ip_list(["10.0.0.1", "10.0.0.2"]);
    let shown = bench.call(&set).unwrap();
    assert_eq!(shown.network_acl_deny_allow_group_list[0].ip_list.len(), 2);
    assert_eq!(bench.refusal(&set), "1012005");
    bench.wait(&NetworkAclDenyAllowGroupApplied::new(&group)).unwrap();
    let twice = SetNetworkAclDenyAllowGroupIpList::new(&group).ip_list(["10.0.0.1", "10.0.0.1"]);
    assert_eq!(bench.refusal(&twice), "1101");

    let rule = AddNetworkAclRuleParameter::new("DROP", 1, "ICMP").deny_allow_group_no(&group);
    bench.call(&AddNetworkAclInboundRule::new(&acl, [rule])).unwrap();
    let delete = DeleteNetworkAclDenyAllowGroup::new(&group);
    assert_eq!(bench.refusal(&delete), "1103");
    let detail = GetNetworkAclDenyAllowGroupDetail::new(&group);
    let is_applied = || bench.call(&detail).unwrap().network_acl_deny_allow_group_list[0].is_applied;
    assert_eq!(is_applied(), Some(true));
    bench.wait(&NetworkAclApplied::new(&acl)).unwrap();
    let rule = RemoveNetworkAclRuleParameter::new("DROP", 1, "ICMP").deny_allow_group_no(&group);
    bench
        .call(&RemoveNetworkAclInboundRule::new(&acl, [rule]))
        .unwrap();
    assert_eq!(is_applied(), Some(false));
    bench.call(&delete).unwrap();
    bench.pass(3);
    assert_eq!(bench.call(&detail).unwrap().total_rows, Some(0));
}

fn table(bench: &Bench, vpc: &str, subnets: &str) -> String {
    let made = bench.call(&CreateRouteTable::new(subnets, vpc)).unwrap();
    let number = made.route_table_list[0].route_table_no.clone().unwrap();
    bench.wait(&RouteTableCreated::new(&number)).unwrap();
    number
}

#[test]
fn routes_lead_to_what_is_there_and_the_built_in_ones_stay() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let table = table(&bench, &vpc, "PRIVATE");
    let route = |target: &str| {
        RouteParameter::new("8.8.8.0/24", "NATGW")
            .target_no(target)
            .target_name("gate")
    };
    assert_eq!(bench.refusal(&AddRoute::new([route("1")], &table, &vpc)), "800");
    let made = bench
        .call(&CreateNatGatewayInstance::new(&vpc, "KR-1").subnet_no(&subnet))
        .unwrap();
    let gateway = &made.nat_gateway_instance_list[0];
    assert_eq!(gateway.vpc_name.as_deref(), Some("net"));
    assert!(gateway.public_ip.is_some());
    let gateway = gateway.nat_gateway_instance_no.clone().unwrap();
    bench.wait(&NatGatewayInstanceCreated::new(&gateway)).unwrap();
    let told = bench
        .call(&SetNatGatewayDescription::new(&gateway).nat_gateway_description("way out"))
        .unwrap();
    assert_eq!(
        told.nat_gateway_instance_list[0]
            .nat_gateway_description
            .as_deref(),
        Some("way out")
    );

    let add = AddRoute::new([route(&gateway)], &table, &vpc);
    let routes = bench.call(&add).unwrap();
    assert_eq!(routes.total_rows, Some(2));
    assert_eq!(bench.refusal(&add), "1017013");
    bench.wait(&RouteTableApplied::new(&table)).unwrap();
    assert_eq!(bench.refusal(&add), "1101");
    let local = RouteParameter::new("10.0.0.0/16", "LOCAL");
    assert_eq!(bench.refusal(&RemoveRoute::new([local], &table, &vpc)), "1102");
    bench
        .call(&RemoveRoute::new([route(&gateway)], &table, &vpc))
        .unwrap();
    let left = bench.call(&GetRouteList::new(&table, &vpc)).unwrap();
    assert_eq!(left.route_list[0].is_default, Some(true));
    assert_eq!(left.route_list[0].route_table_no, Some(table.clone()));
    assert_eq!(bench.refusal(&GetRouteList::new("1", &vpc)), "1017007");
}

#[test]
fn a_subnet_has_one_route_table_and_falls_back_to_the_default_one() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let tables = bench.call(&GetRouteTableList::new().vpc_no(&vpc)).unwrap();
    let default = tables.route_table_list[0].route_table_no.clone().unwrap();
    let serves = |table: &str| {
        bench
            .call(&GetRouteTableSubnetList::new(table))
            .unwrap()
            .total_rows
    };
    assert_eq!(serves(&default), Some(1));
    let own = table(&bench, &vpc, "PUBLIC");
    let private = table(&bench, &vpc, "PRIVATE");
    assert_eq!(
        bench.refusal(&AddRouteTableSubnet::new(&private, [&subnet], &vpc)),
        "1102"
    );
    assert_eq!(
        bench.refusal(&RemoveRouteTableSubnet::new(&default, [&subnet], &vpc)),
        "1102"
    );
    let added = bench
        .call(&AddRouteTableSubnet::new(&own, [&subnet], &vpc))
        .unwrap();
    assert_eq!(added.subnet_list[0].subnet_no, Some(subnet.clone()));
    assert_eq!((serves(&default), serves(&own)), (Some(0), Some(1)));
    bench.wait(&RouteTableApplied::new(&own)).unwrap();
    assert_eq!(bench.refusal(&DeleteRouteTable::new(&own)), "1103");
    let left = bench
        .call(&RemoveRouteTableSubnet::new(&own, [&subnet], &vpc))
        .unwrap();
    assert_eq!(left.total_rows, Some(0));
    assert_eq!(serves(&default), Some(1));
    bench.wait(&RouteTableApplied::new(&own)).unwrap();
    bench.call(&DeleteRouteTable::new(&own)).unwrap();
    bench.wait(&RouteTableDeleted::new(&own)).unwrap();
    assert_eq!(bench.refusal(&DeleteRouteTable::new(&default)), "1102");
}

#[test]
fn a_peering_with_another_account_waits_for_its_answer() {
    let bench = Bench::new();
    let (one, two) = (bench.vpc("one", "10.0.0.0/16"), bench.vpc("two", "10.1.0.0/16"));
    assert_eq!(bench.refusal(&CreateVpcPeeringInstance::new(&one, "1")), "800");
    let ask = |create: &CreateVpcPeeringInstance| {
        let made = bench.call(create).unwrap();
        made.vpc_peering_instance_list[0].clone()
    };
    let own = ask(&CreateVpcPeeringInstance::new(&one, &two));
    assert_eq!(own.target_vpc_name.as_deref(), Some("two"));
    let own = own.vpc_peering_instance_no.unwrap();
    bench.wait(&VpcPeeringInstanceCreated::new(&own)).unwrap();
    let back = ask(&CreateVpcPeeringInstance::new(&two, &one));
    assert_eq!(back.reverse_vpc_peering_instance_no, Some(own.clone()));
    assert_eq!(bench.refusal(&AcceptOrRejectVpcPeering::new(&own, true)), "1102");

    for is_accepted in [true, false] {
        let other = CreateVpcPeeringInstance::new(&one, "990001")
            .target_vpc_login_id("other@example.com")
            .target_vpc_name("theirs");
        let number = ask(&other).vpc_peering_instance_no.unwrap();
        bench.pass(100);
        let shown = bench.call(&GetVpcPeeringInstanceDetail::new(&number)).unwrap();
        let peering = &shown.vpc_peering_instance_list[0];
        assert_eq!(peering.is_between_accounts, Some(true));
        assert_eq!(
            peering
                .vpc_peering_instance_status
                .as_ref()
                .unwrap()
                .code
                .as_deref(),
            Some("INIT")
        );
        bench
            .call(&AcceptOrRejectVpcPeering::new(&number, is_accepted))
            .unwrap();
        if is_accepted {
            bench.wait(&VpcPeeringInstanceCreated::new(&number)).unwrap();
        } else {
            bench.wait(&VpcPeeringInstanceDeleted::new(&number)).unwrap();
        }
    }
}
