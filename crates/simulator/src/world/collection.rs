//! The collection: the resources of all kinds, and which of them may have changed since they were last written down.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use super::lookup::{Lookup, REGION};
use super::{Kind, Resource};

/// Resources by the name of their kind and their number.
#[derive(Clone, Debug, Default)]
pub(super) struct Collection {
    kinds: BTreeMap<&'static str, OfKind>,
    /// Whatever was changed, added or taken away.
    changed: BTreeSet<(&'static str, u64)>,
}

/// The resources of one kind, and what spares looking through all of them.
#[derive(Clone, Debug, Default)]
struct OfKind {
    resources: BTreeMap<u64, Resource>,
    /// Those that may be on their way out: all that were touched since the gone ones were last taken away, and some more.
    leaving: BTreeSet<u64>,
    lookup: Lookup,
}

impl OfKind {
    fn touch(&mut self, number: u64) {
        self.leaving.insert(number);
        self.lookup.touch(number);
    }
}

impl Collection {
    pub(super) fn get(&self, kind: &str) -> Option<&BTreeMap<u64, Resource>> {
        self.kinds.get(kind).map(|of_kind| &of_kind.resources)
    }

    /// A resource that is about to change. There is no other way to change one, so that none changes unnoticed.
    pub(super) fn change(&mut self, kind: &'static Kind, number: u64) -> Option<&mut Resource> {
        let of_kind = self.kinds.get_mut(kind.name)?;
        if !of_kind.resources.contains_key(&number) {
            return None;
        }
        of_kind.touch(number);
        self.changed.insert((kind.name, number));
        of_kind.resources.get_mut(&number)
    }

    pub(super) fn insert(&mut self, kind: &'static Kind, number: u64, resource: Resource) {
        let of_kind = self.kinds.entry(kind.name).or_default();
        of_kind.touch(number);
        of_kind.resources.insert(number, resource);
        self.changed.insert((kind.name, number));
    }

    /// Leaves those that are on their way out alone among those that may be.
    pub(super) fn forget_staying(&mut self, kind: &Kind) {
        if let Some(OfKind {
            resources, leaving, ..
        }) = self.kinds.get_mut(kind.name)
        {
            leaving.retain(|number| resources.get(number).is_some_and(Resource::is_going));
        }
    }

    /// Takes away those of a kind that are gone for good, and says how many are left.
    pub(super) fn forget_gone(&mut self, kind: &'static Kind, now: SystemTime) -> usize {
        let Some(OfKind {
            resources,
            leaving,
            lookup,
        }) = self.kinds.get_mut(kind.name)
        else {
            return 0;
        };
        leaving.retain(|number| match resources.get(number) {
            Some(resource) if resource.is_there(now) => resource.is_going(),
            Some(_) => {
                resources.remove(number);
                lookup.touch(*number);
                self.changed.insert((kind.name, *number));
                false
            }
            None => false,
        });
        resources.len()
    }

    /// The numbers of those of a kind in which a member is a text, or has it among others, now or when a change is over: in order.
    pub(super) fn having(&self, kind: &Kind, member: &str, text: &str) -> Vec<u64> {
        let of_kind = self.kinds.get(kind.name);
        of_kind.map_or_else(Vec::new, |of_kind| {
            of_kind.lookup.having(&of_kind.resources, member, text)
        })
    }

    /// How many these are.
    pub(super) fn count(&self, kind: &Kind, member: &str, text: &str) -> usize {
        let of_kind = self.kinds.get(kind.name);
        of_kind.map_or(0, |of_kind| {
            of_kind.lookup.count(&of_kind.resources, member, text)
        })
    }

    /// The numbers of those of a kind in which a member has a text in it, now or when a change is over: in any order.
    pub(super) fn holding(&self, kind: &Kind, member: &str, part: &str) -> Vec<u64> {
        let of_kind = self.kinds.get(kind.name);
        of_kind.map_or_else(Vec::new, |of_kind| {
            of_kind.lookup.holding(&of_kind.resources, member, part)
        })
    }

    /// The numbers of those of a kind that are there and in a region, in order.
    pub(super) fn in_region(&self, kind: &Kind, region: &str, now: SystemTime) -> Vec<u64> {
        let Some(of_kind) = self.kinds.get(kind.name) else {
            return Vec::new();
        };
        let OfKind {
            resources,
            leaving,
            lookup,
        } = of_kind;
        let mut numbers = lookup.having(resources, REGION, region);
        let everywhere = lookup.having(resources, REGION, "");
        if !everywhere.is_empty() {
            numbers.extend(everywhere);
            numbers.sort_unstable();
            numbers.dedup();
        }
        // Only those that are leaving can be gone.
        let is_gone = |number: &u64| resources.get(number).is_none_or(|found| !found.is_there(now));
        let gone: Vec<u64> = leaving.iter().copied().filter(is_gone).collect();
        if !gone.is_empty() {
            numbers.retain(|number| gone.binary_search(number).is_err());
        }
        numbers
    }

    /// Has everything that goes on be over this much earlier.
    pub(super) fn bring_forward(&mut self, by: Duration) {
        for (kind, of_kind) in &mut self.kinds {
            for (number, resource) in &mut of_kind.resources {
                if resource.is_changing() {
                    resource.bring_forward(by);
                    self.changed.insert((kind, *number));
                }
            }
        }
    }

    /// All of them, with the names of their kinds and their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, u64, &Resource)> {
        self.kinds.iter().flat_map(|(kind, of_kind)| {
            let resources = of_kind.resources.iter();
            resources.map(move |(number, resource)| (*kind, *number, resource))
        })
    }

    pub(super) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// What may have changed.
    #[cfg(feature = "state")]
    pub(super) fn changed(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.changed.iter().copied()
    }

