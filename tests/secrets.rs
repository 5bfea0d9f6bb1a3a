//! Secrets: nothing that holds the secret key, and no error made while it was in use, shows any of it.

use std::fmt::{Debug, Display};
use std::time::Duration;

use http::Method;
use ncloud_core::{
    AccessKey, Credentials, Error, Info, Operation, Raw, SecretKey, Service, Session, Signer, Site,
    Timestamp, Verb, shape,
};

use crate::support::{List, answer, now};

/// Keys without a part that could stand anywhere by chance.
const ACCESS: &str = "ncp_ak_TEST7QxZr2Lw9Kf4";
const SECRET: &str = "ncp_sk_TESTVb8Nm3Hd6Jt1Yc5Gp0Wq";
const PASSWORD: &str = "correct&horse=battery staple";
/// So many characters of a secret in a row are a trace of it.
const TRACE: usize = 6;

fn credentials() -> Credentials {
    Credentials::new(ACCESS, SECRET).unwrap()
}

fn session() -> Session {
    Session::new(&credentials(), Site::Public).unwrap()
}

/// The first piece of a secret that a text holds, as text or as the numbers of its bytes.
fn trace(text: &str, secret: &str) -> Option<String> {
    // What every test key begins with is no trace of this one.
    let start = if secret.starts_with("ncp_") {
        "ncp_sk_TEST".len()
    } else {
        0
    };
    let bytes: Vec<u8> = secret.bytes().skip(start).collect();
    bytes.windows(TRACE).find_map(|piece| {
        let as_text = String::from_utf8_lossy(piece).into_owned();
        let as_numbers = format!("{piece:?}");
        let found = text.contains(&as_text) || text.contains(as_numbers.trim_matches(['[', ']']));
        found.then_some(as_text)
    })
}

fn assert_no_trace(text: &str, secret: &str) {
    if let Some(piece) = trace(text, secret) {
        panic!("{piece:?} of a secret in: {text}");
    }
}

fn shown<T: Debug>(value: &T) -> String {
    format!("{value:?}\n{value:#?}")
}

fn said<T: Debug + Display>(value: &T) -> String {
    format!("{value}\n{value:#}\n{}", shown(value))
}

#[test]
fn the_check_itself_finds_a_secret() {
    for text in [
        format!("key: {SECRET}!"),
        format!("…{}…", &SECRET[12..18]),
        format!("{:?}", SECRET.as_bytes()),
    ] {
        assert!(trace(&text, SECRET).is_some(), "{text}");
    }
    assert_eq!(trace("nothing of the kind: ncp_sk_TEST", SECRET), None);
}

#[test]
fn whatever_holds_the_secret_key_shows_nothing_of_it() {
    let credentials = credentials().with_expiry(now() + Duration::from_secs(3600));
    let session = Session::new(&credentials, Site::Public)
        .unwrap()
        .with_region("KR")
        .unwrap();
    for text in [
        shown(&credentials),
        shown(credentials.secret_key()),
        shown(&credentials.secret_key().clone()),
        shown(&Some(vec![credentials.clone()])),
        shown(&SecretKey::new(SECRET).unwrap()),
        shown(&Signer::new(&credentials).unwrap()),
        shown(session.signer().unwrap()),
        shown(&session),
        shown(&session.clone().with_verb(Verb::Post)),
        shown(session.endpoint()),
    ] {
        assert_no_trace(&text, SECRET);
    }
}

#[test]
fn of_the_access_key_only_the_beginning_is_shown() {
    for text in [
        shown(&credentials()),
        shown(&session()),
        shown(session().signer().unwrap()),
    ] {
        assert!(!text.contains(ACCESS), "{text}");
        assert!(!text.contains(&ACCESS[8..]), "{text}");
    }
    assert_eq!(
        format!("{:?}", AccessKey::new(ACCESS).unwrap()),
        "AccessKey(ncp_…)"
    );
}

