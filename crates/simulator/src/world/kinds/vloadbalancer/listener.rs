//! Listeners: each with the rule that sends everything to its target group; whatever is done to them, is done to their load balancer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::BUSY;
use super::load_balancer::{LOAD_BALANCER, begin_to_change, check, listeners};
use super::target_group;
use crate::outcome::ServiceError;
use crate::world::change::given;
use crate::world::kind::{Kind, Move, PLAIN, Phase, Rule};
use crate::world::{Call, Change, Resource, along, common_code, remove, text, text_of};

const NO_PHASE: Phase = Phase::keeping("NULL", "");

pub(crate) static LISTENER: Kind = Kind {
    name: "load balancer listener",
    service: "vloadbalancer",
    number: "loadBalancerListenerNo",
    list: "loadBalancerListenerList",
    busy_code: BUSY,
    actions: &[
        ("getLoadBalancerListenerList", Rule::List),
        ("createLoadBalancerListener", Rule::Create(listener)),
        (
            "changeLoadBalancerListenerConfiguration",
            Rule::Move(Move {
                by: "loadBalancerListenerNo",
                from: &[],
                during: NO_PHASE,
                then: NO_PHASE,
                effect: Some(take_configuration),
            }),
        ),
        ("deleteLoadBalancerListeners", Rule::Odd(delete)),
    ],
    ..PLAIN
};

pub(crate) static RULE: Kind = Kind {
    name: "load balancer rule",
    service: "vloadbalancer",
    number: "loadBalancerRuleNo",
    list: "loadBalancerRuleList",
    busy_code: BUSY,
    actions: &[("getLoadBalancerRuleList", Rule::List)],
    ..PLAIN
};

/// A listener that can be made.
pub(super) struct Planned {
    pub(super) port: String,
    load_balancer: String,
    target_group: String,
    members: Map<String, Value>,
}

/// Compares what is given for a listener with its load balancer and its target group.
pub(super) fn plan(
    call: &Call<'_>,
    load_balancer: &Resource,
    number: &str,
    given: &Map<String, Value>,
) -> Result<Planned, ServiceError> {
    let kind = load_balancer.text("loadBalancerType");
    let (protocols, target_protocols): (&[&str], &[&str]) = match kind.as_str() {
        "NETWORK" => (&["TCP", "UDP"], &["TCP", "UDP"]),
        "NETWORK_PROXY" => (&["TCP", "TLS"], &["PROXY_TCP"]),
        _ => (&["HTTP", "HTTPS"], &["HTTP", "HTTPS"]),
    };
    let protocol = text_or(given, "protocolTypeCode", protocols.first().unwrap_or(&""));
    if !protocols.contains(&protocol.as_str()) {
        let allowed = protocols.join(" or ");
        let problem = format!("must be {allowed} on a load balancer of type {kind}");
        return Err(ServiceError::parameter("protocolTypeCode", &problem));
    }
    let is_encrypted = is_encrypted(&protocol);
    if is_encrypted && text(given, "sslCertificateNo").is_empty() {
        let problem = "is required with HTTPS and TLS";
        return Err(ServiceError::parameter("sslCertificateNo", problem));
    }
    let target_group = text(given, "targetGroupNo");
    let vpc = load_balancer.text("vpcNo");
    target_group::check(call, &target_group, number, &vpc, target_protocols)?;
    let port = text_or(given, "port", if is_encrypted { "443" } else { "80" });
    let present = along::naming(call, &LISTENER, "loadBalancerInstanceNo", number);
    if present.iter().any(|other| port_of(call, other) == port) {
        return Err(ServiceError::taken("port", &port));
    }
    Ok(Planned {
        members: members(number, &protocol, &port, given),
        port,
        load_balancer: number.to_owned(),
        target_group,
    })
}

fn is_encrypted(protocol: &str) -> bool {
    ["HTTPS", "TLS"].contains(&protocol)
}

fn text_or(given: &Map<String, Value>, member: &str, default: &str) -> String {
    match text(given, member) {
        none if none.is_empty() => default.to_owned(),
        text => text,
    }
}

/// What a listener shows of what is given for it.
fn members(
    load_balancer: &str,
    protocol: &str,
    port: &str,
    given: &Map<String, Value>,
) -> Map<String, Value> {
    let mut members = along::members(json!({
        "loadBalancerInstanceNo": load_balancer, "protocolType": common_code(protocol, protocol), "port": port,
        "useHttp2": text(given, "useHttp2").eq_ignore_ascii_case("true"),
    }));
    if is_encrypted(protocol) {
        let version = text_or(given, "tlsMinVersionTypeCode", "TLSV10");
        members.insert("tlsMinVersionType".to_owned(), common_code(&version, &version));
        for member in ["sslCertificateNo", "cipherSuiteList"] {
            members.extend(given.get(member).map(|value| (member.to_owned(), value.clone())));
        }
    }
    members
}

fn port_of(call: &Call<'_>, listener: &str) -> String {
    let found = call.world.find(&LISTENER, &call.region, listener, call.pace.now);
    let port = found.and_then(|found| found.member("port", call.pace.now));
    port.map(text_of).unwrap_or_default()
}

