//! Network ACLs, and the rules in them.

use serde_json::{Map, Value};

use super::network_acl_deny_allow_group::{GROUP, mark_applied, named_by};
use super::vpc::{INIT, RUN, SET, SUBNET, TERMTING, VPC, delete_if_not_default, status};
use super::{as_given, network_acl_deny_allow_group};
use crate::outcome::ServiceError;
use crate::world::Call;
use crate::world::entries::{self, Entries, Given};
use crate::world::kind::{Hold, Kind, Need, PLAIN, Rule};

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
        ("deleteNetworkAcl", Rule::Odd(delete)),
        ("setNetworkAclDescription", Rule::Set),
        (
            "addNetworkAclInboundRule",
            Rule::Odd(|call, kind| add(call, kind, &INBOUND)),
        ),
        (
            "addNetworkAclOutboundRule",
            Rule::Odd(|call, kind| add(call, kind, &OUTBOUND)),
        ),
        (
            "removeNetworkAclInboundRule",
            Rule::Odd(|call, kind| remove(call, kind, &INBOUND)),
        ),
        (
            "removeNetworkAclOutboundRule",
            Rule::Odd(|call, kind| remove(call, kind, &OUTBOUND)),
        ),
        (
            "getNetworkAclRuleList",
            Rule::Odd(|call, kind| entries::show(call, kind, &INBOUND)),
        ),
    ],
    ..PLAIN
};

/// The list of rules.
pub(super) const RULES: &str = "networkAclRuleList";
static INBOUND: Entries = rules("INBND");
static OUTBOUND: Entries = rules("OTBND");

const fn rules(direction: &'static str) -> Entries {
    Entries {
        list: RULES,
        direction: Some(("networkAclRuleType", direction)),
        // A priority is there once in each direction.
        same: &["priority"],
        limit: 400,
        busy_code: "1012005",
        during: SET,
        then: RUN,
        complete,
    }
}

type Answer = Result<Map<String, Value>, ServiceError>;

fn add(call: &mut Call<'_>, kind: &'static Kind, rules: &Entries) -> Answer {
    let answer = entries::add(call, kind, rules)?;
    let groups = named_by(call, &call.required(kind.number)?);
    mark_applied(call, groups);
    Ok(answer)
}

fn remove(call: &mut Call<'_>, kind: &'static Kind, rules: &Entries) -> Answer {
    let groups = named_by(call, &call.required(kind.number)?);
    let answer = entries::remove(call, kind, rules)?;
    mark_applied(call, groups);
    Ok(answer)
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let groups = named_by(call, &call.required(kind.number)?);
    let answer = delete_if_not_default(call, kind)?;
    mark_applied(call, groups);
    Ok(answer)
}

fn complete(call: &Call<'_>, given: &Given<'_>, rule: &mut Map<String, Value>) -> Result<(), ServiceError> {
    let (block, group) = (given.text("ipBlock"), given.text(GROUP));
    if block.is_empty() == group.is_empty() {
        let problem = "is given, or denyAllowGroupNo, and not both";
        return Err(ServiceError::parameter(&given.name("ipBlock"), problem));
    }
    if given.is_new && !group.is_empty() {
        network_acl_deny_allow_group::check_is_there(call, &given.name(GROUP), &group)?;
    }
    let has_ports = given.text("protocolTypeCode") != "ICMP";
    if given.text("portRange").is_empty() == has_ports {
        let problem = if has_ports {
            "is missing"
        } else {
            "is not for ICMP"
        };
        return Err(ServiceError::parameter(&given.name("portRange"), problem));
    }
    rule.insert("createDate".to_owned(), call.date());
    Ok(())
}
