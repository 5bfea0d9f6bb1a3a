//! Port forwarding of Classic: each zone has a public IP, the ports of which lead to servers there.
//!
//! A server shows one rule, and so it has one at most; it goes with its server.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{SERVER, Zone, zone_numbered, zone_of};
use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::reference::named;
use crate::world::{Call, Kind, Resource, along, text};

/// Known by the number of its zone.
const CONFIGURATION: &str = "portForwardingConfigurationNo";
const PUBLIC_IP: &str = "portForwardingPublicIp";
const EXTERNAL: &str = "portForwardingExternalPort";
const INTERNAL: &str = "portForwardingInternalPort";
const RULES: &str = "portForwardingRuleList";
const SERVER_NUMBER: &str = "serverInstanceNo";

type Answer = Result<Map<String, Value>, ServiceError>;

/// A rule as it is given.
struct Given {
    /// What the names of its parameters begin with.
    place: String,
    server: String,
    external: String,
    internal: String,
}

fn given(call: &Call<'_>) -> Vec<Given> {
    let rules = call.structs(RULES);
    let rules = rules.iter().enumerate().map(|(index, rule)| Given {
        place: format!("{RULES}.{}.", index.saturating_add(1)),
        server: text(rule, SERVER_NUMBER),
        external: text(rule, EXTERNAL),
        internal: text(rule, INTERNAL),
    });
    rules.collect()
}

/// The zone whose public IP a call names.
fn zone(call: &Call<'_>) -> Result<Zone, ServiceError> {
    let number = call.required(CONFIGURATION)?;
    zone_numbered(call, CONFIGURATION, &number)
}

impl Zone {
    fn number(&self) -> String {
        text(&self.members, "zoneNo")
    }

    /// Out of those that are kept for documents.
    fn public_ip(&self) -> String {
        format!("198.51.100.{}", self.number())
    }
}

/// The servers of a zone to which its public IP leads.
fn served<'a>(call: &'a Call<'_>, zone: &Zone) -> impl Iterator<Item = &'a Resource> {
    let number = zone.number();
    let servers = call.world.own(&SERVER, call.pace.now);
    servers.filter(move |server| server.members.contains_key(EXTERNAL) && server.text("zoneNo") == number)
}

/// The rules of a zone.
fn show(call: &Call<'_>, zone: &Zone) -> Map<String, Value> {
    let of_zone = along::members(json!({
        CONFIGURATION: zone.number(), PUBLIC_IP: zone.public_ip(), "zone": zone.members.get("zone"),
    }));
    let rules = served(call, zone).map(|server| {
        let mut rule = of_zone.clone();
        let of_server = json!({
            EXTERNAL: server.members.get(EXTERNAL), INTERNAL: server.members.get(INTERNAL),
            "serverInstance": server.shown(&SERVER, call.pace.now),
        });
        rule.append(&mut along::members(of_server));
        Value::Object(rule)
    });
    let mut answer = answer(RULES, rules.collect());
    answer.extend(of_zone);
    answer
}

pub(super) fn rules(call: &mut Call<'_>, _: &'static Kind) -> Answer {
    Ok(show(call, &zone_of(call)?))
}

/// The public IPs of all zones of a region, with the servers behind them.
pub(super) fn configurations(call: &mut Call<'_>, _: &'static Kind) -> Answer {
    let (servers, addresses) = (
        call.items("serverInstanceNoList"),
        call.items("portForwardingPublicIpList"),
    );
    let fits = |wanted: &[String], found: &[String]| {
        wanted.is_empty() || found.iter().any(|found| wanted.contains(found))
    };
    let mut configurations = Vec::new();
    for zone in super::zones_of(call) {
        let address = zone.public_ip();
        let behind: Vec<String> = served(call, &zone)
            .map(|server| server.text(SERVER_NUMBER))
            .collect();
        if fits(&servers, &behind) && fits(&addresses, std::slice::from_ref(&address)) {
            configurations.push(json!({
                CONFIGURATION: zone.number(), PUBLIC_IP: address, "serverInstanceNoList": behind,
            }));
        }
    }
    Ok(answer("portForwardingConfigurationList", configurations))
}

/// Adds rules: all that are given, or none.
pub(super) fn add(call: &mut Call<'_>, _: &'static Kind) -> Answer {
    let zone = zone(call)?;
    let mut ports: BTreeSet<String> = served(call, &zone).map(|server| server.text(EXTERNAL)).collect();
    let mut servers = BTreeSet::new();
    let given = given(call);
    for rule in &given {
        let by = format!("{}{SERVER_NUMBER}", rule.place);
        let server = named(call, &SERVER, &by, &rule.server)?;
        if server.text("zoneNo") != zone.number() {
            return Err(ServiceError::state(&by, &rule.server, "is in another zone"));
        }
        if server.members.contains_key(EXTERNAL) || !servers.insert(&rule.server) {
            return Err(ServiceError::state(&by, &rule.server, "has a port already"));
        }
        let is_windows = server.text("platformType").starts_with("WND");
        if rule.internal != if is_windows { "3389" } else { "22" } {
            let name = format!("{}{INTERNAL}", rule.place);
            return Err(ServiceError::parameter(
                &name,
                "must be 22 on Linux and 3389 on Windows",
            ));
        }
        let name = format!("{}{EXTERNAL}", rule.place);
        if rule.external.parse::<u16>().ok().is_none_or(|port| port == 0) {
            return Err(ServiceError::parameter(&name, "must be between 1 and 65535"));
        }
        if !ports.insert(rule.external.clone()) {
            return Err(ServiceError::taken(&name, &rule.external));
        }
    }
    for rule in given {
        if let Some(server) = call
            .world
            .find_mut(&SERVER, &call.region, &rule.server, call.pace.now)
        {
            for (member, value) in [
                (PUBLIC_IP, zone.public_ip()),
                (EXTERNAL, rule.external),
                (INTERNAL, rule.internal),
            ] {
                server.members.insert(member.to_owned(), value.into());
            }
        }
    }
    Ok(show(call, &zone))
}

/// Deletes rules: all that are given, or none.
pub(super) fn delete(call: &mut Call<'_>, _: &'static Kind) -> Answer {
    let zone = zone(call)?;
    let given = given(call);
    for rule in &given {
        let is_this = |server: &Resource| {
            server.text(SERVER_NUMBER) == rule.server
                && server.text(EXTERNAL) == rule.external
                && server.text(INTERNAL) == rule.internal
        };
        if !served(call, &zone).any(is_this) {
            let name = format!("{}{EXTERNAL}", rule.place);
            return Err(ServiceError::authority(&name, &rule.external));
        }
    }
    for rule in given {
        if let Some(server) = call
            .world
            .find_mut(&SERVER, &call.region, &rule.server, call.pace.now)
        {
            for member in [PUBLIC_IP, EXTERNAL, INTERNAL] {
                server.members.remove(member);
            }
        }
    }
    Ok(show(call, &zone))
}
