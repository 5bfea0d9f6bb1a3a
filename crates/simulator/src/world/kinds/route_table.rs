//! Route tables, with their routes and their subnets.

use serde_json::{Map, Value, json};

use super::nat_gateway::NAT_GATEWAY;
use super::vpc::{INIT, RUN, SET, SUBNET, TERMTING, VPC, delete_if_not_default, status};
use super::vpc_peering::VPC_PEERING;
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::entries::{self, Entries, Given};
use crate::world::kind::{Hold, Kind, Need, PLAIN, Rule};
use crate::world::{Call, Change, Resource, common_code};

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
    held_by: &[Hold {
        kind: || &SUBNET,
        member: "routeTableNo",
    }],
    busy_code: BUSY,
    absent_code: Some("1017007"),
    actions: &[
        ("getRouteTableList", Rule::List),
        ("getRouteTableDetail", Rule::Detail),
        ("createRouteTable", Rule::Create(complete)),
        ("deleteRouteTable", Rule::Odd(delete_if_not_default)),
        ("setRouteTableDescription", Rule::Set),
        (
            "addRoute",
            Rule::Odd(|call, kind| entries::add(call, kind, &ROUTES)),
        ),
        (
            "removeRoute",
            Rule::Odd(|call, kind| entries::remove(call, kind, &ROUTES)),
        ),
        (
            "getRouteList",
            Rule::Odd(|call, kind| entries::show(call, kind, &ROUTES)),
        ),
        ("addRouteTableSubnet", Rule::Odd(add_subnets)),
        ("removeRouteTableSubnet", Rule::Odd(remove_subnets)),
        ("getRouteTableSubnetList", Rule::Odd(subnets)),
    ],
    ..PLAIN
};

const BUSY: &str = "1017013";

static ROUTES: Entries = Entries {
    list: "routeList",
    direction: None,
    same: &["destinationCidrBlock"],
    limit: 200,
    busy_code: BUSY,
    during: SET,
    then: RUN,
    complete: complete_route,
};

type Answer = Result<Map<String, Value>, ServiceError>;

/// The routes that nobody can remove: to the VPC itself and, for public subnets, to the internet.
pub(super) fn built_in_routes(block: &str, subnets: &str) -> Value {
    let route = |block: &str, target: &str| {
        json!({
            "destinationCidrBlock": block, "targetType": common_code(target, target), "targetNo": "",
            "targetName": target, "isDefault": true,
        })
    };
    let mut routes = vec![route(block, "LOCAL")];
    if subnets == "PUBLIC" {
        routes.push(route("0.0.0.0/0", "IGW"));
    }
    Value::Array(routes)
}

fn complete(call: &mut Call<'_>, table: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let vpc = table.text("vpcNo");
    let vpc = call.world.find(&VPC, &call.region, &vpc, call.pace.now);
    let block = vpc.map(|vpc| vpc.text("ipv4CidrBlock")).unwrap_or_default();
    let routes = built_in_routes(&block, &table.text("supportedSubnetType"));
    table.members.insert("routeList".to_owned(), routes);
    table.members.insert("isDefault".to_owned(), json!(false));
    Ok(())
}

/// A route leads to something that is there, as far as the simulator has that kind of thing.
fn complete_route(
    call: &Call<'_>,
    given: &Given<'_>,
    route: &mut Map<String, Value>,
) -> Result<(), ServiceError> {
    let target = given.text("targetNo");
    let kind = match given.text("targetTypeCode").as_str() {
        "NATGW" => Some((&NAT_GATEWAY, "vpcNo")),
        // A peering leads one way, out of its source.
        "VPCPEERING" => Some((&VPC_PEERING, "sourceVpcNo")),
        _ => None,
    };
    if let Some((kind, vpc)) = kind.filter(|_| given.is_new) {
        let found = call.world.find(kind, &call.region, &target, call.pace.now);
        let found = found.filter(|found| !found.is_going());
        if found.is_none_or(|found| call.get("vpcNo").is_some_and(|ours| found.text(vpc) != ours)) {
            return Err(ServiceError::authority(&given.name("targetNo"), &target));
        }
    }
    route.insert("isDefault".to_owned(), json!(false));
    Ok(())
}

