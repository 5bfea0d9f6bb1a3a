//! What is named has to be there, and in the right VPC; ranges of addresses have to fit, and none is given twice.

use ncloud_api::vloadbalancer::{AddTarget, CreateTargetGroup, SetTarget};
use ncloud_api::vnas::{CreateNasVolumeInstance, RemoveNasVolumeAccessControl, SetNasVolumeAccessControl};
use ncloud_api::vpc::{
    AddRoute, CreateNatGatewayInstance, CreateSubnet, CreateVpc, CreateVpcPeeringInstance, DeleteSubnet,
    GetRouteTableList, RouteParameter, SetSubnetNetworkAcl,
};
use ncloud_api::vserver::{
    AddNetworkInterfaceAccessControlGroup, AddPlacementGroupServerInstance,
    AssociatePublicIpWithServerInstance, CreateLoginKey, CreateNetworkInterface, CreatePlacementGroup,
    CreatePublicIpInstance, DeletePlacementGroup, GetRootPassword, GetRootPasswordServerInstanceList,
    NetworkInterfaceParameter, RemovePlacementGroupServerInstance, RootPasswordServerInstanceParameter,
    TerminateServerInstances,
};

use super::networks::Bench;
use super::servers::{creation, running, server, stop};

/// What is in no world.
const NOWHERE: &str = "1";

/// A second VPC with a subnet.
fn elsewhere(bench: &Bench) -> (String, String) {
    let vpc = bench.vpc("other", "10.1.0.0/16");
    let subnet = bench.subnet(&vpc, "10.1.0.0/24");
    (vpc, subnet)
}

#[test]
fn access_control_groups_are_those_of_the_vpc() {
    let bench = Bench::new();
    let (vpc, subnet, number) = running(&bench);
    let (other, _) = elsewhere(&bench);
    let (own, foreign) = (
        bench.access_control_group(&vpc),
        bench.access_control_group(&other),
    );
    let create = |group: &str| {
        let mut create = creation(&bench, &vpc, &subnet);
        let interface = NetworkInterfaceParameter::new(0).access_control_group_no_list([group]);
        create.network_interface_list = vec![interface];
        create
    };
    assert_eq!(bench.refusal(&create(NOWHERE)), "1007000");
    assert_eq!(bench.refusal(&create(&foreign)), "1102");
    bench.call(&create(&own)).unwrap();

    let interface = |group: &str| CreateNetworkInterface::new([group], &subnet, &vpc);
    assert_eq!(bench.refusal(&interface(NOWHERE)), "1007000");
    assert_eq!(bench.refusal(&interface(&foreign)), "1102");
    let interface = server(&bench, &number).network_interface_no_list[0].clone();
    let add = |group: &str| AddNetworkInterfaceAccessControlGroup::new([group], &interface);
    assert_eq!(bench.refusal(&add(NOWHERE)), "1007000");
    assert_eq!(bench.refusal(&add(&foreign)), "1102");
    bench.call(&add(&bench.new_access_control_group(&vpc))).unwrap();
}

#[test]
fn a_subnet_is_guarded_by_a_network_acl_of_its_vpc() {
    let bench = Bench::new();
    let (_, _) = elsewhere(&bench);
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let other = bench.vpc("third", "10.2.0.0/16");
    let foreign = bench.network_acl(&other);
    let create = CreateSubnet::new("PUBLIC", &foreign, "10.0.1.0/24", &vpc, "KR-1");
    assert_eq!(bench.refusal(&create), "1102");
    assert_eq!(
        bench.refusal(&SetSubnetNetworkAcl::new(&foreign, &subnet)),
        "1102"
    );
    assert_eq!(bench.refusal(&SetSubnetNetworkAcl::new(NOWHERE, &subnet)), "800");
}

#[test]
fn blocks_are_private_within_each_other_and_do_not_overlap() {
    let bench = Bench::new();
    for block in [
        "10.0.0.0/8",
        "10.0.0.0/29",
        "8.8.0.0/16",
        "172.32.0.0/16",
        "10.0.0.0",
    ] {
        assert_eq!(bench.refusal(&CreateVpc::new(block)), "1100", "{block}");
    }
    let vpc = bench.vpc("net", "172.16.0.0/20");
    let acl = bench.network_acl(&vpc);
    let create = |block: &str| CreateSubnet::new("PUBLIC", &acl, block, &vpc, "KR-1");
    let subnet = bench.subnet(&vpc, "172.16.1.0/24");
    for (block, code) in [
        ("172.16.16.0/24", "1100"),
        ("172.16.0.0/19", "1100"),
        ("172.16.0.0/20", "1101"),
        ("172.16.1.0/24", "1101"),
        ("172.16.1.128/25", "1101"),
    ] {
        assert_eq!(bench.refusal(&create(block)), code, "{block}");
    }
    let error = bench.call(&create("172.16.0.0/23")).unwrap_err();
    assert!(
        error.to_string().contains("overlaps \"172.16.1.0/24\""),
        "{error}"
    );
    bench.call(&create("172.16.2.0/24")).unwrap();
    // What another VPC has is its own affair, and what is gone is free again.
    let twin = bench.vpc("twin", "172.16.0.0/20");
    bench.subnet(&twin, "172.16.1.0/24");
    bench.call(&DeleteSubnet::new(&subnet)).unwrap();
    bench.pass(3);
    bench.call(&create("172.16.0.0/23")).unwrap();

    let peering = CreateVpcPeeringInstance::new(&vpc, &twin);
    assert_eq!(bench.refusal(&peering), "1102");
    assert_eq!(bench.refusal(&CreateVpcPeeringInstance::new(&vpc, &vpc)), "1102");
}

