//! Attempts: what is the same for every call, typed or raw: counting, waiting, correcting the clock, giving up.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};

use crate::classify::retryable;
use crate::error::{Error, Sent};
use crate::http_date;
use crate::limits::Limits;
use crate::machine::{Event, Machine as _, Step};
use crate::operation::{Operation, Safety};
use crate::reply::Reply;
use crate::retry::moved;
use crate::role::Renewal;
use crate::session::Session;
use crate::sign::ACCESS_KEY_HEADER;

/// One call being tried, as often as it takes.
#[derive(Debug)]
pub(crate) struct Attempts {
    session: Session,
    safety: Safety,
    pub(crate) allowed: Duration,
    deadline: Option<SystemTime>,
    /// How many attempts were sent.
    count: u32,
    /// How far the time that the last attempt was signed with was moved.
    used_offset_millis: i64,
    clock_corrected: bool,
    /// Fetching the keys of a server role, before an attempt.
    renewal: Option<Renewal>,
    /// The access key that the last attempt was signed with, where it is a server role's.
    used_key: Option<HeaderValue>,
    keys_doubted: bool,
    /// Whether an attempt that failed may have reached the other side.
    may_have_been_sent: bool,
    doing: Doing,
}

/// What goes on between two steps.
#[derive(Debug)]
enum Doing {
    Nothing,
    /// An attempt was sent, and has neither been answered nor failed yet.
    Sending,
    Pausing(Pause),
}

/// What is waited for before the next attempt.
#[derive(Debug)]
struct Pause {
    /// What failed last.
    error: Error,
    until: SystemTime,
    time: Duration,
}

/// What follows a failure.
enum Next {
    AtOnce,
    After(Duration),
    GiveUp(Error),
}

impl Attempts {
    pub(crate) fn new(session: &Session, safety: Safety) -> Self {
        Self {
            session: session.clone(),
            safety,
            allowed: Limits::default().call_timeout(),
            deadline: None,
            count: 0,
            used_offset_millis: 0,
            clock_corrected: false,
            renewal: None,
            used_key: None,
            keys_doubted: false,
            may_have_been_sent: false,
            doing: Doing::Nothing,
        }
    }

    /// A step of a typed operation.
    pub(crate) fn step_operation<O: Operation>(
        &mut self,
        now: SystemTime,
        event: Event,
        operation: &O,
    ) -> Step<Result<Reply<O::Output>, Error>> {
        self.step(
            now,
            event,
            |session, now| session.request(operation, now),
            Session::parse::<O>,
            |error| error.with_operation(O::INFO.name),
        )
    }

    pub(crate) fn step<T>(
        &mut self,
        now: SystemTime,
        event: Event,
        build: impl Fn(&Session, SystemTime) -> Result<Request<Bytes>, Error>,
        parse: impl Fn(&Session, Response<Bytes>) -> Result<T, Error>,
        name: impl Fn(Error) -> Error,
    ) -> Step<Result<T, Error>> {
        self.deadline = self.deadline.or_else(|| now.checked_add(self.allowed));
        if self.renewal.is_some() {
            return self.send(now, event, build, name);
        }
        let failure = match event {
            Event::Start | Event::Woke => match std::mem::replace(&mut self.doing, Doing::Nothing) {
                Doing::Nothing => None,
                Doing::Sending => Some(name(lost_request())),
                Doing::Pausing(last) => match last.rest(now) {
                    Some(rest) => {
                        self.doing = Doing::Pausing(last);
                        return Step::Sleep(rest);
                    }
                    None if self.is_late(now) => return Step::Done(Err(self.told(last.error))),
                    None => None,
                },
            },
            Event::Response(response) => match parse(&self.session, response) {
                Ok(output) => {
                    self.session.shared().earn();
                    return Step::Done(Ok(output));
                }
                Err(error) => Some(name(error)),
            },
            Event::Failed(error) => Some(name(error)),
        };
        if let Some(error) = failure {
            match self.after(now, error) {
                Next::AtOnce => {}
                Next::After(time) => return Step::Sleep(time),
                Next::GiveUp(error) => return Step::Done(Err(error)),
            }
        }
        if let Some(role) = self
            .session
            .role()
            .filter(|role| role.is_due(self.gateway_time(now)))
        {
            self.renewal = Some(role.renewal());
        }
        self.send(now, Event::Start, build, name)
    }

    /// Builds and sends the next attempt, once there are keys to sign it with.
    fn send<T>(
        &mut self,
        now: SystemTime,
        event: Event,
        build: impl Fn(&Session, SystemTime) -> Result<Request<Bytes>, Error>,
        name: impl Fn(Error) -> Error,
    ) -> Step<Result<T, Error>> {
        let prepared = match self.renew(now, event) {
            Step::Send(request) => return Step::Send(request),
            Step::Sleep(time) => return Step::Sleep(time),
            Step::Done(renewed) => renewed.map_err(name).and_then(|()| {
                self.used_offset_millis = self.session.shared().clock_offset_millis();
                build(&self.session, moved(now, self.used_offset_millis))
            }),
        };
        match prepared {
            Ok(request) => {
                self.count = self.count.saturating_add(1);
                self.doing = Doing::Sending;
                if self.session.role().is_some() {
                    self.used_key = request.headers().get(ACCESS_KEY_HEADER).cloned();
                }
                Step::Send(request)
            }
            // Earlier attempts may have been carried out, which a failure to build another must not hide.
            Err(error) if self.count > 0 => {
                Step::Done(Err(error.exhausted(self.count, self.may_have_been_sent)))
            }
            Err(error) => Step::Done(Err(error)),
        }
    }

