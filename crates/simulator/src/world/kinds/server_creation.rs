//! Making of server instances: what they are made of, and what they bring along.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::access_control_group::check_groups;
use super::address::Addresses;
use super::block_storage::BLOCK_STORAGE;
use super::login_key::{self, LOGIN_KEY};
use super::member_server_image::MEMBER_SERVER_IMAGE;
use super::network_interface::{self, INTERFACE_LIMIT, NETWORK_INTERFACE};
use super::placement_group::PLACEMENT_GROUP;
use super::server_image::{self, SERVER_IMAGE};
use super::server_instance::{check_name, specified};
use super::server_specification::ServerSpecification;
use super::server_storage::{bring_storage, mappings};
use super::vpc::SUBNET;
use super::{public_ip, vpc};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::create::{check_needs, count, create};
use crate::world::reference::{in_vpc, named};
use crate::world::{Call, Kind, Resource, along, common_code, text, text_of};

const INTERFACES: &str = "networkInterfaceList";
const GROUPS: &str = "accessControlGroupNoList";

/// Makes servers: all that are asked for, or none of them.
pub(super) fn create_server_instances(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    // What went with other servers is not kept for ever.
    for brought in [&NETWORK_INTERFACE, &BLOCK_STORAGE, &public_ip::PUBLIC_IP] {
        call.world.forget_gone(brought, call.pace.now);
    }
    check_needs(call, kind)?;
    let (subnet, vpc) = (call.required("subnetNo")?, call.required("vpcNo")?);
    check_subnet(call, &subnet, &vpc)?;
    check_source(call)?;
    ServerSpecification::of_call(call)?;
    if let Some(name) = call.get("serverName") {
        check_name("serverName", name)?;
    }
    if let Some(key) = call.get("loginKeyName").map(str::to_owned) {
        login_key::find(call, &LOGIN_KEY, "loginKeyName", &key)?;
    }
    mappings(call, &text(&of_image(call), "hypervisorType"))?;
    check_interfaces(call, count(call)?)?;
    create(call, kind, server)
}

fn check_subnet(call: &Call<'_>, subnet: &str, vpc: &str) -> Result<(), ServiceError> {
    check(call, &vpc::VPC, "vpcNo", vpc, &["RUN"])?;
    check(call, &SUBNET, "subnetNo", subnet, &["RUN"])?;
    in_vpc(call, &SUBNET, "subnetNo", subnet, vpc).map(drop)
}

