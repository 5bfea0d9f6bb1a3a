//! Renewal: fetching a role's keys, as a machine that any call can run as a part of its own.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;

use crate::error::Error;
use crate::machine::{Event, Machine, Step};

use super::metadata::{self, Refusal};
use super::{Lease, Need, ServerRole};

/// How long the metadata service, which is next door, may take for an answer, and for how long it is asked again.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is asked while there are no keys.
const TRIES: u32 = 3;
/// The time before it is asked again.
const BACK_OFF: Duration = Duration::from_millis(200);
/// How often to look whether another call has fetched the keys.
const LOOK: Duration = Duration::from_millis(25);

/// Fetches the keys of a [`ServerRole`] if there are none or if they expire soon: a machine; from [`ServerRole::renewal`].
///
/// It asks for the role's name and then for its keys, each for at most 3 seconds; as long as there are no good keys, up to three
/// times. If others are at it already, it waits for them. It succeeds if there are good keys in the end, be it the old ones.
#[derive(Debug)]
#[must_use = "nothing is sent before it is driven"]
pub struct Renewal {
    role: ServerRole,
    stage: Stage,
    tries: u32,
    started: Option<SystemTime>,
}

#[derive(Debug)]
enum Stage {
    Begin,
    /// Others are fetching keys; how often that had failed when this one began to wait.
    Waiting {
        failures: u64,
    },
    AskingForRole(Lease),
    AskingForKeys(Lease),
    /// Before asking once more.
    Resting(Lease),
}

impl Renewal {
    pub(super) fn new(role: &ServerRole) -> Self {
        Self {
            role: role.clone(),
            stage: Stage::Begin,
            tries: 0,
            started: None,
        }
    }

    /// Looks what has to be done, which is nothing if others have done it.
    fn begin(&mut self, now: SystemTime, waited_since: Option<u64>) -> Step<Result<(), Error>> {
        let failures = self.role.failures();
        if waited_since.is_some_and(|before| before < failures) && !self.role.is_good(now) {
            return Step::Done(Err(self.role.last_error()));
        }
        match self.role.need(now) {
            Need::Nothing => Step::Done(Ok(())),
            Need::Wait => {
                self.stage = Stage::Waiting { failures };
                Step::Sleep(LOOK)
            }
            Need::Renew(lease) => self.ask_for_role(now, lease),
        }
    }

    fn ask_for_role(&mut self, now: SystemTime, lease: Lease) -> Step<Result<(), Error>> {
        self.tries = self.tries.saturating_add(1);
        self.send(now, "", lease, Stage::AskingForRole)
    }

    fn send(
        &mut self,
        now: SystemTime,
        role: &str,
        lease: Lease,
        stage: fn(Lease) -> Stage,
    ) -> Step<Result<(), Error>> {
        match metadata::request(self.role.endpoint(), role) {
            Ok(request) => {
                self.stage = stage(lease);
                Step::Send(request)
            }
            Err(error) => Step::Done(self.role.give_up(error.to_string(), now)),
        }
    }

    fn take(&self, now: SystemTime, response: &Response<Bytes>) -> Result<(), Refusal> {
        let refuse = |problem: &str| Refusal {
            problem: problem.to_owned(),
            may_pass: true,
        };
        let credentials = metadata::keys(response)?;
        let expires_at = credentials
            .expires_at()
            .filter(|expires_at| *expires_at > now)
            .ok_or_else(|| refuse("the metadata service answered with keys that have expired"))?;
        self.role
            .take(&credentials, expires_at, now)
            .map_err(|error| refuse(&format!("the metadata service's {error}")))
    }

    /// Asks once more, unless there are good keys to go on with, or it would not help.
    fn after(&mut self, now: SystemTime, refusal: Refusal, lease: Lease) -> Step<Result<(), Error>> {
        let started = self.started.unwrap_or(now);
        let elapsed = now.duration_since(started).unwrap_or_default();
        // What seems to have taken minutes is the clock being corrected by the service's answers.
        let is_early = elapsed < PATIENCE || elapsed > PATIENCE.saturating_mul(20);
        if refusal.may_pass && is_early && self.tries < TRIES && !self.role.is_good(now) {
            self.stage = Stage::Resting(lease);
            return Step::Sleep(BACK_OFF.saturating_mul(self.tries));
        }
        Step::Done(self.role.give_up(refusal.problem, now))
    }
}

impl Machine for Renewal {
    type Output = Result<(), Error>;

    fn step(&mut self, now: SystemTime, event: Event) -> Step<Self::Output> {
        self.started.get_or_insert(now);
        let failed = |error: &Error| Refusal {
            problem: format!("the metadata service does not answer: {error}"),
            may_pass: true,
        };
        match (std::mem::replace(&mut self.stage, Stage::Begin), event) {
            (Stage::Begin, _) => self.begin(now, None),
            (Stage::Waiting { failures }, _) => self.begin(now, Some(failures)),
            (Stage::Resting(lease), _) => self.ask_for_role(now, lease),
            (Stage::AskingForRole(lease), Event::Response(response)) => match metadata::role(&response) {
                Ok(role) => self.send(now, &role, lease, Stage::AskingForKeys),
                Err(refusal) => self.after(now, refusal, lease),
            },
            (Stage::AskingForKeys(lease), Event::Response(response)) => match self.take(now, &response) {
                Ok(()) => Step::Done(Ok(())),
                Err(refusal) => self.after(now, refusal, lease),
            },
            (Stage::AskingForRole(lease) | Stage::AskingForKeys(lease), Event::Failed(error)) => {
                self.after(now, failed(&error), lease)
            }
            // Neither an answer nor a failure belongs here: whoever drives this has lost the request.
            (Stage::AskingForRole(lease) | Stage::AskingForKeys(lease), Event::Start | Event::Woke) => {
                self.ask_for_role(now, lease)
            }
        }
    }

    fn time_left(&self, _: SystemTime) -> Option<Duration> {
        Some(PATIENCE)
    }
}
