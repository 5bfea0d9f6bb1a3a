//! Load balancers: made with subnets and listeners, changed, deleted with their listeners.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::listener::{self, LISTENER};
use super::{BUSY, target_group};
use crate::outcome::ServiceError;
use crate::world::change::given;
use crate::world::kind::{Kind, Move, Need, PLAIN, Phase, Rule, State};
use crate::world::kinds::vpc::{SUBNET, VPC};
use crate::world::reference::in_vpc;
use crate::world::{Call, Change, Resource, along, common_code, remove, text};

const IDLE: Phase = Phase::new("USED", "NULL", "Running");
const CHANGING: Phase = Phase::keeping("CHANG", "Changing");

pub(crate) static LOAD_BALANCER: Kind = Kind {
    name: "load balancer",
    service: "vloadbalancer",
    number: "loadBalancerInstanceNo",
    list: "loadBalancerInstanceList",
    label: Some(("loadBalancerName", "lb")),
    state: State {
        status: "loadBalancerInstanceStatus",
        operation: "loadBalancerInstanceOperation",
        phrase: "loadBalancerInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "Creating"),
    made: IDLE,
    deleting: Phase::keeping("TERMT", "Terminating"),
    needs: &[Need {
        member: "vpcNo",
        kind: &VPC,
    }],
    busy_code: BUSY,
    actions: &[
        ("getLoadBalancerInstanceList", Rule::List),
        ("getLoadBalancerInstanceDetail", Rule::Detail),
        ("createLoadBalancerInstance", Rule::Create(load_balancer)),
        ("deleteLoadBalancerInstances", Rule::Odd(delete)),
        (
            "changeLoadBalancerInstanceConfiguration",
            Rule::Move(Move {
                by: "loadBalancerInstanceNo",
                from: &["USED"],
                during: CHANGING,
                then: IDLE,
                effect: Some(take_configuration),
            }),
        ),
        (
            "setLoadBalancerInstanceSubnet",
            Rule::Move(Move {
                by: "loadBalancerInstanceNo",
                from: &["USED"],
                during: CHANGING,
                then: IDLE,
                effect: Some(take_subnets),
            }),
        ),
        ("setLoadBalancerDescription", Rule::Set),
    ],
    ..PLAIN
};

fn load_balancer(call: &mut Call<'_>, load_balancer: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let mut subnets = subnets(call, &load_balancer.text("vpcNo"))?;
    let name = load_balancer.text("loadBalancerName");
    let domain = format!("{name}-{number}-{}.lb.example.com", call.region.to_lowercase());
    let defaults = json!({
        "loadBalancerDescription": "", "loadBalancerNetworkType": common_code("PUBLIC", "PUBLIC"),
        "throughputType": common_code("SMALL", "SMALL"), "idleTimeout": 60,
    });
    along::complete(&mut load_balancer.members, defaults);
    load_balancer.members.append(&mut subnets);
    let shown = json!({ "loadBalancerDomain": domain, "loadBalancerIpList": [address(number)] });
    load_balancer.at_end.append(&mut along::members(shown));
    let mut planned: Vec<listener::Planned> = Vec::new();
    for given in call.structs("loadBalancerListenerList") {
        let plan = listener::plan(call, load_balancer, &number.to_string(), &given)?;
        if planned.iter().any(|other| other.port == plan.port) {
            return Err(ServiceError::taken("port", &plan.port));
        }
        planned.push(plan);
    }
    // From here on nothing can be refused any more.
    let listeners: Vec<Value> = planned
        .into_iter()
        .map(|plan| Value::String(listener::make(call, plan).to_string()))
        .collect();
    load_balancer
        .members
        .insert("loadBalancerListenerNoList".to_owned(), listeners.into());
    Ok(())
}

/// An address out of those that are kept for documents.
fn address(number: u64) -> String {
    format!("203.0.113.{}", number % 254 + 1)
}

/// The subnets that a call names, as members of the load balancer.
fn subnets(call: &Call<'_>, vpc: &str) -> Result<Map<String, Value>, ServiceError> {
    const BY: &str = "subnetNoList";
    let mut subnets = call.structs("loadBalancerSubnetList");
    if subnets.is_empty() {
        let numbers = call.items(BY).into_iter();
        subnets = numbers
            .map(|number| along::members(json!({ "subnetNo": number })))
            .collect();
    }
    if subnets.is_empty() {
        return Err(ServiceError::parameter(BY, "is missing"));
    }
    let mut zones = BTreeSet::new();
    let mut numbers = Vec::new();
    for subnet in &mut subnets {
        let number = text(subnet, "subnetNo");
        let found = in_vpc(call, &SUBNET, BY, &number, vpc)?;
        if found.text("usageType") != "LOADB" {
            let problem = "is not one for load balancers; its usageType has to be LOADB";
            return Err(ServiceError::state(BY, &number, problem));
        }
        let zone = found.text("zoneCode");
        if !zones.insert(zone.clone()) {
            return Err(ServiceError::parameter(BY, "must name one subnet per zone"));
        }
        subnet.insert("zoneCode".to_owned(), Value::String(zone));
        numbers.push(number);
    }
    let members = json!({ "subnetNoList": numbers, "loadBalancerSubnetList": subnets });
    Ok(along::members(members))
}

fn take_configuration(call: &mut Call<'_>, _: &str, change: &mut Change) -> Result<(), ServiceError> {
    change.sets = given(call, &LOAD_BALANCER);
    Ok(())
}

fn take_subnets(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let found = call
        .world
        .find(&LOAD_BALANCER, &call.region, number, call.pace.now);
    let vpc = found.map(|found| found.text("vpcNo")).unwrap_or_default();
    change.sets = subnets(call, &vpc)?;
    Ok(())
}

/// Listeners and their rules go with their load balancer, and their target groups are free again.
fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let answer = remove::remove(call, kind, "loadBalancerInstanceNoList", &[])?;
    let mut freed = BTreeSet::new();
    for number in call.items("loadBalancerInstanceNoList") {
        freed.extend(listener::remove_rules(call, "loadBalancerInstanceNo", &number));
        along::remove(call, &LISTENER, "loadBalancerInstanceNo", &number);
    }
    target_group::free(call, freed);
    Ok(answer)
}

