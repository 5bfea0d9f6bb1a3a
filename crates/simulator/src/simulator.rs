//! The simulator: from request to response, with everything that it remembers in between.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use ncloud_core::shape::Shape;
use ncloud_core::{Credentials, Format, TIMESTAMP_HEADER};

use crate::action::{Action, Context};
use crate::authentication::{Gatekeeper, target};
use crate::builder::SimulatorBuilder;
use crate::fault::Fault;
use crate::http_date::http_date;
use crate::inventory::Inventory;
use crate::metadata::{self, Role};
use crate::outcome::{GatewayError, Outcome, ServiceError, Style};
use crate::parameters::{Parameters, format_of_refusal};
use crate::record::{RequestLog, RequestRecord, cut, cut_method};

const TRACE_ID: HeaderName = HeaderName::from_static("x-ncp-trace-id");

/// A simulated gateway with one account and its inventory. Clones share everything and may be used from any thread.
///
/// See the [crate](crate) for an example.
#[derive(Clone)]
pub struct Simulator(Arc<Inner>);

struct Inner {
    settings: Settings,
    state: Mutex<State>,
}

pub(crate) type Observer = Arc<dyn Fn(&RequestRecord) + Send + Sync>;

/// What never changes after the simulator is built.
pub(crate) struct Settings {
    pub(crate) gatekeeper: Gatekeeper,
    /// The first account's.
    pub(crate) credentials: Credentials,
    pub(crate) style: Style,
    pub(crate) transition: Duration,
    pub(crate) remember_requests: bool,
    pub(crate) observer: Option<Observer>,
}

struct State {
    inventory: Inventory,
    requests: RequestLog,
    faults: VecDeque<Fault>,
    clock_offset: i64,
    latency: Duration,
    role: Option<Role>,
    next_creation_fails: bool,
    last_request_number: u64,
}

/// A request as it arrived; without a body if that was too large to be kept.
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Parts,
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) now: SystemTime,
}