#[test]
fn a_built_request_shows_neither_key_nor_signature() {
    let session = session();
    let raw = Raw::new(Method::POST, "/vserver/v2/createLoginKey")
        .form("keyName", "a")
        .header("x-other", "1");
    for request in [
        session.request(&List::new(), now()).unwrap(),
        session
            .clone()
            .with_verb(Verb::Post)
            .request(&List::new(), now())
            .unwrap(),
        session.raw(&raw, now()).unwrap(),
    ] {
        let signature = request.headers()["x-ncp-apigw-signature-v2"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(signature.len(), 44);
        for name in ["x-ncp-iam-access-key", "x-ncp-apigw-signature-v2"] {
            assert!(
                request.headers()[name].is_sensitive(),
                "{name} is not marked as sensitive"
            );
        }
        for text in [shown(&request), shown(request.headers()), shown(request.uri())] {
            assert_no_trace(&text, SECRET);
            assert!(!text.contains(ACCESS), "{text}");
            assert!(!text.contains(&signature), "{text}");
        }
    }
}

#[test]
fn a_signature_is_not_shown_by_debug() {
    let signer = Signer::new(&credentials()).unwrap();
    let signature = signer.sign(&Method::GET, "/a", Timestamp::from_millis(1));
    assert!(!shown(&signature).contains(&signature.as_str()[..8]));
}

#[test]
fn a_raw_call_shows_none_of_its_parameters_headers_or_body() {
    let path = format!("/a/b?password={PASSWORD}");
    for raw in [
        Raw::new(Method::POST, "/a/b").form("password", PASSWORD),
        Raw::new(Method::GET, "/a/b").query("password", PASSWORD),
        Raw::new(Method::GET, path),
        Raw::new(Method::POST, "/a/b").body("application/json", PASSWORD),
        Raw::new(Method::POST, "/a/b").header("authorization", PASSWORD),
    ] {
        let text = shown(&raw);
        assert_no_trace(&text, PASSWORD);
        assert!(text.contains("/a/b"), "{text}");
    }
}

/// Every error of a call with a parameter that is secret, one for each way in which it can be refused.
fn refused_raw_calls() -> Vec<Error> {
    let session = session();
    let refuse = |raw: Raw| session.raw(&raw, now()).expect_err("a call that cannot be sent");
    vec![
        refuse(Raw::new(Method::POST, "/a#b").form("password", PASSWORD)),
        refuse(Raw::new(Method::GET, "/a").form("password", PASSWORD)),
        refuse(
            Raw::new(Method::POST, "/a")
                .form("password", PASSWORD)
                .body("text/plain", PASSWORD),
        ),
        refuse(Raw::new(Method::POST, "/a").header("authorization", &format!("{PASSWORD}\n"))),
        refuse(Raw::new(Method::POST, "/a").body("text/\nplain", PASSWORD)),
        refuse(Raw::new(Method::GET, format!("/a?password={PASSWORD}"))),
        refuse(Raw::new(Method::GET, format!("a?password={PASSWORD}"))),
        refuse(Raw::new(Method::GET, format!("/a?password={PASSWORD}#x"))),
        refuse(Raw::new(Method::GET, format!("/a?password={PASSWORD}")).query("x", &"y".repeat(70_000))),
    ]
}

#[test]
fn an_error_about_a_raw_call_shows_none_of_its_parameters() {
    for error in refused_raw_calls() {
        let text = said(&error);
        assert_no_trace(&text, PASSWORD);
        assert_no_trace(&text, SECRET);
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            assert_no_trace(&format!("{inner} {inner:?}"), PASSWORD);
            source = inner.source();
        }
    }
}

#[test]
fn an_error_about_a_key_does_not_repeat_it() {
    let mut errors = Vec::new();
    for wrong in [
        format!("{SECRET}\n"),
        format!(" {SECRET}"),
        format!("{SECRET} "),
        format!("{SECRET}\u{0}"),
        format!("\u{feff}{SECRET}\t"),
    ] {
        errors.extend(Credentials::new(ACCESS, wrong.clone()).err());
        // Keys given in the wrong order.
        errors.extend(Credentials::new(wrong.clone(), ACCESS).err());
        errors.extend(AccessKey::new(wrong.clone()).err());
        errors.extend(SecretKey::new(wrong).err());
    }
    assert!(errors.len() >= 18, "{errors:?}");
    for error in &errors {
        assert_no_trace(&said(error), SECRET);
    }
}

#[test]
fn an_error_about_a_base_url_does_not_repeat_a_password_in_it() {
    for url in [
        format!("https://user:{SECRET}@host.example"),
        format!("https://{SECRET}@host.example/"),
        format!("https://host.example/?key={SECRET}"),
        format!("https://host.example/#{SECRET}"),
        format!("//user:{SECRET}@host"),
    ] {
        let error = ncloud_core::Endpoint::new(&url).expect_err("no usable URL");
        assert_no_trace(&said(&error), SECRET);
    }
}

