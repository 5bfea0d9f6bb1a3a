//! Showing: members are read into the catalog's typed answers as they are, without a document in between.

use std::time::SystemTime;

use ncloud_core::shape::{Loose, ReadError, Scalar, Shape, Value};
use serde_json::{Map, Value as Json};

use super::{Kind, Resource};

type Read<T> = Result<T, ReadError>;
type Take<'a> = &'a mut dyn FnMut(Scalar<'_>) -> Read<()>;
type Item<'a> = &'a mut dyn FnMut(&mut dyn Value) -> Read<()>;

/// Reads members into an answer. Those that it does not have are known to the simulator alone, and passed over.
pub(super) fn read(members: &Map<String, Json>, answer: &mut dyn Shape) -> Read<()> {
    members
        .iter()
        .try_for_each(|(name, value)| member(name, value, answer))
}

/// Reads resources into an answer's list, as they are at a moment.
pub(super) fn read_list(
    list: &str,
    resources: &[&Resource],
    kind: &Kind,
    now: SystemTime,
    answer: &mut dyn Shape,
) -> Read<()> {
    let mut list_of = List { resources, kind, now };
    answer
        .read(list, &mut list_of)
        .map_err(|error| error.within(list))?;
    Ok(())
}

fn member(name: &str, value: &Json, shape: &mut dyn Shape) -> Read<()> {
    shape
        .read(name, &mut Node(value))
        .map_err(|error| error.within(name))?;
    Ok(())
}

fn wrong<T>(expected: &str) -> Read<T> {
    Err(ReadError::new(format!("expected {expected}")))
}

/// A member's value.
struct Node<'a>(&'a Json);

impl Value for Node<'_> {
    fn scalar(&mut self, take: Take<'_>) -> Read<()> {
        let scalar = match self.0 {
            Json::Null => return Ok(()),
            Json::Bool(flag) => Scalar::Boolean(*flag),
            Json::String(text) => Scalar::Text(text),
            Json::Number(number) => {
                let integer = number.as_i64().map(Scalar::Integer);
                let whole = integer.or_else(|| number.as_u64().map(Scalar::Unsigned));
                let any = whole.or_else(|| number.as_f64().map(Scalar::Float));
                return any.map_or_else(|| wrong("a number"), take);
            }
            Json::Array(_) | Json::Object(_) => return wrong("a text, a number, true, false or null"),
        };
        take(scalar)
    }

    fn text(&mut self) -> Read<Option<String>> {
        match self.0 {
            Json::Null => Ok(None),
            Json::String(text) => Ok(Some(text.clone())),
            Json::Bool(_) | Json::Number(_) => Ok(Some(self.0.to_string())),
            Json::Array(_) | Json::Object(_) => wrong("a text, a number, true, false or null"),
        }
    }

    fn shape(&mut self, shape: &mut dyn Shape) -> Read<bool> {
        match self.0 {
            Json::Object(members) => read(members, shape).map(|()| !members.is_empty()),
            Json::Null => Ok(false),
            Json::String(text) if text.is_empty() => Ok(false),
            _ => wrong("an object"),
        }
    }

    fn loosely(&mut self, shape: &mut dyn Shape) -> Read<Loose> {
        if matches!(self.0, Json::Object(_)) {
            let present = self.shape(shape)?;
            return Ok(if present { Loose::Members } else { Loose::Nothing });
        }
        if self.0.is_array() {
            return Ok(Loose::Nothing);
        }
        let text = self.text()?.filter(|text| !text.is_empty());
        Ok(text.map_or(Loose::Nothing, Loose::Text))
    }

    fn list(&mut self, item: Item<'_>) -> Read<()> {
        match self.0 {
            Json::Array(items) => items.iter().try_for_each(|value| item(&mut Node(value))),
            Json::Null => Ok(()),
            Json::String(text) if text.is_empty() => Ok(()),
            _ => wrong("a list"),
        }
    }
}

/// A list of resources.
struct List<'a> {
    resources: &'a [&'a Resource],
    kind: &'a Kind,
    now: SystemTime,
}

impl Value for List<'_> {
    fn scalar(&mut self, _: Take<'_>) -> Read<()> {
        wrong("a list")
    }

    fn text(&mut self) -> Read<Option<String>> {
        wrong("a list")
    }

    fn shape(&mut self, _: &mut dyn Shape) -> Read<bool> {
        wrong("a list")
    }

    fn loosely(&mut self, _: &mut dyn Shape) -> Read<Loose> {
        Ok(Loose::Nothing)
    }

    fn list(&mut self, item: Item<'_>) -> Read<()> {
        self.resources.iter().try_for_each(|resource| {
            item(&mut Shown {
                resource,
                kind: self.kind,
                now: self.now,
            })
        })
    }
}

/// A resource at a moment.
struct Shown<'a> {
    resource: &'a Resource,
    kind: &'a Kind,
    now: SystemTime,
}

impl Value for Shown<'_> {
    fn scalar(&mut self, _: Take<'_>) -> Read<()> {
        wrong("an object")
    }

    fn text(&mut self) -> Read<Option<String>> {
        wrong("an object")
    }

    fn shape(&mut self, shape: &mut dyn Shape) -> Read<bool> {
        let mut present = false;
        self.resource.each_shown(self.kind, self.now, |name, value| {
            present = true;
            member(name, value, shape)
        })?;
        Ok(present)
    }

    fn loosely(&mut self, shape: &mut dyn Shape) -> Read<Loose> {
        let present = self.shape(shape)?;
        Ok(if present { Loose::Members } else { Loose::Nothing })
    }

    fn list(&mut self, _: Item<'_>) -> Read<()> {
        wrong("an object")
    }
}
