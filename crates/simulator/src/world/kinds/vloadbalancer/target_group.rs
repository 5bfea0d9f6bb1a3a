//! Target groups and their targets: at most one load balancer uses a group, and whoever changes its targets changes that one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::listener::RULE;
use super::{BUSY, load_balancer};
use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::kind::{Hold, Kind, Need, PLAIN, Rule};
use crate::world::kinds::SERVER_INSTANCE;
use crate::world::kinds::vpc::VPC;
use crate::world::reference::in_vpc;
use crate::world::{Call, Resource, along, common_code, text_of};

/// The member with a group's number.
pub(super) const NUMBER: &str = "targetGroupNo";
const ABSENT: &str = "1205009";
const USER: &str = "loadBalancerInstanceNo";
const TARGETS: &str = "targetNoList";

pub(crate) static TARGET_GROUP: Kind = Kind {
    name: "target group",
    service: "vloadbalancer",
    number: NUMBER,
    list: "targetGroupList",
    label: Some(("targetGroupName", "tg")),
    needs: &[Need {
        member: "vpcNo",
        kind: &VPC,
    }],
    held_by: &[Hold {
        kind: || &RULE,
        member: NUMBER,
    }],
    busy_code: BUSY,
    absent_code: Some(ABSENT),
    actions: &[
        ("getTargetGroupList", Rule::List),
        ("getTargetGroupDetail", Rule::Detail),
        ("createTargetGroup", Rule::Create(target_group)),
        (
            "deleteTargetGroups",
            Rule::Delete {
                by: "targetGroupNoList",
                from: &[],
            },
        ),
        ("changeTargetGroupConfiguration", Rule::Set),
        ("changeTargetGroupHealthCheckConfiguration", Rule::Set),
        ("setTargetGroupDescription", Rule::Set),
        ("getTargetList", Rule::Odd(list)),
        ("addTarget", Rule::Odd(add)),
        ("setTarget", Rule::Odd(set)),
        ("removeTarget", Rule::Odd(remove)),
    ],
    ..PLAIN
};

fn target_group(call: &mut Call<'_>, group: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let targets = given(call, &group.text("vpcNo"))?;
    let port = match group.text("targetGroupProtocolType").as_str() {
        "HTTPS" => 443,
        _ => 80,
    };
    let defaults = json!({
        "targetType": common_code("VSVR", "VSVR"), "targetGroupPort": port, "targetGroupDescription": "",
        "useStickySession": false, "useProxyProtocol": false, "algorithmType": common_code("RR", "RR"),
        "healthCheckPort": port, "healthCheckCycle": 30, "healthCheckUpThreshold": 2, "healthCheckDownThreshold": 2,
        TARGETS: targets,
    });
    along::complete(&mut group.members, defaults);
    if ["HTTP", "HTTPS"].contains(&group.text("healthCheckProtocolType").as_str()) {
        let defaults = json!({
            "healthCheckUrlPath": "/", "healthCheckHttpMethodType": common_code("HEAD", "HEAD"),
        });
        along::complete(&mut group.members, defaults);
    }
    Ok(())
}

/// A group that a listener of this load balancer can use.
pub(super) fn check(
    call: &Call<'_>,
    number: &str,
    load_balancer: &str,
    vpc: &str,
    protocols: &[&str],
) -> Result<(), ServiceError> {
    let found = in_vpc(call, &TARGET_GROUP, NUMBER, number, vpc)?;
    let user = found.text(USER);
    if !user.is_empty() && user != load_balancer {
        return Err(ServiceError::in_use(NUMBER, number, "load balancer"));
    }
    let protocol = found.text("targetGroupProtocolType");
    if !protocols.contains(&protocol.as_str()) {
        let problem = format!("has protocol {protocol}; it has to be {}", protocols.join(" or "));
        return Err(ServiceError::state(NUMBER, number, &problem));
    }
    Ok(())
}

