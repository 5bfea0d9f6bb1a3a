//! Documents of worlds: everything that an account has, as JSON and back.

use ncloud_core::Error;
use serde_json::{Map, Value, json};

use super::resource::{millis, moment};
use super::{Kind, Resource, World, kinds};
use crate::document::Part;

/// The highest number that a document can have, as that of an inventory; above it there has to be room for new ones.
const HIGHEST: u64 = 999_999_999_999_999;

impl World {
    /// Everything but the regions.
    pub(crate) fn document(&self) -> Value {
        let resources = self.resources.iter();
        let resources = resources.map(|(kind, number, resource)| document(kind, number, resource));
        let mut document = self.ledger();
        document.insert("resourceList".to_owned(), resources.collect());
        Value::Object(document)
    }

    /// What there is beside the resources.
    pub(crate) fn ledger(&self) -> Map<String, Value> {
        let quotas = self.quotas.iter();
        let quotas = quotas.map(|(kind, quota)| json!({ "kind": kind, "quota": quota }));
        let mut ledger = Map::new();
        ledger.insert("lastNumber".to_owned(), self.last_number.into());
        if let Some(last) = self.last_change {
            ledger.insert("lastChange".to_owned(), millis(last).into());
        }
        ledger.insert("quotaList".to_owned(), quotas.collect());
        ledger
    }

    /// Puts what a document says in place of everything but the regions.
    pub(crate) fn read_document(&mut self, part: &Part<'_>) -> Result<(), Error> {
        part.only(&["lastNumber", "lastChange", "quotaList", "resourceList"])?;
        self.resources = super::Collection::default();
        self.read_ledger(part)?;
        for part in part.items("resourceList")? {
            self.read_resource(&part)?;
        }
        Ok(())
    }

    /// Adds a resource.
    pub(crate) fn read_resource(&mut self, part: &Part<'_>) -> Result<(), Error> {
        let kind = kind(part)?;
        let number = part.required("number")?;
        let resource = Resource::from_document(part, &["kind", "number"])?;
        self.put(kind, &number, resource)
    }

    /// Kinds and numbers of what may have changed since it was last written down, and what there is of each now.
    #[cfg(feature = "state")]
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&'static str, u64, Option<Value>)> {
        self.resources.changed().map(|(kind, number)| {
            let resource = self.resources.get(kind).and_then(|known| known.get(&number));
            let resource = resource.map(|resource| document(kind, number, resource));
            (kind, number, resource)
        })
    }

    pub(crate) fn has_changed(&self) -> bool {
        self.resources.has_changed()
    }

    /// What has changed so far is written down, or nobody is there to do it.
    pub(crate) fn forget_changes(&mut self) {
        self.resources.forget_changes();
    }

    /// Reads what there is beside the resources.
    pub(crate) fn read_ledger(&mut self, part: &Part<'_>) -> Result<(), Error> {
        if let Some(number) = part.get("lastNumber") {
            self.last_number = value_of(&number)?;
        }
        let last = part.get("lastChange").map(|last| {
            let read = moment(last.integer()?);
            read.ok_or_else(|| last.wrong("is no moment"))
        });
        self.last_change = last.transpose()?;
        self.quotas.clear();
        for part in part.items("quotaList")? {
            part.only(&["kind", "quota"])?;
            let quota = part.required("quota")?;
            let count = usize::try_from(quota.count()?).map_err(|_| quota.wrong("is too large"))?;
            self.set_quota(kind(&part)?, count);
        }
        Ok(())
    }

    /// Adds a resource that was read, and looks whether it fits in here.
    fn put(&mut self, kind: &'static Kind, number: &Part<'_>, resource: Resource) -> Result<(), Error> {
        let region = &resource.region;
        // What is the same everywhere names none.
        if !region.is_empty() && !self.regions.iter().any(|(code, _)| code == region) {
            return Err(number.wrong(&format!(
                "is in the region {region:?}, which is not in regionList"
            )));
        }
        let value = value_of(number)?;
        let shown = resource.text(kind.number);
        if shown != value.to_string() {
            let problem = format!(
                "is {value}, but the resource has {shown:?} as its {}",
                kind.number
            );
            return Err(number.wrong(&problem));
        }
        let known = self.resources.get(kind.name);
        if known.is_some_and(|known| known.contains_key(&value)) {
            return Err(number.wrong(&format!("is {value}, which another {} has", kind.name)));
        }
        self.insert(kind, value, resource);
        Ok(())
    }
}

/// A resource's number.
fn value_of(number: &Part<'_>) -> Result<u64, Error> {
    let value = number.count()?;
    let is_too_high = || number.wrong(&format!("is above {HIGHEST}"));
    (value <= HIGHEST).then_some(value).ok_or_else(is_too_high)
}

fn document(kind: &str, number: u64, resource: &Resource) -> Value {
    let mut document = resource.document();
    document.insert("kind".to_owned(), kind.into());
    document.insert("number".to_owned(), number.into());
    Value::Object(document)
}

/// The kind that a part is about.
fn kind(part: &Part<'_>) -> Result<&'static Kind, Error> {
    let kind = part.required("kind")?;
    let name = kind.text()?;
    kinds::named(name).ok_or_else(|| kind.wrong(&format!("is {name:?}, which is no kind of resource")))
}
