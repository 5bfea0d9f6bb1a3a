//! Round trips: every operation, filled, is encoded into the pairs that it should be, and every answer loses nothing in either
//! format.
//!
//! What is expected is worked out here, from the models as text, by code that shares nothing with what writes the crate.

// Tests fail by panicking, and read what they expect from files.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use http::{Method, Request, Response};
use ncloud_core::bytes::Bytes;
use ncloud_core::codec::json;
use ncloud_core::{Credentials, Operation, Session, Site, Verb};

#[macro_use]
#[path = "round_trips/every_operation.rs"]
mod every_operation;
#[path = "round_trips/models.rs"]
mod models;
#[path = "round_trips/tree.rs"]
mod tree;

use models::{Filler, Models};
use tree::Tree;

fn session(site: Site) -> Session {
    let credentials = Credentials::new(
        "ncp_ak_TESTACCESSKEY0001",
        "ncp_sk_TESTSECRETKEY0000000000000000000001",
    );
    Session::new(&credentials.unwrap(), site).unwrap()
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747)
}

/// The parameters of a request, from wherever they stand.
fn pairs(request: &Request<Bytes>) -> Vec<(String, String)> {
    let text = match *request.method() {
        Method::GET => request.uri().query().unwrap_or_default().to_owned(),
        _ => String::from_utf8(request.body().to_vec()).unwrap(),
    };
    text.split('&')
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (tree::percent_decoded(name), tree::percent_decoded(value))
        })
        .collect()
}

/// Fills an operation, sends it both ways if it may go both ways, and compares what goes out.
fn check_request<O>(models: &Models)
where
    O: Operation + Default + Clone + PartialEq + Debug,
{
    let (service, name) = (O::INFO.service.name, O::INFO.name);
    let filled = models.request(service, name, &mut Filler::default());
    let mut operation = O::default();
    json::read(filled.json().as_bytes(), &mut operation).unwrap_or_else(|error| panic!("{name}: {error}"));
    let before = operation.clone();
    let mut expected = filled.pairs();
    expected.push(("responseFormatType".to_owned(), "json".to_owned()));
    for verb in [Verb::Get, Verb::Post] {
        let request = session(models.site(service, name))
            .with_verb(verb)
            .request(&operation, now())
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(request.uri().path(), format!("/{service}/v2/{name}"));
        assert_eq!(pairs(&request), expected, "{service} {name}");
        if models.is_secret(service, name) || !models.is_read(service, name) {
            assert_eq!(request.method(), Method::POST, "{service} {name}");
        }
    }
    assert_eq!(operation, before, "{name} was changed by sending it");
    let empty = O::default();
    let required = models.required(service, name);
    assert_eq!(
        empty.check().is_err(),
        required.iter().any(|member| models::is_checked(member)),
        "{service} {name}: {required:?}"
    );
}

/// Makes an answer up, reads it in both formats, and writes it again.
fn check_answer<O>(models: &Models)
where
    O: Operation,
    O::Output: PartialEq + Debug,
{
    let (service, name) = (O::INFO.service.name, O::INFO.name);
    let answer = models.answer(service, name, &mut Filler::default());
    let head = [
        ("requestId", "r-1"),
        ("returnCode", "0"),
        ("returnMessage", "success"),
    ];
    let json_body = format!(r#"{{"{name}Response": {}}}"#, answer.with(&head).json());
    let xml_body = format!(
        "<?xml version=\"1.0\"?>{}",
        answer.with(&head).xml(&format!("{name}Response"))
    );
    let parse = |body: String| {
        session(Site::Public)
            .parse::<O>(Response::new(body))
            .unwrap_or_else(|error| panic!("{service} {error}"))
    };
    let from_json = parse(json_body);
    let from_xml = parse(xml_body);
    assert_eq!(from_json.request_id(), Some("r-1"));
    assert_eq!(from_json.value, from_xml.value, "{service} {name}");
    let written = json::write(&from_json.value, json::Layout::Compact);
    let written: serde_json::Value = serde_json::from_slice(&written).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&answer.json()).unwrap();
    assert_eq!(written, expected, "{service} {name}");
}

#[test]
fn every_filled_request_is_sent_as_the_expected_pairs() {
    let models = Models::load();
    let mut count = 0;
    macro_rules! check {
        ($operation:ty) => {
            check_request::<$operation>(&models);
            count += 1;
        };
    }
    for_every_operation!(check);
    assert_eq!(count, 467);
}

#[test]
fn every_answer_loses_nothing_in_either_format() {
    let models = Models::load();
    macro_rules! check {
        ($operation:ty) => {
            check_answer::<$operation>(&models);
        };
    }
    for_every_operation!(check);
}

#[test]
fn the_trees_of_this_test_are_written_as_they_should_be() {
    let tree = Tree::Struct(vec![
        ("a".to_owned(), Tree::Text("1 &<한".to_owned())),
        (
            "bList".to_owned(),
            Tree::List(vec![Tree::Struct(vec![("c".to_owned(), Tree::Flag(true))])]),
        ),
        (
            "dList".to_owned(),
            Tree::List(vec![Tree::Number(1), Tree::Number(2)]),
        ),
    ]);
    assert_eq!(
        tree.json(),
        r#"{"a":"1 &<한","bList":[{"c":true}],"dList":[1,2]}"#
    );
    assert_eq!(
        tree.xml("x"),
        "<x><a>1 &amp;&lt;한</a><bList><b><c>true</c></b></bList><dList><d>1</d><d>2</d></dList></x>"
    );
    let pairs = [
        ("a", "1 &<한"),
        ("bList.1.c", "true"),
        ("dList.1", "1"),
        ("dList.2", "2"),
    ];
    assert_eq!(
        tree.pairs(),
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(tree::percent_decoded("a%20b%ED%95%9C"), "a b한");
}
