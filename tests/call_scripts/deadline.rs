//! Deadline: the time that a call has as a whole, from its first step on.

use std::time::Duration;

use ncloud_core::{Error, ErrorKind, Event, Safety, Sent};

use super::{GET, Script, gateway, millis, minutes, raw, secs, session, success, throttled, with};
use crate::support::now;

#[test]
fn no_attempt_begins_at_or_after_the_deadline() {
    let session = session();
    for late in [millis(9_999), secs(10), secs(11), minutes(60)] {
        let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
        // With this seed the wait is longer than what is left of the first of these times.
        script
            .sends()
            .at(late)
            .failed(Error::transport(Sent::No, "timed out"));
        assert_eq!(
            script.fails().kind(),
            ErrorKind::Transport { sent: Sent::No },
            "{late:?}"
        );
    }
}

#[test]
fn attempts_go_on_until_the_deadline() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
    script
        .sends()
        .at(secs(9))
        .failed(Error::transport(Sent::Maybe, "timed out"))
        .sleeps(..=millis(200))
        .wakes()
        .sends()
        .answered(success())
        .succeeds();
}

#[test]
fn a_call_has_a_hundred_seconds_unless_said_otherwise() {
    let session = session();
    let raw = raw(Safety::Read);
    for (time, repeated) in [(secs(99), true), (secs(100), false)] {
        let mut script = Script::new(&session, session.call(GET));
        script.sends().at(time).answered(throttled());
        let mut beside = Script::new(&session, session.raw_call(&raw));
        beside.sends().at(time).answered(throttled());
        if repeated {
            script.sleeps(..);
            beside.sleeps(..);
        } else {
            script.fails();
            beside.fails();
        }
    }
}

#[test]
fn a_raw_call_keeps_to_its_deadline_too() {
    let (session, raw) = (session(), raw(Safety::Mutating));
    let machine = session.raw_call(&raw).with_deadline(secs(5));
    let mut script = Script::new(&session, machine);
    script
        .sends()
        .at(secs(2))
        .answered(with(throttled(), "retry-after", "3"))
        .fails();
}

#[test]
fn the_time_runs_from_the_first_step_and_not_from_the_making() {
    let session = session();
    let machine = session.call(GET).with_deadline(secs(10));
    let mut script = Script::beginning(&session, now() + minutes(60), machine);
    script
        .sends()
        .after(secs(9))
        .answered(throttled())
        .sleeps(..)
        .wakes()
        .sends();
    script.after(secs(1)).answered(throttled()).fails();
}

#[test]
fn a_success_that_comes_after_the_deadline_is_a_success() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
    script.sends().at(secs(11)).answered(success()).succeeds();
}

#[test]
fn waking_after_the_deadline_gives_up_with_what_happened() {
    let session = session();
    for late in [secs(10), secs(11), minutes(600)] {
        let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
        script.repeats_after(Event::Response(throttled())).sends();
        script
            .answered(gateway(503, "500"))
            .sleeps(..)
            .at(late)
            .happens(Event::Woke);
        let error = script.fails();
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
        assert_eq!(error.code(), Some("500"));
        assert_eq!(error.operation(), Some("getThing"));
    }
}

#[test]
fn waking_after_the_deadline_of_a_single_attempt_leaves_its_failure_as_it_is() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
    script
        .sends()
        .answered(throttled())
        .sleeps(..)
        .at(secs(10))
        .happens(Event::Woke);
    let error = script.fails();
    assert_eq!(error.kind(), ErrorKind::Gateway, "{error}");
    assert_eq!(error.code(), Some("410"));
}

#[test]
fn waking_late_but_before_the_deadline_sends_at_once() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
    script
        .sends()
        .answered(throttled())
        .sleeps(..)
        .at(secs(9))
        .happens(Event::Woke)
        .sends();
    assert_eq!(script.times()[1], now() + secs(9));
}

#[test]
fn a_deadline_beyond_every_clock_is_none() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(Duration::MAX));
    script
        .sends()
        .at(minutes(60 * 24 * 365))
        .answered(with(throttled(), "retry-after", "86400"))
        .sleeps(secs(86_400)..=secs(86_400))
        .wakes()
        .sends()
        .answered(with(throttled(), "retry-after", "18446744073709551615"))
        .fails();
}

#[test]
fn a_deadline_of_nothing_leaves_one_attempt() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(Duration::ZERO));
    script.sends().answered(throttled()).fails();
    let mut script = Script::new(&session, session.call(GET).with_deadline(Duration::ZERO));
    script.sends().answered(success()).succeeds();
}

#[test]
fn a_clock_that_is_set_back_does_not_prolong_a_pause() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(throttled()).sleeps(..=secs(1));
    // Set back by an hour during the pause: it tries again, instead of sleeping for an hour.
    script.time -= secs(3600);
    script.happens(Event::Woke).sends().answered(success()).succeeds();
}
