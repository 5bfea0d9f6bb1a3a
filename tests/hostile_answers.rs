//! Answers that no gateway should give: pages of proxies, broken and cut documents, binary, bombs. Each is a typed error with
//! one line to show and a bounded copy of the body, never a panic.

use std::fmt::Write as _;

use bytes::Bytes;
use ncloud_core::codec::form::Form;
use ncloud_core::codec::{json, xml};
use ncloud_core::{BODY_COPY_LIMIT, Error, ErrorKind, Raw};

use crate::shapes::{Branch, Tree};
use crate::support::{answer, now, parse, read_golden, refusal, session};

const DEPTH: usize = 100_000;
const WRAPPER: &str = "getMemberServerImageInstanceListResponse";

fn assert_decode_error(error: &Error, status: u16, body: &[u8]) {
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:?}");
    assert_eq!(error.status().unwrap().as_u16(), status);
    assert_eq!(error.code(), None);
    assert!(error.may_have_been_sent());
    let copy = error.body().expect("a copy of the body");
    assert_eq!(
        copy,
        &body[..body.len().min(BODY_COPY_LIMIT)],
        "the beginning of the body"
    );
    let line = error.to_string();
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(line.len() < 2_000, "{} bytes", line.len());
}

fn check(status: u16, content_type: &str, body: impl Into<Bytes>) -> Error {
    let body = body.into();
    let error = refusal(status, content_type, body.clone());
    assert_decode_error(&error, status, &body);
    error
}

#[test]
fn an_html_page_is_named_as_such() {
    for page in [
        "<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>",
        "<!DOCTYPE html>\n<html lang=en><p>unclosed<br>&nbsp;</html>",
        "\n<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\r\n<HTML></HTML>",
        "\u{feff}<HTML><BODY>Login</BODY></HTML>",
    ] {
        for status in [200, 502] {
            for content_type in ["text/html", "application/json", ""] {
                let error = check(status, content_type, page);
                assert!(error.to_string().contains("HTML"), "{error}");
            }
        }
    }
}

#[test]
fn an_empty_body_and_white_space_are_no_answer() {
    for status in [200, 401, 502] {
        for body in ["", " ", "\r\n\t \n", "\u{feff}", "\u{feff}\n"] {
            let error = check(status, "application/json", body);
            assert!(error.to_string().contains("empty"), "{error}");
        }
    }
}

#[test]
fn a_document_cut_at_any_byte_is_an_error() {
    for name in ["documented.json", "compact.json", "documented.xml", "compact.xml"] {
        let whole = read_golden(&format!("wire/responses/documented/{name}"));
        let end = whole.trim_ascii_end().len();
        for length in 0..end {
            check(200, "", whole[..length].to_vec());
        }
    }
    for body in ["{\"error\":{\"errorCode", "<error><mess", "{\"responseError\":{"] {
        check(400, "", body);
    }
}

#[test]
fn a_document_that_goes_on_after_its_end_is_an_error() {
    for name in ["documented.json", "documented.xml"] {
        let whole = read_golden(&format!("wire/responses/documented/{name}"));
        for more in [&b"x"[..], b"{}", b"<a/>", b"</a>", b"]", b"\0"] {
            check(200, "", [&whole, more].concat());
        }
    }
}

#[test]
fn the_content_decides_and_not_the_content_type() {
    for content_type in [
        "text/html",
        "application/xml",
        "application/json",
        "text/plain",
        "image/png",
        "",
    ] {
        for name in ["documented.json", "documented.xml"] {
            let body = read_golden(&format!("wire/responses/documented/{name}"));
            let reply = parse(200, content_type, body).unwrap();
            assert_eq!(reply.value.member_server_image_instance_list.len(), 1);
        }
    }
}

#[test]
fn binary_and_text_that_is_no_document_is_an_error_that_names_the_content_type() {
    let binary = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe".to_vec();
    for status in [200, 500] {
        let error = check(status, "image/png", binary.clone());
        assert!(error.to_string().contains("image/png"), "{error}");
        for body in [
            "OK",
            "null",
            "true",
            "17",
            "\"text\"",
            "[]",
            "[{\"totalRows\":1}]",
            "error: 200",
            "%PDF-1.7",
            "&lt;a/>",
            "\u{0}",
            "{",
            "<",
            "{]",
            "<>",
            "</a>",
            "<a",
            "<a></b>",
            "<!---->",
            "<?xml?>",
            "<a>&nbsp;</a>",
        ] {
            check(status, "text/plain", body);
        }
    }
}

