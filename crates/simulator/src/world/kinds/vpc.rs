//! VPCs with what they bring along, and subnets.

use serde_json::{Map, Value, json};

use super::access_control_group::{self, ACCESS_CONTROL_GROUP};
use super::block::Block;
use super::nat_gateway::NAT_GATEWAY;
use super::network_acl::NETWORK_ACL;
use super::network_acl_deny_allow_group::NETWORK_ACL_DENY_ALLOW_GROUP;
use super::route_table::{self, ROUTE_TABLE};
use super::vpc_peering::VPC_PEERING;
use super::{databases, vloadbalancer};
use crate::outcome::ServiceError;
use crate::world::change::{begin, check};
use crate::world::kind::{Hold, Kind, Move, Need, PLAIN, Phase, Rule, State};
use crate::world::reference::{in_vpc, named};
use crate::world::{Call, Change, Resource, along, common_code, remove};

pub(super) const INIT: Phase = Phase::new("INIT", "CREAT", "initializing");
pub(super) const RUN: Phase = Phase::new("RUN", "NULL", "running");
pub(super) const SET: Phase = Phase::new("SET", "CHNG", "setting");
pub(super) const TERMTING: Phase = Phase::new("TERMTING", "TERMT", "terminating");

pub(super) const fn status(status: &'static str) -> State {
    State {
        status,
        operation: "",
        phrase: "",
    }
}

pub(crate) static VPC: Kind = Kind {
    name: "VPC",
    service: "vpc",
    number: "vpcNo",
    list: "vpcList",
    label: Some(("vpcName", "vpc")),
    state: status("vpcStatus"),
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    held_by: &[
        Hold {
            kind: || &SUBNET,
            member: "vpcNo",
        },
        Hold {
            kind: || &NAT_GATEWAY,
            member: "vpcNo",
        },
        Hold {
            kind: || &VPC_PEERING,
            member: "sourceVpcNo",
        },
        Hold {
            kind: || &VPC_PEERING,
            member: "targetVpcNo",
        },
        Hold {
            kind: || &vloadbalancer::LOAD_BALANCER,
            member: "vpcNo",
        },
        Hold {
            kind: || &vloadbalancer::TARGET_GROUP,
            member: "vpcNo",
        },
    ],
    busy_code: "1001015",
    actions: &[
        ("getVpcList", Rule::List),
        ("getVpcDetail", Rule::Detail),
        ("createVpc", Rule::Create(with_defaults)),
        ("deleteVpc", Rule::Odd(delete_vpc)),
    ],
    ..PLAIN
};

/// A VPC brings its default network ACL, route tables and access control group, which go with it.
fn with_defaults(call: &mut Call<'_>, vpc: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let name = vpc.text("vpcName");
    let block = vpc.text("ipv4CidrBlock");
    Block::given("ipv4CidrBlock", &block)?;
    let number = number.to_string();
    let region = call.region.clone();
    let here = |members| Resource::new(&region, along::members(members));
    let acl = json!({
        "networkAclName": format!("{name}-default-network-acl"), "vpcNo": number, "isDefault": true,
        "networkAclDescription": "",
    });
    along::make(call, &NETWORK_ACL, here(acl));
    for (kind, suffix) in [("PUBLIC", "public"), ("PRIVATE", "private")] {
        let table = json!({
            "routeTableName": format!("{name}-default-{suffix}-table"), "vpcNo": number, "isDefault": true,
            "supportedSubnetType": common_code(kind, kind), "routeTableDescription": "",
            "routeList": route_table::built_in_routes(&block, kind),
        });
        along::make(call, &ROUTE_TABLE, here(table));
    }
    let group = json!({
        "accessControlGroupName": format!("{name}-default-acg"), "vpcNo": number, "isDefault": true,
        "accessControlGroupDescription": "", "accessControlGroupRuleList": access_control_group::default_rules(),
    });
    along::make(call, &ACCESS_CONTROL_GROUP, here(group));
    Ok(())
}

fn delete_vpc(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required("vpcNo")?;
    let mut answer = remove::remove(call, kind, "vpcNo", &[])?;
    // This answer alone spells its list in its own way.
    if let Some(list) = answer.remove(kind.list) {
        answer.insert("VpcList".to_owned(), list);
    }
    for brought in [
        &NETWORK_ACL,
        &NETWORK_ACL_DENY_ALLOW_GROUP,
        &ROUTE_TABLE,
        &ACCESS_CONTROL_GROUP,
    ] {
        along::remove(call, brought, "vpcNo", &number);
    }
    Ok(answer)
}

/// Nothing that came with a VPC can be deleted but with it.
pub(super) fn refuse_default(call: &Call<'_>, kind: &'static Kind) -> Result<(), ServiceError> {
    let number = call.required(kind.number)?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    if found.is_some_and(|found| found.text("isDefault") == "true") {
        let problem = "is a default one; it goes with its VPC";
        return Err(ServiceError::state(kind.number, &number, problem));
    }
    Ok(())
}

