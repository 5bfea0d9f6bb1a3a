//! Signatures: every folder below `golden/sign` is one request, the text that is signed for it, and the signature.
//!
//! `request` holds one `name: value` a line (lines that begin with `#` are remarks); `to-sign` and `signature` are exact,
//! without a line break at their end.

use std::collections::BTreeMap;

use http::Method;
use ncloud_core::{Credentials, Signer, Timestamp, string_to_sign};

use crate::support::{entries, read_golden};

struct Case {
    name: String,
    method: Method,
    target: String,
    millis: u64,
    signer: Signer,
    to_sign: String,
    signature: String,
}

fn text(path: &str) -> String {
    String::from_utf8(read_golden(path)).expect("UTF-8")
}

fn case(name: &str) -> Case {
    let request = text(&format!("sign/{name}/request"));
    let mut fields: BTreeMap<&str, &str> = request
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("name: value"))
        .collect();
    let mut field = |key: &str| fields.remove(key).unwrap_or_else(|| panic!("{name}: no {key}"));
    let credentials = Credentials::new(field("access-key"), field("secret-key")).unwrap();
    let case = Case {
        method: field("method").parse().unwrap(),
        target: field("target").to_owned(),
        millis: field("timestamp").parse().unwrap(),
        signer: Signer::new(&credentials).unwrap(),
        to_sign: text(&format!("sign/{name}/to-sign")),
        signature: text(&format!("sign/{name}/signature")),
        name: name.to_owned(),
    };
    assert!(fields.is_empty(), "{name}: unknown fields {fields:?}");
    case
}

fn cases() -> impl Iterator<Item = Case> {
    entries("sign", 8).into_iter().map(|name| case(&name))
}

#[test]
fn the_text_to_sign_is_that_of_the_golden_files() {
    for case in cases() {
        let timestamp = Timestamp::from_millis(case.millis);
        let text = string_to_sign(&case.method, &case.target, timestamp, case.signer.access_key());
        assert_eq!(text, case.to_sign, "{}", case.name);
    }
}

#[test]
fn the_signature_is_that_of_the_golden_files() {
    for case in cases() {
        let timestamp = Timestamp::from_millis(case.millis);
        let signature = case.signer.sign(&case.method, &case.target, timestamp);
        assert_eq!(signature.as_str(), case.signature, "{}", case.name);
        let time = case.millis.to_string();
        assert!(
            case.signer
                .verify(&case.method, &case.target, &time, &case.signature),
            "{}",
            case.name
        );
    }
}

#[test]
fn a_signature_with_any_changed_character_is_refused() {
    for case in cases() {
        let time = case.millis.to_string();
        for position in 0..case.signature.len() {
            // The last character before the padding holds two bits that count for nothing: they must be zero.
            let others = if position < 42 {
                "AB= "
            } else {
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= "
            };
            for other in others.chars() {
                let mut changed = case.signature.clone();
                changed.replace_range(position..=position, &other.to_string());
                let accepted = case.signer.verify(&case.method, &case.target, &time, &changed);
                assert_eq!(accepted, changed == case.signature, "{}: {changed}", case.name);
            }
        }
    }
}

#[test]
fn a_request_with_any_changed_byte_is_refused() {
    for case in cases() {
        let time = case.millis.to_string();
        for position in 0..case.target.len() {
            let mut changed = case.target.clone();
            let other = if &changed[position..=position] == "x" {
                "y"
            } else {
                "x"
            };
            changed.replace_range(position..=position, other);
            let accepted = case.signer.verify(&case.method, &changed, &time, &case.signature);
            assert!(!accepted, "{}: {changed}", case.name);
        }
        let later = (case.millis + 1).to_string();
        assert!(
            !case
                .signer
                .verify(&case.method, &case.target, &later, &case.signature)
        );
        assert!(
            !case
                .signer
                .verify(&Method::PUT, &case.target, &time, &case.signature)
        );
        let other = Credentials::new(case.signer.access_key().as_str(), "another secret").unwrap();
        let other = Signer::new(&other).unwrap();
        assert!(!other.verify(&case.method, &case.target, &time, &case.signature));
    }
}
