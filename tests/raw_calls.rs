//! Raw calls: sent as given and signed as sent; what cannot be sent is refused by name.

use bytes::Bytes;
use http::{Method, Request};
use ncloud_core::{Endpoint, ErrorKind, Raw, Session};

use crate::support::{assert_signed, credentials, now, session, target};

fn build(raw: &Raw) -> Request<Bytes> {
    let session = session();
    let request = session.raw(raw, now()).unwrap();
    assert_signed(&session, &request);
    request
}

#[test]
fn a_query_is_encoded_and_signed_as_it_is_sent() {
    let raw = Raw::new(Method::GET, "/vserver/v2/getRegionList")
        .query("regionCode", "")
        .query("서버", "a b+c&d=e%~/?#")
        .query("x.1", "1")
        .query("x.1", "2");
    let request = build(&raw);
    assert_eq!(
        target(&request),
        "/vserver/v2/getRegionList?regionCode=&%EC%84%9C%EB%B2%84=a%20b%2Bc%26d%3De%25~%2F%3F%23&x.1=1&x.1=2"
    );
    assert!(request.body().is_empty());
    assert!(!request.headers().contains_key("content-type"));
}

#[test]
fn a_path_with_a_query_of_its_own_is_sent_and_signed_as_given() {
    for path in [
        "/photos/puppy.jpg?query1=&query2",
        "/a?b=%2f%2F&c=d+e&&=&?",
        "/a%20b/~c/(d);e=f,g?h",
        "//double//slashes/",
        "/",
        "/?",
        "/a?",
        "/a/../b/./c",
        "/%EC%84%9C%EB%B2%84",
    ] {
        let request = build(&Raw::new(Method::GET, path));
        assert_eq!(target(&request), path);
    }
    let both = Raw::new(Method::GET, "/a?b=%2f").query("c", "d e");
    assert_eq!(target(&build(&both)), "/a?b=%2f&c=d%20e");
}

#[test]
fn a_form_goes_into_the_body_beside_a_query() {
    let raw = Raw::new(Method::POST, "/vserver/v2/createLoginKey")
        .query("regionCode", "KR")
        .form("keyName", "한 글+&=")
        .form("list.1", "a");
    let request = build(&raw);
    assert_eq!(target(&request), "/vserver/v2/createLoginKey?regionCode=KR");
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(request.body(), "keyName=%ED%95%9C%20%EA%B8%80%2B%26%3D&list.1=a");
}

#[test]
fn a_body_and_headers_go_as_given() {
    let json = "{\"name\":\"클러스터\"}";
    let raw = Raw::new(Method::PUT, "/vnks/v2/clusters/a")
        .body("application/json; charset=utf-8", json)
        .header("x-ncp-region_code", "KR")
        .header("X-NCP-Lang", "ko-KR");
    let request = build(&raw);
    assert_eq!(request.method(), Method::PUT);
    assert_eq!(request.body(), json);
    let expected = [
        ("content-type", "application/json; charset=utf-8"),
        ("x-ncp-region_code", "KR"),
        ("x-ncp-lang", "ko-KR"),
    ];
    for (name, value) in expected {
        assert_eq!(request.headers()[name], value);
    }
    let binary = Raw::new(Method::POST, "/a").body("application/octet-stream", vec![0_u8, 255]);
    assert_eq!(build(&binary).body().as_ref(), [0, 255]);
}

#[test]
fn every_method_is_signed_under_its_own_name() {
    for method in [
        "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "SEARCH",
    ] {
        let method: Method = method.parse().unwrap();
        let request = build(&Raw::new(method.clone(), "/a").query("b", "c"));
        assert_eq!(request.method(), method);
    }
}

#[test]
fn headers_of_the_signature_cannot_be_replaced() {
    let raw = Raw::new(Method::GET, "/a")
        .header("x-ncp-iam-access-key", "mine")
        .header("X-NCP-APIGW-Timestamp", "1")
        .header("x-ncp-apigw-signature-v2", "mine");
    let request = build(&raw);
    assert_eq!(request.headers().len(), 4);
    let plain = build(&Raw::new(Method::GET, "/a"));
    assert_eq!(request.headers(), plain.headers());
}

