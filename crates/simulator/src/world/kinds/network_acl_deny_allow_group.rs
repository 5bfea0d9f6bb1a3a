//! Deny-allow groups of network ACLs: lists of addresses that rules can name.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::network_acl::{NETWORK_ACL, RULES};
use super::vpc::{RUN, SET, VPC, status};
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, Move, Need, PLAIN, Phase, Rule};
use crate::world::{Call, Change, Resource, remove, text};

/// The member of a rule that names a group.
pub(super) const GROUP: &str = "denyAllowGroupNo";

/// How many addresses there may be in a group.
const ADDRESSES: usize = 100;

pub(crate) static NETWORK_ACL_DENY_ALLOW_GROUP: Kind = Kind {
    name: "network ACL deny-allow group",
    service: "vpc",
    number: "networkAclDenyAllowGroupNo",
    list: "networkAclDenyAllowGroupList",
    label: Some(("networkAclDenyAllowGroupName", "deny-allow-group")),
    state: status("networkAclDenyAllowGroupStatus"),
    making: SET,
    made: RUN,
    // Its states are SET and RUN alone.
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[Need {
        member: "vpcNo",
        kind: &VPC,
    }],
    busy_code: "1012005",
    actions: &[
        ("getNetworkAclDenyAllowGroupList", Rule::List),
        ("getNetworkAclDenyAllowGroupDetail", Rule::Detail),
        ("createNetworkAclDenyAllowGroup", Rule::Create(complete)),
        ("deleteNetworkAclDenyAllowGroup", Rule::Odd(delete)),
        ("setNetworkAclDenyAllowGroupDescription", Rule::Set),
        (
            "setNetworkAclDenyAllowGroupIpList",
            Rule::Move(Move {
                by: "networkAclDenyAllowGroupNo",
                from: &["RUN"],
                during: SET,
                then: RUN,
                effect: Some(take_addresses),
            }),
        ),
    ],
    ..PLAIN
};

fn complete(_: &mut Call<'_>, group: &mut Resource, _: u64) -> Result<(), ServiceError> {
    group.members.insert("ipList".to_owned(), json!([]));
    group.members.insert("isApplied".to_owned(), json!(false));
    Ok(())
}

/// The addresses are shown at once, and in force when the group is set.
fn take_addresses(call: &mut Call<'_>, number: &str, _: &mut Change) -> Result<(), ServiceError> {
    let addresses = call.items("ipList");
    if addresses.len() > ADDRESSES {
        return Err(ServiceError::quota("ipList", ADDRESSES));
    }
    let mut once = BTreeSet::new();
    if let Some(twice) = addresses.iter().find(|address| !once.insert(*address)) {
        return Err(ServiceError::taken("ipList", twice));
    }
    let found = call
        .world
        .find_mut(&NETWORK_ACL_DENY_ALLOW_GROUP, &call.region, number, call.pace.now);
    if let Some(found) = found {
        found.members.insert("ipList".to_owned(), addresses.into());
    }
    Ok(())
}

/// A rule can name only what is there.
pub(super) fn check_is_there(call: &Call<'_>, by: &str, number: &str) -> Result<(), ServiceError> {
    let kind = &NETWORK_ACL_DENY_ALLOW_GROUP;
    let found = call.world.find(kind, &call.region, number, call.pace.now);
    match found {
        Some(found) if !found.is_going() => Ok(()),
        _ => Err(ServiceError::authority(by, number)),
    }
}

/// The groups that an ACL's rules name.
pub(super) fn named_by(call: &Call<'_>, acl: &str) -> BTreeSet<String> {
    let acl = call.world.find(&NETWORK_ACL, &call.region, acl, call.pace.now);
    acl.map(of_rules).unwrap_or_default()
}

fn of_rules(acl: &Resource) -> BTreeSet<String> {
    let rules = acl.members.get(RULES).and_then(Value::as_array);
    let rules = rules.into_iter().flatten().filter_map(Value::as_object);
    let groups = rules.map(|rule| text(rule, GROUP));
    groups.filter(|group| !group.is_empty()).collect()
}

fn is_named(call: &Call<'_>, group: &str) -> bool {
    let member = format!("{RULES}.{GROUP}");
    let mut acls = call.world.naming(&NETWORK_ACL, &member, group, call.pace.now);
    acls.any(|acl| !acl.is_going() && of_rules(acl).contains(group))
}

/// Notes of groups whether any rule names them.
pub(super) fn mark_applied(call: &mut Call<'_>, groups: BTreeSet<String>) {
    let kind = &NETWORK_ACL_DENY_ALLOW_GROUP;
    for group in groups {
        let is_named = is_named(call, &group);
        if let Some(found) = call.world.find_mut(kind, &call.region, &group, call.pace.now) {
            found.members.insert("isApplied".to_owned(), json!(is_named));
        }
    }
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(kind.number)?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    if found.is_some_and(|found| found.text("isApplied") == "true") {
        return Err(ServiceError::in_use(kind.number, &number, NETWORK_ACL.name));
    }
    remove::remove(call, kind, kind.number, &["RUN"])
}