/// One image has to be named, and it has to be made.
fn check_source(call: &Call<'_>) -> Result<(), ServiceError> {
    const PRODUCT: &str = "serverImageProductCode";
    let images: [(&str, &'static Kind); 2] = [
        ("memberServerImageInstanceNo", &MEMBER_SERVER_IMAGE),
        ("serverImageNo", &SERVER_IMAGE),
    ];
    let mut is_named = call.get(PRODUCT).is_some();
    for (parameter, kind) in images {
        if let Some(number) = call.get(parameter) {
            check(call, kind, parameter, number, &["CREAT"])?;
            is_named = true;
        }
    }
    if is_named {
        return Ok(());
    }
    let problem = "is missing; give it, serverImageNo or memberServerImageInstanceNo";
    Err(ServiceError::parameter(PRODUCT, problem))
}

/// The interfaces that a call asks for, in their order.
fn interfaces(call: &Call<'_>) -> Vec<Map<String, Value>> {
    let mut interfaces = call.structs(INTERFACES);
    interfaces.sort_by_key(|interface| {
        let order = text(interface, "networkInterfaceOrder");
        order.parse().unwrap_or(i64::MAX)
    });
    interfaces
}

/// The subnet of a new interface.
fn subnet_of(call: &Call<'_>, interface: &Map<String, Value>) -> Result<String, ServiceError> {
    match text(interface, "subnetNo") {
        subnet if subnet.is_empty() => call.required("subnetNo"),
        subnet => Ok(subnet),
    }
}

/// There have to be addresses for all, and what is there already can only be given to one.
fn check_interfaces(call: &Call<'_>, count: usize) -> Result<(), ServiceError> {
    let interfaces = interfaces(call);
    if interfaces.len() > INTERFACE_LIMIT {
        return Err(ServiceError::quota(
            "network interface of a server",
            INTERFACE_LIMIT,
        ));
    }
    let mut in_subnets: Vec<(String, Addresses, usize)> = Vec::new();
    let mut present = Vec::new();
    for interface in &interfaces {
        let number = text(interface, "networkInterfaceNo");
        if number.is_empty() {
            check_new(call, interface, count, &mut in_subnets)?;
            continue;
        }
        if count > 1 || present.contains(&number) {
            return Err(only_once("networkInterfaceNo"));
        }
        let kind = &NETWORK_INTERFACE;
        check(call, kind, "networkInterfaceNo", &number, &["NOTUSED"])?;
        let subnet = named(call, kind, "networkInterfaceNo", &number)?.text("subnetNo");
        in_vpc(call, &SUBNET, "subnetNo", &subnet, &call.required("vpcNo")?)?;
        present.push(number);
    }
    let mut in_subnets = in_subnets.iter();
    match in_subnets.find(|(_, addresses, wanted)| *wanted > addresses.free()) {
        Some((subnet, addresses, _)) => {
            let problem = format!("has {} free addresses, which are not enough", addresses.free());
            Err(ServiceError::state("subnetNo", subnet, &problem))
        }
        None => Ok(()),
    }
}

fn only_once(member: &str) -> ServiceError {
    let name = format!("{INTERFACES}.{member}");
    ServiceError::parameter(&name, "can be given for a single server only")
}

/// An interface that is to be made: its subnet and its groups have to be in the server's VPC, and its address has to be free.
fn check_new(
    call: &Call<'_>,
    interface: &Map<String, Value>,
    count: usize,
    in_subnets: &mut Vec<(String, Addresses, usize)>,
) -> Result<(), ServiceError> {
    let address = text(interface, "ip");
    if !address.is_empty() && count > 1 {
        return Err(only_once("ip"));
    }
    let (subnet, vpc) = (subnet_of(call, interface)?, call.required("vpcNo")?);
    check_groups(
        call,
        &format!("{INTERFACES}.{GROUPS}"),
        &groups_of(interface),
        &vpc,
    )?;
    let known = in_subnets.iter().position(|(known, ..)| *known == subnet);
    let position = known.unwrap_or(in_subnets.len());
    if known.is_none() {
        check_subnet(call, &subnet, &vpc)?;
        let addresses = Addresses::of_subnet(call, &subnet)?;
        in_subnets.push((subnet, addresses, 0));
    }
    if let Some((_, addresses, wanted)) = in_subnets.get_mut(position) {
        if address.is_empty() {
            *wanted = wanted.saturating_add(count);
        } else {
            addresses.take(&format!("{INTERFACES}.ip"), &address)?;
        }
    }
    Ok(())
}

/// The access control groups of an interface that is to be made.
fn groups_of(interface: &Map<String, Value>) -> Vec<String> {
    let groups = interface.get(GROUPS).and_then(Value::as_array);
    let mut once = BTreeSet::new();
    let groups = groups.into_iter().flatten().map(text_of);
    groups.filter(|group| once.insert(group.clone())).collect()
}

fn server(call: &mut Call<'_>, server: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let specification = ServerSpecification::of_call(call)?.or_else(ServerSpecification::smallest);
    let subnet = call.required("subnetNo")?;
    let found = call.world.find(&SUBNET, &call.region, &subnet, call.pace.now);
    let zone = found.map(|found| found.text("zoneCode")).unwrap_or_default();
    let group = server.text("placementGroupNo");
    let group = call
        .world
        .find(&PLACEMENT_GROUP, &call.region, &group, call.pace.now);
    let group = group
        .map(|group| group.text("placementGroupName"))
        .unwrap_or_default();
    let members = &mut server.members;
    let mut decided = specification.as_ref().map(specified).unwrap_or_default();
    members.append(&mut decided);
    members.append(&mut of_image(call));
    members.insert("zoneCode".to_owned(), zone.into());
    let plain = json!({
        "serverDescription": "", "isProtectServerTermination": false, "initScriptNo": "", "publicIpInstanceNo": "", "publicIp": "",
        "placementGroupNo": "", "placementGroupName": group, "memberServerImageInstanceNo": "", "loginKeyName": "",
        "baseBlockStorageDiskType": common_code("NET", "Network Storage"),
    });
    if let Value::Object(plain) = plain {
        for (member, value) in plain {
            members.entry(member).or_insert(value);
        }
    }
    bring_interfaces(call, members, number)?;
    let mappings = mappings(call, &text(members, "hypervisorType"))?;
    bring_storage(call, members, &mappings, specification.as_ref());
    if call.flag("associateWithPublicIp") {
        public_ip::bring_along(call, members)?;
    }
    let uptime = Call::date_of(call.end());
    server.at_end.insert("uptime".to_owned(), uptime);
    Ok(())
}

/// The members of a server that its image decides.
fn of_image(call: &Call<'_>) -> Map<String, Value> {
    let image = |parameter: &str, kind: &'static Kind| {
        let number = call.get(parameter)?;
        let found = call.world.find(kind, &call.region, number, call.pace.now);
        found.map(|found| found.members.clone())
    };
    let own = image("memberServerImageInstanceNo", &MEMBER_SERVER_IMAGE);
    let of_platform = image("serverImageNo", &SERVER_IMAGE);
    let product = match (&own, &of_platform) {
        (Some(image), _) => text(image, "originalServerImageProductCode"),
        (None, Some(image)) => text(image, "serverImageProductCode"),
        (None, None) => call.get("serverImageProductCode").unwrap_or_default().to_owned(),
    };
    let hypervisor = of_platform.map(|image| text(&image, "hypervisorType"));
    let hypervisor = hypervisor.filter(|code| !code.is_empty());
    let hypervisor = hypervisor.unwrap_or_else(|| "XEN".to_owned());
    let platform = match own.map(|image| text(&image, "platformTypeCode")) {
        Some(platform) if !platform.is_empty() => platform,
        _ => server_image::platform_of(&product).to_owned(),
    };
    let mut members = Map::new();
    for (member, value) in [
        ("serverImageProductCode", Value::String(product)),
        ("hypervisorType", common_code(&hypervisor, &hypervisor)),
        ("platformType", common_code(&platform, &platform)),
    ] {
        members.insert(member.to_owned(), value);
    }
    members
}

