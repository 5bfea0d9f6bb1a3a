//! Shapes for testing codecs: structs in structs, lists in structs in lists, lists of texts, every scalar; arbitrary values of
//! them; and, in code of its own, what they are as form pairs and what is left of them after reading.

use std::time::{Duration, SystemTime};

use ncloud_core::{DateTime, code, shape};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

code! {
    pub(crate) enum Kind {
        First = "FIRST",
        Second = "SECOND",
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Code {
    pub(crate) code: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) text: Option<String>,
    pub(crate) number: Option<i32>,
    pub(crate) texts: Vec<String>,
    pub(crate) codes: Vec<Code>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Branch {
    pub(crate) label: Option<String>,
    pub(crate) code: Option<Code>,
    pub(crate) leaf: Option<Leaf>,
    pub(crate) leaves: Vec<Leaf>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tree {
    pub(crate) required: String,
    pub(crate) count: i32,
    pub(crate) flag: Option<bool>,
    pub(crate) large: Option<i64>,
    pub(crate) size: Option<u64>,
    pub(crate) ratio: Option<f64>,
    pub(crate) date: Option<DateTime>,
    pub(crate) kind: Option<Kind>,
    pub(crate) branch: Option<Branch>,
    pub(crate) branches: Vec<Branch>,
    pub(crate) texts: Vec<String>,
    pub(crate) numbers: Vec<i64>,
    pub(crate) flags: Vec<bool>,
}

shape! { Code { "code" => code, "codeName" => name } }
shape! { Leaf { "text" => text, "number" => number, "textList" => texts, "codeList" => codes } }
shape! { Branch { "label" => label, "code" => code, "leaf" => leaf, "leafList" => leaves } }
shape! {
    Tree {
        "required" => required,
        "count" => count,
        "flag" => flag,
        "large" => large,
        "size" => size,
        "ratio" => ratio,
        "date" => date,
        "kind" => kind,
        "branch" => branch,
        "branchList" => branches,
        "textList" => texts,
        "numberList" => numbers,
        "flagList" => flags,
    }
}

/// Any Unicode text, control characters, separators of every format and the empty text among it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let special: Vec<char> = "&=+%.;<>\"'\\/?#[]{}~- \t\r\n\u{0}\u{85}\u{2028}\u{feff}\u{fffe}한🙂]]>"
        .chars()
        .collect();
    let special = prop::sample::select(special);
    vec(prop_oneof![3 => any::<char>(), 2 => special], 0..8).prop_map(String::from_iter)
}

fn date() -> impl Strategy<Value = DateTime> {
    // The years 1970 to 5138, offsets by the minute up to just below a day.
    (0_u64..100_000_000_000, -1439_i32..=1439).prop_map(|(seconds, minutes)| {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        DateTime::from_system_time(moment)
            .unwrap()
            .with_offset_seconds(minutes * 60)
    })
}

fn finite() -> impl Strategy<Value = f64> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::First), Just(Kind::Second), text().prop_map(Kind::from)]
}

fn code() -> impl Strategy<Value = Code> {
    (of(text()), of(text())).prop_map(|(code, name)| Code { code, name })
}

fn leaf() -> impl Strategy<Value = Leaf> {
    (of(text()), of(any::<i32>()), vec(text(), 0..3), vec(code(), 0..3)).prop_map(
        |(text, number, texts, codes)| Leaf {
            text,
            number,
            texts,
            codes,
        },
    )
}

fn branch() -> impl Strategy<Value = Branch> {
    (of(text()), of(code()), of(leaf()), vec(leaf(), 0..3)).prop_map(|(label, code, leaf, leaves)| Branch {
        label,
        code,
        leaf,
        leaves,
    })
}

pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let scalars = (
        text(),
        any::<i32>(),
        of(any::<bool>()),
        of(any::<i64>()),
        of(any::<u64>()),
        of(finite()),
        of(date()),
        of(kind()),
    );
    let lists = (
        vec(branch(), 0..3),
        vec(text(), 0..12),
        vec(any::<i64>(), 0..3),
        vec(any::<bool>(), 0..3),
    );
    (scalars, of(branch()), lists).prop_map(|(scalars, branch, lists)| {
        let (required, count, flag, large, size, ratio, date, kind) = scalars;
        let (branches, texts, numbers, flags) = lists;
        Tree {
            required,
            count,
            flag,
            large,
            size,
            ratio,
            date,
            kind,
            branch,
            branches,
            texts,
            numbers,
            flags,
        }
    })
}

pub(crate) type Pairs = Vec<(String, String)>;

/// The form pairs of a value, written down by hand, so that the encoder is not tested by itself.
pub(crate) trait Flat {
    fn pairs(&self, prefix: &str) -> Pairs;
}

