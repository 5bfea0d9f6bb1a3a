//! Carrying: one request out, one whole answer back, and what went wrong in words.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use ncloud_core::{Error, Limits, Sent, Span};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Body};

use crate::connect::{Connect, CutOff, NoLookUp};
use crate::tls::is_end;

/// Idle connections that are kept, all of them for one host if need be: as many threads as that can take turns.
const IDLE_CONNECTION_LIMIT: usize = 32;

/// The most headers of an answer: what the async client allows.
const HEADER_LIMIT: usize = 100;

/// A time that is over before anything can happen, where none would mean no limit.
const SHORTEST: Duration = Duration::from_millis(1);

/// The connections, and how far a call may go on them.
pub(crate) struct Transport {
    agent: Agent,
    pub(crate) limits: Limits,
}

/// How far a call has come.
#[derive(Clone, Copy)]
enum Stage {
    Head,
    Body,
}

impl Transport {
    /// Trusts the given roots, or the bundled ones.
    pub(crate) fn new(limits: Limits, roots: Option<&[CertificateDer<'static>]>) -> Self {
        let roots = match roots {
            None => RootCerts::WebPki,
            Some(roots) => roots
                .iter()
                .map(|root| Certificate::from_der(root).to_owned())
                .into(),
        };
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .root_certs(roots)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .allow_non_standard_methods(true)
            .max_idle_connections(IDLE_CONNECTION_LIMIT)
            .max_idle_connections_per_host(IDLE_CONNECTION_LIMIT)
            .timeout_connect(Some(limits.connect_timeout()))
            .timeout_global(Some(limits.attempt_timeout()))
            .build();
        Self {
            agent: Agent::with_parts(config, Connect::new(limits), NoLookUp),
            limits,
        }
    }

    /// Carries one request to one response, once. Never sends anything twice, whatever happens.
    /// `left` is the time that the whole call still has.
    pub(crate) fn carry(&self, request: Request<Bytes>, left: Duration) -> Result<Response<Bytes>, Error> {
        let limit = self.limits.attempt_timeout().min(left);
        let (parts, body) = request.into_parts();
        let response = if body.is_empty() && !expects_body(&parts.method) {
            self.run(Request::from_parts(parts, ()), left)
        } else {
            self.run(Request::from_parts(parts, &*body), left)
        };
        let (parts, body) = response
            .map_err(|error| failure(error, Stage::Head, limit))?
            .into_parts();
        if parts.headers.len() > HEADER_LIMIT {
            return Err(maybe_sent(format!(
                "the answer is not proper HTTP: it has more than {HEADER_LIMIT} headers"
            )));
        }
        match self.read(body) {
            Ok(Some(body)) => Ok(Response::from_parts(parts, body)),
            Ok(None) => Err(Error::body_too_large(
                parts.status,
                parts.headers,
                self.limits.body_limit(),
            )),
            Err(error) => Err(failure(error.into(), Stage::Body, limit)),
        }
    }

    fn run(&self, request: Request<impl AsSendBody>, left: Duration) -> Result<Response<Body>, ureq::Error> {
        if left >= self.limits.attempt_timeout() {
            return self.agent.run(request);
        }
        // What is left of the call is less than what an attempt may take otherwise.
        let left = left.max(SHORTEST);
        self.agent.run(
            self.agent
                .configure_request(request)
                .timeout_global(Some(left))
                .build(),
        )
    }

    /// Reads a body to its end, or gives nothing if it is larger than the limit.
    fn read(&self, body: Body) -> io::Result<Option<Bytes>> {
        let limit = self.limits.body_limit();
        let announced = body.content_length().unwrap_or(0);
        if announced > limit {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        // Only announced so far: if there is no room for it, reading what really comes will say so.
        let _ = bytes.try_reserve_exact(usize::try_from(announced).unwrap_or(usize::MAX));
        let length = body
            .into_reader()
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?;
        let fits = u64::try_from(length).is_ok_and(|length| length <= limit);
        Ok(fits.then(|| bytes.into()))
    }
}

fn failure(error: ureq::Error, stage: Stage, limit: Duration) -> Error {
    match error {
        ureq::Error::Other(inner) => match inner.downcast::<Error>() {
            // What happens while connecting has its words already, and knows that nothing was sent.
            Ok(error) => *error,
            Err(inner) => match inner.downcast::<CutOff>() {
                Ok(cut_off) => maybe_sent(io_problem(&cut_off.0, stage)).with_source(cut_off.0),
                Err(inner) => maybe_sent(inner.to_string()).with_source(inner),
            },
        },
        ureq::Error::Io(error) => maybe_sent(io_problem(&error, stage)).with_source(error),
        error => maybe_sent(problem(&error, stage, limit)).with_source(error),
    }
}

/// What happened, where the attempt had so much time.
fn problem(error: &ureq::Error, stage: Stage, limit: Duration) -> String {
    let limit = Span(limit);
    match (error, stage) {
        (ureq::Error::Timeout(_), Stage::Head) => format!("no answer within {limit}"),
        (ureq::Error::Timeout(_), Stage::Body) => {
            format!("the answer did not come to its end within {limit}")
        }
        (ureq::Error::Protocol(error), _) => format!("the answer is not proper HTTP: {error}"),
        (ureq::Error::LargeResponseHeader(_, limit), _) => {
            format!("the head of the answer is larger than {limit} bytes")
        }
        (error, _) => error.to_string(),
    }
}

fn maybe_sent(problem: String) -> Error {
    Error::transport(Sent::Maybe, problem)
}

/// Whether a request without a body has to say so.
fn expects_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

fn io_problem(error: &io::Error, stage: Stage) -> String {
    let place = match stage {
        Stage::Head => "before an answer came",
        Stage::Body => "in the middle of the answer",
    };
    if error.kind() == io::ErrorKind::ConnectionReset {
        format!("the connection was reset by the other side {place}")
    } else if is_end(error) {
        format!("the connection was closed by the other side {place}")
    } else {
        format!("the connection failed {place}: {error}")
    }
}
