//! NAS volumes: with the servers that may use them, and their snapshots.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::server_instance::SERVER_INSTANCE;
use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::change::{check, given};
use crate::world::kind::{Kind, Move, PLAIN, Phase, Rule, State};
use crate::world::reference::named;
use crate::world::size::{GB, bytes};
use crate::world::{Call, Change, Resource, along, common_code, remove, text};

const CREATED: Phase = Phase::new("CREAT", "NULL", "created");
const CHANGING: Phase = Phase::keeping("CHNG", "changing");
const NUMBER: &str = "nasVolumeInstanceNo";
/// The access rules, which only an action of their own shows.
const RULES: &str = "nasVolumeAccessControlRuleList";
const SNAPSHOTS: &str = "nasVolumeSnapshotList";

pub(crate) static NAS_VOLUME: Kind = Kind {
    name: "NAS volume",
    service: "vnas",
    number: NUMBER,
    list: "nasVolumeInstanceList",
    state: State {
        status: "nasVolumeInstanceStatus",
        operation: "nasVolumeInstanceOperation",
        phrase: "nasVolumeInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "initialized"),
    made: CREATED,
    deleting: Phase::keeping("TERMT", "terminating"),
    actions: &[
        ("getNasVolumeInstanceList", Rule::List),
        ("getNasVolumeInstanceDetail", Rule::Detail),
        ("createNasVolumeInstance", Rule::Create(volume)),
        ("deleteNasVolumeInstances", Rule::Odd(delete)),
        (
            "changeNasVolumeSize",
            Rule::Move(Move {
                by: NUMBER,
                from: &["CREAT"],
                during: CHANGING,
                then: CREATED,
                effect: Some(take_size),
            }),
        ),
        ("setNasVolumeReturnProtection", Rule::Set),
        ("getNasVolumeAccessControlRuleList", Rule::Odd(rules)),
        ("setNasVolumeAccessControl", Rule::Odd(set_rules)),
        ("addNasVolumeAccessControl", Rule::Odd(add_rules)),
        ("removeNasVolumeAccessControl", Rule::Odd(remove_rules)),
        ("getNasVolumeSnapshotList", Rule::Odd(snapshots)),
        ("createNasVolumeSnapshot", Rule::Odd(create_snapshot)),
        ("deleteNasVolumeSnapshot", Rule::Odd(delete_snapshot)),
        ("restoreNasVolumeWithSnapshot", Rule::Odd(restore)),
        (
            "changeNasVolumeSnapshotConfiguration",
            Rule::Odd(configure_snapshots),
        ),
    ],
    ..PLAIN
};

fn volume(call: &mut Call<'_>, volume: &mut Resource, number: u64) -> Result<(), ServiceError> {
    // The platform puts the account before the name.
    let name = match volume.text("volumeName") {
        none if none.is_empty() => format!("n000001_nas{number}"),
        name => format!("n000001_{name}"),
    };
    let is_cifs = volume.text("volumeAllotmentProtocolType") == "CIFS";
    let having = |member, text| {
        let others = call.world.naming(&NAS_VOLUME, member, text, call.pace.now);
        others.filter(move |other| other.text(member) == text)
    };
    if having("volumeName", &name).any(|other| other.region == call.region) {
        return Err(ServiceError::taken("volumeName", &name));
    }
    let is_first = having("volumeAllotmentProtocolType", "CIFS").next().is_none();
    if is_cifs && is_first {
        for parameter in ["cifsUserName", "cifsUserPassword"] {
            if call.get(parameter).is_none() {
                let problem = "is required for the first CIFS volume of an account";
                return Err(ServiceError::parameter(parameter, problem));
            }
        }
    }
    let rules = new_rules(call)?;
    if is_cifs && !rules.is_empty() {
        return Err(ServiceError::parameter(
            "accessControlRuleList",
            "is for NFS volumes only",
        ));
    }
    let size = size(call)?;
    let mount = format!("198.51.100.{}:/{name}", number % 254 + 1);
    let shown = json!({
        "volumeName": name, "volumeSize": size, "volumeTotalSize": size, "mountInformation": mount,
        "snapshotVolumeConfigurationRatio": 0, "snapshotVolumeSize": 0, "isSnapshotConfiguration": false,
        "isEventConfiguration": false, "nasVolumeInstanceCustomIpList": [], SNAPSHOTS: [],
    });
    volume.members.append(&mut along::members(shown));
    let defaults = json!({
        "nasVolumeDescription": "", "zoneCode": format!("{}-2", call.region), "isEncryptedVolume": false,
        "isReturnProtection": false,
    });
    along::complete(&mut volume.members, defaults);
    put_rules(volume, rules);
    Ok(())
}

/// The size that is asked for, in bytes.
fn size(call: &Call<'_>) -> Result<u64, ServiceError> {
    let size = call.required("volumeSize")?;
    let size = bytes("volumeSize", &size)?;
    if !size.is_multiple_of(100 * GB) {
        return Err(ServiceError::parameter(
            "volumeSize",
            "must be a multiple of 100 GB",
        ));
    }
    Ok(size)
}

fn take_size(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let size = size(call)?;
    let reserved = find(call, number)?.text("snapshotVolumeConfigurationRatio");
    let reserved = (size / 100).saturating_mul(reserved.parse().unwrap_or(0));
    let shown = json!({
        "volumeTotalSize": size, "snapshotVolumeSize": reserved, "volumeSize": size.saturating_sub(reserved),
    });
    change.sets = along::members(shown);
    Ok(())
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    const BY: &str = "nasVolumeInstanceNoList";
    for number in call.items(BY) {
        let found = call.world.find(kind, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.text("isReturnProtection") == "true") {
            return Err(ServiceError::state(
                BY,
                &number,
                "is protected against being deleted",
            ));
        }
    }
    remove::remove(call, kind, BY, &[])
}

fn find<'a>(call: &'a Call<'_>, number: &str) -> Result<&'a Resource, ServiceError> {
    let found = call.world.find(&NAS_VOLUME, &call.region, number, call.pace.now);
    found.ok_or_else(|| ServiceError::authority(NUMBER, number))
}

/// The volume that a call is about, if something can be done to it, with the changes done that are over.
fn ready<'a>(call: &'a mut Call<'_>, kind: &'static Kind) -> Result<&'a mut Resource, ServiceError> {
    let number = call.required(NUMBER)?;
    check(call, kind, NUMBER, &number, &["CREAT"])?;
    let found = call.world.find_mut(kind, &call.region, &number, call.pace.now);
    found.ok_or_else(|| ServiceError::authority(NUMBER, &number))
}

