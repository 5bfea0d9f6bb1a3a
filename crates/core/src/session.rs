//! Sessions: where requests go, who signs them and how they are asked for; two pure functions on top.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};

use crate::call::{Call, RawCall};
use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::keys::Keys;
use crate::operation::{Operation, Verb};
use crate::pages::{Paged, Pages};
use crate::raw::Raw;
use crate::reply::{self, Reply};
use crate::request;
use crate::retry::{Retry, Shared};
use crate::role::ServerRole;
use crate::sign::Signer;
use crate::wait::{Wait, Waiter};

const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("ncloud-rust/", env!("CARGO_PKG_VERSION")));

/// The format that answers are asked for in; answers in either are understood in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// `responseFormatType=json`.
    #[default]
    Json,
    /// `responseFormatType=xml`, the platform's own default.
    Xml,
}

impl Format {
    /// The value of `responseFormatType`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }
}

/// Everything that calls have in common: endpoint, signer, region, format. Cheap to clone and to vary.
///
/// It turns operations into signed requests and answers into results, and does nothing else: the clock is a parameter, and
/// the bytes are carried by an adapter or by you.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use ncloud_core::{Credentials, Raw, Session, Site};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?.with_region("KR")?;
///
/// let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
/// let call = Raw::new(http::Method::GET, "/vserver/v2/getRegionList").query("responseFormatType", "json");
/// let request = session.raw(&call, now)?;
/// assert_eq!(
///     request.headers()["x-ncp-apigw-signature-v2"],
///     "3YEf+uS3nAym+pe1zFjmbizNUmESrJyXqjpgsHgCWjY=",
/// );
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Session(Arc<Settings>);

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) endpoint: Endpoint,
    pub(crate) keys: Keys,
    pub(crate) region: Option<String>,
    pub(crate) format: Format,
    pub(crate) verb: Verb,
    pub(crate) user_agent: HeaderValue,
    pub(crate) retry: Retry,
    pub(crate) shared: Arc<Shared>,
}

impl Session {
    /// A session for one key pair at a [`Site`](crate::Site) or an [`Endpoint`] of your own.
    ///
    /// # Errors
    ///
    /// As [`Signer::new`].
    pub fn new(credentials: &Credentials, endpoint: impl Into<Endpoint>) -> Result<Self, Error> {
        let keys = Keys::Given(Arc::new(Signer::new(credentials)?));
        Ok(Self::with_keys(keys, endpoint.into()))
    }

    /// A session with the changing keys of a server role, which its calls fetch from the metadata service when they need them.
    pub fn from_role(role: &ServerRole, endpoint: impl Into<Endpoint>) -> Self {
        Self::with_keys(Keys::Role(role.clone()), endpoint.into())
    }

    fn with_keys(keys: Keys, endpoint: Endpoint) -> Self {
        Self(Arc::new(Settings {
            endpoint,
            keys,
            region: None,
            format: Format::default(),
            verb: Verb::Get,
            user_agent: USER_AGENT,
            retry: Retry::default(),
            shared: Arc::new(Shared::new()),
        }))
    }

    /// The same session with a `regionCode` for every operation that takes one and does not name its own. Without it, the
    /// platform takes its first region.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for a code that is empty or has other characters than letters, digits,
    /// `-` and `_`.
    pub fn with_region(self, region: impl Into<String>) -> Result<Self, Error> {
        let region = region.into();
        let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        if region.is_empty() || !region.chars().all(allowed) {
            return Err(Error::build(
                "region",
                format!("is {region:?}; expected a code such as KR"),
            ));
        }
        Ok(self.with(|settings| settings.region = Some(region)))
    }

    /// The same session asking for answers in another format. Default: JSON.
    #[must_use]
    pub fn with_format(self, format: Format) -> Self {
        self.with(|settings| settings.format = format)
    }

    /// The same session sending reads by another verb. Default: GET, and POST where the URI would pass 4 KiB. Whatever
    /// changes something or carries a secret goes as POST in any case.
    #[must_use]
    pub fn with_verb(self, verb: Verb) -> Self {
        self.with(|settings| settings.verb = verb)
    }

    /// The same session with a user agent of your own. Default: `ncloud-rust/` and the version.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for text that is empty or does not fit into a header.
    pub fn with_user_agent(self, user_agent: &str) -> Result<Self, Error> {
        let refuse = |problem: &'static str| Error::build("user agent", problem);
        if user_agent.trim().is_empty() {
            return Err(refuse("is empty; allowed: visible ASCII, such as my-tool/1.0"));
        }
        let value = HeaderValue::from_str(user_agent).ok().filter(|_| user_agent.is_ascii()).ok_or_else(|| {
            refuse("has a line break or another character that would break the header; allowed: visible ASCII")
        })?;
        Ok(self.with(|settings| settings.user_agent = value))
    }

