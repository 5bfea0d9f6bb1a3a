//! JSON reader: one serde visitor that hands every member to a `&mut dyn Shape`.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::codec::text_of;
use crate::shape::{Loose, ReadError, Scalar, Shape, Value, text_of_scalar, wrong};

/// Reads a JSON object into a shape. Members that the shape does not know are skipped.
///
/// # Errors
///
/// If the document is not UTF-8, not a JSON object, is cut short or goes on after its end, or if a member is not of its
/// type.
pub fn read(document: &[u8], shape: &mut dyn Shape) -> Result<(), ReadError> {
    let text = text_of(document)?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(ReadError::new("expected a JSON object, which begins with `{`"));
    }
    let stash = Stash::default();
    // From a text that was checked as a whole, a string is parsed without checking each piece for UTF-8 again.
    let mut parser = serde_json::Deserializer::from_str(text);
    Node::new(&mut parser, &stash).shape(shape)?;
    parser.end().map_err(|error| stash.resolve(&error))
}

/// Holds our own error while serde's passes through the layers of the parser.
#[derive(Default)]
pub(crate) struct Stash(Cell<Option<ReadError>>);

impl Stash {
    fn keep<E: serde::de::Error>(&self, error: ReadError) -> E {
        self.0.set(Some(error));
        E::custom("")
    }

    fn resolve(&self, error: &dyn fmt::Display) -> ReadError {
        self.0
            .take()
            .unwrap_or_else(|| ReadError::new(format!("not readable as JSON: {error}")))
    }
}

/// A value that the parser stands in front of.
pub(crate) struct Node<'s, D> {
    parser: Option<D>,
    stash: &'s Stash,
}

impl<'de, 's, D: Deserializer<'de>> Node<'s, D> {
    pub(crate) fn new(parser: D, stash: &'s Stash) -> Self {
        Self {
            parser: Some(parser),
            stash,
        }
    }

    fn visit<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, ReadError> {
        let parser = self
            .parser
            .take()
            .ok_or_else(|| ReadError::new("the value was taken before"))?;
        parser
            .deserialize_any(visitor)
            .map_err(|error| self.stash.resolve(&error))
    }
}

impl<'de, D: Deserializer<'de>> Value for Node<'_, D> {
    fn scalar(&mut self, take: &mut dyn FnMut(Scalar<'_>) -> Result<(), ReadError>) -> Result<(), ReadError> {
        let stash = self.stash;
        self.visit(ScalarVisitor { take, stash })
    }

    fn text(&mut self) -> Result<Option<String>, ReadError> {
        let stash = self.stash;
        self.visit(TextVisitor { stash })
    }

    fn shape(&mut self, shape: &mut dyn Shape) -> Result<bool, ReadError> {
        let stash = self.stash;
        self.visit(ShapeVisitor { shape, stash })
    }

    fn loosely(&mut self, shape: &mut dyn Shape) -> Result<Loose, ReadError> {
        let stash = self.stash;
        self.visit(LooseVisitor { shape, stash })
    }

    fn list(
        &mut self,
        item: &mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let stash = self.stash;
        self.visit(ListVisitor { item, stash })
    }
}

struct ScalarVisitor<'a> {
    take: &'a mut dyn FnMut(Scalar<'_>) -> Result<(), ReadError>,
    stash: &'a Stash,
}

impl ScalarVisitor<'_> {
    fn give<E: serde::de::Error>(self, scalar: Scalar<'_>) -> Result<(), E> {
        (self.take)(scalar).map_err(|error| self.stash.keep(error))
    }
}

impl Visitor<'_> for ScalarVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a number, true, false or null")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.give(Scalar::Text(text))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.give(Scalar::Integer(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.give(i64::try_from(number).map_or(Scalar::Unsigned(number), Scalar::Integer))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.give(Scalar::Float(number))
    }

    fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<(), E> {
        self.give(Scalar::Boolean(flag))
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

struct TextVisitor<'a> {
    stash: &'a Stash,
}

impl TextVisitor<'_> {
    fn of<E: serde::de::Error>(self, scalar: Scalar<'_>) -> Result<Option<String>, E> {
        text_of_scalar(scalar)
            .map(Some)
            .map_err(|error| self.stash.keep(error))
    }
}

impl Visitor<'_> for TextVisitor<'_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text, a number, true, false or null")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Option<String>, E> {
        self.of(Scalar::Integer(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Option<String>, E> {
        self.of(Scalar::Unsigned(number))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Option<String>, E> {
        self.of(Scalar::Float(number))
    }

    fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<Option<String>, E> {
        self.of(Scalar::Boolean(flag))
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }
}

struct ShapeVisitor<'a> {
    shape: &'a mut dyn Shape,
    stash: &'a Stash,
}

impl<'de> Visitor<'de> for ShapeVisitor<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or null")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut present = false;
        while let Some(name) = map.next_key_seed(Name)? {
            present = true;
            map.next_value_seed(Member {
                name: &name,
                shape: &mut *self.shape,
                stash: self.stash,
            })?;
        }
        Ok(present)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<bool, E> {
        if text.is_empty() {
            Ok(false)
        } else {
            Err(self.stash.keep(wrong("an object", Scalar::Text(text))))
        }
    }
}

struct LooseVisitor<'a> {
    shape: &'a mut dyn Shape,
    stash: &'a Stash,
}

impl<'de> Visitor<'de> for LooseVisitor<'_> {
    type Value = Loose;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Loose, A::Error> {
        let LooseVisitor { shape, stash } = self;
        let present = ShapeVisitor { shape, stash }.visit_map(map)?;
        Ok(if present { Loose::Members } else { Loose::Nothing })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Loose, A::Error> {
        IgnoredAny.visit_seq(list).map(|_| Loose::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose::of_text(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Loose, E> {
        Ok(Loose::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Loose, E> {
        Ok(Loose::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Loose, E> {
        Ok(Loose::Text(number.to_string()))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Loose, E> {
        Ok(Loose::Text(flag.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Nothing)
    }
}

/// The name of a member, borrowed from the document unless it is written with escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<Self::Value, D::Error> {
        parser.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

struct Member<'a> {
    name: &'a str,
    shape: &'a mut dyn Shape,
    stash: &'a Stash,
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        let mut node = Node::new(parser, self.stash);
        match self.shape.read(self.name, &mut node) {
            Ok(_) => skip(node),
            Err(error) => Err(self.stash.keep(error.within(self.name))),
        }
    }
}

struct ListVisitor<'a> {
    item: &'a mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    stash: &'a Stash,
}

impl<'de> Visitor<'de> for ListVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list or null")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list
            .next_element_seed(Item {
                item: &mut *self.item,
                stash: self.stash,
            })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if text.is_empty() {
            Ok(())
        } else {
            Err(self.stash.keep(wrong("a list", Scalar::Text(text))))
        }
    }
}

struct Item<'a> {
    item: &'a mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    stash: &'a Stash,
}

impl<'de> DeserializeSeed<'de> for Item<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        let mut node = Node::new(parser, self.stash);
        match (self.item)(&mut node) {
            Ok(()) => skip(node),
            Err(error) => Err(self.stash.keep(error)),
        }
    }
}

/// Reads over a value that nobody took; nesting costs no stack here.
fn skip<'de, D: Deserializer<'de>>(node: Node<'_, D>) -> Result<(), D::Error> {
    match node.parser {
        Some(parser) => parser.deserialize_ignored_any(IgnoredAny).map(drop),
        None => Ok(()),
    }
}
