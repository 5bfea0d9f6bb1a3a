//! The examples that carry calls by themselves, held against the suite for HTTP stacks.

#![allow(dead_code, reason = "of each example, only what carries a request is used")]

use std::thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_core::{Error, Limits, drive};
use ncloud_simulator::conformance::Conformance;

#[path = "../carry_by_hand/main.rs"]
mod carry_by_hand;
#[path = "../carry_with_curl.rs"]
mod carry_with_curl;
#[path = "../carry_with_reqwest.rs"]
mod carry_with_reqwest;

fn limits() -> Limits {
    let limits = Limits::default()
        .with_attempt_timeout(Duration::from_millis(500))
        .unwrap();
    limits.with_body_limit(64 * 1024)
}

fn assert_passes(mut carry: impl FnMut(Request<Bytes>) -> Result<Response<Bytes>, Error>) {
    let report = Conformance::new(limits())
        .run(|exercise| drive(exercise, SystemTime::now, &mut carry, thread::sleep))
        .unwrap();
    assert!(report.passed(), "{report}");
}

#[test]
fn by_hand() {
    assert_passes(|request| carry_by_hand::http1::carry(&request, limits(), Duration::MAX));
}

#[test]
fn with_curl() {
    assert_passes(|request| carry_with_curl::carry(limits(), &request));
}

#[test]
fn with_reqwest() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = carry_with_reqwest::client(limits()).unwrap();
    assert_passes(|request| runtime.block_on(carry_with_reqwest::carry(&client, limits(), request)));
}
