//! Catalog: what the platform brings along, the same for every account: regions, zones, images, products and the like.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::{Resource, text};

/// Made up in the platform's form; `inventory/README.md` says what is in it.
const DOCUMENT: &[u8] = include_bytes!("../../inventory/catalog.json");
const REGIONS: &str = "regionList";
const ZONES: &str = "zoneList";

/// Lists of what nobody can change.
#[derive(Clone, Debug)]
pub(crate) struct Catalog(Arc<BTreeMap<String, Vec<Resource>>>);

impl Catalog {
    /// What there is in these regions, each a code and a name.
    pub(crate) fn new(regions: &[(String, String)]) -> Self {
        // A test reads the document, so that it always can be read.
        let mut lists: BTreeMap<String, Vec<Map<String, Value>>> =
            serde_json::from_slice(DOCUMENT).unwrap_or_default();
        let regions: Vec<Map<String, Value>> = regions
            .iter()
            .filter_map(|(code, name)| members(json!({ "regionCode": code, "regionName": name })))
            .collect();
        let zones = lists.entry(ZONES.to_owned()).or_default();
        complete_zones(zones, &regions);
        let resources = |items: Vec<Map<String, Value>>| {
            let resources = items
                .into_iter()
                .map(|item| Resource::new(&text(&item, "regionCode"), item));
            resources.collect::<Vec<Resource>>()
        };
        let mut catalog: BTreeMap<String, Vec<Resource>> = lists
            .into_iter()
            .map(|(list, items)| (list, resources(items)))
            .collect();
        // Every region shows all regions.
        let everywhere = regions.into_iter().map(|region| Resource::new("", region));
        catalog.insert(REGIONS.to_owned(), everywhere.collect());
        Self(Arc::new(catalog))
    }

    /// Those of a kind.
    pub(crate) fn of(&self, kind: &Kind) -> &[Resource] {
        let found = kind.on_offer.and_then(|list| self.0.get(list));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// One of them by what it is known by.
    pub(crate) fn find(&self, kind: &Kind, region: &str, number: &str) -> Option<&Resource> {
        let mut offered = self.of(kind).iter();
        offered.find(|resource| resource.is_in(region) && resource.text(kind.number) == number)
    }
}

/// Leaves the zones of these regions, and makes one up for every region that has none.
fn complete_zones(zones: &mut Vec<Map<String, Value>>, regions: &[Map<String, Value>]) {
    for region in regions {
        let code = text(region, "regionCode");
        if !zones.iter().any(|zone| text(zone, "regionCode") == code) {
            let zone = json!({ "zoneCode": format!("{code}-1"), "zoneName": format!("{code}-1"), "regionCode": code });
            zones.extend(members(zone));
        }
    }
    zones.retain(|zone| {
        let of = text(zone, "regionCode");
        regions.iter().any(|region| text(region, "regionCode") == of)
    });
}

fn members(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_list_can_be_read_and_every_item_is_known_by_something_of_its_own() {
        let document: BTreeMap<String, Vec<Map<String, Value>>> = serde_json::from_slice(DOCUMENT).unwrap();
        let mut read = BTreeSet::new();
        for kind in super::super::kinds::KINDS {
            let Some(list) = kind.on_offer.filter(|list| *list != REGIONS) else {
                continue;
            };
            read.insert(list);
            let items = document.get(list).unwrap();
            assert!(!items.is_empty(), "{list}");
            let mut known: Vec<String> = items.iter().map(|item| text(item, kind.number)).collect();
            assert!(known.iter().all(|known| !known.is_empty()), "{list}");
            known.sort();
            known.dedup();
            assert_eq!(known.len(), items.len(), "{list}");
        }
        assert_eq!(read.len(), document.len());
    }

    #[test]
    fn regions_of_ones_own_have_a_zone_each() {
        let catalog = Catalog::new(&[("MOON".to_owned(), "Moon".to_owned())]);
        let codes: Vec<String> = catalog.0[ZONES]
            .iter()
            .map(|zone| zone.text("zoneCode"))
            .collect();
        assert_eq!(codes, ["MOON-1"]);
    }
}
