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

/// A member that has to be there is not empty text.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with the member's name.
pub fn not_empty(member: &'static str, value: &str) -> Result<(), Error> {
    if value.is_empty() {
        return Err(Error::build(member, "is empty; it is required"));
    }
    Ok(())
}

/// A list that has to be there has items.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with the list's name.
pub fn at_least_one<T>(member: &'static str, items: &[T]) -> Result<(), Error> {
    if items.is_empty() {
        return Err(Error::build(member, "has no item; at least one is required"));
    }
    Ok(())
}

/// A text, where present, has a number of characters within a range.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with the member's name, its length and the range.
pub fn length(
    member: &'static str,
    value: Option<&str>,
    allowed: &RangeInclusive<usize>,
) -> Result<(), Error> {
    measured(
        member,
        value.map(|text| text.chars().count()),
        allowed,
        "characters",
    )
}

/// A text, where present, has a number of bytes in UTF-8 within a range.
///
/// # Errors
///
/// A [`Build`](crate::ErrorKind::Build) error with the member's name, its length and the range.
pub fn byte_length(
    member: &'static str,
    value: Option<&str>,
    allowed: &RangeInclusive<usize>,
) -> Result<(), Error> {
    measured(member, value.map(str::len), allowed, "bytes")
}

fn measured(
    member: &'static str,
    length: Option<usize>,
    allowed: &RangeInclusive<usize>,
    unit: &str,
) -> Result<(), Error> {
    match length {
        Some(length) if !allowed.contains(&length) => Err(Error::build(
            member,
            format!(
                "has {length} {unit}; allowed: {} to {}",
                allowed.start(),
                allowed.end()
            ),
        )),
        _ => Ok(()),
    }
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

/// The structs of a list pass their own checks.
///
/// # Errors
///
/// What the check of the first struct that does not pass it reports, with the list's name and the struct's number in front of the
/// member's: `networkInterfaceList.1.subnetNo`.
pub fn each<T>(
    member: &'static str,
    items: &[T],
    check: impl Fn(&T) -> Result<(), Error>,
) -> Result<(), Error> {
    for (item, number) in items.iter().zip(1_u64..) {
        check(item).map_err(|error| {
            let field = format!("{member}.{number}.{}", error.field().unwrap_or_default());
            error.at(field)
        })?;
    }
    Ok(())
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

        let error = length("name", Some("이름"), &(3..=30)).unwrap_err();
        assert_eq!(error.to_string(), "name has 2 characters; allowed: 3 to 30");
        assert!(length("name", Some("이미지"), &(3..=30)).is_ok());
        assert!(length("name", None, &(3..=30)).is_ok());
        let error = byte_length("text", Some("이름"), &(0..=5)).unwrap_err();
        assert_eq!(error.to_string(), "text has 6 bytes; allowed: 0 to 5");

        assert_eq!(
            not_empty("no", "").unwrap_err().to_string(),
            "no is empty; it is required"
        );
        assert!(not_empty("no", "1").is_ok());
        let error = at_least_one::<String>("noList", &[]).unwrap_err();
        assert_eq!(error.to_string(), "noList has no item; at least one is required");
        assert!(at_least_one("noList", &["1"]).is_ok());

        let check = |text: &&str| not_empty("no", text);
        assert!(each("ruleList", &["1"], check).is_ok());
        let error = each("ruleList", &["1", ""], check).unwrap_err();
        assert_eq!(error.to_string(), "ruleList.2.no is empty; it is required");

        let error = no_empty_item("noList", &["1", ""]).unwrap_err();
        assert_eq!(error.field(), Some("noList.2"));
    }
}
