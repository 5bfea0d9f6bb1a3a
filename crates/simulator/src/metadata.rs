//! Metadata: the service by which a server learns its role and gets the role's keys, and the keys that it has given.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use ncloud_core::codec::json;
use ncloud_core::{Credentials, DateTime, Signer, shape};

use crate::http_date::http_date;

/// What all paths of the service begin with.
const ROOT: &str = "/latest/meta-data";
const CREDENTIALS: &str = "/iam/security-credentials/";
const NOT_FOUND: &str = "Path Not found.";

/// A server's role and the keys that were given for it.
#[derive(Debug)]
pub(crate) struct Role {
    name: String,
    lifetime: Duration,
    /// How many key pairs there were.
    count: u32,
    /// The pairs that are still good, the newest last.
    given: Vec<Given>,
}

#[derive(Debug)]
struct Given {
    credentials: Credentials,
    signer: Signer,
    expires_at: SystemTime,
}

/// What the service says about a role.
#[derive(Default)]
struct Answer {
    code: Option<String>,
    message: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    expiration: Option<String>,
}

shape! {
    Answer {
        "Code" => code,
        "Message" => message,
        "AccessKeyId" => access_key_id,
        "SecretAccessKey" => secret_access_key,
        "Expiration" => expiration,
    }
}

/// Whether a request is for the metadata service.
pub(crate) fn is_metadata(request: &Parts) -> bool {
    let below = request.uri.path().strip_prefix(ROOT);
    request.method == Method::GET && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Answers a request for the metadata service of a server, with a role or without one.
pub(crate) fn answer(role: Option<&mut Role>, path: &str, now: SystemTime) -> Response<Bytes> {
    let asked = path
        .strip_prefix(ROOT)
        .and_then(|rest| rest.strip_prefix(CREDENTIALS));
    let (status, kind, body) = match (role, asked) {
        (Some(role), Some("")) => (StatusCode::OK, "text/plain", role.name.clone().into_bytes()),
        (Some(role), Some(name)) if name == role.name => (StatusCode::OK, "application/json", role.keys(now)),
        _ => (StatusCode::NOT_FOUND, "text/plain", NOT_FOUND.into()),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let kind = HeaderValue::try_from(format!("{kind};charset=UTF-8"));
    let headers = response.headers_mut();
    headers.extend(kind.ok().map(|kind| (CONTENT_TYPE, kind)));
    headers.insert(DATE, http_date(now));
    response
}

impl Role {
    pub(crate) fn new(name: &str, lifetime: Duration) -> Self {
        Self {
            name: name.to_owned(),
            lifetime,
            count: 0,
            given: Vec::new(),
        }
    }

    /// The signer of a key pair that was given and is still good.
    pub(crate) fn signer(&self, access_key: &str, now: SystemTime) -> Option<&Signer> {
        let good = self.given.iter().filter(|given| given.expires_at > now);
        good.map(|given| &given.signer)
            .find(|signer| signer.access_key().as_str() == access_key)
    }

    /// Refuses all keys that were given so far.
    pub(crate) fn withdraw_keys(&mut self) {
        self.given.clear();
    }

    /// A document with the keys: the last ones until half of their life is over, and new ones after that.
    fn keys(&mut self, now: SystemTime) -> Vec<u8> {
        self.given.retain(|given| given.expires_at > now);
        let is_young =
            |given: &Given| given.expires_at.duration_since(now).unwrap_or_default() > self.lifetime / 2;
        if !self.given.last().is_some_and(is_young) {
            self.give(now);
        }
        let given = self.given.last();
        let expires_at = given.and_then(|given| DateTime::from_system_time(given.expires_at));
        let answer = Answer {
            code: Some("Success".to_owned()),
            message: Some("success".to_owned()),
            access_key_id: given.map(|given| given.credentials.access_key().as_str().to_owned()),
            secret_access_key: given.map(|given| given.credentials.secret_key().expose().to_owned()),
            expiration: expires_at.map(|expires_at| expires_at.to_string().replace("+0000", "Z")),
        };
        json::write(&answer, json::Layout::Pretty)
    }

    fn give(&mut self, now: SystemTime) {
        self.count = self.count.saturating_add(1);
        let count = self.count;
        let credentials = Credentials::new(
            format!("ncp_ak_TESTROLE{count:06}"),
            format!("ncp_sk_TESTROLE{count:06}"),
        );
        // What is shown to the client is whole seconds, and what is shown counts.
        let expires_at = now
            .checked_add(self.lifetime)
            .and_then(DateTime::from_system_time)
            .map(DateTime::to_system_time);
        let (Ok(credentials), Some(expires_at)) = (credentials, expires_at) else {
            return;
        };
        if let Ok(signer) = Signer::new(&credentials) {
            self.given.push(Given {
                credentials,
                signer,
                expires_at,
            });
        }
    }
}