/// Makes the interfaces of a server, or takes those that are there; the first one is its default one.
fn bring_interfaces(
    call: &mut Call<'_>,
    server: &mut Map<String, Value>,
    number: u64,
) -> Result<(), ServiceError> {
    let owner = number.to_string();
    let mut numbers = Vec::new();
    let mut addresses = Vec::new();
    for (index, interface) in interfaces(call).iter().enumerate() {
        let given = text(interface, "networkInterfaceNo");
        let mut members = if given.is_empty() {
            new_interface(call, interface, number)?
        } else {
            let found = call
                .world
                .find_mut(&NETWORK_INTERFACE, &call.region, &given, call.pace.now);
            found.map(|found| found.members.clone()).unwrap_or_default()
        };
        network_interface::belongs_to(&mut members, &owner, &text(server, "serverName"));
        for (member, value) in [
            ("isDefault", Value::Bool(index == 0)),
            ("deviceName", Value::String(format!("eth{index}"))),
        ] {
            members.insert(member.to_owned(), value);
        }
        addresses.push(members.get("ip").cloned().unwrap_or_default());
        let change = network_interface::joining(call);
        if given.is_empty() {
            let mut interface = Resource::new(&call.region, members);
            interface.begin(change);
            let made = along::make(call, &NETWORK_INTERFACE, interface);
            numbers.push(Value::String(made.to_string()));
        } else if let Some(found) =
            call.world
                .find_mut(&NETWORK_INTERFACE, &call.region, &given, call.pace.now)
        {
            found.members = members;
            found.begin(change);
            numbers.push(Value::String(given));
        }
    }
    server.insert("networkInterfaceNoList".to_owned(), numbers.into());
    // Shown by no answer, but asked for by the list.
    server.insert("ip".to_owned(), addresses.into());
    Ok(())
}

fn new_interface(
    call: &mut Call<'_>,
    interface: &Map<String, Value>,
    number: u64,
) -> Result<Map<String, Value>, ServiceError> {
    let subnet = subnet_of(call, interface)?;
    let take = |addresses: &mut Addresses| match text(interface, "ip") {
        wanted if wanted.is_empty() => addresses.take_next(),
        wanted => addresses.take(&format!("{INTERFACES}.ip"), &wanted),
    };
    let of_subnet = |call: &Call<'_>| Addresses::of_subnet(call, &subnet);
    let address = Addresses::once(call, &subnet, of_subnet, take)?;
    let groups = groups_of(interface);
    let mut members = network_interface::plain_members(call, number, &subnet, &address, &groups);
    members.insert("deleteOnTermination".to_owned(), true.into());
    Ok(members)
}
