//! Waiters: an operation that looks, and conditions on what it sees.

use crate::api::{Api, Kind, Service};
use crate::model::{Conditions, Members, Operation, Waiter};
use crate::name::{field, pascal};
use crate::text::{doc, sentence};

use super::banner;
use super::structure::rust_type;

/// The file with all waiters of a service.
pub(super) fn file(api: &Api, service: &Service) -> Result<String, String> {
    let mut body = String::new();
    let mut operations: Vec<String> = Vec::new();
    for (name, waiter) in &service.file.waiters {
        let operation = service
            .file
            .operations
            .get(&waiter.operation)
            .ok_or_else(|| format!("{name}: there is no {}", waiter.operation))?;
        body.push('\n');
        body.push_str(
            &one(api, service, name, waiter, operation).map_err(|problem| format!("{name}: {problem}"))?,
        );
        let type_name = pascal(&waiter.operation);
        for imported in [type_name.clone(), format!("{type_name}Output")] {
            if !operations.contains(&imported) {
                operations.push(imported);
            }
        }
    }
    let mut out = banner(service.name);
    out.push_str(&format!("//! Waiters of {}.\n\n", service.file.service.title));
    if service
        .file
        .waiters
        .values()
        .any(|waiter| waiter.minutes != DEFAULT_MINUTES)
    {
        out.push_str("use std::time::Duration;\n\n");
    }
    out.push_str("use ncloud_core::{");
    if service
        .file
        .waiters
        .values()
        .any(|waiter| waiter.minutes != DEFAULT_MINUTES)
    {
        out.push_str("Polling, ");
    }
    out.push_str("State, Waiter};\n\n");
    out.push_str(&format!("use super::{{{}}};\n", operations.join(", ")));
    let used: Vec<&str> = ["code", "text"]
        .into_iter()
        .filter(|function| body.contains(&format!("{function}(item.")))
        .collect();
    if !used.is_empty() {
        out.push_str(&format!("use crate::waiting::{{{}}};\n", used.join(", ")));
    }
    out.push_str(&body);
    Ok(out)
}

const DEFAULT_MINUTES: u64 = 5;

fn one(
    api: &Api,
    service: &Service,
    name: &str,
    waiter: &Waiter,
    operation: &Operation,
) -> Result<String, String> {
    let type_name = pascal(&waiter.operation);
    let members = item_members(api, service, waiter, operation)?;
    let mut out = doc(0, &about(api, service, name, waiter, operation)?);
    out.push_str(&format!(
        "#[derive(Clone, Debug, PartialEq)]\npub struct {name}({type_name});\n\nimpl {name} {{\n"
    ));
    out.push_str(&functions(api, service, waiter, operation, &type_name)?);
    out.push_str("}\n\n");
    out.push_str(&format!(
        "impl Waiter for {name} {{\n    type Operation = {type_name};\n\n    fn operation(&self) -> &{type_name} {{\n        \
         &self.0\n    }}\n\n    fn judge(&self, output: &{type_name}Output) -> State {{\n{}    }}\n",
        judge(waiter, members)?
    ));
    if waiter.gone {
        out.push_str("\n    fn awaits_gone(&self) -> bool {\n        true\n    }\n");
    }
    if !waiter.not_found.is_empty() {
        out.push_str(&format!(
            "\n    fn not_found_codes(&self) -> &[&str] {{\n        &{:?}\n    }}\n",
            waiter.not_found
        ));
    }
    if waiter.minutes != DEFAULT_MINUTES {
        out.push_str(&format!(
            "\n    fn polling(&self) -> Polling {{\n        Polling::default().with_deadline(Duration::from_secs({} * \
             60)).unwrap_or_default()\n    }}\n",
            waiter.minutes
        ));
    }
    out.push_str("}\n");
    Ok(out)
}

fn item_members<'a>(
    api: &'a Api,
    service: &'a Service,
    waiter: &Waiter,
    operation: &Operation,
) -> Result<&'a Members, String> {
    let list = operation
        .answer
        .get(&waiter.list)
        .ok_or_else(|| format!("{} has no list {}", waiter.operation, waiter.list))?;
    let item = list.kind.trim_matches(['[', ']']);
    api.members(Some(service), item)
        .ok_or_else(|| format!("{item} is no struct with members"))
}

/// `new` with what the operation requires, and its region.
fn functions(
    api: &Api,
    service: &Service,
    waiter: &Waiter,
    operation: &Operation,
    type_name: &str,
) -> Result<String, String> {
    let (mut parameters, mut arguments, mut setters) = (Vec::new(), Vec::new(), String::new());
    let mut about = "What to look at:".to_owned();
    let mut generic = "";
    for (name, member) in &operation.request {
        let is_named = waiter.by.contains(name);
        if !member.required && !is_named {
            continue;
        }
        let kind = api.kind(Some(service), &member.kind)?;
        let field = field(name);
        let taken = match &kind {
            Kind::Text | Kind::Code(_) => format!("impl Into<{}>", rust_type(&kind)),
            Kind::List(item) if **item == Kind::Text => {
                generic = "<T: Into<String>>";
                "impl IntoIterator<Item = T>".to_owned()
            }
            other => rust_type(other),
        };
        parameters.push(format!("{field}: {taken}"));
        if member.required {
            arguments.push(field.clone());
        } else {
            setters.push_str(&format!(".{field}({field})"));
        }
        about.push_str(&format!("\n* `{field}`: {}", api.sentence(name, member)?));
    }
    let (first, rest) = about
        .split_once('\n')
        .ok_or("a waiter needs something to look at")?;
    let mut out = doc(4, &[first.to_owned(), rest.to_owned()]);
    out.push_str(&format!(
        "    #[must_use]\n    pub fn new{generic}({}) -> Self {{\n        Self({type_name}::new({}){setters})\n    }}\n",
        parameters.join(", "),
        arguments.join(", ")
    ));
    if operation.request.contains_key("regionCode") {
        out.push_str(
            "\n    /// `regionCode`: region to look in. Default: the session's.\n    #[must_use]\n    pub fn \
             region_code(mut self, region_code: impl Into<String>) -> Self {\n        self.0 = \
             self.0.region_code(region_code);\n        self\n    }\n",
        );
    }
    Ok(out)
}

