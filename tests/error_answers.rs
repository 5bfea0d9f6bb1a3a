//! Refusals: whatever the status and format, an error of the gateway or a service is an error with its code and words.

use http::{Response, StatusCode};
use ncloud_core::{Error, ErrorKind};

use crate::support::{List, answer, entries, parse, read_golden, refusal, session};

const OPERATION: &str = "getMemberServerImageInstanceList";

/// What an error says, for comparing.
#[derive(Debug, PartialEq)]
struct Said {
    kind: ErrorKind,
    status: u16,
    code: Option<String>,
    message: Option<String>,
    details: Option<String>,
}

fn said(error: &Error) -> Said {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Said {
        kind: error.kind(),
        status: error.status().expect("an answer came").as_u16(),
        code: owned(error.code()),
        message: owned(error.message()),
        details: owned(error.details()),
    }
}

fn expected(kind: ErrorKind, status: u16, code: &str, message: &str, details: &str) -> Said {
    let full = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Said {
        kind,
        status,
        code: full(code),
        message: full(message),
        details: full(details),
    }
}

fn assert_one_line(error: &Error) {
    let line = error.to_string();
    assert!(line.starts_with(OPERATION), "{line}");
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(!line.contains("  ") && line.trim() == line, "{line:?}");
}

/// Checks one body under every status that it could come with.
fn check(body: &[u8], kind: ErrorKind, code: &str, message: &str, details: &str) {
    for status in [200, 201, 400, 401, 403, 429, 500, 503] {
        for content_type in [
            "application/json",
            "text/html",
            "application/xml;charset=UTF-8",
            "",
        ] {
            let error = refusal(status, content_type, body.to_vec());
            assert_eq!(
                said(&error),
                expected(kind, status, code, message, details),
                "{error:?}"
            );
            assert_eq!(error.operation(), Some(OPERATION));
            assert_eq!(error.body(), Some(body));
            assert!(error.may_have_been_sent());
            assert_one_line(&error);
            let line = error.to_string();
            assert!(line.contains(code) && line.contains(message.trim()), "{line}");
            assert!(line.contains(&status.to_string()), "{line}");
        }
    }
}

#[test]
fn every_collected_sample_of_an_error_is_understood_in_json_and_xml() {
    const GATEWAY: ErrorKind = ErrorKind::Gateway;
    const SERVICE: ErrorKind = ErrorKind::Service;
    for name in entries("wire/errors", 14) {
        let (case, _) = name.rsplit_once('.').unwrap();
        let (kind, code, message, details) = match case {
            "gateway-auth-invalid" => (
                GATEWAY,
                "200",
                "Authentication Failed",
                "Invalid authentication information.",
            ),
            "gateway-auth-missing" => (
                GATEWAY,
                "200",
                "Authentication Failed",
                "Authentication information are missing.",
            ),
            "gateway-endpoint" => (GATEWAY, "500", "Endpoint Error", ""),
            "service-1015009" => (SERVICE, "1015009", "You can no longer create a product.", ""),
            "service-1017013" => (
                SERVICE,
                "1017013",
                "Route Table is setting. Please try again in a moment.",
                "",
            ),
            "service-10712" => (
                SERVICE,
                "10712",
                "Not found product. Please check your input product.  ",
                "",
            ),
            "service-1401" => (SERVICE, "1401", "Not found server product.", ""),
            _ => panic!("an unknown case: {name}"),
        };
        check(
            &read_golden(&format!("wire/errors/{name}")),
            kind,
            code,
            message,
            details,
        );
    }
}

#[test]
fn a_gateways_code_may_be_a_number_and_what_else_it_says_may_be_missing() {
    for [body, code, message, details] in [
        [
            "{\"error\":{\"errorCode\":210,\"message\":\"Permission Denied\"}}",
            "210",
            "Permission Denied",
            "",
        ],
        [
            "{\"error\":{\"errorCode\":\"210\",\"message\":null,\"details\":null}}",
            "210",
            "",
            "",
        ],
        ["{\"error\":{\"errorCode\":410}}", "410", "", ""],
        ["{\"error\":{\"message\":\"Limited\"}}", "", "Limited", ""],
        [
            "{\"error\":{\"errorCode\":\"300\",\"new\":[{}],\"details\":\"d\"},\"more\":{\"a\":1}}",
            "300",
            "",
            "d",
        ],
        [
            "<error><errorCode>420</errorCode><message/></error>",
            "420",
            "",
            "",
        ],
    ] {
        check(body.as_bytes(), ErrorKind::Gateway, code, message, details);
    }
}

