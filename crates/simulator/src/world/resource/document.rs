//! Documents of resources: what is known of one, with the change that goes on, as JSON.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use ncloud_core::Error;
use serde_json::{Map, Value, json};

use super::{Change, OwnedCodes, Resource};
use crate::document::Part;

impl Resource {
    pub(in crate::world) fn document(&self) -> Map<String, Value> {
        let mut document = Map::new();
        document.insert("regionCode".to_owned(), self.region.clone().into());
        document.insert("members".to_owned(), Value::Object(self.members.clone()));
        if let Some(change) = &self.change {
            document.insert("change".to_owned(), change.document());
        }
        document
    }

    /// Reads a resource; `known` are further members that the part may have.
    pub(in crate::world) fn from_document(part: &Part<'_>, known: &[&str]) -> Result<Self, Error> {
        part.only(&[known, &["regionCode", "members", "change"]].concat())?;
        let region = part.required("regionCode")?.text()?;
        let mut resource = Self::new(region, part.required("members")?.members()?.clone());
        resource.change = part
            .get("change")
            .map(|change| Change::from_document(&change))
            .transpose()?;
        Ok(resource)
    }
}

impl Change {
    fn document(&self) -> Value {
        json!({
            "until": millis(self.until),
            "during": self.during.document(),
            "then": self.then.as_ref().map(OwnedCodes::document),
            "members": self.sets,
        })
    }

    fn from_document(part: &Part<'_>) -> Result<Self, Error> {
        part.only(&["until", "during", "then", "members"])?;
        let until = part.required("until")?;
        let then = part.get("then").map(|then| OwnedCodes::from_document(&then));
        let sets = part.get("members").map(|sets| sets.members().cloned());
        Ok(Self {
            until: moment(until.integer()?).ok_or_else(|| until.wrong("is no moment"))?,
            during: OwnedCodes::from_document(&part.required("during")?)?,
            then: then.transpose()?,
            sets: sets.transpose()?.unwrap_or_default(),
        })
    }
}

impl OwnedCodes {
    fn document(&self) -> Value {
        json!({ "status": self.status, "operation": self.operation, "phrase": self.phrase })
    }

    fn from_document(part: &Part<'_>) -> Result<Self, Error> {
        part.only(&["status", "operation", "phrase"])?;
        let text = |part: Part<'_>| Ok::<_, Error>(Cow::Owned(part.text()?.to_owned()));
        Ok(Self {
            status: part.get("status").map(text).transpose()?,
            operation: text(part.required("operation")?)?,
            phrase: text(part.required("phrase")?)?,
        })
    }
}

/// Milliseconds since 1970, rounded up, so that nothing is over before its time.
pub(in crate::world) fn millis(moment: SystemTime) -> i64 {
    const NANOS: u128 = 1_000_000;
    match moment.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos().div_ceil(NANOS)).unwrap_or(i64::MAX),
        Err(error) => {
            let before = error.duration().as_nanos() / NANOS;
            i64::try_from(before).unwrap_or(i64::MAX).saturating_neg()
        }
    }
}

/// The moment that is so many milliseconds after 1970.
pub(in crate::world) fn moment(millis: i64) -> Option<SystemTime> {
    let distance = Duration::from_millis(millis.unsigned_abs());
    if millis < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_back_and_are_never_early() {
        for number in [0, 1, -1, 1_750_903_747_123, -1_750_903_747_123] {
            assert_eq!(moment(number).map(millis), Some(number));
        }
        let after = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_000_001);
        let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1_000_001);
        assert_eq!((millis(after), millis(before)), (2, -1));
    }
}
