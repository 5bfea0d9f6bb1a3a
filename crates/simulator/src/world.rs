//! World: everything that one account has, and the moments at which it changes.
//!
//! Nothing runs in the background: a resource knows until when it is in which state, and what it shows is a function of the time
//! of the call. What kinds of resources there are, and which actions work on them, is declared in `kinds`.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::outcome::ServiceError;

mod along;
mod call;
mod catalog;
mod change;
mod collection;
mod create;
mod document;
mod entries;
mod kind;
pub(crate) mod kinds;
mod list;
mod lookup;
mod overview;
pub(crate) mod reference;
mod remove;
mod resource;
mod setback;
mod shown;
pub(crate) mod size;

pub(crate) use call::Call;
use catalog::Catalog;
use collection::Collection;
pub(crate) use kind::{Kind, Rule};
pub(crate) use overview::OverviewRow;
pub(crate) use resource::{Change, Resource};

/// Numbers of what is new begin above this one, and above all that were there before.
const NEW_NUMBERS_ABOVE: u64 = 2_000_000;

/// What the simulated account has.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// Code and name; the first one is that of calls that name none.
    pub(crate) regions: Vec<(String, String)>,
    catalog: Catalog,
    resources: Collection,
    /// The highest number so far; none is given twice.
    last_number: u64,
    quotas: BTreeMap<&'static str, usize>,
    /// The latest moment at which something changed.
    last_change: Option<SystemTime>,
}

/// How long things take, and what else the simulator decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// The moment that it is.
    pub(crate) now: SystemTime,
    /// How long every change of a state takes.
    pub(crate) transition: Duration,
}

impl World {
    pub(crate) fn new(regions: Vec<(String, String)>) -> Self {
        Self {
            catalog: Catalog::new(&regions),
            regions,
            resources: Collection::default(),
            last_number: NEW_NUMBERS_ABOVE,
            quotas: BTreeMap::new(),
            last_change: None,
        }
    }

    /// The region that a call names, or the first one.
    pub(crate) fn region(&self, code: Option<&str>) -> Result<String, ServiceError> {
        let found = match code.filter(|code| !code.is_empty()) {
            None => self.regions.first(),
            Some(code) => self.regions.iter().find(|(known, _)| known == code),
        };
        found
            .map(|(code, _)| code.clone())
            .ok_or_else(|| ServiceError::authority("regionCode", code.unwrap_or_default()))
    }

    /// The region with a number, by which Classic services name theirs: from 1, in order; or the first one.
    pub(crate) fn region_numbered(&self, number: &str) -> Result<String, ServiceError> {
        let index = match number {
            "" => Some(0),
            number => number
                .parse::<usize>()
                .ok()
                .and_then(|number| number.checked_sub(1)),
        };
        let found = index.and_then(|index| self.regions.get(index));
        found
            .map(|(code, _)| code.clone())
            .ok_or_else(|| ServiceError::authority("regionNo", number))
    }

    /// Has the numbers of what is new begin this much later.
    pub(crate) fn number_from(&mut self, begin: u64) {
        self.last_number = self.last_number.saturating_add(begin);
    }

    /// A number for something new.
    pub(crate) fn new_number(&mut self) -> u64 {
        self.last_number = self.last_number.saturating_add(1);
        self.last_number
    }

