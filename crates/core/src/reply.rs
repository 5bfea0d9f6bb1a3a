//! Replies: an `http::Response` becomes the operation's output with its head, or an error.

use http::response::Parts;
use http::{HeaderMap, StatusCode};

use crate::codec::{json, without_byte_order_mark, xml};
use crate::error::Error;
use crate::operation::Info;
use crate::shape::{ReadError, Shape};

mod envelope;

use envelope::{Envelope, Nothing, Outcome, Root};

/// Headers that carry an identifier for NAVER's support, most telling first.
const REQUEST_ID_HEADERS: [&str; 2] = ["x-ncp-request-id", "x-ncp-trace-id"];

/// The output of an operation together with the head of the answer that it came in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reply<T> {
    /// What the operation gives.
    pub value: T,
    /// Status, headers and identifiers of the answer.
    pub head: Head,
}

impl<T> Reply<T> {
    /// The output alone.
    #[must_use]
    pub fn into_value(self) -> T {
        self.value
    }

    /// The request id that NAVER's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }
}

/// What an answer says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    status: StatusCode,
    headers: HeaderMap,
    request_id: Option<String>,
    return_code: Option<String>,
    return_message: Option<String>,
}

impl Head {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            status,
            headers,
            request_id: None,
            return_code: None,
            return_message: None,
        }
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The request id: from the body, else from the headers `x-ncp-request-id` and `x-ncp-trace-id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        let in_headers = || {
            let values = REQUEST_ID_HEADERS
                .iter()
                .filter_map(|name| self.headers.get(*name)?.to_str().ok());
            values.into_iter().find(|value| !value.is_empty())
        };
        self.request_id.as_deref().or_else(in_headers)
    }

    /// The service's return code: `0` on success.
    #[must_use]
    pub fn return_code(&self) -> Option<&str> {
        self.return_code.as_deref()
    }

    /// The service's return message: `success` on success.
    #[must_use]
    pub fn return_message(&self) -> Option<&str> {
        self.return_message.as_deref()
    }
}

/// Parses the answer to a typed operation.
pub(crate) fn parse(info: &Info, parts: Parts, body: &[u8], output: &mut dyn Shape) -> Result<Head, Error> {
    if parts.status == StatusCode::NO_CONTENT && body.is_empty() {
        return Ok(Head::new(parts.status, parts.headers));
    }
    let body_copy = (!info.secret).then_some(body);
    let mut envelope = Envelope::new(info.name, output);
    let read = read_document(body, &mut envelope);
    let (outcome, head) = envelope.into_outcome(parts);
    match (outcome, read) {
        (Outcome::Refused(kind, refusal), _) => Err(Error::refused(kind, refusal, head, body_copy)),
        // A redirect usually has no body to speak of, so its status says more than what is wrong with that.
        _ if head.status().is_redirection() => Err(Error::decode(status_problem(&head), head, body_copy)),
        (_, Err(error)) => Err(undecodable(&error, head, body_copy)),
        (Outcome::Success, Ok(())) => Ok(head),
        (Outcome::UnexpectedStatus, Ok(())) => Err(Error::decode(status_problem(&head), head, body_copy)),
        (Outcome::Unrecognised, Ok(())) => {
            let problem = format!(
                "it has neither a member {}Response nor a known member of it",
                info.name
            );
            Err(Error::decode(problem, head, body_copy))
        }
    }
    .map_err(|error| error.with_operation(info.name))
}

/// Looks for a refusal in the answer to a raw call, whose format and content are the caller's business.
pub(crate) fn parse_raw(parts: Parts, body: &[u8]) -> Result<Head, Error> {
    let mut nothing = Nothing;
    let mut envelope = Envelope::new("", &mut nothing);
    let read = read_document(body, &mut envelope);
    let (outcome, head) = envelope.into_outcome(parts);
    match outcome {
        Outcome::Refused(kind, refusal) => Err(Error::refused(kind, refusal, head, Some(body))),
        _ if head.status().is_success() => Ok(head),
        _ => match read {
            Err(error) if !head.status().is_redirection() => Err(undecodable(&error, head, Some(body))),
            _ => Err(Error::decode(status_problem(&head), head, Some(body))),
        },
    }
}

/// Reads a document in whichever format its first character shows it to be in.
fn read_document(body: &[u8], envelope: &mut Envelope<'_>) -> Result<(), ReadError> {
    let start = without_byte_order_mark(body).trim_ascii_start();
    match start.first() {
        None => Err(ReadError::new("the body is empty")),
        Some(b'<') if is_html(start) => Err(ReadError::new(
            "it is an HTML page, which some proxy or login page on the way has sent instead of the gateway",
        )),
        Some(b'<') => xml::read_root(body, &mut Root(envelope)),
        Some(b'{') => json::read(body, envelope),
        Some(_) => Err(ReadError::new("it is neither JSON nor XML")),
    }
}

fn is_html(document: &[u8]) -> bool {
    let starts_with = |start: &[u8]| {
        document
            .get(..start.len())
            .is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
    };
    starts_with(b"<!doctype html") || starts_with(b"<html")
}

/// An answer that cannot be read; without `body`, because it holds a secret, nothing of what was found is repeated.
fn undecodable(error: &ReadError, head: Head, body: Option<&[u8]>) -> Error {
    let problem = match body {
        Some(_) => error.problem(),
        None => "cannot be read; what was found is not shown, because the answer may hold a secret",
    };
    let content_type = head
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let problem = match content_type {
        Some(content_type) => format!("{problem} (content type {content_type})"),
        None => problem.to_owned(),
    };
    let error_path = error.path().to_owned();
    let error = Error::decode(problem, head, body);
    if error_path.is_empty() {
        error
    } else {
        error.at(error_path)
    }
}

fn status_problem(head: &Head) -> String {
    if head.status().is_redirection() {
        "it is a redirect, which is never followed, because the signature holds for the asked address only"
            .to_owned()
    } else {
        "its status says failure, but its body is no error of the gateway or a service".to_owned()
    }
}
