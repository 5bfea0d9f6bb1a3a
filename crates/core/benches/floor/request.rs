//! Hand-written building and signing of one request: one buffer, sliced; four headers.

use std::io::Write as _;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::USER_AGENT;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use sha2::Sha256;

use super::{ACCESS_KEY, SECRET_KEY};

/// A key, prepared once.
pub struct Keyed {
    mac: Hmac<Sha256>,
    access_key: HeaderValue,
    scheme: Scheme,
    authority: Authority,
}

/// The parameters of the one operation that this builder knows.
pub struct Parameters<'a> {
    pub region_code: Option<&'a str>,
    pub member_server_image_instance_no_list: &'a [&'a str],
    pub page_no: Option<i32>,
    pub page_size: Option<i32>,
}

impl Keyed {
    pub fn new() -> Self {
        Self::at(Scheme::HTTPS, Authority::from_static("ncloud.apigw.ntruss.com"))
    }

    pub fn at(scheme: Scheme, authority: Authority) -> Self {
        let mut access_key = HeaderValue::from_static(ACCESS_KEY);
        access_key.set_sensitive(true);
        Self {
            mac: Hmac::new_from_slice(SECRET_KEY.as_bytes()).expect("any length will do"),
            access_key,
            scheme,
            authority,
        }
    }

    /// A keyed hash cloned per call, Base64 into a buffer on the stack.
    pub fn sign(&self, text: &[u8]) -> [u8; 44] {
        let mut mac = self.mac.clone();
        mac.update(text);
        let mut signature = [0; 44];
        let _ = STANDARD.encode_slice(mac.finalize().into_bytes(), &mut signature);
        signature
    }

    pub fn request(&self, parameters: &Parameters<'_>, now: SystemTime) -> Request<Bytes> {
        let millis = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("after 1970")
            .as_millis();
        let mut text = Vec::with_capacity(640);
        text.extend_from_slice(b"GET /vserver/v2/getMemberServerImageInstanceList?");
        if let Some(region) = parameters.region_code {
            text.extend_from_slice(b"regionCode=");
            escape(region, &mut text);
            text.push(b'&');
        }
        for (index, no) in parameters.member_server_image_instance_no_list.iter().enumerate() {
            let _ = write!(text, "memberServerImageInstanceNoList.{}=", index + 1);
            escape(no, &mut text);
            text.push(b'&');
        }
        if let Some(page_no) = parameters.page_no {
            let _ = write!(text, "pageNo={page_no}&");
        }
        if let Some(page_size) = parameters.page_size {
            let _ = write!(text, "pageSize={page_size}&");
        }
        text.extend_from_slice(b"responseFormatType=json");
        let target = 4..text.len();
        text.push(b'\n');
        let time_start = text.len();
        let _ = write!(text, "{millis}");
        let time = time_start..text.len();
        text.push(b'\n');
        text.extend_from_slice(ACCESS_KEY.as_bytes());
        let signature = self.sign(&text);
        let signature_start = text.len();
        text.extend_from_slice(&signature);
        let text = Bytes::from(text);

        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(PathAndQuery::from_maybe_shared(text.slice(target)).expect("a path"));
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(
            HeaderName::from_static("x-ncp-iam-access-key"),
            self.access_key.clone(),
        );
        let time = HeaderValue::from_maybe_shared(text.slice(time)).expect("digits");
        headers.insert(HeaderName::from_static("x-ncp-apigw-timestamp"), time);
        let mut signature = HeaderValue::from_maybe_shared(text.slice(signature_start..)).expect("Base64");
        signature.set_sensitive(true);
        headers.insert(HeaderName::from_static("x-ncp-apigw-signature-v2"), signature);
        headers.insert(USER_AGENT, HeaderValue::from_static("floor/1.0"));

        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::from_parts(parts).expect("a whole URI");
        *request.headers_mut() = headers;
        request
    }
}

fn escape(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
