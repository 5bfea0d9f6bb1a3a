//! Secrets: members whose text must not show up in logs: passwords, private keys, scripts.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use zeroize::Zeroizing;

use crate::shape::{Element, ReadError, Scalar, Sink, Value};

/// A text that is not shown: a password, a private key, the content of a script.
///
/// `Debug` shows nothing of it, there is no `Display`, and its memory is wiped when it is dropped. It goes into request bodies
/// only, never into a URI.
///
/// ```
/// use ncloud_core::Secret;
///
/// let password = Secret::from("correct horse battery staple");
/// assert_eq!(format!("{password:?}"), "Secret(hidden)");
/// assert_eq!(password.expose(), "correct horse battery staple");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text as it is.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for whoever has to use it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(hidden)")
    }
}

impl Element for Secret {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        Ok(value.text()?.map(Self::new))
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.scalar(name, Scalar::Text(&self.0));
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

/// The script that a new server runs when it first starts, which travels as base64. It is encoded when this value is made, and
/// sent as it is however often.
///
/// `Debug` shows nothing of it, because scripts tend to hold passwords.
///
/// ```
/// use ncloud_core::UserData;
///
/// let script = UserData::from_script("#!/bin/sh\necho hello\n");
/// assert_eq!(script.as_base64(), "IyEvYmluL3NoCmVjaG8gaGVsbG8K");
/// assert_eq!(UserData::from_base64("IyEvYmluL3NoCmVjaG8gaGVsbG8K"), script);
/// assert_eq!(script.script().as_deref(), Some(b"#!/bin/sh\necho hello\n".as_slice()));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserData(Zeroizing<String>);

impl UserData {
    /// Takes a script as it is to run.
    #[must_use]
    pub fn from_script(script: impl AsRef<[u8]>) -> Self {
        Self(Zeroizing::new(BASE64_STANDARD.encode(script)))
    }

    /// Takes a script that is in base64 already.
    #[must_use]
    pub fn from_base64(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The script as it travels.
    #[must_use]
    pub fn as_base64(&self) -> &str {
        &self.0
    }

    /// The script as it runs; `None` if the text is no base64.
    #[must_use]
    pub fn script(&self) -> Option<Vec<u8>> {
        BASE64_STANDARD.decode(self.0.as_bytes()).ok()
    }
}

impl fmt::Debug for UserData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserData(hidden)")
    }
}

impl Element for UserData {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        Ok(value.text()?.map(Self::from_base64))
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.scalar(name, Scalar::Text(&self.0));
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}
