//! Answering: from one request to its response, and what is remembered of it.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use ncloud_core::{Format, TIMESTAMP_HEADER};

use super::{Simulator, State};
use crate::account::Account;
use crate::action::{Action, Context};
use crate::authentication::{Caller, target};
use crate::fault::{Fault, RetryAfter};
use crate::http_date::http_date;
use crate::metadata;
use crate::outcome::{GatewayError, Outcome};
use crate::parameters::{Parameters, format_of_refusal};
use crate::record::{RequestRecord, cut, cut_method};

const TRACE_ID: HeaderName = HeaderName::from_static("x-ncp-trace-id");

/// A request as it arrived; without a body if that was too large to be kept.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Parts,
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) now: SystemTime,
    /// When its head was there, by a clock that only goes forward; only on a connection.
    pub(crate) received: Option<Instant>,
}

/// Who a request is from.
type Admitted = Result<Caller, GatewayError>;

/// What becomes of a request, and the format to say so in.
type Decided = Result<(Format, Outcome), GatewayError>;

/// How a request ends.
#[derive(Clone, Copy, Default)]
struct Ending {
    /// Of the answer, if there is one.
    status: Option<StatusCode>,
    code: Option<&'static str>,
    authenticated: bool,
    /// The position of the caller's account.
    account: Option<usize>,
    carried_out: bool,
    faulted: bool,
}

impl Ending {
    /// How a request ends of which no more is known than whether it was let in.
    fn of(admitted: &Admitted) -> Self {
        Self {
            authenticated: admitted.is_ok(),
            account: admitted.as_ref().ok().and_then(|caller| caller.account),
            ..Self::default()
        }
    }
}

fn is_success(decided: &Decided) -> bool {
    matches!(decided, Ok((_, Outcome::Success { .. })))
}

impl Simulator {
    /// Answers a request as far as that can be done without a connection.
    pub(super) fn answer_without_connection(&self, call: &Call<'_>) -> Response<Bytes> {
        let fault = self.next_fault();
        let faulted = fault.is_some();
        match fault.and_then(|fault| fault.without_delay().0) {
            None | Some(Fault::Drip { .. }) => self.answer(call, faulted),
            Some(Fault::Respond {
                status,
                headers,
                body,
            }) => self.answer_as_scripted(call, status, headers, body),
            Some(Fault::Throttle(retry_after)) => self.throttle(call, retry_after),
            Some(fault) => {
                let admitted = self.admit(call);
                let ending = Ending {
                    carried_out: fault.carries_out() && is_success(&self.decide(call, admitted)),
                    faulted,
                    ..Ending::of(&admitted)
                };
                let outcome = Outcome::Gateway(GatewayError::ENDPOINT);
                self.conclude(call, call.format_of_refusal(), &outcome, ending)
            }
        }
    }

    /// Answers a request properly. `faulted` says that this is not quite how the client will see it.
    pub(crate) fn answer(&self, call: &Call<'_>, faulted: bool) -> Response<Bytes> {
        if metadata::is_metadata(call.request) {
            let path = call.request.uri.path();
            let response = metadata::answer(self.state().role.as_mut(), path, call.now);
            let ending = Ending {
                status: Some(response.status()),
                faulted,
                ..Ending::default()
            };
            self.remember(call, ending);
            return response;
        }
        let admitted = self.admit(call);
        let decided = self.decide(call, admitted);
        let ending = Ending {
            carried_out: is_success(&decided),
            faulted,
            ..Ending::of(&admitted)
        };
        let (format, outcome) =
            decided.unwrap_or_else(|error| (call.format_of_refusal(), Outcome::Gateway(error)));
        self.conclude(call, format, &outcome, ending)
    }

    /// Answers a request with what a script says.
    pub(crate) fn answer_as_scripted(
        &self,
        call: &Call<'_>,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response<Bytes> {
        let ending = Ending {
            status: Some(status),
            ..self.faulted(call)
        };
        self.remember(call, ending);
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
            .headers_mut()
            .entry(DATE)
            .or_insert_with(|| http_date(call.now));
        response
    }

    /// Turns a request away because there are too many.
    pub(crate) fn throttle(&self, call: &Call<'_>, retry_after: RetryAfter) -> Response<Bytes> {
        let outcome = Outcome::Gateway(GatewayError::THROTTLED);
        let mut response = self.conclude(call, call.format_of_refusal(), &outcome, self.faulted(call));
        let value = match retry_after {
            RetryAfter::Absent => None,
            RetryAfter::Seconds(seconds) => Some(HeaderValue::from(seconds)),
            RetryAfter::Date(seconds) => {
                let date = call.now.checked_add(Duration::from_secs(seconds));
                Some(http_date(date.unwrap_or(call.now)))
            }
        };
        response
            .headers_mut()
            .extend(value.map(|value| (RETRY_AFTER, value)));
        response
    }

    /// Remembers a request that gets no answer.
    pub(crate) fn leave_unanswered(&self, call: &Call<'_>) {
        self.remember(call, self.faulted(call));
    }

    /// Carries a request out that gets no answer.
    pub(crate) fn carry_out_unanswered(&self, call: &Call<'_>) {
        let admitted = self.admit(call);
        let ending = Ending {
            carried_out: is_success(&self.decide(call, admitted)),
            faulted: true,
            ..Ending::of(&admitted)
        };
        self.remember(call, ending);
    }

