//! Constraints: the checks that operations make on their members before sending, in one wording.

use std::fmt::Display;
use std::ops::RangeInclusive;

use crate::error::Error;

/// A member, where present, lies within a range.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with the member's name, its value and the range.
pub fn range<T: PartialOrd + Display>(
    member: &'static str,
    value: Option<&T>,
    allowed: &RangeInclusive<T>,
) -> Result<(), Error> {
    match value {
        Some(value) if !allowed.contains(value) => Err(Error::build(
            member,
            format!("is {value}; allowed: {} to {}", allowed.start(), allowed.end()),
        )),
        _ => Ok(()),
    }
}

/// A member is present because another one is.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with both members' names and what to give.
pub fn required_with<T, U>(
    member: &'static str,
    value: Option<&T>,
    other: &'static str,
    other_value: Option<&U>,
    allowed: &str,
) -> Result<(), Error> {
    if other_value.is_some() && value.is_none() {
        return Err(Error::build(
            member,
            format!("is missing; it is required because {other} is given; allowed: {allowed}"),
        ));
    }
    Ok(())
}

/// No item of a list is empty text.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with the item's name on the wire.
pub fn no_empty_item<T: AsRef<str>>(member: &'static str, items: &[T]) -> Result<(), Error> {
    match items
        .iter()
        .zip(1_u64..)
        .find(|(item, _)| item.as_ref().is_empty())
    {
        Some((_, number)) => Err(Error::build(
            format!("{member}.{number}"),
            "is empty; give a value or leave the item out",
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_member_and_what_is_allowed() {
        assert!(range("pageSize", None, &(1..=1000)).is_ok());
        assert!(range("pageSize", Some(&1000), &(1..=1000)).is_ok());
        let error = range("pageSize", Some(&1001), &(1..=1000)).unwrap_err();
        assert_eq!(error.to_string(), "pageSize is 1001; allowed: 1 to 1000");

        assert!(required_with("pageSize", Some(&1), "pageNo", Some(&1), "1 to 1000").is_ok());
        assert!(required_with("pageSize", None::<&i32>, "pageNo", None::<&i32>, "1 to 1000").is_ok());
        let error = required_with("pageSize", None::<&i32>, "pageNo", Some(&1), "1 to 1000").unwrap_err();
        assert_eq!(
            error.to_string(),
            "pageSize is missing; it is required because pageNo is given; allowed: 1 to 1000"
        );

        let error = no_empty_item("noList", &["1", ""]).unwrap_err();
        assert_eq!(error.field(), Some("noList.2"));
    }
}
