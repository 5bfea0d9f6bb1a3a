//! Answers of others, and members of others in good answers: the first are no success, the second spoil nothing.

use http::Response;
use ncloud_api::vserver::GetMemberServerImageInstanceList as List;
use ncloud_core::{Error, ErrorKind, Info, Operation, Service, codec, shape};

use crate::support::{now, parse, refusal, session};

const SUCCESS: &str =
    r#""returnCode":"0","totalRows":1,"memberServerImageInstanceList":[{"memberServerImageName":"a"}]"#;

#[test]
fn an_answer_of_somebody_else_is_no_success_with_nothing_in_it() {
    for body in [
        r#"{"errorResponse":{"message":"denied"}}"#,
        r#"{"faultResponse":{"fault":{"reason":"x"}}}"#,
        r#"{"Response":{"x":1}}"#,
        r#"{"getRegionListResponse":{"regionList":[{"regionCode":"KR"}]}}"#,
        "<errorResponse><message>denied</message></errorResponse>",
        "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>",
    ] {
        assert_eq!(refusal(200, "", body).kind(), ErrorKind::Decode, "{body}");
    }
}

#[test]
fn unknown_members_of_any_kind_do_not_spoil_a_good_answer() {
    for unknown in [
        r#""message":{"a":1}"#,
        r#""details":[1]"#,
        r#""code":{"a":1}"#,
        r#""errorCode":{"a":1}"#,
        r#""errorCode":"NONE""#,
        r#""error":[]"#,
        r#""error":false"#,
        r#""error":"none""#,
        r#""error":null"#,
        r#""error":{"a":1}"#,
        r#""responseError":[]"#,
        r#""responseError":{"a":null}"#,
        r#""lastResponse":"x""#,
    ] {
        let beside = format!(r#"{{"getMemberServerImageInstanceListResponse":{{{SUCCESS}}},{unknown}}}"#);
        let before = format!(r#"{{{unknown},"getMemberServerImageInstanceListResponse":{{{SUCCESS}}}}}"#);
        let inside = format!(r#"{{"getMemberServerImageInstanceListResponse":{{{unknown},{SUCCESS}}}}}"#);
        for body in [beside, before, inside] {
            let reply = parse(200, "application/json", body.clone());
            let reply = reply.unwrap_or_else(|error| panic!("{error}: {body}"));
            assert_eq!(reply.value.total_rows, Some(1), "{body}");
        }
    }
}

#[test]
fn a_failure_in_the_words_of_a_framework_is_understood() {
    let error = refusal(
        401,
        "",
        r#"{"status":401,"error":"Unauthorized","message":"No token"}"#,
    );
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Gateway, Some("No token"))
    );
    let error = refusal(
        500,
        "",
        r#"{"timestamp":1,"status":500,"error":"Internal Server Error"}"#,
    );
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Gateway, Some("Internal Server Error"))
    );
}

/// An operation whose own description contradicts itself.
#[derive(Debug, Default)]
struct Leak {
    password: Option<String>,
}

shape! { Leak { "password" => password } }

impl Operation for Leak {
    type Output = Leak;

    const INFO: Info = {
        let mut info = Info::read(Service::new("x", "/x/v2"), "leak");
        info.secret = true;
        info
    };

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_secret_is_never_in_a_uri_whatever_the_verb_says() {
    let leak = Leak {
        password: Some("hunter2".to_owned()),
    };
    let request = session().request(&leak, now()).unwrap();
    assert_eq!(
        (request.method(), request.uri().query()),
        (&http::Method::POST, None)
    );
}

/// A shape that contains itself.
#[derive(Debug, Default)]
struct Tree {
    name: Option<String>,
    child_list: Vec<Tree>,
}

shape! { Tree { "name" => name, "childList" => child_list } }

#[test]
fn a_shape_that_contains_itself_costs_no_more_stack_than_there_is() {
    for end in ["", "</child></childList>"] {
        let body = format!(
            "<tree>{}{}</tree>",
            "<childList><child>".repeat(100_000),
            end.repeat(100_000)
        );
        let error = codec::xml::read(body.as_bytes(), &mut Tree::default()).unwrap_err();
        assert!(error.problem().contains("128"), "{}", error.problem());
    }
    let body = format!("{}{}", r#"{"childList":["#.repeat(100_000), "]}".repeat(100_000));
    assert!(codec::json::read(body.as_bytes(), &mut Tree::default()).is_err());
    let shallow = format!(
        "<t>{}<name>n</name>{}</t>",
        "<childList><child>".repeat(50),
        "</child></childList>".repeat(50)
    );
    codec::xml::read(shallow.as_bytes(), &mut Tree::default()).unwrap();
}

#[test]
fn a_number_is_the_same_as_its_text() {
    for rows in ["1", "1.0", "1e0"] {
        for body in [
            format!(r#"{{"totalRows":{rows}}}"#),
            format!(r#"{{"totalRows":"{rows}"}}"#),
            format!(
                "<getMemberServerImageInstanceListResponse><totalRows>{rows}</totalRows></getMemberServerImageInstanceListResponse>"
            ),
        ] {
            let reply = session().parse::<List>(Response::new(body.as_bytes())).unwrap();
            assert_eq!(reply.value.total_rows, Some(1), "{body}");
        }
    }
}
