//! Checks: what is compared with the documentation before anything is sent, as code and in words.

use crate::api::{Api, Kind, Service};
use crate::model::{Member, Members};
use crate::name::field;

/// The checks of a struct.
#[derive(Default)]
pub(super) struct Checks {
    /// Expressions of type `Result<(), Error>`.
    pub(super) lines: Vec<String>,
    /// What they refuse.
    pub(super) refused: Vec<String>,
}

impl Checks {
    /// The body of a function that makes them.
    pub(super) fn body(&self) -> String {
        match self.lines.split_last() {
            None => "        Ok(())\n".to_owned(),
            Some((last, before)) => {
                let mut out = String::new();
                for line in before {
                    out.push_str(&format!("        {line}?;\n"));
                }
                out.push_str(&format!("        {last}\n"));
                out
            }
        }
    }

    fn add(&mut self, line: String, refused: String) {
        self.lines.push(line);
        if !self.refused.contains(&refused) {
            self.refused.push(refused);
        }
    }
}

/// The checks of a struct with these members.
pub(super) fn of(api: &Api, service: Option<&Service>, members: &Members) -> Result<Checks, String> {
    let mut checks = Checks::default();
    for (name, member) in members {
        let kind = api.kind(service, &member.kind)?;
        one(api, service, (name, member, &kind), members, &mut checks)?;
    }
    Ok(checks)
}

fn one(
    api: &Api,
    service: Option<&Service>,
    (name, member, kind): (&str, &Member, &Kind),
    members: &Members,
    checks: &mut Checks,
) -> Result<(), String> {
    let own = format!("self.{}", field(name));
    match kind {
        Kind::List(item) => {
            if member.required {
                checks.add(
                    format!("constraint::at_least_one({name:?}, &{own})"),
                    format!("no item in `{name}`"),
                );
            }
            match &**item {
                Kind::Text | Kind::Code(_) => checks.add(
                    format!("constraint::no_empty_item({name:?}, &{own})"),
                    "an empty item in a list".to_owned(),
                ),
                Kind::Struct(item) => {
                    let inner = api
                        .members(service, item)
                        .map(|members| of(api, service, members));
                    if inner.transpose()?.is_some_and(|inner| !inner.lines.is_empty()) {
                        checks.add(
                            format!("constraint::each({name:?}, &{own}, {item}::check)"),
                            format!("an item of `{name}` that does not pass its own checks"),
                        );
                    }
                }
                _ => {}
            }
        }
        Kind::Text | Kind::Code(_) | Kind::Secret | Kind::UserData => {
            text(name, member, kind, &own, checks);
        }
        _ => {}
    }
    if let Some(other) = &member.required_with {
        required_with(name, member, other, members, checks);
    }
    if let Some([least, most]) = member.range {
        let value = if member.required {
            format!("Some(&{own})")
        } else {
            format!("{own}.as_ref()")
        };
        let whole = most == i64::from(i32::MAX);
        let end = if whole {
            "i32::MAX".to_owned()
        } else {
            number(most)
        };
        let refused = if whole {
            format!("`{name}` below {least}")
        } else {
            format!("`{name}` outside of {least} to {most}")
        };
        checks.add(
            format!(
                "constraint::range({name:?}, {value}, &({}..={end}))",
                number(least)
            ),
            refused,
        );
    }
    Ok(())
}

fn text(name: &str, member: &Member, kind: &Kind, own: &str, checks: &mut Checks) {
    let read = match kind {
        Kind::Code(_) => "as_str()",
        Kind::Secret => "expose()",
        Kind::UserData => "as_base64()",
        _ => "",
    };
    let required = match kind {
        Kind::Text => format!("&{own}"),
        _ => format!("{own}.{read}"),
    };
    if member.required {
        checks.add(
            format!("constraint::not_empty({name:?}, {required})"),
            format!("an empty `{name}`"),
        );
    }
    let value = match kind {
        _ if member.required => format!("Some({required})"),
        Kind::Text => format!("{own}.as_deref()"),
        Kind::Secret => format!("{own}.as_ref().map(Secret::expose)"),
        _ => return,
    };
    for (limits, function, unit) in [
        (member.length, "length", "characters"),
        (member.bytes, "byte_length", "bytes"),
    ] {
        let Some([least, most]) = limits else { continue };
        let refused = if least == 0 {
            format!("`{name}` of more than {most} {unit}")
        } else {
            format!("`{name}` of other than {least} to {most} {unit}")
        };
        checks.add(
            format!("constraint::{function}({name:?}, {value}, &({least}..={most}))"),
            refused,
        );
    }
}

/// A member that has to be there if another one is; nothing if that one or this one always is.
fn required_with(name: &str, member: &Member, other: &str, members: &Members, checks: &mut Checks) {
    if member.required || members.get(other).is_none_or(|other| other.required) {
        return;
    }
    let allowed = match member.range {
        Some([least, most]) if most == i64::from(i32::MAX) => format!("{least} or more"),
        Some([least, most]) => format!("{least} to {most}"),
        None => "any value".to_owned(),
    };
    checks.add(
        format!(
            "constraint::required_with({name:?}, self.{}.as_ref(), {other:?}, self.{}.as_ref(), {allowed:?})",
            field(name),
            field(other)
        ),
        format!("`{other}` without `{name}`"),
    );
}

/// A number as it is read easily.
pub(super) fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            out.push('_');
        }
        out.push(digit);
    }
    if value < 0 { format!("-{out}") } else { out }
}
