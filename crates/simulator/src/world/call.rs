//! Calls: one action being carried out on a world.

use std::collections::{BTreeMap, HashSet};
use std::time::SystemTime;

use ncloud_api::catalog::OperationModel;
use ncloud_core::DateTime;
use ncloud_core::codec::form::Form;
use ncloud_core::shape::{ReadError, Shape};
use serde_json::{Map, Value};

use super::kind::{Kind, Rule};
use super::kinds::Addresses;
use super::{Pace, World, change, create, list, remove, shown};
use crate::outcome::ServiceError;

/// Korean time, in which the platform writes its dates.
const OFFSET_SECONDS: i32 = 9 * 3600;

/// What an action has to work with.
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) model: &'static OperationModel,
    pub(crate) form: &'a Form,
    pub(crate) region: String,
    pub(crate) pace: Pace,
    /// Whether the next thing that is made comes to nothing; taken by whatever is made and can fail.
    pub(crate) next_creation_fails: &'a mut bool,
    /// Free addresses that were looked for already, by the number of their subnet or the name of their kind.
    pub(crate) addresses: BTreeMap<String, Addresses>,
}

impl Call<'_> {
    /// Carries the action out; its parameters were compared with its description before.
    pub(crate) fn run(
        &mut self,
        kind: &'static Kind,
        rule: &'static Rule,
    ) -> Result<Box<dyn Shape>, ServiceError> {
        let mut output = self.model.new_answer();
        let answer = match rule {
            Rule::List => {
                list::read(self, kind, output.as_mut())?;
                return Ok(output);
            }
            Rule::Detail => list::detail(self, kind),
            Rule::Create(complete) => create::create(self, kind, *complete),
            Rule::Delete { by, from } => remove::remove(self, kind, by, from),
            Rule::Move(moved) => change::begin(self, kind, moved),
            Rule::Set => change::set(self, kind),
            Rule::Odd(odd) => odd(self, kind),
        }?;
        shown::read(&answer, output.as_mut()).map_err(|error| not_shown(&error))?;
        Ok(output)
    }

    /// A parameter's text, if it is given and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name).filter(|value| !value.is_empty())
    }

    /// A parameter that has to be there.
    pub(crate) fn required(&self, name: &str) -> Result<String, ServiceError> {
        self.get(name)
            .map(str::to_owned)
            .ok_or_else(|| ServiceError::parameter(name, "is missing"))
    }

    /// A flag.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The items of a list of texts, or the one text of a parameter that is no list.
    pub(crate) fn items(&self, name: &str) -> Vec<String> {
        if let Some(value) = self.get(name) {
            return vec![value.to_owned()];
        }
        let mut items = Vec::new();
        for number in 1.. {
            match self.form.get(&format!("{name}.{number}")) {
                Some(item) => items.push(item.to_owned()),
                None => break,
            }
        }
        items
    }

    /// The numbers that a parameter names, each of them once.
    pub(crate) fn numbers(&self, name: &str) -> Vec<String> {
        let mut numbers = self.items(name);
        let mut seen = HashSet::new();
        numbers.retain(|number| seen.insert(number.clone()));
        numbers
    }

    /// How many of something a parameter wants, if it is given.
    pub(crate) fn count(&self, name: &str) -> Result<Option<usize>, ServiceError> {
        let count = self.get(name).map(str::parse).transpose();
        count.map_err(|_| ServiceError::parameter(name, "must be 0 or above"))
    }

    /// The structs of a list, each as the parameters below it.
    pub(crate) fn structs(&self, name: &str) -> Vec<Map<String, Value>> {
        let pairs = self.form.pairs();
        let mut seen = HashSet::new();
        let mut given: Vec<(usize, &str, usize, &str)> = Vec::new();
        for (full_name, value) in pairs {
            let below = full_name.strip_prefix(name);
            let Some((number, member)) = below.and_then(|rest| rest.strip_prefix('.')?.split_once('.'))
            else {
                continue;
            };
            // No more than there are parameters, whatever the numbers say; and of several of a name the first one, which was checked.
            let Some(index) = index(number).filter(|index| *index < pairs.len()) else {
                continue;
            };
            if seen.insert(full_name) {
                let item = member.rsplit_once('.').and_then(|(_, item)| self::index(item));
                given.push((index, member, item.unwrap_or_default(), value));
            }
        }
        // Lists within them are in the order of their numbers, too.
        given.sort_by_key(|(_, _, item, _)| *item);
        let count = given.iter().map(|(index, ..)| index.saturating_add(1)).max();
        let mut structs = vec![Map::new(); count.unwrap_or_default()];
        for (index, member, _, value) in given {
            let Some(found) = structs.get_mut(index) else {
                continue;
            };
            match member.rsplit_once('.') {
                Some((list, _)) => {
                    let items = found.entry(list).or_insert_with(|| Value::Array(Vec::new()));
                    if let Value::Array(items) = items {
                        items.push(value.into());
                    }
                }
                None => {
                    found.insert(member.to_owned(), value.into());
                }
            }
        }
        structs
    }

    /// The moment at which a change that begins now is over.
    pub(crate) fn end(&self) -> SystemTime {
        let end = self.pace.now.checked_add(self.pace.transition);
        end.unwrap_or(self.pace.now)
    }

    /// The same for something of a kind: at once, if it has no state to show meanwhile.
    pub(crate) fn end_of(&self, kind: &Kind) -> SystemTime {
        if kind.state.status.is_empty() && kind.state.operation.is_empty() {
            self.pace.now
        } else {
            self.end()
        }
    }

    /// The moment that it is, as members have it.
    pub(crate) fn date(&self) -> Value {
        Self::date_of(self.pace.now)
    }

    /// A moment, as members have it.
    pub(crate) fn date_of(moment: SystemTime) -> Value {
        let date = DateTime::from_system_time(moment);
        let date = date.map(|date| date.with_offset_seconds(OFFSET_SECONDS).to_string());
        Value::String(date.unwrap_or_default())
    }

    /// The answer that shows what these resources have just begun to be.
    pub(crate) fn show(&self, kind: &'static Kind, numbers: &[u64]) -> Map<String, Value> {
        let shown = numbers.iter();
        let shown = shown.filter_map(|number| self.world.begun(kind, *number).map(Value::Object));
        answer(kind.list, shown.collect())
    }
}

/// The place of a list's item, counted from 0; in names it is counted from 1.
fn index(number: &str) -> Option<usize> {
    number.parse::<usize>().ok()?.checked_sub(1)
}

/// An answer with a list.
pub(crate) fn answer(list: &str, items: Vec<Value>) -> Map<String, Value> {
    let mut answer = Map::new();
    answer.insert("totalRows".to_owned(), Value::from(items.len()));
    answer.insert(list.to_owned(), Value::Array(items));
    answer
}

/// An answer that does not fit its description.
pub(super) fn not_shown(error: &ReadError) -> ServiceError {
    ServiceError::internal(&format!("{} cannot be shown: {error}", error.path()))
}
