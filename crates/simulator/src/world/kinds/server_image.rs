//! Server images: those that the platform offers, and those that the account makes of servers and snapshots.

use serde_json::{Map, Value, json};

use super::block_storage_snapshot::BLOCK_STORAGE_SNAPSHOT;
use super::server_instance::SERVER_INSTANCE;
use super::sharing::{add_sharing, remove_sharing, unshared};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Kind, Need, PLAIN, Phase, Rule, State};
use crate::world::reference::named;
use crate::world::remove::remove;
use crate::world::size::{GB, bytes};
use crate::world::{Call, Resource, common_code, text};

const NUMBERS: &str = "serverImageNoList";
const STORAGES: &str = "blockStorageList";
/// How much storage an image can have.
const STORAGE_LIMIT: usize = 21;
pub(crate) static SERVER_IMAGE: Kind = Kind {
    name: "server image",
    service: "vserver",
    number: "serverImageNo",
    list: "serverImageList",
    label: Some(("serverImageName", "server-image")),
    state: State {
        status: "serverImageStatus",
        operation: "serverImageOperation",
        phrase: "serverImageStatusName",
    },
    making: Phase::new("INIT", "CREAT", "creating"),
    made: Phase::new("CREAT", "NULL", "created"),
    failed: Some(Phase::new("CREFL", "NULL", "creation failed")),
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[Need {
        member: "serverInstanceNo",
        kind: &SERVER_INSTANCE,
    }],
    on_offer: Some("serverImageList"),
    actions: &[
        ("getServerImageList", Rule::List),
        ("getServerImageDetail", Rule::Detail),
        ("createServerImage", Rule::Create(image_of_server)),
        ("createServerImageFromSnapshot", Rule::Create(image_of_snapshots)),
        ("deleteServerImage", Rule::Odd(delete)),
        ("addServerImageSharingPermission", Rule::Odd(add_sharing)),
        ("removeServerImageSharingPermission", Rule::Odd(remove_sharing)),
    ],
    ..PLAIN
};

/// The members that the operating system and the hypervisor decide.
fn described(system: &str, hypervisor: &str, product: &str) -> Map<String, Value> {
    let category = if system == "WINDOWS" { "WINDOWS" } else { "LINUX" };
    let size = if system == "WINDOWS" { 100 } else { 50 };
    let volume = if hypervisor == "KVM" { "CB1" } else { "SSD" };
    let members = json!({
        "serverImageProductCode": product, "hypervisorType": common_code(hypervisor, hypervisor),
        "cpuArchitectureType": common_code("X86_64", "x86 64bit"), "osCategoryType": common_code(category, category),
        "osType": common_code(system, system), "platformCategoryCode": "OS",
        "serverImageLifeCyclePhase": common_code("IN_SERVICE", "IN_SERVICE"),
        "blockStorageMappingList": [{
            "order": 0, "blockStorageSize": size * GB, "blockStorageVolumeType": common_code(volume, volume),
            "isEncryptedVolume": false,
        }],
    });
    let mut members = match members {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    unshared(&mut members);
    members
}

/// The platform that a product is for: `UBS64` of `SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050`.
pub(super) fn platform_of(product: &str) -> &str {
    if product.contains(".UBNTU.SVR") {
        "UBS64"
    } else if product.contains(".UBNTU.DSK") {
        "UBD64"
    } else {
        product.split('.').nth(3).unwrap_or("LNX64")
    }
}

/// The operating system of a product.
fn system_of(product: &str) -> &'static str {
    let systems = [
        (".UBNTU.", "UBUNTU"),
        (".ROCKY.", "ROCKY"),
        (".CNTOS.", "CENTOS"),
        (".WND.", "WINDOWS"),
    ];
    let found = systems.iter().find(|(part, _)| product.contains(part));
    found.map_or("LNX", |(_, system)| *system)
}

fn image_of_server(call: &mut Call<'_>, image: &mut Resource, _: u64) -> Result<(), ServiceError> {
    const SERVER: &str = "serverInstanceNo";
    let number = call.required(SERVER)?;
    check(call, &SERVER_INSTANCE, SERVER, &number, &["RUN", "NSTOP"])?;
    let found = call
        .world
        .find(&SERVER_INSTANCE, &call.region, &number, call.pace.now);
    let product = found
        .map(|found| found.text("serverImageProductCode"))
        .unwrap_or_default();
    let hypervisor = found
        .map(|found| found.text("hypervisorType"))
        .unwrap_or_default();
    own_image(call, image, &product, &hypervisor)
}

