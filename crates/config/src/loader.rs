//! The loader: what the caller fixes, and where the rest is looked for.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use ncloud_core::{Credentials, Endpoint};

use crate::environment::Environment;
use crate::error::Error;
use crate::file;
use crate::search::{self, Given};
use crate::settings::Settings;

/// Finds settings; whatever the caller gives wins over everything that could be found.
///
/// Nothing is read before [`load`](Loader::load), and nothing is kept behind the caller's back: every loader and every
/// [`Settings`] stands for itself, so that one process can work with several accounts.
///
/// ```
/// use ncloud_config::{Loader, Source};
/// use ncloud_core::{Credentials, Site};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let settings = Loader::new()
///     .with_credentials(credentials)
///     .with_endpoint(Site::Financial)
///     .with_region("FKR")
///     .load()?;
/// assert_eq!(settings.source(), &Source::Explicit);
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a loader does nothing before `load`"]
pub struct Loader {
    given: Given,
    /// `None` stands for the process's own.
    environment: Option<Environment>,
}

impl Loader {
    /// A loader for this process's environment and the default file, `~/.ncloud/configure`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Uses this key pair; none is looked for then, neither in the environment nor in the file.
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.given.credentials = Some(credentials);
        self
    }

    /// Uses this gateway, a [`Site`](ncloud_core::Site) or an [`Endpoint`] of your own.
    pub fn with_endpoint(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.given.endpoint = Some(endpoint.into());
        self
    }

    /// Uses this region code. [`load`](Loader::load) checks it.
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.given.region = Some(region.into());
        self
    }

    /// Takes the key pair from this profile of the configure file, whatever key pair and `NCLOUD_PROFILE` the
    /// environment has.
    ///
    /// Keys in the environment are not looked at, because they belong to no profile: whoever asks for the account `work`
    /// must not get another one's. The other variables count as always.
    ///
    /// ```
    /// let error = ncloud_config::Loader::new()
    ///     .with_environment([
    ///         ("NCLOUD_ACCESS_KEY", "ncp_ak_TESTACCESSKEY0001"),
    ///         ("NCLOUD_SECRET_KEY", "ncp_sk_TESTSECRETKEY0000000000000000000001"),
    ///     ])
    ///     .with_profile("work")
    ///     .load()
    ///     .unwrap_err();
    /// assert!(error.to_string().contains("environment: not searched for keys"));
    /// assert!(!error.is_not_found());
    /// ```
    pub fn with_profile(mut self, profile: impl Into<String>) -> Self {
        self.given.profile = Some(profile.into());
        self
    }

    /// Reads this configure file instead of the default one. The environment still comes before it. If it is looked for
    /// and not there, that is a mistake, and not only a place without keys.
    pub fn with_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.given.file = Some(path.into());
        self
    }

    /// Does without the role of this server, which is the last place to get keys from: [`load`](Loader::load) then fails where
    /// there are none, and not the first call.
    ///
    /// ```
    /// let nothing: [(&str, &str); 0] = [];
    /// let loader = ncloud_config::Loader::new().with_environment(nothing);
    /// assert_eq!(loader.clone().load()?.source(), &ncloud_config::Source::ServerRole);
    /// assert!(loader.without_server_role().load().unwrap_err().is_not_found());
    /// # Ok::<(), ncloud_config::Error>(())
    /// ```
    pub fn without_server_role(mut self) -> Self {
        self.given.without_server_role = true;
        self
    }

    /// Looks at these variables instead of the process's, `HOME` (Windows: `USERPROFILE`) included. For tests, and for
    /// programs that keep settings elsewhere; variables that do not matter here are dropped.
    pub fn with_environment<K: AsRef<OsStr>, V: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.environment = Some(Environment::from_variables(variables));
        self
    }

    /// Finds the settings.
    ///
    /// The file is opened only if the environment has no complete key pair, and once. A variable or line that does not
    /// come into play is not judged either.
    ///
    /// # Errors
    ///
    /// * No place has a complete key pair: lists each and why. [`Error::is_not_found`] tells whether any was meant
    ///   to have one.
    /// * A value is there but unusable: names the variable, or the file, line and key.
    /// * The file is a directory, unreadable, larger than 1 MiB or malformed: names the file, and the line.
    /// * The profile that was asked for is not in the file: names those that are.
    ///
    /// ```
    /// let nothing: [(&str, &str); 0] = [];
    /// let loader = ncloud_config::Loader::new().with_environment(nothing).with_file("no/such/configure");
    /// let error = loader.load().unwrap_err();
    /// assert!(!error.is_not_found());
    /// assert_eq!(
    ///     error.to_string(),
    ///     "credentials were not found: environment: neither NCLOUD_ACCESS_KEY_ID nor NCLOUD_ACCESS_KEY is set; \
    ///      no/such/configure: does not exist, though it was asked for in code; set NCLOUD_ACCESS_KEY_ID and \
    ///      NCLOUD_SECRET_ACCESS_KEY, or write ncloud_access_key_id and ncloud_secret_access_key into the file, or give \
    ///      them in code"
    /// );
    /// ```
    pub fn load(self) -> Result<Settings, Error> {
        let environment = self.environment.unwrap_or_else(Environment::of_process);
        search::search(self.given, &environment, file::read)
    }
}
