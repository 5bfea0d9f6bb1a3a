//! Actions of which only the description is known: parameters are checked as it says, and the answer has nothing in it.

use std::collections::BTreeSet;

use ncloud_api::catalog::{Kind, Limits, MemberModel, OperationModel};
use ncloud_core::codec::{form::Form, json};
use ncloud_core::shape::Shape;

use super::Context;
use crate::outcome::ServiceError;

const REGION: &str = "regionCode";
const EMPTY_LIST: &[u8] = br#"{"totalRows": 0}"#;

pub(super) fn run(
    model: &OperationModel,
    form: &Form,
    context: &mut Context<'_>,
) -> Result<Box<dyn Shape>, ServiceError> {
    if model.info.regional {
        context.world.region(form.get(REGION))?;
    }
    check(model, form)?;
    let mut answer = model.new_answer();
    // Whoever has no such member passes it over.
    let _ = json::read(EMPTY_LIST, answer.as_mut());
    Ok(answer)
}

/// Compares the parameters with the description: types, what is required, limits.
pub(super) fn check(model: &OperationModel, form: &Form) -> Result<(), ServiceError> {
    form.read(model.new_request().as_mut())
        .map_err(|error| ServiceError::parameter(error.path(), &format!("is wrong: {}", error.problem())))?;
    let mut names: Vec<&str> = form.pairs().iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    Given { form, names }.check(model.request.members, "")
}

/// The parameters of a call.
struct Given<'a> {
    form: &'a Form,
    /// Sorted, so that it does not take a look at all of them to find those below another one.
    names: Vec<&'a str>,
}

impl Given<'_> {
    /// Checks members, the names of which all begin with `prefix`.
    fn check(&self, members: &[MemberModel], prefix: &str) -> Result<(), ServiceError> {
        for member in members {
            let name = format!("{prefix}{}", member.name);
            let value = self.form.get(&name).filter(|value| !value.is_empty());
            let is_given = value.is_some() || self.has_items(&name);
            if member.required && !is_given {
                return Err(ServiceError::parameter(&name, "is missing"));
            }
            if let Some(other) = member.required_with
                && !is_given
                && self.form.get(&format!("{prefix}{other}")).is_some()
            {
                return Err(ServiceError::parameter(
                    &name,
                    &format!("is required when {other} is given"),
                ));
            }
            if matches!(member.kind, Kind::List(_)) {
                self.check_numbering(&name)?;
            }
            if let Some(value) = value {
                limits(&name, member, value)?;
            }
            if let Kind::List(Kind::Struct(item)) = member.kind {
                let mut number = 1_u32;
                while self.has_items(&format!("{name}.{number}")) {
                    self.check(item.members, &format!("{name}.{number}."))?;
                    number = number.saturating_add(1);
                }
            }
        }
        Ok(())
    }

    /// Items follow each other without a gap: what comes after one would be passed over.
    fn check_numbering(&self, name: &str) -> Result<(), ServiceError> {
        let below = format!("{name}.");
        let rests = self.from(&below).map_while(|given| given.strip_prefix(&below));
        let first_parts = rests.filter_map(|rest| rest.split('.').next());
        let numbers: BTreeSet<u64> = first_parts.filter_map(|part| part.parse().ok()).collect();
        match (1..).zip(numbers).find(|(expected, number)| expected != number) {
            Some((expected, number)) => {
                let problem = format!("is wrong: item {number} is given, and item {expected} is not");
                Err(ServiceError::parameter(name, &problem))
            }
            None => Ok(()),
        }
    }

    /// Whether there are parameters below this name.
    fn has_items(&self, name: &str) -> bool {
        let below = format!("{name}.");
        self.from(&below)
            .next()
            .is_some_and(|given| given.starts_with(&below))
    }

    /// The names that do not come before this one.
    fn from(&self, name: &str) -> impl Iterator<Item = &str> {
        let first = self.names.partition_point(|given| *given < name);
        self.names.iter().skip(first).copied()
    }
}

fn limits(name: &str, member: &MemberModel, value: &str) -> Result<(), ServiceError> {
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let problem = match member.limits {
        Limits::Characters(least, most) if !(least..=most).contains(&count(value.chars().count())) => {
            format!("must have {least} to {most} characters")
        }
        Limits::Bytes(least, most) if !(least..=most).contains(&count(value.len())) => {
            format!("must have {least} to {most} bytes")
        }
        Limits::Range(least, most)
            if value
                .trim()
                .parse()
                .is_ok_and(|value: i64| !(least..=most).contains(&value)) =>
        {
            format!("must be between {least} and {most}")
        }
        _ => return Ok(()),
    };
    Err(ServiceError::parameter(name, &problem))
}
