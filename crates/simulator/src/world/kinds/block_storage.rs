//! Block storage: made, attached to servers, enlarged, detached, deleted.

use serde_json::{Map, Value, json};

use super::block_storage_snapshot::BLOCK_STORAGE_SNAPSHOT;
use super::server_instance::SERVER_INSTANCE;
use crate::outcome::ServiceError;
use crate::world::change::{begin, check};
use crate::world::kind::{Kind, Move, Need, PLAIN, Phase, Rule, State};
use crate::world::remove::remove;
use crate::world::size::{GB, bytes};
use crate::world::{Call, Change, Resource, along, common_code, text, text_of};

const NUMBER: &str = "blockStorageInstanceNo";
const NUMBERS: &str = "blockStorageInstanceNoList";
const SERVER: &str = "serverInstanceNo";
const SIZE: &str = "blockStorageSize";
/// The member, known to the simulator alone, with the numbers of a server's storage.
const OF_SERVER: &str = "blockStorageInstanceNoList";
/// The largest storage of a server of XEN, in GB.
const XEN_LIMIT: u64 = 2000;
/// How much storage a server can have beside the one that it boots from.
pub(super) const STORAGE_LIMIT: usize = 20;

const INIT: Phase = Phase::new("INIT", "NULL", "initialized");
const FREE: Phase = Phase::new("CREAT", "NULL", "detached");
const ATTACHED: Phase = Phase::new("ATTAC", "NULL", "attached");
const DETACHING: Phase = Phase::keeping("DETAC", "detaching");
const DELETING: Phase = Phase::keeping("TERMT", "terminating");

pub(crate) static BLOCK_STORAGE: Kind = Kind {
    name: "block storage",
    service: "vserver",
    number: NUMBER,
    list: "blockStorageInstanceList",
    label: Some(("blockStorageName", "bst")),
    state: State {
        status: "blockStorageInstanceStatus",
        operation: "blockStorageInstanceOperation",
        phrase: "blockStorageInstanceStatusName",
    },
    making: INIT,
    made: FREE,
    deleting: DELETING,
    needs: &[
        Need {
            member: SERVER,
            kind: &SERVER_INSTANCE,
        },
        Need {
            member: "blockStorageSnapshotInstanceNo",
            kind: &BLOCK_STORAGE_SNAPSHOT,
        },
    ],
    actions: &[
        ("getBlockStorageInstanceList", Rule::List),
        ("getBlockStorageInstanceDetail", Rule::Detail),
        ("createBlockStorageInstance", Rule::Create(storage)),
        ("deleteBlockStorageInstances", Rule::Odd(delete)),
        (
            "attachBlockStorageInstance",
            Rule::Move(Move {
                by: NUMBER,
                from: &["CREAT"],
                during: Phase::keeping("ATTAC", "attaching"),
                then: ATTACHED,
                effect: Some(attach),
            }),
        ),
        ("detachBlockStorageInstances", Rule::Odd(detach)),
        ("changeBlockStorageInstance", Rule::Odd(enlarge)),
        ("changeBlockStorageVolumeSize", Rule::Odd(enlarge)),
        ("setBlockStorageReturnProtection", Rule::Set),
    ],
    ..PLAIN
};

static DETACH: Move = Move {
    by: NUMBERS,
    from: &["ATTAC"],
    during: DETACHING,
    then: FREE,
    effect: Some(leave_server),
};

fn storage(call: &mut Call<'_>, storage: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let server = call.get(SERVER).map(str::to_owned);
    if server.is_none() && call.get("zoneCode").is_none() {
        let problem = "is missing; give it, or serverInstanceNo for storage that belongs to a server";
        return Err(ServiceError::parameter("zoneCode", problem));
    }
    let snapshot = call.get("blockStorageSnapshotInstanceNo").and_then(|snapshot| {
        let found = call
            .world
            .find(&BLOCK_STORAGE_SNAPSHOT, &call.region, snapshot, call.pace.now);
        found?.text("blockStorageSnapshotVolumeSize").parse::<u64>().ok()
    });
    let wanted = call.get(SIZE).map(|size| bytes(SIZE, size)).transpose()?;
    let size = match (wanted, snapshot) {
        (None, None) => return Err(ServiceError::parameter(SIZE, "is missing")),
        (Some(wanted), Some(least)) if wanted < least => {
            let problem = format!("must be at least that of the snapshot, {} GB", least / GB);
            return Err(ServiceError::parameter(SIZE, &problem));
        }
        (Some(size), _) | (None, Some(size)) => size,
    };
    let is_xen = server.is_some();
    check_size(SIZE, size, is_xen)?;
    let hypervisor = if is_xen { "XEN" } else { "KVM" };
    let detail = storage.text("blockStorageDiskDetailType");
    let detail = if detail == "HDD" { "HDD" } else { "SSD" };
    for (member, value) in members(call, "SVRBS", size, hypervisor, detail) {
        let given = storage
            .members
            .entry(member.clone())
            .or_insert_with(|| value.clone());
        if member == SIZE {
            *given = value;
        }
    }
    if let Some(server) = server {
        let device = join_server(call, &server, number)?;
        storage.at_end.insert("deviceName".to_owned(), device.into());
        storage.made = Some(ATTACHED);
    }
    Ok(())
}

