//! The feature `serde`: `Serialize` and `Deserialize` for shapes and codes, over the same declarations as the wire's codecs.
//!
//! Members have their names on the wire and absent ones are left out. Reading needs a format that describes itself, such as
//! JSON, since the platform is free to send a number as text.

use serde::de::{Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::codec::json::{Node, Stash};
use crate::date_time::DateTime;
use crate::shape::{Element, Items, Scalar, Shape, Sink, Value};

/// Writes a shape as a map.
///
/// # Errors
///
/// Whatever the serializer reports.
pub fn serialize<S: Serializer>(shape: &dyn Shape, serializer: S) -> Result<S::Ok, S::Error> {
    ShapeRef(shape).serialize(serializer)
}

/// Reads a map into a shape.
///
/// # Errors
///
/// Whatever the deserializer reports, or a member that is not of its type.
pub fn deserialize<'de, T: Shape + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut shape = T::default();
    Node::new(deserializer, &Stash::default())
        .shape(&mut shape)
        .map_err(D::Error::custom)?;
    Ok(shape)
}

/// Reads a single value.
///
/// # Errors
///
/// Whatever the deserializer reports, or a value that is not of the type.
pub fn deserialize_element<'de, T: Element, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(&mut Node::new(deserializer, &Stash::default()))
        .map_err(D::Error::custom)?
        .ok_or_else(|| D::Error::custom("expected a value, found null"))
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_element(deserializer)
    }
}

struct ShapeRef<'a>(&'a dyn Shape);

impl Serialize for ShapeRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sink = MapSink {
            map: serializer.serialize_map(None)?,
            failure: None,
        };
        self.0.write(&mut sink);
        match sink.failure {
            Some(failure) => Err(failure),
            None => sink.map.end(),
        }
    }
}

struct ListRef<'a>(&'a dyn Items);

impl Serialize for ListRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sink = ListSink {
            list: serializer.serialize_seq(Some(self.0.count()))?,
            failure: None,
        };
        for index in 0..self.0.count() {
            self.0.write(index, "", &mut sink);
        }
        match sink.failure {
            Some(failure) => Err(failure),
            None => sink.list.end(),
        }
    }
}

struct ScalarRef<'a>(Scalar<'a>);

impl Serialize for ScalarRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Scalar::Text(text) => serializer.serialize_str(text),
            Scalar::Integer(number) => serializer.serialize_i64(number),
            Scalar::Unsigned(number) => serializer.serialize_u64(number),
            Scalar::Float(number) => serializer.serialize_f64(number),
            Scalar::Boolean(flag) => serializer.serialize_bool(flag),
        }
    }
}

/// A map under way; the first failure is kept, and what comes after it is dropped.
struct MapSink<M: SerializeMap> {
    map: M,
    failure: Option<M::Error>,
}

impl<M: SerializeMap> MapSink<M> {
    fn entry<T: Serialize>(&mut self, member: &str, value: &T) {
        if self.failure.is_none() {
            self.failure = self.map.serialize_entry(member, value).err();
        }
    }
}

impl<M: SerializeMap> Sink for MapSink<M> {
    fn scalar(&mut self, member: &str, value: Scalar<'_>) {
        self.entry(member, &ScalarRef(value));
    }

    fn shape(&mut self, member: &str, shape: &dyn Shape) {
        self.entry(member, &ShapeRef(shape));
    }

    fn list(&mut self, member: &str, items: &dyn Items) {
        self.entry(member, &ListRef(items));
    }
}

/// A list under way; the first failure is kept, and what comes after it is dropped.
struct ListSink<L: SerializeSeq> {
    list: L,
    failure: Option<L::Error>,
}

impl<L: SerializeSeq> ListSink<L> {
    fn item<T: Serialize>(&mut self, value: &T) {
        if self.failure.is_none() {
            self.failure = self.list.serialize_element(value).err();
        }
    }
}

impl<L: SerializeSeq> Sink for ListSink<L> {
    fn scalar(&mut self, _member: &str, value: Scalar<'_>) {
        self.item(&ScalarRef(value));
    }

    fn shape(&mut self, _member: &str, shape: &dyn Shape) {
        self.item(&ShapeRef(shape));
    }

    fn list(&mut self, _member: &str, items: &dyn Items) {
        self.item(&ListRef(items));
    }
}

#[doc(hidden)]
#[macro_export]
macro_rules! __serde_for_shape {
    ($type:ident) => {
        impl $crate::__serde::Serialize for $type {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serialize::deserialize(deserializer)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __serde_for_code {
    ($type:ident) => {
        impl $crate::__serde::Serialize for $type {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serialize::deserialize_element(deserializer)
            }
        }
    };
}
