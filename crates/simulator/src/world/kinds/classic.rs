//! The Classic server service: servers, images, block storage and snapshots, public IPs, port forwarding, access control
//! groups and login keys, with numbers for regions and zones.

use serde_json::{Map, Value, json};

use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::kind::{Kind, PLAIN};
use crate::world::{Call, Resource, along, plain};

mod access_control_group;
mod block_storage;
mod block_storage_snapshot;
mod login_key;
mod member_server_image;
mod port_forwarding;
mod public_ip;
mod server_instance;

pub(crate) use access_control_group::ACCESS_CONTROL_GROUP;
pub(crate) use block_storage::BLOCK_STORAGE;
pub(crate) use block_storage_snapshot::BLOCK_STORAGE_SNAPSHOT;
pub(crate) use login_key::LOGIN_KEY;
pub(crate) use member_server_image::MEMBER_SERVER_IMAGE;
pub(crate) use public_ip::PUBLIC_IP;
pub(crate) use server_instance::SERVER;

const ZONES_PER_REGION: usize = 2;

/// What all kinds of this service have in common; few of its actions name a region.
const CLASSIC: Kind = Kind {
    service: "server",
    // NAVER's Terraform provider calls it "object in operation", and no more is known. That it is the code of all kinds here is a
    // guess.
    busy_code: "25013",
    regional: false,
    ..PLAIN
};

/// A zone: zones are numbered from 2 on, two for each region, as those of Korea are.
struct Zone {
    region: String,
    /// `region`, `zone`, `regionNo` and `zoneNo`; lists look for the numbers.
    members: Map<String, Value>,
}

fn zone(call: &Call<'_>, region_index: usize, zone_index: usize) -> Option<Zone> {
    let (code, name) = call.world.regions.get(region_index)?;
    let region_no = region_index.saturating_add(1).to_string();
    let zone_no = region_index
        .saturating_add(1)
        .saturating_mul(ZONES_PER_REGION)
        .saturating_add(zone_index)
        .to_string();
    let zone_code = format!("{code}-{}", zone_index.saturating_add(1));
    let members = json!({
        "region": { "regionNo": region_no, "regionCode": code, "regionName": name },
        "zone": {
            "zoneNo": zone_no, "zoneName": zone_code, "zoneCode": zone_code, "zoneDescription": zone_code,
            "regionNo": region_no,
        },
        "regionNo": region_no, "zoneNo": zone_no,
    });
    Some(Zone {
        region: code.clone(),
        members: along::members(members),
    })
}

/// The zone that a call names; without one, the first one of its region.
fn zone_of(call: &Call<'_>) -> Result<Zone, ServiceError> {
    let Some(number) = call.get("zoneNo") else {
        return zones_of(call)
            .next()
            .ok_or_else(|| ServiceError::authority("zoneNo", ""));
    };
    let found = zone_numbered(call, "zoneNo", number)?;
    if call.get("regionNo").is_some() && found.region != call.region {
        return Err(ServiceError::authority("zoneNo", number));
    }
    Ok(found)
}

/// The zone that a parameter names by its number.
fn zone_numbered(call: &Call<'_>, by: &str, number: &str) -> Result<Zone, ServiceError> {
    let found = plain(number).and_then(|number| usize::try_from(number).ok());
    let found = found.and_then(|number| {
        let region = (number / ZONES_PER_REGION).checked_sub(1)?;
        zone(call, region, number % ZONES_PER_REGION)
    });
    found.ok_or_else(|| ServiceError::authority(by, number))
}

/// The zones of the region that a call names.
fn zones_of(call: &Call<'_>) -> impl Iterator<Item = Zone> {
    let mut regions = call.world.regions.iter();
    let region = regions.position(|(code, _)| *code == call.region);
    (0..ZONES_PER_REGION).filter_map(move |index| zone(call, region?, index))
}

/// Puts something into the zone that a call names.
fn place(call: &Call<'_>, resource: &mut Resource) -> Result<(), ServiceError> {
    let mut zone = zone_of(call)?;
    resource.region = zone.region;
    resource.members.append(&mut zone.members);
    Ok(())
}

/// Puts something where something else is.
fn place_beside(resource: &mut Resource, other: &Resource) {
    resource.region.clone_from(&other.region);
    for member in ["region", "zone", "regionNo", "zoneNo"] {
        let value = other.members.get(member).cloned();
        resource
            .members
            .extend(value.map(|value| (member.to_owned(), value)));
    }
}

fn regions(call: &mut Call<'_>, _: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let regions = (0..call.world.regions.len()).filter_map(|index| zone(call, index, 0));
    let regions = regions.filter_map(|mut zone| zone.members.remove("region"));
    Ok(answer("regionList", regions.collect()))
}

fn zones(call: &mut Call<'_>, _: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let zones = zones_of(call).filter_map(|mut zone| zone.members.remove("zone"));
    Ok(answer("zoneList", zones.collect()))
}

/// A server that a parameter names.
fn server<'a>(call: &'a Call<'_>, number: &str) -> Result<&'a Resource, ServiceError> {
    let found = call.world.find(&SERVER, &call.region, number, call.pace.now);
    found.ok_or_else(|| ServiceError::authority("serverInstanceNo", number))
}
