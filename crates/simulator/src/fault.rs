//! Faults: what a test has the simulator do to a request instead of answering it properly.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// What happens to one request in place of a proper answer at once; see
/// [`Simulator::push_fault`](crate::Simulator::push_fault), [`Simulator::fault_every`](crate::Simulator::fault_every) and
/// [`Simulator::fault_at_rate`](crate::Simulator::fault_at_rate).
///
/// But for [`Stage::Unread`], the request is read to its end before the fault strikes, so that a client has certainly sent all of
/// it. A fault can be written as a text, which [`str::parse`] reads and the binary takes by `--fault`. Times are whole numbers with
/// `ms` or `s`.
///
/// | text | fault |
/// | --- | --- |
/// | `respond:STATUS` | [`Respond`](Self::Respond), such as `respond:503` |
/// | `respond:STATUS;NAME=VALUE;NAME=VALUE` | with headers, whose values have no `;` |
/// | `respond:STATUS;;BODY`, `respond:STATUS;NAME=VALUE;;BODY` | with a body: all of the rest |
/// | `throttle`, `throttle:SECONDS`, `throttle:date:SECONDS` | [`Throttle`](Self::Throttle) without and with `Retry-After` |
/// | `delay:TIME`, `delay:TIME:FAULT` | [`Delay`](Self::Delay), such as `delay:200ms` or `delay:2s:close` |
/// | `reset:unread`, `reset:read`, `reset:carried-out` | [`Reset`](Self::Reset) |
/// | `close`, `hang`, `endless` | [`Close`](Self::Close), [`Hang`](Self::Hang), [`Endless`](Self::Endless) |
/// | `truncate:BYTES` | [`Truncate`](Self::Truncate) |
/// | `drip:BYTES:TIME` | [`Drip`](Self::Drip), such as `drip:1:50ms` |
///
/// ```
/// use std::time::Duration;
/// use http::StatusCode;
/// use ncloud_simulator::{Fault, RetryAfter, Simulator, Stage};
///
/// let simulator = Simulator::new();
/// simulator.push_fault(Fault::respond(StatusCode::BAD_GATEWAY, "<html>Bad Gateway</html>").delayed(Duration::from_millis(20)));
/// simulator.push_fault(Fault::Throttle(RetryAfter::Seconds(3)));
/// simulator.push_fault(Fault::Reset(Stage::CarriedOut));
/// simulator.push_fault("drip:16:5ms".parse()?);
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Answers with exactly this. A `date` is added if there is none.
    ///
    /// With a `content-length` or `transfer-encoding` among the headers, the body is written as it is, right or wrong, and
    /// the connection is closed after it.
    Respond {
        /// Status of the answer.
        status: StatusCode,
        /// Headers of the answer.
        headers: HeaderMap,
        /// Body of the answer: any bytes.
        body: Bytes,
    },
    /// Turns the call away as the gateway does when there are too many: 429 with gateway code 410.
    Throttle(RetryAfter),
    /// Lets this much time pass and then does what it holds; by itself, it delays the proper answer.
    ///
    /// It is the answer that is late: a call that is carried out at all is carried out, and recorded, before the time begins. So a
    /// client that gives up meanwhile has changed something all the same.
    Delay {
        /// How long; without a connection, no time passes.
        time: Duration,
        /// What follows; `None` for the proper answer.
        then: Option<Box<Fault>>,
    },
    /// Resets the connection (TCP RST) when the request has come this far.
    Reset(Stage),
    /// Closes the connection without carrying the call out, and without an answer.
    Close,
    /// Carries the call out and begins the proper answer, with the right `content-length`, but closes the connection after
    /// this many bytes of its body. With more bytes than there are, the answer is whole and the connection is closed all the same,
    /// without having said so.
    Truncate(usize),
    /// Carries the call out and writes the proper answer slowly, head and body, and closes the connection after it.
    Drip {
        /// How many bytes at a time; 0 is taken for 1.
        bytes: usize,
        /// The pause after each time.
        pause: Duration,
    },
    /// Carries the call out and answers with a body in chunks that never ends.
    Endless,
    /// Never answers, and does not carry the call out; the connection stays open until the client closes it or the server stops.
    Hang,
}

/// How far a request has come when its connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nothing of it was read: its first byte can be, on a connection that is new or has carried others before. As nobody has read
    /// it, it is not among the [requests](crate::Simulator::requests). (One that came together with the one before it, unasked, was
    /// read, and is reset all the same.)
    Unread,
    /// All of it was read, but it was not carried out.
    Read,
    /// It was carried out, but not a byte of the answer leaves.
    CarriedOut,
}

/// What a refusal says about when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryAfter {
    /// Nothing.
    Absent,
    /// `Retry-After` with so many seconds.
    Seconds(u64),
    /// `Retry-After` with a date, which is so many seconds ahead by the simulator's clock.
    Date(u64),
}

impl Fault {
    /// An answer with this status and body, and without headers.
    #[must_use]
    pub fn respond(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::Respond {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// The proper answer, this much later.
    #[must_use]
    pub fn delay(time: Duration) -> Self {
        Self::Delay { time, then: None }
    }

    /// The same fault, this much later.
    #[must_use]
    pub fn delayed(self, time: Duration) -> Self {
        Self::Delay {
            time,
            then: Some(Box::new(self)),
        }
    }

    /// The fault without its delays, `None` for the proper answer, and how long they are together.
    pub(crate) fn without_delay(self) -> (Option<Self>, Duration) {
        let mut delay = Duration::ZERO;
        let mut fault = Some(self);
        while let Some(Self::Delay { time, then }) = fault {
            delay = delay.saturating_add(time);
            fault = then.map(|then| *then);
        }
        (fault, delay)
    }

    /// Whether the call is carried out although the client gets no good answer.
    pub(crate) fn carries_out(&self) -> bool {
        matches!(
            self,
            Self::Truncate(_) | Self::Endless | Self::Drip { .. } | Self::Reset(Stage::CarriedOut)
        )
    }

    /// Whether it strikes before the request is read, possibly after a delay.
    pub(crate) fn strikes_unread(&self) -> bool {
        match self {
            Self::Delay { then, .. } => then.as_ref().is_some_and(|then| then.strikes_unread()),
            fault => *fault == Self::Reset(Stage::Unread),
        }
    }
}
