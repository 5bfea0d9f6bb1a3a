//! Documents: reading JSON member by member, and saying where something is wrong.

use ncloud_core::Error;
use serde_json::{Map, Value};

/// A part of a document.
#[derive(Clone, Debug)]
pub(crate) struct Part<'a> {
    /// What the whole is called in errors.
    document: &'static str,
    /// Where the part stands, such as `accountList[0].lastNumber`; empty for the whole.
    path: String,
    value: &'a Value,
}

impl<'a> Part<'a> {
    /// The whole of a document.
    pub(crate) fn whole(document: &'static str, value: &'a Value) -> Self {
        Self {
            document,
            path: String::new(),
            value,
        }
    }

    /// A part that stands by itself, and how to call it in errors.
    #[cfg(feature = "state")]
    pub(crate) fn named(document: &'static str, name: String, value: &'a Value) -> Self {
        Self {
            document,
            path: name,
            value,
        }
    }

    /// What is wrong with this part.
    pub(crate) fn wrong(&self, problem: &str) -> Error {
        let place = if self.path.is_empty() { "it" } else { &self.path };
        Error::build(self.document, format!("cannot be used: {place} {problem}"))
    }

    /// The members of an object that has none but these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<&'a Map<String, Value>, Error> {
        let members = self.members()?;
        // A misspelt member would otherwise be one that is not there.
        match members.keys().find(|member| !known.contains(&member.as_str())) {
            Some(unknown) => {
                let problem = format!("has a member {unknown:?}; known are {}", known.join(", "));
                Err(self.wrong(&problem))
            }
            None => Ok(members),
        }
    }

    /// The members of an object.
    pub(crate) fn members(&self) -> Result<&'a Map<String, Value>, Error> {
        self.value
            .as_object()
            .ok_or_else(|| self.wrong("is no JSON object"))
    }

    /// A member; `None` if it is not there or null.
    pub(crate) fn get(&self, member: &str) -> Option<Self> {
        let value = self.value.get(member).filter(|value| !value.is_null())?;
        let path = match self.path.as_str() {
            "" => member.to_owned(),
            path => format!("{path}.{member}"),
        };
        Some(Self {
            document: self.document,
            path,
            value,
        })
    }

    /// A member that has to be there.
    pub(crate) fn required(&self, member: &str) -> Result<Self, Error> {
        self.members()?;
        self.get(member)
            .ok_or_else(|| self.wrong(&format!("has no member {member}")))
    }

    /// The items of a list; none of a list that is not there.
    pub(crate) fn items(&self, member: &str) -> Result<Vec<Self>, Error> {
        let Some(list) = self.get(member) else {
            return Ok(Vec::new());
        };
        let items = list.value.as_array().ok_or_else(|| list.wrong("is no list"))?;
        let items = items.iter().enumerate();
        Ok(items
            .map(|(position, value)| Self {
                document: list.document,
                path: format!("{}[{position}]", list.path),
                value,
            })
            .collect())
    }

    pub(crate) fn text(&self) -> Result<&'a str, Error> {
        self.value.as_str().ok_or_else(|| self.wrong("is no text"))
    }

    /// A whole number that is not negative.
    pub(crate) fn count(&self) -> Result<u64, Error> {
        let number = self.value.as_u64();
        number.ok_or_else(|| self.wrong("is no whole number from 0 to 18446744073709551615"))
    }

    /// A whole number.
    pub(crate) fn integer(&self) -> Result<i64, Error> {
        let number = self.value.as_i64();
        number
            .ok_or_else(|| self.wrong("is no whole number from -9223372036854775808 to 9223372036854775807"))
    }
}