    /// All resources of a kind that are there at a moment: those that the platform brings along, then the account's, oldest first.
    pub(crate) fn all<'a>(
        &'a self,
        kind: &'static Kind,
        now: SystemTime,
    ) -> impl Iterator<Item = &'a Resource> {
        self.catalog.of(kind).iter().chain(self.own(kind, now))
    }

    /// All resources of a kind that the account has at a moment, oldest first.
    pub(crate) fn own<'a>(
        &'a self,
        kind: &'static Kind,
        now: SystemTime,
    ) -> impl Iterator<Item = &'a Resource> {
        let all = self
            .resources
            .get(kind.name)
            .into_iter()
            .flat_map(BTreeMap::values);
        all.filter(move |resource| resource.is_there(now))
    }

    /// A resource by its number, if it is there and in this region.
    pub(crate) fn find(
        &self,
        kind: &'static Kind,
        region: &str,
        number: &str,
        now: SystemTime,
    ) -> Option<&Resource> {
        if let Some(found) = self.catalog.find(kind, region, number) {
            return Some(found);
        }
        let found = self.resources.get(kind.name)?.get(&plain(number)?)?;
        (found.is_there(now) && (!kind.regional || found.region == region)).then_some(found)
    }

    /// The same, to be changed, if it is the account's; with all changes done that are over.
    pub(crate) fn find_mut(
        &mut self,
        kind: &'static Kind,
        region: &str,
        number: &str,
        now: SystemTime,
    ) -> Option<&mut Resource> {
        self.find(kind, region, number, now)?;
        let found = self.resources.change(kind, plain(number)?)?;
        found.settle(kind, now);
        Some(found)
    }

    /// One of the account's own resources by its number, even if it is gone.
    fn get(&self, kind: &Kind, number: u64) -> Option<&Resource> {
        self.resources.get(kind.name)?.get(&number)
    }

    /// What was just made, changed or deleted, even if that took no time at all.
    fn begun(&self, kind: &'static Kind, number: u64) -> Option<Map<String, Value>> {
        self.get(kind, number).map(|found| found.begun(kind))
    }

    /// Adds a resource under a number of its own.
    pub(crate) fn insert(&mut self, kind: &'static Kind, number: u64, resource: Resource) {
        self.last_number = self.last_number.max(number);
        self.resources.insert(kind, number, resource);
    }

    /// Forgets what is gone for good, and says how many of a kind the account has.
    pub(crate) fn forget_gone(&mut self, kind: &'static Kind, now: SystemTime) -> usize {
        self.resources.forget_gone(kind, now)
    }

    /// Those of a kind that are there, and that may name something in a member: all that do now, all that are about to, and all that
    /// the platform brings along; oldest first. `list.member` is a member of a list's items.
    pub(crate) fn naming<'a>(
        &'a self,
        kind: &'static Kind,
        member: &str,
        text: &str,
        now: SystemTime,
    ) -> impl Iterator<Item = &'a Resource> {
        let numbers = self.resources.having(kind, member, text);
        self.numbered(kind, numbers, now)
    }

    /// Those of a kind that are there and have one of these numbers, and all that the platform brings along; oldest first.
    pub(crate) fn numbered<'a>(
        &'a self,
        kind: &'static Kind,
        numbers: impl IntoIterator<Item = u64>,
        now: SystemTime,
    ) -> impl Iterator<Item = &'a Resource> {
        let own = numbers.into_iter();
        let own = own.filter_map(move |number| self.get(kind, number));
        let own = own.filter(move |resource| resource.is_there(now));
        self.catalog.of(kind).iter().chain(own)
    }

    /// Those of a kind that are there and have a name, by what they were left with.
    pub(crate) fn named<'a>(
        &'a self,
        kind: &'static Kind,
        name: &str,
        now: SystemTime,
    ) -> impl Iterator<Item = &'a Resource> {
        let labels = kind.label.into_iter();
        labels.flat_map(move |(label, _)| {
            let all = self.naming(kind, label, name, now);
            all.filter(move |resource| resource.text(label) == name)
        })
    }

    /// How many of a kind an account may have.
    pub(crate) fn quota(&self, kind: &'static Kind) -> usize {
        self.quotas.get(kind.name).copied().unwrap_or(kind.quota)
    }

    pub(crate) fn set_quota(&mut self, kind: &'static Kind, quota: usize) {
        self.quotas.insert(kind.name, quota);
    }
}

/// A number as resources have it: what names one has to be told from what does not by its text alone.
pub(crate) fn plain(number: &str) -> Option<u64> {
    let is_plain =
        number.bytes().all(|byte| byte.is_ascii_digit()) && (number == "0" || !number.starts_with('0'));
    number.parse().ok().filter(|_| is_plain)
}

/// A member's text; empty where there is none. Numbers and flags are their texts, and a code with a name is its code.
pub(crate) fn text(members: &Map<String, Value>, member: &str) -> String {
    members.get(member).map(text_of).unwrap_or_default()
}

/// The text of a value.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(members) => members.get("code").map(text_of).unwrap_or_default(),
        other => other.to_string(),
    }
}

/// A code with a name, as the platform writes every state and kind.
pub(crate) fn common_code(code: &str, name: &str) -> Value {
    serde_json::json!({ "code": code, "codeName": name })
}
