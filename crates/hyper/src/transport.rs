//! Carrying: one request out, one whole answer back, and what went wrong in words.

use std::error::Error as StdError;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request, Response, Uri};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use ncloud_core::{Error, Limits, Sent, Span};
use rustls::pki_types::CertificateDer;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::connect::{Connect, peer};
use crate::outgoing::{Outgoing, Watch};
use crate::pool::{Failure, Pool, Sending};
use crate::tls::{chain, find, is_end};

/// The connections, and how far a call may go on them.
pub(crate) struct Transport {
    /// What kept TLS from being prepared is told on the first call; nothing that is known of does.
    pool: Result<Pool, rustls::Error>,
    pub(crate) limits: Limits,
}

/// A request that waits to be carried.
pub(crate) struct Prepared {
    sending: Sending,
    uri: Uri,
    watch: Watch,
}

/// How far a call has come.
#[derive(Clone, Copy)]
enum Stage {
    Head,
    Body,
}

impl Transport {
    /// Trusts the given roots, or the bundled ones.
    pub(crate) fn new(limits: Limits, roots: Option<Vec<CertificateDer<'static>>>) -> Self {
        let pool = Connect::new(&limits, roots).map(Pool::new);
        Self { pool, limits }
    }

    /// The request, ready to go: it does not leave before it is [carried](Transport::carry).
    ///
    /// A step of its own, since a request that lay in the future would make it, and every future around it, larger to no purpose.
    pub(crate) fn prepare(&self, mut request: Request<Bytes>) -> Result<Prepared, Error> {
        let pool = self.pool.as_ref().map_err(|error| {
            Error::transport(Sent::No, format!("TLS cannot be prepared: {error}")).with_source(error.clone())
        })?;
        let runtime = Handle::try_current().map_err(|error| {
            let problem = "is missing: this was polled outside of a tokio runtime; call it within one";
            Error::build("tokio runtime", problem).with_source(error)
        })?;
        if request.body().is_empty() && expects_body(request.method()) {
            // hyper leaves it out, and some servers then ask for it (411).
            let none = HeaderValue::from_static("0");
            request.headers_mut().entry(CONTENT_LENGTH).or_insert(none);
        }
        let uri = request.uri().clone();
        let (head, body) = request.into_parts();
        let (body, watch) = Outgoing::new(body);
        Ok(Prepared {
            sending: pool.send(Request::from_parts(head, body), runtime.id())?,
            uri,
            watch,
        })
    }

    /// Carries one request to one response, once. What was written to a connection, even in part, is never sent again.
    /// `left` is the time that the whole call still has.
    pub(crate) async fn carry(
        &self,
        prepared: Result<Prepared, Error>,
        left: Duration,
    ) -> Result<Response<Bytes>, Error> {
        let Prepared { sending, uri, watch } = prepared?;
        let limit = self.limits.attempt_timeout().min(left);
        // One time limit for both stages: a timer costs more than most of the rest.
        let is_answered = AtomicBool::new(false);
        let in_time = timeout(limit, self.answer(sending, &watch, &is_answered)).await;
        in_time.unwrap_or_else(|elapsed| {
            let error = if is_answered.load(Ordering::Relaxed) {
                let problem = format!("the answer did not come to its end within {}", Span(limit));
                Error::transport(Sent::Maybe, problem)
            } else {
                no_answer(limit, &uri, &watch)
            };
            Err(error.with_source(elapsed))
        })
    }

    async fn answer(
        &self,
        sending: Sending,
        watch: &Watch,
        is_answered: &AtomicBool,
    ) -> Result<Response<Bytes>, Error> {
        let (response, lease) = sending.await.map_err(|error| failure(error, watch))?;
        is_answered.store(true, Ordering::Relaxed);
        let (parts, body) = response.into_parts();
        match read(body, self.limits.body_limit()).await {
            Ok(Some(body)) => {
                lease.give_back();
                Ok(Response::from_parts(parts, body))
            }
            Ok(None) => Err(Error::body_too_large(
                parts.status,
                parts.headers,
                self.limits.body_limit(),
            )),
            Err(error) => Err(Error::transport(Sent::Maybe, problem(&error, Stage::Body)).with_source(error)),
        }
    }
}

/// Whether a request without a body has to say so.
fn expects_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

/// Reads a body to its end, or gives nothing if it is larger than the limit.
async fn read(mut body: Incoming, limit: u64) -> Result<Option<Bytes>, hyper::Error> {
    let announced = body.size_hint().lower();
    if announced > limit {
        return Ok(None);
    }
    // An answer that comes in one piece, as most do, is passed on without a copy.
    let mut only = Bytes::new();
    let mut joined = Vec::new();
    let mut length = 0_u64;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        length = length.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if length > limit {
            return Ok(None);
        }
        if length == u64::try_from(data.len()).unwrap_or(u64::MAX) {
            only = data;
            continue;
        }
        if joined.is_empty() {
            // Only announced so far: if there is no room for it, joining what really comes will say so.
            let _ = joined.try_reserve_exact(usize::try_from(announced).unwrap_or(usize::MAX));
            joined.extend_from_slice(&only);
        }
        joined.extend_from_slice(&data);
    }
    Ok(Some(if joined.is_empty() { only } else { joined.into() }))
}

fn no_answer(limit: Duration, uri: &Uri, watch: &Watch) -> Error {
    if watch.may_be_sent() {
        Error::transport(Sent::Maybe, format!("no answer within {}", Span(limit)))
    } else {
        let problem = format!("no connection to {} within {}", peer(uri), Span(limit));
        Error::transport(Sent::No, problem)
    }
}

fn failure(failure: Failure, watch: &Watch) -> Error {
    match failure {
        Failure::NotConnected(error) => Error::transport(Sent::No, error.problem.clone()).with_source(error),
        Failure::Http(error) => {
            let sent = if watch.may_be_sent() {
                Sent::Maybe
            } else {
                Sent::No
            };
            Error::transport(sent, problem(&error, Stage::Head)).with_source(error)
        }
    }
}

fn problem(error: &(dyn StdError + 'static), stage: Stage) -> String {
    let place = match stage {
        Stage::Head => "before an answer came",
        Stage::Body => "in the middle of the answer",
    };
    let is_reset = |error: &(dyn StdError + 'static)| {
        let io = error.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionReset)
    };
    let http = find::<hyper::Error>(error);
    let ended = |http: &hyper::Error| http.is_incomplete_message() || http.is_canceled() || http.is_closed();
    if chain(error).any(is_reset) {
        format!("the connection was reset by the other side {place}")
    } else if chain(error).any(is_end) || http.is_some_and(ended) {
        format!("the connection was closed by the other side {place}")
    } else if let Some(http) = http.filter(|http| http.is_parse()) {
        format!("the answer is not proper HTTP: {http}")
    } else {
        // What hyper says tells more than what the pool around it says.
        let shown = http.map_or_else(|| error.to_string(), ToString::to_string);
        format!("the connection failed {place}: {shown}")
    }
}
