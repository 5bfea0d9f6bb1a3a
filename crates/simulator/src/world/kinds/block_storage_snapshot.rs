//! Snapshots of block storage.

use serde_json::Value;

use super::block_storage::BLOCK_STORAGE;
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Hold, Kind, Need, PLAIN, Phase, Rule, State};
use crate::world::{Call, Resource, common_code, text};

const ORIGINAL: &str = "originalBlockStorageInstanceNo";
const BASE: &str = "baseSnapshotInstanceNo";
const DEPTH: &str = "snapshotChainDepth";
/// How many snapshots of changes can follow one of the whole storage.
const DEPTH_LIMIT: u64 = 7;

pub(crate) static BLOCK_STORAGE_SNAPSHOT: Kind = Kind {
    name: "block storage snapshot",
    service: "vserver",
    number: "blockStorageSnapshotInstanceNo",
    list: "blockStorageSnapshotInstanceList",
    label: Some(("blockStorageSnapshotName", "snapshot")),
    state: State {
        status: "blockStorageSnapshotInstanceStatus",
        operation: "blockStorageSnapshotInstanceOperation",
        phrase: "blockStorageSnapshotInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "creating"),
    made: Phase::new("CREAT", "NULL", "created"),
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[Need {
        member: ORIGINAL,
        kind: &BLOCK_STORAGE,
    }],
    held_by: &[Hold {
        kind: || &BLOCK_STORAGE_SNAPSHOT,
        member: BASE,
    }],
    actions: &[
        ("getBlockStorageSnapshotInstanceList", Rule::List),
        ("getBlockStorageSnapshotInstanceDetail", Rule::Detail),
        ("createBlockStorageSnapshotInstance", Rule::Create(snapshot)),
        (
            "deleteBlockStorageSnapshotInstances",
            Rule::Delete {
                by: "blockStorageSnapshotInstanceNoList",
                from: &["CREAT"],
            },
        ),
    ],
    ..PLAIN
};

fn snapshot(call: &mut Call<'_>, snapshot: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let now = call.pace.now;
    let number = call.required(ORIGINAL)?;
    check(call, &BLOCK_STORAGE, ORIGINAL, &number, &["CREAT", "ATTAC"])?;
    let found = call.world.find(&BLOCK_STORAGE, &call.region, &number, now);
    let storage = found
        .map(|found| found.shown(&BLOCK_STORAGE, now))
        .unwrap_or_default();
    let is_incremental = snapshot.text("snapshotType") == "INCREMENTAL";
    let (base, depth) = if is_incremental {
        base(call, &number)?
    } else {
        (String::new(), 0)
    };
    let members = &mut snapshot.members;
    for (member, of_storage) in [
        ("blockStorageSnapshotVolumeSize", "blockStorageSize"),
        ("isEncryptedOriginalBlockStorageVolume", "isEncryptedVolume"),
        ("hypervisorType", "hypervisorType"),
        ("blockStorageVolumeType", "blockStorageVolumeType"),
    ] {
        let value = storage.get(of_storage).cloned().unwrap_or_default();
        members.insert(member.to_owned(), value);
    }
    let is_bootable = text(&storage, "blockStorageType") == "BASIC";
    for (member, value) in [
        ("blockStorageSnapshotDescription", Value::String(String::new())),
        ("snapshotType", common_code("FULL", "Full Storage Snapshot")),
        (BASE, base.into()),
        (DEPTH, depth.into()),
        ("isBootable", is_bootable.into()),
    ] {
        members.entry(member).or_insert(value);
    }
    Ok(())
}

/// The snapshot of the same storage that one of the changes goes on from, and how far it is from one of the whole storage.
fn base(call: &Call<'_>, original: &str) -> Result<(String, u64), ServiceError> {
    let now = call.pace.now;
    let all = call
        .world
        .naming(&BLOCK_STORAGE_SNAPSHOT, ORIGINAL, original, now);
    let earlier = all.filter(|other| {
        other.members.get(ORIGINAL).and_then(Value::as_str) == Some(original) && !other.is_going()
    });
    let Some(last) = earlier.last() else {
        let problem = "has no snapshot yet; make one of the type FULL first";
        return Err(ServiceError::state(ORIGINAL, original, problem));
    };
    let depth = last.text(DEPTH).parse().unwrap_or(0_u64).saturating_add(1);
    if depth > DEPTH_LIMIT {
        let problem = format!("has {DEPTH_LIMIT} snapshots of changes already; make one of the type FULL");
        return Err(ServiceError::state(ORIGINAL, original, &problem));
    }
    Ok((last.text("blockStorageSnapshotInstanceNo"), depth))
}
