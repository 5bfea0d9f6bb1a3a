//! The simulator: from request to response, with everything that it remembers in between.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_core::Credentials;

use crate::account::Account;
use crate::authentication::Gatekeeper;
use crate::builder::SimulatorBuilder;
use crate::changes::{Change, ChangeLog};
use crate::clock::Clock;
use crate::fault::Fault;
use crate::fault_plan::FaultPlan;
use crate::keeping::Keep;
use crate::metadata::Role;
use crate::outcome::Style;
use crate::record::{RequestLog, RequestRecord};
use crate::world::{Kind, World};

mod answering;

pub(crate) use answering::Call;

/// A simulated gateway with its accounts and what they have. Clones share everything and may be used from any thread.
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
    pub(crate) quotas: Vec<(&'static Kind, usize)>,
    pub(crate) admin_calls: bool,
    pub(crate) remember_requests: bool,
    pub(crate) fault_seed: u64,
    pub(crate) observer: Option<Observer>,
}

impl Settings {
    /// Has the accounts keep to the quotas, whatever theirs were.
    pub(crate) fn limit(&self, accounts: &mut [Account]) {
        for account in accounts {
            for (kind, quota) in &self.quotas {
                account.world.set_quota(kind, *quota);
            }
        }
    }
}

pub(crate) struct State {
    pub(crate) accounts: Vec<Account>,
    /// Where what they have is kept beyond the simulator's life.
    keep: Option<Box<dyn Keep>>,
    requests: RequestLog,
    changes: ChangeLog,
    faults: FaultPlan,
    clock: Clock,
    latency: Duration,
    role: Option<Role>,
    next_creation_fails: bool,
    last_request_number: u64,
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

    pub(crate) fn from_settings(
        settings: Settings,
        accounts: Vec<Account>,
        keep: Option<Box<dyn Keep>>,
        role: Option<Role>,
    ) -> Self {
        let state = State {
            accounts,
            keep,
            requests: RequestLog::default(),
            changes: ChangeLog::default(),
            faults: FaultPlan::new(settings.fault_seed),
            clock: Clock::default(),
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

    /// The key pair that is let in; the first account's where there are several. Good for nothing but this simulator.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.0.settings.credentials
    }

    /// Answers one request as the gateway would at the moment `now`.
    ///
    /// Faults are met here, too: [`Fault::Respond`] and [`Fault::Throttle`] as they are, [`Fault::Delay`] without its time,
    /// [`Fault::Drip`] at once. The others need a connection, which there is none of here, so that they become what a client sees
    /// of a broken backend: 503 with gateway code 500, for a call that was carried out if the fault says so.
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
        if let Some(response) = self.administer(&parts, Some(body.as_ref()), now) {
            return response;
        }
        let call = Call {
            request: &parts,
            body: Some(body.as_ref()),
            now,
            received: None,
        };
        self.answer_without_connection(&call)
    }

