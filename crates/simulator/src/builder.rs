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
    accept_path_only_signatures: bool,
    accept_signature_v1: bool,
    remember_requests: bool,
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
            accept_path_only_signatures: false,
            accept_signature_v1: true,
            remember_requests: true,
            observer: None,
        }
    }

    /// Adds an account with this key pair: in place of the built-in one, and beside others given here. If an account has the same
    /// access key already, only the pair is replaced. One with an [expiry](Credentials::with_expiry) is refused from that moment on,
    /// as an unknown one is.
    ///
    /// Each account has resources of its own, and no other sees them, not even by their numbers. The first one starts with the
    /// inventory, the others with nothing, in the same regions.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Credentials, Endpoint, Session};
    /// use ncloud_simulator::Simulator;
    ///
    /// let first = Credentials::new("ncp_ak_TESTFIRST", "ncp_sk_TESTFIRST")?;
    /// let second = Credentials::new("ncp_ak_TESTSECOND", "ncp_sk_TESTSECOND")?;
    /// let simulator = Simulator::builder().account(&first).account(&second).build();
    ///
    /// let now = SystemTime::now();
    /// let list = GetMemberServerImageInstanceList::new();
    /// for (keys, count) in [(first, 25), (second, 0)] {
    ///     let session = Session::new(&keys, Endpoint::new("http://127.0.0.1:1")?)?;
    ///     let response = simulator.handle(session.request(&list, now)?, now);
    ///     let reply = session.parse::<GetMemberServerImageInstanceList>(response)?;
    ///     assert_eq!(reply.value.total_rows, Some(count));
    /// }
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn account(mut self, credentials: &Credentials) -> Self {
        let owner = self.key(credentials).and_then(|key| key.caller.account);
        let account = owner.unwrap_or_else(|| {
            self.accounts = self.accounts.saturating_add(1);
            self.accounts.saturating_sub(1)
        });
        self.put(credentials, Some(account));
        self
    }

    /// Adds another key pair, such as a sub account's, to the account that was given last, or to the built-in one if none was. It
    /// takes the place of one with the same access key.
    ///
    /// ```
    /// use ncloud_core::Credentials;
    /// use ncloud_simulator::Simulator;
    ///
    /// let main = Credentials::new("ncp_ak_TESTMAIN", "ncp_sk_TESTMAIN")?;
    /// let sub = Credentials::new("ncp_ak_TESTSUB", "ncp_sk_TESTSUB")?;
    /// let simulator = Simulator::builder().account(&main).account_key(&sub).build();
    /// assert_eq!(simulator.credentials().access_key(), main.access_key());
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn account_key(mut self, credentials: &Credentials) -> Self {
        let last = self.accounts.saturating_sub(1);
        self.put(credentials, Some(last));
        self
    }

    /// Adds a key pair that is right but may do nothing: every call is refused with 401 and gateway code 210, Permission Denied. It
    /// takes the place of one with the same access key, and not that of the built-in account.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Credentials, Endpoint, Session};
    /// use ncloud_simulator::Simulator;
    ///
    /// let keys = Credentials::new("ncp_ak_TESTDENIED", "ncp_sk_TESTDENIED")?;
    /// let simulator = Simulator::builder().account_without_permission(&keys).build();
    /// let session = Session::new(&keys, Endpoint::new("http://127.0.0.1:1")?)?;
    ///
    /// let now = SystemTime::now();
    /// let list = GetMemberServerImageInstanceList::new();
    /// let response = simulator.handle(session.request(&list, now)?, now);
    /// let error = session.parse::<GetMemberServerImageInstanceList>(response).unwrap_err();
    /// assert!(error.is_permission_denied());
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn account_without_permission(mut self, credentials: &Credentials) -> Self {
        self.put(credentials, None);
        self
    }

    fn key(&self, credentials: &Credentials) -> Option<&Key> {
        let access_key = credentials.access_key();
        self.keys
            .iter()
            .find(|key| key.credentials.access_key() == access_key)
    }

    /// Adds a key pair, in place of one with the same access key.
    fn put(&mut self, credentials: &Credentials, account: Option<usize>) {
        let key = Key {
            credentials: credentials.clone(),
            caller: Caller { account },
        };
        let access_key = credentials.access_key();
        let same = |known: &&mut Key| known.credentials.access_key() == access_key;
        match self.keys.iter_mut().find(same) {
            Some(known) => *known = key,
            None => self.keys.push(key),
        }
    }

    /// Starts from this inventory instead of the built-in one; its form is described at the [crate](crate).
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error that names the place in the document: no JSON, a member that does not
    /// exist or is not of its type, an image without number or name, a number that stands there twice, an unknown region.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let broken = br#"{"memberServerImageInstanceList": [{"memberServerImageName": "web-image"}]}"#;
    /// let error = Simulator::builder().inventory_json(broken).unwrap_err();
    /// assert!(error.to_string().contains("memberServerImageInstanceList[0].memberServerImageInstanceNo"));
    /// ```
    pub fn inventory_json(mut self, document: &[u8]) -> Result<Self, Error> {
        self.inventory = Some(Inventory::from_json(document)?);
        Ok(self)
    }

    /// Starts from a world that was [written down](Simulator::snapshot) before: every account, in order, has what the document
    /// says, changes under way included, instead of what it would start with. Accounts that it does not have start as ever.
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error that names the place in the document: no JSON, a member that does not
    /// exist or is not of its type, a kind of resource that is not known, a number that stands there twice, an unknown region.
    ///
    /// ```
    /// use ncloud_simulator::Simulator;
    ///
    /// let known = br#"{
    ///     "version": 1,
    ///     "regionList": [{"regionCode": "KR", "regionName": "Korea"}],
    ///     "accountList": [{"resourceList": [{
    ///         "kind": "VPC",
    ///         "number": 2000001,
    ///         "regionCode": "KR",
    ///         "members": {"vpcNo": "2000001", "vpcName": "net", "vpcStatus": {"code": "RUN", "codeName": "run"}}
    ///     }]}]
    /// }"#;
    /// let simulator = Simulator::builder().snapshot_json(known)?.build();
    /// let error = Simulator::builder().snapshot_json(br#"{"version": 2}"#).unwrap_err();
    /// assert!(error.to_string().contains("version is another one than 1"));
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn snapshot_json(mut self, document: &[u8]) -> Result<Self, Error> {
        self.snapshot = Some(Snapshot::from_json(document)?);
        Ok(self)
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

    /// Whether requests are kept for [`Simulator::requests`]; one that runs for long and is never asked needs none. Default: yes.
    pub fn remember_requests(mut self, remembered: bool) -> Self {
        self.remember_requests = remembered;
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
            remember_requests: self.remember_requests,
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
        Simulator::from_settings(settings, accounts, role)
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
            .field("remember_requests", &self.remember_requests)
            .finish_non_exhaustive()
    }
}

// Two constants that every test relies on; a wrong one cannot get out of this repository.
#[allow(clippy::expect_used)]
fn built_in_keys() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY).expect("the built-in keys are well-formed")
}
