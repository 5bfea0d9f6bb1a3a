//! Waiting: an operation repeated until what it shows has come to a state, as a machine.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::attempts::Attempts;
use crate::classify::passes;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::machine::{Event, Machine, Step};
use crate::operation::Operation;
use crate::reply::Reply;
use crate::retry::moved;
use crate::session::Session;

mod error;
mod polling;
mod waiter;

pub use error::WaitError;
pub use polling::Polling;
pub use waiter::{State, Until, Waiter};

/// How long a resource that was never seen may be missing before it counts as gone: what was just made may take a moment to
/// show up.
const APPEARANCE: Duration = Duration::from_secs(30);
/// How long every look may take, the one at the deadline as well.
const SHORTEST_LOOK: Duration = Duration::from_secs(10);

/// Waiting for something: a machine that looks, sleeps and looks again.
///
/// From [`Session::wait`]. The first look is at once; the time in between grows and is spread by chance, as
/// [`Polling`] says. Every look is a [`Call`](crate::Call) with its retries. A look that fails all the same for a reason that
/// passes (network, overload, a fault on the other side) does not end the wait; any other failure does.
///
/// Something that is gone before it was ever seen counts as not there yet for half a minute, and as gone after that.
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::GetMemberServerImageInstanceList;
/// use ncloud_core::{Credentials, Session, Site, State, Until, drive};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
///
/// // Whatever carries the requests finds more images each time.
/// let mut totals = [5, 15, 25].into_iter();
/// let my_http = |_request| Ok(http::Response::new(bytes::Bytes::from(format!(
///     r#"{{"getMemberServerImageInstanceListResponse": {{"returnCode": "0", "totalRows": {}}}}}"#,
///     totals.next().unwrap(),
/// ))));
///
/// let twenty_images = Until::new(GetMemberServerImageInstanceList::new(), |output| match output.total_rows {
///     Some(20..) => State::Done,
///     _ => State::Still,
/// });
/// // A clock that stands still but for the sleeping; in earnest, `SystemTime::now` and `std::thread::sleep`.
/// let now = std::cell::Cell::new(SystemTime::now());
/// let sleep = |time| now.set(now.get() + time);
/// let reply = drive(session.wait(&twenty_images), || now.get(), my_http, sleep)?;
/// assert_eq!(reply.value.total_rows, Some(25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is sent before it is driven"]
pub struct Wait<'a, W: Waiter> {
    session: Session,
    waiter: &'a W,
    polling: Polling,
    call_timeout: Duration,
    on_progress: Option<OnProgress<'a, Output<W>>>,
    started: Option<SystemTime>,
    looks: u32,
    last: Option<Reply<Output<W>>>,
    /// The last look that failed for a reason that passes.
    failure: Option<Error>,
    doing: Doing,
}

/// What a wait leads to: the answer that shows that it has come to pass, or why it has not.
pub type Waited<W> = Result<Reply<Output<W>>, WaitError<Output<W>>>;

type Output<W> = <<W as Waiter>::Operation as Operation>::Output;
type OnProgress<'a, T> = Box<dyn FnMut(&Reply<T>) + Send + 'a>;

#[derive(Debug)]
enum Doing {
    Nothing,
    Looking(Attempts),
    Sleeping { until: SystemTime, time: Duration },
}

impl<'a, W: Waiter> Wait<'a, W> {
    pub(crate) fn new(session: &Session, waiter: &'a W) -> Self {
        Self {
            session: session.clone(),
            waiter,
            polling: waiter.polling(),
            call_timeout: Limits::default().call_timeout(),
            on_progress: None,
            started: None,
            looks: 0,
            last: None,
            failure: None,
            doing: Doing::Nothing,
        }
    }

    /// The same with other intervals and another deadline than the waiter's own.
    pub fn with_polling(mut self, polling: Polling) -> Self {
        self.polling = polling;
        self
    }

    /// The same with another time for each look. Default: 100 seconds, but no more than is left of the wait, or 10 seconds if that
    /// is more.
    pub fn with_call_timeout(mut self, call_timeout: Duration) -> Self {
        self.call_timeout = call_timeout;
        self
    }

