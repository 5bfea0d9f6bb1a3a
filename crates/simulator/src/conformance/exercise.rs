//! Exercises: the calls that the suite has a stack make, as machines in which waiting takes no time.

use std::fmt;
use std::time::{Duration, SystemTime};

use ncloud_api::vserver::{CreateMemberServerImageInstance, GetMemberServerImageInstanceList};
use ncloud_core::{Call, Error, ErrorKind, Event, Machine, Sent, Session, Step};

/// A call that a stack has to carry to its end: a machine for [`drive`](ncloud_core::drive),
/// [`drive_async`](ncloud_core::drive_async), the `drive` of a client, or a loop of your own.
///
/// It never asks to sleep: what waiting there is happens by its own clock, so that the suite takes no longer than the answers.
#[derive(Debug)]
pub struct Exercise<'a> {
    task: Task<'a>,
    attempts: u32,
    waited: Duration,
}

#[derive(Debug)]
enum Task<'a> {
    Read(Call<'a, GetMemberServerImageInstanceList>),
    Change(Call<'a, CreateMemberServerImageInstance>),
}

/// How an [`Exercise`] ended; of interest to the suite alone.
#[derive(Debug)]
pub struct Outcome {
    /// How many images the answer tells of.
    result: Result<Option<i32>, Error>,
    attempts: u32,
    waited: Duration,
}

impl<'a> Exercise<'a> {
    pub(super) fn read(session: &Session, list: &'a GetMemberServerImageInstanceList) -> Self {
        Self::new(Task::Read(session.call(list)))
    }

    pub(super) fn change(session: &Session, create: &'a CreateMemberServerImageInstance) -> Self {
        Self::new(Task::Change(session.call(create)))
    }

    fn new(task: Task<'a>) -> Self {
        Self {
            task,
            attempts: 0,
            waited: Duration::ZERO,
        }
    }

    /// The moment that it is for the call.
    fn moved(&self, now: SystemTime) -> SystemTime {
        now.checked_add(self.waited).unwrap_or(now)
    }
}

impl Machine for Exercise<'_> {
    type Output = Outcome;

    fn step(&mut self, now: SystemTime, mut event: Event) -> Step<Outcome> {
        loop {
            let now = self.moved(now);
            let step = match &mut self.task {
                Task::Read(call) => total(call.step(now, event), |list| list.total_rows),
                Task::Change(call) => total(call.step(now, event), |made| made.total_rows),
            };
            match step {
                Step::Send(request) => {
                    self.attempts = self.attempts.saturating_add(1);
                    return Step::Send(request);
                }
                Step::Sleep(time) => {
                    self.waited = self.waited.saturating_add(time);
                    event = Event::Woke;
                }
                Step::Done(result) => {
                    return Step::Done(Outcome {
                        result,
                        attempts: self.attempts,
                        waited: self.waited,
                    });
                }
            }
        }
    }

    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        let now = self.moved(now);
        match &self.task {
            Task::Read(call) => call.time_left(now),
            Task::Change(call) => call.time_left(now),
        }
    }
}

/// A step with the number of images as its result.
fn total<T>(
    step: Step<Result<ncloud_core::Reply<T>, Error>>,
    total_rows: impl Fn(&T) -> Option<i32>,
) -> Step<Result<Option<i32>, Error>> {
    match step {
        Step::Send(request) => Step::Send(request),
        Step::Sleep(time) => Step::Sleep(time),
        Step::Done(result) => Step::Done(result.map(|reply| total_rows(&reply.value))),
    }
}

impl Outcome {
    pub(super) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long the call waited between its attempts, by its own clock.
    pub(super) fn waited(&self) -> Duration {
        self.waited
    }

    /// What went wrong, in its own words.
    pub(super) fn error(&self) -> Option<&Error> {
        self.result.as_ref().err()
    }
}

/// What is compared with what was expected.
impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match &self.result {
            Ok(total) => return write!(formatter, "{} images", total.unwrap_or(-1)),
            Err(error) => error,
        };
        let status = error.status().map(|status| status.as_u16()).unwrap_or_default();
        let code = error.code().unwrap_or("none");
        match error.last().kind() {
            ErrorKind::Transport { sent: Sent::No } => write!(formatter, "not sent"),
            ErrorKind::Transport { sent: Sent::Maybe } => write!(formatter, "maybe sent"),
            ErrorKind::Gateway => write!(formatter, "gateway code {code} with HTTP {status}"),
            ErrorKind::Service => write!(formatter, "return code {code} with HTTP {status}"),
            ErrorKind::Decode => write!(formatter, "no understandable answer with HTTP {status}"),
            kind => write!(formatter, "{kind:?}"),
        }
    }
}