/// A load balancer has to be there, in use and with nothing else going on, before something of it is changed.
pub(super) fn check(call: &Call<'_>, by: &str, named: &str, number: &str) -> Result<(), ServiceError> {
    let now = call.pace.now;
    let found = call.world.find(&LOAD_BALANCER, &call.region, number, now);
    match found {
        None => Err(ServiceError::authority(by, named)),
        Some(found) if found.is_busy(now) => Err(ServiceError::busy(BUSY, by, named)),
        Some(_) => Ok(()),
    }
}

/// Begins to change a load balancer because something of it is changed; `listeners` gives it other ones at the end.
pub(super) fn begin_to_change(call: &mut Call<'_>, number: &str, listeners: Option<Vec<Value>>) {
    let mut change = Change::new(call.end(), CHANGING, IDLE);
    if let Some(listeners) = listeners {
        let member = "loadBalancerListenerNoList".to_owned();
        change.sets.insert(member, listeners.into());
    }
    let now = call.pace.now;
    if let Some(found) = call.world.find_mut(&LOAD_BALANCER, &call.region, number, now) {
        found.begin(change);
    }
}

/// The numbers of a load balancer's listeners.
pub(super) fn listeners(call: &Call<'_>, number: &str) -> Vec<Value> {
    let now = call.pace.now;
    let found = call.world.find(&LOAD_BALANCER, &call.region, number, now);
    let listeners = found.and_then(|found| {
        let mut shown = found.shown(&LOAD_BALANCER, now);
        shown.remove("loadBalancerListenerNoList")
    });
    match listeners {
        Some(Value::Array(listeners)) => listeners,
        _ => Vec::new(),
    }
}