/// The default route table for subnets of a type.
pub(super) fn default_of(call: &Call<'_>, vpc: &str, subnets: &str) -> Option<String> {
    let mut tables = call.world.naming(&ROUTE_TABLE, "vpcNo", vpc, call.pace.now);
    let found = tables.find(|table| {
        table.text("vpcNo") == vpc
            && table.text("isDefault") == "true"
            && table.text("supportedSubnetType") == subnets
    });
    found.map(|table| table.text(ROUTE_TABLE.number))
}

/// The subnets that a table serves; each subnet knows its table.
fn subnets(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let number = call.required(kind.number)?;
    if call
        .world
        .find(kind, &call.region, &number, call.pace.now)
        .is_none()
    {
        return Err(ServiceError::absent("1017007", kind.number, &number));
    }
    Ok(served(call, kind, &number))
}

fn served(call: &Call<'_>, kind: &Kind, number: &str) -> Map<String, Value> {
    let all = call.world.naming(&SUBNET, kind.number, number, call.pace.now);
    let served = all.filter(|subnet| subnet.text(kind.number) == number);
    let numbers: Vec<u64> = served
        .filter_map(|subnet| subnet.text(SUBNET.number).parse().ok())
        .collect();
    call.show(&SUBNET, &numbers)
}

/// Takes subnets over from the tables that served them.
fn add_subnets(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let number = call.required(kind.number)?;
    check(call, kind, kind.number, &number, &["RUN"])?;
    let table = call.world.find(kind, &call.region, &number, call.pace.now);
    let of_table = |member| table.map(|table| table.text(member)).unwrap_or_default();
    let (vpc, serves) = (of_table("vpcNo"), of_table("supportedSubnetType"));
    let named = call.items("subnetNoList");
    for subnet in &named {
        let found = call.world.find(&SUBNET, &call.region, subnet, call.pace.now);
        let found = found.filter(|found| found.text("vpcNo") == vpc && !found.is_going());
        let found = found.ok_or_else(|| ServiceError::authority("subnetNoList", subnet))?;
        if found.text("subnetType") != serves {
            let problem = format!("is no {serves} subnet, which alone the route table serves");
            return Err(ServiceError::state("subnetNoList", subnet, &problem));
        }
    }
    let moves = named.into_iter().map(|subnet| (subnet, number.clone()));
    hand_over(call, moves.collect());
    Ok(apply(call, kind, &number))
}

/// Gives subnets back to the default table.
fn remove_subnets(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let number = call.required(kind.number)?;
    check(call, kind, kind.number, &number, &["RUN"])?;
    let mut moves = Vec::new();
    for subnet in call.items("subnetNoList") {
        let found = call.world.find(&SUBNET, &call.region, &subnet, call.pace.now);
        let found = found.filter(|found| found.text(kind.number) == number);
        let found = found.ok_or_else(|| ServiceError::authority("subnetNoList", &subnet))?;
        let back = default_of(call, &found.text("vpcNo"), &found.text("subnetType"));
        match back {
            Some(back) if back != number => moves.push((subnet, back)),
            _ => {
                let problem = "is served by the default route table; add it to another one";
                return Err(ServiceError::state("subnetNoList", &subnet, problem));
            }
        }
    }
    hand_over(call, moves);
    Ok(apply(call, kind, &number))
}

/// Notes of subnets which table serves them now.
fn hand_over(call: &mut Call<'_>, moves: Vec<(String, String)>) {
    for (subnet, table) in moves {
        if let Some(found) = call.world.find_mut(&SUBNET, &call.region, &subnet, call.pace.now) {
            found
                .members
                .insert(ROUTE_TABLE.number.to_owned(), Value::String(table));
        }
    }
}

/// Has the table set, and shows what it serves.
fn apply(call: &mut Call<'_>, kind: &'static Kind, number: &str) -> Map<String, Value> {
    let change = Change::new(call.end(), SET, RUN);
    if let Some(found) = call.world.find_mut(kind, &call.region, number, call.pace.now) {
        found.begin(change);
    }
    served(call, kind, number)
}
