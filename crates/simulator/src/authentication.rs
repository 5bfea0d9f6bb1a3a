//! Authentication: whose request this is, and whether key, signature and time are right.

use std::collections::HashMap;
use std::time::SystemTime;

use http::HeaderMap;
use http::request::Parts;
use ncloud_core::{
    ACCESS_KEY_HEADER, CLOCK_TOLERANCE, Credentials, SIGNATURE_HEADER, SIGNATURE_V1_HEADER, Signer,
    TIMESTAMP_HEADER, Timestamp,
};

use crate::metadata::Role;
use crate::outcome::GatewayError;

/// A key pair that is known, and whose it is.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) credentials: Credentials,
    pub(crate) caller: Caller,
}

/// Who a call with right keys is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The account's position; `None` for keys that may do nothing in any.
    pub(crate) account: Option<usize>,
}

impl Caller {
    /// Whom the keys of a server's role belong to.
    const ROLE: Self = Self { account: Some(0) };
}

/// The keys that are let in, and which signatures are good enough.
#[derive(Debug)]
pub(crate) struct Gatekeeper {
    /// By access key.
    keys: HashMap<String, (Signer, Caller)>,
    accept_path_only_signatures: bool,
    accept_signature_v1: bool,
}

impl Gatekeeper {
    pub(crate) fn new(keys: &[Key], accept_path_only_signatures: bool, accept_signature_v1: bool) -> Self {
        Self {
            // A checked key always makes a signer; one that did not would be let in by nobody's signature anyway.
            keys: keys
                .iter()
                .filter_map(|key| {
                    let signer = Signer::new(&key.credentials).ok()?;
                    Some((signer.access_key().as_str().to_owned(), (signer, key.caller)))
                })
                .collect(),
            accept_path_only_signatures,
            accept_signature_v1,
        }
    }

    /// Checks key, time and signature of a request over its target as it was received, and tells whose they are. The keys of a
    /// role are let in, too.
    pub(crate) fn admit(
        &self,
        request: &Parts,
        role: Option<&Role>,
        now: SystemTime,
    ) -> Result<Caller, GatewayError> {
        let headers = &request.headers;
        let signature = text(headers, SIGNATURE_HEADER).or_else(|| {
            self.accept_signature_v1
                .then(|| text(headers, SIGNATURE_V1_HEADER))?
        });
        let (Some(access_key), Some(timestamp), Some(signature)) = (
            text(headers, ACCESS_KEY_HEADER),
            text(headers, TIMESTAMP_HEADER),
            signature,
        ) else {
            return Err(GatewayError::AUTHENTICATION_MISSING);
        };
        let key = self
            .keys
            .get(access_key)
            .map(|(signer, caller)| (signer, *caller));
        let of_role = || Some((role?.signer(access_key, now)?, Caller::ROLE));
        match key.or_else(of_role) {
            Some((signer, caller))
                if is_fresh(timestamp, now)
                    && signer.expires_at().is_none_or(|expiry| now < expiry)
                    && self.is_signed(signer, request, timestamp, signature) =>
            {
                Ok(caller)
            }
            _ => Err(GatewayError::AUTHENTICATION_INVALID),
        }
    }

    fn is_signed(&self, signer: &Signer, request: &Parts, timestamp: &str, signature: &str) -> bool {
        let verify = |target: &str| signer.verify(&request.method, target, timestamp, signature);
        verify(target(request)) || (self.accept_path_only_signatures && verify(request.uri.path()))
    }
}

/// The request target as it was received: path and query, never decoded.
pub(crate) fn target(request: &Parts) -> &str {
    request.uri.path_and_query().map_or("/", |target| target.as_str())
}

/// A header's text; an empty one counts as missing, one that is no text as wrong.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or("?")).filter(|text| !text.is_empty())
}

fn is_fresh(timestamp: &str, now: SystemTime) -> bool {
    // Rust would read a sign in front, too.
    if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (Ok(signed_at), Ok(now)) = (timestamp.parse::<u64>(), Timestamp::from_system_time(now)) else {
        return false;
    };
    u128::from(signed_at.abs_diff(now.as_millis())) <= CLOCK_TOLERANCE.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_time_of_signing_is_plain_digits() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
        for (timestamp, fresh) in [
            ("1750903747000", true),
            ("+1750903747000", false),
            ("-1750903747000", false),
            (" 1750903747000", false),
            ("1750903747000.0", false),
            ("", false),
        ] {
            assert_eq!(is_fresh(timestamp, now), fresh, "{timestamp:?}");
        }
    }
}
