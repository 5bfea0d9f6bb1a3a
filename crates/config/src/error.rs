//! The error of a search for settings: which variable, file line or place is at fault, on one line and without keys.

use std::error::Error as StdError;
use std::fmt;

/// What to do where no place has credentials.
pub(crate) const ADVICE: &str = "set NCLOUD_ACCESS_KEY_ID and NCLOUD_SECRET_ACCESS_KEY, or write ncloud_access_key_id and \
                                 ncloud_secret_access_key into the file, or give them in code";

/// Why no settings could be found: opaque, one pointer wide, and never with a key in it.
///
/// `Display` is one line. With `?` it becomes an [`ncloud_core::Error`] of kind
/// [`Build`](ncloud_core::ErrorKind::Build), with this error as its source.
///
/// ```
/// let error = ncloud_config::Loader::new()
///     .with_environment([("NCLOUD_ACCESS_KEY_ID", "ncp_ak_TESTACCESSKEY0001")])
///     .load()
///     .unwrap_err();
/// assert!(!error.is_not_found(), "half a pair is a mistake");
/// assert!(error.to_string().contains("NCLOUD_ACCESS_KEY_ID is set, but no secret key"));
///
/// let error = ncloud_core::Error::from(error);
/// assert_eq!(error.field(), Some("credentials"));
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    field: &'static str,
    /// Follows the field in a sentence.
    problem: String,
    not_found: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A setting that is there but wrong.
    pub(crate) fn wrong(field: &'static str, problem: &str) -> Self {
        Self::new(field, problem, false, None)
    }

    /// A setting that core refuses. Its words are shown: not for what may hold a key in the wrong place.
    pub(crate) fn unusable(field: &'static str, refusal: ncloud_core::Error) -> Self {
        Self::wrong_because(field, &format!("cannot be used: {refusal}"), refusal)
    }

    /// A setting that is there but wrong, for a reason found elsewhere that repeats no key.
    pub(crate) fn wrong_because(
        field: &'static str,
        problem: &str,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::new(field, problem, false, Some(Box::new(source)))
    }

    /// No place has credentials; `places` says of each why not, `meant` whether one of them should have had some.
    pub(crate) fn no_credentials(places: &[String], meant: bool) -> Self {
        let problem = format!("were not found: {}; {ADVICE}", places.join("; "));
        Self::new("credentials", &problem, !meant, None)
    }

    fn new(
        field: &'static str,
        problem: &str,
        not_found: bool,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self(Box::new(Inner {
            field,
            problem: one_line(problem),
            not_found,
            source,
        }))
    }

    /// The variable, key of the configure file or setting that is at fault, such as `NCLOUD_SITE`, `ncloud_api_url`,
    /// `configure file`, `profile`, `region` or `credentials`.
    #[must_use]
    pub fn field(&self) -> &str {
        self.0.field
    }

    /// Whether everything that was looked at is in order, but has no key pair, and nobody asked for a certain one.
    ///
    /// `false` if a profile (in code or by `NCLOUD_PROFILE`) or a file ([`Loader::with_file`](crate::Loader::with_file))
    /// was asked for that is not there or has no keys, and if a place has only one key of the two.
    ///
    /// Comes only from loaders that do [without a server role](crate::Loader::without_server_role): the others go on to that one.
    /// Only then does it make sense to go on to another source of credentials: any other error means that somebody meant to give
    /// settings here and got something wrong.
    ///
    /// ```
    /// use ncloud_config::{Error, Loader, Settings};
    ///
    /// fn load_or(loader: Loader, ask: impl FnOnce() -> ncloud_core::Credentials) -> Result<Settings, Error> {
    ///     match loader.clone().without_server_role().load() {
    ///         Err(error) if error.is_not_found() => loader.with_credentials(ask()).load(),
    ///         settings_or_error => settings_or_error,
    ///     }
    /// }
    ///
    /// let other = ncloud_core::Credentials::new("ncp_ak_TESTOTHER", "ncp_sk_TESTOTHER")?;
    /// let loader = Loader::new().with_environment([("NCLOUD_SITE", "fin")]);
    /// assert_eq!(load_or(loader, || other)?.endpoint().host(), "fin-ncloud.apigw.fin-ntruss.com");
    ///
    /// let loader = Loader::new().with_environment([("NCLOUD_SITE", "moon")]);
    /// assert!(load_or(loader, || unreachable!("a mistake must not be passed over")).is_err());
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.not_found
    }
}

/// Paths and names come from outside; control characters in them must not break the line or steer a terminal.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.0.field, self.0.problem)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        formatter
            .debug_struct("Error")
            .field("field", &inner.field)
            .field("problem", &inner.problem)
            .field("not_found", &inner.not_found)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<Error> for ncloud_core::Error {
    /// A [`Build`](ncloud_core::ErrorKind::Build) error with the same field and words, and the error itself as source.
    fn from(error: Error) -> Self {
        Self::build(error.0.field, error.0.problem.clone()).with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_pointer_wide_and_crosses_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn it_becomes_the_error_of_core_and_stays_its_source() {
        let error = Error::wrong("configure file", "/a\nb\u{1b}[31m/configure, line 3: is wrong");
        assert_eq!(
            error.to_string(),
            "configure file /a b [31m/configure, line 3: is wrong"
        );
        let text = error.to_string();
        let error = ncloud_core::Error::from(error);
        assert_eq!(error.kind(), ncloud_core::ErrorKind::Build);
        assert_eq!(error.field(), Some("configure file"));
        assert_eq!(error.to_string(), text);
        let source = error.source().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(source.to_string(), text);
    }
}
