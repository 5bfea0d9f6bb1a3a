//! Entries: lists inside a resource, such as rules and routes, which are added to and removed from while it is being set.

use ncloud_api::catalog;
use serde_json::{Map, Value};

use super::call::{Call, answer};
use super::kind::{Kind, Phase};
use super::{Change, common_code, text};
use crate::outcome::ServiceError;

/// What is declared of a list inside a resource.
pub(crate) struct Entries {
    /// The parameter with those to add or to remove, the member that keeps them, and the list that shows them.
    pub(crate) list: &'static str,
    /// The member that tells the direction, and its code.
    pub(crate) direction: Option<(&'static str, &'static str)>,
    /// Members by which two entries are the same one.
    pub(crate) same: &'static [&'static str],
    /// How many there may be in a resource.
    pub(crate) limit: usize,
    /// The return code that says that the list is being changed.
    pub(crate) busy_code: &'static str,
    /// The state while the list is being set, and the one after it.
    pub(crate) during: Phase,
    pub(crate) then: Phase,
    /// Checks an entry that was given, and fills in what it has besides its parameters.
    pub(crate) complete: Complete,
}

/// Checks and completes an entry.
pub(crate) type Complete =
    fn(&Call<'_>, given: &Given<'_>, entry: &mut Map<String, Value>) -> Result<(), ServiceError>;

/// An entry as it was given.
pub(crate) struct Given<'a> {
    /// What the names of its parameters begin with: `routeList.1.`
    pub(crate) place: &'a str,
    pub(crate) parameters: &'a Map<String, Value>,
    /// Whether it is to be added, so that what it names has to be there.
    pub(crate) is_new: bool,
}

impl Given<'_> {
    /// The text of a parameter; empty if it is not given.
    pub(crate) fn text(&self, name: &str) -> String {
        text(self.parameters, name)
    }

    /// The whole name of a parameter.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.place)
    }
}

/// An entry, and the name of the parameter that it is in.
type Named = (String, Map<String, Value>);
type Answer = Result<Map<String, Value>, ServiceError>;

/// Adds entries: all that are given, or none.
pub(crate) fn add(call: &mut Call<'_>, kind: &'static Kind, entries: &Entries) -> Answer {
    let number = call.required(kind.number)?;
    let mut known = check(call, kind, entries, &number)?;
    let given = given(call, kind, entries, &number, true)?;
    if known.len().saturating_add(given.len()) > entries.limit {
        return Err(ServiceError::quota(entries.list, entries.limit));
    }
    for (place, entry) in given {
        if known.iter().any(|known| is_same(entries, known, &entry)) {
            return Err(ServiceError::taken(&place, &identity(entries, &entry)));
        }
        known.push(Value::Object(entry));
    }
    Ok(store(call, kind, entries, &number, known))
}

/// Removes entries: all that are given, or none.
pub(crate) fn remove(call: &mut Call<'_>, kind: &'static Kind, entries: &Entries) -> Answer {
    let number = call.required(kind.number)?;
    let mut known = check(call, kind, entries, &number)?;
    for (place, entry) in given(call, kind, entries, &number, false)? {
        let position = known.iter().position(|known| is_same(entries, known, &entry));
        let position = position.ok_or_else(|| ServiceError::authority(&place, &identity(entries, &entry)))?;
        if known
            .get(position)
            .is_some_and(|found| found["isDefault"] == true)
        {
            let problem = "is a built-in one and cannot be removed";
            return Err(ServiceError::state(&place, &identity(entries, &entry), problem));
        }
        known.remove(position);
    }
    Ok(store(call, kind, entries, &number, known))
}

/// Shows the entries of a resource; those of one direction, if the parameter for it is given.
pub(crate) fn show(call: &Call<'_>, kind: &'static Kind, entries: &Entries) -> Answer {
    let number = call.required(kind.number)?;
    let mut known = owned(call, kind, entries, &number)?;
    if let Some((member, _)) = entries.direction
        && let Some(wanted) = call.get(&format!("{member}Code"))
    {
        known.retain(|entry| super::text_of(&entry[member]) == wanted);
    }
    Ok(answer(entries.list, known))
}

