//! Builder: a simulator with other accounts, another inventory or other habits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ncloud_core::codec::json::Layout;
use ncloud_core::{Credentials, Error};

use crate::account::Account;
use crate::authentication::{Caller, Gatekeeper, Key};
use crate::inventory::Inventory;
use crate::metadata::Role;
use crate::outcome::Style;
use crate::record::RequestRecord;
use crate::simulator::{Observer, Settings, Simulator};
use crate::snapshot::Snapshot;
use crate::world::{Kind, kinds};

mod beginning;
mod keys;

const ACCESS_KEY: &str = "ncp_ak_TESTSIMULATOR000001";
/// How long changes of a state take.
const TRANSITION: Duration = Duration::from_secs(3);
const SECRET_KEY: &str = "ncp_sk_TESTSIMULATOR0000000000000000000001";

/// Settings of a [`Simulator`] to be; made by [`Simulator::builder`].
///
/// ```
/// use ncloud_core::Credentials;
/// use ncloud_simulator::{Layout, Simulator};
///
/// let account = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let simulator = Simulator::builder()
///     .account(&account)
///     .inventory_json(br#"{"memberServerImageInstanceList": []}"#)?
///     .layout(Layout::Compact)
///     .build();
/// assert_eq!(simulator.credentials().access_key(), account.access_key());
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone)]
// Each is a switch of its own.
#[allow(clippy::struct_excessive_bools)]
#[must_use = "a builder does nothing until build is called"]
pub struct SimulatorBuilder {
    keys: Vec<Key>,
    /// How many accounts there are; none for the built-in one alone.
    accounts: usize,
    inventory: Option<Inventory>,
    snapshot: Option<Snapshot>,
    role: Option<(String, Duration)>,
    style: Style,
    transition: Duration,
    quotas: Vec<(&'static Kind, usize)>,
    accept_path_only_signatures: bool,
    accept_signature_v1: bool,
    admin_calls: bool,
    remember_requests: bool,
    fault_seed: u64,
    observer: Option<Observer>,
}

impl SimulatorBuilder {
    pub(crate) fn new() -> Self {
        Self {
            keys: Vec::new(),
            accounts: 0,
            inventory: None,
            snapshot: None,
            role: None,
            style: Style {
                layout: Layout::Pretty,
                byte_order_mark: false,
                trailing_newline: false,
            },
            transition: TRANSITION,
            quotas: Vec::new(),
            accept_path_only_signatures: false,
            accept_signature_v1: true,
            admin_calls: false,
            remember_requests: true,
            fault_seed: 0,
            observer: None,
        }
    }

    /// Gives the server that the simulator stands for a role, whose keys its metadata service hands out and its gateway lets in for
    /// this long, as keys of the first account. The service is on the same address as the gateway: set `NCLOUD_METADATA_ENDPOINT` to it. The same keys are handed
    /// out until half of their life is over. Default: no role, and the service answers 404.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use ncloud_core::{Endpoint, ServerRole, Session, drive};
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::builder().server_role("web", Duration::from_secs(3600)).build();
    /// let role = ServerRole::at(Endpoint::new("http://127.0.0.1:1")?);
    /// let session = Session::from_role(&role, Endpoint::new("http://127.0.0.1:1")?);
    /// let images = ncloud_api::vserver::GetMemberServerImageInstanceList::new();
    /// let carry = |request| Ok(simulator.handle(request, SystemTime::now()));
    /// let reply = drive(session.call(&images), SystemTime::now, carry, std::thread::sleep)?;
    /// assert_eq!(reply.value.total_rows, Some(25));
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn server_role(mut self, name: &str, lifetime: Duration) -> Self {
        self.role = Some((name.to_owned(), lifetime));
        self
    }

    /// How answers are laid out, in JSON and XML alike. Default: [`Layout::Pretty`], which is the platform's own and the only one
    /// that NAVER's Go SDK can read. Gateway errors are on one line in any case, as the live gateway's are.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.style.layout = layout;
        self
    }

    /// How long every change of a state takes: an image being made, or being deleted. Default: 3 seconds; with none at all, the next
    /// call sees the end of it. It is the time of the calls that counts, so that a test without sockets moves it as it likes.
    pub fn transition_time(mut self, time: Duration) -> Self {
        self.transition = time;
        self
    }

    /// How many of a kind of resource an account may have, by the name of the list that shows them: `vpcList`. Default: what a snapshot
    /// or a state file says, else 10,000. One more is refused with return code 1104, which is ours.
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error if no kind of resource that can be made is shown in such a list.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_api::vpc::CreateVpc;
    /// use ncloud_core::{Endpoint, Session};
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::builder().quota("vpcList", 0)?.build();
    /// let session = Session::new(simulator.credentials(), Endpoint::new("http://127.0.0.1:1")?)?;
    /// let now = SystemTime::now();
    /// let response = simulator.handle(session.request(&CreateVpc::new("10.0.0.0/16"), now)?, now);
    /// let error = session.parse::<CreateVpc>(response).unwrap_err();
    /// assert_eq!(error.code(), Some("1104"));
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn quota(mut self, list: &str, quota: usize) -> Result<Self, Error> {
        let before = self.quotas.len();
        let named = kinds::called(list).filter(|kind| kind.can_be_made());
        self.quotas.extend(named.map(|kind| (kind, quota)));
        if self.quotas.len() == before {
            let examples = similar_lists(list);
            let problem = format!("{list:?} shows nothing that can be made; name a list such as {examples}");
            return Err(Error::build("quota", problem));
        }
        Ok(self)
    }

    /// Whether answers begin with a byte order mark. Default: no.
    pub fn byte_order_mark(mut self, written: bool) -> Self {
        self.style.byte_order_mark = written;
        self
    }

