//! Snapshots of block storage of Classic.

use serde_json::json;

use super::{BLOCK_STORAGE, CLASSIC, SERVER, place_beside};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Kind, Phase, Rule, State};
use crate::world::reference::named;
use crate::world::{Call, Resource, along};

pub(crate) static BLOCK_STORAGE_SNAPSHOT: Kind = Kind {
    name: "Classic block storage snapshot",
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
    actions: &[
        ("getBlockStorageSnapshotInstanceList", Rule::List),
        ("createBlockStorageSnapshotInstance", Rule::Create(snapshot)),
        (
            "deleteBlockStorageSnapshotInstances",
            Rule::Delete {
                by: "blockStorageSnapshotInstanceNoList",
                from: &["CREAT"],
            },
        ),
    ],
    ..CLASSIC
};

/// A snapshot is as large as its storage, and knows the image of the server that the storage belongs to.
fn snapshot(call: &mut Call<'_>, snapshot: &mut Resource, _: u64) -> Result<(), ServiceError> {
    const BY: &str = "blockStorageInstanceNo";
    let number = call.required(BY)?;
    check(call, &BLOCK_STORAGE, BY, &number, &["CREAT", "ATTAC"])?;
    let storage = named(call, &BLOCK_STORAGE, BY, &number)?;
    let now = call.pace.now;
    let server = storage.text("serverInstanceNo");
    let server = call.world.find(&SERVER, &call.region, &server, now);
    place_beside(snapshot, storage);
    let shown = json!({
        "originalBlockStorageInstanceNo": number, "originalBlockStorageName": storage.text("blockStorageName"),
        "blockStorageSnapshotVolumeSize": storage.member("blockStorageSize", now),
        "blockStorageSnapshotInstanceDescription": call.get("blockStorageSnapshotDescription").unwrap_or_default(),
        "serverImageProductCode": server.map(|server| server.text("serverImageProductCode")),
    });
    snapshot.members.append(&mut along::members(shown));
    Ok(())
}