/// The answer that shows the volume that a call is about.
fn shown(call: &Call<'_>, kind: &'static Kind) -> Map<String, Value> {
    let number = call.get(NUMBER).and_then(|number| number.parse().ok());
    let numbers: Vec<u64> = number.into_iter().collect();
    call.show(kind, &numbers)
}

/// The access rules that a call gives, in the new form or in the old one; each server once.
fn given_rules(call: &Call<'_>) -> Result<Vec<Value>, ServiceError> {
    let mut given: Vec<(String, bool)> = Vec::new();
    for rule in call.structs("accessControlRuleList") {
        let access = text(&rule, "writeAccess");
        given.push((
            text(&rule, "serverInstanceNo"),
            !access.eq_ignore_ascii_case("false"),
        ));
    }
    let servers = call.items("serverInstanceNoList").into_iter();
    given.extend(servers.map(|server| (server, true)));
    let mut known = BTreeSet::new();
    let mut rules = Vec::new();
    for (server, writes) in given {
        if server.is_empty() {
            let name = "accessControlRuleList.serverInstanceNo";
            return Err(ServiceError::parameter(name, "is missing"));
        }
        if known.insert(server.clone()) {
            rules.push(json!({ "serverInstanceNo": server, "readAccess": true, "writeAccess": writes }));
        }
    }
    Ok(rules)
}

/// The access rules that a call gives for servers that are to be let in, which have to be there.
fn new_rules(call: &Call<'_>) -> Result<Vec<Value>, ServiceError> {
    let rules = given_rules(call)?;
    for rule in &rules {
        named(call, &SERVER_INSTANCE, "serverInstanceNo", &server_of(rule))?;
    }
    Ok(rules)
}

fn server_of(rule: &Value) -> String {
    let server = rule.get("serverInstanceNo").and_then(Value::as_str);
    server.unwrap_or_default().to_owned()
}

fn put_rules(volume: &mut Resource, rules: Vec<Value>) {
    let servers: Vec<String> = rules.iter().map(server_of).collect();
    volume
        .members
        .insert("nasVolumeServerInstanceNoList".to_owned(), servers.into());
    volume.members.insert(RULES.to_owned(), rules.into());
}

/// A member that is a list.
fn items(volume: &Resource, member: &str) -> Vec<Value> {
    let items = volume.members.get(member).and_then(Value::as_array);
    items.cloned().unwrap_or_default()
}