    /// Queues a fault. Every request consumes one, oldest first, before anything else happens to it.
    pub fn push_fault(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Has one request in `every` meet this fault, from now on: the one after `every - 1` others, and so on. Never with 0.
    ///
    /// A fault that was [queued](Self::push_fault) for that request comes in its place, and so does one that recurs since earlier.
    ///
    /// ```
    /// use ncloud_simulator::{Fault, Simulator, Stage};
    ///
    /// let simulator = Simulator::new();
    /// simulator.fault_every(5, Fault::Reset(Stage::Read));
    /// ```
    pub fn fault_every(&self, every: u32, fault: Fault) {
        self.state().faults.recur(every.into(), fault);
    }

    /// Has requests meet this fault by chance, from now on: each with the probability `rate`, from 0 for none to 1 for all of them.
    ///
    /// Chance follows from the [seed](SimulatorBuilder::fault_seed): with the same one, the same requests in their order meet it in
    /// every run. A fault that was [queued](Self::push_fault) for a request comes in its place, and so does one that recurs since
    /// earlier.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use http::{Request, StatusCode};
    /// use ncloud_simulator::{Fault, Simulator};
    ///
    /// let simulator = Simulator::builder().fault_seed(7).build();
    /// simulator.fault_at_rate(0.2, Fault::respond(StatusCode::BAD_GATEWAY, ""));
    /// let answers = (0..1000).map(|_| simulator.handle(Request::new(""), SystemTime::now()));
    /// let met = answers.filter(|answer| answer.status() == StatusCode::BAD_GATEWAY).count();
    /// assert!((150..250).contains(&met));
    /// ```
    pub fn fault_at_rate(&self, rate: f64, fault: Fault) {
        self.state().faults.recur_at_rate(rate, fault);
    }

    /// Forgets all faults that were queued or recur.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// How often an action, by NAVER's name for it, was carried out, whether or not the client ever learnt of it.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// assert_eq!(Simulator::new().carried_out("createMemberServerImageInstance"), 0);
    /// ```
    #[must_use]
    pub fn carried_out(&self, action: &str) -> u64 {
        self.state().changes.times(action)
    }

    /// The actions so far that changed something, one for each that was carried out with parameters of its own, oldest first: up to
    /// 100,000, and none if the builder was told to [keep none](SimulatorBuilder::remember_requests). Give every call a
    /// description of its own, and none has been carried out twice if all `times` are 1.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        self.state().changes.to_vec()
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
        self.state().clock.set(seconds_ahead);
    }

    /// Lets time pass for the running servers at once: their clock is this much further ahead from now on, and what goes on comes
    /// so much nearer to its end. [`Simulator::handle`] goes by the moment that it is given.
    ///
    /// A client whose clock stays behind is turned away once it is more than five minutes, as the gateway would.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::new();
    /// simulator.set_clock_offset(-60);
    /// simulator.advance_clock(Duration::from_secs(60));
    /// ```
    pub fn advance_clock(&self, time: Duration) {
        self.state().clock.advance(time);
    }

    /// Sets how long the running servers take over every request, at the least. It is carried out when it has come, and its answer
    /// held back for the rest of that time: a client that gives up earlier has not undone anything. Default: no time.
    /// [`Simulator::handle`] takes none.
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

    /// Makes the next thing that is made and can fail come to nothing: an image ends in `CREFL` instead of `CREAT`, a server in
    /// `FSTOP` instead of `RUN`.
    pub fn fail_next_creation(&self) {
        self.state().next_creation_fails = true;
    }

    /// The moment it is by the simulator's clock when it is `now` by the machine's.
    pub(crate) fn clock(&self, now: SystemTime) -> SystemTime {
        let clock = self.state().clock;
        clock.at(now)
    }

    /// Whole seconds by which its clock is ahead.
    pub(crate) fn clock_offset(&self) -> i64 {
        self.state().clock.seconds_ahead()
    }

    pub(crate) fn has_admin_calls(&self) -> bool {
        self.0.settings.admin_calls
    }

    /// The latest requests, oldest first.
    pub(crate) fn latest_requests(&self, count: usize) -> Vec<RequestRecord> {
        self.state().requests.latest(count)
    }

    /// Looks at what each account has, in order.
    pub(crate) fn for_each_world(&self, mut look: impl FnMut(usize, &World)) {
        let state = self.state();
        for (position, account) in state.accounts.iter().enumerate() {
            look(position, &account.world);
        }
    }

    pub(crate) fn latency(&self) -> Duration {
        self.state().latency
    }

    pub(crate) fn next_fault(&self) -> Option<Fault> {
        self.state().faults.next()
    }

    pub(crate) fn expects_unread_fault(&self) -> bool {
        self.state().faults.expects_unread()
    }

    pub(crate) fn next_unread_fault(&self) -> Option<Fault> {
        self.state().faults.next_unread()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
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
