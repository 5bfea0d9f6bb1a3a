//! Machines: what takes several requests or some waiting, as a step function without any I/O.
//!
//! # The contract
//!
//! 1. Begin with [`Event::Start`]; call [`Machine::step`] with the time and what has happened since the last step.
//! 2. [`Step::Send`]: send this request once, without following redirects or trying again, and come back with
//!    [`Event::Response`], whatever its status, or, if there is no whole answer, with [`Event::Failed`]. A request is signed for the
//!    moment: send it at once or not at all, and for no longer than [`Machine::time_left`], if you can cut it short. A failure is made
//!    by [`Error::transport`]: with [`Sent::No`](crate::Sent::No) only if there was no connection for it, as then every operation is
//!    sent again, and with [`Sent::Maybe`](crate::Sent::Maybe) in any other case.
//! 3. [`Step::Sleep`]: let this much time pass, and come back with [`Event::Woke`]. Coming back early is harmless.
//! 4. [`Step::Done`]: that is the result. The machine must not be stepped again, unless it says that it has several results,
//!    as [`Pages`](crate::Pages) does: then [`Event::Start`] begins the next one.
//! 5. Dropping a machine at any point stops everything; nothing is sent later. Going on with another event than the two of a
//!    request in flight counts as a failure of it after which the call may have been carried out.
//!
//! The time is whatever clock the caller has: machines read none, so tests step them through hours in no time.
//!
//! # A whole loop
//!
//! [`drive`] and [`drive_async`] are that loop, ready-made. Written out:
//!
//! ```
//! use ncloud_core::{Error, Event, Machine, Sent, Step};
//! # use std::time::{Duration, SystemTime};
//! # struct Once;
//! # impl Machine for Once {
//! #     type Output = u16;
//! #     fn step(&mut self, _: SystemTime, event: Event) -> Step<u16> {
//! #         match event {
//! #             Event::Response(response) => Step::Done(response.status().as_u16()),
//! #             Event::Woke => Step::Send(http::Request::new(bytes::Bytes::new())),
//! #             _ => Step::Sleep(Duration::ZERO),
//! #         }
//! #     }
//! # }
//! # fn my_http(_: http::Request<bytes::Bytes>) -> std::io::Result<http::Response<bytes::Bytes>> {
//! #     Ok(http::Response::new(bytes::Bytes::new()))
//! # }
//! fn run<M: Machine>(mut machine: M) -> M::Output {
//!     let mut event = Event::Start;
//!     loop {
//!         event = match machine.step(SystemTime::now(), event) {
//!             Step::Send(request) => match my_http(request) {
//!                 Ok(response) => Event::Response(response),
//!                 Err(error) => Event::Failed(Error::transport(Sent::Maybe, error.to_string())),
//!             },
//!             Step::Sleep(time) => { std::thread::sleep(time); Event::Woke }
//!             Step::Done(output) => return output,
//!         };
//!     }
//! }
//! # assert_eq!(run(Once), 200);
//! ```

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};

use crate::error::Error;

/// Something that goes on in steps: a call with its retries, a listing, a wait.
pub trait Machine {
    /// What comes out in the end.
    type Output;

    /// Takes what has happened and says what to do next. See the [module](crate::machine) for the contract.
    fn step(&mut self, now: SystemTime, event: Event) -> Step<Self::Output>;

    /// How much time the request that was handed out last may take at most, where the machine has a deadline. Whoever can
    /// shorten an attempt to it keeps the deadline to the second.
    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        let _ = now;
        None
    }
}

/// What has happened since the last step.
#[derive(Debug)]
pub enum Event {
    /// Nothing yet: the first step.
    Start,
    /// The request was answered, with whatever status.
    Response(Response<Bytes>),
    /// The request could not be sent, or its answer not be read: an error made by [`Error::transport`].
    Failed(Error),
    /// The time to sleep has passed.
    Woke,
}