/// Deletes one, unless it is a default one.
pub(super) fn delete_if_not_default(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    refuse_default(call, kind)?;
    remove::remove(call, kind, kind.number, &["RUN"])
}

pub(crate) static SUBNET: Kind = Kind {
    name: "subnet",
    service: "vpc",
    number: "subnetNo",
    list: "subnetList",
    label: Some(("subnetName", "subnet")),
    state: status("subnetStatus"),
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[
        Need {
            member: "vpcNo",
            kind: &VPC,
        },
        Need {
            member: "networkAclNo",
            kind: &NETWORK_ACL,
        },
    ],
    held_by: &[
        Hold {
            kind: || &NAT_GATEWAY,
            member: "subnetNo",
        },
        Hold {
            kind: || &vloadbalancer::LOAD_BALANCER,
            member: "subnetNoList",
        },
        Hold {
            kind: || &databases::MYSQL,
            member: "subnetNo",
        },
        Hold {
            kind: || &databases::POSTGRESQL,
            member: "subnetNo",
        },
        Hold {
            kind: || &databases::MSSQL,
            member: "subnetNo",
        },
        Hold {
            kind: || &databases::MONGODB,
            member: "subnetNo",
        },
        Hold {
            kind: || &databases::REDIS,
            member: "subnetNo",
        },
        Hold {
            kind: || &databases::HADOOP,
            member: "subnetNo",
        },
        Hold {
            kind: || &super::network_interface::NETWORK_INTERFACE,
            member: "subnetNo",
        },
    ],
    busy_code: "1001015",
    actions: &[
        ("getSubnetList", Rule::List),
        ("getSubnetDetail", Rule::Detail),
        ("createSubnet", Rule::Create(subnet)),
        (
            "deleteSubnet",
            Rule::Delete {
                by: "subnetNo",
                from: &["RUN"],
            },
        ),
        ("setSubnetNetworkAcl", Rule::Odd(set_network_acl)),
    ],
    ..PLAIN
};

fn subnet(call: &mut Call<'_>, subnet: &mut Resource, _: u64) -> Result<(), ServiceError> {
    check_block(call, &subnet.text("vpcNo"), &subnet.text("subnet"))?;
    let acl = subnet.text("networkAclNo");
    in_vpc(call, &NETWORK_ACL, "networkAclNo", &acl, &subnet.text("vpcNo"))?;
    let usage = common_code("GEN", "General");
    subnet.members.entry("usageType".to_owned()).or_insert(usage);
    let (vpc, kind) = (subnet.text("vpcNo"), subnet.text("subnetType"));
    if let Some(table) = route_table::default_of(call, &vpc, &kind) {
        subnet
            .members
            .insert(ROUTE_TABLE.number.to_owned(), Value::String(table));
    }
    Ok(())
}

/// A subnet's block lies within its VPC's, and beside those of the VPC's other subnets.
fn check_block(call: &Call<'_>, vpc: &str, text: &str) -> Result<(), ServiceError> {
    let block = Block::given("subnet", text)?;
    let around = named(call, &VPC, "vpcNo", vpc)?.text("ipv4CidrBlock");
    if !Block::of(&around).is_some_and(|around| around.holds(block)) {
        let problem = format!("must lie within {around}, the block of its VPC");
        return Err(ServiceError::parameter("subnet", &problem));
    }
    let mut others = call.world.naming(&SUBNET, "vpcNo", vpc, call.pace.now);
    let other = others.find(|other| {
        let of_other = |member| other.members.get(member).and_then(Value::as_str);
        let theirs = || Block::of(of_other("subnet")?);
        of_other("vpcNo") == Some(vpc) && theirs().is_some_and(|theirs| theirs.overlaps(block))
    });
    match other {
        Some(other) => Err(ServiceError::overlapping("subnet", text, &other.text("subnet"))),
        None => Ok(()),
    }
}

/// The subnet changes, and the answer shows the network ACL.
fn set_network_acl(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let moved = Move {
        by: "subnetNo",
        from: &["RUN"],
        during: SET,
        then: RUN,
        effect: Some(take_network_acl),
    };
    begin(call, kind, &moved)?;
    let shown: Vec<u64> = call.required("networkAclNo")?.parse().into_iter().collect();
    Ok(call.show(&NETWORK_ACL, &shown))
}

fn take_network_acl(call: &mut Call<'_>, subnet: &str, change: &mut Change) -> Result<(), ServiceError> {
    let acl = call.required("networkAclNo")?;
    check(call, &NETWORK_ACL, "networkAclNo", &acl, &[])?;
    let vpc = named(call, &SUBNET, "subnetNo", subnet)?.text("vpcNo");
    in_vpc(call, &NETWORK_ACL, "networkAclNo", &acl, &vpc)?;
    change.sets.insert("networkAclNo".to_owned(), Value::String(acl));
    Ok(())
}
