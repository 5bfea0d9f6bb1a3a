//! Signing: the text that is signed and its HMAC-SHA256, version 2 of NAVER's signature.
//!
//! The signed text is `METHOD SP path?query LF timestamp LF access-key`, with the path and query exactly as they go on the
//! wire; headers and body are not part of it. Source: page `common-ncpapi`.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderValue, Method};
use sha2::Sha256;

use crate::credentials::{AccessKey, Credentials};
use crate::error::Error;

/// Header that carries the access key id.
pub const ACCESS_KEY_HEADER: &str = "x-ncp-iam-access-key";
/// Header that carries the time of signing, in milliseconds since 1970.
pub const TIMESTAMP_HEADER: &str = "x-ncp-apigw-timestamp";
/// Header that carries the signature.
pub const SIGNATURE_HEADER: &str = "x-ncp-apigw-signature-v2";
/// The older header name, under which other SDKs send the same signature.
pub const SIGNATURE_V1_HEADER: &str = "x-ncp-apigw-signature-v1";
/// How far the gateway lets a request's clock differ from its own.
pub const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Length of a signature in text: Base64 of 32 bytes.
const SIGNATURE_LENGTH: usize = 44;
/// Texts up to this length, which most are, are put together on the stack.
const STACK_TEXT_LENGTH: usize = 320;

/// Time of signing in milliseconds since 1970, as number and as the text that is signed and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The timestamp of a moment.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for a moment before 1970 or after the year 500,000,000.
    pub fn from_system_time(now: SystemTime) -> Result<Self, Error> {
        now.duration_since(SystemTime::UNIX_EPOCH)
            .ok()
            .and_then(|since| u64::try_from(since.as_millis()).ok())
            .map(Self)
            .ok_or_else(|| {
                Error::build(
                    "timestamp",
                    "lies before 1970 or absurdly late; set this machine's clock",
                )
            })
    }

    /// The timestamp of a number of milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A signature as it goes into the header: 44 characters of Base64.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; SIGNATURE_LENGTH]);

impl Signature {
    /// The signature's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Base64 text is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8; SIGNATURE_LENGTH] {
        &self.0
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signature(hidden)")
    }
}

/// The text that a signature is made over, for comparing with what another program signs.
///
/// `target` is the path with its query, percent-encoded as on the wire.
///
/// ```
/// use http::Method;
/// use ncloud_core::{AccessKey, Timestamp, string_to_sign};
///
/// let key = AccessKey::new("access")?;
/// let text = string_to_sign(&Method::GET, "/cluster/kubeconfig", Timestamp::from_millis(1_668_407_407_855), &key);
/// assert_eq!(text, "GET /cluster/kubeconfig\n1668407407855\naccess");
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[must_use]
pub fn string_to_sign(method: &Method, target: &str, timestamp: Timestamp, access_key: &AccessKey) -> String {
    format!("{method} {target}\n{timestamp}\n{}", access_key.as_str())
}

/// Signs requests with one key pair; the part of the work that depends on the key alone is done once, here.
///
/// ```
/// use http::Method;
/// use ncloud_core::{Credentials, Signer, Timestamp};
///
/// let signer = Signer::new(&Credentials::new("access", "secret")?)?;
/// let signature = signer.sign(&Method::GET, "/cluster/kubeconfig", Timestamp::from_millis(1_668_407_407_855));
/// assert_eq!(signature.as_str(), "LTJli9+OKT2KvUXxiKslMfu5FIOmDN83avehOvgUFp0=");
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Signer {
    access_key: AccessKey,
    header: HeaderValue,
    mac: Hmac<Sha256>,
    expires_at: Option<SystemTime>,
}

impl Signer {
    /// Prepares the key.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error if the access key does not fit into a header, which a checked
    /// [`AccessKey`] always does.
    pub fn new(credentials: &Credentials) -> Result<Self, Error> {
        let access_key = credentials.access_key().clone();
        let mut header = HeaderValue::from_str(access_key.as_str())
            .map_err(|source| Error::build("access key", "does not fit into a header").with_source(source))?;
        header.set_sensitive(true);
        let mac = Hmac::new_from_slice(credentials.secret_key().expose().as_bytes())
            .map_err(|source| Error::build("secret key", "is of no usable length").with_source(source))?;
        Ok(Self {
            access_key,
            header,
            mac,
            expires_at: credentials.expires_at(),
        })
    }

    /// The access key that goes with the signatures.
    #[must_use]
    pub fn access_key(&self) -> &AccessKey {
        &self.access_key
    }

    /// The moment the key pair stops working; `None` for keys that do not expire.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }

