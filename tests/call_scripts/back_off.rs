//! Back-off: how long is waited between attempts, and what `Retry-After` changes about it.

use std::collections::HashSet;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use ncloud_core::{ErrorKind, Event, Retry, Session};

use super::{
    CREATE, GET, Script, gateway, http_date, millis, minutes, secs, service, session, throttled, with,
};
use crate::support::now;

/// A session that tries eight times.
fn patient(seed: u64) -> Session {
    let retry = Retry::default().with_attempts(8).unwrap();
    session().with_retry(retry).with_seed(seed)
}

/// The waiting times of a read that meets nothing but one kind of answer.
fn waits(session: &Session, response: impl Fn() -> Response<Bytes>) -> Vec<Duration> {
    let machine = session.call(CREATE).with_deadline(minutes(10));
    let mut script = Script::new(session, machine);
    for _ in 1..8 {
        script.repeats_after(Event::Response(response()));
    }
    script.sends().answered(response()).fails();
    script.sleeps
}

/// The waiting time after one answer to the first attempt.
fn wait(seed: u64, response: Response<Bytes>) -> Duration {
    let session = session().with_seed(seed);
    let mut script = Script::new(&session, session.call(CREATE));
    script.sends().answered(response).sleeps(..).slept()
}

/// All waits before one attempt lie below the ceiling and are spread over the whole of it.
fn assert_spread(waits: &[Duration], ceiling: Duration) {
    assert!(waits.iter().all(|wait| *wait <= ceiling), "above {ceiling:?}");
    let low = waits.iter().filter(|wait| **wait < ceiling / 2).count();
    let half = waits.len() / 2;
    assert!(
        low.abs_diff(half) < waits.len() / 5,
        "{low} of {} below half of {ceiling:?}",
        waits.len()
    );
}

fn assert_waits(
    session: impl Fn(u64) -> Session,
    response: fn() -> Response<Bytes>,
    ceilings: [Duration; 7],
) {
    let all: Vec<_> = (0..200).map(|seed| waits(&session(seed), response)).collect();
    for (attempt, ceiling) in ceilings.into_iter().enumerate() {
        let waits: Vec<_> = all.iter().map(|waits| waits[attempt]).collect();
        assert_spread(&waits, ceiling);
    }
}

#[test]
fn the_back_off_is_drawn_below_a_ceiling_that_doubles() {
    let ceilings = [200, 400, 800, 1600, 3200, 6400, 12_800].map(millis);
    assert_waits(patient, throttled, ceilings);
}

#[test]
fn what_takes_seconds_to_pass_is_waited_for_in_seconds() {
    let ceilings = [2, 4, 8, 16, 20, 20, 20].map(secs);
    assert_waits(patient, || gateway(429, "400"), ceilings);
    assert_waits(patient, || service(400, "1017013"), ceilings);
}

#[test]
fn another_back_off_is_kept_to() {
    let session = |seed| {
        let retry = Retry::default()
            .with_attempts(8)
            .and_then(|retry| retry.with_back_off(secs(1), secs(3)))
            .unwrap();
        session().with_retry(retry).with_seed(seed)
    };
    assert_waits(session, throttled, [1, 2, 3, 3, 3, 3, 3].map(secs));
}

#[test]
fn a_back_off_that_cannot_be_is_refused() {
    for (first, longest) in [(secs(0), secs(1)), (secs(2), secs(1))] {
        let error = Retry::default().with_back_off(first, longest).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("back-off"))
        );
    }
    let error = Retry::default().with_attempts(0).unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Build, Some("attempts"))
    );
}

#[test]
fn waits_differ_between_attempts_and_between_the_calls_of_a_session() {
    let session = patient(7);
    let mut all = waits(&session, throttled);
    all.extend(waits(&session, throttled));
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "{all:?}");
}

#[test]
fn waits_are_equal_for_equal_seeds_and_differ_for_others() {
    assert_eq!(waits(&patient(7), throttled), waits(&patient(7), throttled));
    assert_ne!(waits(&patient(7), throttled), waits(&patient(8), throttled));
    let unseeded = || {
        let retry = Retry::default().with_attempts(8).unwrap();
        crate::support::session().with_retry(retry)
    };
    assert_ne!(waits(&unseeded(), throttled), waits(&unseeded(), throttled));
}

