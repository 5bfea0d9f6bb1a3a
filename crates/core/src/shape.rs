//! Shapes: structs that are read and written member by member, in any of the wire's formats.
//!
//! A struct states its members once, with [`shape!`](crate::shape!); every codec then reads and writes it through the
//! object-safe [`Value`] and [`Sink`], so that nothing is instantiated per operation.
//!
//! ```
//! use ncloud_core::{codec, shape};
//!
//! /// A code and its name.
//! #[derive(Debug, Default, PartialEq)]
//! pub struct CommonCode {
//!     /// Stable code.
//!     pub code: Option<String>,
//!     /// Its name; not reliable text.
//!     pub code_name: Option<String>,
//! }
//!
//! shape! { CommonCode { "code" => code, "codeName" => code_name } }
//!
//! let mut code = CommonCode::default();
//! codec::json::read(br#"{"code": "CREAT", "unknown": [1, {}]}"#, &mut code)?;
//! assert_eq!(code, CommonCode { code: Some("CREAT".to_owned()), code_name: None });
//! assert_eq!(codec::json::write(&code, codec::json::Layout::Compact), br#"{"code":"CREAT"}"#);
//! # Ok::<(), ncloud_core::ReadError>(())
//! ```

use std::fmt;

mod element;

pub(crate) use element::{text_of_scalar, wrong};

/// A struct whose members can be read and written by their names on the wire.
pub trait Shape {
    /// Reads one member. `Ok(false)` says that this shape has no member of that name.
    ///
    /// # Errors
    ///
    /// What the value reports: text that is not of the member's type, or a broken document.
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError>;

    /// Writes every member that is present, in order of declaration.
    fn write(&self, sink: &mut dyn Sink);
}

/// A value on the wire that can be taken once, as whatever the reader expects it to be.
pub trait Value {
    /// Hands a scalar to `take`; null hands over nothing.
    ///
    /// # Errors
    ///
    /// If the value is an object or a list, if `take` refuses it, or if the document is broken.
    fn scalar(&mut self, take: &mut dyn FnMut(Scalar<'_>) -> Result<(), ReadError>) -> Result<(), ReadError>;

    /// Reads a text, the most frequent scalar by far, or a number or flag as its text; `None` for null.
    ///
    /// # Errors
    ///
    /// If the value is an object or a list, a number too long to keep every digit, or if the document is broken.
    fn text(&mut self) -> Result<Option<String>, ReadError>;

    /// Reads an object's members into `shape`; `Ok(false)` for null and for an object without members.
    ///
    /// # Errors
    ///
    /// If the value is a scalar or a list, if a member cannot be read, or if the document is broken.
    fn shape(&mut self, shape: &mut dyn Shape) -> Result<bool, ReadError>;

    /// Takes the value as whatever it is: an object's members go into `shape`, a scalar comes back as text, and a list is
    /// passed over. For members of which more than one kind has been seen.
    ///
    /// # Errors
    ///
    /// If the document is broken, or if the shape refuses a member.
    fn loosely(&mut self, shape: &mut dyn Shape) -> Result<Loose, ReadError>;

    /// Hands the items of a list to `item`, one by one; null and empty text are an empty list.
    ///
    /// # Errors
    ///
    /// If the value is no list, if an item cannot be read, or if the document is broken.
    fn list(
        &mut self,
        item: &mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    ) -> Result<(), ReadError>;
}

/// What [`Value::loosely`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loose {
    /// Null, empty text, a list, or an object without members.
    Nothing,
    /// A scalar, as text.
    Text(String),
    /// An object, whose members were handed to the shape.
    Members,
}

impl Loose {
    /// A scalar's text, where there was one.
    pub(crate) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn of_text(text: String) -> Self {
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text)
        }
    }
}

/// Where a struct's members are written to.
pub trait Sink {
    /// Writes a scalar member.
    fn scalar(&mut self, member: &str, value: Scalar<'_>);
    /// Writes a member that is a struct.
    fn shape(&mut self, member: &str, shape: &dyn Shape);
    /// Writes a member that is a list.
    fn list(&mut self, member: &str, items: &dyn Items);
}

/// The items of a list, as a [`Sink`] asks for them.
pub trait Items {
    /// How many there are.
    fn count(&self) -> usize;
    /// Writes the item at `index` (from 0) under `name`, the name that the format gives to items.
    fn write(&self, index: usize, name: &str, sink: &mut dyn Sink);
}

/// A single value on the wire. Which of these a number or a flag arrives as must not matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Text, as every scalar is in XML and in a form.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A whole number beyond the range of `i64`.
    Unsigned(u64),
    /// A number with a fraction.
    Float(f64),
    /// A flag.
    Boolean(bool),
}

/// A type that can be one member's value or one item of a list.
pub trait Element: Sized {
    /// Reads one value; `None` for null.
    ///
    /// # Errors
    ///
    /// If the value is not of this type, or if the document is broken.
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError>;

    /// Reads one item of a list behind those that were read before; null adds nothing.
    ///
    /// # Errors
    ///
    /// As [`Element::read`].
    fn read_item(items: &mut Vec<Self>, value: &mut dyn Value) -> Result<(), ReadError> {
        items.extend(Self::read(value)?);
        Ok(())
    }

    /// Writes the value under a name.
    fn write(&self, name: &str, sink: &mut dyn Sink);

