//! Faults: what a test has the simulator do to a request instead of answering it properly.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// What happens to one request in place of a proper answer; see [`Simulator::push_fault`](crate::Simulator::push_fault).
///
/// The request is read to its end before the fault strikes, so that a client has certainly sent all of it.
///
/// ```
/// use http::StatusCode;
/// use ncloud_simulator::{Fault, Simulator};
///
/// let simulator = Simulator::new();
/// simulator.push_fault(Fault::respond(
///     StatusCode::TOO_MANY_REQUESTS,
///     r#"{"error":{"errorCode":"410","message":"Throttle Limited","details":""}}"#,
/// ));
/// simulator.push_fault(Fault::Close);
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
    /// Closes the connection without an answer.
    Close,
    /// Carries the call out and begins the proper answer, with the right `content-length`, but closes the connection after
    /// this many bytes of its body.
    Truncate(usize),
    /// Carries the call out and answers with a body in chunks that never ends.
    Endless,
    /// Never answers; the connection stays open until the client closes it or the server stops.
    Hang,
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
}