#[test]
fn a_retry_after_that_is_longer_than_the_draw_wins() {
    for seed in 0..50 {
        let at = http_date(now() + secs(7));
        assert_eq!(wait(seed, with(throttled(), "retry-after", "5")), secs(5));
        assert_eq!(wait(seed, with(throttled(), "retry-after", &at)), secs(7));
        let page = crate::support::answer(429, "text/html", "<html>");
        assert_eq!(wait(seed, with(page, "retry-after", "40")), secs(40));
    }
}

#[test]
fn a_retry_after_that_is_shorter_than_the_draw_changes_nothing() {
    let past = http_date(now() - secs(60));
    for seed in 0..50 {
        let drawn = wait(seed, gateway(429, "400"));
        for value in ["0", " 0 ", past.as_str()] {
            let asked = with(gateway(429, "400"), "retry-after", value);
            assert_eq!(wait(seed, asked), drawn, "{value}");
        }
        let asked = with(gateway(429, "400"), "retry-after", "1");
        assert_eq!(wait(seed, asked), drawn.max(secs(1)));
    }
}

#[test]
fn a_retry_after_that_cannot_be_read_changes_nothing() {
    let drawn = wait(3, throttled());
    for value in [
        "",
        "-1",
        "1.5",
        "soon",
        "5 seconds",
        "Thu, 99 Jun 2025 02:09:07 GMT",
    ] {
        assert_eq!(wait(3, with(throttled(), "retry-after", value)), drawn, "{value}");
    }
}

#[test]
fn a_retry_after_does_not_make_a_refusal_repeatable() {
    let session = session();
    for response in [gateway(401, "210"), gateway(504, "510"), service(400, "1401")] {
        let mut script = Script::new(&session, session.call(CREATE));
        script
            .sends()
            .answered(with(response, "retry-after", "1"))
            .fails();
    }
}

#[test]
fn a_retry_after_beyond_the_deadline_gives_up_at_once() {
    let session = session();
    let late = http_date(now() + secs(100));
    for value in ["100", "3600", "18446744073709551615", late.as_str()] {
        let mut script = Script::new(&session, session.call(GET));
        script.sends().answered(with(throttled(), "retry-after", value));
        let error = script.fails();
        assert_eq!(
            (error.kind(), error.code()),
            (ErrorKind::Gateway, Some("410")),
            "{value}"
        );
    }
    let mut script = Script::new(&session, session.call(GET));
    script
        .sends()
        .answered(with(throttled(), "retry-after", "99"))
        .sleeps(secs(99)..=secs(99))
        .wakes()
        .sends();
}

#[test]
fn a_retry_after_beyond_the_deadline_of_a_later_attempt_keeps_what_happened() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(secs(30)));
    script
        .repeats_after(Event::Response(throttled()))
        .sends()
        .answered(with(gateway(503, "500"), "retry-after", "30"));
    let error = script.fails();
    assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
    assert_eq!(error.code(), Some("500"));
    assert_eq!(error.retry_after(now()), Some(secs(30)));
}

#[test]
fn a_wait_that_is_cut_short_is_slept_to_its_end() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script
        .sends()
        .answered(with(throttled(), "retry-after", "10"))
        .sleeps(secs(10)..=secs(10));
    for gone in [0, 1, 9] {
        script.at(secs(gone)).happens(Event::Woke);
        script.sleeps(secs(10 - gone)..=secs(10 - gone));
    }
    script
        .at(millis(9_999))
        .happens(Event::Woke)
        .sleeps(millis(1)..=millis(1));
    script.wakes().sends();
    assert_eq!(script.times()[1], now() + secs(10));
    // Waking early was no attempt: this was the second one of four.
    script.answered(throttled()).sleeps(..).wakes();
    script.repeats_after(Event::Response(throttled()));
    script.sends().answered(throttled());
    assert_eq!(script.fails().kind(), ErrorKind::Exhausted { attempts: 4 });
}
