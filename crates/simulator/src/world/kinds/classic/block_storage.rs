//! Block storage of Classic: a base one along with each server, and further ones that are made for a server.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{CLASSIC, place_beside};
use crate::outcome::ServiceError;
use crate::world::change::begin;
use crate::world::kind::{Kind, Move, Phase, Rule, State};
use crate::world::size::bytes;
use crate::world::{Call, Change, Resource, along, common_code, remove};

const ATTACHED: Phase = Phase::new("ATTAC", "NULL", "attached");
const DETACHED: Phase = Phase::new("CREAT", "NULL", "detached");
const SERVER_NUMBER: &str = "serverInstanceNo";
const NUMBERS: &str = "blockStorageInstanceNoList";
/// The device that is kept for it at its server, which is shown when it is attached.
const DEVICE: &str = "reservedDevice";

pub(crate) static BLOCK_STORAGE: Kind = Kind {
    name: "Classic block storage",
    number: "blockStorageInstanceNo",
    list: "blockStorageInstanceList",
    label: Some(("blockStorageName", "bst")),
    state: State {
        status: "blockStorageInstanceStatus",
        operation: "blockStorageInstanceOperation",
        phrase: "blockStorageInstanceStatusName",
    },
    making: Phase::new("INIT", "NULL", "initialized"),
    made: ATTACHED,
    deleting: Phase::keeping("TERMT", "terminating"),
    actions: &[
        ("getBlockStorageInstanceList", Rule::List),
        ("createBlockStorageInstance", Rule::Create(block_storage)),
        ("deleteBlockStorageInstances", Rule::Odd(delete)),
        (
            "attachBlockStorageInstance",
            Rule::Move(Move {
                by: "blockStorageInstanceNo",
                from: &["CREAT"],
                during: Phase::keeping("ATTAC", "attaching"),
                then: ATTACHED,
                effect: Some(take_server),
            }),
        ),
        ("detachBlockStorageInstances", Rule::Odd(detach)),
        (
            "changeBlockStorageVolumeSize",
            Rule::Move(Move {
                by: "blockStorageInstanceNo",
                from: &["CREAT", "ATTAC"],
                during: Phase::keeping("CHNG", "changing"),
                then: Phase::keeping("NULL", "changed"),
                effect: Some(take_size),
            }),
        ),
    ],
    ..CLASSIC
};

/// What all block storages show.
fn defaults(kind: &str, device: &str) -> Value {
    json!({
        "blockStorageType": common_code(kind, kind), "deviceName": device, "diskType": common_code("NET", "NET"),
        "diskDetailType": common_code("HDD", "HDD"), "blockStorageInstanceDescription": "",
        "blockStorageProductCode": "SPBSTBSTAD000002", "maxIopsThroughput": 1000,
    })
}

/// The base block storage that comes along with a server.
pub(super) fn make_base(call: &mut Call<'_>, server: &Resource) {
    let mut base = Resource::new(&server.region, Map::new());
    place_beside(&mut base, server);
    let name = server.text("serverName");
    let own = json!({
        SERVER_NUMBER: server.text(SERVER_NUMBER), "serverName": name, "blockStorageName": format!("{name}-base"),
        "blockStorageSize": server.members.get("baseBlockStorageSize"),
    });
    base.members.append(&mut along::members(own));
    along::complete(&mut base.members, defaults("BASIC", "/dev/xvda"));
    along::make(call, &BLOCK_STORAGE, base);
}

fn block_storage(call: &mut Call<'_>, storage: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let number = call.required(SERVER_NUMBER)?;
    let server = super::server(call, &number)?;
    if server.is_going() {
        return Err(ServiceError::state(SERVER_NUMBER, &number, "is being deleted"));
    }
    place_beside(storage, server);
    let name = Value::String(server.text("serverName"));
    storage.members.insert("serverName".to_owned(), name);
    let size = size(call)?;
    storage.members.insert("blockStorageSize".to_owned(), size);
    let description = call.get("blockStorageDescription").unwrap_or_default();
    storage
        .members
        .insert("blockStorageInstanceDescription".to_owned(), description.into());
    along::complete(&mut storage.members, defaults("SVRBS", ""));
    let device = device(call, &number);
    storage.members.insert(DEVICE.to_owned(), device.clone());
    storage.at_end.insert("deviceName".to_owned(), device);
    Ok(())
}

/// The first device of a server that is free; the base one has the first of all.
fn device(call: &Call<'_>, server: &str) -> Value {
    let all = call
        .world
        .naming(&BLOCK_STORAGE, SERVER_NUMBER, server, call.pace.now);
    let theirs = all.filter(|storage| storage.text(SERVER_NUMBER) == server);
    let taken: BTreeSet<String> = theirs.map(|storage| storage.text(DEVICE)).collect();
    let mut devices = ('b'..='z').map(|letter| format!("/dev/xvd{letter}"));
    devices
        .find(|device| !taken.contains(device))
        .unwrap_or_default()
        .into()
}

/// The size that is asked for in GB, in bytes.
fn size(call: &Call<'_>) -> Result<Value, ServiceError> {
    const BY: &str = "blockStorageSize";
    Ok(bytes(BY, &call.required(BY)?)?.into())
}

fn take_size(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let size = size(call)?;
    let now = call.pace.now;
    let found = call.world.find(&BLOCK_STORAGE, &call.region, number, now);
    let present = found.and_then(|found| found.member("blockStorageSize", now)?.as_u64());
    if size.as_u64() <= present {
        return Err(ServiceError::parameter(
            "blockStorageSize",
            "must be above the present size",
        ));
    }
    change.sets.insert("blockStorageSize".to_owned(), size);
    Ok(())
}

fn take_server(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let server_number = call.required(SERVER_NUMBER)?;
    let server = super::server(call, &server_number)?;
    if server.is_going() {
        return Err(ServiceError::state(
            SERVER_NUMBER,
            &server_number,
            "is being deleted",
        ));
    }
    let device = device(call, &server_number);
    // It is the server's from the beginning, so that it goes with it, and is seen in the end.
    let own =
        json!({ SERVER_NUMBER: server_number, "serverName": server.text("serverName"), DEVICE: device });
    let now = call.pace.now;
    if let Some(found) = call.world.find_mut(&BLOCK_STORAGE, &call.region, number, now) {
        found.members.append(&mut along::members(own));
    }
    change.sets.insert("deviceName".to_owned(), device);
    Ok(())
}

static DETACH: Move = Move {
    by: NUMBERS,
    from: &["ATTAC"],
    during: Phase::keeping("DETAC", "detaching"),
    then: DETACHED,
    effect: Some(leave_server),
};

fn detach(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    refuse_bases(call)?;
    begin(call, kind, &DETACH)
}

fn leave_server(_: &mut Call<'_>, _: &str, change: &mut Change) -> Result<(), ServiceError> {
    change.sets =
        along::members(json!({ SERVER_NUMBER: "", "serverName": "", "deviceName": "", DEVICE: null }));
    Ok(())
}

/// A base block storage belongs to its server. All that are named are looked at before any of them changes.
fn refuse_bases(call: &Call<'_>) -> Result<(), ServiceError> {
    for number in call.items(NUMBERS) {
        let found = call
            .world
            .find(&BLOCK_STORAGE, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.text("blockStorageType") == "BASIC") {
            return Err(ServiceError::state(NUMBERS, &number, "is the base of a server"));
        }
    }
    Ok(())
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    refuse_bases(call)?;
    remove::remove(call, kind, NUMBERS, &[])
}