impl Simulator {
    /// A simulator with the built-in inventory and account.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::new();
    /// assert_eq!(simulator.credentials().access_key().as_str(), "ncp_ak_TESTSIMULATOR000001");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A simulator with other accounts, another inventory or other habits.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::new()
    }

    pub(crate) fn from_settings(settings: Settings, inventory: Inventory, role: Option<Role>) -> Self {
        let state = State {
            inventory,
            requests: RequestLog::default(),
            faults: VecDeque::new(),
            clock_offset: 0,
            latency: Duration::ZERO,
            role,
            next_creation_fails: false,
            last_request_number: 0,
        };
        Self(Arc::new(Inner {
            settings,
            state: Mutex::new(state),
        }))
    }

    /// The key pair that is let in; the first one where there are several. Good for nothing but this simulator.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.0.settings.credentials
    }

    /// Answers one request as the gateway would at the moment `now`.
    ///
    /// A fault waiting in the queue is applied: [`Fault::Respond`] as it is. The others need a connection, which there is none
    /// of here, so that they become what a client sees of a broken backend: 503 with gateway code 500.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_simulator::Simulator;
    ///
    /// let unsigned = http::Request::get("/vserver/v2/getMemberServerImageInstanceList").body("")?;
    /// let response = Simulator::new().handle(unsigned, SystemTime::now());
    /// assert_eq!(response.status(), http::StatusCode::UNAUTHORIZED);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn handle(&self, request: Request<impl AsRef<[u8]>>, now: SystemTime) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let call = Call {
            request: &parts,
            body: Some(body.as_ref()),
            now,
        };
        match self.next_fault() {
            None => self.answer(&call, false),
            Some(Fault::Respond {
                status,
                headers,
                body,
            }) => self.answer_as_scripted(&call, status, headers, body),
            Some(_) => {
                let authenticated = self.admit(&call).is_ok();
                let outcome = Outcome::Gateway(GatewayError::ENDPOINT);
                self.conclude(&call, call.format_of_refusal(), &outcome, authenticated, true)
            }
        }
    }

    /// Queues a fault. Every request consumes one, oldest first, before anything else happens to it.
    pub fn push_fault(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// The requests so far, oldest first; of very many, the last 10,000 or those that fit into 16 MiB. None if the builder
    /// was told to [keep none](SimulatorBuilder::remember_requests).
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state().requests.to_vec()
    }

    /// Sets how far the clock of the running servers is ahead of this machine's; negative for behind. [`Simulator::handle`] goes
    /// by the moment that it is given.
    pub fn set_clock_offset(&self, seconds_ahead: i64) {
        self.state().clock_offset = seconds_ahead;
    }

    /// Sets how long the running servers take over every request before they look at it. Default: no time. [`Simulator::handle`]
    /// takes none.
    pub fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// Has the gateway refuse all keys that the metadata service has given so far, before their time; it gives new ones when it is
    /// asked next.
    pub fn withdraw_role_keys(&self) {
        if let Some(role) = &mut self.state().role {
            role.withdraw_keys();
        }
    }

    /// Makes the next thing that is made come to nothing: an image ends in `CREFL` instead of `CREAT`.
    pub fn fail_next_creation(&self) {
        self.state().next_creation_fails = true;
    }

    /// The moment it is by the simulator's clock when it is `now` by the machine's.
    pub(crate) fn clock(&self, now: SystemTime) -> SystemTime {
        let offset = self.state().clock_offset;
        let distance = Duration::from_secs(offset.unsigned_abs());
        let shifted = if offset < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        shifted.unwrap_or(now)
    }

    pub(crate) fn latency(&self) -> Duration {
        self.state().latency
    }

    pub(crate) fn next_fault(&self) -> Option<Fault> {
        self.state().faults.pop_front()
    }

    /// Answers a request properly. `faulted` says that only a part of the answer will be sent.
    pub(crate) fn answer(&self, call: &Call<'_>, faulted: bool) -> Response<Bytes> {
        if metadata::is_metadata(call.request) {
            let path = call.request.uri.path();
            let response = metadata::answer(self.state().role.as_mut(), path, call.now);
            self.remember(call, Some(response.status()), None, false, faulted);
            return response;
        }
        let admitted = self.admit(call);
        let (format, outcome) = self
            .decide(call, admitted)
            .unwrap_or_else(|error| (call.format_of_refusal(), Outcome::Gateway(error)));
        self.conclude(call, format, &outcome, admitted.is_ok(), faulted)
    }

    /// Answers a request with what a script says.
    pub(crate) fn answer_as_scripted(
        &self,
        call: &Call<'_>,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    ) -> Response<Bytes> {
        self.remember(call, Some(status), None, self.admit(call).is_ok(), true);
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
            .headers_mut()
            .entry(DATE)
            .or_insert_with(|| http_date(call.now));
        response
    }

    /// Remembers a request that gets no answer.
    pub(crate) fn leave_unanswered(&self, call: &Call<'_>) {
        self.remember(call, None, None, self.admit(call).is_ok(), true);
    }

    fn admit(&self, call: &Call<'_>) -> Result<(), GatewayError> {
        let state = self.state();
        let gatekeeper = &self.0.settings.gatekeeper;
        gatekeeper.admit(call.request, state.role.as_ref(), call.now)
    }

    /// What becomes of a request, and the format to say so in. The parameters of a stranger are not even looked at.
    fn decide(
        &self,
        call: &Call<'_>,
        admitted: Result<(), GatewayError>,
    ) -> Result<(Format, Outcome), GatewayError> {
        if call.body.is_none() {
            return Err(GatewayError::TOO_LARGE);
        }
        admitted?;
        if !matches!(call.request.method, Method::GET | Method::POST) {
            return Err(GatewayError::NOT_FOUND);
        }
        let action = call.action().ok_or(GatewayError::NOT_FOUND)?;
        let parameters = Parameters::read(call.request, call.body.unwrap_or_default())?;
        let outcome = match self.carry_out(action, &parameters, call.now) {
            Ok(output) => Outcome::Success {
                action: action.name(),
                output,
            },
            Err(error) => Outcome::Service(error),
        };
        Ok((parameters.format(), outcome))
    }

    fn carry_out(
        &self,
        action: Action,
        parameters: &Parameters,
        now: SystemTime,
    ) -> Result<Box<dyn Shape>, ServiceError> {
        parameters.check()?;
        let mut state = self.state();
        let State {
            inventory,
            next_creation_fails,
            ..
        } = &mut *state;
        let mut context = Context {
            inventory,
            now,
            transition: self.0.settings.transition,
            next_creation_fails,
        };
        action.run(parameters.form(), &mut context)
    }

    /// Remembers a request and writes its answer.
    fn conclude(
        &self,
        call: &Call<'_>,
        format: Format,
        outcome: &Outcome,
        authenticated: bool,
        faulted: bool,
    ) -> Response<Bytes> {
        let status = outcome.status();
        let request_id = self.remember(call, Some(status), Some(outcome.code()), authenticated, faulted);
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
    fn remember(
        &self,
        call: &Call<'_>,
        status: Option<StatusCode>,
        code: Option<&str>,
        authenticated: bool,
        faulted: bool,
    ) -> String {
        let mut state = self.state();
        state.last_request_number = state.last_request_number.wrapping_add(1);
        let record = RequestRecord {
            method: cut_method(&call.request.method),
            target: cut(target(call.request)).to_owned(),
            action: call.action().map(|action| action.name().to_owned()),
            authenticated,
            timestamp: call.timestamp(),
            status,
            return_code: code.map(str::to_owned),
            request_id: format!("00000000-0000-4000-8000-{:012x}", state.last_request_number),
            faulted,
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

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing leaves the state half changed, so that it is still good after a panic elsewhere.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Simulator {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Simulator")
            .field("gatekeeper", &self.0.settings.gatekeeper)
            .field("style", &self.0.settings.style)
            .finish_non_exhaustive()
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
