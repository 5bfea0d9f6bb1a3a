//! Structures: structs with their members, `shape!`, and what makes and fills those that are sent.

use std::collections::BTreeSet;

use crate::api::{Api, Kind, Service, is_shared};
use crate::model::{Member, Members, Operation, Type};
use crate::name::{field, snake};
use crate::text::{self, doc, parameter, see_setter, sentence};

use super::{banner, check};

/// A struct to be written.
pub(super) struct Structure<'a> {
    pub(super) name: &'a str,
    pub(super) members: &'a Members,
    /// Of parameters, or of what comes back.
    pub(super) is_sent: bool,
    /// The operation whose parameters they are.
    pub(super) operation: Option<(&'a str, &'a Operation)>,
}

/// What a file has to bring into scope.
#[derive(Default)]
pub(super) struct Imports {
    pub(super) core: BTreeSet<&'static str>,
    pub(super) local: BTreeSet<String>,
    pub(super) by_hand: BTreeSet<String>,
    pub(super) shared: BTreeSet<String>,
}

/// The file of one type.
pub(super) fn type_file(
    api: &Api,
    service: Option<&Service>,
    name: &str,
    found: &Type,
) -> Result<String, String> {
    let is_sent = match service {
        Some(service) => service.in_requests.contains(name),
        None => api
            .services
            .iter()
            .any(|service| service.in_requests.contains(name)),
    };
    let structure = Structure {
        name,
        members: &found.members,
        is_sent,
        operation: None,
    };
    let mut imports = Imports::default();
    let body = structure.write(api, service, &[sentence(&found.summary)], &mut imports)?;
    imports.local.remove(name);
    let source = service.map_or("shared", |service| service.name);
    let mut out = banner(source);
    out.push_str(&format!(
        "//! `{name}`: {}\n\n",
        super::code_list::first_lower(&found.summary)
    ));
    out.push_str(&imports.write("super", ""));
    out.push_str(&body);
    Ok(out)
}

impl Imports {
    /// `use` lines; local types come from the module `from`, and `first` stands before them.
    pub(super) fn write(&self, from: &str, first: &str) -> String {
        let mut out = String::new();
        let list = |names: Vec<&str>| names.join(", ");
        let core: Vec<&str> = self.core.iter().copied().collect();
        out.push_str(&format!("use ncloud_core::{{{}}};\n\n{first}", list(core)));
        for (from, names) in [
            (from, &self.local),
            ("crate::shared", &self.shared),
            ("crate::types", &self.by_hand),
        ] {
            if !names.is_empty() {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                out.push_str(&format!("use {from}::{{{}}};\n", list(names)));
            }
        }
        out.push('\n');
        out
    }

    /// Notes what a kind needs.
    pub(super) fn add(&mut self, service: Option<&Service>, kind: &Kind) {
        match kind {
            Kind::Date => {
                self.core.insert("DateTime");
            }
            Kind::Secret => {
                self.core.insert("Secret");
            }
            Kind::UserData => {
                self.core.insert("UserData");
            }
            Kind::Code(name) | Kind::Struct(name) => {
                let set = if name == "CommonCode" || name == "SortingOrder" {
                    &mut self.by_hand
                } else if is_shared(service, name) && service.is_some() {
                    &mut self.shared
                } else {
                    &mut self.local
                };
                set.insert(name.clone());
            }
            Kind::List(item) => self.add(service, item),
            Kind::Text | Kind::Integer | Kind::Long | Kind::Size | Kind::Number | Kind::Flag => {}
        }
    }
}

/// The Rust type of a value.
pub(super) fn rust_type(kind: &Kind) -> String {
    match kind {
        Kind::Text => "String".to_owned(),
        Kind::Integer => "i32".to_owned(),
        Kind::Long => "i64".to_owned(),
        Kind::Size => "u64".to_owned(),
        Kind::Number => "f64".to_owned(),
        Kind::Flag => "bool".to_owned(),
        Kind::Date => "DateTime".to_owned(),
        Kind::Secret => "Secret".to_owned(),
        Kind::UserData => "UserData".to_owned(),
        Kind::Code(name) | Kind::Struct(name) => name.clone(),
        Kind::List(item) => format!("Vec<{}>", rust_type(item)),
    }
}

/// Whether a value is made from whatever turns into it.
fn converts(kind: &Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Secret | Kind::Code(_))
}

/// The type of a parameter, and what turns it into the member's value; `generic` stands for the items of a list.
fn taken(kind: &Kind, name: &str, generic: char) -> (Option<String>, String, String) {
    match kind {
        Kind::List(item) if converts(item) => (
            Some(format!("{generic}: Into<{}>", rust_type(item))),
            format!("impl IntoIterator<Item = {generic}>"),
            format!("{name}.into_iter().map(Into::into).collect()"),
        ),
        Kind::List(item) => (
            None,
            format!("impl IntoIterator<Item = {}>", rust_type(item)),
            format!("{name}.into_iter().collect()"),
        ),
        kind if converts(kind) => (
            None,
            format!("impl Into<{}>", rust_type(kind)),
            format!("{name}.into()"),
        ),
        kind => (None, rust_type(kind), name.to_owned()),
    }
}

