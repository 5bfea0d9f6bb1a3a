//! Kinds: what is declared of each kind of resource: members, states, references, actions.

use serde_json::Value;

use super::{Call, common_code};
use crate::outcome::ServiceError;

/// A kind of resource.
pub(crate) struct Kind {
    /// What it is called here, and in messages: `VPC`.
    pub(crate) name: &'static str,
    /// The service whose actions work on it: `vpc`.
    pub(crate) service: &'static str,
    /// The member with its number: `vpcNo`.
    pub(crate) number: &'static str,
    /// The list in which answers show it: `vpcList`.
    pub(crate) list: &'static str,
    /// The member with its name, which no two in a region have in common, and what made-up names begin with.
    pub(crate) label: Option<(&'static str, &'static str)>,
    /// Whether a list finds whole names only, and not those that hold what is asked for.
    pub(crate) whole_names: bool,
    /// The members that tell its state.
    pub(crate) state: State,
    /// Its state while it is made.
    pub(crate) making: Phase,
    /// Its state when it is made.
    pub(crate) made: Phase,
    /// Its state while it is deleted.
    pub(crate) deleting: Phase,
    /// The state in which making it has failed, where there is one.
    pub(crate) failed: Option<Phase>,
    /// What it needs: a member that holds the number of something of another kind.
    pub(crate) needs: &'static [Need],
    /// What keeps it from being deleted: kinds, and their members that hold its number.
    pub(crate) held_by: &'static [Hold],
    /// The return code that says that something else is going on.
    pub(crate) busy_code: &'static str,
    /// The return code of a detail call for what is not there; an empty list without one.
    pub(crate) absent_code: Option<&'static str>,
    /// How many there may be.
    pub(crate) quota: usize,
    /// The list of the catalog with those that the platform brings along; none without one.
    pub(crate) on_offer: Option<&'static str>,
    /// Parameters of its list that filter nothing.
    pub(crate) no_filters: &'static [&'static str],
    /// Whether only calls that name its region find it by its number; most Classic actions name none.
    pub(crate) regional: bool,
    /// The actions that work on it.
    pub(crate) actions: &'static [(&'static str, Rule)],
}

/// What most kinds have in common, to declare the rest beside it.
pub(crate) const PLAIN: Kind = Kind {
    name: "",
    service: "",
    number: "",
    list: "",
    label: None,
    whole_names: false,
    state: State {
        status: "",
        operation: "",
        phrase: "",
    },
    making: Phase::NONE,
    made: Phase::NONE,
    deleting: Phase::NONE,
    failed: None,
    needs: &[],
    held_by: &[],
    busy_code: "3000",
    absent_code: None,
    quota: 10_000,
    on_offer: None,
    no_filters: &[],
    regional: true,
    actions: &[],
};

/// The members that tell a state; empty for those that a kind does not have.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// A code with a name.
    pub(crate) status: &'static str,
    /// A code with a name; `NULL` when nothing is being done.
    pub(crate) operation: &'static str,
    /// A phrase for people.
    pub(crate) phrase: &'static str,
}

impl State {
    /// Whether a member tells something of the state.
    pub(crate) fn has(&self, member: &str) -> bool {
        [self.status, self.operation, self.phrase].contains(&member)
    }
}

/// A state as it is declared.
pub(crate) type Phase = Codes<'static>;

/// A state: codes and phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes<'a> {
    /// `None` keeps the status that there is.
    pub(crate) status: Option<&'a str>,
    pub(crate) operation: &'a str,
    pub(crate) phrase: &'a str,
}

impl Phase {
    const NONE: Self = Self::new("", "NULL", "");

    /// A state with a status of its own.
    pub(crate) const fn new(status: &'static str, operation: &'static str, phrase: &'static str) -> Self {
        Self {
            status: Some(status),
            operation,
            phrase,
        }
    }

    /// A state in which only the operation tells that something is going on.
    pub(crate) const fn keeping(operation: &'static str, phrase: &'static str) -> Self {
        Self {
            status: None,
            operation,
            phrase,
        }
    }
}

/// A member that has to hold the number of something that is there.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    /// The parameter; a list is one number each.
    pub(crate) member: &'static str,
    /// What it is a number of.
    pub(crate) kind: &'static Kind,
}

/// A kind that keeps another one from being deleted as long as it names its number.
#[derive(Clone, Copy)]
pub(crate) struct Hold {
    pub(crate) kind: fn() -> &'static Kind,
    /// The member with the number, or with a list of numbers.
    pub(crate) member: &'static str,
}

/// What an action does.
pub(crate) enum Rule {
    /// Lists what passes the filters.
    List,
    /// Shows one, by its number.
    Detail,
    /// Makes one or several, and completes each.
    Create(Complete),
    /// Deletes those whose numbers a parameter holds, if their status is one of these; any, if there are none.
    Delete {
        by: &'static str,
        from: &'static [&'static str],
    },
    /// Begins to change those whose numbers a parameter holds.
    Move(Move),
    /// Changes members at once: each parameter that is a member.
    Set,
    /// Something that is like nothing else.
    Odd(Odd),
}

/// Fills in what only this kind has, and makes what comes along with it.
pub(crate) type Complete = fn(&mut Call<'_>, &mut super::Resource, number: u64) -> Result<(), ServiceError>;

/// An action of its own: gives the answer's members.
pub(crate) type Odd =
    fn(&mut Call<'_>, &'static Kind) -> Result<serde_json::Map<String, Value>, ServiceError>;

/// A change that takes its time.
pub(crate) struct Move {
    /// The parameter with the number or the numbers.
    pub(crate) by: &'static str,
    /// The statuses in which it can begin; any, if there are none.
    pub(crate) from: &'static [&'static str],
    /// The state while it goes on.
    pub(crate) during: Phase,
    /// The state after it.
    pub(crate) then: Phase,
    /// What else changes: members of the resource at the end, or other resources.
    pub(crate) effect: Option<Effect>,
}

/// What else a move changes: puts members into the change, to be there at its end, and may change other resources.
pub(crate) type Effect =
    fn(&mut Call<'_>, number: &str, change: &mut super::Change) -> Result<(), ServiceError>;

impl Kind {
    /// Whether there can be more of it than the platform brings along.
    pub(crate) fn can_be_made(&self) -> bool {
        self.on_offer.is_none()
            || self
                .actions
                .iter()
                .any(|(_, rule)| matches!(rule, Rule::Create(_)))
    }

    /// A parameter names one that is not there.
    pub(crate) fn absent(&self, by: &str, number: &str) -> ServiceError {
        match self.absent_code {
            Some(code) => ServiceError::absent(code, by, number),
            None => ServiceError::authority(by, number),
        }
    }

    /// The members by which a state shows.
    pub(crate) fn shown(&self, phase: Codes<'_>) -> Vec<(&'static str, Value)> {
        let mut members = Vec::new();
        if let Some(status) = phase.status.filter(|_| !self.state.status.is_empty()) {
            members.push((self.state.status, common_code(status, &words(status, "state"))));
        }
        if !self.state.operation.is_empty() {
            let name = if phase.operation == "NULL" {
                "NULL OP".to_owned()
            } else {
                words(phase.operation, "OP")
            };
            members.push((self.state.operation, common_code(phase.operation, &name)));
        }
        if !self.state.phrase.is_empty() {
            members.push((self.state.phrase, Value::String(phase.phrase.to_owned())));
        }
        members
    }
}

/// A name for a code, for people: not to be relied on, as the platform's own.
fn words(code: &str, what: &str) -> String {
    format!("{code} {what}")
}