/// The entries of a resource that is there, in the VPC that the call names, if it names one.
fn owned(
    call: &Call<'_>,
    kind: &'static Kind,
    entries: &Entries,
    number: &str,
) -> Result<Vec<Value>, ServiceError> {
    let found = call.world.find(kind, &call.region, number, call.pace.now);
    let found = found.ok_or_else(|| kind.absent(kind.number, number))?;
    if let Some(vpc) = call.get("vpcNo")
        && found.text("vpcNo") != vpc
    {
        return Err(ServiceError::authority("vpcNo", vpc));
    }
    let known = found.members.get(entries.list).and_then(Value::as_array);
    let mut known = known.cloned().unwrap_or_default();
    // Those that it was made with do not have its number yet.
    for entry in known.iter_mut().filter_map(Value::as_object_mut) {
        entry.insert(kind.number.to_owned(), Value::String(number.to_owned()));
    }
    Ok(known)
}

/// The same, if nothing else is going on.
fn check(
    call: &Call<'_>,
    kind: &'static Kind,
    entries: &Entries,
    number: &str,
) -> Result<Vec<Value>, ServiceError> {
    let known = owned(call, kind, entries, number)?;
    let found = call.world.find(kind, &call.region, number, call.pace.now);
    if found.is_some_and(|found| found.is_busy(call.pace.now)) {
        return Err(ServiceError::busy(entries.busy_code, kind.number, number));
    }
    Ok(known)
}

/// The entries that are given, each with the name of its parameter.
fn given(
    call: &Call<'_>,
    kind: &'static Kind,
    entries: &Entries,
    number: &str,
    is_new: bool,
) -> Result<Vec<Named>, ServiceError> {
    let mut all = Vec::new();
    for (index, parameters) in call.structs(entries.list).iter().enumerate() {
        let name = format!("{}.{}", entries.list, index.saturating_add(1));
        let mut entry = members_of(call, entries, parameters);
        if let Some((member, code)) = entries.direction {
            entry.insert(member.to_owned(), common_code(code, code));
        }
        let place = format!("{name}.");
        let given = Given {
            place: &place,
            parameters,
            is_new,
        };
        (entries.complete)(call, &given, &mut entry)?;
        entry.insert(kind.number.to_owned(), Value::String(number.to_owned()));
        all.push((name, entry));
    }
    Ok(all)
}

/// The parameters that are members of an entry; `xCode` is the code of `x`.
fn members_of(call: &Call<'_>, entries: &Entries, parameters: &Map<String, Value>) -> Map<String, Value> {
    let list = call.model.answer.member(entries.list);
    let Some(catalog::Kind::List(catalog::Kind::Struct(item))) = list.map(|list| list.kind) else {
        return Map::new();
    };
    let mut members = Map::new();
    for (name, value) in parameters {
        if super::text_of(value).is_empty() {
            continue;
        }
        if item.member(name).is_some() {
            members.insert(name.clone(), value.clone());
        } else if let Some(member) = name.strip_suffix("Code")
            && item.member(member).is_some()
        {
            let code = super::text_of(value);
            members.insert(member.to_owned(), common_code(&code, &code));
        }
    }
    members
}

fn is_same(entries: &Entries, known: &Value, entry: &Map<String, Value>) -> bool {
    let is_of_direction = entries
        .direction
        .is_none_or(|(member, code)| super::text_of(&known[member]) == code);
    let mut members = entries.same.iter();
    is_of_direction && members.all(|member| super::text_of(&known[*member]) == text(entry, member))
}

/// What an entry is known by, for messages.
fn identity(entries: &Entries, entry: &Map<String, Value>) -> String {
    let parts = entries.same.iter().map(|member| text(entry, member));
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// Keeps the list, which is in force when the resource has been set.
fn store(
    call: &mut Call<'_>,
    kind: &'static Kind,
    entries: &Entries,
    number: &str,
    known: Vec<Value>,
) -> Map<String, Value> {
    let change = Change::new(call.end_of(kind), entries.during, entries.then);
    if let Some(found) = call.world.find_mut(kind, &call.region, number, call.pace.now) {
        let list = Value::Array(known.clone());
        found.members.insert(entries.list.to_owned(), list);
        found.begin(change);
    }
    answer(entries.list, known)
}