fn image_of_snapshots(call: &mut Call<'_>, image: &mut Resource, _: u64) -> Result<(), ServiceError> {
    own_image(call, image, "", "KVM")
}

fn own_image(
    call: &Call<'_>,
    image: &mut Resource,
    product: &str,
    hypervisor: &str,
) -> Result<(), ServiceError> {
    let storages = mappings(call)?;
    let hypervisor = if hypervisor.is_empty() { "XEN" } else { hypervisor };
    let mut members = described(system_of(product), hypervisor, product);
    members.insert("blockStorageMappingList".to_owned(), storages.into());
    members.insert("serverImageType".to_owned(), common_code("SELF", "SELF"));
    members.append(&mut image.members);
    image.members = members;
    Ok(())
}

/// The storage that a call lists: exactly one to boot from, of a snapshot that can be booted from.
fn mappings(call: &Call<'_>) -> Result<Vec<Value>, ServiceError> {
    let storages = call.structs(STORAGES);
    if storages.len() > STORAGE_LIMIT {
        return Err(ServiceError::quota(
            "block storage of a server image",
            STORAGE_LIMIT,
        ));
    }
    let is_boot = |storage: &&Map<String, Value>| text(storage, "order") == "0";
    if storages.iter().filter(is_boot).count() != 1 {
        return Err(ServiceError::parameter(
            STORAGES,
            "must have exactly one item of order 0",
        ));
    }
    storages.iter().map(|storage| mapping(call, storage)).collect()
}

fn mapping(call: &Call<'_>, storage: &Map<String, Value>) -> Result<Value, ServiceError> {
    let name = format!("{STORAGES}.snapshotInstanceNo");
    let size_name = format!("{STORAGES}.blockStorageSize");
    let order: u32 = text(storage, "order")
        .parse()
        .map_err(|_| ServiceError::parameter(&format!("{STORAGES}.order"), "must be 0 or above"))?;
    let wanted = match text(storage, "blockStorageSize").as_str() {
        "" => None,
        size => Some(bytes(&size_name, size)?),
    };
    let snapshot_number = text(storage, "snapshotInstanceNo");
    if snapshot_number.is_empty() {
        if order == 0 {
            return Err(ServiceError::parameter(
                &name,
                "is missing in the item of order 0",
            ));
        }
        let size = wanted.ok_or_else(|| ServiceError::parameter(&size_name, "is missing"))?;
        let volume = text(storage, "blockStorageVolumeTypeCode");
        let volume = if volume.is_empty() { "CB1" } else { &volume };
        return Ok(json!({
            "order": order, "blockStorageSize": size, "blockStorageVolumeType": common_code(volume, volume),
        }));
    }
    let kind = &BLOCK_STORAGE_SNAPSHOT;
    check(call, kind, &name, &snapshot_number, &["CREAT"])?;
    let snapshot = named(call, kind, &name, &snapshot_number)?.members.clone();
    if order == 0 && text(&snapshot, "isBootable") != "true" {
        let problem = "cannot be booted from";
        return Err(ServiceError::state(&name, &snapshot_number, problem));
    }
    let least = text(&snapshot, "blockStorageSnapshotVolumeSize")
        .parse()
        .unwrap_or(0_u64);
    if wanted.is_some_and(|wanted| wanted < least) {
        let problem = format!("must be at least that of the snapshot, {} GB", least / GB);
        return Err(ServiceError::parameter(&size_name, &problem));
    }
    Ok(json!({
        "order": order, "blockStorageSnapshotInstanceNo": snapshot_number,
        "blockStorageSnapshotName": text(&snapshot, "blockStorageSnapshotName"),
        "blockStorageSize": wanted.unwrap_or(least),
        "blockStorageVolumeType": snapshot.get("blockStorageVolumeType"),
        "isEncryptedVolume": snapshot.get("isEncryptedOriginalBlockStorageVolume"),
    }))
}

/// The platform's own images stay, and what is being made cannot be deleted yet.
fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    for number in call.items(NUMBERS) {
        let found = call.world.find(kind, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.text("serverImageType") == "NCP") {
            return Err(ServiceError::authority(NUMBERS, &number));
        }
    }
    remove(call, kind, NUMBERS, &["CREAT", "CREFL"])
}