    /// Goes on with fetching the keys of a server role, if that is being done.
    fn renew(&mut self, now: SystemTime, event: Event) -> Step<Result<(), Error>> {
        if let Event::Response(response) = &event
            && let Some(date) = http_date::date(response.headers())
        {
            // The metadata service's clock is better than none, and keys are judged by the time that it is there.
            self.session.shared().learn_clock_of_metadata(date, now);
        }
        let time = self.gateway_time(now);
        let Some(renewal) = &mut self.renewal else {
            return Step::Done(Ok(()));
        };
        let step = renewal.step(time, event);
        match step {
            Step::Sleep(_) if self.is_late(now) => {
                self.renewal = None;
                let problem = "has given no keys within the time of the call";
                Step::Done(Err(Error::credentials("server role", problem.to_owned())))
            }
            Step::Done(_) => {
                self.renewal = None;
                step
            }
            Step::Send(_) | Step::Sleep(_) => step,
        }
    }

    fn gateway_time(&self, now: SystemTime) -> SystemTime {
        moved(now, self.session.shared().clock_offset_millis())
    }

    fn after(&mut self, now: SystemTime, error: Error) -> Next {
        self.doing = Doing::Nothing;
        self.may_have_been_sent |= error.may_have_been_sent();
        if error.is_authentication_failed() {
            return self.after_refused_signature(now, error);
        }
        let Some(pace) = retryable(&error, self.safety) else {
            return Next::GiveUp(self.told(error));
        };
        let retry = self.session.retry();
        if self.count >= retry.attempts() {
            return Next::GiveUp(self.told(error));
        }
        let drawn = retry.back_off(self.count, pace, self.session.shared().draw());
        let gateway_now = self.gateway_time(now);
        let asked = error.retry_after(gateway_now).unwrap_or_default();
        let time = drawn.max(asked);
        match now.checked_add(time) {
            // Only a retry that will be made costs something.
            Some(until) if !self.is_late(until) && self.session.shared().spend() => {
                self.doing = Doing::Pausing(Pause { error, until, time });
                Next::After(time)
            }
            _ => Next::GiveUp(self.told(error)),
        }
    }

    /// A signature may have been refused for its time: then the answer's date tells the right one, once.
    fn after_refused_signature(&mut self, now: SystemTime, error: Error) -> Next {
        let date = error.head().and_then(|head| http_date::date(head.headers()));
        let learnt = date.is_some_and(|date| {
            self.session
                .shared()
                .learn_clock(date, now, self.used_offset_millis)
        });
        let may_repeat = self.count < self.session.retry().attempts() && !self.is_late(now);
        if learnt && may_repeat && !self.clock_corrected {
            self.clock_corrected = true;
            return Next::AtOnce;
        }
        // The keys of a server role may have been withdrawn before their time: then there are others, once.
        if let (Some(role), Some(key)) = (self.session.role(), &self.used_key)
            && may_repeat
            && !learnt
            && !self.keys_doubted
        {
            role.forget(key.as_bytes());
            self.keys_doubted = true;
            return Next::AtOnce;
        }
        Next::GiveUp(self.told(error))
    }

    /// A failure of the first attempt stays what it is; after that, it is the last one of several.
    fn told(&self, error: Error) -> Error {
        if self.count > 1 {
            error.exhausted(self.count, self.may_have_been_sent)
        } else {
            error
        }
    }

    /// How much of the call's time is left.
    pub(crate) fn time_left(&self, now: SystemTime) -> Option<Duration> {
        let left = self.deadline?.duration_since(now).unwrap_or_default();
        let of_renewal = self.renewal.as_ref().and_then(|renewal| renewal.time_left(now));
        Some(of_renewal.map_or(left, |of_renewal| of_renewal.min(left)))
    }

    fn is_late(&self, now: SystemTime) -> bool {
        self.deadline.is_some_and(|deadline| now >= deadline)
    }
}

/// The failure of a request that whoever drives this has let go of: it may be carried out all the same.
fn lost_request() -> Error {
    Error::transport(Sent::Maybe, "the request was given up before its answer came")
}

impl Pause {
    /// What is left of it.
    fn rest(&self, now: SystemTime) -> Option<Duration> {
        let rest = self.until.duration_since(now).ok()?;
        // More than was asked for is left only where the clock was set back.
        (!rest.is_zero() && rest <= self.time).then_some(rest)
    }
}
