//! Models: the files of `models/` as plain tables, and values made up for what they describe.

use std::collections::BTreeMap;
use std::path::Path;

use ncloud_core::Site;
use toml::{Table, Value};

use crate::tree::Tree;

/// A text that every encoder has to escape somewhere.
const AWKWARD: &str = "a b+c&d=e%ff~/한글";

pub(crate) struct Models {
    services: BTreeMap<String, Table>,
    shared: Table,
}

/// Numbers what is made up, so that no two values are alike.
#[derive(Default)]
pub(crate) struct Filler(i64);

impl Models {
    pub(crate) fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let mut services = BTreeMap::new();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let table: Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
            services.insert(path.file_stem().unwrap().to_str().unwrap().to_owned(), table);
        }
        services.remove("glossary").unwrap();
        let shared = services.remove("shared").unwrap();
        Self { services, shared }
    }

    fn operation(&self, service: &str, name: &str) -> &Table {
        self.services[service]["operations"][name].as_table().unwrap()
    }

    pub(crate) fn is_secret(&self, service: &str, name: &str) -> bool {
        self.operation(service, name)
            .get("secret")
            .is_some_and(|secret| secret.as_bool().unwrap())
    }

    /// A site that offers it.
    pub(crate) fn site(&self, service: &str, name: &str) -> Site {
        match self.operation(service, name).get("sites") {
            Some(sites) => {
                assert_eq!(sites.as_array().unwrap()[0].as_str(), Some("government"));
                Site::Government
            }
            None => Site::Public,
        }
    }

    pub(crate) fn is_read(&self, service: &str, name: &str) -> bool {
        self.operation(service, name)["safety"].as_str() == Some("read")
    }

    /// The kinds of the members that are required.
    pub(crate) fn required(&self, service: &str, name: &str) -> Vec<String> {
        let request = self.operation(service, name)["request"].as_table().unwrap();
        let required = request.values().filter(|member| {
            member
                .get("required")
                .is_some_and(|required| required.as_bool().unwrap())
        });
        required
            .map(|member| {
                // A number is there in any case, but one outside of its range is found out.
                let out = member
                    .get("range")
                    .is_some_and(|range| range[0].as_integer().unwrap() > 0);
                format!("{}{}", if out { "ranged " } else { "" }, kind(member))
            })
            .collect()
    }

    pub(crate) fn request(&self, service: &str, name: &str, filler: &mut Filler) -> Tree {
        let request = self.operation(service, name)["request"].as_table().unwrap();
        self.members(service, request, filler, true)
    }

    pub(crate) fn answer(&self, service: &str, name: &str, filler: &mut Filler) -> Tree {
        let answer = self.operation(service, name)["answer"].as_table().unwrap();
        self.members(service, answer, filler, false)
    }

    fn members(&self, service: &str, members: &Table, filler: &mut Filler, sent: bool) -> Tree {
        let members = members.iter().map(|(name, member)| {
            (
                name.clone(),
                self.value(service, kind(member), member, filler, sent),
            )
        });
        Tree::Struct(members.collect())
    }

    fn value(&self, service: &str, kind: &str, member: &Value, filler: &mut Filler, sent: bool) -> Tree {
        if let Some(item) = kind.strip_prefix('[') {
            let item = item.strip_suffix(']').unwrap();
            let mut one = || self.value(service, item, member, filler, sent);
            return Tree::List(vec![one(), one()]);
        }
        filler.0 += 1;
        let number = filler.0;
        match kind {
            "text" | "secret" => Tree::Text(filler.text(member)),
            "userData" => Tree::Text("IyEvYmluL3NoCg==".to_owned()),
            "integer" | "long" | "size" => Tree::Number(within(member, number)),
            "number" => Tree::Fraction(0.5 + f64::from(i32::try_from(number).unwrap())),
            "flag" => Tree::Flag(number % 2 == 0),
            "date" => Tree::Text(format!("2025-06-26T11:09:{:02}+0900", number % 60)),
            "SortingOrder" => Tree::Text("DESC".to_owned()),
            "CommonCode" => Tree::Struct(vec![
                ("code".to_owned(), Tree::Text(format!("CODE{number}"))),
                ("codeName".to_owned(), Tree::Text(format!("code {number}"))),
            ]),
            name => match self.services[service]
                .get("codes")
                .and_then(|codes| codes.get(name))
            {
                Some(codes) => {
                    let codes: Vec<&String> = codes["values"].as_table().unwrap().keys().collect();
                    let index = usize::try_from(number).unwrap() % codes.len();
                    Tree::Text(codes[index].clone())
                }
                None => self.members(service, self.found(service, name), filler, sent),
            },
        }
    }

    fn found(&self, service: &str, name: &str) -> &Table {
        let own = self.services[service]
            .get("types")
            .and_then(|types| types.get(name));
        let found = own.or_else(|| self.shared["types"].get(name));
        found.unwrap_or_else(|| panic!("{service} {name}"))["members"]
            .as_table()
            .unwrap()
    }
}

impl Filler {
    /// A text as long as it may be, and as awkward.
    fn text(&self, member: &Value) -> String {
        let limits = member.get("length").or_else(|| member.get("bytes"));
        let (least, most) = match limits.map(|limits| limits.as_array().unwrap()) {
            Some(limits) => (limits[0].as_integer().unwrap(), limits[1].as_integer().unwrap()),
            None => (0, 1000),
        };
        let (least, most) = (usize::try_from(least).unwrap(), usize::try_from(most).unwrap());
        let mut text = format!("{}{AWKWARD}", self.0);
        while text.len() > most {
            text.pop();
        }
        while text.chars().count() < least {
            text.push('x');
        }
        text
    }
}

/// A number in the member's range.
fn within(member: &Value, number: i64) -> i64 {
    match member.get("range").map(|range| range.as_array().unwrap()) {
        Some(range) => {
            let (least, most) = (range[0].as_integer().unwrap(), range[1].as_integer().unwrap());
            number.clamp(least, most)
        }
        None => number,
    }
}

fn kind(member: &Value) -> &str {
    match member {
        Value::String(kind) => kind,
        member => member["type"].as_str().unwrap(),
    }
}

/// Whether a check finds out that a required member of this kind is missing.
pub(crate) fn is_checked(kind: &str) -> bool {
    !["integer", "long", "size", "number", "flag"].contains(&kind)
}
