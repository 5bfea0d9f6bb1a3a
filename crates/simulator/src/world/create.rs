//! Creating: a resource is made of the parameters that are its members, of a number, a name and a date.

use ncloud_api::catalog::{self, StructModel};
use serde_json::{Map, Value};

use super::call::Call;
use super::kind::{Complete, Kind};
use super::resource::{Change, Resource};
use super::{common_code, text};
use crate::outcome::ServiceError;

pub(super) fn create(
    call: &mut Call<'_>,
    kind: &'static Kind,
    complete: Complete,
) -> Result<Map<String, Value>, ServiceError> {
    check_needs(call, kind)?;
    let count = call
        .get("serverCreateCount")
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_usize);
    check_quota(call, kind, count)?;
    let mut numbers = Vec::new();
    for index in 1..=count {
        let suffix = (count > 1).then(|| format!("-{index:03}"));
        let members = members_of(call, kind);
        numbers.push(one(call, kind, complete, members, &suffix.unwrap_or_default())?);
    }
    Ok(call.show(kind, &numbers))
}

/// Makes one of members that the action's own rule has put together.
pub(crate) fn make(
    call: &mut Call<'_>,
    kind: &'static Kind,
    complete: Complete,
    members: Map<String, Value>,
) -> Result<u64, ServiceError> {
    check_quota(call, kind, 1)?;
    one(call, kind, complete, members, "")
}

fn check_quota(call: &mut Call<'_>, kind: &'static Kind, count: usize) -> Result<(), ServiceError> {
    call.world.forget_gone(kind, call.pace.now);
    let present = call.world.own(kind, call.pace.now).count();
    let quota = call.world.quota(kind);
    if present.saturating_add(count) > quota {
        return Err(ServiceError::quota(kind.name, quota));
    }
    Ok(())
}

/// Everything that is named has to be there, and not about to go.
pub(super) fn check_needs(call: &Call<'_>, kind: &'static Kind) -> Result<(), ServiceError> {
    for need in kind.needs {
        for number in call.items(need.member) {
            let found = call.world.find(need.kind, &call.region, &number, call.pace.now);
            match found {
                None => return Err(ServiceError::authority(need.member, &number)),
                Some(found) if found.is_going() => {
                    return Err(ServiceError::state(need.member, &number, "is being deleted"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

fn one(
    call: &mut Call<'_>,
    kind: &'static Kind,
    complete: Complete,
    mut members: Map<String, Value>,
    suffix: &str,
) -> Result<u64, ServiceError> {
    let number = call.world.new_number();
    members.insert(kind.number.to_owned(), Value::String(number.to_string()));
    if let Some((label, prefix)) = kind.label {
        let name = match text(&members, label) {
            name if name.is_empty() => format!("{prefix}-{number}"),
            name => format!("{name}{suffix}"),
        };
        let mut taken = call.world.all(kind, call.pace.now);
        if taken.any(|other| other.region == call.region && other.text(label) == name) {
            return Err(ServiceError::taken(label, &name));
        }
        members.insert(label.to_owned(), Value::String(name));
    }
    members.insert("createDate".to_owned(), call.date());
    members.insert("regionCode".to_owned(), Value::String(call.region.clone()));
    let mut resource = Resource::new(&call.region, members);
    complete(call, &mut resource, number)?;
    let fails = std::mem::take(call.next_creation_fails);
    let then = if fails {
        kind.failed.unwrap_or(kind.made)
    } else {
        kind.made
    };
    for (member, value) in kind.shown(kind.making) {
        resource.members.insert(member.to_owned(), value);
    }
    let mut change = Change::new(call.end_of(kind), kind.making, then);
    change.sets.append(&mut resource.at_end);
    resource.begin(change);
    call.world.insert(kind, number, resource);
    Ok(number)
}

/// The parameters that are members of what is made.
pub(super) fn members_of(call: &Call<'_>, kind: &'static Kind) -> Map<String, Value> {
    let mut members = Map::new();
    let Some(item) = item(call, kind) else {
        return members;
    };
    for parameter in call.model.request.members {
        copy(call, parameter.name, item, &mut members);
    }
    members
}

/// Puts a parameter where the item has a member for it; `xCode` goes into the code of `x`.
fn copy(call: &Call<'_>, parameter: &str, item: &StructModel, members: &mut Map<String, Value>) {
    use catalog::Kind as Holds;
    if let Some(member) = item.member(parameter) {
        match member.kind {
            Holds::List(Holds::Struct(_)) => {
                let structs = call.structs(parameter);
                if !structs.is_empty() {
                    let structs = structs.into_iter().map(Value::Object).collect();
                    members.insert(parameter.to_owned(), Value::Array(structs));
                }
            }
            Holds::List(_) => {
                let items = call.items(parameter);
                if !items.is_empty() {
                    members.insert(parameter.to_owned(), items.into());
                }
            }
            _ => {
                if let Some(value) = call.get(parameter) {
                    members.insert(parameter.to_owned(), Value::String(value.to_owned()));
                }
            }
        }
        return;
    }
    let common = parameter
        .strip_suffix("Code")
        .and_then(|common| item.member(common));
    if let (Some(common), Some(value)) = (common, call.get(parameter))
        && matches!(common.kind, Holds::CommonCode(_))
    {
        members.insert(common.name.to_owned(), common_code(value, value));
    }
}

/// What the answer's list is made of.
fn item(call: &Call<'_>, kind: &'static Kind) -> Option<&'static StructModel> {
    let list = call.model.answer.member(kind.list)?;
    match list.kind {
        catalog::Kind::List(catalog::Kind::Struct(item)) => Some(item),
        _ => None,
    }
}