    /// Whether a member with this value counts as absent when it is read: true for empty text.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A member of a struct: one required element, an optional one, or a list.
pub trait Field {
    /// Reads the member; null leaves a required one as it is and empties the others.
    ///
    /// # Errors
    ///
    /// If the value is not of the member's type, or if the document is broken.
    fn read(&mut self, value: &mut dyn Value) -> Result<(), ReadError>;

    /// Writes the member under its name, if it is present.
    fn write(&self, member: &str, sink: &mut dyn Sink);
}

/// A struct as a member or as an item, for those that stand in one: the others do not pay for it when they are compiled.
impl<T: Shape + Default> Element for T {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        let mut shape = Self::default();
        let present = value.shape(&mut shape)?;
        Ok(present.then_some(shape))
    }

    // A struct is read where it will stay: moving it there afterwards would cost more than reading a member.
    fn read_item(items: &mut Vec<Self>, value: &mut dyn Value) -> Result<(), ReadError> {
        items.push(Self::default());
        let present = match items.last_mut() {
            Some(shape) => value.shape(shape)?,
            None => false,
        };
        if !present {
            items.pop();
        }
        Ok(())
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.shape(name, self);
    }
}

impl<T: Element> Field for T {
    fn read(&mut self, value: &mut dyn Value) -> Result<(), ReadError> {
        if let Some(element) = T::read(value)? {
            *self = element;
        }
        Ok(())
    }

    fn write(&self, member: &str, sink: &mut dyn Sink) {
        Element::write(self, member, sink);
    }
}

impl<T: Element> Field for Option<T> {
    fn read(&mut self, value: &mut dyn Value) -> Result<(), ReadError> {
        *self = T::read(value)?.filter(|element| !element.is_absent());
        Ok(())
    }

    fn write(&self, member: &str, sink: &mut dyn Sink) {
        if let Some(element) = self {
            element.write(member, sink);
        }
    }
}

impl<T: Element> Field for Vec<T> {
    fn read(&mut self, value: &mut dyn Value) -> Result<(), ReadError> {
        self.clear();
        // Counted here, because items that are null leave no trace in the list.
        let mut position: usize = 0;
        value.list(&mut |item| {
            T::read_item(self, item).map_err(|error| error.within_item(position))?;
            position = position.saturating_add(1);
            Ok(())
        })
    }

    fn write(&self, member: &str, sink: &mut dyn Sink) {
        sink.list(member, self);
    }
}

impl<T: Element> Items for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn write(&self, index: usize, name: &str, sink: &mut dyn Sink) {
        if let Some(element) = self.get(index) {
            element.write(name, sink);
        }
    }
}

/// Why a document could not be read: what is wrong and at which member.
///
/// ```
/// use ncloud_core::{codec, shape};
///
/// #[derive(Default)]
/// struct Page {
///     total_rows: Option<i32>,
/// }
///
/// shape! { Page { "totalRows" => total_rows } }
///
/// let error = codec::json::read(br#"{"totalRows": "many"}"#, &mut Page::default()).unwrap_err();
/// assert_eq!(error.path(), "totalRows");
/// ```
#[derive(Debug)]
pub struct ReadError(Box<Trouble>);

#[derive(Debug)]
struct Trouble {
    path: String,
    problem: String,
}

impl ReadError {
    /// A value or document that cannot be read.
    #[must_use]
    pub fn new(problem: impl Into<String>) -> Self {
        Self(Box::new(Trouble {
            path: String::new(),
            problem: problem.into(),
        }))
    }

    /// Puts the name of a member in front of the path, on the way out of it.
    #[must_use]
    pub fn within(mut self, member: &str) -> Self {
        let joint = if self.0.path.is_empty() || self.0.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.0.path = format!("{member}{joint}{}", self.0.path);
        self
    }

    /// Puts the position of an item, counted from 0, in front of the path.
    #[must_use]
    pub fn within_item(self, position: usize) -> Self {
        self.within(&format!("[{position}]"))
    }

    /// Where in the document, such as `regionList[2].regionCode`; empty for the document as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong there.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.0.problem
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            write!(formatter, "{}: ", self.0.path)?;
        }
        formatter.write_str(&self.0.problem)
    }
}

impl std::error::Error for ReadError {}

/// Declares the members of a struct: `shape! { Type { "nameOnTheWire" => field, … } }`.
///
/// A member of which several spellings are known is read under each and written under the first: `"lastLsn" | "LastLsn" => last_lsn`.
/// The struct implements `Default`; its fields are [`Field`]s. See the [module](mod@crate::shape) for an example.
#[macro_export]
macro_rules! shape {
    ($type:ident { $($wire:literal $(| $other:literal)* => $field:ident),* $(,)? }) => {
        $crate::__serde_for_shape! { $type }

        impl $crate::shape::Shape for $type {
            fn read(
                &mut self,
                member: &str,
                value: &mut dyn $crate::shape::Value,
            ) -> ::core::result::Result<bool, $crate::shape::ReadError> {
                // A shape without members takes nothing.
                let _ = &value;
                let known = match member {
                    $($wire $(| $other)* => {
                        $crate::shape::Field::read(&mut self.$field, value)?;
                        true
                    })*
                    _ => false,
                };
                ::core::result::Result::Ok(known)
            }

            fn write(&self, sink: &mut dyn $crate::shape::Sink) {
                let members: &[(&str, &dyn $crate::shape::Field)] = &[$(($wire, &self.$field)),*];
                for (member, field) in members {
                    field.write(member, sink);
                }
            }
        }
    };
}
