//! Changing: what takes its time, and what is done at once.

use serde_json::{Map, Value};

use super::call::Call;
use super::create::members_of;
use super::kind::{Kind, Move};
use super::resource::Change;
use crate::outcome::ServiceError;

/// Begins a change of all that are named, or of none of them if one cannot be changed.
pub(crate) fn begin(
    call: &mut Call<'_>,
    kind: &'static Kind,
    moved: &Move,
) -> Result<Map<String, Value>, ServiceError> {
    let numbers = call.numbers(moved.by);
    if numbers.is_empty() {
        return Err(ServiceError::parameter(moved.by, "is missing"));
    }
    for number in &numbers {
        check(call, kind, moved.by, number, moved.from)?;
    }
    let mut shown = Vec::new();
    for number in &numbers {
        let mut change = Change::new(call.end_of(kind), moved.during, moved.then);
        if let Some(effect) = moved.effect {
            effect(call, number, &mut change)?;
        }
        if let Some(found) = call.world.find_mut(kind, &call.region, number, call.pace.now) {
            found.begin(change);
            shown.extend(number.parse::<u64>().ok());
        }
    }
    Ok(call.show(kind, &shown))
}

/// It has to be there, with nothing else going on, and in a status in which this can begin.
pub(crate) fn check(
    call: &Call<'_>,
    kind: &'static Kind,
    by: &str,
    number: &str,
    from: &[&str],
) -> Result<(), ServiceError> {
    let now = call.pace.now;
    let found = call.world.find(kind, &call.region, number, now);
    let found = found.ok_or_else(|| kind.absent(by, number))?;
    if found.is_busy(now) {
        return Err(ServiceError::busy(kind.busy_code, by, number));
    }
    let status = found.status(kind, now);
    if !from.is_empty() && !from.contains(&status.as_str()) {
        let problem = format!("is {status}; it has to be {}", from.join(" or "));
        return Err(ServiceError::state(by, number, &problem));
    }
    Ok(())
}

/// The parameters that are members, but for those that say what is meant.
pub(super) fn given(call: &Call<'_>, kind: &'static Kind) -> Map<String, Value> {
    let mut members = members_of(call, kind);
    members.remove(kind.number);
    members.remove("regionCode");
    members
}

/// Changes members at once: each parameter that is a member, of the one whose number is given.
pub(crate) fn set(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(kind.number)?;
    check(call, kind, kind.number, &number, &[])?;
    let mut members = given(call, kind);
    if let Some(found) = call.world.find_mut(kind, &call.region, &number, call.pace.now) {
        found.members.append(&mut members);
    }
    let shown: Vec<u64> = number.parse().into_iter().collect();
    Ok(call.show(kind, &shown))
}
