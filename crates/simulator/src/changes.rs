//! Changes: how often each action was carried out, and each change by what it asked for.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use ncloud_core::{Info, Safety};

/// How many different changes are told apart; after that, only their actions are counted.
const LIMIT: usize = 100_000;

/// An action that changes something, as it was carried out with the very same parameters; see
/// [`Simulator::changes`](crate::Simulator::changes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// NAVER's name of the action.
    pub action: &'static str,
    /// Whether it may be repeated.
    pub safety: Safety,
    /// How often it was carried out.
    pub times: u64,
}

/// What was carried out so far.
#[derive(Debug, Default)]
pub(crate) struct ChangeLog {
    actions: BTreeMap<&'static str, u64>,
    changes: Vec<Change>,
    /// Where among the changes an action with these parameters is.
    positions: HashMap<(&'static str, u64), usize>,
}

impl ChangeLog {
    /// Counts an action that was carried out, if wanted also by its parameters: in two parts, as they came.
    pub(crate) fn count(&mut self, info: &Info, parameters: [&[u8]; 2], told_apart: bool) {
        let total = self.actions.entry(info.name).or_default();
        *total = total.saturating_add(1);
        if info.safety == Safety::Read || !told_apart {
            return;
        }
        // Told apart by what they asked for, without keeping it: it may be a secret.
        let mut hasher = DefaultHasher::new();
        parameters.hash(&mut hasher);
        let key = (info.name, hasher.finish());
        let position = self.positions.get(&key).copied();
        if let Some(change) = position.and_then(|position| self.changes.get_mut(position)) {
            change.times = change.times.saturating_add(1);
        } else if self.changes.len() < LIMIT {
            self.positions.insert(key, self.changes.len());
            self.changes.push(Change {
                action: info.name,
                safety: info.safety,
                times: 1,
            });
        }
    }

    pub(crate) fn times(&self, action: &str) -> u64 {
        self.actions.get(action).copied().unwrap_or_default()
    }

    pub(crate) fn to_vec(&self) -> Vec<Change> {
        self.changes.clone()
    }
}
