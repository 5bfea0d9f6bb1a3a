//! Model: what the files in `crates/api/models` hold, as they hold it.

use indexmap::IndexMap;
use serde::Deserialize;

/// Members by their names on the wire, in the order in which they are written.
pub(crate) type Members = IndexMap<String, Member>;

/// A service's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceFile {
    pub(crate) service: ServiceHead,
    #[serde(default)]
    pub(crate) codes: IndexMap<String, CodeList>,
    #[serde(default)]
    pub(crate) types: IndexMap<String, Type>,
    #[serde(default)]
    pub(crate) operations: IndexMap<String, Operation>,
    #[serde(default)]
    pub(crate) waiters: IndexMap<String, Waiter>,
}

/// The file of types that several services share.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SharedFile {
    pub(crate) types: IndexMap<String, Type>,
}

/// The file of sentences about members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Glossary {
    pub(crate) members: IndexMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceHead {
    pub(crate) title: String,
    pub(crate) path: String,
    pub(crate) summary: String,
    /// Shared types that stand in the service's module, too.
    #[serde(default)]
    pub(crate) shared: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeList {
    pub(crate) summary: String,
    pub(crate) values: IndexMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Type {
    pub(crate) summary: String,
    /// Of a shared type: the services that have it; none for all.
    #[serde(default)]
    pub(crate) services: Vec<String>,
    pub(crate) members: Members,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) summary: String,
    pub(crate) page: Option<String>,
    pub(crate) safety: Safety,
    pub(crate) paging: Option<Paging>,
    #[serde(default)]
    pub(crate) secret: bool,
    /// The sites that offer it, where not all do.
    #[serde(default)]
    pub(crate) sites: Vec<Site>,
    pub(crate) notes: Option<String>,
    /// What the answer holds.
    pub(crate) output: String,
    pub(crate) request: Members,
    pub(crate) answer: Members,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Safety {
    Read,
    Idempotent,
    Mutating,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Site {
    Public,
    Government,
    Financial,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Paging {
    FromOne,
    FromZero,
    Offset,
}

/// What is known of a member at its place.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "MemberForm")]
pub(crate) struct Member {
    /// `text`, `[Vpc]` and the like.
    pub(crate) kind: String,
    pub(crate) required: bool,
    /// The documentation says that it is required, the platform's own clients do not.
    pub(crate) documented_required: bool,
    /// Another spelling under which it is read.
    pub(crate) also: Option<String>,
    /// The list of codes that a `CommonCode` has.
    pub(crate) codes: Option<String>,
    pub(crate) length: Option<[u64; 2]>,
    pub(crate) bytes: Option<[u64; 2]>,
    pub(crate) range: Option<[i64; 2]>,
    pub(crate) one_of: Vec<i64>,
    /// Values that are documented, in words.
    pub(crate) allowed: Option<String>,
    /// What the text has to look like, in words.
    pub(crate) form: Option<String>,
    pub(crate) default: Option<String>,
    pub(crate) required_with: Option<String>,
    /// When it is required, in words.
    pub(crate) when: Option<String>,
    /// The sentence for this place, where the glossary's does not do.
    pub(crate) doc: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MemberForm {
    Kind(String),
    Table(Box<MemberTable>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberTable {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    documented_required: bool,
    also: Option<String>,
    codes: Option<String>,
    length: Option<[u64; 2]>,
    bytes: Option<[u64; 2]>,
    range: Option<[i64; 2]>,
    #[serde(default)]
    one_of: Vec<i64>,
    allowed: Option<String>,
    form: Option<String>,
    default: Option<String>,
    required_with: Option<String>,
    when: Option<String>,
    doc: Option<String>,
}

impl From<MemberForm> for Member {
    fn from(form: MemberForm) -> Self {
        match form {
            MemberForm::Kind(kind) => Self {
                kind,
                ..Self::default()
            },
            MemberForm::Table(table) => Self {
                kind: table.kind,
                required: table.required,
                documented_required: table.documented_required,
                also: table.also,
                codes: table.codes,
                length: table.length,
                bytes: table.bytes,
                range: table.range,
                one_of: table.one_of,
                allowed: table.allowed,
                form: table.form,
                default: table.default,
                required_with: table.required_with,
                when: table.when,
                doc: table.doc,
            },
        }
    }
}

/// Conditions on the first item of a list: members and the values of which each has to have one.
pub(crate) type Conditions = IndexMap<String, Vec<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waiter {
    pub(crate) summary: String,
    /// The operation that looks.
    pub(crate) operation: String,
    /// Its parameters that say what to look at, besides those that are required.
    #[serde(default)]
    pub(crate) by: Vec<String>,
    /// The list in its answer whose first item is judged.
    pub(crate) list: String,
    #[serde(default)]
    pub(crate) done: Conditions,
    #[serde(default)]
    pub(crate) failed: Conditions,
    /// Operations after which one waits so.
    #[serde(default)]
    pub(crate) begun_by: Vec<String>,
    /// Whether it waits until there is nothing left.
    #[serde(default)]
    pub(crate) gone: bool,
    /// Return codes that mean that there is nothing.
    #[serde(default)]
    pub(crate) not_found: Vec<String>,
    pub(crate) minutes: u64,
}
