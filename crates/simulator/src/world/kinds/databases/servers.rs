//! Servers of managed services: which there are, where, and how they are shown.

use serde_json::{Map, Value, json};

use crate::outcome::ServiceError;
use crate::world::kinds::vpc::SUBNET;
use crate::world::reference::in_vpc;
use crate::world::size::GB;
use crate::world::{Call, Resource, along, common_code};

/// Servers that are alike.
pub(super) struct Servers<'a> {
    /// Code and name.
    role: (&'a str, &'a str),
    count: usize,
    /// The parameter with the number of their subnet.
    subnet: &'a str,
    /// The parameter with the code of their product.
    product: &'a str,
}

impl<'a> Servers<'a> {
    pub(super) fn new(role: (&'a str, &'a str), count: usize, subnet: &'a str, product: &'a str) -> Self {
        Self {
            role,
            count,
            subnet,
            product,
        }
    }
}

/// Puts the servers into what is made: starting while it is made, running when it is made.
pub(super) fn put(
    call: &mut Call<'_>,
    database: &mut Resource,
    word: &str,
    all: &[Servers<'_>],
) -> Result<(), ServiceError> {
    let vpc = call.required("vpcNo")?;
    let prefix = call.get(&format!("cloud{word}ServerNamePrefix"));
    let prefix = prefix.or_else(|| call.get("cloudHadoopClusterName"));
    let prefix = prefix.unwrap_or_default().to_owned();
    let mut servers = Vec::new();
    for alike in all.iter().filter(|alike| alike.count > 0) {
        let shared = shared(call, word, alike, &vpc)?;
        for _ in 0..alike.count {
            let mut server = shared.clone();
            let place = servers.len().saturating_add(1);
            let number = call.world.new_number().to_string();
            let name = format!("{prefix}-{place:03}");
            let domain = format!("{name}-{number}.vpc-cdb.example.com");
            let own = json!({
                (format!("cloud{word}ServerInstanceNo")): number, (format!("cloud{word}ServerName")): name,
                "privateDomain": domain, "privateIp": format!("192.0.2.{}", place % 254 + 1),
            });
            server.append(&mut along::members(own));
            servers.push(server);
        }
    }
    find_by(database, word, &servers, &vpc);
    let list = format!("cloud{word}ServerInstanceList");
    let making = in_state(&servers, word, ("INIT", "CREAT", "creating"));
    let made = in_state(&servers, word, ("RUN", "NULL", "running"));
    database.members.insert(list.clone(), making);
    database.at_end.insert(list, made);
    let groups = json!([call.world.new_number().to_string()]);
    database
        .members
        .entry("accessControlGroupNoList".to_owned())
        .or_insert(groups);
    Ok(())
}

/// What all servers that are alike show.
fn shared(
    call: &Call<'_>,
    word: &str,
    alike: &Servers<'_>,
    vpc: &str,
) -> Result<Map<String, Value>, ServiceError> {
    let subnet = call.required(alike.subnet)?;
    let found = in_vpc(call, &SUBNET, alike.subnet, &subnet, vpc)?;
    let storage = call.get("dataStorageTypeCode").unwrap_or("SSD");
    let (code, name) = alike.role;
    let mut shared = along::members(json!({
        (format!("cloud{word}ServerRole")): common_code(code, name), "regionCode": call.region,
        "zoneCode": found.text("zoneCode"), "vpcNo": vpc, "subnetNo": subnet,
        "isPublicSubnet": found.text("subnetType") == "PUBLIC", "cpuCount": 2, "memorySize": 8 * GB,
        "dataStorageType": common_code(storage, storage), "dataStorageSize": 10 * GB,
        "createDate": call.date(), "uptime": call.date(),
    }));
    if let Some(product) = call.get(alike.product) {
        shared.insert(format!("cloud{word}ProductCode"), product.into());
    }
    Ok(shared)
}

/// What lists look for and do not show.
fn find_by(database: &mut Resource, word: &str, servers: &[Map<String, Value>], vpc: &str) {
    let all = |member: &str| -> Value {
        let values = servers.iter().filter_map(|server| server.get(member));
        values.cloned().collect()
    };
    let name = format!("cloud{word}ServerName");
    let number = format!("cloud{word}ServerInstanceNo");
    let hidden = json!({
        "vpcNo": vpc, "subnetNo": all("subnetNo"), "zoneCode": all("zoneCode"), (number.clone()): all(&number),
        (name.clone()): all(&name),
    });
    database.members.append(&mut along::members(hidden));
}

fn in_state(servers: &[Map<String, Value>], word: &str, state: (&str, &str, &str)) -> Value {
    let (status, operation, phrase) = state;
    let member = |suffix: &str| format!("cloud{word}ServerInstance{suffix}");
    let shown = servers.iter().cloned().map(|mut server| {
        server.insert(member("Status"), common_code(status, status));
        server.insert(member("Operation"), common_code(operation, operation));
        server.insert(member("StatusName"), phrase.into());
        Value::Object(server)
    });
    shown.collect()
}
