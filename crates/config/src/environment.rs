//! The environment as data: the few variables that matter here, taken once, from the process or from the caller.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;

use crate::error::Error;

/// Access key: the first one that is set counts.
pub(crate) const ACCESS_KEY: [&str; 2] = ["NCLOUD_ACCESS_KEY_ID", "NCLOUD_ACCESS_KEY"];
/// Secret key: the first one that is set counts.
pub(crate) const SECRET_KEY: [&str; 2] = ["NCLOUD_SECRET_ACCESS_KEY", "NCLOUD_SECRET_KEY"];
/// Gateway at an address of the user's own.
pub(crate) const GATEWAY: &str = "NCLOUD_API_GW";
/// Short name of a site.
pub(crate) const SITE: &str = "NCLOUD_SITE";
/// Region code.
pub(crate) const REGION: &str = "NCLOUD_REGION";
/// Section of the configure file.
pub(crate) const PROFILE: &str = "NCLOUD_PROFILE";
/// Metadata service, for server roles: the first one that is set counts. NAVER's SDKs disagree about the name.
pub(crate) const METADATA: [&str; 2] = ["NCLOUD_METADATA_API_ENDPOINT", "NCLOUD_METADATA_ENDPOINT"];
/// The user's home directory.
pub(crate) const HOME: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };

/// Every variable that is looked at.
fn names() -> impl Iterator<Item = &'static str> {
    ACCESS_KEY
        .into_iter()
        .chain(SECRET_KEY)
        .chain(METADATA)
        .chain([GATEWAY, SITE, REGION, PROFILE, HOME])
}

/// The variables that matter here; all others are dropped, so that their values are not kept.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    variables: BTreeMap<&'static str, OsString>,
}

impl Environment {
    /// What this process has at the moment.
    pub(crate) fn of_process() -> Self {
        Self {
            variables: names()
                .filter_map(|name| Some((name, std::env::var_os(name)?)))
                .collect(),
        }
    }

    /// What the caller gives; of a name that comes twice, the later value.
    pub(crate) fn from_variables<K: AsRef<OsStr>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .filter_map(|(given, value)| {
                    let name = names().find(|name| is_same(given.as_ref(), name))?;
                    Some((name, value.into()))
                })
                .collect(),
        }
    }

    /// A variable as it is; `None` also if it is empty.
    pub(crate) fn raw(&self, name: &'static str) -> Option<&OsStr> {
        self.variables
            .get(name)
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// A variable as trimmed text; `None` also if nothing but white space is in it.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<&str>, Error> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        let text = value.to_str().ok_or_else(|| {
            Error::wrong(
                name,
                "is set to something that is not Unicode text; set it anew or unset it",
            )
        })?;
        Ok(Some(text.trim()).filter(|text| !text.is_empty()))
    }

    /// The first of several variables that has text, with its name.
    pub(crate) fn first_text(&self, names: [&'static str; 2]) -> Result<Option<(&'static str, &str)>, Error> {
        for name in names {
            if let Some(text) = self.text(name)? {
                return Ok(Some((name, text)));
            }
        }
        Ok(None)
    }

    /// Which of the variables are there without any text, as one sees where a secret of a build system was not passed on.
    pub(crate) fn empty_ones(&self, names: [&'static str; 2]) -> Vec<&'static str> {
        names
            .into_iter()
            .filter(|name| self.variables.contains_key(name) && matches!(self.text(name), Ok(None)))
            .collect()
    }
}

/// Names of variables differ by case everywhere but on Windows.
fn is_same(given: &OsStr, name: &str) -> bool {
    if cfg!(windows) {
        given.eq_ignore_ascii_case(name)
    } else {
        given == name
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names only: two of the values are secret keys.
        formatter.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_empty_is_absent() {
        let environment = Environment::from_variables([
            ("NCLOUD_SITE", " gov\r\n"),
            ("NCLOUD_REGION", " \t"),
            ("NCLOUD_API_GW", ""),
            ("NCLOUD_ACCESS_KEY_ID", ""),
            ("NCLOUD_ACCESS_KEY", "first"),
            ("NCLOUD_ACCESS_KEY", "second"),
            ("PATH", "/bin"),
        ]);
        assert_eq!(environment.text(SITE).unwrap(), Some("gov"));
        assert_eq!(environment.text(REGION).unwrap(), None);
        assert_eq!(environment.text(GATEWAY).unwrap(), None);
        assert_eq!(environment.text(PROFILE).unwrap(), None);
        assert_eq!(
            environment.first_text(ACCESS_KEY).unwrap(),
            Some(("NCLOUD_ACCESS_KEY", "second"))
        );
        assert_eq!(environment.empty_ones(ACCESS_KEY), ["NCLOUD_ACCESS_KEY_ID"]);
        assert!(!format!("{environment:?}").contains("PATH"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_unicode_is_refused_by_name() {
        use std::os::unix::ffi::OsStringExt as _;

        let value = OsString::from_vec(b"ncp_sk_TEST\xFF".to_vec());
        let environment = Environment::from_variables([("NCLOUD_SECRET_KEY", value.clone()), (HOME, value)]);
        let error = environment.first_text(SECRET_KEY).unwrap_err();
        assert_eq!(error.field(), "NCLOUD_SECRET_KEY");
        assert!(!format!("{error} {error:?}").contains("ncp_sk"));
        // A home directory need not be Unicode.
        assert!(environment.raw(HOME).is_some());
    }
}