/// What to do next.
#[allow(
    clippy::large_enum_variant,
    reason = "nearly every step is the large one, and it is taken apart at once"
)]
#[derive(Debug)]
pub enum Step<T> {
    /// Send this request, once, and step with the answer.
    Send(Request<Bytes>),
    /// Let this much time pass, and step again.
    Sleep(Duration),
    /// This is the result.
    Done(T),
}

impl<M: Machine + ?Sized> Machine for &mut M {
    type Output = M::Output;

    fn step(&mut self, now: SystemTime, event: Event) -> Step<Self::Output> {
        (**self).step(now, event)
    }

    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        (**self).time_left(now)
    }
}

impl From<Result<Response<Bytes>, Error>> for Event {
    fn from(result: Result<Response<Bytes>, Error>) -> Self {
        match result {
            Ok(response) => Self::Response(response),
            Err(error) => Self::Failed(error),
        }
    }
}

/// Runs a machine to its end over blocking closures: a clock, a way to send, a way to sleep.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use ncloud_core::{Event, Machine, Step, drive};
///
/// /// Sends nothing and waits twice.
/// struct Twice(u32);
///
/// impl Machine for Twice {
///     type Output = SystemTime;
///
///     fn step(&mut self, now: SystemTime, _: Event) -> Step<SystemTime> {
///         self.0 += 1;
///         if self.0 > 2 { Step::Done(now) } else { Step::Sleep(Duration::from_secs(60)) }
///     }
/// }
///
/// // A clock that stands still but for the sleeping.
/// let now = std::cell::Cell::new(SystemTime::UNIX_EPOCH);
/// let end = drive(Twice(0), || now.get(), |_| unreachable!(), |time| now.set(now.get() + time));
/// assert_eq!(end, SystemTime::UNIX_EPOCH + Duration::from_secs(120));
/// ```
pub fn drive<M: Machine>(
    mut machine: M,
    clock: impl Fn() -> SystemTime,
    mut send: impl FnMut(Request<Bytes>) -> Result<Response<Bytes>, Error>,
    mut sleep: impl FnMut(Duration),
) -> M::Output {
    let mut event = Event::Start;
    loop {
        event = match machine.step(clock(), event) {
            Step::Send(request) => send(request).into(),
            Step::Sleep(time) => {
                sleep(time);
                Event::Woke
            }
            Step::Done(output) => return output,
        };
    }
}

/// Runs a machine to its end over async closures, on any runtime or none.
///
/// The future is `Send` if the machine and the closures' futures are; dropping it stops everything.
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_core::{Event, Machine, Step, drive_async};
///
/// struct Once;
///
/// impl Machine for Once {
///     type Output = http::StatusCode;
///
///     fn step(&mut self, _: SystemTime, event: Event) -> Step<http::StatusCode> {
///         match event {
///             Event::Response(response) => Step::Done(response.status()),
///             _ => Step::Send(http::Request::new(bytes::Bytes::new())),
///         }
///     }
/// }
///
/// # let future = async {
/// let send = |_request| async { Ok(http::Response::new(bytes::Bytes::new())) };
/// let sleep = |_time| std::future::ready(()); // or tokio::time::sleep
/// let status = drive_async(Once, SystemTime::now, send, sleep).await;
/// assert_eq!(status, http::StatusCode::OK);
/// # };
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(std::pin::pin!(future).poll(&mut context).is_ready());
/// ```
pub async fn drive_async<M, Sending, Sleeping>(
    mut machine: M,
    clock: impl Fn() -> SystemTime,
    mut send: impl FnMut(Request<Bytes>) -> Sending,
    mut sleep: impl FnMut(Duration) -> Sleeping,
) -> M::Output
where
    M: Machine,
    Sending: Future<Output = Result<Response<Bytes>, Error>>,
    Sleeping: Future<Output = ()>,
{
    let mut event = Event::Start;
    loop {
        event = match machine.step(clock(), event) {
            Step::Send(request) => send(request).await.into(),
            Step::Sleep(time) => {
                sleep(time).await;
                Event::Woke
            }
            Step::Done(output) => return output,
        };
    }
}
