//! Resources: what is known of one, and what it shows at a given moment.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use super::kind::{Codes, Kind, Phase};
use super::text;

mod document;

pub(super) use document::{millis, moment};

/// One resource of some kind.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) region: String,
    /// As it is when nothing is being done to it; members that no answer has are known to the simulator alone.
    pub(crate) members: Map<String, Value>,
    /// Members that are there only when it is made.
    pub(crate) at_end: Map<String, Value>,
    /// The state in which it is when it is made, where that is not its kind's.
    pub(crate) made: Option<Phase>,
    change: Option<Change>,
}

/// Something that is being done to a resource.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    until: SystemTime,
    during: OwnedCodes,
    /// The state after it; `None` if the resource is gone then.
    then: Option<OwnedCodes>,
    /// Members that are other ones after it; null takes one away.
    pub(crate) sets: Map<String, Value>,
}

/// A state that may come out of a document.
#[derive(Clone, Debug)]
struct OwnedCodes {
    status: Option<Cow<'static, str>>,
    operation: Cow<'static, str>,
    phrase: Cow<'static, str>,
}

impl From<Phase> for OwnedCodes {
    fn from(phase: Phase) -> Self {
        Self {
            status: phase.status.map(Cow::Borrowed),
            operation: Cow::Borrowed(phase.operation),
            phrase: Cow::Borrowed(phase.phrase),
        }
    }
}

impl OwnedCodes {
    fn codes(&self) -> Codes<'_> {
        Codes {
            status: self.status.as_deref(),
            operation: &self.operation,
            phrase: &self.phrase,
        }
    }
}

impl Change {
    /// The state while it goes on.
    fn during(&self) -> Codes<'_> {
        self.during.codes()
    }

    /// The state after it; `None` if the resource is gone then.
    fn then(&self) -> Option<Codes<'_>> {
        self.then.as_ref().map(OwnedCodes::codes)
    }

    /// The state at a moment, and the members that are other ones by then.
    fn at(&self, now: SystemTime) -> (Codes<'_>, Option<&Map<String, Value>>) {
        if now < self.until {
            return (self.during(), None);
        }
        (self.then().unwrap_or(self.during()), Some(&self.sets))
    }

    /// Something that goes on in one state until a moment, and ends in another one.
    pub(crate) fn new(until: SystemTime, during: Phase, then: Phase) -> Self {
        Self {
            until,
            during: during.into(),
            then: Some(then.into()),
            sets: Map::new(),
        }
    }

    /// Something that goes on in one state until the resource is gone.
    pub(crate) fn to_gone(until: SystemTime, during: Phase) -> Self {
        Self {
            until,
            during: during.into(),
            then: None,
            sets: Map::new(),
        }
    }
}

impl Resource {
    pub(crate) fn new(region: &str, members: Map<String, Value>) -> Self {
        Self {
            region: region.to_owned(),
            members,
            at_end: Map::new(),
            made: None,
            change: None,
        }
    }

    /// Whether it is still there.
    pub(crate) fn is_there(&self, now: SystemTime) -> bool {
        match &self.change {
            Some(change) => change.then.is_some() || now < change.until,
            None => true,
        }
    }

    /// Whether it is in a region; what is the same everywhere names none.
    pub(crate) fn is_in(&self, region: &str) -> bool {
        self.region.is_empty() || self.region == region
    }

    /// Whether something is being done to it.
    pub(crate) fn is_busy(&self, now: SystemTime) -> bool {
        self.change.as_ref().is_some_and(|change| now < change.until)
    }

    /// Whether its members may be other ones than those that it was left with.
    pub(crate) fn is_changing(&self) -> bool {
        self.change.is_some()
    }

    /// Whether it is being deleted.
    pub(crate) fn is_going(&self) -> bool {
        self.change.as_ref().is_some_and(|change| change.then.is_none())
    }

    /// Begins to change. What it shows until the end is what it was, but for its state.
    pub(crate) fn begin(&mut self, change: Change) {
        self.change = Some(change);
    }

