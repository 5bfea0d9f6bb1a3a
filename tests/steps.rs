//! Any machine and its time, stepped and checked one line at a time; nothing moves the time but the test.

use std::fmt::Debug;
use std::ops::RangeBounds;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_core::{Error, Event, Machine, Sent, Step};

use crate::support::{answer, now};

pub(crate) struct Steps<M: Machine> {
    pub(crate) machine: M,
    pub(crate) time: SystemTime,
    step: Step<M::Output>,
    /// What was to be slept last.
    slept: Duration,
}

impl<M: Machine> Steps<M>
where
    M::Output: Debug,
{
    /// Takes the first step at the time of the test vectors.
    pub(crate) fn new(machine: M) -> Self {
        Self::at(now(), machine)
    }

    pub(crate) fn at(time: SystemTime, mut machine: M) -> Self {
        let step = machine.step(time, Event::Start);
        Self {
            machine,
            time,
            step,
            slept: Duration::ZERO,
        }
    }

    pub(crate) fn after(&mut self, time: Duration) -> &mut Self {
        self.time += time;
        self
    }

    pub(crate) fn happens(&mut self, event: Event) -> &mut Self {
        self.step = self.machine.step(self.time, event);
        self
    }

    pub(crate) fn answered(&mut self, response: Response<Bytes>) -> &mut Self {
        self.happens(Event::Response(response))
    }

    pub(crate) fn cut_off(&mut self) -> &mut Self {
        self.happens(Event::Failed(Error::transport(Sent::Maybe, "cut off")))
    }

    /// The last step was a request: this one.
    pub(crate) fn sends(&self) -> &Request<Bytes> {
        match &self.step {
            Step::Send(request) => request,
            other => panic!("expected a request, got {other:?}"),
        }
    }

    /// The last step was a sleep in this range.
    pub(crate) fn sleeps(&mut self, range: impl RangeBounds<Duration> + Debug) -> &mut Self {
        match &self.step {
            Step::Sleep(time) => {
                assert!(range.contains(time), "{time:?} is not within {range:?}");
                self.slept = *time;
            }
            other => panic!("expected a sleep within {range:?}, got {other:?}"),
        }
        self
    }

    /// Lets the time pass that was to be slept.
    pub(crate) fn wakes(&mut self) -> &mut Self {
        let slept = self.slept;
        self.after(slept).happens(Event::Woke)
    }

    pub(crate) fn slept(&self) -> Duration {
        self.slept
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self.step, Step::Done(_))
    }

    /// The last step was the end.
    pub(crate) fn ends(self) -> M::Output {
        match self.step {
            Step::Done(output) => output,
            other => panic!("expected the end, got {other:?}"),
        }
    }
}

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A good answer, or one that says so.
pub(crate) fn json(body: impl Into<Bytes>) -> Response<Bytes> {
    answer(200, "application/json", body)
}

/// A refusal of a service as it words it.
pub(crate) fn refused_by_service(code: &str) -> Response<Bytes> {
    let body = format!(r#"{{"responseError":{{"returnCode":"{code}","returnMessage":"No"}}}}"#);
    answer(400, "application/json", body)
}

/// A refusal of the gateway as it words it.
pub(crate) fn refused_by_gateway(status: u16, code: &str) -> Response<Bytes> {
    let body = format!(r#"{{"error":{{"errorCode":"{code}","message":"No","details":""}}}}"#);
    answer(status, "application/json", body)
}