    /// Calls this with what every look has shown.
    pub fn on_progress(mut self, on_progress: impl FnMut(&Reply<Output<W>>) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    fn time_left_of_wait(&self, now: SystemTime) -> Duration {
        let started = self.started.unwrap_or(now);
        // A clock that was set back must not make a wait longer than it is.
        let elapsed = now.duration_since(started).unwrap_or_default();
        self.polling.deadline().saturating_sub(elapsed)
    }

    fn look(&mut self, now: SystemTime) -> Doing {
        let mut attempts = Attempts::new(&self.session, W::Operation::INFO.safety);
        attempts.allowed = self
            .call_timeout
            .min(self.time_left_of_wait(now).max(SHORTEST_LOOK));
        self.looks = self.looks.saturating_add(1);
        Doing::Looking(attempts)
    }

    /// What follows a look: the end of the wait, or the time to sleep.
    fn after_look(&mut self, now: SystemTime, answer: Result<Reply<Output<W>>, Error>) -> Step<Waited<W>> {
        let (state, reply) = match answer {
            Ok(reply) => {
                if let Some(on_progress) = &mut self.on_progress {
                    on_progress(&reply);
                }
                (self.waiter.judge(&reply.value), Some(reply))
            }
            Err(error) if self.is_not_found(&error) => {
                // There is nothing to show but the head of the answer that said so.
                let head = error.head().cloned();
                let value = Output::<W>::default();
                (State::Gone, head.map(|head| Reply { value, head }))
            }
            Err(error) if passes(&error) => {
                let gateway_now = moved(now, self.session.shared().clock_offset_millis());
                let asked = error.retry_after(gateway_now).unwrap_or_default();
                self.failure = Some(error);
                return self.pause(now, asked);
            }
            Err(error) => return Step::Done(Err(WaitError::Call(error))),
        };
        self.failure = None;
        let is_end = match state {
            State::Still => false,
            // Not there yet, if it never was.
            State::Gone => {
                self.waiter.awaits_gone() || self.last.is_some() || self.elapsed(now) >= APPEARANCE
            }
            State::Done | State::Failed => true,
        };
        if is_end {
            return Step::Done(self.conclude(state, reply));
        }
        if state == State::Still {
            self.last = reply;
        }
        self.pause(now, Duration::ZERO)
    }

    fn conclude(&mut self, state: State, reply: Option<Reply<Output<W>>>) -> Waited<W> {
        match (state, reply) {
            (State::Gone, reply) if !self.waiter.awaits_gone() => Err(WaitError::Gone {
                operation: W::Operation::INFO.name,
                last: self.last.take().or(reply).map(Box::new),
            }),
            (State::Failed, Some(last)) => Err(WaitError::Failed {
                operation: W::Operation::INFO.name,
                last: Box::new(last),
            }),
            (_, Some(reply)) => Ok(reply),
            // Only a look that has no answer leads here, and an error that says "not found" is one.
            (_, None) => Err(self.timed_out()),
        }
    }

    fn timed_out(&mut self) -> WaitError<Output<W>> {
        WaitError::TimedOut {
            operation: W::Operation::INFO.name,
            last: self.last.take().map(Box::new),
            looks: self.looks,
            after: self.polling.deadline(),
            source: self.failure.take(),
        }
    }

    fn is_not_found(&self, error: &Error) -> bool {
        let code = error.code();
        error.last().kind() == ErrorKind::Service
            && code.is_some_and(|code| self.waiter.not_found_codes().contains(&code))
    }

    fn elapsed(&self, now: SystemTime) -> Duration {
        self.polling
            .deadline()
            .saturating_sub(self.time_left_of_wait(now))
    }

    /// Sleeps until the next look, and for as long as was asked for, unless the time is over.
    fn pause(&mut self, now: SystemTime, asked: Duration) -> Step<Waited<W>> {
        let left = self.time_left_of_wait(now);
        if left.is_zero() {
            return Step::Done(Err(self.timed_out()));
        }
        let interval = self.polling.interval(self.looks, self.session.shared().draw());
        let time = interval.max(asked).min(left);
        let until = now.checked_add(time).unwrap_or(now);
        self.doing = Doing::Sleeping { until, time };
        Step::Sleep(time)
    }
}

impl<W: Waiter> Machine for Wait<'_, W> {
    type Output = Waited<W>;

    fn step(&mut self, now: SystemTime, mut event: Event) -> Step<Self::Output> {
        self.started.get_or_insert(now);
        loop {
            match &mut self.doing {
                Doing::Nothing => {
                    self.doing = self.look(now);
                    event = Event::Start;
                }
                Doing::Sleeping { until, time } => match until.duration_since(now) {
                    // More than was asked for is left only where the clock was set back.
                    Ok(rest) if !rest.is_zero() && rest <= *time => return Step::Sleep(rest),
                    _ => self.doing = Doing::Nothing,
                },
                Doing::Looking(attempts) => {
                    match attempts.step_operation(now, event, self.waiter.operation()) {
                        Step::Send(request) => return Step::Send(request),
                        Step::Sleep(time) => return Step::Sleep(time),
                        Step::Done(answer) => return self.after_look(now, answer),
                    }
                }
            }
        }
    }

    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        match &self.doing {
            Doing::Looking(attempts) => attempts.time_left(now),
            Doing::Nothing | Doing::Sleeping { .. } => None,
        }
    }
}

impl<W: Waiter> fmt::Debug for Wait<'_, W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wait")
            .field("operation", &W::Operation::INFO.name)
            .field("polling", &self.polling)
            .field("looks", &self.looks)
            .field("doing", &self.doing)
            .finish_non_exhaustive()
    }
}
