//! Calls: one operation with its retries, back-off, deadline and clock correction, as a machine.

use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::attempts::Attempts;
use crate::error::Error;
use crate::machine::{Event, Machine, Step};
use crate::operation::Operation;
use crate::raw::Raw;
use crate::reply::Reply;
use crate::session::Session;

/// An operation being carried out, with as many attempts as it takes and the session's [`Retry`](crate::Retry) allows.
///
/// From [`Session::call`]. Each attempt is built and signed anew. What is repeated: whatever certainly was not carried out
/// (not sent, too many calls, a resource being changed by somebody else), and for operations that are not
/// [`Safety::Mutating`](crate::Safety::Mutating) also what may have been (a broken connection, a fault behind the gateway).
/// A signature refused because this machine's clock is off is repeated once with the gateway's time, which the session then
/// keeps. No attempt begins after the [deadline](Call::with_deadline), and a `Retry-After` beyond it ends the call at once.
///
/// A failure after several attempts is an [`ErrorKind::Exhausted`](crate::ErrorKind::Exhausted) that holds the last one.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use ncloud_core::{Credentials, Raw, Safety, Session, Site, drive};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let regions = Raw::new(http::Method::GET, "/vserver/v2/getRegionList").safety(Safety::Read);
///
/// // The first attempt meets a gateway that is overloaded, the second one does not.
/// let mut answers = [(429, "{\"error\":{\"errorCode\":\"410\"}}"), (200, "{}")].into_iter();
/// let send = |_request| {
///     let (status, body) = answers.next().unwrap();
///     let mut response = http::Response::new(bytes::Bytes::from_static(body.as_bytes()));
///     *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
///     Ok(response)
/// };
/// let reply = drive(session.raw_call(&regions), SystemTime::now, send, |_time| ())?;
/// assert_eq!(reply.value, "{}");
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Call<'a, O> {
    operation: &'a O,
    attempts: Attempts,
}

impl<'a, O: Operation> Call<'a, O> {
    pub(crate) fn new(session: &Session, operation: &'a O) -> Self {
        Self {
            operation,
            attempts: Attempts::new(session, O::INFO.safety),
        }
    }

    /// The same with another time for the whole call, from its first step on. However short it is, a first attempt is made.
    /// Default: 100 seconds.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.attempts.allowed = deadline;
        self
    }
}

impl<O: Operation> Machine for Call<'_, O> {
    type Output = Result<Reply<O::Output>, Error>;

    fn step(&mut self, now: SystemTime, event: Event) -> Step<Self::Output> {
        self.attempts.step_operation(now, event, self.operation)
    }

    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        self.attempts.time_left(now)
    }
}

/// A raw call with its retries; from [`Session::raw_call`]. See [`Call`].
#[derive(Debug)]
pub struct RawCall<'a> {
    raw: &'a Raw,
    attempts: Attempts,
}

impl<'a> RawCall<'a> {
    pub(crate) fn new(session: &Session, raw: &'a Raw) -> Self {
        Self {
            raw,
            attempts: Attempts::new(session, raw.safety),
        }
    }

    /// The same with another time for the whole call, from its first step on. However short it is, a first attempt is made.
    /// Default: 100 seconds.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.attempts.allowed = deadline;
        self
    }
}

impl Machine for RawCall<'_> {
    type Output = Result<Reply<Bytes>, Error>;

    fn step(&mut self, now: SystemTime, event: Event) -> Step<Self::Output> {
        let raw = self.raw;
        self.attempts.step(
            now,
            event,
            |session, now| session.raw(raw, now),
            Session::parse_raw,
            |error| error.with_operation(raw.path().to_owned()),
        )
    }

    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        self.attempts.time_left(now)
    }
}
