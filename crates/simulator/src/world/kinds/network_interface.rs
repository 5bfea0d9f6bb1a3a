//! Network interfaces: made, attached to servers, detached, deleted; their access control groups.

use serde_json::{Map, Value, json};

use super::access_control_group::check_groups;
use super::address::Addresses;
use super::flow_log;
use super::secondary_address::{assign_secondary, secondary, unassign_secondary};
use super::server_instance::SERVER_INSTANCE;
use super::vpc::{SUBNET, VPC};
use crate::outcome::ServiceError;
use crate::world::change::{begin, check};
use crate::world::kind::{Kind, Move, Need, PLAIN, Phase, Rule, State};
use crate::world::reference::{in_vpc, named};
use crate::world::{Call, Change, Resource, common_code, text, text_of};

const NUMBER: &str = "networkInterfaceNo";
/// The member of a server with the numbers of its interfaces.
const OF_SERVER: &str = "networkInterfaceNoList";
const GROUPS: &str = "accessControlGroupNoList";
/// How many interfaces a server can have.
pub(super) const INTERFACE_LIMIT: usize = 3;
/// What the platform answers if an interface would be left without an access control group.
const LAST_GROUP_CODE: &str = "1002035";

const SET: Phase = Phase::new("SET", "NULL", "");
const UNSET: Phase = Phase::new("UNSET", "NULL", "");
const USED: Phase = Phase::new("USED", "NULL", "");
const NOT_USED: Phase = Phase::new("NOTUSED", "NULL", "");
const AS_BEFORE: Phase = Phase::keeping("NULL", "");

pub(crate) static NETWORK_INTERFACE: Kind = Kind {
    name: "network interface",
    service: "vserver",
    number: NUMBER,
    list: "networkInterfaceList",
    label: Some(("networkInterfaceName", "nic")),
    state: State {
        status: "networkInterfaceStatus",
        operation: "",
        phrase: "",
    },
    making: SET,
    made: NOT_USED,
    deleting: UNSET,
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
            member: "serverInstanceNo",
            kind: &SERVER_INSTANCE,
        },
    ],
    busy_code: "1002022",
    actions: &[
        ("getNetworkInterfaceList", Rule::List),
        ("getNetworkInterfaceDetail", Rule::Detail),
        ("createNetworkInterface", Rule::Create(network_interface)),
        (
            "deleteNetworkInterface",
            Rule::Delete {
                by: NUMBER,
                from: &["NOTUSED"],
            },
        ),
        (
            "attachNetworkInterface",
            Rule::Move(Move {
                by: NUMBER,
                from: &["NOTUSED"],
                during: SET,
                then: USED,
                effect: Some(attach),
            }),
        ),
        ("detachNetworkInterface", Rule::Odd(detach)),
        (
            "addNetworkInterfaceAccessControlGroup",
            Rule::Move(Move {
                by: NUMBER,
                from: &["USED", "NOTUSED"],
                during: SET,
                then: AS_BEFORE,
                effect: Some(add_groups),
            }),
        ),
        (
            "removeNetworkInterfaceAccessControlGroup",
            Rule::Move(Move {
                by: NUMBER,
                from: &["USED", "NOTUSED"],
                during: SET,
                then: AS_BEFORE,
                effect: Some(remove_groups),
            }),
        ),
        ("enableFlowLog", Rule::Odd(flow_log::enable)),
        ("disableFlowLog", Rule::Odd(flow_log::disable)),
        ("getFlowLogConfigurationList", Rule::Odd(flow_log::settings)),
        ("assignSecondaryIps", Rule::Odd(assign_secondary)),
        ("unassignSecondaryIps", Rule::Odd(unassign_secondary)),
    ],
    ..PLAIN
};

static DETACH: Move = Move {
    by: NUMBER,
    from: &["USED"],
    during: UNSET,
    then: NOT_USED,
    effect: Some(leave_server),
};

