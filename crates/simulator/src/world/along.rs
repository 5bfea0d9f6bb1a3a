//! Along: what is made and deleted because something else is.

use serde_json::{Map, Value};

use super::call::Call;
use super::create::identify;
use super::kind::Kind;
use super::resource::{Change, Resource};

/// Makes something that comes along with something else, and gives its number: it is there at once, unless it has begun to change.
pub(super) fn make(call: &mut Call<'_>, kind: &'static Kind, mut resource: Resource) -> u64 {
    let number = call.world.new_number();
    identify(call, kind, &mut resource, number);
    if let Some((label, prefix)) = kind.label {
        let name = || Value::String(format!("{prefix}-{number}"));
        resource.members.entry(label).or_insert_with(name);
    }
    let phase = if resource.is_changing() {
        kind.making
    } else {
        kind.made
    };
    for (member, value) in kind.shown(phase) {
        resource.members.insert(member.to_owned(), value);
    }
    call.world.insert(kind, number, resource);
    number
}

/// The numbers of those of a kind that name something by its number.
pub(super) fn naming(call: &Call<'_>, kind: &'static Kind, member: &str, number: &str) -> Vec<String> {
    let all = call.world.naming(kind, member, number, call.pace.now);
    let theirs = all.filter(|other| other.text(member) == number);
    theirs.map(|other| other.text(kind.number)).collect()
}

/// Begins to delete those of a kind that name something by its number.
pub(super) fn remove(call: &mut Call<'_>, kind: &'static Kind, member: &str, number: &str) {
    let until = call.end();
    for other in naming(call, kind, member, number) {
        if let Some(found) = call.world.find_mut(kind, &call.region, &other, call.pace.now)
            && !found.is_going()
        {
            found.begin(Change::to_gone(until, kind.deleting));
        }
    }
}

/// The members of a JSON object, which is easier to read in code than a list of insertions.
pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Gives members that are not there yet a value.
pub(super) fn complete(members: &mut Map<String, Value>, defaults: Value) {
    for (member, value) in self::members(defaults) {
        members.entry(member).or_insert(value);
    }
}
