//! Lookup: which resources of a kind have which text in a member, so that they are found without looking at all of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::{Resource, text_of};

/// Not a member: the region in which a resource is, empty for what is the same everywhere.
pub(super) const REGION: &str = "";

/// Indexes of the members that were asked for so far. Brought up to date when one is asked, as far as anything was touched since, so
/// that whoever changes a resource has nothing to do but to touch it.
#[derive(Debug, Default)]
pub(super) struct Lookup(Mutex<Indexes>);

#[derive(Debug, Default)]
struct Indexes {
    members: BTreeMap<String, Index>,
    touched: BTreeSet<u64>,
}

/// The texts of one member: those that it was left with, and those that it has when a change is over.
#[derive(Debug, Default)]
struct Index {
    /// In order: those that were made last have the highest numbers, so that most are added at the end.
    numbers: BTreeMap<String, Vec<u64>>,
    known: HashMap<u64, Vec<String>>,
}

/// A copy knows nothing, and learns what it is asked for.
impl Clone for Lookup {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Lookup {
    /// Notes that a resource may have other members than before, or be there no more.
    pub(super) fn touch(&mut self, number: u64) {
        let indexes = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !indexes.members.is_empty() {
            indexes.touched.insert(number);
        }
    }

    /// The numbers of those of which a member is a text, or has it among others: now, or when a change is over. In order.
    pub(super) fn having(&self, resources: &BTreeMap<u64, Resource>, member: &str, text: &str) -> Vec<u64> {
        let found = |index: &Index| index.numbers.get(text).cloned().unwrap_or_default();
        self.ask(resources, member, found)
    }

    /// How many these are.
    pub(super) fn count(&self, resources: &BTreeMap<u64, Resource>, member: &str, text: &str) -> usize {
        let count = |index: &Index| index.numbers.get(text).map_or(0, Vec::len);
        self.ask(resources, member, count)
    }

    /// The numbers of those of which a member's text has this one in it: now, or when a change is over. In any order.
    pub(super) fn holding(&self, resources: &BTreeMap<u64, Resource>, member: &str, part: &str) -> Vec<u64> {
        self.ask(resources, member, |index| {
            let held = index.numbers.iter().filter(|(text, _)| contains(text, part));
            held.flat_map(|(_, numbers)| numbers).copied().collect()
        })
    }

    fn ask<T>(
        &self,
        resources: &BTreeMap<u64, Resource>,
        member: &str,
        answer: impl FnOnce(&Index) -> T,
    ) -> T {
        let mut indexes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        indexes.catch_up(resources);
        if let Some(index) = indexes.members.get(member) {
            return answer(index);
        }
        let mut index = Index::default();
        for (number, resource) in resources {
            index.learn(*number, texts(resource, member));
        }
        answer(indexes.members.entry(member.to_owned()).or_insert(index))
    }
}

impl Indexes {
    fn catch_up(&mut self, resources: &BTreeMap<u64, Resource>) {
        for number in std::mem::take(&mut self.touched) {
            for (member, index) in &mut self.members {
                index.forget(number);
                if let Some(resource) = resources.get(&number) {
                    index.learn(number, texts(resource, member));
                }
            }
        }
    }
}

impl Index {
    fn learn(&mut self, number: u64, texts: Vec<String>) {
        if texts.is_empty() {
            return;
        }
        for text in &texts {
            let Some(numbers) = self.numbers.get_mut(text) else {
                self.numbers.insert(text.clone(), vec![number]);
                continue;
            };
            if numbers.last().is_some_and(|last| *last < number) {
                numbers.push(number);
            } else if let Err(position) = numbers.binary_search(&number) {
                numbers.insert(position, number);
            }
        }
        self.known.insert(number, texts);
    }

    fn forget(&mut self, number: u64) {
        for text in self.known.remove(&number).unwrap_or_default() {
            if let Some(numbers) = self.numbers.get_mut(&text) {
                if let Ok(position) = numbers.binary_search(&number) {
                    numbers.remove(position);
                }
                if numbers.is_empty() {
                    self.numbers.remove(&text);
                }
            }
        }
    }
}

/// All texts that a member may have without another call; of `list.member`, those of all items of a list.
fn texts(resource: &Resource, member: &str) -> Vec<String> {
    if member == REGION {
        return vec![resource.region.clone()];
    }
    let (member, of_item) = match member.split_once('.') {
        Some((list, of_item)) => (list, Some(of_item)),
        None => (member, None),
    };
    let mut texts = Vec::new();
    for value in resource.left_and_coming(member) {
        for item in items(value) {
            match of_item {
                None => texts.push(text_of(item)),
                Some(of_item) => texts.extend(item.get(of_item).map(text_of)),
            }
        }
    }
    texts
}

/// Whether a text has another one in it. Names mostly differ at their ends, so that comparing there first spares the rest.
pub(super) fn contains(text: &str, part: &str) -> bool {
    let Some(last) = part.as_bytes().last() else {
        return true;
    };
    let mut windows = text.as_bytes().windows(part.len());
    windows.any(|window| window.last() == Some(last) && window == part.as_bytes())
}

/// The items of a list, or the one value that is none.
pub(super) fn items(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_wherever_they_are() {
        for (text, part, expected) in [
            ("name-1", "name", true),
            ("name-1", "-1", true),
            ("name-1", "name-1", true),
            ("name-1", "name-2", false),
            ("name-1", "name-11", false),
            ("name-1", "", true),
            ("", "a", false),
            ("한국", "국", true),
        ] {
            assert_eq!(contains(text, part), expected, "{text} {part}");
            assert_eq!(text.contains(part), expected);
        }
    }
}
