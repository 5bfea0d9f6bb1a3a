//! The one error type: what happened, to which call and field, and what the caller can do about it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::http_date;
use crate::reply::Head;

mod display;

/// How many bytes of an answer's body an error keeps.
pub const BODY_COPY_LIMIT: usize = 8 * 1024;

/// What kind of failure an [`Error`] is. Each says whether the call was sent and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be built from what was given: keys, settings or parameters. **Nothing was sent.** Mend the
    /// field that [`Error::field`] names; trying again changes nothing.
    Build,
    /// There are no keys to sign with: the server role has given none, or none that are still good. **Nothing was sent** to the
    /// gateway. It may pass, if the metadata service is what failed.
    Credentials,
    /// The network failed. With [`Sent::No`] the call certainly did not happen and may be sent again; with
    /// [`Sent::Maybe`] it may have been carried out: repeat reads, look before you repeat anything else.
    Transport {
        /// Whether any part of the request may have reached the other side.
        sent: Sent,
    },
    /// The API gateway answered in place of a service. With [`Error::code`] 200 (authentication failed), 210 (permission
    /// denied), 300 (no such API), 400, 410 and 420 (too many calls) no service has seen the call. With 500 (the service could
    /// not be reached), **510 (it did not answer in time) and 900 the call may have been carried out**: repeat reads, look
    /// before you repeat anything else.
    Gateway,
    /// The service received the call and refused it; [`Error::code`] is its return code, [`Error::message`] its words.
    Service,
    /// An answer came but cannot be understood: not JSON or XML, cut short, too large, or of another shape. The call may
    /// have been carried out. [`Error::body`] holds the beginning of what came.
    Decode,
    /// What was waited for did not come to pass: it failed, is gone, or took too long. The calls themselves went well; see
    /// [`WaitError`](crate::WaitError).
    Wait,
    /// The call was tried several times, and this is how it ended: [`Error::last`] is the last failure, and code, message,
    /// status and the like are that one's.
    Exhausted {
        /// How many attempts were made.
        attempts: u32,
    },
}

/// Whether a request may have reached the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sent {
    /// Certainly not: no byte of the request left.
    No,
    /// Some or all of it may have left.
    Maybe,
}

/// A failure of one call: eight bytes, opaque, with accessors for everything that is known about it.
///
/// `Display` is one line that names operation, status, code and message; [`source`](StdError::source) leads to what lies
/// beneath.
///
/// ```
/// use ncloud_core::{Credentials, ErrorKind};
///
/// let error = Credentials::new("", "").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Build);
/// assert_eq!(error.field(), Some("access key"));
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    may_have_been_sent: bool,
    operation: Option<Cow<'static, str>>,
    field: Option<Cow<'static, str>>,
    /// What happened, in our words; for refusals it stays empty and the answer's own words are shown.
    problem: Cow<'static, str>,
    refusal: Refusal,
    head: Option<Head>,
    body: Option<Bytes>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// The failure of the last attempt, where there were several.
    last: Option<Error>,
}

/// The words of a gateway or service that refused a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) details: Option<String>,
}

impl Error {
    /// A request or setting that cannot be right: names the field and what is allowed. Nothing was sent.
    ///
    /// For code that prepares calls: adapters, configuration readers, hand-written operations.
    #[must_use]
    pub fn build(field: impl Into<Cow<'static, str>>, problem: impl Into<Cow<'static, str>>) -> Self {
        let mut error = Self::new(ErrorKind::Build, problem);
        error.0.field = Some(field.into());
        error
    }