impl Structure<'_> {
    /// The struct, its shape and, if it is sent, its functions.
    pub(super) fn write(
        &self,
        api: &Api,
        service: Option<&Service>,
        about: &[String],
        imports: &mut Imports,
    ) -> Result<String, String> {
        imports.core.insert("shape");
        let mut kinds = Vec::new();
        for member in self.members.values() {
            let kind = api.kind(service, &member.kind)?;
            imports.add(service, &kind);
            kinds.push(kind);
        }
        let mut out = doc(0, about);
        out.push_str("#[derive(Clone, Debug, Default, PartialEq)]\n#[non_exhaustive]\n");
        out.push_str(&format!("pub struct {} {{\n", self.name));
        for ((name, member), kind) in self.members.iter().zip(&kinds) {
            out.push_str(&doc(4, &[self.about_field(api, name, member, kind)?]));
            let rust = rust_type(kind);
            let rust = match kind {
                Kind::List(_) => rust,
                _ if member.required && self.is_sent => rust,
                _ => format!("Option<{rust}>"),
            };
            out.push_str(&format!("    pub {}: {rust},\n", field(name)));
        }
        out.push_str("}\n\n");
        out.push_str(&self.shape());
        if self.is_sent {
            out.push_str(&self.functions(api, service, &kinds, imports)?);
        }
        Ok(out)
    }

    fn about_field(&self, api: &Api, name: &str, member: &Member, kind: &Kind) -> Result<String, String> {
        if !self.is_sent {
            return text::answer(api, name, member);
        }
        if member.required {
            let text = parameter(api, self.operation, name, member)?;
            return Ok(format!("`{}`: {text} Required.", text::wire(name, kind)));
        }
        Ok(see_setter(name, kind))
    }

    fn shape(&self) -> String {
        if self.members.is_empty() {
            return format!("shape! {{ {} {{}} }}\n", self.name);
        }
        let mut out = format!("shape! {{\n    {} {{\n", self.name);
        for (name, member) in self.members {
            let other = member.also.as_ref().map(|other| format!(" | {other:?}"));
            out.push_str(&format!(
                "        {name:?}{} => {},\n",
                other.unwrap_or_default(),
                field(name)
            ));
        }
        out.push_str("    }\n}\n");
        out
    }

    fn functions(
        &self,
        api: &Api,
        service: Option<&Service>,
        kinds: &[Kind],
        imports: &mut Imports,
    ) -> Result<String, String> {
        let mut out = format!("\nimpl {} {{\n", self.name);
        out.push_str(&self.constructor(api, kinds)?);
        for ((name, member), kind) in self.members.iter().zip(kinds) {
            if member.required {
                continue;
            }
            let text = parameter(api, self.operation, name, member)?;
            out.push('\n');
            out.push_str(&doc(4, &[format!("`{}`: {text}", text::wire(name, kind))]));
            let field = field(name);
            let (generic, parameter, value) = taken(kind, &field, 'T');
            let generic = generic.map(|generic| format!("<{generic}>")).unwrap_or_default();
            let value = match kind {
                Kind::List(_) => value,
                _ => format!("Some({value})"),
            };
            out.push_str(&format!(
                "    #[must_use]\n    pub fn {field}{generic}(mut self, {field}: {parameter}) -> Self {{\n        \
                 self.{field} = {value};\n        self\n    }}\n"
            ));
        }
        if self.operation.is_none() {
            let checks = check::of(api, service, self.members)?;
            if !checks.lines.is_empty() {
                imports.core.extend(["Error", "constraint"]);
                out.push_str(&format!(
                    "\n    pub(crate) fn check(&self) -> Result<(), Error> {{\n{}    }}\n",
                    checks.body()
                ));
            }
        }
        out.push_str("}\n");
        Ok(out)
    }

    fn constructor(&self, api: &Api, kinds: &[Kind]) -> Result<String, String> {
        let required: Vec<(&String, &Member, &Kind)> = self
            .members
            .iter()
            .zip(kinds)
            .filter(|((_, member), _)| member.required)
            .map(|((name, member), kind)| (name, member, kind))
            .collect();
        if required.is_empty() {
            let about = if self.members.is_empty() {
                "There are no parameters."
            } else {
                "Without any parameter: none is required."
            };
            return Ok(format!(
                "{}    #[must_use]\n    pub fn new() -> Self {{\n        Self::default()\n    }}\n",
                doc(4, &[about.to_owned()])
            ));
        }
        let mut about = "What is required:".to_owned();
        let (mut generics, mut parameters, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (name, member, kind) in required.iter().copied() {
            let field = field(name);
            let letter = ('T'..='Z')
                .nth(generics.len())
                .ok_or("too many lists are required")?;
            let text = api.sentence(name, member)?.trim_end_matches('.');
            about.push_str(&format!("\n* `{}`: {text}", snake(name)));
            let (generic, parameter, value) = taken(kind, &field, letter);
            generics.extend(generic);
            parameters.push(format!("{field}: {parameter}"));
            values.push(if value == field {
                field
            } else {
                format!("{field}: {value}")
            });
        }
        let generics = if generics.is_empty() {
            String::new()
        } else {
            format!("<{}>", generics.join(", "))
        };
        let rest = if required.len() == self.members.len() {
            ""
        } else {
            "            ..Self::default()\n"
        };
        let allow = if parameters.len() > 7 {
            "    #[allow(clippy::too_many_arguments, reason = \"that many are required\")]\n"
        } else {
            ""
        };
        Ok(format!(
            "{}    #[must_use]\n{allow}    pub fn new{generics}({}) -> Self {{\n        Self {{\n            {},\n{rest}        \
             }}\n    }}\n",
            doc(
                4,
                &about.split_once('\n').map_or_else(
                    || vec![about.clone()],
                    |(first, rest)| vec![first.to_owned(), rest.to_owned()]
                )
            ),
            parameters.join(", "),
            values.join(",\n            ")
        ))
    }
}