#[test]
fn an_error_of_a_call_shows_nothing_of_the_key_that_signed_it() {
    let session = session();
    let expired = credentials().with_expiry(now());
    let expired = Session::new(&expired, Site::Public).unwrap();
    let before = std::time::SystemTime::UNIX_EPOCH - Duration::from_secs(1);
    let mut errors = vec![
        expired.request(&List::new(), now()).unwrap_err(),
        expired.raw(&Raw::new(Method::GET, "/a"), now()).unwrap_err(),
        session.request(&List::new(), before).unwrap_err(),
        session.request(&List::new().page_no(1), now()).unwrap_err(),
        session.clone().with_region("K R").unwrap_err(),
        session.clone().with_user_agent("a\nb").unwrap_err(),
    ];
    for (status, body) in [
        (
            401,
            "{\"error\":{\"errorCode\":\"200\",\"message\":\"Authentication Failed\"}}",
        ),
        (400, "{\"responseError\":{\"returnCode\":\"7\"}}"),
        (200, "{\"totalRows\":\"x\"}"),
        (302, ""),
        (502, "<html>"),
    ] {
        errors.push(session.parse::<List>(answer(status, "", body)).unwrap_err());
    }
    assert_eq!(errors.len(), 11);
    for error in &errors {
        let text = said(error);
        assert_no_trace(&text, SECRET);
        assert!(!text.contains(ACCESS), "{text}");
    }
}

/// An operation whose answer holds a password.
#[derive(Debug, Default)]
struct GetRootPassword {}

#[derive(Debug, Default)]
struct RootPassword {
    total_rows: Option<i32>,
    password: Option<String>,
    old_passwords: Vec<RootPassword>,
}

shape! { GetRootPassword {} }
shape! {
    RootPassword {
        "totalRows" => total_rows,
        "rootPassword" => password,
        "rootPasswordList" => old_passwords,
    }
}

impl Operation for GetRootPassword {
    type Output = RootPassword;
    const INFO: Info = Info::read(Service::new("vserver", "/vserver/v2"), "getRootPassword").secret();

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn an_operation_with_a_secret_goes_as_post() {
    for verb in [Verb::Get, Verb::Post] {
        let request = session()
            .with_verb(verb)
            .request(&GetRootPassword {}, now())
            .unwrap();
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.uri().query(), None);
    }
}

/// Answers that hold the password and cannot be read.
fn unreadable_answers() -> Vec<String> {
    let xml = PASSWORD.replace('&', "&amp;");
    let in_json = |inner: &str| {
        let inner = inner.replace('$', PASSWORD);
        format!("{{\"getRootPasswordResponse\":{inner}}}")
    };
    let in_xml = |inner: &str| {
        let inner = inner.replace('$', &xml);
        format!("<getRootPasswordResponse>{inner}</getRootPasswordResponse>")
    };
    vec![
        in_json("{\"totalRows\":\"$\"}"),
        in_json("{\"rootPassword\":[\"$\"]}"),
        in_json("{\"rootPasswordList\":\"$\"}"),
        in_json("{\"rootPasswordList\":[\"$\"]}"),
        in_json("\"$\""),
        in_json("{\"rootPassword\":\"$"),
        in_json("{\"rootPassword\":\"$\",\"returnCode\":\"7\"}"),
        format!("{{\"{PASSWORD}\":1}}"),
        PASSWORD.to_owned(),
        in_xml("$"),
        in_xml("<totalRows>$</totalRows>"),
        in_xml("<rootPasswordList>$</rootPasswordList>"),
        in_xml("<rootPasswordList><![CDATA[$]]></rootPasswordList>"),
        in_xml("<rootPassword>$"),
        in_xml("<rootPassword>$</rootPasswor>"),
        in_xml("<rootPassword>correct &batterystaple;</rootPassword>"),
    ]
}

#[test]
fn an_error_about_an_answer_with_a_secret_shows_nothing_of_it() {
    let errors: Vec<(String, Error)> = unreadable_answers()
        .into_iter()
        .map(|body| {
            let reply = session().parse::<GetRootPassword>(answer(200, "", body.clone()));
            (body, reply.expect_err("no readable answer"))
        })
        .collect();
    let traces: Vec<String> = errors
        .iter()
        .filter(|(_, error)| {
            let text = said(error);
            trace(&text, PASSWORD).is_some() || text.contains("batterystaple")
        })
        .map(|(body, error)| format!("{body}\n    -> {error}"))
        .collect();
    assert!(traces.is_empty(), "shown:\n{}", traces.join("\n"));
    assert!(errors.iter().all(|(_, error)| error.body().is_none()));
}
