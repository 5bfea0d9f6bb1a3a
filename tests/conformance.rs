//! The conformance suite: three stacks pass it with the same requests, and what is wrong with a stack fails it.

use std::thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_core::{Error, Limits, Sent, Session, Site, drive};
use ncloud_simulator::conformance::{Conformance, Exercise, Outcome, Report};

use crate::bare_stack::BareStack;
use crate::clients::{self, Client, both, resting};
use crate::support::credentials;

/// Long enough for a busy machine, short enough to wait for.
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(500);
const BODY_LIMIT: u64 = 64 * 1024;

fn limits() -> Limits {
    let limits = Limits::default().with_attempt_timeout(ATTEMPT_TIMEOUT).unwrap();
    limits.with_body_limit(BODY_LIMIT)
}

fn hold(stack: impl FnMut(Exercise<'_>) -> Outcome) -> Report {
    Conformance::new(limits()).run(stack).unwrap()
}

/// A closure that carries one request.
fn hold_closure(mut carry: impl FnMut(Request<Bytes>) -> Result<Response<Bytes>, Error>) -> Report {
    hold(|exercise| drive(exercise, SystemTime::now, &mut carry, thread::sleep))
}

fn hold_client(client: &Client) -> Report {
    hold(|exercise| client.drive(exercise))
}

#[test]
fn every_stack_passes_with_the_same_requests() {
    let limits = clients::Limits {
        attempt: Some(ATTEMPT_TIMEOUT),
        body: Some(BODY_LIMIT),
        ..clients::Limits::default()
    };
    // Where the requests go is up to the exercises.
    let session = || Session::new(&credentials(), Site::Public).unwrap();
    let [ureq, hyper] = both();
    let reports: Vec<Report> = thread::scope(|scope| {
        let held: Vec<_> = [ureq, hyper, resting]
            .map(|make| scope.spawn(move || hold_client(&make(session(), limits))))
            .into_iter()
            .collect();
        let mut bare = BareStack::new(self::limits());
        let bare = hold_closure(|request| bare.carry(&request));
        let reports = held.into_iter().map(|held| held.join().unwrap());
        std::iter::once(bare).chain(reports).collect()
    });
    for report in &reports {
        assert!(report.passed(), "{report}");
        assert_eq!(report.request_log(), reports[0].request_log());
    }
    let log = reports[0].request_log();
    assert!(log.lines().count() > 60, "{log}");
    assert!(
        log.contains("429 without Retry-After: POST /vserver/v2/createMemberServerImageInstance signed\n"),
        "{log}"
    );
}

/// The names of the cases that a stack does not pass.
fn failed(report: &Report) -> Vec<&'static str> {
    let failed = report.cases.iter().filter(|case| !case.passed());
    failed.map(|case| case.name).collect()
}

fn assert_failed(report: &Report, names: &[&str]) {
    for name in names {
        assert!(failed(report).contains(name), "{name}\n{report}");
    }
}

#[test]
fn a_stack_that_takes_what_was_sent_for_unsent_fails() {
    let mut stack = BareStack::new(limits());
    let report = hold_closure(|request| {
        let result = stack.carry(&request);
        result.map_err(|error| Error::transport(Sent::No, error.to_string()))
    });
    assert_failed(
        &report,
        &[
            "reset after the call was carried out",
            "reset before the request was read",
            "closed without an answer",
            "truncated body",
            "endless body",
        ],
    );
    assert!(!failed(&report).contains(&"form in a body"), "{report}");
    let told = "changes carried out: expected 1; seen 2\n        request: POST /vserver/v2/createMember";
    assert!(report.to_string().contains(told), "{report}");
}

#[test]
fn a_stack_that_tries_again_by_itself_fails() {
    let mut stack = BareStack::new(limits());
    let report = hold_closure(|request| match stack.carry(&request) {
        Err(error) if error.may_have_been_sent() => stack.carry(&request),
        result => result,
    });
    assert_failed(
        &report,
        &["reset after the call was carried out", "closed without an answer"],
    );
}

#[test]
fn a_stack_that_follows_redirects_fails() {
    let mut stack = BareStack::new(limits());
    let report = hold_closure(|request| {
        let response = stack.carry(&request)?;
        let Some(location) = response.headers().get("location") else {
            return Ok(response);
        };
        let (mut parts, body) = request.into_parts();
        parts.uri = location.to_str().unwrap().parse().unwrap();
        stack.carry(&Request::from_parts(parts, body))
    });
    assert_eq!(failed(&report), ["redirect to another host"], "{report}");
}

#[test]
fn a_stack_that_loses_headers_fails() {
    let mut stack = BareStack::new(limits());
    let report = hold_closure(|request| {
        let (parts, body) = stack.carry(&request)?.into_parts();
        let mut response = Response::new(body);
        *response.status_mut() = parts.status;
        Ok(response)
    });
    let expected = [
        "429 with Retry-After in seconds",
        "429 with Retry-After as a date",
        "clock that is off",
    ];
    assert_eq!(failed(&report), expected, "{report}");
}

#[test]
fn a_stack_that_never_gives_up_fails_when_the_patience_is_over() {
    let patient = limits().with_attempt_timeout(Duration::from_secs(600)).unwrap();
    let mut stack = BareStack::new(patient);
    let suite = Conformance::new(limits()).with_patience(Duration::from_millis(100));
    let carry = |exercise: Exercise<'_>| {
        drive(
            exercise,
            SystemTime::now,
            |request| stack.carry(&request),
            thread::sleep,
        )
    };
    let report = suite.run(carry).unwrap();
    assert_failed(&report, &["black hole", "slow drip that takes too long"]);
    assert!(
        report
            .to_string()
            .contains("time: expected an end within the limits of the stack"),
        "{report}"
    );
}