fn network_interface(call: &mut Call<'_>, interface: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let subnet = call.required("subnetNo")?;
    let vpc = call.required("vpcNo")?;
    check(call, &SUBNET, "subnetNo", &subnet, &["RUN"])?;
    in_vpc(call, &SUBNET, "subnetNo", &subnet, &vpc)?;
    let groups = call.numbers(GROUPS);
    check_groups(call, GROUPS, &groups, &vpc)?;
    let mut addresses = Addresses::of_subnet(call, &subnet)?;
    let address = match call.get("ip") {
        Some(wanted) => addresses.take("ip", wanted)?,
        None => addresses.take_next()?,
    };
    let secondary = secondary(call, &mut addresses, 0)?;
    let plain = plain_members(call, number, &subnet, &address, &groups);
    for (member, value) in plain {
        interface.members.entry(member).or_insert(value);
    }
    interface
        .members
        .insert("secondaryIpList".to_owned(), secondary.into());
    if let Some(server) = call.get("serverInstanceNo").map(str::to_owned) {
        let joined = join_server(call, &server, &number.to_string(), &address)?;
        belongs_to(&mut interface.members, &server, &joined.server_name);
        interface
            .at_end
            .insert("deviceName".to_owned(), joined.device.into());
        interface.made = Some(USED);
    }
    Ok(())
}

