//! Budget: what a session and all that are made from it may spend on trying again.

use http::Response;
use ncloud_core::{Event, Format, Retry, Session, Step};

use super::{CREATE, GET, Script, secs, session, success, throttled, with};
use crate::support::answer;

/// One call while nothing works: how often it was tried.
fn call_in_an_outage(session: &Session) -> usize {
    let mut script = Script::new(session, session.call(GET));
    loop {
        script.sends().answered(answer(503, "text/html", "<html>"));
        match script.step {
            Step::Sleep(_) => script.sleeps(..).wakes(),
            _ => break,
        };
    }
    script.fails();
    script.requests.len()
}

fn calls_in_an_outage(session: &Session, calls: usize) -> usize {
    (0..calls).map(|_| call_in_an_outage(session)).sum()
}

fn call_that_succeeds(session: &Session) {
    let mut script = Script::new(session, session.call(GET));
    script.sends().answered(success()).succeeds();
}

/// A session after an outage that took everything.
fn spent() -> Session {
    let session = session();
    calls_in_an_outage(&session, 1_000);
    session
}

#[test]
fn a_few_failures_are_repeated_in_full() {
    assert_eq!(calls_in_an_outage(&session(), 10), 40);
}

#[test]
fn an_outage_is_not_multiplied() {
    let session = session();
    let all = calls_in_an_outage(&session, 1_000);
    assert!((1_050..=1_200).contains(&all), "{all} requests of 1000 calls");
    assert_eq!(calls_in_an_outage(&session, 1_000), 1_000);
}

#[test]
fn a_call_that_the_budget_ends_keeps_its_failure() {
    let session = spent();
    let mut script = Script::new(&session, session.call(CREATE));
    script.sends().answered(throttled());
    let error = script.fails();
    assert_eq!(
        (error.kind(), error.code()),
        (ncloud_core::ErrorKind::Gateway, Some("410"))
    );
}

#[test]
fn the_budget_is_shared_with_clones_and_variants() {
    let session = spent();
    let variants = [
        session.clone(),
        session.clone().with_format(Format::Xml),
        session.clone().with_region("KR").unwrap(),
        session.clone().with_user_agent("other/1.0").unwrap(),
        session
            .clone()
            .with_retry(Retry::default().with_attempts(9).unwrap()),
    ];
    for variant in &variants {
        assert_eq!(call_in_an_outage(variant), 1);
    }
    // What one of them earns, all may spend.
    for _ in 0..1_000 {
        call_that_succeeds(&variants[1]);
    }
    assert_eq!(call_in_an_outage(&session), 4);
    assert_eq!(call_in_an_outage(&variants[0]), 4);
}

#[test]
fn another_session_has_a_budget_of_its_own() {
    let session = spent();
    assert_eq!(call_in_an_outage(&session.clone().with_seed(2)), 4);
    assert_eq!(call_in_an_outage(&super::session()), 4);
    assert_eq!(call_in_an_outage(&session), 1);
}

#[test]
fn successes_fill_the_budget_up_again_and_not_beyond_what_it_was() {
    let session = session();
    let first = calls_in_an_outage(&session, 1_000);
    for _ in 0..100 {
        call_that_succeeds(&session);
    }
    let after_some = calls_in_an_outage(&session, 1_000);
    assert!(1_000 < after_some && after_some < first, "{after_some}");
    for _ in 0..10_000 {
        call_that_succeeds(&session);
    }
    assert_eq!(calls_in_an_outage(&session, 1_000), first);
}

#[test]
fn refusals_that_are_never_repeated_neither_cost_nor_earn() {
    let session = session();
    for _ in 0..1_000 {
        let mut script = Script::new(&session, session.call(CREATE));
        script.sends().answered(super::service(400, "1401")).fails();
    }
    assert_eq!(call_in_an_outage(&session), 4);
    let session = spent();
    for _ in 0..1_000 {
        let mut script = Script::new(&session, session.call(CREATE));
        script.sends().answered(super::service(400, "1401")).fails();
    }
    assert_eq!(call_in_an_outage(&session), 1);
}

#[test]
fn retries_that_are_not_made_cost_nothing() {
    let session = session();
    let late: fn() -> Response<_> = || with(throttled(), "retry-after", "3600");
    for _ in 0..1_000 {
        let mut script = Script::new(&session, session.call(GET));
        script.sends().answered(late()).fails();
    }
    assert_eq!(call_in_an_outage(&session), 4);
    let never = session.clone().with_retry(Retry::never());
    assert_eq!(calls_in_an_outage(&never, 1_000), 1_000);
    assert_eq!(call_in_an_outage(&session), 4);
}

#[test]
fn a_spent_budget_does_not_keep_a_wrong_clock_from_being_corrected() {
    let session = spent();
    let mut script = Script::new(&session, session.call(GET));
    let date = super::http_date(script.time + secs(1_200));
    script
        .sends()
        .happens(Event::Response(with(super::gateway(401, "200"), "date", &date)))
        .sends();
}
