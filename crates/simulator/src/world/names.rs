//! Names: which resources of a kind have which name, so that a name that is taken is found without looking at all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Kind, Resource};

/// The names of the resources of one kind. Brought up to date when it is asked, as far as anything was touched since.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<String, BTreeSet<u64>>,
    known: HashMap<u64, String>,
    touched: BTreeSet<u64>,
}

impl Names {
    /// Notes that a resource may have another name than before, or be there no more.
    pub(super) fn touch(&mut self, number: u64) {
        self.touched.insert(number);
    }

    /// The numbers of those that have a name; none for kinds without names.
    pub(super) fn find(
        &mut self,
        kind: &Kind,
        resources: &BTreeMap<u64, Resource>,
        name: &str,
    ) -> impl Iterator<Item = u64> {
        if let Some((label, _)) = kind.label {
            for number in std::mem::take(&mut self.touched) {
                self.forget(number);
                if let Some(resource) = resources.get(&number) {
                    self.learn(number, resource.text(label));
                }
            }
        }
        self.numbers.get(name).into_iter().flatten().copied()
    }

    fn learn(&mut self, number: u64, name: String) {
        self.numbers.entry(name.clone()).or_default().insert(number);
        self.known.insert(number, name);
    }

    fn forget(&mut self, number: u64) {
        let Some(name) = self.known.remove(&number) else {
            return;
        };
        if let Some(numbers) = self.numbers.get_mut(&name) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.numbers.remove(&name);
            }
        }
    }
}