#[test]
fn text_that_is_not_utf8_is_an_error_wherever_it_stands() {
    for (before, after) in [
        ("{\"totalRows\":1,\"new\":\"", "\"}"),
        ("{\"totalRows\":1,\"", "\":1}"),
        ("{\"totalRows\":1}", ""),
        ("<a><totalRows>1</totalRows><new>", "</new></a>"),
        ("<a><totalRows>1</totalRows><new x='", "'/></a>"),
        ("<a><totalRows>1</totalRows><!-- ", " --></a>"),
        ("<a><totalRows>1", "</totalRows></a>"),
        ("<a><totalRows>1</totalRows><", "/></a>"),
    ] {
        for bytes in [
            &b"\xff"[..],
            b"\xc0\x80",
            b"\xed\xa0\x80",
            b"\xea\xb0",
            b"\xb0\xa1",
        ] {
            let body = [before.as_bytes(), bytes, after.as_bytes()].concat();
            check(200, "application/json;charset=EUC-KR", body);
        }
    }
    check(401, "", b"\xff\xfe{\0}\0".to_vec());
}

/// Runs on a stack so small that recursion by the document's nesting would end the process.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(work);
    thread.unwrap().join().unwrap();
}

fn nested(open: &str, close: &str) -> String {
    format!("{}{}", open.repeat(DEPTH), close.repeat(DEPTH))
}

