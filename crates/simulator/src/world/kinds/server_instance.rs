//! Server instances: started, stopped, changed, terminated; how they are made is in `server_creation`.

use serde_json::{Map, Value};

use super::init_script::INIT_SCRIPT;
use super::member_server_image::MEMBER_SERVER_IMAGE;
use super::placement_group::PLACEMENT_GROUP;
use super::server_creation::create_server_instances;
use super::server_image::SERVER_IMAGE;
use super::server_specification::ServerSpecification;
use super::vpc::{SUBNET, VPC};
use super::{block_storage, network_interface, public_ip};
use crate::outcome::ServiceError;
use crate::world::change::{check, set};
use crate::world::kind::{Kind, Move, Need, PLAIN, Phase, Rule, State};
use crate::world::remove::remove;
use crate::world::size::GB;
use crate::world::{Call, Change, common_code, text};

const NUMBER: &str = "serverInstanceNo";
const NUMBERS: &str = "serverInstanceNoList";
const NAME: &str = "serverName";

const RUN: Phase = Phase::new("RUN", "NULL", "running");
const STOPPED: Phase = Phase::new("NSTOP", "NULL", "stopped");

pub(crate) static SERVER_INSTANCE: Kind = Kind {
    name: "server instance",
    service: "vserver",
    number: NUMBER,
    list: "serverInstanceList",
    label: Some((NAME, "server")),
    state: State {
        status: "serverInstanceStatus",
        operation: "serverInstanceOperation",
        phrase: "serverInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "creating"),
    made: RUN,
    failed: Some(Phase::new("FSTOP", "NULL", "stopped by failure")),
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[
        Need {
            member: "vpcNo",
            kind: &VPC,
        },
        Need {
            member: "subnetNo",
            kind: &SUBNET,
        },
        Need {
            member: "memberServerImageInstanceNo",
            kind: &MEMBER_SERVER_IMAGE,
        },
        Need {
            member: "serverImageNo",
            kind: &SERVER_IMAGE,
        },
        Need {
            member: "placementGroupNo",
            kind: &PLACEMENT_GROUP,
        },
        Need {
            member: "initScriptNo",
            kind: &INIT_SCRIPT,
        },
    ],
    busy_code: "1100031",
    actions: &[
        ("getServerInstanceList", Rule::List),
        ("getServerInstanceDetail", Rule::Detail),
        (
            "getPublicIpTargetServerInstanceList",
            Rule::Odd(public_ip::targets),
        ),
        ("createServerInstances", Rule::Odd(create_server_instances)),
        (
            "startServerInstances",
            Rule::Move(Move {
                by: NUMBERS,
                from: &["NSTOP"],
                during: Phase::keeping("START", "booting"),
                then: RUN,
                effect: Some(counts_from_the_end),
            }),
        ),
        (
            "stopServerInstances",
            Rule::Move(Move {
                by: NUMBERS,
                from: &["RUN"],
                during: Phase::keeping("SHTDN", "shutting down"),
                then: STOPPED,
                effect: None,
            }),
        ),
        (
            "rebootServerInstances",
            Rule::Move(Move {
                by: NUMBERS,
                from: &["RUN"],
                during: Phase::keeping("RESTA", "rebooting"),
                then: RUN,
                effect: Some(counts_from_the_end),
            }),
        ),
        (
            "changeServerInstanceSpec",
            Rule::Move(Move {
                by: NUMBER,
                from: &["NSTOP"],
                during: Phase::keeping("CHNG", "changingSpec"),
                then: STOPPED,
                effect: Some(take_specification),
            }),
        ),
        ("interruptServerInstance", Rule::Odd(interrupt)),
        ("changeServerInstanceName", Rule::Odd(rename)),
        ("setProtectServerTermination", Rule::Set),
        ("terminateServerInstances", Rule::Odd(terminate)),
    ],
    ..PLAIN
};

/// A server runs since it last began to.
fn counts_from_the_end(call: &mut Call<'_>, _: &str, change: &mut Change) -> Result<(), ServiceError> {
    change.sets.insert("uptime".to_owned(), Call::date_of(call.end()));
    Ok(())
}

fn take_specification(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let Some(specification) = ServerSpecification::of_call(call)? else {
        let problem = "is missing; give it or serverProductCode";
        return Err(ServiceError::parameter("serverSpecCode", problem));
    };
    let found = call
        .world
        .find(&SERVER_INSTANCE, &call.region, number, call.pace.now);
    let disk = found.map(|found| found.text("baseBlockStorageDiskDetailType"));
    if disk.is_some_and(|disk| !disk.is_empty() && disk != specification.disk) {
        let problem = "has boot storage of another kind of disk than the new specification";
        return Err(ServiceError::state(NUMBER, number, problem));
    }
    change.sets.append(&mut specified(&specification));
    Ok(())
}

/// The members of a server that its specification decides.
pub(super) fn specified(specification: &ServerSpecification) -> Map<String, Value> {
    let memory = u64::from(specification.memory).saturating_mul(GB);
    let mut members = Map::new();
    for (member, value) in [
        ("cpuCount", specification.cpu_count.into()),
        ("memorySize", memory.into()),
        ("serverProductCode", specification.product_code.clone().into()),
        ("serverSpecCode", specification.specification_code.clone().into()),
        (
            "serverInstanceType",
            common_code(&specification.family, &specification.family),
        ),
        (
            "baseBlockStorageDiskDetailType",
            common_code(specification.disk, specification.disk),
        ),
    ] {
        members.insert(member.to_owned(), value);
    }
    members
}

/// A name as the platform wants it.
pub(super) fn check_name(parameter: &str, name: &str) -> Result<(), ServiceError> {
    let is_letter_or_digit = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let is_well_formed = (3..=30).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.last().is_some_and(is_letter_or_digit)
        && bytes.iter().all(|byte| is_letter_or_digit(byte) || *byte == b'-');
    if is_well_formed {
        return Ok(());
    }
    let problem =
        "must have 3 to 30 lower-case letters, digits and hyphens, a letter first and a letter or digit last";
    Err(ServiceError::parameter(parameter, problem))
}

/// Only servers of XEN that run Windows can be interrupted.
fn interrupt(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    check(call, kind, NUMBER, &number, &["RUN"])?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    let is_windows = found.is_some_and(|found| {
        found.text("platformType").starts_with("WND") && found.text("hypervisorType") != "KVM"
    });
    if !is_windows {
        let problem = "is no server of XEN with Windows";
        return Err(ServiceError::state(NUMBER, &number, problem));
    }
    let mut answer = Map::new();
    answer.insert(NUMBERS.to_owned(), vec![number].into());
    Ok(answer)
}

fn rename(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let name = call.required(NAME)?;
    check(call, kind, NUMBER, &number, &[])?;
    check_name(NAME, &name)?;
    let is_taken = |other: &crate::world::Resource| {
        other.region == call.region
            && other.members.get(NAME).and_then(Value::as_str) == Some(&name)
            && other.text(NUMBER) != number
    };
    if call.world.naming(kind, NAME, &name, call.pace.now).any(is_taken) {
        return Err(ServiceError::taken(NAME, &name));
    }
    let answer = set(call, kind)?;
    // What is attached to it is found by its name, too.
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    for (kind, number) in found.map(|found| attached(&found.members)).unwrap_or_default() {
        if let Some(found) = call.world.find_mut(kind, &call.region, &number, call.pace.now) {
            found.members.insert(NAME.to_owned(), name.clone().into());
        }
    }
    Ok(answer)
}

/// What is attached to a server: kinds and numbers.
fn attached(server: &Map<String, Value>) -> Vec<(&'static Kind, String)> {
    let interfaces = server.get("networkInterfaceNoList").and_then(Value::as_array);
    let interfaces = interfaces.into_iter().flatten().map(crate::world::text_of);
    let interfaces = interfaces.map(|number| (&network_interface::NETWORK_INTERFACE, number));
    let storages = block_storage::numbers(server).into_iter();
    let storages = storages.map(|number| (&block_storage::BLOCK_STORAGE, number));
    let address = Some(text(server, "publicIpInstanceNo")).filter(|number| !number.is_empty());
    let address = address.map(|number| (&public_ip::PUBLIC_IP, number));
    interfaces.chain(storages).chain(address).collect()
}

/// A server that is stopped and not protected goes, with its interfaces and the storage that it boots from; what else was attached
/// stays behind.
fn terminate(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let now = call.pace.now;
    let mut going = Vec::new();
    for number in call.items(NUMBERS) {
        let found = call.world.find(kind, &call.region, &number, now);
        let Some(found) = found.filter(|found| !found.is_going()) else {
            continue;
        };
        let members = found.shown(kind, now);
        if text(&members, "isProtectServerTermination").eq_ignore_ascii_case("true") {
            let problem = "is protected against termination; setProtectServerTermination switches that off";
            return Err(ServiceError::state(NUMBERS, &number, problem));
        }
        going.push((number, attached(&members)));
    }
    remove(call, kind, NUMBERS, &["NSTOP", "FSTOP"])?;
    for (number, attached) in going {
        for (of_kind, attached) in attached {
            if of_kind.name == network_interface::NETWORK_INTERFACE.name {
                network_interface::part(call, &attached);
            } else if of_kind.name == block_storage::BLOCK_STORAGE.name {
                block_storage::part(call, &attached);
            } else {
                public_ip::part(call, &attached);
            }
        }
        if let Some(found) = call.world.find_mut(kind, &call.region, &number, now) {
            public_ip::without_address(&mut found.members);
        }
    }
    let numbers = call.numbers(NUMBERS);
    let numbers: Vec<u64> = numbers.iter().filter_map(|number| number.parse().ok()).collect();
    Ok(call.show(kind, &numbers))
}
