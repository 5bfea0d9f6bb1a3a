//! Storage of new servers: what they boot from, and what else a call maps.

use serde_json::{Map, Value};

use super::block_storage::{self, STORAGE_LIMIT, check_size};
use super::block_storage_snapshot::BLOCK_STORAGE_SNAPSHOT;
use super::server_specification::ServerSpecification;
use crate::outcome::ServiceError;
use crate::world::reference::named;
use crate::world::size::{GB, bytes};
use crate::world::{Call, text};

const MAPPINGS: &str = "blockStorageMappingList";
/// How large the storage is that a server boots from, if nothing says so.
const BOOT_SIZE: u64 = 50 * GB;

/// Storage that a call maps.
pub(super) struct Mapping {
    /// Its place in the server; that of what the server boots from is 0.
    order: u32,
    /// In bytes; not given for what a server boots from, which has the size that its specification says.
    size: Option<u64>,
}

/// The storage that a call maps, in the order of its places.
pub(super) fn mappings(call: &Call<'_>, hypervisor: &str) -> Result<Vec<Mapping>, ServiceError> {
    let mut mappings: Vec<Mapping> = Vec::new();
    for (index, given) in call.structs(MAPPINGS).iter().enumerate() {
        let place = format!("{MAPPINGS}.{}.", index.saturating_add(1));
        if given.is_empty() || text(given, "noBlockStorage") == "true" {
            continue;
        }
        let mapping = mapping(call, &place, given, hypervisor)?;
        if mappings.iter().any(|other| other.order == mapping.order) {
            return Err(ServiceError::taken(
                &format!("{place}order"),
                &mapping.order.to_string(),
            ));
        }
        mappings.push(mapping);
        if mappings.len() > STORAGE_LIMIT {
            return Err(ServiceError::quota("block storage of a server", STORAGE_LIMIT));
        }
    }
    mappings.sort_by_key(|mapping| mapping.order);
    Ok(mappings)
}

fn mapping(
    call: &Call<'_>,
    place: &str,
    given: &Map<String, Value>,
    hypervisor: &str,
) -> Result<Mapping, ServiceError> {
    let (order_name, size_name) = (format!("{place}order"), format!("{place}blockStorageSize"));
    let order = match text(given, "order").as_str() {
        "" => 0,
        order => order
            .parse()
            .map_err(|_| ServiceError::parameter(&order_name, "must be 0 or above"))?,
    };
    let snapshot = match text(given, "snapshotInstanceNo").as_str() {
        "" => None,
        number => {
            let by = format!("{place}snapshotInstanceNo");
            let snapshot = named(call, &BLOCK_STORAGE_SNAPSHOT, &by, number)?;
            snapshot
                .text("blockStorageSnapshotVolumeSize")
                .parse::<u64>()
                .ok()
        }
    };
    let wanted = match text(given, "blockStorageSize").as_str() {
        "" => None,
        size => Some(bytes(&size_name, size)?),
    };
    if let Some(wanted) = wanted {
        check_size(&size_name, wanted, hypervisor != "KVM")?;
    }
    if let (Some(wanted), Some(least)) = (wanted, snapshot)
        && wanted < least
    {
        let problem = format!("must be at least that of the snapshot, {} GB", least / GB);
        return Err(ServiceError::parameter(&size_name, &problem));
    }
    let size = wanted.or(snapshot);
    if size.is_none() && order > 0 {
        return Err(ServiceError::parameter(&size_name, "is missing"));
    }
    Ok(Mapping { order, size })
}

/// Makes the storage that a server boots from, and what else is mapped.
pub(super) fn bring_storage(
    call: &mut Call<'_>,
    server: &mut Map<String, Value>,
    mappings: &[Mapping],
    specification: Option<&ServerSpecification>,
) {
    let disk = specification.map_or("SSD", |specification| specification.disk);
    let (boot, further) = match mappings.split_first() {
        Some((boot, further)) if boot.order == 0 => (boot.size, further),
        _ => (None, mappings),
    };
    let specified = || Some(u64::from(specification?.boot_storage).saturating_mul(GB));
    let boot = boot.or_else(specified).unwrap_or(BOOT_SIZE);
    block_storage::bring_along(call, server, boot, disk);
    for size in further.iter().filter_map(|mapping| mapping.size) {
        block_storage::bring_along(call, server, size, disk);
    }
}
