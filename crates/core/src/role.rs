//! Server roles: the key pairs that a server gets from its metadata service, shared and renewed before they expire.
//!
//! Source: page `compute-vmetadata-roledata`.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::sign::Signer;

mod metadata;
mod renewal;

pub use renewal::Renewal;

/// Where servers of the platform find their metadata.
const METADATA_SERVICE: &str = "http://169.254.169.254";
/// How long before their end keys are renewed.
const EARLY: Duration = Duration::from_secs(15 * 60);
/// How long after an attempt to renew keys that are still good the next one is made.
const PAUSE: Duration = Duration::from_secs(60);

/// The keys of the role that a server was given: fetched from its metadata service when they are first needed, and renewed a
/// quarter of an hour before they expire.
///
/// Clones share the keys. However many calls need new ones at once, one of them fetches them, on its own connection and as a
/// part of its own machine. If that fails, the old keys are used until they really expire; after that, calls end in an error of
/// kind [`Credentials`](crate::ErrorKind::Credentials), and nothing is ever sent unsigned.
///
/// ```
/// use ncloud_core::{ServerRole, Session, Site, drive};
/// use std::time::SystemTime;
///
/// let role = ServerRole::new();
/// let session = Session::from_role(&role, Site::Public);
///
/// // The metadata service of a server whose role is called web.
/// let metadata = |request: http::Request<bytes::Bytes>| Ok(http::Response::new(bytes::Bytes::from_static(
///     if request.uri().path().ends_with("/web") {
///         br#"{"Code": "Success", "AccessKeyId": "ncp_ak_TESTROLE", "SecretAccessKey": "ncp_sk_TESTROLE",
///              "Expiration": "2999-12-31T00:00:00Z"}"#
///     } else {
///         b"web"
///     },
/// )));
///
/// // Calls fetch the keys by themselves. Whoever builds requests without them fetches them like this:
/// drive(role.renewal(), SystemTime::now, metadata, std::thread::sleep)?;
/// let call = ncloud_core::Raw::new(http::Method::GET, "/vserver/v2/getRegionList");
/// let request = session.raw(&call, SystemTime::now())?;
/// assert_eq!(request.headers()["x-ncp-iam-access-key"], "ncp_ak_TESTROLE");
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone)]
pub struct ServerRole(Arc<Inner>);

struct Inner {
    endpoint: Endpoint,
    /// Where keys were looked for before, and what to do about it; for the error when there are none.
    looked_before: Option<(String, String)>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Current>,
    is_being_renewed: bool,
    /// When renewing keys that are still good was last tried.
    tried_at: Option<SystemTime>,
    /// How often there were no keys in the end, and why last.
    failures: u64,
    problem: String,
}

struct Current {
    signer: Arc<Signer>,
    expires_at: SystemTime,
    renewed_from: SystemTime,
}

/// What has to be done before a request can be signed.
enum Need {
    Nothing,
    /// Somebody else is fetching keys, and there are none in the meantime.
    Wait,
    Renew(Lease),
}

/// The right to fetch new keys, which one call has at a time; given back when dropped.
#[derive(Debug)]
struct Lease(ServerRole);

impl ServerRole {
    /// The role of this server, by the metadata service at `http://169.254.169.254`.
    #[must_use]
    pub fn new() -> Self {
        // The address is a constant that is known to parse.
        let endpoint = Endpoint::new_plain_http(METADATA_SERVICE).unwrap_or_default();
        Self::at(endpoint)
    }

    /// The role by a metadata service elsewhere: a proxy for containers, or one for tests.
    #[must_use]
    pub fn at(endpoint: Endpoint) -> Self {
        Self(Arc::new(Inner {
            endpoint,
            looked_before: None,
            state: Mutex::default(),
        }))
    }

    /// The same role, as the last of several places to look for keys: if it has none, the error names those before it (`places`,
    /// one line) and what to do (`advice`).
    #[must_use]
    pub fn after_other_places(self, places: impl Into<String>, advice: impl Into<String>) -> Self {
        Self(Arc::new(Inner {
            endpoint: self.0.endpoint.clone(),
            looked_before: Some((places.into(), advice.into())),
            state: Mutex::default(),
        }))
    }

