//! Trees: made-up values, and how each format writes them.

/// A value, or several.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Text(String),
    Number(i64),
    Fraction(f64),
    Flag(bool),
    List(Vec<Tree>),
    Struct(Vec<(String, Tree)>),
}

impl Tree {
    pub(crate) fn json(&self) -> String {
        match self {
            Self::Text(text) => serde_json::to_string(text).unwrap(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Struct(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\":{}", value.json()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            scalar => scalar.text(),
        }
    }

    pub(crate) fn xml(&self, name: &str) -> String {
        let inside = match self {
            Self::Text(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
            Self::List(items) => {
                let item = name.strip_suffix("List").unwrap_or("item");
                items.iter().map(|value| value.xml(item)).collect()
            }
            Self::Struct(members) => members.iter().map(|(name, value)| value.xml(name)).collect(),
            scalar => scalar.text(),
        };
        format!("<{name}>{inside}</{name}>")
    }

    /// As a form has it: `list.N.member`.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        self.add_pairs("", &mut pairs);
        pairs
    }

    fn add_pairs(&self, name: &str, pairs: &mut Vec<(String, String)>) {
        let below = |part: &str| {
            if name.is_empty() {
                part.to_owned()
            } else {
                format!("{name}.{part}")
            }
        };
        match self {
            Self::List(items) => {
                for (item, number) in items.iter().zip(1..) {
                    item.add_pairs(&below(&number.to_string()), pairs);
                }
            }
            Self::Struct(members) => {
                for (member, value) in members {
                    value.add_pairs(&below(member), pairs);
                }
            }
            scalar => pairs.push((name.to_owned(), scalar.text())),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Fraction(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(_) | Self::Struct(_) => panic!("no scalar"),
        }
    }

    /// The same struct with more texts in front.
    pub(crate) fn with(&self, texts: &[(&str, &str)]) -> Self {
        let Self::Struct(members) = self else {
            panic!("no struct")
        };
        let texts = texts
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Self::Text((*text).to_owned())));
        Self::Struct(texts.chain(members.iter().cloned()).collect())
    }
}

pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next().unwrap(), rest.next().unwrap()];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
    }
    String::from_utf8(bytes).unwrap()
}