    /// Has a change that goes on be over this much earlier.
    pub(crate) fn bring_forward(&mut self, by: Duration) {
        if let Some(change) = &mut self.change {
            change.until = change.until.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH);
        }
    }

    /// Puts a change that is over into its members.
    pub(crate) fn settle(&mut self, kind: &Kind, now: SystemTime) {
        if self
            .change
            .as_ref()
            .is_some_and(|change| now >= change.until && change.then.is_some())
        {
            self.members = self.shown(kind, now);
            self.change = None;
        }
    }

    /// Its members at a moment.
    pub(crate) fn shown(&self, kind: &Kind, now: SystemTime) -> Map<String, Value> {
        let mut shown = self.members.clone();
        let Some(change) = &self.change else {
            return shown;
        };
        let (phase, sets) = change.at(now);
        for (member, value) in kind.shown(phase) {
            shown.insert(member.to_owned(), value);
        }
        for (member, value) in sets.into_iter().flatten() {
            if value.is_null() {
                shown.remove(member);
            } else {
                shown.insert(member.clone(), value.clone());
            }
        }
        shown
    }

    /// One of its members at a moment, without putting the others together.
    pub(crate) fn shown_member(&self, kind: &Kind, member: &str, now: SystemTime) -> Option<Cow<'_, Value>> {
        let left = || self.members.get(member).map(Cow::Borrowed);
        let Some(change) = &self.change else {
            return left();
        };
        let (phase, sets) = change.at(now);
        if let Some(value) = sets.and_then(|sets| sets.get(member)) {
            return Some(Cow::Borrowed(value)).filter(|value| !value.is_null());
        }
        if !kind.state.has(member) {
            return left();
        }
        let mut shown = kind.shown(phase).into_iter();
        let shown = shown.find_map(|(name, value)| (name == member).then_some(Cow::Owned(value)));
        shown.or_else(left)
    }

    /// Its members while what was last begun goes on, however short the time is that it takes.
    pub(crate) fn begun(&self, kind: &Kind) -> Map<String, Value> {
        let mut shown = self.members.clone();
        if let Some(change) = &self.change {
            for (member, value) in kind.shown(change.during()) {
                shown.insert(member.to_owned(), value);
            }
        }
        shown
    }

    /// The code of its status at a moment.
    pub(crate) fn status(&self, kind: &Kind, now: SystemTime) -> String {
        let phase = match &self.change {
            None => return self.text(kind.state.status),
            Some(change) if now < change.until => change.during(),
            Some(change) if change.sets.contains_key(kind.state.status) => {
                return text(&change.sets, kind.state.status);
            }
            Some(change) => change.then().unwrap_or(change.during()),
        };
        match phase.status {
            Some(status) => status.to_owned(),
            None => self.text(kind.state.status),
        }
    }

    /// A member as it is at a moment; those that tell the state are the ones of before a change.
    pub(crate) fn member(&self, member: &str, now: SystemTime) -> Option<&Value> {
        let over = self.change.as_ref().filter(|change| now >= change.until);
        match over.and_then(|change| change.sets.get(member)) {
            Some(value) => Some(value).filter(|value| !value.is_null()),
            None => self.members.get(member),
        }
    }

    /// A member as it is at a moment, and as it will be when the change that goes on is over.
    pub(crate) fn values(&self, member: &str, now: SystemTime) -> impl Iterator<Item = &Value> {
        let coming = self.change.as_ref().filter(|change| now < change.until);
        let coming = coming.and_then(|change| change.sets.get(member));
        self.member(member, now).into_iter().chain(coming)
    }

    /// A member as it was left, and as it is when a change is over, whatever the time.
    pub(super) fn left_and_coming(&self, member: &str) -> impl Iterator<Item = &Value> {
        let coming = self.change.as_ref();
        let coming = coming.and_then(|change| change.sets.get(member));
        self.members.get(member).into_iter().chain(coming)
    }

    /// Hands over its members at a moment, one by one, without putting them together.
    pub(super) fn each_shown<E>(
        &self,
        kind: &Kind,
        now: SystemTime,
        mut take: impl FnMut(&str, &Value) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(change) = &self.change else {
            return self
                .members
                .iter()
                .try_for_each(|(name, value)| take(name, value));
        };
        let (phase, sets) = change.at(now);
        let states = kind.shown(phase);
        let is_state = |member: &str| states.iter().any(|(name, _)| *name == member);
        let is_set = |member: &str| sets.is_some_and(|sets| sets.contains_key(member));
        for (name, value) in &self.members {
            if !is_set(name) && !is_state(name) {
                take(name, value)?;
            }
        }
        for (name, value) in &states {
            if !is_set(name) {
                take(name, value)?;
            }
        }
        let mut sets = sets.into_iter().flatten();
        sets.try_for_each(|(name, value)| {
            if value.is_null() {
                Ok(())
            } else {
                take(name, value)
            }
        })
    }

    /// The text of a member as it is when nothing is being done.
    pub(crate) fn text(&self, member: &str) -> String {
        text(&self.members, member)
    }
}