#[test]
fn a_services_code_may_be_a_number_and_go_by_another_name() {
    for [body, code, message] in [
        ["{\"responseError\":{\"returnCode\":1401}}", "1401", ""],
        [
            "{\"responseError\":{\"returnMessage\":\"no code\"}}",
            "",
            "no code",
        ],
        [
            "{\"responseError\":{\"responseCode\":\"3000100\",\"responseMessage\":\"external\"}}",
            "3000100",
            "external",
        ],
        [
            "<responseError><returnCode>800</returnCode></responseError>",
            "800",
            "",
        ],
    ] {
        check(body.as_bytes(), ErrorKind::Service, code, message, "");
    }
}

#[test]
fn a_gateway_error_in_xml_is_found_below_any_root_and_without_a_wrapper() {
    for body in [
        "<OpenApiError><errorCode>200</errorCode><message>Failed</message><details>why</details></OpenApiError>",
        "<errorResponse><errorCode>200</errorCode><message>Failed</message><details>why</details></errorResponse>",
        "<Response><error><errorCode>200</errorCode><message>Failed</message><details>why</details></error></Response>",
        "<root><error><errorCode>200</errorCode><message>Failed</message><details>why</details></error></root>",
        "{\"errorCode\":\"200\",\"message\":\"Failed\",\"details\":\"why\"}",
    ] {
        check(body.as_bytes(), ErrorKind::Gateway, "200", "Failed", "why");
    }
}

#[test]
fn a_return_code_other_than_zero_is_an_error_in_an_answer_that_looks_well() {
    for body in [
        "{\"getMemberServerImageInstanceListResponse\":{\"returnCode\":\"23006\",\"returnMessage\":\"busy\"}}",
        "{\"getMemberServerImageInstanceListResponse\":{\"totalRows\":0,\"memberServerImageInstanceList\":[],\
         \"returnCode\":23006,\"returnMessage\":\"busy\"}}",
        "{\"returnCode\":\"23006\",\"returnMessage\":\"busy\"}",
        "<getMemberServerImageInstanceListResponse><returnCode>23006</returnCode>\
         <returnMessage>busy</returnMessage></getMemberServerImageInstanceListResponse>",
    ] {
        check(body.as_bytes(), ErrorKind::Service, "23006", "busy", "");
    }
}

#[test]
fn an_error_counts_even_behind_members_that_look_like_success_or_cannot_be_read() {
    for body in [
        "{\"getMemberServerImageInstanceListResponse\":{\"totalRows\":1,\"returnCode\":\"0\"},\
          \"responseError\":{\"returnCode\":\"7\",\"returnMessage\":\"no\"}}",
        "{\"getMemberServerImageInstanceListResponse\":{\"returnCode\":\"7\",\"returnMessage\":\"no\",\"totalRows\":\"many\"}}",
    ] {
        let error = refusal(200, "application/json", body);
        assert_eq!(
            said(&error),
            expected(ErrorKind::Service, 200, "7", "no", ""),
            "{error:?}"
        );
    }
}

#[test]
fn predicates_follow_the_gateways_codes_and_not_the_services() {
    let gateway = |code: u16, status: u16| {
        let body = format!("{{\"error\":{{\"errorCode\":\"{code}\"}}}}");
        refusal(status, "application/json", body)
    };
    let predicates = |error: &Error| {
        (
            error.is_authentication_failed(),
            error.is_permission_denied(),
            error.is_throttled(),
        )
    };
    assert_eq!(predicates(&gateway(200, 401)), (true, false, false));
    assert_eq!(predicates(&gateway(210, 401)), (false, true, false));
    assert_eq!(predicates(&gateway(230, 403)), (false, true, false));
    for code in [400, 410, 420] {
        assert_eq!(predicates(&gateway(code, 429)), (false, false, true));
    }
    for code in [100, 300, 430, 500, 510, 900] {
        assert_eq!(predicates(&gateway(code, 500)), (false, false, false));
    }
    for code in [200, 210, 400] {
        let body = format!("{{\"responseError\":{{\"returnCode\":\"{code}\"}}}}");
        assert_eq!(
            predicates(&refusal(400, "application/json", body)),
            (false, false, false)
        );
    }
    assert!(refusal(429, "", "").is_throttled());
    assert!(refusal(429, "text/html", "<html>slow down</html>").is_throttled());
}

