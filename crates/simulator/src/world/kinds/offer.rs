//! What the platform offers, and nobody can change: regions, zones, images, products, specifications and the like.

use serde_json::{Map, Value};

use super::server_image::SERVER_IMAGE;
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, PLAIN, Rule};
use crate::world::list::list;
use crate::world::{Call, text_of};

/// What these kinds have in common.
const OFFER: Kind = Kind {
    service: "vserver",
    ..PLAIN
};

pub(crate) static REGION: Kind = Kind {
    name: "region",
    number: "regionCode",
    list: "regionList",
    on_offer: Some("regionList"),
    actions: &[("getRegionList", Rule::List)],
    ..OFFER
};

pub(crate) static ZONE: Kind = Kind {
    name: "zone",
    number: "zoneCode",
    list: "zoneList",
    on_offer: Some("zoneList"),
    actions: &[("getZoneList", Rule::List)],
    ..OFFER
};

pub(crate) static SERVER_IMAGE_PRODUCT: Kind = Kind {
    name: "server image product",
    number: "productCode",
    list: "productList",
    on_offer: Some("serverImageProductList"),
    actions: &[("getServerImageProductList", Rule::Odd(image_products))],
    ..OFFER
};

pub(crate) static SERVER_PRODUCT: Kind = Kind {
    name: "server product",
    number: "productCode",
    list: "productList",
    on_offer: Some("serverProductList"),
    // Every product goes with every image, in every zone.
    no_filters: &[
        "zoneCode",
        "serverImageProductCode",
        "memberServerImageInstanceNo",
    ],
    actions: &[("getServerProductList", Rule::Odd(products))],
    ..OFFER
};

pub(crate) static SERVER_SPEC: Kind = Kind {
    name: "server specification",
    number: "serverSpecCode",
    list: "serverSpecList",
    on_offer: Some("serverSpecList"),
    no_filters: &["zoneCode", "serverImageNo"],
    actions: &[
        ("getServerSpecList", Rule::Odd(specs)),
        ("getServerSpecDetail", Rule::Detail),
    ],
    ..OFFER
};

pub(crate) static HYPERVISOR_TYPE: Kind = Kind {
    name: "hypervisor",
    number: "code",
    list: "hypervisorTypeList",
    on_offer: Some("hypervisorTypeList"),
    actions: &[("getHypervisorTypeList", Rule::List)],
    ..OFFER
};

pub(crate) static RAID: Kind = Kind {
    name: "RAID level",
    number: "raidNo",
    list: "raidList",
    on_offer: Some("raidList"),
    actions: &[("getRaidList", Rule::List)],
    ..OFFER
};

pub(crate) static BLOCK_STORAGE_VOLUME_TYPE: Kind = Kind {
    name: "block storage volume type",
    number: "blockStorageVolumeType",
    list: "blockStorageVolumeTypeList",
    on_offer: Some("blockStorageVolumeTypeList"),
    no_filters: &["serverSpecCode"],
    actions: &[("getBlockStorageVolumeTypeList", Rule::Odd(volume_types))],
    ..OFFER
};

type Answer = Result<Map<String, Value>, ServiceError>;

/// Images for bare metal servers are listed only if they are asked for.
fn image_products(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let detail = "infraResourceDetailType";
    let mut answer = list(call, kind)?;
    if call.get(&format!("{detail}Code")).is_none() {
        retain(&mut answer, kind.list, |item| text_of(&item[detail]) != "BM");
    }
    Ok(answer)
}

fn products(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    named(call, "zoneCode", &ZONE)?;
    if call.get("memberServerImageInstanceNo").is_none() {
        named(call, "serverImageProductCode", &SERVER_IMAGE_PRODUCT)?;
    }
    list(call, kind)
}

/// A specification serves images of its own hypervisor.
fn specs(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    named(call, "zoneCode", &ZONE)?;
    let image = named(call, "serverImageNo", &SERVER_IMAGE)?;
    of_same_hypervisor(call, kind, image)
}

/// A volume type serves servers of its own hypervisor.
fn volume_types(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let spec = named(call, "serverSpecCode", &SERVER_SPEC)?;
    of_same_hypervisor(call, kind, spec)
}

/// What a parameter names, if it is given, which has to be there.
fn named(
    call: &Call<'_>,
    parameter: &str,
    kind: &'static Kind,
) -> Result<Option<Map<String, Value>>, ServiceError> {
    let Some(number) = call.get(parameter) else {
        return Ok(None);
    };
    let found = call.world.find(kind, &call.region, number, call.pace.now);
    let found = found.ok_or_else(|| ServiceError::authority(parameter, number))?;
    Ok(Some(found.members.clone()))
}

fn of_same_hypervisor(call: &mut Call<'_>, kind: &'static Kind, other: Option<Map<String, Value>>) -> Answer {
    let mut answer = list(call, kind)?;
    if let Some(wanted) = other.and_then(|mut other| other.remove("hypervisorType")) {
        retain(&mut answer, kind.list, |item| {
            text_of(&item["hypervisorType"]) == text_of(&wanted)
        });
    }
    Ok(answer)
}

/// Keeps some of the items of a list that has no pages.
fn retain(answer: &mut Map<String, Value>, list: &str, keep: impl Fn(&Value) -> bool) {
    if let Some(Value::Array(items)) = answer.get_mut(list) {
        items.retain(keep);
        let total = Value::from(items.len());
        answer.insert("totalRows".to_owned(), total);
    }
}