fn judge(waiter: &Waiter, members: &Members) -> Result<String, String> {
    let list = field(&waiter.list);
    let mut out = String::new();
    if waiter.done.is_empty() && waiter.failed.is_empty() {
        out.push_str(&format!(
            "        if output.{list}.is_empty() {{ State::Gone }} else {{ State::Still }}\n"
        ));
        return Ok(out);
    }
    out.push_str(&format!(
        "        let Some(item) = output.{list}.first() else {{\n            return State::Gone;\n        }};\n"
    ));
    for (conditions, state) in [(&waiter.done, "Done"), (&waiter.failed, "Failed")] {
        if conditions.is_empty() {
            continue;
        }
        out.push_str(&format!(
            "        if {} {{\n            return State::{state};\n        }}\n",
            all(conditions, members)?
        ));
    }
    out.push_str("        State::Still\n");
    Ok(out)
}

/// An expression that says whether every condition holds.
fn all(conditions: &Conditions, members: &Members) -> Result<String, String> {
    let mut parts = Vec::new();
    for (name, values) in conditions {
        let member = members
            .get(name)
            .ok_or_else(|| format!("there is no member {name}"))?;
        let field = field(name);
        let value = match member.kind.as_str() {
            "CommonCode" => format!("code(item.{field}.as_ref())"),
            "text" => format!("text(item.{field}.as_ref())"),
            other => {
                return Err(format!(
                    "{name} is {other}; a condition needs text or a CommonCode"
                ));
            }
        };
        let part = match values.as_slice() {
            [any] if any == "*" => format!("!{value}.is_empty()"),
            [one] if one.is_empty() => format!("{value}.is_empty()"),
            [one] => format!("{value} == {one:?}"),
            several => {
                let several: Vec<String> = several.iter().map(|value| format!("{value:?}")).collect();
                format!("[{}].contains(&{value})", several.join(", "))
            }
        };
        parts.push(part);
    }
    Ok(parts.join(" && "))
}

fn about(
    api: &Api,
    service: &Service,
    name: &str,
    waiter: &Waiter,
    operation: &Operation,
) -> Result<Vec<String>, String> {
    let span = match waiter.minutes {
        60 => "an hour".to_owned(),
        minutes if minutes % 60 == 0 => format!("{} hours", minutes / 60),
        minutes => format!("{minutes} minutes"),
    };
    let mut how = format!("Looks with `{}`, for at most {span}.", waiter.operation);
    if !waiter.gone {
        how.push_str(" One that is not there, or not any more, is a failure.");
    }
    if !waiter.not_found.is_empty() {
        let codes: Vec<String> = waiter.not_found.iter().map(|code| format!("`{code}`")).collect();
        how.push_str(&format!(
            " Return code {} means that it is gone.",
            codes.join(" or ")
        ));
    }
    Ok(vec![
        sentence(&waiter.summary),
        how,
        example(api, service, name, waiter, operation)?,
    ])
}

fn example(
    api: &Api,
    service: &Service,
    name: &str,
    waiter: &Waiter,
    operation: &Operation,
) -> Result<String, String> {
    let members = item_members(api, service, waiter, operation)?;
    let list = if waiter.done.is_empty() {
        String::new()
    } else {
        let shown: Vec<String> = waiter
            .done
            .iter()
            .map(|(member, values)| {
                let value = match values.first().map(String::as_str) {
                    Some("*") => "1234567",
                    Some(value) => value,
                    None => "",
                };
                let is_code = members
                    .get(member)
                    .is_some_and(|member| member.kind == "CommonCode");
                if is_code {
                    format!("\"{member}\": {{\"code\": \"{value}\"}}")
                } else {
                    format!("\"{member}\": \"{value}\"")
                }
            })
            .collect();
        format!("{{{}}}", shown.join(", "))
    };
    let mut named = std::collections::BTreeSet::new();
    let construction =
        super::example::construction(api, service, &waiter.operation, &operation.request, &mut named)?;
    let arguments = match construction.split_once("::new") {
        Some((_, arguments)) if waiter.by.is_empty() => arguments,
        _ => "(\"1234567\")",
    };
    Ok(format!(
        "```\nuse std::time::SystemTime;\nuse ncloud_api::{}::{name};\nuse ncloud_core::{{Credentials, Session, Site, \
         drive}};\n\nlet credentials = Credentials::new(\"ncp_ak_TESTACCESSKEY0001\", \
         \"ncp_sk_TESTSECRETKEY0000000000000000000001\")?;\nlet session = Session::new(&credentials, Site::Public)?;\nlet waiter \
         = {name}::new{arguments};\n\n// Whatever carries the requests brings back what is waited for.\nlet my_http = |_request| \
         Ok(http::Response::new(bytes::Bytes::from_static(\n    br#\"{{\"{}Response\": {{\"returnCode\": \"0\", \
         \"{}\": [{list}]}}}}\"#,\n)));\nassert!(drive(session.wait(&waiter), SystemTime::now, my_http, \
         std::thread::sleep).is_ok());\n# Ok::<(), Box<dyn std::error::Error>>(())\n```",
        service.name, waiter.operation, waiter.list
    ))
}
