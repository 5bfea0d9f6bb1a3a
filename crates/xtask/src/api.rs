//! API: all models together, with every reference resolved, or what is wrong with them.

use std::collections::BTreeSet;
use std::path::Path;

use indexmap::IndexMap;

use crate::model::{Glossary, Member, Members, Operation, ServiceFile, SharedFile, Type};

/// The services in the order in which they are shown.
pub(crate) const SERVICES: [&str; 16] = [
    "vserver",
    "vpc",
    "vloadbalancer",
    "vautoscaling",
    "vnas",
    "vmysql",
    "vmssql",
    "vmongodb",
    "vpostgresql",
    "vredis",
    "vhadoop",
    "server",
    "autoscaling",
    "loadbalancer",
    "clouddb",
    "cdn",
];

/// Types that stand in `ncloud-api` by hand, for all services.
const BY_HAND: [&str; 2] = ["CommonCode", "SortingOrder"];

pub(crate) struct Api {
    pub(crate) services: Vec<Service>,
    pub(crate) shared: IndexMap<String, Type>,
    glossary: Glossary,
}

pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) file: ServiceFile,
    /// Types that stand in requests, in answers.
    pub(crate) in_requests: BTreeSet<String>,
}

/// What a member is, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Long,
    Size,
    Number,
    Flag,
    Date,
    Secret,
    UserData,
    Code(String),
    Struct(String),
    List(Box<Kind>),
}

impl Api {
    /// Reads and checks all files.
    pub(crate) fn load(folder: &Path) -> Result<Self, String> {
        let glossary: Glossary = read(&folder.join("glossary.toml"))?;
        let shared: SharedFile = read(&folder.join("shared.toml"))?;
        let mut services = Vec::new();
        for name in SERVICES {
            let file: ServiceFile = read(&folder.join(format!("{name}.toml")))?;
            services.push(Service {
                name,
                file,
                in_requests: BTreeSet::new(),
            });
        }
        let mut api = Self {
            services,
            shared: shared.types,
            glossary,
        };
        let reached: Vec<_> = api.services.iter().map(|service| api.reached(service)).collect();
        for (service, reached) in api.services.iter_mut().zip(reached) {
            service.in_requests = reached;
        }
        api.check()?;
        Ok(api)
    }

    pub(crate) fn kind(&self, service: Option<&Service>, text: &str) -> Result<Kind, String> {
        if let Some(item) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            return Ok(Kind::List(Box::new(self.kind(service, item)?)));
        }
        Ok(match text {
            "text" => Kind::Text,
            "integer" => Kind::Integer,
            "long" => Kind::Long,
            "size" => Kind::Size,
            "number" => Kind::Number,
            "flag" => Kind::Flag,
            "date" => Kind::Date,
            "secret" => Kind::Secret,
            "userData" => Kind::UserData,
            "CommonCode" => Kind::Struct(text.to_owned()),
            "SortingOrder" => Kind::Code(text.to_owned()),
            _ if service.is_some_and(|service| service.file.codes.contains_key(text)) => {
                Kind::Code(text.to_owned())
            }
            _ if service.is_some_and(|service| service.file.types.contains_key(text))
                || self.shared.contains_key(text) =>
            {
                Kind::Struct(text.to_owned())
            }
            _ => return Err(format!("there is no type {text}")),
        })
    }

    /// A struct's members, wherever it stands; none for those that are written by hand.
    pub(crate) fn members<'a>(&'a self, service: Option<&'a Service>, name: &str) -> Option<&'a Members> {
        service
            .and_then(|service| service.file.types.get(name))
            .or_else(|| self.shared.get(name))
            .map(|found| &found.members)
    }

    /// The sentence about a member.
    pub(crate) fn sentence<'a>(&'a self, name: &str, member: &'a Member) -> Result<&'a str, String> {
        member
            .doc
            .as_deref()
            .or_else(|| self.glossary.members.get(name).map(String::as_str))
            .filter(|text| !text.is_empty())
            .ok_or_else(|| format!("{name} has no sentence, neither of its own nor in the glossary"))
    }

    /// The structs that requests of a service are made of.
    fn reached(&self, service: &Service) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Members> = service
            .file
            .operations
            .values()
            .map(|operation| &operation.request)
            .collect();
        while let Some(members) = open.pop() {
            for member in members.values() {
                let name = member.kind.trim_matches(['[', ']']);
                if let Some(members) = self.members(Some(service), name)
                    && reached.insert(name.to_owned())
                {
                    open.push(members);
                }
            }
        }
        reached
    }

    fn check(&self) -> Result<(), String> {
        let mut problems = Vec::new();
        for (name, found) in &self.shared {
            self.check_members(None, name, &found.members, &mut problems);
            demand(name, &found.summary, &mut problems);
        }
        for service in &self.services {
            self.check_service(service, &mut problems);
        }
        let used: BTreeSet<&String> = self.all_members().flat_map(|members| members.keys()).collect();
        for name in self.glossary.members.keys() {
            if !used.contains(name) {
                problems.push(format!("glossary: no member is called {name}"));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems.join("\n"))
        }
    }

    fn check_service(&self, service: &Service, problems: &mut Vec<String>) {
        let at = |what: &str| format!("{} {what}", service.name);
        demand(&at("service"), &service.file.service.summary, problems);
        for (name, codes) in &service.file.codes {
            demand(&at(name), &codes.summary, problems);
            for (code, meaning) in &codes.values {
                demand(&at(&format!("{name} {code}")), meaning, problems);
            }
        }
        for (name, found) in &service.file.types {
            demand(&at(name), &found.summary, problems);
            self.check_members(Some(service), name, &found.members, problems);
        }
        for (name, operation) in &service.file.operations {
            demand(&at(name), &operation.summary, problems);
            demand(&at(name), &operation.output, problems);
            self.check_members(Some(service), name, &operation.request, problems);
            self.check_members(Some(service), name, &operation.answer, problems);
            if operation.paging.is_some() && self.paged_list(service, operation).is_none() {
                problems.push(format!(
                    "{}: paged, but not one list of structs in its answer",
                    at(name)
                ));
            }
        }
        for (name, waiter) in &service.file.waiters {
            match service.file.operations.get(&waiter.operation) {
                Some(operation) if operation.answer.contains_key(&waiter.list) => {}
                _ => problems.push(format!(
                    "{}: no list {} in {}",
                    at(name),
                    waiter.list,
                    waiter.operation
                )),
            }
        }
    }

    fn check_members(
        &self,
        service: Option<&Service>,
        owner: &str,
        members: &Members,
        problems: &mut Vec<String>,
    ) {
        let place = service.map_or("shared", |service| service.name);
        for (name, member) in members {
            match self.kind(service, &member.kind) {
                Ok(kind) => problems.extend(
                    contradictions(member, &kind)
                        .into_iter()
                        .map(|problem| format!("{place} {owner}.{name}: {problem}")),
                ),
                Err(problem) => problems.push(format!("{place} {owner}.{name}: {problem}")),
            }
            if let Err(problem) = self.sentence(name, member) {
                problems.push(format!("{place} {owner}: {problem}"));
            }
            if let Some(codes) = &member.codes
                && !service.is_some_and(|service| service.file.codes.contains_key(codes))
            {
                problems.push(format!("{place} {owner}.{name}: there are no codes {codes}"));
            }
        }
    }

    fn all_members(&self) -> impl Iterator<Item = &Members> {
        let of_services = self.services.iter().flat_map(|service| {
            let operations = service.file.operations.values();
            let types = service.file.types.values().map(|found| &found.members);
            operations
                .flat_map(|operation| [&operation.request, &operation.answer])
                .chain(types)
        });
        of_services.chain(self.shared.values().map(|found| &found.members))
    }

    /// The list that is in pages: the only one of structs. Its name and the name of the struct.
    pub(crate) fn paged_list<'a>(
        &self,
        service: &Service,
        operation: &'a Operation,
    ) -> Option<(&'a str, String)> {
        let lists = operation.answer.iter().filter_map(|(name, member)| {
            match self.kind(Some(service), &member.kind).ok()? {
                Kind::List(item) => match *item {
                    Kind::Struct(item) => Some((name.as_str(), item)),
                    _ => None,
                },
                _ => None,
            }
        });
        let lists: Vec<_> = lists.collect();
        match lists.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}

