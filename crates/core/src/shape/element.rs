//! Scalars as elements: which Rust types a text, number or flag on the wire turns into, and back.

use super::{Element, ReadError, Scalar, Sink, Value};

/// How much of a wrong value a message repeats.
const EXCERPT_LENGTH: usize = 40;
/// Beyond this, a float no longer holds every whole number, so that an identifier could silently change.
const EXACT_FLOAT_LIMIT: f64 = 9_007_199_254_740_992.0;

impl Element for String {
    // Two calls in one, in the crates that declare shapes: most members are texts.
    #[inline]
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        value.text()
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.scalar(name, Scalar::Text(self));
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// The text of any scalar.
pub(crate) fn text_of_scalar(scalar: Scalar<'_>) -> Result<String, ReadError> {
    Ok(match scalar {
        Scalar::Text(text) => text.to_owned(),
        Scalar::Integer(number) => number.to_string(),
        Scalar::Unsigned(number) => number.to_string(),
        Scalar::Float(number) if number.abs() < EXACT_FLOAT_LIMIT => number.to_string(),
        Scalar::Float(_) => return Err(wrong("text", scalar)),
        Scalar::Boolean(flag) => flag.to_string(),
    })
}

impl Element for bool {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        let mut flag = None;
        value.scalar(&mut |scalar| {
            flag = match scalar {
                Scalar::Boolean(flag) => Some(flag),
                Scalar::Integer(0) => Some(false),
                Scalar::Integer(1) => Some(true),
                Scalar::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                    "" => None,
                    "true" | "y" | "1" => Some(true),
                    "false" | "n" | "0" => Some(false),
                    _ => return Err(wrong("true or false", scalar)),
                },
                _ => return Err(wrong("true or false", scalar)),
            };
            Ok(())
        })?;
        Ok(flag)
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.scalar(name, Scalar::Boolean(*self));
    }
}

impl Element for f64 {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        let mut number = None;
        value.scalar(&mut |scalar| {
            number = match scalar {
                Scalar::Float(number) => Some(number),
                // Where a fraction may stand, a whole number too long for it loses no more than a fraction would.
                #[allow(clippy::cast_precision_loss)]
                Scalar::Integer(number) => Some(number as f64),
                #[allow(clippy::cast_precision_loss)]
                Scalar::Unsigned(number) => Some(number as f64),
                Scalar::Text(text) if text.trim().is_empty() => None,
                Scalar::Text(text) => match text.trim().parse::<f64>() {
                    Ok(number) if number.is_finite() => Some(number),
                    _ => return Err(wrong("a number", scalar)),
                },
                Scalar::Boolean(_) => return Err(wrong("a number", scalar)),
            };
            Ok(())
        })?;
        Ok(number)
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.scalar(name, Scalar::Float(*self));
    }
}

macro_rules! whole_number {
    ($($type:ident => $expected:literal, $scalar:ident as $wide:ident;)*) => {
        $(impl Element for $type {
            fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
                let mut number = None;
                value.scalar(&mut |scalar| {
                    number = match (scalar, whole(scalar)) {
                        // As JSON has it, and not by way of the widest type there is.
                        (Scalar::Integer(number), _) => Self::try_from(number).ok(),
                        (_, Whole::Absent) => return Ok(()),
                        (_, Whole::Number(wide)) => Self::try_from(wide).ok(),
                        (_, Whole::Other) => None,
                    };
                    if number.is_none() {
                        return Err(wrong($expected, scalar));
                    }
                    Ok(())
                })?;
                Ok(number)
            }

            fn write(&self, name: &str, sink: &mut dyn Sink) {
                sink.scalar(name, Scalar::$scalar($wide::from(*self)));
            }
        })*
    };
}

whole_number! {
    i32 => "a whole number from -2147483648 to 2147483647", Integer as i64;
    i64 => "a whole number from -9223372036854775808 to 9223372036854775807", Integer as i64;
    u64 => "a whole number from 0 to 18446744073709551615", Unsigned as u64;
}

enum Whole {
    Absent,
    Number(i128),
    Other,
}

fn whole(scalar: Scalar<'_>) -> Whole {
    match scalar {
        Scalar::Integer(number) => Whole::Number(number.into()),
        Scalar::Unsigned(number) => Whole::Number(number.into()),
        Scalar::Text(text) => match text.trim() {
            "" => Whole::Absent,
            text => match text.parse::<i64>().map(i128::from).or_else(|_| text.parse()) {
                Ok(number) => Whole::Number(number),
                // What holds for a number holds for its text.
                Err(_) => text
                    .parse()
                    .map_or(Whole::Other, |number| whole(Scalar::Float(number))),
            },
        },
        // Some encoders print every number as a float; 3.0 is still 3.
        Scalar::Float(number) if number.fract() == 0.0 && number.abs() < EXACT_FLOAT_LIMIT => {
            #[allow(clippy::cast_possible_truncation)] // whole and below 2^53
            let number = number as i64;
            Whole::Number(number.into())
        }
        Scalar::Float(_) | Scalar::Boolean(_) => Whole::Other,
    }
}

/// A value of the wrong kind, in words that name what was expected and show a little of what came.
pub(crate) fn wrong(expected: &str, scalar: Scalar<'_>) -> ReadError {
    let found = match scalar {
        Scalar::Text(text) => {
            let excerpt: String = text.chars().take(EXCERPT_LENGTH).collect();
            let rest = if excerpt.len() < text.len() { "…" } else { "" };
            format!("the text {excerpt:?}{rest}")
        }
        Scalar::Integer(number) => format!("the number {number}"),
        Scalar::Unsigned(number) => format!("the number {number}"),
        Scalar::Float(number) => format!("the number {number:e}"),
        Scalar::Boolean(flag) => flag.to_string(),
    };
    ReadError::new(format!("expected {expected}, found {found}"))
}
