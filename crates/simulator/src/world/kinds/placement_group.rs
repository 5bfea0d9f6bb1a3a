//! Placement groups, and the servers in them.

use serde_json::{Map, Value};

use super::listed;
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, PLAIN, Rule};
use crate::world::{Call, Resource, common_code, remove};

pub(crate) static PLACEMENT_GROUP: Kind = Kind {
    name: "placement group",
    service: "vserver",
    number: NUMBER,
    list: "placementGroupList",
    label: Some((NAME, "placement-group")),
    actions: &[
        ("getPlacementGroupList", Rule::List),
        ("getPlacementGroupDetail", Rule::Detail),
        ("createPlacementGroup", Rule::Create(complete)),
        ("deletePlacementGroup", Rule::Odd(delete)),
        ("addPlacementGroupServerInstance", Rule::Odd(add_server)),
        ("removePlacementGroupServerInstance", Rule::Odd(remove_server)),
    ],
    ..PLAIN
};

const NUMBER: &str = "placementGroupNo";
const NAME: &str = "placementGroupName";
const SERVER: &str = "serverInstanceNo";

type Answer = Result<Map<String, Value>, ServiceError>;

/// The kind of the servers, if there are any.
fn servers() -> Option<&'static Kind> {
    listed("vserver", "serverInstanceList")
}

fn complete(_: &mut Call<'_>, group: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let kind = group.members.entry("placementGroupType".to_owned());
    kind.or_insert_with(|| common_code("AA", "Anti-Affinity"));
    Ok(())
}

/// A group with servers stays.
fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let number = call.required(NUMBER)?;
    if let Some(servers) = servers() {
        let mut all = call.world.naming(servers, NUMBER, &number, call.pace.now);
        if all.any(|server| server.text(NUMBER) == number) {
            return Err(ServiceError::in_use(NUMBER, &number, servers.name));
        }
    }
    remove::remove(call, kind, NUMBER, &[])
}

/// The server that a call names, which has to be in this group, or in none.
fn server(call: &Call<'_>, group: Option<&str>) -> Result<(&'static Kind, String), ServiceError> {
    let number = call.required(SERVER)?;
    let absent = || ServiceError::authority(SERVER, &number);
    let kind = servers().ok_or_else(absent)?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    let found = found.ok_or_else(absent)?;
    if found.is_busy(call.pace.now) {
        return Err(ServiceError::busy(kind.busy_code, SERVER, &number));
    }
    let is_in = found.text(NUMBER);
    if is_in != group.unwrap_or_default() {
        let problem = match group {
            Some(_) => "is not in this placement group",
            None => "is in a placement group already",
        };
        return Err(ServiceError::state(SERVER, &number, problem));
    }
    Ok((kind, number))
}

fn add_server(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let group = call.required(NUMBER)?;
    let found = call.world.find(kind, &call.region, &group, call.pace.now);
    let found = found.ok_or_else(|| ServiceError::authority(NUMBER, &group))?;
    let members = [(NUMBER, group.clone()), (NAME, found.text(NAME))];
    let (servers, server) = server(call, None)?;
    if let Some(found) = call.world.find_mut(servers, &call.region, &server, call.pace.now) {
        for (member, value) in members {
            found.members.insert(member.to_owned(), Value::String(value));
        }
    }
    let shown: Vec<u64> = server.parse().into_iter().collect();
    Ok(call.show(servers, &shown))
}

fn remove_server(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let group = call.required(NUMBER)?;
    if call
        .world
        .find(kind, &call.region, &group, call.pace.now)
        .is_none()
    {
        return Err(ServiceError::authority(NUMBER, &group));
    }
    let (servers, server) = server(call, Some(&group))?;
    if let Some(found) = call.world.find_mut(servers, &call.region, &server, call.pace.now) {
        for member in [NUMBER, NAME] {
            found
                .members
                .insert(member.to_owned(), Value::String(String::new()));
        }
    }
    let shown: Vec<u64> = server.parse().into_iter().collect();
    Ok(call.show(servers, &shown))
}
