//! Scripts for server roles: what the metadata service says, who asks it and when, and with which keys calls are signed.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Method, Request, Response};
use ncloud_api::vserver::{CreateMemberServerImageInstance, GetMemberServerImageInstanceList};
use ncloud_core::{
    ACCESS_KEY_HEADER, Call, Credentials, DateTime, Endpoint, Error, ErrorKind, Event, SIGNATURE_HEADER,
    ServerRole, Session, Signer, Site, TIMESTAMP_HEADER,
};

use crate::steps::{Steps, json, millis, refused_by_gateway, secs};
use crate::support::{answer, header, now, target};

mod answers;
mod renewing;
mod sharing;
mod withdrawn;

type List = GetMemberServerImageInstanceList;
type Script<'a> = Steps<Call<'a, List>>;

const PATH: &str = "/latest/meta-data/iam/security-credentials/";

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

fn role() -> ServerRole {
    ServerRole::at(Endpoint::new("http://127.0.0.1:9").unwrap())
}

fn session(role: &ServerRole) -> Session {
    Session::from_role(role, Site::Public).with_seed(1)
}

fn name() -> Response<Bytes> {
    answer(200, "text/plain", "web\nother")
}

/// The metadata service's answer with the key pair of this number, good until then.
fn keys(number: u32, until: SystemTime) -> Response<Bytes> {
    let until = DateTime::from_system_time(until).unwrap().to_string();
    json(format!(
        r#"{{"Code":"Success","Message":"","AccessKeyId":"ncp_ak_TEST{number}","SecretAccessKey":"ncp_sk_TEST{number}",
            "Expiration":"{until}"}}"#
    ))
}

fn images() -> Response<Bytes> {
    json(
        r#"{"getMemberServerImageInstanceListResponse":{"returnCode":"0","totalRows":0,
            "memberServerImageInstanceList":[]}}"#,
    )
}

/// Insists on a request to the metadata service, which carries nothing that is ours.
fn assert_asks(request: &Request<Bytes>, path: &str) {
    assert_eq!(request.uri().to_string(), format!("http://127.0.0.1:9{path}"));
    assert_eq!(*request.method(), Method::GET);
    for name in [ACCESS_KEY_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER] {
        assert!(!request.headers().contains_key(name));
    }
}

/// Insists on a request to the gateway that is signed with the key pair of this number.
fn assert_signed_with(number: u32, request: &Request<Bytes>) {
    assert_eq!(request.uri().host(), Some("ncloud.apigw.ntruss.com"));
    let credentials =
        Credentials::new(format!("ncp_ak_TEST{number}"), format!("ncp_sk_TEST{number}")).unwrap();
    assert_eq!(
        header(request, ACCESS_KEY_HEADER),
        credentials.access_key().as_str()
    );
    assert!(Signer::new(&credentials).unwrap().verify(
        request.method(),
        &target(request),
        header(request, TIMESTAMP_HEADER),
        header(request, SIGNATURE_HEADER),
    ));
}

/// Insists on an error that says that there are no keys, and on nothing secret in it.
fn assert_no_keys(error: &Error, problem: &str) {
    assert_eq!(error.last().kind(), ErrorKind::Credentials, "{error}");
    assert!(!error.last().may_have_been_sent());
    let text = format!("{error} {error:?}");
    assert!(text.contains(problem), "{text}");
    assert!(!text.contains("ncp_sk_"), "{text}");
}

impl Script<'_> {
    /// Fetches the key pair of this number and sends the call with it.
    fn fetches(&mut self, number: u32, until: SystemTime) -> &mut Self {
        assert_asks(self.sends(), PATH);
        self.answered(name());
        assert_asks(self.sends(), &format!("{PATH}web"));
        self.answered(keys(number, until));
        self.sends_with(number)
    }

    fn sends_with(&mut self, number: u32) -> &mut Self {
        assert_signed_with(number, self.sends());
        self
    }
}

/// A call that fetches the first keys, which are good for so long.
fn begin(session: &Session, life: Duration) {
    let list = List::new();
    let mut call = Steps::new(session.call(&list));
    call.fetches(1, now() + life).answered(images());
    assert!(call.ends().is_ok());
}

/// A call at this time that is sent at once with the key pair of this number.
fn goes_on_with(session: &Session, number: u32, at: SystemTime) {
    let list = List::new();
    let mut call = Steps::at(at, session.call(&list));
    call.sends_with(number).answered(images());
    assert!(call.ends().is_ok());
}