    /// How a request ends that meets a fault and is not carried out.
    fn faulted(&self, call: &Call<'_>) -> Ending {
        Ending {
            faulted: true,
            ..Ending::of(&self.admit(call))
        }
    }

    fn admit(&self, call: &Call<'_>) -> Admitted {
        let state = self.state();
        let gatekeeper = &self.0.settings.gatekeeper;
        gatekeeper.admit(call.request, state.role.as_ref(), call.now)
    }

    /// Carries a request out if it may be. The parameters of a stranger are not even looked at.
    fn decide(&self, call: &Call<'_>, admitted: Admitted) -> Decided {
        if call.body.is_none() {
            return Err(GatewayError::TOO_LARGE);
        }
        let account = admitted?.account.ok_or(GatewayError::PERMISSION_DENIED)?;
        if !matches!(call.request.method, Method::GET | Method::POST) {
            return Err(GatewayError::NOT_FOUND);
        }
        let action = call.action().ok_or(GatewayError::NOT_FOUND)?;
        let parameters = Parameters::read(call.request, call.body.unwrap_or_default())?;
        let outcome = match parameters.check() {
            Ok(()) => self.carry_out(action, &parameters, call, account)?,
            Err(error) => Outcome::Service(error),
        };
        Ok((parameters.format(), outcome))
    }

    fn carry_out(
        &self,
        action: Action,
        parameters: &Parameters,
        call: &Call<'_>,
        position: usize,
    ) -> Result<Outcome, GatewayError> {
        let mut state = self.state();
        let State {
            accounts,
            keep,
            changes,
            next_creation_fails,
            ..
        } = &mut *state;
        // A key without an account has no permission.
        let account = accounts
            .get_mut(position)
            .ok_or(GatewayError::PERMISSION_DENIED)?;
        let Account { world } = account;
        world.follow_clock(call.now);
        let mut context = Context {
            world,
            now: call.now,
            transition: self.0.settings.transition,
            next_creation_fails,
        };
        let result = action.run(parameters.form(), &mut context);
        // Even what was refused may have changed something on its way.
        if world.has_changed() {
            world.note_change(call.now);
            if keep.as_ref().is_some_and(|keep| !keep.keep(position, world)) {
                return Err(GatewayError::NOT_KEPT);
            }
            world.forget_changes();
        }
        let output = match result {
            Ok(output) => output,
            Err(error) => return Ok(Outcome::Service(error)),
        };
        let query = call.request.uri.query().unwrap_or_default().as_bytes();
        let told_apart = self.0.settings.remember_requests;
        changes.count(action.info(), [query, call.body.unwrap_or_default()], told_apart);
        Ok(Outcome::Success {
            action: action.name(),
            output,
        })
    }

    /// Remembers a request and writes its answer.
    fn conclude(
        &self,
        call: &Call<'_>,
        format: Format,
        outcome: &Outcome,
        ending: Ending,
    ) -> Response<Bytes> {
        let status = outcome.status();
        let request_id = self.remember(
            call,
            Ending {
                status: Some(status),
                code: Some(outcome.code()),
                ..ending
            },
        );
        let document = outcome.document(format, self.0.settings.style, &request_id);
        let content_type = HeaderValue::from_static(match format {
            Format::Json => "application/json;charset=UTF-8",
            Format::Xml => "application/xml;charset=UTF-8",
        });
        let mut response = Response::new(Bytes::from(document));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, content_type);
        headers.insert(DATE, http_date(call.now));
        if let Ok(trace_id) = HeaderValue::try_from(request_id) {
            headers.insert(TRACE_ID, trace_id);
        }
        response
    }

    /// Remembers a request and gives it an identifier: numbers in the form that the platform's have, the same in every run.
    fn remember(&self, call: &Call<'_>, ending: Ending) -> String {
        let mut state = self.state();
        state.last_request_number = state.last_request_number.wrapping_add(1);
        let record = RequestRecord {
            method: cut_method(&call.request.method),
            target: cut(target(call.request)).to_owned(),
            action: call.action().map(|action| action.name().to_owned()),
            authenticated: ending.authenticated,
            account: ending.account.map(|position| position.saturating_add(1)),
            timestamp: call.timestamp(),
            status: ending.status,
            return_code: ending.code.map(str::to_owned),
            request_id: format!("00000000-0000-4000-8000-{:012x}", state.last_request_number),
            faulted: ending.faulted,
            carried_out: ending.carried_out,
            elapsed: call
                .received
                .map(|received| received.elapsed().max(state.latency))
                .unwrap_or_default(),
        };
        if self.0.settings.remember_requests {
            state.requests.push(record.clone());
        }
        // The observer may ask the simulator something.
        drop(state);
        if let Some(observer) = &self.0.settings.observer {
            observer(&record);
        }
        record.request_id
    }
}

impl Call<'_> {
    fn format_of_refusal(&self) -> Format {
        format_of_refusal(self.request, self.body.unwrap_or_default())
    }

    fn action(&self) -> Option<Action> {
        Action::at(self.request.uri.path())
    }

    fn timestamp(&self) -> Option<String> {
        let value = self.request.headers.get(TIMESTAMP_HEADER)?;
        value.to_str().ok().map(|text| cut(text).to_owned())
    }
}