fn rules(call: &mut Call<'_>, _: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    Ok(answer(RULES, items(find(call, &number)?, RULES)))
}

fn set_rules(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let given = new_rules(call)?;
    change_rules(call, kind, |_| given)
}

fn add_rules(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let given = new_rules(call)?;
    change_rules(call, kind, |mut present| {
        let changed: BTreeSet<String> = given.iter().map(server_of).collect();
        present.retain(|rule| !changed.contains(&server_of(rule)));
        present.extend(given);
        present
    })
}

fn remove_rules(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    if call.items("serverInstanceNoList").is_empty() {
        return Err(ServiceError::parameter("serverInstanceNoList", "is missing"));
    }
    let given = given_rules(call)?;
    let removed: BTreeSet<String> = given.iter().map(server_of).collect();
    change_rules(call, kind, |mut present| {
        present.retain(|rule| !removed.contains(&server_of(rule)));
        present
    })
}

fn change_rules(
    call: &mut Call<'_>,
    kind: &'static Kind,
    change: impl FnOnce(Vec<Value>) -> Vec<Value>,
) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let volume = ready(call, kind)?;
    if volume.text("volumeAllotmentProtocolType") == "CIFS" {
        let problem = "is a CIFS volume; only NFS volumes have access rules";
        return Err(ServiceError::state(NUMBER, &number, problem));
    }
    let rules = change(items(volume, RULES));
    put_rules(volume, rules);
    Ok(shown(call, kind))
}

fn snapshots(call: &mut Call<'_>, _: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    Ok(answer(SNAPSHOTS, items(find(call, &number)?, SNAPSHOTS)))
}

fn create_snapshot(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.world.new_number();
    let date = call.date();
    let volume = ready(call, kind)?;
    let mut snapshots = items(volume, SNAPSHOTS);
    let size = GB / 8;
    snapshots.push(json!({
        "nasVolumeSnapshotName": format!("now.{number}"), "createDate": date, "snapshotSize": size, "isBusy": false,
    }));
    volume.members.insert(SNAPSHOTS.to_owned(), snapshots.into());
    self::snapshots(call, kind)
}

/// Where a call's snapshot stands among those of its volume.
fn place(call: &Call<'_>, snapshots: &[Value]) -> Result<usize, ServiceError> {
    const BY: &str = "nasVolumeSnapshotName";
    let name = call.required(BY)?;
    let mut names = snapshots.iter().map(|snapshot| snapshot.get(BY));
    let place = names.position(|found| found.and_then(Value::as_str) == Some(name.as_str()));
    place.ok_or_else(|| ServiceError::authority(BY, &name))
}

fn delete_snapshot(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let mut snapshots = items(ready(call, kind)?, SNAPSHOTS);
    let place = place(call, &snapshots)?;
    snapshots.remove(place);
    let volume = ready(call, kind)?;
    volume.members.insert(SNAPSHOTS.to_owned(), snapshots.into());
    self::snapshots(call, kind)
}

/// Goes back to a snapshot; newer ones are lost.
fn restore(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let mut snapshots = items(ready(call, kind)?, SNAPSHOTS);
    let place = place(call, &snapshots)?;
    snapshots.truncate(place.saturating_add(1));
    let change = Change::new(call.end(), CHANGING, CREATED);
    let volume = ready(call, kind)?;
    volume.members.insert(SNAPSHOTS.to_owned(), snapshots.into());
    volume.begin(change);
    self::snapshots(call, kind)
}

fn configure_snapshots(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    if call.get("snapshotVolumeConfigDayOfWeekTypeCode").is_some()
        && call.get("snapshotVolumeConfigTime").is_none()
    {
        let problem = "is required when snapshotVolumeConfigDayOfWeekTypeCode is given";
        return Err(ServiceError::parameter("snapshotVolumeConfigTime", problem));
    }
    let mut given = given(call, kind);
    let ratio = text(&given, "snapshotVolumeConfigurationRatio");
    let ratio = ratio.parse().unwrap_or(0);
    let volume = ready(call, kind)?;
    let size = volume.text("volumeTotalSize").parse().unwrap_or(0_u64);
    let reserved = (size / 100).saturating_mul(ratio);
    let shown = json!({
        "isSnapshotConfiguration": ratio > 0, "snapshotVolumeSize": reserved,
        "volumeSize": size.saturating_sub(reserved),
        "snapshotVolumeConfigPeriodType": common_code("WEEK", "WEEK"),
    });
    volume.members.append(&mut given);
    volume.members.append(&mut along::members(shown));
    Ok(self::shown(call, kind))
}