fn one<T: ToString>(prefix: &str, name: &str, value: Option<&T>) -> Pairs {
    value
        .map(|value| (format!("{prefix}{name}"), value.to_string()))
        .into_iter()
        .collect()
}

fn each<T: ToString>(prefix: &str, name: &str, items: &[T]) -> Pairs {
    let numbered = items.iter().enumerate();
    numbered
        .map(|(index, item)| (format!("{prefix}{name}.{}", index + 1), item.to_string()))
        .collect()
}

fn inside<T: Flat>(prefix: &str, name: &str, value: Option<&T>) -> Pairs {
    value.map_or_else(Vec::new, |value| value.pairs(&format!("{prefix}{name}.")))
}

fn each_inside<T: Flat>(prefix: &str, name: &str, items: &[T]) -> Pairs {
    let numbered = items.iter().enumerate();
    numbered
        .flat_map(|(index, item)| item.pairs(&format!("{prefix}{name}.{}.", index + 1)))
        .collect()
}

impl Flat for Code {
    fn pairs(&self, prefix: &str) -> Pairs {
        [
            one(prefix, "code", self.code.as_ref()),
            one(prefix, "codeName", self.name.as_ref()),
        ]
        .concat()
    }
}

impl Flat for Leaf {
    fn pairs(&self, prefix: &str) -> Pairs {
        [
            one(prefix, "text", self.text.as_ref()),
            one(prefix, "number", self.number.as_ref()),
            each(prefix, "textList", &self.texts),
            each_inside(prefix, "codeList", &self.codes),
        ]
        .concat()
    }
}

impl Flat for Branch {
    fn pairs(&self, prefix: &str) -> Pairs {
        [
            one(prefix, "label", self.label.as_ref()),
            inside(prefix, "code", self.code.as_ref()),
            inside(prefix, "leaf", self.leaf.as_ref()),
            each_inside(prefix, "leafList", &self.leaves),
        ]
        .concat()
    }
}

impl Flat for Tree {
    fn pairs(&self, prefix: &str) -> Pairs {
        [
            one(prefix, "required", Some(&self.required)),
            one(prefix, "count", Some(&self.count)),
            one(prefix, "flag", self.flag.as_ref()),
            one(prefix, "large", self.large.as_ref()),
            one(prefix, "size", self.size.as_ref()),
            one(prefix, "ratio", self.ratio.as_ref()),
            one(prefix, "date", self.date.as_ref()),
            one(prefix, "kind", self.kind.as_ref()),
            inside(prefix, "branch", self.branch.as_ref()),
            each_inside(prefix, "branchList", &self.branches),
            each(prefix, "textList", &self.texts),
            each(prefix, "numberList", &self.numbers),
            each(prefix, "flagList", &self.flags),
        ]
        .concat()
    }
}

/// How a format shows that something is there.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Rule {
    /// In a form, only what has a pair is there.
    Form,
    /// In JSON and XML an empty list is there, and so is the struct that has it.
    Document,
}

/// What is left of a value after writing and reading: empty text of an optional member and empty structs read as absent.
pub(crate) trait Normal: Sized {
    fn normal(&self, rule: Rule) -> Option<Self>;
}

fn full(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}

fn all<T: Normal>(items: &[T], rule: Rule) -> Vec<T> {
    items.iter().filter_map(|item| item.normal(rule)).collect()
}

impl Normal for Code {
    fn normal(&self, _rule: Rule) -> Option<Self> {
        (self.code.is_some() || self.name.is_some()).then(|| Self {
            code: full(self.code.as_ref()),
            name: full(self.name.as_ref()),
        })
    }
}

impl Normal for Leaf {
    fn normal(&self, rule: Rule) -> Option<Self> {
        (rule == Rule::Document || !self.pairs("").is_empty()).then(|| Self {
            text: full(self.text.as_ref()),
            number: self.number,
            texts: self.texts.clone(),
            codes: all(&self.codes, rule),
        })
    }
}

impl Normal for Branch {
    fn normal(&self, rule: Rule) -> Option<Self> {
        (rule == Rule::Document || !self.pairs("").is_empty()).then(|| Self {
            label: full(self.label.as_ref()),
            code: self.code.as_ref().and_then(|code| code.normal(rule)),
            leaf: self.leaf.as_ref().and_then(|leaf| leaf.normal(rule)),
            leaves: all(&self.leaves, rule),
        })
    }
}

impl Tree {
    pub(crate) fn normal(&self, rule: Rule) -> Self {
        Self {
            kind: self.kind.clone().filter(|kind| !kind.as_str().is_empty()),
            branch: self.branch.as_ref().and_then(|branch| branch.normal(rule)),
            branches: all(&self.branches, rule),
            ..self.clone()
        }
    }
}
