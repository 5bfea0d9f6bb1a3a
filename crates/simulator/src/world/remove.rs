//! Removing: all of those that are named, or none of them if one cannot go.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::call::{Call, answer};
use super::kind::Kind;
use super::lookup::items;
use super::resource::Change;
use super::{plain, text_of};
use crate::outcome::ServiceError;

pub(crate) fn remove(
    call: &mut Call<'_>,
    kind: &'static Kind,
    by: &str,
    from: &[&str],
) -> Result<Map<String, Value>, ServiceError> {
    let numbers = call.numbers(by);
    if numbers.is_empty() {
        return Err(ServiceError::parameter(by, "is missing"));
    }
    these(call, kind, by, &numbers, from)
}

/// Removes those with these numbers, which a parameter gives in some way.
pub(crate) fn these(
    call: &mut Call<'_>,
    kind: &'static Kind,
    by: &str,
    numbers: &[String],
    from: &[&str],
) -> Result<Map<String, Value>, ServiceError> {
    let now = call.pace.now;
    let mut staying = HashSet::new();
    for number in numbers {
        let found = call.world.find(kind, &call.region, number, now);
        let found = found.ok_or_else(|| kind.absent(by, number))?;
        if found.is_going() {
            continue;
        }
        if found.is_busy(now) {
            return Err(ServiceError::busy(kind.busy_code, by, number));
        }
        let status = found.status(kind, now);
        if !from.is_empty() && !from.contains(&status.as_str()) {
            let problem = format!("is {status}; it can be deleted if it is {}", from.join(" or "));
            return Err(ServiceError::state(by, number, &problem));
        }
        staying.insert(number.as_str());
    }
    if !staying.is_empty() {
        check_holds(call, kind, by, &staying)?;
    }
    let until = call.end_of(kind);
    let mut shown = Vec::new();
    for number in numbers {
        if let Some(found) = call.world.find_mut(kind, &call.region, number, now) {
            // Deleting it again changes nothing, not even the time that it takes.
            if !found.is_going() {
                found.begin(Change::to_gone(until, kind.deleting));
            }
            // Shown even if it is gone at once.
            shown.push(Value::Object(found.shown(kind, now)));
        }
    }
    Ok(answer(kind.list, shown))
}

/// Nothing may name one of them, or be about to, that would be left without it.
fn check_holds(
    call: &Call<'_>,
    kind: &'static Kind,
    by: &str,
    numbers: &HashSet<&str>,
) -> Result<(), ServiceError> {
    let now = call.pace.now;
    for hold in kind.held_by {
        let holder = (hold.kind)();
        let naming = numbers
            .iter()
            .flat_map(|number| call.world.naming(holder, hold.member, number, now));
        // The oldest one that does is the one that is told.
        let mut held = BTreeMap::new();
        for other in naming {
            let values = other.values(hold.member, now).flat_map(items);
            let mut named = values.map(text_of);
            if let Some(number) = named.find(|number| numbers.contains(number.as_str())) {
                held.insert(plain(&other.text(holder.number)), number);
            }
        }
        if let Some((_, number)) = held.pop_first() {
            return Err(ServiceError::in_use(by, &number, holder.name));
        }
    }
    Ok(())
}
