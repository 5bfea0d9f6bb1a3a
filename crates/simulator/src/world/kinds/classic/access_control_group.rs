//! Access control groups of Classic: there is the account's default one, and no action makes another; servers say which they are in.

use serde_json::{Map, Value};

use super::{CLASSIC, SERVER};
use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::kind::{Kind, Rule};
use crate::world::reference::named;
use crate::world::{Call, Resource};

const NUMBER: &str = "accessControlGroupConfigurationNo";
/// The parameter of a new server, and the member, known to the simulator alone, with the numbers of its groups.
const NUMBERS: &str = "accessControlGroupConfigurationNoList";
const LIST: &str = "accessControlGroupList";
/// The member with a group's rules, which only an action of their own shows.
const RULES: &str = "accessControlRuleList";

pub(crate) static ACCESS_CONTROL_GROUP: Kind = Kind {
    name: "Classic access control group",
    number: NUMBER,
    list: LIST,
    on_offer: Some("classicAccessControlGroupList"),
    actions: &[
        ("getAccessControlGroupList", Rule::List),
        ("getAccessControlRuleList", Rule::Odd(rules)),
        ("getAccessControlGroupServerInstanceList", Rule::Odd(servers)),
    ],
    ..CLASSIC
};

fn rules(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let rules = named(call, kind, NUMBER, &number)?.members.get(RULES);
    let rules = rules.and_then(Value::as_array).cloned();
    Ok(answer(RULES, rules.unwrap_or_default()))
}

fn servers(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    named(call, kind, NUMBER, &number)?;
    let now = call.pace.now;
    let is_in = |server: &&Resource| {
        let groups = server.members.get(NUMBERS).and_then(Value::as_array);
        groups.is_some_and(|groups| groups.iter().any(|group| group == number.as_str()))
    };
    let servers = call.world.own(&SERVER, now).filter(is_in);
    let servers = servers.map(|server| Value::Object(server.shown(&SERVER, now)));
    Ok(answer(SERVER.list, servers.collect()))
}

/// Puts a new server into the groups that a call names; without any, into the default one.
pub(super) fn join(call: &Call<'_>, server: &mut Resource) -> Result<(), ServiceError> {
    let kind = &ACCESS_CONTROL_GROUP;
    let mut numbers = call.numbers(NUMBERS);
    if numbers.is_empty() {
        let all = call.world.all(kind, call.pace.now);
        let default = all.filter(|group| group.text("isDefaultGroup") == "true");
        numbers.extend(default.map(|group| group.text(NUMBER)));
    }
    let mut groups = Vec::new();
    for number in &numbers {
        let mut group = named(call, kind, NUMBERS, number)?.members.clone();
        group.remove(RULES);
        groups.push(Value::Object(group));
    }
    server.members.insert(LIST.to_owned(), groups.into());
    server.members.insert(NUMBERS.to_owned(), numbers.into());
    Ok(())
}