/// A size in bytes.
pub(super) fn check_size(parameter: &str, size: u64, is_xen: bool) -> Result<(), ServiceError> {
    if !size.is_multiple_of(10 * GB) {
        return Err(ServiceError::parameter(parameter, "must be a multiple of 10"));
    }
    if is_xen && size / GB > XEN_LIMIT {
        let problem = format!("must be at most {XEN_LIMIT} for storage of a server of XEN");
        return Err(ServiceError::parameter(parameter, &problem));
    }
    Ok(())
}

fn members(call: &Call<'_>, kind: &str, size: u64, hypervisor: &str, detail: &str) -> Map<String, Value> {
    let volume = if hypervisor == "KVM" { "CB1" } else { detail };
    let members = json!({
        SERVER: "", "blockStorageType": common_code(kind, if kind == "BASIC" { "Basic BS" } else { "Server BS" }),
        SIZE: size, "deviceName": "", "blockStorageProductCode": format!("SPBSTBST{}000006", if detail == "HDD" { "BS" } else { "AD" }),
        "blockStorageDescription": "", "blockStorageDiskType": common_code("NET", "Network Storage"),
        "blockStorageDiskDetailType": common_code(detail, detail), "maxIopsThroughput": 4000,
        "isEncryptedVolume": call.flag("isEncryptedBaseBlockStorageVolume"), "isReturnProtection": false,
        "blockStorageVolumeType": common_code(volume, volume), "hypervisorType": common_code(hypervisor, hypervisor),
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Makes storage that a new server brings along: the first one is that which it boots from.
pub(super) fn bring_along(call: &mut Call<'_>, server: &mut Map<String, Value>, size: u64, detail: &str) {
    let present = server
        .entry(OF_SERVER)
        .or_insert_with(|| Value::Array(Vec::new()))
        .as_array()
        .map_or(0, Vec::len);
    let kind = if present == 0 { "BASIC" } else { "SVRBS" };
    let hypervisor = text(server, "hypervisorType");
    let mut members = members(call, kind, size, &hypervisor, detail);
    for (member, of_server) in [
        (SERVER, SERVER),
        ("serverName", "serverName"),
        ("zoneCode", "zoneCode"),
    ] {
        members.insert(member.to_owned(), text(server, of_server).into());
    }
    let mut change = Change::new(call.end(), INIT, ATTACHED);
    let device = device(&hypervisor, present).unwrap_or_default();
    change.sets.insert("deviceName".to_owned(), device.into());
    let mut storage = Resource::new(&call.region, members);
    storage.begin(change);
    let number = along::make(call, &BLOCK_STORAGE, storage);
    if let Some(Value::Array(storages)) = server.get_mut(OF_SERVER) {
        storages.push(number.to_string().into());
    }
}

/// The name of a server's device, counted from the one that it boots from.
fn device(hypervisor: &str, index: usize) -> Option<String> {
    let letter = char::from(b'a'.checked_add(u8::try_from(index).ok()?)?);
    let letters = if hypervisor == "KVM" { "vd" } else { "xvd" };
    (index <= STORAGE_LIMIT).then(|| format!("/dev/{letters}{letter}"))
}

/// Gives a server storage, and tells the name of its device.
fn join_server(call: &mut Call<'_>, server: &str, number: u64) -> Result<String, ServiceError> {
    check(call, &SERVER_INSTANCE, SERVER, server, &["RUN", "NSTOP"])?;
    let now = call.pace.now;
    let found = call.world.find(&SERVER_INSTANCE, &call.region, server, now);
    let members = found.map(|found| found.members.clone()).unwrap_or_default();
    let storages = numbers(&members);
    // Those that are being attached show theirs only in the end.
    let used: Vec<String> = storages
        .iter()
        .filter_map(|number| call.world.find(&BLOCK_STORAGE, &call.region, number, now))
        .flat_map(|storage| storage.values("deviceName", now).map(text_of))
        .collect();
    let hypervisor = text(&members, "hypervisorType");
    // The one that the server boots from has the first name, even if the inventory does not list it.
    let free = (1..=STORAGE_LIMIT)
        .filter_map(|index| device(&hypervisor, index))
        .find(|device| !used.contains(device));
    let quota = || ServiceError::quota("block storage of a server", STORAGE_LIMIT);
    let device = free
        .filter(|_| storages.len() <= STORAGE_LIMIT)
        .ok_or_else(quota)?;
    if let Some(found) = call.world.find_mut(&SERVER_INSTANCE, &call.region, server, now)
        && let Value::Array(storages) = found
            .members
            .entry(OF_SERVER)
            .or_insert_with(|| Value::Array(Vec::new()))
    {
        storages.push(number.to_string().into());
    }
    Ok(device)
}

/// The numbers of a server's storage.
pub(super) fn numbers(server: &Map<String, Value>) -> Vec<String> {
    let storages = server.get(OF_SERVER).and_then(Value::as_array);
    let storages = storages.into_iter().flatten();
    storages.map(text_of).collect()
}

/// How much storage a server has: how many of them, and their bytes together.
pub(super) fn totals(call: &Call<'_>, server: &Map<String, Value>) -> (u64, u64) {
    // A server of the inventory has these members for what is not in the list of its storage.
    let known = |member: &str| text(server, member).parse().unwrap_or(0_u64);
    let mut totals = (known("blockStorageTotalRows"), known("blockStorageTotalSize"));
    for number in numbers(server) {
        let found = call
            .world
            .find(&BLOCK_STORAGE, &call.region, &number, call.pace.now);
        if let Some(storage) = found {
            let size = storage.text(SIZE).parse().unwrap_or(0);
            totals = (totals.0.saturating_add(1), totals.1.saturating_add(size));
        }
    }
    totals
}

fn attach(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let server = call.required(SERVER)?;
    let device = join_server(call, &server, number.parse().unwrap_or_default())?;
    let found = call
        .world
        .find(&SERVER_INSTANCE, &call.region, &server, call.pace.now);
    let name = found.map(|found| found.text("serverName")).unwrap_or_default();
    if let Some(found) = call
        .world
        .find_mut(&BLOCK_STORAGE, &call.region, number, call.pace.now)
    {
        found.members.insert(SERVER.to_owned(), server.into());
        found.members.insert("serverName".to_owned(), name.into());
    }
    change.sets.insert("deviceName".to_owned(), device.into());
    Ok(())
}

fn detach(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    for number in call.items(NUMBERS) {
        let found = call.world.find(kind, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.text("blockStorageType") == "BASIC") {
            let problem = "is what its server boots from and cannot be detached";
            return Err(ServiceError::state(NUMBERS, &number, problem));
        }
    }
    begin(call, kind, &DETACH)
}

/// Takes storage from its server.
fn leave_server(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let found = call
        .world
        .find(&BLOCK_STORAGE, &call.region, number, call.pace.now);
    let server = found.map(|found| found.text(SERVER)).unwrap_or_default();
    if let Some(found) = call
        .world
        .find_mut(&SERVER_INSTANCE, &call.region, &server, call.pace.now)
        && let Some(Value::Array(storages)) = found.members.get_mut(OF_SERVER)
    {
        storages.retain(|other| other != number);
    }
    without_server(change);
    Ok(())
}

fn without_server(change: &mut Change) {
    for member in [SERVER, "serverName", "deviceName"] {
        change.sets.insert(member.to_owned(), "".into());
    }
}

/// Lets storage go with its server if that boots from it, and detaches it if not.
pub(super) fn part(call: &mut Call<'_>, number: &str) {
    let until = call.end();
    if let Some(found) = call
        .world
        .find_mut(&BLOCK_STORAGE, &call.region, number, call.pace.now)
    {
        let mut change = Change::new(until, DETACHING, FREE);
        if found.text("blockStorageType") == "BASIC" {
            change = Change::to_gone(until, DELETING);
        } else {
            without_server(&mut change);
        }
        found.begin(change);
    }
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    for number in call.items(NUMBERS) {
        let found = call.world.find(kind, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.text("isReturnProtection").eq_ignore_ascii_case("true")) {
            let problem = "is protected; setBlockStorageReturnProtection switches that off";
            return Err(ServiceError::state(NUMBERS, &number, problem));
        }
    }
    remove(call, kind, NUMBERS, &["CREAT"])
}

/// Storage grows, and while it does, its server stands still.
fn enlarge(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let wanted = call.required(SIZE)?;
    check(call, kind, NUMBER, &number, &["CREAT", "ATTAC"])?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    let shown = found
        .map(|found| found.shown(kind, call.pace.now))
        .unwrap_or_default();
    let size = bytes(SIZE, &wanted)?;
    check_size(SIZE, size, text(&shown, "hypervisorType") == "XEN")?;
    let present: u64 = text(&shown, SIZE).parse().unwrap_or(0);
    if size <= present {
        let problem = format!("must be above that which it has, {} GB", present / GB);
        return Err(ServiceError::parameter(SIZE, &problem));
    }
    let server = text(&shown, SERVER);
    if !server.is_empty() {
        check(call, &SERVER_INSTANCE, SERVER, &server, &["NSTOP"])?;
    }
    let then = if server.is_empty() { FREE } else { ATTACHED };
    let mut change = Change::new(call.end(), Phase::keeping("CHNG", "changing"), then);
    change.sets.insert(SIZE.to_owned(), size.into());
    if let Some(found) = call.world.find_mut(kind, &call.region, &number, call.pace.now) {
        found.begin(change);
    }
    let shown: Vec<u64> = number.parse().into_iter().collect();
    Ok(call.show(kind, &shown))
}