    pub(super) fn forget_changes(&mut self) {
        self.changed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Change, kinds};
    use super::*;
    use serde_json::{Map, json};

    fn vpc() -> &'static Kind {
        kinds::named("VPC").unwrap()
    }

    /// Three VPCs, of which nothing is noted as changed.
    fn three() -> Collection {
        let mut collection = Collection::default();
        for number in 1..=3 {
            let mut members = Map::new();
            members.insert("vpcName".to_owned(), json!(format!("net-{number}")));
            collection.insert(vpc(), number, Resource::new("KR", members));
        }
        assert!(collection.has_changed());
        collection.forget_changes();
        collection
    }

    fn named(collection: &Collection, name: &str) -> usize {
        let count = collection.count(vpc(), "vpcName", name);
        assert_eq!(collection.having(vpc(), "vpcName", name).len(), count);
        assert!(collection.holding(vpc(), "vpcName", name).len() >= count);
        count
    }

    #[test]
    fn only_what_was_touched_has_changed() {
        let mut collection = three();
        assert!(!collection.has_changed());
        assert!(collection.change(vpc(), 4).is_none());
        assert!(collection.get("VPC").is_some());
        assert_eq!(collection.forget_gone(vpc(), SystemTime::UNIX_EPOCH), 3);
        assert!(!collection.has_changed());

        assert!(collection.change(vpc(), 2).is_some());
        assert_eq!(Vec::from_iter(&collection.changed), [&("VPC", 2)]);
    }

    #[test]
    fn what_is_going_is_forgotten_once_it_is_gone() {
        let mut collection = three();
        let (now, second) = (SystemTime::UNIX_EPOCH, Duration::from_secs(1));
        assert_eq!(collection.forget_gone(vpc(), now), 3);
        for number in [1, 3] {
            let going = Change::to_gone(now + second, vpc().deleting);
            collection.change(vpc(), number).unwrap().begin(going);
        }
        collection.forget_changes();
        assert_eq!(collection.forget_gone(vpc(), now), 3);
        assert!(!collection.has_changed());
        assert_eq!(collection.forget_gone(vpc(), now + second), 1);
        assert_eq!(collection.changed.len(), 2);
        assert_eq!(
            collection.iter().map(|(_, number, _)| number).collect::<Vec<_>>(),
            [2]
        );
        assert_eq!(named(&collection, "net-1"), 0);
        assert_eq!(named(&collection, "net-2"), 1);
    }

    #[test]
    fn a_name_is_found_where_it_is_now() {
        let mut collection = three();
        assert_eq!(named(&collection, "net-2"), 1);
        for (number, name) in [(2, "net-3"), (1, "net-2")] {
            let found = collection.change(vpc(), number).unwrap();
            found.members.insert("vpcName".to_owned(), json!(name));
        }
        for (name, count) in [("net-1", 0), ("net-2", 1), ("net-3", 2), ("net", 0)] {
            assert_eq!(named(&collection, name), count, "{name}");
        }
        // One that comes under a number that was there already takes its place.
        collection.insert(vpc(), 3, Resource::new("KR", Map::new()));
        assert_eq!(named(&collection, "net-3"), 1);
    }

    #[test]
    fn what_comes_with_a_change_is_found_before_it() {
        let mut collection = three();
        let (now, second) = (SystemTime::UNIX_EPOCH, Duration::from_secs(1));
        assert_eq!(collection.having(vpc(), "aclNoList", "7"), [0; 0]);
        let mut change = Change::new(now + second, vpc().making, vpc().made);
        change.sets.insert("aclNoList".to_owned(), json!(["7", 8]));
        collection.change(vpc(), 2).unwrap().begin(change);
        for number in [3, 1] {
            let found = collection.change(vpc(), number).unwrap();
            let rules = json!([{ "aclNo": "7" }, { "aclNo": "9" }]);
            found.members.insert("ruleList".to_owned(), rules);
        }
        assert_eq!(collection.having(vpc(), "aclNoList", "8"), [2]);
        assert_eq!(collection.having(vpc(), "ruleList.aclNo", "9"), [1, 3]);
        // A copy finds the same.
        let copy = collection.clone();
        assert_eq!(copy.having(vpc(), "aclNoList", "7"), [2]);

        collection.change(vpc(), 1).unwrap().members.remove("ruleList");
        assert_eq!(collection.having(vpc(), "ruleList.aclNo", "9"), [3]);
        assert_eq!(copy.having(vpc(), "ruleList.aclNo", "9"), [1, 3]);
    }

    #[test]
    fn a_region_has_what_is_there_and_what_is_everywhere() {
        let mut collection = three();
        let (now, second) = (SystemTime::UNIX_EPOCH, Duration::from_secs(1));
        collection.insert(vpc(), 4, Resource::new("JP", Map::new()));
        assert_eq!(collection.in_region(vpc(), "KR", now), [1, 2, 3]);
        collection.insert(vpc(), 0, Resource::new("", Map::new()));
        assert_eq!(collection.in_region(vpc(), "KR", now), [0, 1, 2, 3]);
        assert_eq!(collection.in_region(vpc(), "JP", now), [0, 4]);

        let going = Change::to_gone(now + second, vpc().deleting);
        collection.change(vpc(), 2).unwrap().begin(going);
        collection.forget_staying(vpc());
        assert_eq!(collection.in_region(vpc(), "KR", now), [0, 1, 2, 3]);
        assert_eq!(collection.in_region(vpc(), "KR", now + second), [0, 1, 3]);
        assert_eq!(collection.forget_gone(vpc(), now + second), 4);
        assert_eq!(collection.in_region(vpc(), "KR", now), [0, 1, 3]);
    }
}