#[test]
fn routes_lead_out_of_their_own_vpc() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let (other, subnet) = elsewhere(&bench);
    let gateway = CreateNatGatewayInstance::new(&vpc, "KR-1").subnet_no(&subnet);
    assert_eq!(bench.refusal(&gateway), "1102");
    let gateway = CreateNatGatewayInstance::new(&other, "KR-1").subnet_no(&subnet);
    let made = bench.call(&gateway).unwrap();
    let gateway = made.nat_gateway_instance_list[0].nat_gateway_instance_no.clone();
    let made = bench.call(&CreateVpcPeeringInstance::new(&other, &vpc)).unwrap();
    let peering = made.vpc_peering_instance_list[0].vpc_peering_instance_no.clone();
    bench.pass(3);

    let route = |kind: &str, target: &Option<String>, block: &str| {
        let target = target.as_deref().unwrap();
        RouteParameter::new(block, kind)
            .target_no(target)
            .target_name("way")
    };
    let tables = bench.call(&GetRouteTableList::new()).unwrap().route_table_list;
    let add = |vpc: &str, route: RouteParameter| {
        let table = tables.iter().find(|table| table.vpc_no.as_deref() == Some(vpc));
        AddRoute::new([route], table.unwrap().route_table_no.clone().unwrap(), vpc)
    };
    let (out, over) = (
        route("NATGW", &gateway, "8.8.8.0/24"),
        route("VPCPEERING", &peering, "10.0.0.0/16"),
    );
    for route in [&out, &over] {
        assert_eq!(bench.refusal(&add(&vpc, route.clone())), "800");
        bench.call(&add(&other, route.clone())).unwrap();
        bench.pass(3);
    }
}

#[test]
fn targets_are_servers_of_the_vpc() {
    let bench = Bench::new();
    let (vpc, _, number) = running(&bench);
    let (other, _) = elsewhere(&bench);
    let create = |vpc: &str| CreateTargetGroup::new("HTTP", "HTTP", vpc).target_no_list([&number]);
    assert_eq!(bench.refusal(&create(&other)), "1102");
    let made = bench.call(&create(&vpc)).unwrap();
    let group = &made.target_group_list[0];
    assert_eq!(group.target_no_list, [number.as_str()]);
    let group = group.target_group_no.clone().unwrap();
    for (target, code) in [(NOWHERE, "800"), ("900101", "1102")] {
        assert_eq!(bench.refusal(&AddTarget::new(&group, [target])), code);
        let set = SetTarget::new(&group).target_no_list([&number, target]);
        assert_eq!(bench.refusal(&set), code);
    }
}

#[test]
fn volumes_let_in_servers_that_are_there_and_lock_out_any() {
    let bench = Bench::new();
    let create = CreateNasVolumeInstance::new(500, "NFS");
    let nobody = create.clone().server_instance_no_list([NOWHERE]);
    assert_eq!(bench.refusal(&nobody), "800");
    let (_, _, number) = running(&bench);
    let made = bench.call(&create.server_instance_no_list([&number])).unwrap();
    let volume = made.nas_volume_instance_list[0].nas_volume_instance_no.clone();
    let volume = volume.unwrap();
    bench.pass(3);
    let set = SetNasVolumeAccessControl::new(&volume).server_instance_no_list([NOWHERE]);
    assert_eq!(bench.refusal(&set), "800");
    // A server that is gone can still be taken off the list.
    stop(&bench, &number);
    bench.call(&TerminateServerInstances::new([&number])).unwrap();
    bench.pass(3);
    let remove = RemoveNasVolumeAccessControl::new(&volume).server_instance_no_list([&number]);
    let left = bench.call(&remove).unwrap().nas_volume_instance_list;
    assert!(left[0].nas_volume_server_instance_no_list.is_empty());
}