    /// Whether answers end with a line break. Default: no.
    pub fn trailing_newline(mut self, written: bool) -> Self {
        self.style.trailing_newline = written;
        self
    }

    /// Whether signatures over the path without its query are good enough, as some of NAVER's SDKs make them. Default: no.
    pub fn accept_path_only_signatures(mut self, accepted: bool) -> Self {
        self.accept_path_only_signatures = accepted;
        self
    }

    /// Whether signatures are also taken from the header `x-ncp-apigw-signature-v1`, where most of NAVER's SDKs put them.
    /// Default: yes.
    pub fn accept_signature_v1(mut self, accepted: bool) -> Self {
        self.accept_signature_v1 = accepted;
        self
    }

    /// Whether the simulator takes calls beside the API, for tests in other languages. They need no signature, meet no faults, take
    /// no latency and are not among the [requests](Simulator::requests). Parameters are a form in the query or the body; answers are
    /// JSON, with a `problem` where one was refused. Default: no, as the gateway has none.
    ///
    /// | call | what it does |
    /// | --- | --- |
    /// | `GET /` | shows what the accounts have and the last calls, as a page for a browser |
    /// | `POST /simulator/fault` | queues a `fault`, written as described at [`Fault`](crate::Fault); it recurs with `every` (one request in so many) or `rate` (by chance, 0 to 1) |
    /// | `DELETE /simulator/fault` | [forgets](Simulator::clear_faults) all faults |
    /// | `GET /simulator/clock` | tells the clock's `offset` in seconds, and what time it is by it |
    /// | `POST /simulator/clock` | sets the clock's `offset`, or lets time pass: `advance`, both in seconds |
    /// | `GET /simulator/requests` | tells the `last` requests, 100 by default, oldest first |
    /// | `GET /simulator/snapshot` | tells everything that the accounts have: [`Simulator::snapshot`] |
    ///
    /// A fault that strikes before a request is read meets these calls, too, as nobody knows yet what they are. Calls by pages of
    /// other sites in a browser on the same machine are refused.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_simulator::Simulator;
    ///
    /// let simulator = Simulator::builder().admin_calls(true).build();
    /// let call = http::Request::post("/simulator/fault").body("fault=throttle:7&every=3")?;
    /// assert_eq!(simulator.handle(call, SystemTime::now()).status(), 200);
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn admin_calls(mut self, taken: bool) -> Self {
        self.admin_calls = taken;
        self
    }

    /// Whether requests are kept for [`Simulator::requests`]; one that runs for long and is never asked needs none. Default: yes.
    pub fn remember_requests(mut self, remembered: bool) -> Self {
        self.remember_requests = remembered;
        self
    }

    /// What decides which requests meet a fault that comes [by chance](Simulator::fault_at_rate): any number. Default: 0, so that two
    /// runs meet the same faults unless they have seeds of their own.
    pub fn fault_seed(mut self, seed: u64) -> Self {
        self.fault_seed = seed;
        self
    }

    /// Calls this with the record of every request, just before the answer goes out or is delayed.
    pub fn observer(mut self, observer: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The simulator.
    #[must_use]
    pub fn build(self) -> Simulator {
        let (settings, accounts, role) = self.parts();
        Simulator::from_settings(settings, accounts, None, role)
    }

    fn parts(self) -> (Settings, Vec<Account>, Option<Role>) {
        let mut keys = self.keys;
        if self.accounts == 0 {
            let built_in = Key {
                credentials: built_in_keys(),
                caller: Caller { account: Some(0) },
            };
            keys.insert(0, built_in);
        }
        let first = keys.iter().find(|key| key.caller.account == Some(0));
        let settings = Settings {
            credentials: first.map_or_else(built_in_keys, |key| key.credentials.clone()),
            gatekeeper: Gatekeeper::new(&keys, self.accept_path_only_signatures, self.accept_signature_v1),
            style: self.style,
            transition: self.transition,
            quotas: self.quotas,
            admin_calls: self.admin_calls,
            remember_requests: self.remember_requests,
            fault_seed: self.fault_seed,
            observer: self.observer,
        };
        let inventory = self.inventory.unwrap_or_else(Inventory::built_in);
        let role = self.role.map(|(name, lifetime)| Role::new(&name, lifetime));
        let mut accounts = (0..self.accounts.max(1))
            .map(|position| Account::new(position, &inventory))
            .collect();
        if let Some(snapshot) = &self.snapshot {
            snapshot.restore(&mut accounts);
        }
        settings.limit(&mut accounts);
        (settings, accounts, role)
    }
}

impl fmt::Debug for SimulatorBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SimulatorBuilder")
            .field("keys", &self.keys)
            .field("role", &self.role)
            .field("style", &self.style)
            .field("transition", &self.transition)
            .field("accept_path_only_signatures", &self.accept_path_only_signatures)
            .field("accept_signature_v1", &self.accept_signature_v1)
            .field("admin_calls", &self.admin_calls)
            .field("remember_requests", &self.remember_requests)
            .finish_non_exhaustive()
    }
}

/// Lists of what can be made whose names have this in them, or a few if none has.
fn similar_lists(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let made = kinds::KINDS.iter().filter(|kind| kind.can_be_made());
    let mut similar: Vec<&str> = made
        .map(|kind| kind.list)
        .filter(|list| !name.is_empty() && list.to_ascii_lowercase().contains(&name))
        .collect();
    // Two services may have a list of the same name.
    similar.sort_unstable();
    similar.dedup();
    if similar.is_empty() {
        similar.extend(["vpcList", "subnetList", "serverInstanceList"]);
    }
    similar.join(", ")
}

// Two constants that every test relies on; a wrong one cannot get out of this repository.
#[allow(clippy::expect_used)]
fn built_in_keys() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY).expect("the built-in keys are well-formed")
}
