//! Secondary addresses of network interfaces.

use serde_json::{Map, Value};

use super::address::Addresses;
use super::network_interface::texts;
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::{Call, Kind, text};

const NUMBER: &str = "networkInterfaceNo";
/// How many secondary addresses an interface can have.
const SECONDARY_LIMIT: usize = 5;

/// The secondary addresses that a call names and those that it wants picked, beside those that there are.
pub(super) fn secondary(
    call: &Call<'_>,
    addresses: &mut Addresses,
    present: usize,
) -> Result<Vec<String>, ServiceError> {
    let named = call.items("secondaryIpList");
    let count = call.count("secondaryIpCount")?.unwrap_or(0);
    if present.saturating_add(named.len()).saturating_add(count) > SECONDARY_LIMIT {
        return Err(ServiceError::quota(
            "secondary address of a network interface",
            SECONDARY_LIMIT,
        ));
    }
    let mut taken = Vec::new();
    for wanted in named {
        taken.push(addresses.take("secondaryIpList", &wanted)?);
    }
    for _ in 0..count {
        taken.push(addresses.take_next()?);
    }
    Ok(taken)
}

/// The interface that a call is about, and what it shows.
fn interface(
    call: &Call<'_>,
    kind: &'static Kind,
) -> Result<(String, Option<Map<String, Value>>), ServiceError> {
    let number = call.required(NUMBER)?;
    check(call, kind, NUMBER, &number, &[])?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    let shown = found.map(|found| found.shown(kind, call.pace.now));
    Ok((number, shown))
}

pub(super) fn assign_secondary(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    let (number, shown) = interface(call, kind)?;
    let subnet = shown.as_ref().map(|shown| text(shown, "subnetNo"));
    let mut assigned = texts(shown.as_ref(), "secondaryIpList");
    let mut addresses = Addresses::of_subnet(call, &subnet.unwrap_or_default())?;
    let further = secondary(call, &mut addresses, assigned.len())?;
    if further.is_empty() {
        let problem = "is missing; give it or secondaryIpCount";
        return Err(ServiceError::parameter("secondaryIpList", problem));
    }
    assigned.extend(further);
    Ok(set_secondary(call, kind, &number, assigned))
}

pub(super) fn unassign_secondary(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    let (number, shown) = interface(call, kind)?;
    let mut assigned = texts(shown.as_ref(), "secondaryIpList");
    let removed = call.items("secondaryIpList");
    assigned.retain(|address| !removed.contains(address));
    Ok(set_secondary(call, kind, &number, assigned))
}

fn set_secondary(
    call: &mut Call<'_>,
    kind: &'static Kind,
    number: &str,
    addresses: Vec<String>,
) -> Map<String, Value> {
    if let Some(found) = call.world.find_mut(kind, &call.region, number, call.pace.now) {
        found
            .members
            .insert("secondaryIpList".to_owned(), addresses.into());
    }
    let shown: Vec<u64> = number.parse().into_iter().collect();
    call.show(kind, &shown)
}