    /// The access key as a sensitive header value; cloning it copies nothing.
    pub(crate) fn access_key_header(&self) -> &HeaderValue {
        &self.header
    }

    /// Signs one request. `target` is the path with its query exactly as it goes on the wire.
    #[must_use]
    pub fn sign(&self, method: &Method, target: &str, timestamp: Timestamp) -> Signature {
        encode(self.digest(
            method,
            target,
            itoa::Buffer::new().format(timestamp.as_millis()).as_bytes(),
        ))
    }

    /// Whether `signature` is the right one, in constant time. `timestamp` is the header's text as received.
    #[must_use]
    pub fn verify(&self, method: &Method, target: &str, timestamp: &str, signature: &str) -> bool {
        // Room for one byte more than a signature has, so that a longer one is not cut to fit.
        let mut decoded = [0; 36];
        let Ok(length) = STANDARD.decode_slice(signature, &mut decoded) else {
            return false;
        };
        let received = decoded.get(..length).unwrap_or_default();
        self.digest(method, target, timestamp.as_bytes())
            .verify_slice(received)
            .is_ok()
    }

    /// Signs a text that was put together by the caller in one piece.
    pub(crate) fn sign_text(&self, text: &[u8]) -> Signature {
        let mut mac = self.mac.clone();
        mac.update(text);
        encode(mac)
    }

    fn digest(&self, method: &Method, target: &str, timestamp: &[u8]) -> Hmac<Sha256> {
        let key = self.access_key.as_str().as_bytes();
        let pieces = [
            method.as_str().as_bytes(),
            b" ",
            target.as_bytes(),
            b"\n",
            timestamp,
            b"\n",
            key,
        ];
        let mut mac = self.mac.clone();
        // One long update costs less than seven short ones.
        let mut text = [0_u8; STACK_TEXT_LENGTH];
        if let Some(length) = join(&mut text, &pieces) {
            mac.update(text.get(..length).unwrap_or_default());
        } else {
            for piece in pieces {
                mac.update(piece);
            }
        }
        mac
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Signer")
            .field("access_key", &self.access_key)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Puts the pieces behind each other; `None` if they do not fit.
fn join(buffer: &mut [u8], pieces: &[&[u8]]) -> Option<usize> {
    let mut length: usize = 0;
    for piece in pieces {
        let end = length.checked_add(piece.len())?;
        buffer.get_mut(length..end)?.copy_from_slice(piece);
        length = end;
    }
    Some(length)
}

fn encode(mac: Hmac<Sha256>) -> Signature {
    let mut text = [b'='; SIGNATURE_LENGTH];
    // 32 bytes always fill 44 characters, so there is nothing to report.
    let _ = STANDARD.encode_slice(mac.finalize().as_bytes(), &mut text);
    Signature(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        let credentials = Credentials::new("AK_TEST", "SK_TEST").unwrap();
        Signer::new(&credentials).unwrap()
    }

    #[test]
    fn a_moment_before_1970_is_refused() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_millis(1);
        assert_eq!(
            Timestamp::from_system_time(before).unwrap_err().field(),
            Some("timestamp")
        );
    }

    #[test]
    fn long_targets_are_signed_like_short_ones() {
        let signer = signer();
        for length in [1, STACK_TEXT_LENGTH - 40, STACK_TEXT_LENGTH, 5000] {
            let target = format!("/{}", "a".repeat(length));
            let timestamp = Timestamp::from_millis(1_700_000_000_000);
            let text = string_to_sign(&Method::GET, &target, timestamp, signer.access_key());
            assert_eq!(
                signer.sign(&Method::GET, &target, timestamp),
                signer.sign_text(text.as_bytes())
            );
        }
    }

    #[test]
    fn verify_accepts_its_own_signature_and_nothing_else() {
        let signer = signer();
        let (target, time) = ("/vserver/v2/createServerInstances?regionCode=KR", "1700000000000");
        let right = "xBcE26XFU55BMjppdPT7ZY3oDrqoOedfPyAn3Cq4lUw=";
        assert!(signer.verify(&Method::POST, target, time, right));
        assert!(!signer.verify(&Method::GET, target, time, right));
        assert!(!signer.verify(&Method::POST, "/vserver/v2/createServerInstances", time, right));
        assert!(!signer.verify(&Method::POST, target, "1700000000001", right));
        for wrong in [
            "",
            "=",
            "not base64",
            "xBcE26XFU55BMjppdPT7ZY3oDrqoOedfPyAn3Cq4lUs=",
            "eA==",
        ] {
            assert!(!signer.verify(&Method::POST, target, time, wrong), "{wrong}");
        }
    }
}
