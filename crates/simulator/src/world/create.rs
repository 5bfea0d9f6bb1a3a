//! Creating: a resource is made of the parameters that are its members, of a number, a name and a date.

use ncloud_api::catalog::{self, StructModel};
use serde_json::{Map, Value};

use super::call::Call;
use super::kind::{Complete, Kind};
use super::reference::named;
use super::resource::{Change, Resource};
use super::{common_code, text};
use crate::outcome::ServiceError;

pub(crate) fn create(
    call: &mut Call<'_>,
    kind: &'static Kind,
    complete: Complete,
) -> Result<Map<String, Value>, ServiceError> {
    check_needs(call, kind)?;
    let count = count(call)?;
    check_quota(call, kind, count)?;
    let mut numbers = Vec::new();
    for (number, name) in plan(call, kind, count)? {
        let members = members_of(call, kind);
        one(call, kind, complete, members, number, name)?;
        numbers.push(number);
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
    let number = call.world.new_number();
    let name = kind.label.map(|(label, prefix)| match text(&members, label) {
        name if name.is_empty() => format!("{prefix}-{number}"),
        name => name,
    });
    if let (Some((label, _)), Some(name)) = (kind.label, &name) {
        let mut others = call.world.named(kind, name, call.pace.now);
        if others.any(|other| other.is_in(&call.region)) {
            return Err(ServiceError::taken(label, name));
        }
    }
    one(call, kind, complete, members, number, name)?;
    Ok(number)
}

fn check_quota(call: &mut Call<'_>, kind: &'static Kind, count: usize) -> Result<(), ServiceError> {
    let present = call.world.forget_gone(kind, call.pace.now);
    let quota = call.world.quota(kind);
    if present.saturating_add(count) > quota {
        return Err(ServiceError::quota(kind.name, quota));
    }
    Ok(())
}

/// How many are to be made.
pub(crate) fn count(call: &Call<'_>) -> Result<usize, ServiceError> {
    const COUNT: &str = "serverCreateCount";
    match call.count(COUNT)? {
        Some(0) => Err(ServiceError::parameter(COUNT, "must be at least 1")),
        count => Ok(count.unwrap_or(1)),
    }
}

/// Everything that is named has to be there, and not about to go.
pub(crate) fn check_needs(call: &Call<'_>, kind: &'static Kind) -> Result<(), ServiceError> {
    for need in kind.needs {
        for number in call.items(need.member) {
            named(call, need.kind, need.member, &number)?;
        }
    }
    Ok(())
}

/// Numbers and names of what is to be made: of several all or none, so that a name that is taken is found before anything is made.
fn plan(
    call: &mut Call<'_>,
    kind: &'static Kind,
    count: usize,
) -> Result<Vec<(u64, Option<String>)>, ServiceError> {
    let given = kind
        .label
        .and_then(|(label, _)| call.get(label))
        .map(str::to_owned);
    let first = call.count("serverCreateStartNo")?.unwrap_or(1);
    let mut planned = Vec::new();
    for index in 0..count {
        let number = call.world.new_number();
        let name = kind.label.map(|(_, prefix)| match &given {
            None => format!("{prefix}-{number}"),
            Some(name) if count == 1 => name.clone(),
            Some(name) => format!("{name}-{:03}", first.saturating_add(index)),
        });
        planned.push((number, name));
    }
    if let (Some((label, _)), Some(_)) = (kind.label, given) {
        for name in planned.iter().filter_map(|(_, name)| name.as_deref()) {
            let mut others = call.world.named(kind, name, call.pace.now);
            if others.any(|other| other.region == call.region) {
                return Err(ServiceError::taken(label, name));
            }
        }
    }
    Ok(planned)
}

fn one(
    call: &mut Call<'_>,
    kind: &'static Kind,
    complete: Complete,
    mut members: Map<String, Value>,
    number: u64,
    name: Option<String>,
) -> Result<(), ServiceError> {
    if let (Some((label, _)), Some(name)) = (kind.label, name) {
        members.insert(label.to_owned(), Value::String(name));
    }
    let mut resource = Resource::new(&call.region, members);
    identify(call, kind, &mut resource, number);
    complete(call, &mut resource, number)?;
    let made = resource.made.take().unwrap_or(kind.made);
    // What cannot fail leaves it to what is made next.
    let then = match kind.failed {
        Some(failed) if std::mem::take(call.next_creation_fails) => failed,
        _ => made,
    };
    for (member, value) in kind.shown(kind.making) {
        resource.members.insert(member.to_owned(), value);
    }
    let mut change = Change::new(call.end_of(kind), kind.making, then);
    change.sets.append(&mut resource.at_end);
    resource.begin(change);
    call.world.insert(kind, number, resource);
    Ok(())
}

/// Gives something what everything has: a number, a date, and its region.
pub(super) fn identify(call: &Call<'_>, kind: &'static Kind, resource: &mut Resource, number: u64) {
    let region = Value::String(resource.region.clone());
    for (member, value) in [
        (kind.number, Value::String(number.to_string())),
        ("createDate", call.date()),
        ("regionCode", region),
    ] {
        resource.members.insert(member.to_owned(), value);
    }
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
                let items = if parameter.ends_with("NoList") {
                    call.numbers(parameter)
                } else {
                    call.items(parameter)
                };
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
pub(super) fn item(call: &Call<'_>, kind: &'static Kind) -> Option<&'static StructModel> {
    let list = call.model.answer.member(kind.list)?;
    match list.kind {
        catalog::Kind::List(catalog::Kind::Struct(item)) => Some(item),
        _ => None,
    }
}
