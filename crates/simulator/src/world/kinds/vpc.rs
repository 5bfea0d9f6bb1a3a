//! The networks: VPCs with what they bring along, subnets, network ACLs, route tables, NAT gateways, peerings.

use serde_json::{Value, json};

use super::as_given;
use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::change::check;
use crate::world::kind::{Hold, Kind, Move, Need, PLAIN, Phase, Rule, State};
use crate::world::{Call, Change, Resource, common_code};

const INIT: Phase = Phase::new("INIT", "CREAT", "initializing");
const RUN: Phase = Phase::new("RUN", "NULL", "running");
const SET: Phase = Phase::new("SET", "CHNG", "setting");
const TERMTING: Phase = Phase::new("TERMTING", "TERMT", "terminating");

const fn status(status: &'static str) -> State {
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

/// A VPC brings its default network ACL and its default route tables, which go with it.
fn with_defaults(call: &mut Call<'_>, vpc: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let name = vpc.text("vpcName");
    let number = number.to_string();
    let acl = json!({
        "networkAclName": format!("{name}-default-network-acl"), "vpcNo": number, "isDefault": true,
        "networkAclDescription": "",
    });
    bring(call, &NETWORK_ACL, acl);
    for (kind, is_public) in [("PUBLIC", true), ("PRIVATE", false)] {
        let suffix = if is_public { "public" } else { "private" };
        let table = json!({
            "routeTableName": format!("{name}-default-{suffix}-table"), "vpcNo": number, "isDefault": true,
            "supportedSubnetType": common_code(kind, kind), "routeTableDescription": "", "routeList": [], "subnetNoList": [],
        });
        bring(call, &ROUTE_TABLE, table);
    }
    Ok(())
}

/// Makes something that comes along with something else.
fn bring(call: &mut Call<'_>, kind: &'static Kind, members: Value) {
    let number = call.world.new_number();
    let Value::Object(mut members) = members else {
        return;
    };
    members.insert(kind.number.to_owned(), Value::String(number.to_string()));
    members.insert("regionCode".to_owned(), Value::String(call.region.clone()));
    for (member, value) in kind.shown(kind.made) {
        members.insert(member.to_owned(), value);
    }
    call.world
        .insert(kind, number, Resource::new(&call.region, members));
}

fn delete_vpc(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<serde_json::Map<String, Value>, ServiceError> {
    let number = call.required("vpcNo")?;
    let answer = crate::world::remove::remove(call, kind, "vpcNo", &[])?;
    let until = call.end();
    for brought in [&NETWORK_ACL, &ROUTE_TABLE] {
        let theirs: Vec<String> = call
            .world
            .all(brought, call.pace.now)
            .filter(|other| other.text("vpcNo") == number)
            .map(|other| other.text(brought.number))
            .collect();
        for other in theirs {
            if let Some(found) = call.world.find_mut(brought, &call.region, &other, call.pace.now) {
                found.begin(Change::to_gone(until, TERMTING));
            }
        }
    }
    Ok(answer)
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
        (
            "setSubnetNetworkAcl",
            Rule::Move(Move {
                by: "subnetNo",
                from: &["RUN"],
                during: SET,
                then: RUN,
                effect: Some(take_network_acl),
            }),
        ),
    ],
    ..PLAIN
};

fn subnet(call: &mut Call<'_>, subnet: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let block = subnet.text("subnet");
    let overlaps = call
        .world
        .all(&SUBNET, call.pace.now)
        .any(|other| other.text("vpcNo") == subnet.text("vpcNo") && other.text("subnet") == block);
    if overlaps {
        return Err(ServiceError::taken("subnet", &block));
    }
    let usage = common_code("GEN", "General");
    subnet.members.entry("usageType".to_owned()).or_insert(usage);
    Ok(())
}

fn take_network_acl(call: &mut Call<'_>, _: &str, change: &mut Change) -> Result<(), ServiceError> {
    let acl = call.required("networkAclNo")?;
    check(call, &NETWORK_ACL, "networkAclNo", &acl, &[])?;
    change.sets.insert("networkAclNo".to_owned(), Value::String(acl));
    Ok(())
}

pub(crate) static NETWORK_ACL: Kind = Kind {
    name: "network ACL",
    service: "vpc",
    number: "networkAclNo",
    list: "networkAclList",
    label: Some(("networkAclName", "network-acl")),
    state: status("networkAclStatus"),
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[Need {
        member: "vpcNo",
        kind: &VPC,
    }],
    held_by: &[Hold {
        kind: || &SUBNET,
        member: "networkAclNo",
    }],
    busy_code: "1011002",
    actions: &[
        ("getNetworkAclList", Rule::List),
        ("getNetworkAclDetail", Rule::Detail),
        ("createNetworkAcl", Rule::Create(as_given)),
        (
            "deleteNetworkAcl",
            Rule::Delete {
                by: "networkAclNo",
                from: &["RUN"],
            },
        ),
        ("setNetworkAclDescription", Rule::Set),
    ],
    ..PLAIN
};

pub(crate) static ROUTE_TABLE: Kind = Kind {
    name: "route table",
    service: "vpc",
    number: "routeTableNo",
    list: "routeTableList",
    label: Some(("routeTableName", "route-table")),
    state: status("routeTableStatus"),
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[Need {
        member: "vpcNo",
        kind: &VPC,
    }],
    busy_code: "1017013",
    absent_code: Some("1017007"),
    actions: &[
        ("getRouteTableList", Rule::List),
        ("getRouteTableDetail", Rule::Detail),
        ("createRouteTable", Rule::Create(as_given)),
        (
            "deleteRouteTable",
            Rule::Delete {
                by: "routeTableNo",
                from: &["RUN"],
            },
        ),
        ("setRouteTableDescription", Rule::Set),
        ("getRouteList", Rule::Odd(routes)),
    ],
    ..PLAIN
};

fn routes(call: &mut Call<'_>, kind: &'static Kind) -> Result<serde_json::Map<String, Value>, ServiceError> {
    let number = call.required("routeTableNo")?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    let found = found.ok_or_else(|| ServiceError::absent("1017007", "routeTableNo", &number))?;
    let routes = found.shown(kind, call.pace.now).remove("routeList");
    let routes = routes.and_then(|routes| routes.as_array().cloned());
    Ok(answer("routeList", routes.unwrap_or_default()))
}

pub(crate) static NAT_GATEWAY: Kind = Kind {
    name: "NAT gateway",
    service: "vpc",
    number: "natGatewayInstanceNo",
    list: "natGatewayInstanceList",
    label: Some(("natGatewayName", "nat-gateway")),
    state: State {
        status: "natGatewayInstanceStatus",
        operation: "natGatewayInstanceOperation",
        phrase: "natGatewayInstanceStatusName",
    },
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[
        Need {
            member: "vpcNo",
            kind: &VPC,
        },
        Need {
            member: "subnetNo",
            kind: &SUBNET,
        },
    ],
    actions: &[
        ("getNatGatewayInstanceList", Rule::List),
        ("getNatGatewayInstanceDetail", Rule::Detail),
        ("createNatGatewayInstance", Rule::Create(as_given)),
        (
            "deleteNatGatewayInstance",
            Rule::Delete {
                by: "natGatewayInstanceNo",
                from: &["RUN"],
            },
        ),
        ("setNatGatewayDescription", Rule::Set),
    ],
    ..PLAIN
};

pub(crate) static VPC_PEERING: Kind = Kind {
    name: "VPC peering",
    service: "vpc",
    number: "vpcPeeringInstanceNo",
    list: "vpcPeeringInstanceList",
    label: Some(("vpcPeeringName", "vpc-peering")),
    state: State {
        status: "vpcPeeringInstanceStatus",
        operation: "vpcPeeringInstanceOperation",
        phrase: "vpcPeeringInstanceStatusName",
    },
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[Need {
        member: "sourceVpcNo",
        kind: &VPC,
    }],
    actions: &[
        ("getVpcPeeringInstanceList", Rule::List),
        ("getVpcPeeringInstanceDetail", Rule::Detail),
        ("createVpcPeeringInstance", Rule::Create(as_given)),
        (
            "deleteVpcPeeringInstance",
            Rule::Delete {
                by: "vpcPeeringInstanceNo",
                from: &[],
            },
        ),
        ("setVpcPeeringDescription", Rule::Set),
    ],
    ..PLAIN
};