#[test]
fn the_request_id_comes_from_the_body_else_from_the_headers() {
    let with = |header: &str, body: &'static str| {
        let mut response: Response<_> = answer(400, "application/json", body);
        if !header.is_empty() {
            response
                .headers_mut()
                .insert("x-ncp-trace-id", "trace-1".parse().unwrap());
            response.headers_mut().insert(
                http::HeaderName::from_bytes(header.as_bytes()).unwrap(),
                "header-1".parse().unwrap(),
            );
        }
        session().parse::<List>(response).unwrap_err()
    };
    let bare = "{\"responseError\":{\"returnCode\":\"7\"}}";
    assert_eq!(with("", bare).request_id(), None);
    assert_eq!(with("x-ncp-request-id", bare).request_id(), Some("header-1"));
    assert_eq!(with("X-NCP-Trace-Id", bare).request_id(), Some("header-1"));
    assert_eq!(with("x-other", bare).request_id(), Some("trace-1"));
    assert_eq!(with("x-other", "not a document").request_id(), Some("trace-1"));
    for body in [
        "{\"responseError\":{\"returnCode\":\"7\",\"requestId\":\"body-1\"}}",
        "{\"error\":{\"errorCode\":\"7\",\"requestId\":\"body-1\"}}",
        "{\"getMemberServerImageInstanceListResponse\":{\"requestId\":\"body-1\",\"returnCode\":\"7\"}}",
        "<responseError><requestId>body-1</requestId><returnCode>7</returnCode></responseError>",
    ] {
        let error = with("x-ncp-request-id", body);
        assert_eq!(error.request_id(), Some("body-1"), "{body}");
        assert!(error.to_string().contains("body-1"), "{error}");
    }
    let empty = "{\"responseError\":{\"returnCode\":\"7\",\"requestId\":\"\"}}";
    assert_eq!(with("x-ncp-request-id", empty).request_id(), Some("header-1"));
}

#[test]
fn a_status_of_failure_without_an_error_in_the_body_is_a_decode_error() {
    for status in [400, 401, 404, 429, 500, 502, 503, 504, 304] {
        let error = refusal(status, "application/json", "{\"totalRows\":0}".to_owned() + " x");
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.status(), Some(StatusCode::from_u16(status).unwrap()));
    }
    for status in [400, 503] {
        let error = refusal(status, "application/json", "{\"totalRows\":0}");
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_one_line(&error);
    }
}

#[test]
fn a_redirect_is_an_error_that_says_why_it_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        for body in ["", "{}", "{\"totalRows\":1}", "<html>moved</html>"] {
            let mut response = answer(status, "", body);
            response
                .headers_mut()
                .insert("location", "https://elsewhere.example/".parse().unwrap());
            let error = session().parse::<List>(response).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert!(error.to_string().contains("redirect"), "{body:?}: {error}");
            assert_one_line(&error);
        }
    }
}

#[test]
fn foreign_words_cannot_break_the_line_or_flood_it() {
    let message = format!("a\\nb\\r\\u0000\\u001b[31m\\u0085{}", "x".repeat(100_000));
    let body = format!(
        "{{\"error\":{{\"errorCode\":\"2\\n00\",\"message\":\"{message}\",\"details\":\"{message}\"}}}}"
    );
    let error = refusal(401, "application/json", body);
    let line = error.to_string();
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(line.len() < 2_000, "{} bytes", line.len());
    assert!(
        error.message().unwrap().len() > 100_000,
        "the accessor has all of it"
    );
}

#[test]
fn an_error_that_is_null_or_empty_is_none() {
    for extra in ["\"error\":null,", "\"error\":{},\"responseError\":{},", ""] {
        let body = format!("{{{extra}\"getMemberServerImageInstanceListResponse\":{{\"totalRows\":0}}}}");
        let reply = parse(200, "application/json", body).unwrap();
        assert_eq!(reply.value.total_rows, Some(0));
    }
}
