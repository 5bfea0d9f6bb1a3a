//! Examples: values that pass the checks, for the runnable example of each operation.

use std::collections::BTreeSet;

use crate::api::{Api, Kind, Service};
use crate::model::{Member, Members};
use crate::name::pascal;

/// A call of `new` with a value for everything that is required; notes the types that it names.
pub(super) fn construction(
    api: &Api,
    service: &Service,
    name: &str,
    members: &Members,
    named: &mut BTreeSet<String>,
) -> Result<String, String> {
    let name = pascal(name);
    named.insert(name.clone());
    let mut values = Vec::new();
    for (member_name, member) in members.iter().filter(|(_, member)| member.required) {
        let kind = api.kind(Some(service), &member.kind)?;
        values.push(value(api, service, (member_name, member, &kind), named)?);
    }
    Ok(format!("{name}::new({})", values.join(", ")))
}

fn value(
    api: &Api,
    service: &Service,
    (name, member, kind): (&str, &Member, &Kind),
    named: &mut BTreeSet<String>,
) -> Result<String, String> {
    Ok(match kind {
        Kind::Text | Kind::Secret => format!("{:?}", text(name, member)),
        Kind::Integer | Kind::Long | Kind::Size => {
            let least = member.range.map_or(1, |[least, _]| least.max(1));
            member.one_of.first().copied().unwrap_or(least).to_string()
        }
        Kind::Number => "1.0".to_owned(),
        Kind::Flag => "true".to_owned(),
        Kind::UserData => {
            named.insert("UserData".to_owned());
            "UserData::from_script(\"#!/bin/sh\\n\")".to_owned()
        }
        Kind::Code(list) => {
            let code = service.file.codes.get(list).and_then(|list| list.values.first());
            format!("{:?}", code.map_or("ASC", |(code, _)| code.as_str()))
        }
        Kind::Struct(item) => {
            let members = api
                .members(Some(service), item)
                .ok_or_else(|| format!("{item} cannot stand in an example"))?;
            construction(api, service, item, members, named)?
        }
        Kind::List(item) => format!("[{}]", value(api, service, (name, member, item), named)?),
        Kind::Date => return Err(format!("{name}: dates are not sent")),
    })
}

/// A text that looks like what the member holds and is as long as it has to be.
fn text(name: &str, member: &Member) -> String {
    let lower = name.to_ascii_lowercase();
    let text = if lower.ends_with("no") || lower.ends_with("nolist") {
        "1234567"
    } else if lower.contains("cidr") || lower == "subnet" || lower.contains("ipblock") {
        "10.0.0.0/16"
    } else if lower.ends_with("ip") || lower.ends_with("iplist") {
        "10.0.0.6"
    } else if lower.contains("password") {
        "not-a-password1!"
    } else if lower.ends_with("zonecode") {
        "KR-2"
    } else if lower.ends_with("name") {
        "test-name"
    } else {
        "test"
    };
    let [least, most] = member.length.or(member.bytes).unwrap_or([0, u64::MAX]);
    let (least, most) = (
        usize::try_from(least),
        usize::try_from(most).unwrap_or(usize::MAX),
    );
    let mut text: String = text.chars().take(most).collect();
    while least.as_ref().is_ok_and(|least| text.len() < *least) {
        text.push('a');
    }
    text
}
