//! Raw calls: anything the gateway takes, signed and sent like the rest.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::codec::form::encode;
use crate::error::Error;
use crate::operation::Safety;

/// Headers that belong to the connection and not to the call.
const FRAMING_HEADERS: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A call that no typed operation covers: method, path, query, headers and body as you say.
///
/// Nothing is added but the signature and the user agent; for an action's answer in JSON, ask for it with the parameter
/// `responseFormatType`.
///
/// ```
/// use http::Method;
/// use ncloud_core::Raw;
///
/// let regions = Raw::new(Method::GET, "/vserver/v2/getRegionList").query("responseFormatType", "json");
/// let create = Raw::new(Method::POST, "/vserver/v2/createPublicIpInstance").form("regionCode", "KR");
/// ```
#[derive(Clone)]
pub struct Raw {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<u8>,
    pub(crate) form: Vec<u8>,
    pub(crate) body: Option<Bytes>,
    pub(crate) headers: HeaderMap,
    pub(crate) safety: Safety,
    /// The first thing that was wrong with what was given; reported when the request is built.
    pub(crate) trouble: Option<(&'static str, &'static str)>,
}

impl Raw {
    /// A call of a path below the endpoint, such as `/vserver/v2/getRegionList`. A query that the path already has must be
    /// percent-encoded; it is sent and signed as it is.
    ///
    /// It counts as [`Safety::Mutating`] until [`Raw::safety`] says otherwise.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            form: Vec::new(),
            body: None,
            headers: HeaderMap::new(),
            safety: Safety::Mutating,
            trouble: None,
        }
    }

    /// Says whether the call may be repeated.
    #[must_use]
    pub fn safety(mut self, safety: Safety) -> Self {
        self.safety = safety;
        self
    }

    /// Adds a parameter to the query; name and value are encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        push_pair(&mut self.query, name, value);
        self
    }

    /// Adds a parameter to the form body; name and value are encoded.
    #[must_use]
    pub fn form(mut self, name: &str, value: &str) -> Self {
        push_pair(&mut self.form, name, value);
        self
    }

    /// Sets the body and its `Content-Type`, for calls that take JSON.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let mut call = self.header("content-type", content_type);
        call.body = Some(body.into());
        call
    }

    /// Sets a header. Those that carry the signature are replaced when the request is built; those that frame the request
    /// (`content-length`, `transfer-encoding`, `connection`, `host`, `expect` and the like) are refused.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), _) if FRAMING_HEADERS.contains(&name.as_str()) => {
                let problem =
                    "is one that frames the request, which whoever carries it has to set; leave it out";
                self.trouble.get_or_insert(("header name", problem));
            }
            (Ok(name), Ok(value)) => drop(self.headers.insert(name, value)),
            (Err(_), _) => {
                let problem = "is no token; allowed: letters, digits and -";
                self.trouble.get_or_insert(("header name", problem));
            }
            (_, Err(_)) => {
                let problem = "has a line break or another control character in it; leave it out";
                self.trouble.get_or_insert(("header value", problem));
            }
        }
        self
    }

    /// The path without its query, which may hold a secret: how the call is named in errors.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.split(['?', '#']).next().unwrap_or_default()
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some((field, problem)) = self.trouble {
            return Err(Error::build(field, problem));
        }
        if !self.path.starts_with('/') || self.path.contains('#') {
            return Err(Error::build(
                "path",
                format!(
                    "is {:?}…; it has to begin with `/` and must not have a `#`",
                    self.path()
                ),
            ));
        }
        if !self.form.is_empty() && (self.method == Method::GET || self.method == Method::HEAD) {
            return Err(Error::build(
                "form",
                format!("does not go with {}; use query, or POST", self.method),
            ));
        }
        if !self.form.is_empty() && self.body.is_some() {
            return Err(Error::build(
                "body",
                "was given together with form parameters; use one of the two",
            ));
        }
        Ok(())
    }
}

/// Parameters and body may hold secrets, so only where the call goes is shown.
impl fmt::Debug for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Raw")
            .field("method", &self.method)
            .field("path", &self.path())
            .field("safety", &self.safety)
            .finish_non_exhaustive()
    }
}

fn push_pair(pairs: &mut Vec<u8>, name: &str, value: &str) {
    if !pairs.is_empty() {
        pairs.push(b'&');
    }
    encode(name, pairs);
    pairs.push(b'=');
    encode(value, pairs);
}