    /// A failure of the network, with whether the request may have been sent. For whoever carries the bytes.
    #[must_use]
    pub fn transport(sent: Sent, problem: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Transport { sent }, problem)
    }

    /// An answer whose body is larger than the reader was told to accept. For whoever carries the bytes.
    #[must_use]
    pub fn body_too_large(status: StatusCode, headers: HeaderMap, limit: u64) -> Self {
        Self::decode(
            format!(
                "the answer's body is larger than the limit of {limit} bytes; raise the limit or ask for less"
            ),
            Head::new(status, headers),
            None,
        )
    }

    /// Adds what lies beneath.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds the name of the operation, unless the error has one.
    #[must_use]
    pub fn with_operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation.get_or_insert_with(|| operation.into());
        self
    }

    pub(crate) fn decode(problem: impl Into<Cow<'static, str>>, head: Head, body: Option<&[u8]>) -> Self {
        let mut error = Self::new(ErrorKind::Decode, problem);
        error.0.head = Some(head);
        error.0.body = body.map(bounded_copy);
        error
    }

    /// Adds the member that could not be read, as a path.
    pub(crate) fn at(mut self, field: String) -> Self {
        self.0.field = Some(field.into());
        self
    }

    pub(crate) fn refused(kind: ErrorKind, refusal: Refusal, head: Head, body: Option<&[u8]>) -> Self {
        let mut error = Self::new(kind, "");
        error.0.refusal = refusal;
        error.0.head = Some(head);
        error.0.body = body.map(bounded_copy);
        error
    }

    /// No keys to sign with.
    pub(crate) fn credentials(field: &'static str, problem: String) -> Self {
        let mut error = Self::new(ErrorKind::Credentials, problem);
        error.0.field = Some(field.into());
        error
    }

    /// The bad end of a wait.
    pub(crate) fn wait(operation: &'static str, problem: String) -> Self {
        Self::new(ErrorKind::Wait, problem).with_operation(operation)
    }

    /// The end of a call that was tried several times.
    pub(crate) fn exhausted(self, attempts: u32, may_have_been_sent: bool) -> Self {
        let mut error = Self::new(ErrorKind::Exhausted { attempts }, "");
        error.0.may_have_been_sent = may_have_been_sent;
        error.0.last = Some(self);
        error
    }

    fn new(kind: ErrorKind, problem: impl Into<Cow<'static, str>>) -> Self {
        let certainly_unsent = matches!(
            kind,
            ErrorKind::Build | ErrorKind::Credentials | ErrorKind::Transport { sent: Sent::No }
        );
        Self(Box::new(Inner {
            kind,
            may_have_been_sent: !certainly_unsent,
            operation: None,
            field: None,
            problem: problem.into(),
            refusal: Refusal::default(),
            head: None,
            body: None,
            source: None,
            last: None,
        }))
    }

    /// The last failure of a call that was tried several times; any other error is its own last.
    #[must_use]
    pub fn last(&self) -> &Self {
        self.0.last.as_ref().unwrap_or(self)
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// NAVER's name of the operation that failed, where one was under way.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.last().0.operation.as_deref()
    }

    /// The setting or member (by its name on the wire, as a path) that is wrong.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.last().0.field.as_deref()
    }

    /// The gateway's error code or the service's return code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.last().0.refusal.code.as_deref()
    }

    /// The gateway's or service's own message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.last().0.refusal.message.as_deref()
    }

    /// What the gateway adds to its message.
    #[must_use]
    pub fn details(&self) -> Option<&str> {
        self.last().0.refusal.details.as_deref()
    }

    /// HTTP status of the answer, if one came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.head().map(Head::status)
    }

    /// The request id that NAVER's support asks for, if the answer had one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.head().and_then(Head::request_id)
    }

    /// Status, headers and identifiers of the answer, if one came.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        self.last().0.head.as_ref()
    }

    /// The beginning of the answer's body, at most [`BODY_COPY_LIMIT`] bytes of it.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.last().0.body.as_deref()
    }

    /// How long the answer asks to wait before another attempt, in seconds or as a date in its `Retry-After` header.
    #[must_use]
    pub fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        http_date::retry_after(self.head()?.headers(), now)
    }

    /// Whether the call, by any of its attempts, may have reached the other side. `false` means that it certainly did not.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.may_have_been_sent
    }

    /// Whether the gateway did not accept the keys, the signature or the clock (gateway code 200).
    #[must_use]
    pub fn is_authentication_failed(&self) -> bool {
        self.last().0.kind == ErrorKind::Gateway && self.code() == Some("200")
    }

    /// Whether the keys are valid but may not do this (gateway codes 210 and 230).
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.last().0.kind == ErrorKind::Gateway && matches!(self.code(), Some("210" | "230"))
    }

    /// Whether the gateway turned the call away because there were too many (gateway codes 400, 410, 420 or HTTP 429).
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        let by_code =
            self.last().0.kind == ErrorKind::Gateway && matches!(self.code(), Some("400" | "410" | "420"));
        by_code || self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }
}

fn bounded_copy(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(body.get(..BODY_COPY_LIMIT).unwrap_or(body))
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // The last failure has been shown already, so the way leads to what lies beneath that one.
        let source = self.last().0.source.as_deref();
        source.map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_pointer_wide_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
    }

    #[test]
    fn foreign_text_cannot_break_the_line_or_flood_it() {
        let refusal = Refusal {
            code: Some("1401".to_owned()),
            message: Some(format!("a\nb\u{1b}[31m{}", "x".repeat(5000))),
            details: None,
        };
        let head = Head::new(StatusCode::BAD_REQUEST, HeaderMap::new());
        let error = Error::refused(ErrorKind::Service, refusal, head, Some(&vec![b'x'; 20_000]));
        let line = error.to_string();
        assert!(
            line.starts_with("the service refused the call: 1401 a b [31mxxx"),
            "{line}"
        );
        assert!(line.ends_with("x… (HTTP 400)"), "{line}");
        assert!(line.len() < 700 && !line.chars().any(char::is_control));
        assert_eq!(error.body().unwrap().len(), BODY_COPY_LIMIT);
    }
}