/// Objects in objects, a number in the innermost one.
fn nested_objects() -> String {
    format!("{}1{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH))
}

#[test]
fn deeply_nested_json_is_an_error_where_it_matters_and_skipped_where_not() {
    on_a_small_stack(|| {
        for value in [nested("[", "]"), nested_objects(), "[".repeat(DEPTH)] {
            for known in [
                "totalRows",
                "memberServerImageInstanceList",
                "requestId",
                "returnCode",
            ] {
                check(200, "", format!("{{\"{WRAPPER}\":{{\"{known}\":{value}}}}}"));
            }
            for known in ["error", "responseError"] {
                let error = refusal(200, "", format!("{{\"{known}\":{value}}}"));
                assert_eq!((error.code(), error.status().unwrap().as_u16()), (None, 200));
                assert_eq!(error.body().unwrap().len(), BODY_COPY_LIMIT);
                assert!(error.to_string().len() < 2_000, "{error}");
            }
            check(200, "application/json", value);
        }
        for value in [nested("[", "]"), nested_objects()] {
            let body = format!("{{\"{WRAPPER}\":{{\"new\":{value},\"totalRows\":1}},\"new\":{value}}}");
            assert_eq!(parse(200, "", body).unwrap().value.total_rows, Some(1));
        }
        check(
            200,
            "",
            format!("{{\"totalRows\":1,\"new\":{}", "[".repeat(DEPTH)),
        );
    });
}

#[test]
fn deeply_nested_xml_is_an_error_where_it_matters_and_skipped_where_not() {
    on_a_small_stack(|| {
        let deep = nested("<a>", "</a>");
        for known in ["totalRows", "requestId", "returnCode"] {
            check(
                200,
                "",
                format!("<{WRAPPER}><{known}>{deep}</{known}></{WRAPPER}>"),
            );
        }
        for known in [WRAPPER, "new"] {
            let body = format!("<{WRAPPER}><totalRows>1</totalRows><{known}>{deep}</{known}></{WRAPPER}>");
            let value = parse(200, "", body).unwrap().value;
            assert_eq!(value.total_rows, Some(1), "{known}");
        }
        for known in ["error", "responseError"] {
            let error = refusal(200, "", format!("<{known}>{deep}</{known}>"));
            assert_eq!((error.code(), error.status().unwrap().as_u16()), (None, 200));
            assert_eq!(error.body().unwrap().len(), BODY_COPY_LIMIT);
        }
        let start = format!("<{WRAPPER}><totalRows>1</totalRows><new>");
        check(200, "", start + &"<a>".repeat(DEPTH));
        check(200, "application/xml", "<a>".repeat(DEPTH));
        check(200, "application/xml", deep);
    });
}

#[test]
fn known_names_nested_deeply_cost_no_stack_either() {
    on_a_small_stack(|| {
        let lists = nested(
            "<memberServerImageInstanceList>",
            "</memberServerImageInstanceList>",
        );
        let value = parse(200, "", format!("<{WRAPPER}>{lists}</{WRAPPER}>"))
            .unwrap()
            .value;
        assert_eq!(value.member_server_image_instance_list.len(), 1);
        let wrappers = nested(&format!("<{WRAPPER}>"), &format!("</{WRAPPER}>"));
        assert_eq!(parse(200, "", wrappers).unwrap().value.total_rows, None);
        let errors = nested("<error>", "</error>");
        assert_eq!(refusal(200, "", errors).kind(), ErrorKind::Gateway);
    });
}

#[test]
fn the_codecs_alone_stand_deep_nesting_too() {
    on_a_small_stack(|| {
        let mut tree = Tree::default();
        let objects = nested("{\"branch\":", "}");
        assert!(json::read(objects.as_bytes(), &mut tree).is_err());
        let lists = format!("{{\"branch\":{}}}", nested("[", "]"));
        assert!(json::read(lists.as_bytes(), &mut tree).is_err());
        xml::read(nested("<branch>", "</branch>").as_bytes(), &mut tree).unwrap();
        assert_eq!(tree.branch, Some(Branch::default()));
        xml::read(nested("<branchList>", "</branchList>").as_bytes(), &mut tree).unwrap();
        assert_eq!(tree.branches, [Branch::default()]);
        let name = vec!["branch"; DEPTH].join(".");
        assert!(Form::parse(name.as_bytes()).is_err());
    });
}

/// Nine entities, each ten times the one before.
fn laughs() -> String {
    let mut levels = String::new();
    for level in 1..10 {
        let inner = format!("&e{};", level - 1).repeat(10);
        write!(levels, "<!ENTITY e{level} \"{inner}\">").unwrap();
    }
    format!("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 \"ha\">{levels}]>")
}

#[test]
fn entities_are_refused_before_they_can_grow_or_reach_out() {
    let with = |declaration: &str, entity: &str| {
        let members = format!("<totalRows>1</totalRows><requestId>&{entity};</requestId>");
        check(
            200,
            "application/xml",
            format!("{declaration}<{WRAPPER}>{members}</{WRAPPER}>"),
        )
    };
    for (declaration, entity) in [
        (laughs().as_str(), "e9"),
        ("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">", "x"),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "x"),
        (
            "<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;]>",
            "p",
        ),
        ("<!DOCTYPE a>", "amp"),
    ] {
        let error = with(declaration, entity);
        assert!(error.to_string().contains("document type"), "{error}");
    }
    for entity in ["x", "nbsp", "#0", "#xD800", "#x110000", "#", ""] {
        with("", entity);
    }
}

#[test]
fn a_huge_number_is_an_error_where_it_matters_and_skipped_where_not() {
    let digits = "9".repeat(100_000);
    for number in [
        digits.as_str(),
        "1e999999",
        "-1e999999",
        "18446744073709551616",
        "0.5",
    ] {
        check(
            200,
            "",
            format!("{{\"{WRAPPER}\":{{\"totalRows\":{number},\"returnCode\":\"0\"}}}}"),
        );
        check(
            200,
            "",
            format!("<{WRAPPER}><totalRows>{number}</totalRows></{WRAPPER}>"),
        );
        let body = format!("{{\"{WRAPPER}\":{{\"new\":{number},\"totalRows\":1}}}}");
        assert_eq!(parse(200, "", body).unwrap().value.total_rows, Some(1));
    }
}

#[test]
fn a_large_body_is_kept_in_part_only() {
    let body = format!("{{\"{WRAPPER}\":{{\"totalRows\":\"{}", "x".repeat(1_000_000));
    let error = check(200, "application/json", body);
    assert_eq!(error.body().unwrap().len(), BODY_COPY_LIMIT);
    let body = format!(
        "{{\"responseError\":{{\"returnCode\":\"{}\"}}}}",
        "7".repeat(1_000_000)
    );
    let error = refusal(500, "", body);
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.body().unwrap().len(), BODY_COPY_LIMIT);
    assert!(error.to_string().len() < 2_000);
}

#[test]
fn a_raw_call_takes_any_body_with_success_and_finds_a_refusal_in_any_status() {
    let raw = |status: u16, body: &'static str| session().parse_raw(answer(status, "", body));
    for body in ["", "OK", "[1]", "{\"a\":1}", "<a>", "\u{0}", "<html>page</html>"] {
        assert_eq!(raw(200, body).unwrap().value, body);
        let error = raw(500, body).unwrap_err();
        assert_decode_error(&error, 500, body.as_bytes());
    }
    assert_eq!(raw(204, "").unwrap().head.status(), 204);
    let error = raw(200, "{\"error\":{\"errorCode\":\"210\"}}").unwrap_err();
    assert!(error.is_permission_denied());
    let error = raw(200, "<responseError><returnCode>7</returnCode></responseError>").unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Service, Some("7")));
    let error = raw(200, "{\"aResponse\":{\"returnCode\":\"7\",\"requestId\":\"id\"}}").unwrap_err();
    assert_eq!((error.code(), error.request_id()), (Some("7"), Some("id")));
    let reply = raw(200, "{\"aResponse\":{\"returnCode\":\"0\",\"requestId\":\"id\"}}").unwrap();
    assert_eq!(
        (reply.head.return_code(), reply.request_id()),
        (Some("0"), Some("id"))
    );
}

#[test]
fn a_raw_answer_of_a_product_that_says_success_by_a_code_of_its_own_is_success() {
    let call = Raw::new(http::Method::GET, "/api/v2/cluster/getClusterInfoList");
    assert!(session().raw(&call, now()).is_ok());
    for body in [
        "{\"code\":0,\"message\":\"SUCCESS\",\"requestId\":\"id\",\"result\":{\"allowedClusters\":[]}}",
        "{\"code\":\"SUCCESS\",\"message\":\"\",\"content\":{\"totalElements\":1}}",
        "{\"message\":\"created\",\"details\":\"none\"}",
    ] {
        let reply = session().parse_raw(answer(200, "application/json", body));
        assert_eq!(
            reply.unwrap_or_else(|error| panic!("{error}: {body}")).value,
            body
        );
    }
}