#[test]
fn public_ips_are_for_servers_that_are_there() {
    let bench = Bench::new();
    let (_, _, number) = running(&bench);
    let create = CreatePublicIpInstance::new();
    assert_eq!(bench.refusal(&create.clone().server_instance_no(NOWHERE)), "800");
    let made = bench.call(&create).unwrap().public_ip_instance_list[0].clone();
    bench.pass(3);
    let address = made.public_ip_instance_no.unwrap();
    let associate = |server: &str| AssociatePublicIpWithServerInstance::new(&address, server);
    assert_eq!(bench.refusal(&associate(NOWHERE)), "800");
    bench.call(&associate(&number)).unwrap();
    bench.pass(3);
    assert_eq!(server(&bench, &number).public_ip, made.public_ip);
    // One in a private subnet cannot be reached from outside.
    let vpc = bench.vpc("inner", "10.2.0.0/16");
    let acl = bench.network_acl(&vpc);
    let inner = CreateSubnet::new("PRIVATE", acl, "10.2.0.0/24", &vpc, "KR-1");
    let subnet = bench.call(&inner).unwrap().subnet_list[0]
        .subnet_no
        .clone()
        .unwrap();
    bench.pass(3);
    let made = bench.call(&creation(&bench, &vpc, &subnet)).unwrap();
    let inner = made.server_instance_list[0].server_instance_no.clone().unwrap();
    bench.pass(3);
    assert_eq!(bench.refusal(&associate(&inner)), "1102");
}

#[test]
fn servers_join_and_leave_placement_groups() {
    let bench = Bench::new();
    let (vpc, subnet, number) = running(&bench);
    let group = |name: &str| {
        let create = CreatePlacementGroup::new().placement_group_name(name);
        let made = bench.call(&create).unwrap().placement_group_list;
        made[0].placement_group_no.clone().unwrap()
    };
    let (apart, other) = (group("apart"), group("other"));
    let add = |group: &str, server: &str| AddPlacementGroupServerInstance::new(group, server);
    let remove = |group: &str| RemovePlacementGroupServerInstance::new(group, &number);
    assert_eq!(bench.refusal(&add(NOWHERE, &number)), "800");
    assert_eq!(bench.refusal(&add(&apart, NOWHERE)), "800");
    assert_eq!(bench.refusal(&remove(&apart)), "1102");
    let joined = bench.call(&add(&apart, &number)).unwrap().server_instance_list;
    assert_eq!(joined[0].placement_group_name.as_deref(), Some("apart"));
    assert_eq!(bench.refusal(&add(&other, &number)), "1102");
    assert_eq!(bench.refusal(&remove(&other)), "1102");
    assert_eq!(bench.refusal(&DeletePlacementGroup::new(&apart)), "1103");
    bench.call(&remove(&apart)).unwrap();
    assert_eq!(server(&bench, &number).placement_group_no.unwrap_or_default(), "");
    bench.call(&DeletePlacementGroup::new(&apart)).unwrap();

    let create = creation(&bench, &vpc, &subnet);
    let made = |group: &str| create.clone().placement_group_no(group);
    assert_eq!(bench.refusal(&made(&apart)), "800");
    let made = bench.call(&made(&other)).unwrap().server_instance_list;
    assert_eq!(made[0].placement_group_name.as_deref(), Some("other"));
    let made = made[0].server_instance_no.as_deref().unwrap();
    // Nothing can be done to what is being made.
    assert_eq!(
        bench.refusal(&RemovePlacementGroupServerInstance::new(&other, made)),
        "1100031"
    );
    bench.pass(3);
    stop(&bench, made);
    bench.call(&TerminateServerInstances::new([made])).unwrap();
    assert_eq!(bench.refusal(&DeletePlacementGroup::new(&other)), "1103");
    bench.pass(3);
    bench.call(&DeletePlacementGroup::new(&other)).unwrap();
}

#[test]
fn a_password_opens_with_the_key_of_its_server() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let key = |name: &str| {
        let made = bench.call(&CreateLoginKey::new().key_name(name)).unwrap();
        made.private_key.unwrap().expose().to_owned()
    };
    let create = creation(&bench, &vpc, &subnet).login_key_name("ops");
    assert_eq!(bench.refusal(&create), "800");
    let (right, wrong) = (key("ops"), key("other"));
    let made = bench.call(&create).unwrap().server_instance_list[0].clone();
    assert_eq!(made.login_key_name.as_deref(), Some("ops"));
    let number = made.server_instance_no.unwrap();

    let ask = GetRootPassword::new(&number);
    assert_eq!(bench.refusal(&ask.clone().private_key(wrong.clone())), "1100");
    let hidden = bench.call(&ask).unwrap().root_password.unwrap();
    let opened = bench.call(&ask.private_key(right.clone())).unwrap().root_password;
    let opened = opened.unwrap();
    assert_ne!(opened.expose(), hidden.expose());

    let one = |server: &str, key: &str| RootPasswordServerInstanceParameter::new(server).private_key(key);
    let several = |all: Vec<RootPasswordServerInstanceParameter>| GetRootPasswordServerInstanceList::new(all);
    let list = bench
        .call(&several(vec![one(&number, &right), one("900101", &right)]))
        .unwrap();
    let list = list.root_password_server_instance_list;
    assert_eq!(list.len(), 2);
    assert_eq!(list[0].root_password.as_ref().unwrap().expose(), opened.expose());
    assert_eq!(
        bench.refusal(&several(vec![one(&number, &right), one(NOWHERE, &right)])),
        "800"
    );
    assert_eq!(bench.refusal(&several(vec![one(&number, &wrong)])), "1100");
}
