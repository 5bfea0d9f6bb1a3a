//! Access control groups, and the rules in them.

use serde_json::{Map, Value, json};

use super::network_interface::NETWORK_INTERFACE;
use super::vpc::{RUN, SET, VPC, delete_if_not_default, status};
use crate::outcome::ServiceError;
use crate::world::entries::{self, Entries, Given};
use crate::world::kind::{Hold, Kind, Need, PLAIN, Phase, Rule};
use crate::world::reference::in_vpc;
use crate::world::{Call, Resource, common_code};

pub(crate) static ACCESS_CONTROL_GROUP: Kind = Kind {
    name: "access control group",
    service: "vserver",
    number: "accessControlGroupNo",
    list: "accessControlGroupList",
    label: Some(("accessControlGroupName", "acg")),
    state: status(STATUS),
    making: SET,
    made: RUN,
    // It runs until it is gone; only the answer to the call that deletes it shows TERMT.
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[Need {
        member: "vpcNo",
        kind: &VPC,
    }],
    held_by: &[Hold {
        kind: || &NETWORK_INTERFACE,
        member: "accessControlGroupNoList",
    }],
    busy_code: BUSY,
    absent_code: Some("1007000"),
    actions: &[
        ("getAccessControlGroupList", Rule::List),
        ("getAccessControlGroupDetail", Rule::Detail),
        ("createAccessControlGroup", Rule::Create(complete)),
        ("deleteAccessControlGroup", Rule::Odd(delete)),
        (
            "addAccessControlGroupInboundRule",
            Rule::Odd(|call, kind| entries::add(call, kind, &INBOUND)),
        ),
        (
            "addAccessControlGroupOutboundRule",
            Rule::Odd(|call, kind| entries::add(call, kind, &OUTBOUND)),
        ),
        (
            "removeAccessControlGroupInboundRule",
            Rule::Odd(|call, kind| entries::remove(call, kind, &INBOUND)),
        ),
        (
            "removeAccessControlGroupOutboundRule",
            Rule::Odd(|call, kind| entries::remove(call, kind, &OUTBOUND)),
        ),
        (
            "getAccessControlGroupRuleList",
            Rule::Odd(|call, kind| entries::show(call, kind, &INBOUND)),
        ),
    ],
    ..PLAIN
};

const STATUS: &str = "accessControlGroupStatus";
const BUSY: &str = "1007009";
const RULES: &str = "accessControlGroupRuleList";
const TYPE: &str = "accessControlGroupRuleType";

static INBOUND: Entries = rules("INBND");
static OUTBOUND: Entries = rules("OTBND");

const fn rules(direction: &'static str) -> Entries {
    Entries {
        list: RULES,
        direction: Some((TYPE, direction)),
        same: &[
            "protocolType",
            "ipBlock",
            "accessControlGroupSequence",
            "portRange",
        ],
        limit: 200,
        busy_code: BUSY,
        during: SET,
        then: RUN,
        complete: complete_rule,
    }
}

/// How many groups an interface can have.
const GROUPS: usize = 3;

/// The groups of an interface, which have to be in its VPC.
pub(super) fn check_groups(
    call: &Call<'_>,
    by: &str,
    groups: &[String],
    vpc: &str,
) -> Result<(), ServiceError> {
    if groups.len() > GROUPS {
        return Err(ServiceError::quota(
            "access control group of a network interface",
            GROUPS,
        ));
    }
    for group in groups {
        in_vpc(call, &ACCESS_CONTROL_GROUP, by, group, vpc)?;
    }
    Ok(())
}

/// What a VPC's default group lets through: in comes remote access, out goes everything.
pub(super) fn default_rules() -> Value {
    let rule = |direction: &str, (code, number): (&str, u8), ports: &str| {
        json!({
            "protocolType": { "code": code, "codeName": code.to_lowercase(), "number": number },
            "ipBlock": "0.0.0.0/0", "portRange": ports, TYPE: common_code(direction, direction),
            "accessControlGroupSequence": "", "accessControlGroupRuleDescription": "",
        })
    };
    let (tcp, udp, icmp) = (("TCP", 6), ("UDP", 17), ("ICMP", 1));
    json!([
        rule("INBND", tcp, "22"),
        rule("INBND", tcp, "3389"),
        rule("OTBND", tcp, "1-65535"),
        rule("OTBND", udp, "1-65535"),
        rule("OTBND", icmp, ""),
    ])
}

fn complete(_: &mut Call<'_>, group: &mut Resource, _: u64) -> Result<(), ServiceError> {
    group.members.insert("isDefault".to_owned(), json!(false));
    Ok(())
}

fn complete_rule(
    call: &Call<'_>,
    given: &Given<'_>,
    rule: &mut Map<String, Value>,
) -> Result<(), ServiceError> {
    let (code, protocol) = protocol(&given.text("protocolTypeCode")).ok_or_else(|| {
        let problem = "must be TCP, UDP, ICMP or a protocol number from 1 to 254";
        ServiceError::parameter(&given.name("protocolTypeCode"), problem)
    })?;
    let (block, group) = (given.text("ipBlock"), given.text("accessControlGroupSequence"));
    if block.is_empty() == group.is_empty() {
        let problem = "is given, or accessControlGroupSequence, and not both";
        return Err(ServiceError::parameter(&given.name("ipBlock"), problem));
    }
    let peer = || {
        let kind = &ACCESS_CONTROL_GROUP;
        call.world.find(kind, &call.region, &group, call.pace.now)
    };
    if given.is_new && !group.is_empty() && peer().is_none() {
        return Err(ServiceError::authority(
            &given.name("accessControlGroupSequence"),
            &group,
        ));
    }
    let has_ports = matches!(code.as_str(), "TCP" | "UDP");
    if given.text("portRange").is_empty() == has_ports {
        let problem = if has_ports {
            "is missing"
        } else {
            "is for TCP and UDP alone"
        };
        return Err(ServiceError::parameter(&given.name("portRange"), problem));
    }
    let name = code.to_lowercase();
    let protocol = json!({ "code": code, "codeName": name, "number": protocol });
    rule.insert("protocolType".to_owned(), protocol);
    Ok(())
}

/// Code and number of a protocol, which is given by either; where there is no code, the number stands for it.
fn protocol(given: &str) -> Option<(String, u8)> {
    let known = [("TCP", 6), ("UDP", 17), ("ICMP", 1)];
    let number = given
        .parse::<u8>()
        .ok()
        .filter(|number| (1..=254).contains(number));
    let found = known
        .iter()
        .find(|(code, of_code)| *code == given || Some(*of_code) == number);
    match (found, number) {
        (Some((code, number)), _) => Some(((*code).to_owned(), *number)),
        (None, Some(number)) => Some((number.to_string(), number)),
        (None, None) => None,
    }
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let mut answer = delete_if_not_default(call, kind)?;
    let list = answer.get_mut(kind.list).and_then(Value::as_array_mut);
    for group in list.into_iter().flatten().filter_map(Value::as_object_mut) {
        group.insert(STATUS.to_owned(), common_code("TERMT", "TERMT state"));
    }
    Ok(answer)
}