    /// Where the metadata service is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// Fetches keys if there are none or if they expire soon, as a machine. [`Call`](crate::Call)s do so by themselves.
    pub fn renewal(&self) -> Renewal {
        Renewal::new(self)
    }

    /// The signer to use at this moment.
    pub(crate) fn signer(&self, now: SystemTime) -> Result<Arc<Signer>, Error> {
        let state = self.state();
        match state.current.as_ref().filter(|current| current.expires_at > now) {
            Some(current) => Ok(Arc::clone(&current.signer)),
            None if state.failures > 0 => Err(self.error(&state.problem)),
            None if state.current.is_some() => {
                Err(self.error("its keys have expired; run its renewal first"))
            }
            None => Err(self.error("its keys have not been fetched; run its renewal first")),
        }
    }

    /// Whether keys should be fetched before the next request.
    pub(crate) fn is_due(&self, now: SystemTime) -> bool {
        self.state().is_due(now)
    }

    /// Forgets the key pair with this access key, because the gateway did not accept it.
    pub(crate) fn forget(&self, access_key: &[u8]) {
        let mut state = self.state();
        let is_it = |current: &Current| current.signer.access_key().as_str().as_bytes() == access_key;
        if state.current.as_ref().is_some_and(is_it) {
            state.current = None;
        }
    }

    fn need(&self, now: SystemTime) -> Need {
        let mut state = self.state();
        if !state.is_due(now) {
            return Need::Nothing;
        }
        match (state.is_being_renewed, state.is_good(now)) {
            (false, _) => {
                state.is_being_renewed = true;
                Need::Renew(Lease(self.clone()))
            }
            (true, true) => Need::Nothing,
            (true, false) => Need::Wait,
        }
    }

    fn take(&self, credentials: &Credentials, expires_at: SystemTime, now: SystemTime) -> Result<(), Error> {
        let signer = Signer::new(credentials)?;
        // Keys that are good for less than half an hour are renewed in the middle of that time.
        let life = expires_at.duration_since(now).unwrap_or_default();
        let early = EARLY.min(life / 2);
        let mut state = self.state();
        state.current = Some(Current {
            signer: Arc::new(signer),
            expires_at,
            renewed_from: expires_at.checked_sub(early).unwrap_or(expires_at),
        });
        state.tried_at = Some(now);
        Ok(())
    }

    /// Notes that keys could not be had; an error if there are no good ones left.
    fn give_up(&self, problem: String, now: SystemTime) -> Result<(), Error> {
        let mut state = self.state();
        state.tried_at = Some(now);
        if state.is_good(now) {
            return Ok(());
        }
        let error = self.error(&problem);
        state.failures = state.failures.saturating_add(1);
        state.problem = problem;
        Err(error)
    }

    fn failures(&self) -> u64 {
        self.state().failures
    }

    fn is_good(&self, now: SystemTime) -> bool {
        self.state().is_good(now)
    }

    fn last_error(&self) -> Error {
        self.error(&self.state().problem)
    }

    fn error(&self, problem: &str) -> Error {
        match &self.0.looked_before {
            Some((places, advice)) => Error::credentials(
                "credentials",
                format!("were not found: {places}; server role: {problem}; {advice}"),
            ),
            None => Error::credentials("server role", format!("has given no keys: {problem}")),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing leaves the state half changed, so that it is still good after a panic elsewhere.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_good(&self, now: SystemTime) -> bool {
        self.current
            .as_ref()
            .is_some_and(|current| current.expires_at > now)
    }

    fn is_due(&self, now: SystemTime) -> bool {
        let Some(current) = &self.current else {
            return true;
        };
        if current.expires_at <= now {
            return true;
        }
        // The service may hand out the same keys again until shortly before their end.
        let was_just_tried = self
            .tried_at
            .is_some_and(|tried_at| now.duration_since(tried_at).is_ok_and(|since| since < PAUSE));
        current.renewed_from <= now && !was_just_tried
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.state().is_being_renewed = false;
    }
}

impl Default for ServerRole {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ServerRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServerRole")
            .field("endpoint", &self.0.endpoint)
            .finish_non_exhaustive()
    }
}
