//! Requests: an operation becomes one URI or form body and a signed `http::Request`.

use std::time::SystemTime;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::uri::{Parts, PathAndQuery};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};

use crate::codec::form;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::operation::{Info, Safety, Verb};
use crate::raw::Raw;
use crate::session::Settings;
use crate::shape::{Items, Scalar, Shape, Sink};
use crate::sign::{ACCESS_KEY_HEADER, SIGNATURE_HEADER, Signer, TIMESTAMP_HEADER, Timestamp};

/// The longest URI that goes out as GET; a longer one becomes a form body.
const URI_LENGTH_LIMIT: usize = 4096;
/// Room for path, a handful of parameters, timestamp, key and signature without growing.
const BUFFER_LENGTH: usize = 640;
const FORM_CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

const ACCESS_KEY: HeaderName = HeaderName::from_static(ACCESS_KEY_HEADER);
const TIMESTAMP: HeaderName = HeaderName::from_static(TIMESTAMP_HEADER);
const SIGNATURE: HeaderName = HeaderName::from_static(SIGNATURE_HEADER);

/// Builds and signs the request of a typed operation.
pub(crate) fn build(
    settings: &Settings,
    info: &Info,
    operation: &dyn Shape,
    now: SystemTime,
) -> Result<Request<Bytes>, Error> {
    let signer = settings.keys.signer(now)?;
    let timestamp = Timestamp::from_system_time(now)?;
    // What changes something or carries a secret has no place in a URI, whatever its description says of the verb.
    let may_be_get = info.verb == Verb::Get && info.safety == Safety::Read && !info.secret;
    if may_be_get && settings.verb != Verb::Post {
        let mut draft = Draft::new(
            &Method::GET,
            &settings.endpoint,
            &[info.service.path, "/", info.name],
        );
        draft.text.push(b'?');
        write_parameters(settings, info, operation, &mut draft.text);
        if draft.uri_length(&settings.endpoint) <= URI_LENGTH_LIMIT {
            return draft.finish(
                settings,
                &signer,
                timestamp,
                Method::GET,
                Bytes::new(),
                HeaderMap::with_capacity(4),
            );
        }
    }
    let draft = Draft::new(
        &Method::POST,
        &settings.endpoint,
        &[info.service.path, "/", info.name],
    );
    let mut body = Vec::with_capacity(BUFFER_LENGTH);
    write_parameters(settings, info, operation, &mut body);
    let mut headers = HeaderMap::with_capacity(5);
    headers.insert(CONTENT_TYPE, FORM_CONTENT_TYPE);
    draft.finish(settings, &signer, timestamp, Method::POST, body.into(), headers)
}

/// Builds and signs a raw call.
pub(crate) fn build_raw(settings: &Settings, raw: &Raw, now: SystemTime) -> Result<Request<Bytes>, Error> {
    raw.check()?;
    let signer = settings.keys.signer(now)?;
    let timestamp = Timestamp::from_system_time(now)?;
    let mut draft = Draft::new(&raw.method, &settings.endpoint, &[&raw.path]);
    if !raw.query.is_empty() {
        draft.text.push(if raw.path.contains('?') { b'&' } else { b'?' });
        draft.text.extend_from_slice(&raw.query);
    }
    let mut headers = raw.headers.clone();
    let body = match &raw.body {
        Some(body) => body.clone(),
        None if raw.form.is_empty() => Bytes::new(),
        None => {
            headers.insert(CONTENT_TYPE, FORM_CONTENT_TYPE);
            raw.form.clone().into()
        }
    };
    draft.finish(settings, &signer, timestamp, raw.method.clone(), body, headers)
}

/// Writes all parameters: the operation's own, the session's region where it has none, and the answer's format.
fn write_parameters(settings: &Settings, info: &Info, operation: &dyn Shape, out: &mut Vec<u8>) {
    let mut writer = form::Writer::new(out);
    match &settings.region {
        Some(region) if info.regional => {
            let mut watch = RegionWatch {
                inner: &mut writer,
                seen: false,
            };
            operation.write(&mut watch);
            if !watch.seen {
                writer.scalar(REGION, Scalar::Text(region));
            }
        }
        _ => operation.write(&mut writer),
    }
    writer.scalar("responseFormatType", Scalar::Text(settings.format.as_str()));
}