    /// The same session with another key pair.
    ///
    /// # Errors
    ///
    /// As [`Signer::new`].
    pub fn with_credentials(self, credentials: &Credentials) -> Result<Self, Error> {
        let keys = Keys::Given(Arc::new(Signer::new(credentials)?));
        Ok(self.with(|settings| settings.keys = keys))
    }

    /// The same session with another way to repeat calls. Default: [`Retry::default`].
    #[must_use]
    pub fn with_retry(self, retry: Retry) -> Self {
        self.with(|settings| settings.retry = retry)
    }

    /// The same session with back-off times that are drawn alike every time, for tests, and with a retry budget and a clock
    /// correction of its own.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        self.with(|settings| settings.shared = Arc::new(Shared::seeded(seed)))
    }

    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Where requests go.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// What signs them; `None` with a server role, whose keys change.
    #[must_use]
    pub fn signer(&self) -> Option<&Signer> {
        match &self.0.keys {
            Keys::Given(signer) => Some(signer),
            Keys::Role(_) => None,
        }
    }

    /// The server role that gives the keys; `None` with a key pair of your own.
    #[must_use]
    pub fn role(&self) -> Option<&ServerRole> {
        match &self.0.keys {
            Keys::Given(_) => None,
            Keys::Role(role) => Some(role),
        }
    }

    /// The region of operations that name none.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    pub(crate) fn retry(&self) -> Retry {
        self.0.retry
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0.shared
    }

    /// Carries an operation out with retries, as a machine: step it yourself, or let [`drive`](crate::drive) or
    /// [`drive_async`](crate::drive_async) do so.
    #[must_use]
    pub fn call<'a, O: Operation>(&self, operation: &'a O) -> Call<'a, O> {
        Call::new(self, operation)
    }

    /// Goes through a list page by page, as a machine that has one page after the other as its result.
    pub fn pages<O: Paged>(&self, operation: &O) -> Pages<O> {
        Pages::new(self, operation)
    }

    /// Waits for something, as a machine that looks, sleeps and looks again.
    pub fn wait<'a, W: Waiter>(&self, waiter: &'a W) -> Wait<'a, W> {
        Wait::new(self, waiter)
    }

    /// Carries a raw call out with retries, as a machine.
    #[must_use]
    pub fn raw_call<'a>(&self, raw: &'a Raw) -> RawCall<'a> {
        RawCall::new(self, raw)
    }

    /// Turns an operation into a signed request, to be sent within five minutes of `now`. Build a new one for every attempt.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error that names the member that is wrong, for a site that does not offer the operation, or
    /// for credentials that have expired.
    pub fn request<O: Operation>(&self, operation: &O, now: SystemTime) -> Result<Request<Bytes>, Error> {
        O::INFO
            .check_site(self.0.endpoint.site())
            .and_then(|()| operation.check())
            .and_then(|()| request::build(&self.0, &O::INFO, operation, now))
            .map_err(|error| error.with_operation(O::INFO.name))
    }

    /// Turns a raw call into a signed request, to be sent within five minutes of `now`.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for a path or header that cannot be sent, or for credentials that have
    /// expired.
    pub fn raw(&self, raw: &Raw, now: SystemTime) -> Result<Request<Bytes>, Error> {
        request::build_raw(&self.0, raw, now).map_err(|error| error.with_operation(raw.path().to_owned()))
    }

    /// Turns an answer into the operation's output. The answer's format is found from its content.
    ///
    /// # Errors
    ///
    /// [`Gateway`](crate::ErrorKind::Gateway) or [`Service`](crate::ErrorKind::Service) if the answer is a refusal, whatever
    /// its status; [`Decode`](crate::ErrorKind::Decode) if it cannot be understood.
    pub fn parse<O: Operation>(
        &self,
        response: Response<impl AsRef<[u8]>>,
    ) -> Result<Reply<O::Output>, Error> {
        let (parts, body) = response.into_parts();
        let mut output = O::Output::default();
        let head = reply::parse(&O::INFO, parts, body.as_ref(), &mut output)?;
        Ok(Reply { value: output, head })
    }

    /// Passes an answer's body on as it came, unless it is a refusal.
    ///
    /// # Errors
    ///
    /// As [`Session::parse`]; a body that is neither JSON nor XML is no error if the status says success.
    pub fn parse_raw(&self, response: Response<Bytes>) -> Result<Reply<Bytes>, Error> {
        let (parts, body) = response.into_parts();
        let head = reply::parse_raw(parts, &body)?;
        Ok(Reply { value: body, head })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("endpoint", &self.0.endpoint)
            .field("keys", &self.0.keys)
            .field("region", &self.0.region)
            .field("format", &self.0.format)
            .field("verb", &self.0.verb)
            .field("user_agent", &self.0.user_agent)
            .finish()
    }
}
