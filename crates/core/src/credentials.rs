//! Credentials: the key pair that signs requests, kept out of logs and wiped when dropped.

use std::fmt;
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::error::Error;

/// The public half of a key pair: it travels in a header of every request.
///
/// `Debug` shows its first four characters, enough to tell two keys apart in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey(String);

impl AccessKey {
    /// Checks and takes an access key id.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for an empty key or one with a character that is not visible ASCII.
    ///
    /// ```
    /// use ncloud_core::AccessKey;
    ///
    /// assert!(AccessKey::new("ncp_ak_TESTACCESSKEY0001").is_ok());
    /// assert!(AccessKey::new("pasted with a line break\n").is_err());
    /// ```
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        if key.is_empty() {
            return Err(Error::build(
                "access key",
                "is empty; give the access key id of the key pair",
            ));
        }
        if let Some(position) = key.chars().position(|character| !character.is_ascii_graphic()) {
            return Err(Error::build(
                "access key",
                format!(
                    "has a character at position {} that is not visible ASCII (a space, a control or a foreign \
                     character); copy the key again without it",
                    position.saturating_add(1)
                ),
            ));
        }
        Ok(Self(key))
    }

    /// The key as it goes into the `x-ncp-iam-access-key` header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.get(..4).filter(|_| self.0.len() > 8).unwrap_or_default();
        write!(formatter, "AccessKey({shown}…)")
    }
}

/// The secret half of a key pair: it signs requests and is never sent.
///
/// Its memory is wiped when the value is dropped; `Debug` shows nothing of it and there is no `Display`.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Checks and takes a secret key.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for an empty key, one with a control character, or one that begins
    /// or ends with white space. The message never repeats the key.
    ///
    /// ```
    /// use ncloud_core::SecretKey;
    ///
    /// let secret = SecretKey::new("ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// assert_eq!(format!("{secret:?}"), "SecretKey(hidden)");
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = Zeroizing::new(key.into());
        if key.is_empty() {
            return Err(Error::build(
                "secret key",
                "is empty; give the secret of the key pair",
            ));
        }
        if key.chars().any(char::is_control) {
            return Err(Error::build(
                "secret key",
                "has a control character in it, such as a line break; copy the key again without it",
            ));
        }
        if key.trim().len() != key.len() {
            return Err(Error::build(
                "secret key",
                "begins or ends with white space; copy the key again without it",
            ));
        }
        Ok(Self(key))
    }

    /// The key's bytes, for whoever has to compute with them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(hidden)")
    }
}

/// A key pair and, for temporary keys, the moment it stops working.
#[derive(Clone, Debug)]
pub struct Credentials {
    access_key: AccessKey,
    secret_key: SecretKey,
    expires_at: Option<SystemTime>,
}

impl Credentials {
    /// A key pair without an expiry, from the two keys as text.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error as described at [`AccessKey::new`] and [`SecretKey::new`].
    ///
    /// ```
    /// use ncloud_core::Credentials;
    ///
    /// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// assert_eq!(credentials.access_key().as_str(), "ncp_ak_TESTACCESSKEY0001");
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Result<Self, Error> {
        Ok(Self::from_keys(
            AccessKey::new(access_key)?,
            SecretKey::new(secret_key)?,
        ))
    }

    /// A key pair without an expiry, from keys that were checked before.
    #[must_use]
    pub fn from_keys(access_key: AccessKey, secret_key: SecretKey) -> Self {
        Self {
            access_key,
            secret_key,
            expires_at: None,
        }
    }

    /// The same pair with the moment it stops working: requests later than that are refused before sending.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// The public half.
    #[must_use]
    pub fn access_key(&self) -> &AccessKey {
        &self.access_key
    }

    /// The secret half.
    #[must_use]
    pub fn secret_key(&self) -> &SecretKey {
        &self.secret_key
    }

    /// The moment the pair stops working; `None` for keys that do not expire.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_cannot_be_right_are_refused_by_name() {
        for (access, secret, field, word) in [
            ("", "s", "access key", "empty"),
            ("a", "", "secret key", "empty"),
            ("a\nb", "s", "access key", "position 2"),
            ("a b", "s", "access key", "position 2"),
            ("키", "s", "access key", "position 1"),
            ("a", "s\r\n", "secret key", "control"),
            ("a", "s\0t", "secret key", "control"),
            ("a", " s", "secret key", "white space"),
        ] {
            let error = Credentials::new(access, secret).unwrap_err();
            assert_eq!(error.field(), Some(field));
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_short_access_key_is_not_shown_at_all() {
        let key = AccessKey::new("access").unwrap();
        assert_eq!(format!("{key:?}"), "AccessKey(…)");
        let key = AccessKey::new("ncp_ak_TESTACCESSKEY0001").unwrap();
        assert_eq!(format!("{key:?}"), "AccessKey(ncp_…)");
    }
}
