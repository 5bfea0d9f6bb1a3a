//! The collection: the resources of all kinds, and which of them may have changed since they were last written down.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Kind, Resource};

/// Resources by the name of their kind and their number.
#[derive(Clone, Debug, Default)]
pub(super) struct Collection {
    kinds: BTreeMap<&'static str, BTreeMap<u64, Resource>>,
    /// Whatever was changed, added or taken away.
    changed: BTreeSet<(&'static str, u64)>,
}

impl Collection {
    pub(super) fn get(&self, kind: &str) -> Option<&BTreeMap<u64, Resource>> {
        self.kinds.get(kind)
    }

    /// A resource that is about to change. There is no other way to change one, so that none changes unnoticed.
    pub(super) fn change(&mut self, kind: &'static Kind, number: u64) -> Option<&mut Resource> {
        let found = self.kinds.get_mut(kind.name)?.get_mut(&number)?;
        self.changed.insert((kind.name, number));
        Some(found)
    }

    pub(super) fn insert(&mut self, kind: &'static Kind, number: u64, resource: Resource) {
        self.kinds.entry(kind.name).or_default().insert(number, resource);
        self.changed.insert((kind.name, number));
    }

    /// Takes away those of a kind that are not to be kept.
    pub(super) fn retain(&mut self, kind: &'static Kind, keep: impl Fn(&Resource) -> bool) {
        let Some(resources) = self.kinds.get_mut(kind.name) else {
            return;
        };
        resources.retain(|number, resource| {
            let kept = keep(resource);
            if !kept {
                self.changed.insert((kind.name, *number));
            }
            kept
        });
    }

    /// Has everything that goes on be over this much earlier.
    pub(super) fn bring_forward(&mut self, by: Duration) {
        for (kind, resources) in &mut self.kinds {
            for (number, resource) in resources {
                if resource.is_changing() {
                    resource.bring_forward(by);
                    self.changed.insert((kind, *number));
                }
            }
        }
    }

    /// All of them, with the names of their kinds and their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, u64, &Resource)> {
        self.kinds.iter().flat_map(|(kind, resources)| {
            let resources = resources.iter();
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
    use super::super::kinds;
    use super::*;
    use serde_json::Map;

    #[test]
    fn only_what_was_touched_has_changed() {
        let kind = kinds::named("VPC").unwrap();
        let mut collection = Collection::default();
        for number in 1..=3 {
            collection.insert(kind, number, Resource::new("KR", Map::new()));
        }
        assert!(collection.has_changed());
        collection.forget_changes();
        assert!(!collection.has_changed());
        assert!(collection.change(kind, 4).is_none());
        assert!(collection.get("VPC").is_some());
        collection.retain(kind, |_| true);
        assert!(!collection.has_changed());

        assert!(collection.change(kind, 2).is_some());
        assert_eq!(Vec::from_iter(&collection.changed), [&("VPC", 2)]);
        collection.forget_changes();
        collection.retain(kind, |_| false);
        assert_eq!(collection.changed.len(), 3);
        assert_eq!(collection.iter().count(), 0);
    }
}
