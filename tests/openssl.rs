//! Signatures recomputed by `openssl` from the pieces of the request line, as somebody would do it in a shell.

use std::io::Write as _;
use std::process::{Command, Stdio};

use bytes::Bytes;
use http::{Method, Request};
use ncloud_core::{Raw, Session, Verb};

use crate::support::{ACCESS_KEY, List, SECRET_KEY, header, now, session};

/// Base64 of the HMAC, or nothing if there is no `openssl` to ask.
fn hmac_by_openssl(text: &str) -> Option<String> {
    let script = "openssl dgst -sha256 -hmac \"$TEST_SECRET\" -binary | openssl base64 -A";
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .env("TEST_SECRET", SECRET_KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    shell.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = shell.wait_with_output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).unwrap())
}

fn is_installed() -> bool {
    let version = Command::new("openssl")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let installed = version.is_ok_and(|status| status.success());
    if !installed {
        eprintln!("SKIPPED: `openssl` cannot be run here, so signatures were not recomputed by it");
    }
    installed
}

/// What an HTTP/1.1 client writes as its first line.
fn request_line(request: &Request<Bytes>) -> String {
    let uri = request.uri().to_string();
    let authority = request.uri().authority().unwrap().as_str();
    let (_, target) = uri.split_once(authority).unwrap();
    format!("{} {target} HTTP/1.1", request.method())
}

fn requests(session: &Session) -> Vec<Request<Bytes>> {
    let korean = List::new()
        .member_server_image_name("서버 이미지 +&=%~")
        .member_server_image_instance_no_list(["1", "둘"]);
    let raw = Raw::new(Method::DELETE, "/vnks/v2/clusters/a?force=&x=%2f").query("이름", "a b");
    let json = Raw::new(Method::PUT, "/vnks/v2/clusters").body("application/json", "{}");
    let post = session.clone().with_verb(Verb::Post);
    vec![
        session.request(&korean, now()).unwrap(),
        post.request(&korean, now()).unwrap(),
        session.raw(&raw, now()).unwrap(),
        session.raw(&json, now()).unwrap(),
    ]
}

#[test]
fn openssl_computes_the_same_signatures_from_the_request_line() {
    if !is_installed() {
        return;
    }
    let requests = requests(&session());
    assert!(
        requests[0]
            .uri()
            .query()
            .unwrap()
            .contains("%EC%84%9C%EB%B2%84%20")
    );
    for request in requests {
        let line = request_line(&request);
        let mut parts = line.split(' ');
        let (method, target) = (parts.next().unwrap(), parts.next().unwrap());
        assert_eq!((parts.next(), parts.next()), (Some("HTTP/1.1"), None), "{line}");
        let time = header(&request, "x-ncp-apigw-timestamp");
        let key = header(&request, "x-ncp-iam-access-key");
        assert_eq!(key, ACCESS_KEY);
        let computed = hmac_by_openssl(&format!("{method} {target}\n{time}\n{key}"));
        let computed = computed.expect("openssl computes an HMAC");
        assert_eq!(header(&request, "x-ncp-apigw-signature-v2"), computed, "{line}");
    }
}