#[test]
fn a_raw_call_goes_below_the_base_path_of_its_endpoint() {
    let endpoint = Endpoint::new("http://127.0.0.1:8080/proxy").unwrap();
    let session = Session::new(&credentials(), endpoint).unwrap();
    let request = session.raw(&Raw::new(Method::GET, "/a?b"), now()).unwrap();
    assert_eq!(request.uri().to_string(), "http://127.0.0.1:8080/proxy/a?b");
    assert_signed(&session, &request);
}

#[test]
fn a_region_or_format_of_the_session_is_not_added_to_a_raw_call() {
    let session = session().with_region("KR").unwrap();
    let request = session
        .raw(&Raw::new(Method::GET, "/vserver/v2/getRegionList"), now())
        .unwrap();
    assert_eq!(target(&request), "/vserver/v2/getRegionList");
}

fn assert_refused(raw: &Raw, field: &str) {
    let error = session().raw(raw, now()).expect_err("a call that cannot be sent");
    assert_eq!(error.kind(), ErrorKind::Build, "{error:?}");
    assert_eq!(error.field(), Some(field), "{error}");
    assert!(!error.may_have_been_sent());
    assert!(!error.to_string().chars().any(char::is_control), "{error}");
}

#[test]
fn a_path_that_cannot_stand_in_a_request_is_refused() {
    for path in [
        "",
        "a",
        "?a=b",
        "https://elsewhere.example/a",
        "/a#b",
        "/a b",
        "/a?b c",
        "/a\nb",
        "/a\r\nHost: elsewhere.example",
        "/a\tb",
        "/a\u{0}",
        "/a\u{7f}",
    ] {
        assert_refused(&Raw::new(Method::GET, path), "path");
    }
    assert_refused(&Raw::new(Method::GET, format!("/{}", "a".repeat(70_000))), "path");
}

#[test]
fn a_path_that_is_not_percent_encoded_is_refused() {
    for path in ["/서버", "/a?b=서버", "/a?b=é", "/\u{80}"] {
        assert_refused(&Raw::new(Method::GET, path), "path");
    }
}

#[test]
fn a_header_that_would_break_the_request_is_refused() {
    for name in ["", "a b", "a:", "a\n", "키"] {
        assert_refused(&Raw::new(Method::GET, "/a").header(name, "b"), "header name");
    }
    for value in ["a\nb", "a\r\nx: y", "\u{0}", "a\u{7f}"] {
        assert_refused(&Raw::new(Method::GET, "/a").header("x", value), "header value");
        assert_refused(&Raw::new(Method::POST, "/a").body(value, "b"), "header value");
    }
    let twice = Raw::new(Method::GET, "/a").header("", "b").header("x", "\n");
    assert_refused(&twice, "header name");
}

#[test]
fn a_body_that_does_not_go_with_the_call_is_refused() {
    for method in [Method::GET, Method::HEAD] {
        assert_refused(&Raw::new(method, "/a").form("b", "c"), "form");
    }
    let both = Raw::new(Method::POST, "/a")
        .form("b", "c")
        .body("text/plain", "d");
    assert_refused(&both, "body");
}

#[test]
fn headers_that_frame_the_request_are_refused_and_a_user_agent_is_kept() {
    for name in [
        "content-length",
        "Transfer-Encoding",
        "host",
        "connection",
        "expect",
    ] {
        let call = Raw::new(Method::POST, "/a").header(name, "5");
        let error = session().raw(&call, now()).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("header name")),
            "{name}"
        );
        assert_eq!(error.operation(), Some("/a"));
    }
    let call = Raw::new(Method::GET, "/a").header("User-Agent", "mine/1.0");
    assert_eq!(
        session().raw(&call, now()).unwrap().headers()["user-agent"],
        "mine/1.0"
    );
}
