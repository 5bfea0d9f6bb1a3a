//! Addresses: which ones of a block are free.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use serde_json::Value;

use super::block::Block;
use crate::outcome::ServiceError;
use crate::world::kinds::network_interface::NETWORK_INTERFACE;
use crate::world::kinds::vpc::SUBNET;
use crate::world::{Call, Kind};

/// The first addresses of a subnet, which the platform keeps for itself; so it does with the last one.
const RESERVED: u32 = 6;

/// Addresses to choose from, and those that are taken.
pub(crate) struct Addresses {
    first: u32,
    last: u32,
    used: HashSet<u32>,
    /// All before this one are taken.
    next: u32,
}

impl Addresses {
    /// Those of the network interfaces of a subnet.
    pub(super) fn of_subnet(call: &Call<'_>, number: &str) -> Result<Self, ServiceError> {
        let found = call.world.find(&SUBNET, &call.region, number, call.pace.now);
        let subnet = found.ok_or_else(|| ServiceError::authority("subnetNo", number))?;
        let block = Block::of(&subnet.text("subnet"))
            .ok_or_else(|| ServiceError::state("subnetNo", number, "has no addresses"))?;
        let mut used = HashSet::new();
        let now = call.pace.now;
        for interface in call.world.naming(&NETWORK_INTERFACE, "subnetNo", number, now) {
            let members = &interface.members;
            if members.get("subnetNo").and_then(Value::as_str) != Some(number) {
                continue;
            }
            used.extend(members.get("ip").and_then(address));
            let secondary = members.get("secondaryIpList").and_then(Value::as_array);
            used.extend(secondary.into_iter().flatten().filter_map(address));
        }
        let first = block.first.saturating_add(RESERVED);
        let last = block.last.saturating_sub(1);
        Ok(Self {
            first,
            last,
            used,
            next: first,
        })
    }

    /// Has some taken of the addresses of a name, which are looked for once in a call, however many servers it makes.
    pub(super) fn once<T>(
        call: &mut Call<'_>,
        name: &str,
        find: impl FnOnce(&Call<'_>) -> Result<Self, ServiceError>,
        take: impl FnOnce(&mut Self) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let mut addresses = match call.addresses.remove(name) {
            Some(addresses) => addresses,
            None => find(call)?,
        };
        let taken = take(&mut addresses)?;
        call.addresses.insert(name.to_owned(), addresses);
        Ok(taken)
    }

    /// Those of a block of which a kind's resources have some.
    pub(super) fn of_kind(call: &Call<'_>, kind: &'static Kind, member: &str, first: u32, last: u32) -> Self {
        let all = call.world.all(kind, call.pace.now);
        let used = all.filter_map(|resource| address(resource.members.get(member)?));
        Self {
            first,
            last,
            used: used.collect(),
            next: first,
        }
    }

    /// How many are left.
    pub(super) fn free(&self) -> usize {
        let all = usize::try_from(self.last.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let all = if self.last < self.first {
            0
        } else {
            all.saturating_add(1)
        };
        all.saturating_sub(self.used.len())
    }

    /// Takes the lowest one that is free.
    pub(super) fn take_next(&mut self) -> Result<String, ServiceError> {
        let free = (self.next..=self.last).find(|address| !self.used.contains(address));
        let free = free.ok_or_else(|| ServiceError::quota("address", self.used.len()))?;
        self.used.insert(free);
        self.next = free.saturating_add(1);
        Ok(Ipv4Addr::from(free).to_string())
    }

    /// Takes the one that a parameter names.
    pub(super) fn take(&mut self, parameter: &str, wanted: &str) -> Result<String, ServiceError> {
        let named = wanted.parse::<Ipv4Addr>().map(u32::from).ok();
        let named = named.filter(|named| (self.first..=self.last).contains(named));
        let Some(named) = named else {
            let (first, last) = (Ipv4Addr::from(self.first), Ipv4Addr::from(self.last));
            let problem = format!("must be an address from {first} to {last}");
            return Err(ServiceError::parameter(parameter, &problem));
        };
        if !self.used.insert(named) {
            return Err(ServiceError::taken(parameter, wanted));
        }
        Ok(wanted.to_owned())
    }
}

fn address(value: &Value) -> Option<u32> {
    value.as_str()?.parse::<Ipv4Addr>().ok().map(u32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_run_out() {
        let mut addresses = Addresses {
            first: 6,
            last: 7,
            used: HashSet::from([6]),
            next: 6,
        };
        assert_eq!(addresses.free(), 1);
        assert!(addresses.take("ip", "0.0.0.6").is_err());
        assert!(addresses.take("ip", "0.0.0.8").is_err());
        assert_eq!(addresses.take_next().unwrap(), "0.0.0.7");
        assert_eq!(addresses.free(), 0);
        assert!(addresses.take_next().is_err());
    }
}