const REGION: &str = "regionCode";

/// Passes everything on and notes whether the operation has a region of its own.
struct RegionWatch<'a> {
    inner: &'a mut dyn Sink,
    seen: bool,
}

impl Sink for RegionWatch<'_> {
    fn scalar(&mut self, member: &str, value: Scalar<'_>) {
        self.seen |= member == REGION;
        self.inner.scalar(member, value);
    }

    fn shape(&mut self, member: &str, shape: &dyn Shape) {
        self.inner.shape(member, shape);
    }

    fn list(&mut self, member: &str, items: &dyn Items) {
        self.inner.list(member, items);
    }
}

/// A request under way: one buffer that holds the text to sign, of which target, timestamp and signature are slices.
struct Draft {
    text: Vec<u8>,
    target_start: usize,
}

impl Draft {
    fn new(method: &Method, endpoint: &Endpoint, path: &[&str]) -> Self {
        let mut text = Vec::with_capacity(BUFFER_LENGTH);
        text.extend_from_slice(method.as_str().as_bytes());
        text.push(b' ');
        let target_start = text.len();
        text.extend_from_slice(endpoint.base_path.as_bytes());
        for part in path {
            text.extend_from_slice(part.as_bytes());
        }
        Self { text, target_start }
    }

    fn uri_length(&self, endpoint: &Endpoint) -> usize {
        let origin = endpoint
            .scheme
            .as_str()
            .len()
            .saturating_add("://".len())
            .saturating_add(endpoint.authority.as_str().len());
        self.text
            .len()
            .saturating_sub(self.target_start)
            .saturating_add(origin)
    }

    /// Appends what is left of the text to sign, signs it, and cuts the request out of the buffer.
    fn finish(
        mut self,
        settings: &Settings,
        signer: &Signer,
        timestamp: Timestamp,
        method: Method,
        body: Bytes,
        mut headers: HeaderMap,
    ) -> Result<Request<Bytes>, Error> {
        let target = self.target_start..self.text.len();
        self.text.push(b'\n');
        let time_start = self.text.len();
        self.text
            .extend_from_slice(itoa::Buffer::new().format(timestamp.as_millis()).as_bytes());
        let time = time_start..self.text.len();
        self.text.push(b'\n');
        self.text
            .extend_from_slice(signer.access_key().as_str().as_bytes());
        let signature = signer.sign_text(&self.text);
        let signature_start = self.text.len();
        self.text.extend_from_slice(signature.as_bytes());
        let text = Bytes::from(self.text);

        let mut parts = Parts::default();
        parts.scheme = Some(settings.endpoint.scheme.clone());
        parts.authority = Some(settings.endpoint.authority.clone());
        parts.path_and_query = Some(path_and_query(text.slice(target))?);
        let uri = Uri::from_parts(parts).map_err(|source| unusable_path().with_source(source))?;

        headers.insert(ACCESS_KEY, signer.access_key_header().clone());
        headers.insert(TIMESTAMP, header(text.slice(time))?);
        let mut signature = header(text.slice(signature_start..))?;
        signature.set_sensitive(true);
        headers.insert(SIGNATURE, signature);
        // A raw call may bring its own.
        headers
            .entry(USER_AGENT)
            .or_insert_with(|| settings.user_agent.clone());

        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }
}

fn path_and_query(target: Bytes) -> Result<PathAndQuery, Error> {
    let length = target.len();
    // The type lets bytes beyond ASCII through, which servers and proxies on the way would encode on their own.
    if !target.is_ascii() {
        return Err(unusable_path());
    }
    let target =
        PathAndQuery::from_maybe_shared(target).map_err(|source| unusable_path().with_source(source))?;
    // Whatever the type would leave out would be signed but not sent.
    if target.as_str().len() == length {
        Ok(target)
    } else {
        Err(unusable_path())
    }
}

fn unusable_path() -> Error {
    Error::build(
        "path",
        "cannot stand in a URI; allowed: up to 65,534 bytes, percent-encoded, without `#`",
    )
}

fn header(text: Bytes) -> Result<HeaderValue, Error> {
    HeaderValue::from_maybe_shared(text)
        .map_err(|source| Error::build("signature headers", "do not fit into a header").with_source(source))
}