/// Makes a listener along with its load balancer.
pub(super) fn make(call: &mut Call<'_>, plan: Planned) -> u64 {
    let (load_balancer, target_group) = (plan.load_balancer, plan.target_group);
    let number = along::make(call, &LISTENER, Resource::new(&call.region.clone(), plan.members));
    let rules = make_rule(call, &load_balancer, &number.to_string(), &target_group);
    let made = call
        .world
        .find_mut(&LISTENER, &call.region, &number.to_string(), call.pace.now);
    if let Some(made) = made {
        made.members.insert("loadBalancerRuleNoList".to_owned(), rules);
    }
    number
}

/// Makes the rule that applies if no other one does, and gives a list with its number.
fn make_rule(call: &mut Call<'_>, load_balancer: &str, listener: &str, target_group: &str) -> Value {
    let rule = json!({
        "loadBalancerListenerNo": listener, "priority": 10_000,
        "loadBalancerRuleConditionList": [{ "ruleConditionType": common_code("DEFAULT", "DEFAULT") }],
        "loadBalancerRuleActionList": [{
            "ruleActionType": common_code("TARGET_GROUP", "TARGET_GROUP"),
            "targetGroupAction": {
                "targetGroupWeightList": [{ "targetGroupNo": target_group, "weight": 1 }], "useStickySession": false,
            },
        }],
        "loadBalancerInstanceNo": load_balancer, "targetGroupNo": target_group,
    });
    target_group::take(call, target_group, load_balancer);
    let number = along::make(
        call,
        &RULE,
        Resource::new(&call.region.clone(), along::members(rule)),
    );
    json!([number.to_string()])
}

fn listener(call: &mut Call<'_>, listener: &mut Resource, number: u64) -> Result<(), ServiceError> {
    const BY: &str = "loadBalancerInstanceNo";
    let load_balancer = call.required(BY)?;
    check(call, BY, &load_balancer, &load_balancer)?;
    let mut given = Map::new();
    for member in call.model.request.members {
        let value = call.get(member.name);
        given.extend(value.map(|value| (member.name.to_owned(), value.into())));
    }
    let suites = call.items("cipherSuiteList");
    if !suites.is_empty() {
        given.insert("cipherSuiteList".to_owned(), suites.into());
    }
    let owner = call
        .world
        .find(&LOAD_BALANCER, &call.region, &load_balancer, call.pace.now);
    let owner = owner.ok_or_else(|| ServiceError::authority(BY, &load_balancer))?;
    let mut plan = plan(call, owner, &load_balancer, &given)?;
    listener.members.append(&mut plan.members);
    let number = number.to_string();
    let rules = make_rule(call, &load_balancer, &number, &plan.target_group);
    listener
        .members
        .insert("loadBalancerRuleNoList".to_owned(), rules);
    let mut all = listeners(call, &load_balancer);
    all.push(Value::String(number));
    begin_to_change(call, &load_balancer, Some(all));
    Ok(())
}

fn take_configuration(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let load_balancer = owner(call, number);
    check(call, "loadBalancerListenerNo", number, &load_balancer)?;
    change.sets = given(call, &LISTENER);
    let port = text(&change.sets, "port");
    let siblings = along::naming(call, &LISTENER, "loadBalancerInstanceNo", &load_balancer);
    let mut others = siblings.iter().filter(|other| *other != number);
    if !port.is_empty() && others.any(|other| port_of(call, other) == port) {
        return Err(ServiceError::taken("port", &port));
    }
    begin_to_change(call, &load_balancer, None);
    Ok(())
}

/// The number of a listener's load balancer.
fn owner(call: &Call<'_>, listener: &str) -> String {
    let found = call.world.find(&LISTENER, &call.region, listener, call.pace.now);
    found
        .map(|found| found.text("loadBalancerInstanceNo"))
        .unwrap_or_default()
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    const BY: &str = "loadBalancerListenerNoList";
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for number in call.items(BY) {
        let load_balancer = owner(call, &number);
        check(call, BY, &number, &load_balancer)?;
        owners.entry(load_balancer).or_default().insert(number);
    }
    let answer = remove::remove(call, kind, BY, &[])?;
    let mut freed = BTreeSet::new();
    for (load_balancer, gone) in owners {
        for number in &gone {
            freed.extend(remove_rules(call, "loadBalancerListenerNo", number));
        }
        let mut left = listeners(call, &load_balancer);
        left.retain(|listener| !gone.contains(&text_of(listener)));
        begin_to_change(call, &load_balancer, Some(left));
    }
    target_group::free(call, freed);
    Ok(answer)
}

/// Begins to delete rules, and gives the numbers of the target groups that they name.
pub(super) fn remove_rules(call: &mut Call<'_>, member: &str, number: &str) -> BTreeSet<String> {
    let rules = call.world.naming(&RULE, member, number, call.pace.now);
    let groups = rules
        .filter(|rule| rule.text(member) == number)
        .map(|rule| rule.text(target_group::NUMBER))
        .collect();
    along::remove(call, &RULE, member, number);
    groups
}
