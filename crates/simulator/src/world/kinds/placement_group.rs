//! Placement groups, and the servers in them.

use serde_json::{Map, Value};

use super::server_instance::SERVER_INSTANCE;
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Hold, Kind, PLAIN, Rule};
use crate::world::reference::named;
use crate::world::{Call, Resource, common_code};

pub(crate) static PLACEMENT_GROUP: Kind = Kind {
    name: "placement group",
    service: "vserver",
    number: NUMBER,
    list: "placementGroupList",
    label: Some((NAME, "placement-group")),
    held_by: &[Hold {
        kind: || &SERVER_INSTANCE,
        member: NUMBER,
    }],
    actions: &[
        ("getPlacementGroupList", Rule::List),
        ("getPlacementGroupDetail", Rule::Detail),
        ("createPlacementGroup", Rule::Create(complete)),
        (
            "deletePlacementGroup",
            Rule::Delete {
                by: NUMBER,
                from: &[],
            },
        ),
        ("addPlacementGroupServerInstance", Rule::Odd(add_server)),
        ("removePlacementGroupServerInstance", Rule::Odd(remove_server)),
    ],
    ..PLAIN
};

const NUMBER: &str = "placementGroupNo";
const NAME: &str = "placementGroupName";
const SERVER: &str = "serverInstanceNo";

type Answer = Result<Map<String, Value>, ServiceError>;

fn complete(_: &mut Call<'_>, group: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let kind = group.members.entry("placementGroupType".to_owned());
    kind.or_insert_with(|| common_code("AA", "Anti-Affinity"));
    Ok(())
}

/// The server that a call names, which has to be in this group, or in none.
fn server(call: &Call<'_>, group: Option<&str>) -> Result<String, ServiceError> {
    let number = call.required(SERVER)?;
    check(call, &SERVER_INSTANCE, SERVER, &number, &[])?;
    let found = named(call, &SERVER_INSTANCE, SERVER, &number)?;
    if found.text("hypervisorType") == "KVM" {
        let problem = "is a server of KVM; placement groups are for the others";
        return Err(ServiceError::state(SERVER, &number, problem));
    }
    let is_in = found.text(NUMBER);
    if is_in != group.unwrap_or_default() {
        let problem = match group {
            Some(_) => "is not in this placement group",
            None => "is in a placement group already",
        };
        return Err(ServiceError::state(SERVER, &number, problem));
    }
    Ok(number)
}

fn add_server(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let group = call.required(NUMBER)?;
    let name = named(call, kind, NUMBER, &group)?.text(NAME);
    let server = server(call, None)?;
    Ok(put(call, &server, group, name))
}

fn remove_server(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let group = call.required(NUMBER)?;
    named(call, kind, NUMBER, &group)?;
    let server = server(call, Some(&group))?;
    Ok(put(call, &server, String::new(), String::new()))
}

/// Puts a server into a group, or into none, and shows it.
fn put(call: &mut Call<'_>, server: &str, group: String, name: String) -> Map<String, Value> {
    let kind = &SERVER_INSTANCE;
    if let Some(found) = call.world.find_mut(kind, &call.region, server, call.pace.now) {
        for (member, value) in [(NUMBER, group), (NAME, name)] {
            found.members.insert(member.to_owned(), Value::String(value));
        }
    }
    let shown: Vec<u64> = server.parse().into_iter().collect();
    call.show(kind, &shown)
}