/// Whether a type belongs to the crate's root and not to a service.
pub(crate) fn is_shared(service: Option<&Service>, name: &str) -> bool {
    BY_HAND.contains(&name)
        || !service.is_some_and(|service| {
            service.file.types.contains_key(name) || service.file.codes.contains_key(name)
        })
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// What a member's limits say that cannot be meant: limits that its type does not have, or a default that they refuse.
fn contradictions(member: &Member, kind: &Kind) -> Vec<&'static str> {
    let mut problems = Vec::new();
    let is_text = matches!(kind, Kind::Text | Kind::Secret);
    if (member.length.is_some() || member.bytes.is_some()) && !is_text {
        problems.push("a length, but no text");
    }
    if member.required && (member.default.is_some() || member.when.is_some()) {
        problems.push("required, but with a default or a condition");
    }
    let Some([least, most]) = member.range else {
        return problems;
    };
    if !matches!(kind, Kind::Integer | Kind::Long | Kind::Size) {
        problems.push("a range, but no whole number");
    }
    let default = member
        .default
        .as_deref()
        .map(|text| text.trim_matches('`').parse::<i64>());
    if let Some(Ok(default)) = default
        && !(least..=most).contains(&default)
    {
        problems.push("a default that its range refuses");
    }
    problems
}

/// Complains about a sentence that is missing.
fn demand(place: &str, sentence: &str, problems: &mut Vec<String>) {
    if sentence.trim().is_empty() {
        problems.push(format!("{place}: a sentence is missing"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_contradict_are_found() {
        let port = Member {
            range: Some([10_000, 20_000]),
            default: Some("3306".to_owned()),
            ..Member::default()
        };
        assert_eq!(
            contradictions(&port, &Kind::Integer),
            ["a default that its range refuses"]
        );
        let list = Member {
            length: Some([1, 30]),
            ..Member::default()
        };
        let kind = Kind::List(Box::new(Kind::Text));
        assert_eq!(contradictions(&list, &kind), ["a length, but no text"]);
        assert_eq!(contradictions(&list, &Kind::Text), [""; 0]);
        let condition = Member {
            required: true,
            when: Some("the other list is absent".to_owned()),
            ..Member::default()
        };
        assert_eq!(contradictions(&condition, &Kind::Text).len(), 1);
    }
}