/// A listener of a load balancer uses this group from now on.
pub(super) fn take(call: &mut Call<'_>, number: &str, load_balancer: &str) {
    let now = call.pace.now;
    if let Some(found) = call.world.find_mut(&TARGET_GROUP, &call.region, number, now) {
        found.members.insert(USER.to_owned(), load_balancer.into());
    }
}

/// Those of these groups that no rule names any more can be used by another load balancer.
pub(super) fn free(call: &mut Call<'_>, mut groups: BTreeSet<String>) {
    let now = call.pace.now;
    groups.retain(|group| {
        let mut rules = call.world.naming(&RULE, NUMBER, group, now);
        !rules.any(|rule| !rule.is_going() && rule.text(NUMBER) == *group)
    });
    for number in groups {
        if let Some(found) = call.world.find_mut(&TARGET_GROUP, &call.region, &number, now) {
            found.members.remove(USER);
        }
    }
}

fn find<'a>(call: &'a Call<'_>, number: &str) -> Result<&'a Resource, ServiceError> {
    let found = call
        .world
        .find(&TARGET_GROUP, &call.region, number, call.pace.now);
    found.ok_or_else(|| ServiceError::absent(ABSENT, NUMBER, number))
}

fn targets_of(group: &Resource) -> Vec<String> {
    match group.members.get(TARGETS) {
        Some(Value::Array(targets)) => targets.iter().map(text_of).collect(),
        _ => Vec::new(),
    }
}

fn list(call: &mut Call<'_>, _: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let group = find(call, &number)?;
    // Nobody looks at the targets of a group that no load balancer uses.
    let health = if group.text(USER).is_empty() {
        "UNUSED"
    } else {
        "UP"
    };
    let targets = targets_of(group).into_iter().map(|target| {
        json!({
            "targetNo": target, "healthCheckStatus": common_code(health, health), "healthCheckResponse": "",
        })
    });
    Ok(answer("targetList", targets.collect()))
}

/// The servers that a call names, which have to be in the group's VPC.
fn given(call: &Call<'_>, vpc: &str) -> Result<Vec<String>, ServiceError> {
    let targets = call.items(TARGETS);
    for target in &targets {
        in_vpc(call, &SERVER_INSTANCE, TARGETS, target, vpc)?;
    }
    Ok(targets)
}

fn add(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let group = find(call, &number)?;
    let mut targets = targets_of(group);
    let further = given(call, &group.text("vpcNo"))?;
    let present: BTreeSet<&String> = targets.iter().collect();
    if let Some(bound) = further.iter().find(|target| present.contains(target)) {
        return Err(ServiceError::taken(TARGETS, bound));
    }
    targets.extend(further);
    replace(call, kind, &number, targets)
}

fn set(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let targets = given(call, &find(call, &number)?.text("vpcNo"))?;
    replace(call, kind, &number, targets)
}

fn remove(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let mut targets = targets_of(find(call, &number)?);
    let present: BTreeSet<String> = targets.iter().cloned().collect();
    let removed: BTreeSet<String> = call.items(TARGETS).into_iter().collect();
    if let Some(absent) = removed.difference(&present).next() {
        return Err(ServiceError::authority(TARGETS, absent));
    }
    targets.retain(|target| !removed.contains(target));
    replace(call, kind, &number, targets)
}

/// Gives a group other targets, each of them once.
fn replace(
    call: &mut Call<'_>,
    kind: &'static Kind,
    number: &str,
    mut targets: Vec<String>,
) -> Result<Map<String, Value>, ServiceError> {
    let user = find(call, number)?.text(USER);
    if !user.is_empty() {
        load_balancer::check(call, NUMBER, number, &user)?;
        load_balancer::begin_to_change(call, &user, None);
    }
    let mut known = BTreeSet::new();
    targets.retain(|target| known.insert(target.clone()));
    let now = call.pace.now;
    if let Some(group) = call.world.find_mut(kind, &call.region, number, now) {
        group.members.insert(TARGETS.to_owned(), targets.into());
    }
    list(call, kind)
}
