//! Metadata: the two requests by which a server learns its role and the role's keys, and what their answers say.

use bytes::Bytes;
use http::uri::{Parts, PathAndQuery};
use http::{Method, Request, Response, StatusCode, Uri};

use crate::codec::json;
use crate::credentials::Credentials;
use crate::date_time::DateTime;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::shape;

const PATH: &str = "/latest/meta-data/iam/security-credentials/";
/// The longest name of a role that is believed.
const NAME_LENGTH_LIMIT: usize = 256;
/// Values of `Code` that mean success; absent or empty means it, too.
const SUCCESS: [&str; 4] = ["success", "ok", "200", "0"];

/// Why an answer gives no keys, and whether asking again may help.
pub(super) struct Refusal {
    pub(super) problem: String,
    pub(super) may_pass: bool,
}

impl Refusal {
    fn passing(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            may_pass: true,
        }
    }
}

/// Asks for the name of the role, or for its keys.
pub(super) fn request(endpoint: &Endpoint, role: &str) -> Result<Request<Bytes>, Error> {
    let unusable = |_| Error::build("metadata service", "has an address that cannot stand in a URI");
    let path = PathAndQuery::try_from(format!("{}{PATH}{role}", endpoint.base_path)).map_err(unusable)?;
    let mut parts = Parts::default();
    parts.scheme = Some(endpoint.scheme.clone());
    parts.authority = Some(endpoint.authority.clone());
    parts.path_and_query = Some(path);
    let unusable = |_| Error::build("metadata service", "has an address that cannot stand in a URI");
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = Uri::from_parts(parts).map_err(unusable)?;
    Ok(request)
}

/// Reads the name of the role: the first line of a text.
pub(super) fn role(response: &Response<Bytes>) -> Result<String, Refusal> {
    check_status(response)?;
    let name = std::str::from_utf8(response.body())
        .ok()
        .and_then(|text| text.lines().next())
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .ok_or_else(|| Refusal {
            problem: "this server has no role; give it one in the console".to_owned(),
            may_pass: false,
        })?;
    // A page of something else that answers at this address has none that would pass.
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~:@+=,".contains(&byte);
    if name.len() > NAME_LENGTH_LIMIT || !name.bytes().all(allowed) {
        return Err(Refusal::passing(
            "the metadata service answered with something that is no name of a role",
        ));
    }
    Ok(name.to_owned())
}

/// What the service says about a role. Its words are never repeated: a secret is among them.
#[derive(Default)]
struct Answer {
    code: Option<String>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    expiration: Option<DateTime>,
}

shape! {
    Answer {
        "Code" => code,
        "AccessKeyId" => access_key_id,
        "SecretAccessKey" => secret_access_key,
        "Expiration" => expiration,
    }
}

/// Reads the role's keys, which always have an end.
pub(super) fn keys(response: &Response<Bytes>) -> Result<Credentials, Refusal> {
    check_status(response)?;
    let mut answer = Answer::default();
    json::read(response.body(), &mut answer).map_err(|error| match error.path() {
        "" => Refusal::passing("the metadata service answered with something that is no JSON object"),
        path => Refusal::passing(format!(
            "the metadata service answered with a {path} that cannot be read"
        )),
    })?;
    if let Some(code) = answer.code.filter(|code| !is_success(code)) {
        let shown: String = code
            .chars()
            .filter(|character| !character.is_control())
            .take(64)
            .collect();
        return Err(Refusal::passing(format!(
            "the metadata service answered with Code {shown}"
        )));
    }
    let missing = |member| Refusal::passing(format!("the metadata service answered without {member}"));
    let access_key = answer.access_key_id.ok_or_else(|| missing("AccessKeyId"))?;
    let secret_key = answer
        .secret_access_key
        .ok_or_else(|| missing("SecretAccessKey"))?;
    let expires_at = answer.expiration.ok_or_else(|| missing("Expiration"))?;
    Credentials::new(access_key, secret_key)
        .map(|credentials| credentials.with_expiry(expires_at.to_system_time()))
        .map_err(|error| Refusal::passing(format!("the metadata service's {error}")))
}

fn is_success(code: &str) -> bool {
    SUCCESS.iter().any(|success| success.eq_ignore_ascii_case(code))
}

fn check_status(response: &Response<Bytes>) -> Result<(), Refusal> {
    match response.status() {
        StatusCode::OK => Ok(()),
        StatusCode::NOT_FOUND => Err(Refusal {
            problem: "this server has no role, or is none of the platform's (the metadata service answered HTTP 404)"
                .to_owned(),
            may_pass: false,
        }),
        status => Err(Refusal::passing(format!(
            "the metadata service answered HTTP {}",
            status.as_u16()
        ))),
    }
}
