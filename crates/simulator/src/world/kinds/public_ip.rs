//! Public IPs: made, associated with servers, disassociated, deleted.

use serde_json::{Map, Value};

use super::address::Addresses;
use super::network_interface::NETWORK_INTERFACE;
use super::server_instance::SERVER_INSTANCE;
use super::vpc::SUBNET;
use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::change::check;
use crate::world::kind::{Kind, Need, PLAIN, Phase, Rule, State};
use crate::world::remove::remove;
use crate::world::{Call, Change, Resource, along, text};

const NUMBER: &str = "publicIpInstanceNo";
const SERVER: &str = "serverInstanceNo";
/// A block that is set aside for tests: 198.18.0.0/15.
const FIRST: u32 = 0xC612_0001;
const LAST: u32 = 0xC613_FFFE;

const RUN: Phase = Phase::new("RUN", "NULL", "running");
const SETTING: Phase = Phase::new("SET", "CHNG", "setting");

pub(crate) static PUBLIC_IP: Kind = Kind {
    name: "public IP",
    service: "vserver",
    number: NUMBER,
    list: "publicIpInstanceList",
    state: State {
        status: "publicIpInstanceStatus",
        operation: "publicIpInstanceOperation",
        phrase: "publicIpInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "creating"),
    made: RUN,
    deleting: Phase::new("TERMTING", "TERMT", "terminating"),
    needs: &[Need {
        member: SERVER,
        kind: &SERVER_INSTANCE,
    }],
    busy_code: "1003016",
    actions: &[
        ("getPublicIpInstanceList", Rule::List),
        ("getPublicIpInstanceDetail", Rule::Detail),
        ("createPublicIpInstance", Rule::Create(public_ip)),
        ("deletePublicIpInstance", Rule::Odd(delete)),
        ("associatePublicIpWithServerInstance", Rule::Odd(associate)),
        ("disassociatePublicIpFromServerInstance", Rule::Odd(disassociate)),
    ],
    ..PLAIN
};

fn public_ip(call: &mut Call<'_>, address: &mut Resource, number: u64) -> Result<(), ServiceError> {
    address.members.append(&mut new_address(call)?);
    if let Some(server) = call.get(SERVER).map(str::to_owned) {
        check_server(call, &server)?;
        let public = address.text("publicIp");
        address.at_end = join_server(call, &server, &number.to_string(), &public);
        address.members.insert(SERVER.to_owned(), "".into());
    }
    Ok(())
}

/// The members of an address that belongs to nobody.
fn new_address(call: &mut Call<'_>) -> Result<Map<String, Value>, ServiceError> {
    let all = |call: &Call<'_>| Ok(Addresses::of_kind(call, &PUBLIC_IP, "publicIp", FIRST, LAST));
    let address = Addresses::once(call, PUBLIC_IP.name, all, Addresses::take_next)?;
    let mut members = nobodys();
    members.insert("publicIp".to_owned(), address.into());
    members.insert("lastModifyDate".to_owned(), call.date());
    if call.get("publicIpDescription").is_none() {
        members.insert("publicIpDescription".to_owned(), "".into());
    }
    Ok(members)
}

fn nobodys() -> Map<String, Value> {
    let mut members = Map::new();
    for member in [SERVER, "serverName", "privateIp", "vpcNo"] {
        members.insert(member.to_owned(), "".into());
    }
    members.insert("isAssociated".to_owned(), false.into());
    members
}

/// Whose an address is.
fn somebodys(call: &Call<'_>, server: &Map<String, Value>) -> Map<String, Value> {
    let interfaces = server.get("networkInterfaceNoList").and_then(Value::as_array);
    let default = interfaces.and_then(|interfaces| interfaces.first()?.as_str());
    let private = default.and_then(|number| {
        let found = call
            .world
            .find(&NETWORK_INTERFACE, &call.region, number, call.pace.now);
        Some(found?.text("ip"))
    });
    let mut members = Map::new();
    for member in [SERVER, "serverName", "vpcNo"] {
        members.insert(member.to_owned(), text(server, member).into());
    }
    members.insert("privateIp".to_owned(), private.unwrap_or_default().into());
    members.insert("isAssociated".to_owned(), true.into());
    members
}

/// Makes an address that a new server brings along.
pub(super) fn bring_along(call: &mut Call<'_>, server: &mut Map<String, Value>) -> Result<(), ServiceError> {
    let members = new_address(call)?;
    let public = members.get("publicIp").cloned().unwrap_or_default();
    let mut change = Change::new(call.end(), PUBLIC_IP.making, RUN);
    change.sets = somebodys(call, server);
    let mut address = Resource::new(&call.region, members);
    address.begin(change);
    let number = along::make(call, &PUBLIC_IP, address);
    server.insert(NUMBER.to_owned(), number.to_string().into());
    server.insert("publicIp".to_owned(), public);
    Ok(())
}

/// A server that can have an address: not busy, none so far, and in a subnet that the internet reaches.
fn check_server(call: &Call<'_>, number: &str) -> Result<(), ServiceError> {
    check(call, &SERVER_INSTANCE, SERVER, number, &["RUN", "NSTOP"])?;
    let found = call
        .world
        .find(&SERVER_INSTANCE, &call.region, number, call.pace.now);
    match found.and_then(|found| obstacle(call, found)) {
        Some(problem) => Err(ServiceError::state(SERVER, number, problem)),
        None => Ok(()),
    }
}

/// What keeps a server from having an address.
fn obstacle(call: &Call<'_>, server: &Resource) -> Option<&'static str> {
    if !server.text(NUMBER).is_empty() {
        return Some("has a public IP already");
    }
    let subnet = server.text("subnetNo");
    let subnet = call.world.find(&SUBNET, &call.region, &subnet, call.pace.now);
    let is_private = subnet.is_some_and(|subnet| subnet.text("subnetType") == "PRIVATE");
    is_private.then_some("is in a private subnet")
}

/// The servers that can have an address.
pub(super) fn targets(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let now = call.pace.now;
    let servers = call.world.all(kind, now);
    let servers = servers.filter(|server| server.region == call.region && !server.is_busy(now));
    let servers = servers
        .filter(|server| ["RUN", "NSTOP"].contains(&server.status(kind, now).as_str()))
        .filter(|server| obstacle(call, server).is_none());
    let shown = servers.map(|server| Value::Object(server.shown(kind, now)));
    Ok(answer(kind.list, shown.collect()))
}

/// Tells a server its address at once, and gives what the address has when that is done.
fn join_server(call: &mut Call<'_>, server: &str, number: &str, public: &str) -> Map<String, Value> {
    let now = call.pace.now;
    let mut members = Map::new();
    if let Some(found) = call.world.find_mut(&SERVER_INSTANCE, &call.region, server, now) {
        found.members.insert(NUMBER.to_owned(), number.into());
        found.members.insert("publicIp".to_owned(), public.into());
        members.clone_from(&found.members);
    }
    somebodys(call, &members)
}

/// Takes the address from a server's members.
pub(super) fn without_address(server: &mut Map<String, Value>) {
    server.insert(NUMBER.to_owned(), "".into());
    server.insert("publicIp".to_owned(), "".into());
}

fn associate(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    let server = call.required(SERVER)?;
    check(call, kind, NUMBER, &number, &["RUN"])?;
    check_server(call, &server)?;
    let members = members(call, kind, &number);
    if !text(&members, SERVER).is_empty() {
        let problem = "is associated with a server already";
        return Err(ServiceError::state(NUMBER, &number, problem));
    }
    let mut change = Change::new(call.end(), SETTING, RUN);
    change.sets = join_server(call, &server, &number, &text(&members, "publicIp"));
    Ok(begin(call, kind, &number, change))
}

fn members(call: &Call<'_>, kind: &'static Kind, number: &str) -> Map<String, Value> {
    let found = call.world.find(kind, &call.region, number, call.pace.now);
    found
        .map(|found| found.shown(kind, call.pace.now))
        .unwrap_or_default()
}

fn begin(call: &mut Call<'_>, kind: &'static Kind, number: &str, mut change: Change) -> Map<String, Value> {
    change.sets.insert("lastModifyDate".to_owned(), call.date());
    if let Some(found) = call.world.find_mut(kind, &call.region, number, call.pace.now) {
        found.begin(change);
    }
    let shown: Vec<u64> = number.parse().into_iter().collect();
    call.show(kind, &shown)
}

/// The address is named by its number or by that of its server.
fn disassociate(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let (parameter, given) = match (call.get(NUMBER), call.get(SERVER)) {
        (Some(number), _) => (NUMBER, number.to_owned()),
        (None, Some(server)) => (SERVER, server.to_owned()),
        (None, None) => {
            let problem = "is missing; give it or serverInstanceNo";
            return Err(ServiceError::parameter(NUMBER, problem));
        }
    };
    let number = if parameter == NUMBER {
        given.clone()
    } else {
        check(call, &SERVER_INSTANCE, SERVER, &given, &[])?;
        text(&members(call, &SERVER_INSTANCE, &given), NUMBER)
    };
    let without = ServiceError::state(parameter, &given, "is not associated");
    if number.is_empty() {
        return Err(without);
    }
    check(call, kind, NUMBER, &number, &["RUN"])?;
    let server = text(&members(call, kind, &number), SERVER);
    if server.is_empty() {
        return Err(without);
    }
    if let Some(found) = call
        .world
        .find_mut(&SERVER_INSTANCE, &call.region, &server, call.pace.now)
    {
        without_address(&mut found.members);
    }
    let mut change = Change::new(call.end(), SETTING, RUN);
    change.sets = nobodys();
    Ok(begin(call, kind, &number, change))
}

/// Frees an address whose server goes.
pub(super) fn part(call: &mut Call<'_>, number: &str) {
    let mut change = Change::new(call.end(), SETTING, RUN);
    change.sets = nobodys();
    begin(call, &PUBLIC_IP, number, change);
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(NUMBER)?;
    if !text(&members(call, kind, &number), SERVER).is_empty() {
        return Err(ServiceError::in_use(NUMBER, &number, SERVER_INSTANCE.name));
    }
    remove(call, kind, NUMBER, &["RUN"])
}