/// The members of an interface that belongs to no server yet.
pub(super) fn plain_members(
    call: &Call<'_>,
    number: u64,
    subnet: &str,
    address: &str,
    groups: &[String],
) -> Map<String, Value> {
    let [.., a, b, c, d] = number.to_be_bytes();
    let found = call.world.find(&SUBNET, &call.region, subnet, call.pace.now);
    let subnet_name = found.map(|found| found.text("subnetName")).unwrap_or_default();
    let members = json!({
        "networkInterfaceDescription": "", "subnetNo": subnet, "subnetName": subnet_name, "deleteOnTermination": false,
        "isDefault": false, "deviceName": "", "instanceNo": "", "ip": address,
        "macAddress": format!("f2:20:{a:02x}:{b:02x}:{c:02x}:{d:02x}"), GROUPS: groups, "secondaryIpList": [],
        "enableFlowLog": false,
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Says of an interface whose it is.
pub(super) fn belongs_to(interface: &mut Map<String, Value>, server: &str, server_name: &str) {
    interface.insert("instanceNo".to_owned(), server.into());
    interface.insert("instanceType".to_owned(), common_code("VSVR", "VPC server"));
    // Shown by no answer, but asked for by the list.
    interface.insert("serverName".to_owned(), server_name.into());
}

/// What an interface has of the server that it joins.
struct Joined {
    device: String,
    server_name: String,
}

/// Gives a server an interface.
fn join_server(
    call: &mut Call<'_>,
    server: &str,
    number: &str,
    address: &str,
) -> Result<Joined, ServiceError> {
    const SERVER: &str = "serverInstanceNo";
    check(call, &SERVER_INSTANCE, SERVER, server, &["RUN", "NSTOP"])?;
    let now = call.pace.now;
    let found = call.world.find(&SERVER_INSTANCE, &call.region, server, now);
    let members = found.map(|found| found.members.clone()).unwrap_or_default();
    let interfaces = texts(Some(&members), OF_SERVER);
    if interfaces.len() >= INTERFACE_LIMIT {
        return Err(ServiceError::quota(
            "network interface of a server",
            INTERFACE_LIMIT,
        ));
    }
    // Those that are being attached show theirs only in the end.
    let used: Vec<String> = interfaces
        .iter()
        .filter_map(|other| call.world.find(&NETWORK_INTERFACE, &call.region, other, now))
        .flat_map(|other| other.values("deviceName", now).map(text_of))
        .collect();
    let mut devices = (0..=INTERFACE_LIMIT).map(|index| format!("eth{index}"));
    let device = devices.find(|device| !used.contains(device));
    if let Some(found) = call.world.find_mut(&SERVER_INSTANCE, &call.region, server, now) {
        for (member, value) in [(OF_SERVER, number), ("ip", address)] {
            let values = found
                .members
                .entry(member)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values {
                values.push(value.into());
            }
        }
    }
    Ok(Joined {
        device: device.unwrap_or_default(),
        server_name: text(&members, "serverName"),
    })
}

fn attach(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let server = call.required("serverInstanceNo")?;
    check_subnet(call, number)?;
    let found = call
        .world
        .find(&NETWORK_INTERFACE, &call.region, number, call.pace.now);
    let address = found.map(|found| found.text("ip")).unwrap_or_default();
    let joined = join_server(call, &server, number, &address)?;
    if let Some(found) = call
        .world
        .find_mut(&NETWORK_INTERFACE, &call.region, number, call.pace.now)
    {
        belongs_to(&mut found.members, &server, &joined.server_name);
    }
    change.sets.insert("deviceName".to_owned(), joined.device.into());
    Ok(())
}

/// The subnet that is named has to be the interface's.
fn check_subnet(call: &Call<'_>, number: &str) -> Result<(), ServiceError> {
    let subnet = call.required("subnetNo")?;
    let found = call
        .world
        .find(&NETWORK_INTERFACE, &call.region, number, call.pace.now);
    if found.is_some_and(|found| found.text("subnetNo") == subnet) {
        return Ok(());
    }
    let problem = format!("is not in subnet {subnet}");
    Err(ServiceError::state(NUMBER, number, &problem))
}

fn detach(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let server = call.required("serverInstanceNo")?;
    check(call, kind, NUMBER, &number, DETACH.from)?;
    check_subnet(call, &number)?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    let members = found.map(|found| found.shown(kind, call.pace.now));
    let members = members.unwrap_or_default();
    if text(&members, "instanceNo") != server {
        let problem = format!("does not belong to server {server}");
        return Err(ServiceError::state(NUMBER, &number, &problem));
    }
    if text(&members, "isDefault") == "true" {
        let problem = "is the default one of its server and cannot be detached";
        return Err(ServiceError::state(NUMBER, &number, problem));
    }
    begin(call, kind, &DETACH)
}

/// Takes an interface from its server.
fn leave_server(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let found = call
        .world
        .find(&NETWORK_INTERFACE, &call.region, number, call.pace.now);
    let of_interface = |member: &str| found.map(|found| found.text(member)).unwrap_or_default();
    let (server, address) = (of_interface("instanceNo"), of_interface("ip"));
    if let Some(found) = call
        .world
        .find_mut(&SERVER_INSTANCE, &call.region, &server, call.pace.now)
    {
        for (member, value) in [(OF_SERVER, number), ("ip", &address)] {
            if let Some(Value::Array(values)) = found.members.get_mut(member) {
                values.retain(|other| other != value);
            }
        }
    }
    without_server(change);
    Ok(())
}

fn without_server(change: &mut Change) {
    for member in ["instanceNo", "deviceName", "serverName"] {
        change.sets.insert(member.to_owned(), "".into());
    }
    for (member, value) in [("isDefault", false.into()), ("instanceType", Value::Null)] {
        change.sets.insert(member.to_owned(), value);
    }
}

/// Lets an interface go with its server, or detaches it if it is to stay.
pub(super) fn part(call: &mut Call<'_>, number: &str) {
    let until = call.end();
    if let Some(found) = call
        .world
        .find_mut(&NETWORK_INTERFACE, &call.region, number, call.pace.now)
    {
        let mut change = Change::new(until, UNSET, NOT_USED);
        if found.text("deleteOnTermination") == "true" {
            change = Change::to_gone(until, UNSET);
        } else {
            without_server(&mut change);
        }
        found.begin(change);
    }
}

/// The change at the end of which an interface belongs to a new server.
pub(super) fn joining(call: &Call<'_>) -> Change {
    Change::new(call.end(), SET, USED)
}

/// The texts of a list.
pub(super) fn texts(members: Option<&Map<String, Value>>, member: &str) -> Vec<String> {
    let items = members.and_then(|members| members.get(member)?.as_array());
    items.into_iter().flatten().map(text_of).collect()
}

fn groups_of(call: &Call<'_>, number: &str) -> Vec<String> {
    let found = call
        .world
        .find(&NETWORK_INTERFACE, &call.region, number, call.pace.now);
    let shown = found.map(|found| found.shown(&NETWORK_INTERFACE, call.pace.now));
    texts(shown.as_ref(), GROUPS)
}

fn add_groups(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let mut groups = groups_of(call, number);
    for group in call.items(GROUPS) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let subnet = named(call, &NETWORK_INTERFACE, NUMBER, number)?.text("subnetNo");
    let vpc = named(call, &SUBNET, "subnetNo", &subnet)?.text("vpcNo");
    check_groups(call, GROUPS, &groups, &vpc)?;
    change.sets.insert(GROUPS.to_owned(), groups.into());
    Ok(())
}

fn remove_groups(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let removed = call.items(GROUPS);
    let mut groups = groups_of(call, number);
    groups.retain(|group| !removed.contains(group));
    if groups.is_empty() {
        return Err(ServiceError::last(
            LAST_GROUP_CODE,
            NUMBER,
            number,
            "access control group",
        ));
    }
    change.sets.insert(GROUPS.to_owned(), groups.into());
    Ok(())
}
