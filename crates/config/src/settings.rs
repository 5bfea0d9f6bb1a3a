//! What a search found: credentials, endpoint, region, and where the credentials came from.

use std::fmt;
use std::path::PathBuf;

use ncloud_core::{Credentials, Endpoint, Session};

/// Settings that are complete and checked: the key pair or server role, where it came from, the endpoint and the region.
///
/// ```
/// use ncloud_config::{Loader, Source};
///
/// let settings = Loader::new()
///     .with_environment([
///         ("NCLOUD_ACCESS_KEY", "ncp_ak_TESTACCESSKEY0001"),
///         ("NCLOUD_SECRET_KEY", "ncp_sk_TESTSECRETKEY0000000000000000000001"),
///         ("NCLOUD_REGION", "KR"),
///     ])
///     .load()?;
/// assert!(settings.credentials().is_some());
/// assert_eq!(settings.endpoint().host(), "ncloud.apigw.ntruss.com");
/// assert_eq!(settings.region(), Some("KR"));
/// assert_eq!(settings.source(), &Source::Environment);
/// # Ok::<(), ncloud_config::Error>(())
/// ```
#[derive(Clone)]
pub struct Settings {
    pub(crate) credentials: Option<Credentials>,
    pub(crate) region: Option<String>,
    pub(crate) source: Source,
    /// Built while searching, so that whatever cannot be right is found there and its variable can be named.
    pub(crate) session: Session,
}

/// Where a key pair came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The caller gave it.
    Explicit,
    /// Variables of the environment.
    Environment,
    /// A profile of a configure file.
    File {
        /// The file.
        path: PathBuf,
        /// The profile, which is `DEFAULT` if none was named.
        profile: String,
    },
    /// The role of this server. Nothing has been asked yet: the first call fetches the keys from the metadata service, or
    /// says in its error that there are none anywhere.
    ServerRole,
}

impl Settings {
    /// The key pair; `None` with a server role, whose keys change.
    #[must_use]
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// The gateway that requests go to.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        self.session.endpoint()
    }

    /// The region code; without one the platform takes its first region.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Where the key pair came from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// A session with these credentials, this endpoint and this region. Cheap, and never fails: all of it was checked
    /// when it was loaded.
    ///
    /// ```
    /// use ncloud_core::{Credentials, Format};
    ///
    /// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// let settings = ncloud_config::Loader::new().with_credentials(credentials).with_region("KR").load()?;
    /// let session = settings.session().with_format(Format::Xml);
    /// assert_eq!(session.signer().unwrap().access_key().as_str(), "ncp_ak_TESTACCESSKEY0001");
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    #[must_use]
    pub fn session(&self) -> Session {
        self.session.clone()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("credentials", &self.credentials)
            .field("endpoint", self.endpoint())
            .field("region", &self.region)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
