//! Scripts for the call machine: what happens, what the machine has to say to it, under a time that only the script moves.

use std::fmt::Debug;
use std::ops::RangeBounds;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response};
use ncloud_core::{
    Error, Event, Info, Machine, Operation, Raw, Reply, Safety, Service, Session, Step, TIMESTAMP_HEADER,
    shape,
};

use crate::support::{answer, assert_signed, header, now};

mod back_off;
mod budget;
mod clock;
mod clock_limits;
mod deadline;
mod driving;
mod endings;
mod repeats;

const SERVICE: Service = Service::new("vtest", "/vtest/v2");

/// What all test operations answer with.
#[derive(Debug, Default, PartialEq)]
struct Thing {
    no: Option<String>,
}

shape! { Thing { "thingNo" => no } }

/// A test operation of one safety; an empty number is refused before anything is built.
macro_rules! operation {
    ($type:ident, $constant:ident, $safety:ident, $name:literal) => {
        #[derive(Debug, Default)]
        struct $type {
            no: Option<String>,
        }

        shape! { $type { "thingNo" => no } }

        impl Operation for $type {
            type Output = Thing;

            const INFO: Info = Info::$safety(SERVICE, $name);

            fn check(&self) -> Result<(), Error> {
                match self.no.as_deref() {
                    Some("") => Err(Error::build("thingNo", "is empty")),
                    _ => Ok(()),
                }
            }
        }

        const $constant: &$type = &$type { no: None };
    };
}

operation!(GetThing, GET, read, "getThing");
operation!(SetThing, SET, idempotent, "setThing");
operation!(CreateThing, CREATE, mutating, "createThing");

const SAFETIES: [Safety; 3] = [Safety::Read, Safety::Idempotent, Safety::Mutating];

/// A raw call beside those operations.
fn raw(safety: Safety) -> Raw {
    Raw::new(Method::POST, "/vtest/v2/rawThing?a=b%20c")
        .form("thingNo", "1")
        .safety(safety)
}

/// A session whose back-off times are the same in every run.
fn session() -> Session {
    crate::support::session().with_seed(1)
}

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// A machine and its time, stepped and checked one line at a time.
struct Script<M: Machine> {
    machine: M,
    session: Session,
    time: SystemTime,
    step: Step<M::Output>,
    requests: Vec<Request<Bytes>>,
    sleeps: Vec<Duration>,
}

impl<M, T> Script<M>
where
    M: Machine<Output = Result<Reply<T>, Error>>,
    T: Debug,
{
    /// Takes the first step at the time of the test vectors.
    fn new(session: &Session, machine: M) -> Self {
        Self::beginning(session, now(), machine)
    }

    /// Takes the first step at another time.
    fn beginning(session: &Session, time: SystemTime, mut machine: M) -> Self {
        let step = machine.step(time, Event::Start);
        Self {
            machine,
            session: session.clone(),
            time,
            step,
            requests: Vec::new(),
            sleeps: Vec::new(),
        }
    }

    /// Moves on to a time since the time of the test vectors.
    fn at(&mut self, offset: Duration) -> &mut Self {
        self.time = now() + offset;
        self
    }

    /// Lets time pass.
    fn after(&mut self, time: Duration) -> &mut Self {
        self.time += time;
        self
    }

    fn happens(&mut self, event: Event) -> &mut Self {
        self.step = self.machine.step(self.time, event);
        self
    }

    fn answered(&mut self, response: Response<Bytes>) -> &mut Self {
        self.happens(Event::Response(response))
    }

    fn failed(&mut self, error: Error) -> &mut Self {
        self.happens(Event::Failed(error))
    }

    /// Lets the time pass that was to be slept last.
    fn wakes(&mut self) -> &mut Self {
        let slept = self.slept();
        self.after(slept).happens(Event::Woke)
    }

    /// The time that was to be slept last.
    fn slept(&self) -> Duration {
        *self.sleeps.last().expect("something was slept")
    }

    /// The last step was a request, rightly signed.
    fn sends(&mut self) -> &mut Self {
        let request = match &self.step {
            Step::Send(request) => request.clone(),
            other => panic!("expected a request, got {other:?}"),
        };
        assert_signed(&self.session, &request);
        self.requests.push(request);
        self
    }

    /// The last step was a sleep in this range.
    fn sleeps(&mut self, range: impl RangeBounds<Duration> + Debug) -> &mut Self {
        match &self.step {
            Step::Sleep(time) => {
                assert!(range.contains(time), "{time:?} is not within {range:?}");
                self.sleeps.push(*time);
            }
            other => panic!("expected a sleep within {range:?}, got {other:?}"),
        }
        self
    }

    /// Fails one attempt and goes on to the next one, however long that takes.
    fn repeats_after(&mut self, event: Event) -> &mut Self {
        self.sends().happens(event).sleeps(..).wakes()
    }

    /// The last step was a good end.
    fn succeeds(&mut self) -> &T {
        match &self.step {
            Step::Done(Ok(reply)) => &reply.value,
            other => panic!("expected success, got {other:?}"),
        }
    }

    /// The last step was a bad end.
    fn fails(&mut self) -> &Error {
        match &self.step {
            Step::Done(Err(error)) => error,
            other => panic!("expected a failure, got {other:?}"),
        }
    }

    /// The times that the requests were signed for.
    fn times(&self) -> Vec<SystemTime> {
        self.requests.iter().map(signed_at).collect()
    }
}

/// The time that a request was signed for.
fn signed_at(request: &Request<Bytes>) -> SystemTime {
    let millis = header(request, TIMESTAMP_HEADER)
        .parse()
        .expect("a number of milliseconds");
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

/// How far two moments lie apart, whichever is the earlier one.
fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

fn success() -> Response<Bytes> {
    let body =
        r#"{"thingResponse":{"requestId":"r-0","returnCode":"0","returnMessage":"success","thingNo":"7"}}"#;
    answer(200, "application/json", body)
}

/// A refusal of the gateway as it words it.
fn gateway(status: u16, code: &str) -> Response<Bytes> {
    let body = format!(r#"{{"error":{{"errorCode":"{code}","message":"No","details":"Because"}}}}"#);
    answer(status, "application/json", body)
}

/// A refusal of a service as it words it.
fn service(status: u16, code: &str) -> Response<Bytes> {
    let body = format!(r#"{{"responseError":{{"returnCode":"{code}","returnMessage":"No"}}}}"#);
    answer(status, "application/json", body)
}

/// A gateway that is overloaded, which every call may repeat.
fn throttled() -> Response<Bytes> {
    gateway(429, "410")
}

/// An answer with one header more.
fn with(mut response: Response<Bytes>, name: &'static str, value: &str) -> Response<Bytes> {
    let value = HeaderValue::from_str(value).expect("a header value");
    response
        .headers_mut()
        .insert(HeaderName::from_static(name), value);
    response
}

/// A moment of the day of the test vectors as a date in HTTP.
fn http_date(time: SystemTime) -> String {
    const MIDNIGHT: u64 = 1_750_896_000;
    let since = time.duration_since(SystemTime::UNIX_EPOCH + secs(MIDNIGHT));
    let seconds = since.expect("the day of the test vectors").as_secs();
    assert!(seconds < 24 * 60 * 60, "not the day of the test vectors");
    format!(
        "Thu, 26 Jun 2025 {:02}:{:02}:{:02} GMT",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
