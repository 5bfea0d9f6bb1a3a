//! Clock: a host whose clock is off learns the right time from a refusal, and its session keeps it.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;
use ncloud_core::{Format, Safety, Session, Verb};

use super::{
    CREATE, GET, SET, Script, apart, gateway, http_date, millis, minutes, raw, secs, session, signed_at,
    success, throttled, with,
};
use crate::support::now;

/// How far the gateway's clock is from this machine's.
#[derive(Clone, Copy, Debug)]
enum Gateway {
    Ahead(Duration),
    Behind(Duration),
}

use Gateway::{Ahead, Behind};

const TWENTY_MINUTES_OFF: [Gateway; 2] = [Ahead(minutes(20)), Behind(minutes(20))];

impl Gateway {
    /// What the gateway's clock shows while this machine's shows that.
    fn time(self, local: SystemTime) -> SystemTime {
        match self {
            Ahead(distance) => local + distance,
            Behind(distance) => local - distance,
        }
    }

    /// The refusal of a stale signature.
    fn refuses(self, local: SystemTime) -> Response<Bytes> {
        with(gateway(401, "200"), "date", &http_date(self.time(local)))
    }

    /// Fails unless a request was signed for what the gateway holds to be the time.
    fn assert_accepted(self, request: &http::Request<Bytes>, local: SystemTime) {
        let distance = apart(signed_at(request), self.time(local));
        assert!(distance <= secs(1), "{self:?}: signed {distance:?} off");
    }
}

/// Lets a session learn the gateway's time.
fn teach(session: &Session, clock: Gateway) {
    let mut script = Script::new(session, session.call(GET));
    let refusal = clock.refuses(script.time);
    script.sends().answered(refusal).sends();
    script.answered(success()).succeeds();
}

#[test]
fn a_stale_signature_is_repeated_at_once_with_the_right_time() {
    for clock in TWENTY_MINUTES_OFF {
        let session = session();
        let mut script = Script::new(&session, session.call(GET));
        script.sends().after(millis(1_700));
        let (time, refusal) = (script.time, clock.refuses(script.time));
        script.answered(refusal).sends();
        clock.assert_accepted(&script.requests[1], time);
        script.answered(success()).succeeds();
        assert_eq!(script.times()[0], now(), "the first one went by this clock");
    }
}

#[test]
fn the_refusal_may_come_with_any_status() {
    let clock = Ahead(minutes(20));
    for status in [200, 400, 401, 403, 500, 503] {
        let session = session();
        let mut script = Script::new(&session, session.call(CREATE));
        let date = http_date(clock.time(script.time));
        script
            .sends()
            .answered(with(gateway(status, "200"), "date", &date))
            .sends();
        clock.assert_accepted(&script.requests[1], script.time);
    }
}

#[test]
fn calls_of_every_safety_are_corrected() {
    let clock = Behind(minutes(20));
    for safety in super::SAFETIES {
        let (session, raw) = (session(), raw(safety));
        let mut script = Script::new(&session, session.raw_call(&raw));
        let refusal = clock.refuses(script.time);
        script.sends().answered(refusal).sends();
        clock.assert_accepted(&script.requests[1], script.time);
    }
    let session = session();
    let mut script = Script::new(&session, session.call(CREATE));
    let refusal = clock.refuses(script.time);
    script.sends().answered(refusal).sends();
    let mut script = Script::new(&session, session.call(SET));
    script.sends();
    clock.assert_accepted(&script.requests[0], script.time);
}

#[test]
fn later_calls_of_the_session_and_its_variants_start_corrected() {
    for clock in TWENTY_MINUTES_OFF {
        let session = session();
        let before = session.clone().with_user_agent("other/1.0").unwrap();
        teach(&session, clock);
        let variants = [
            session.clone(),
            before,
            session.clone().with_format(Format::Xml),
            session.clone().with_verb(Verb::Post),
            session.clone().with_region("KR").unwrap(),
        ];
        for variant in [&session].into_iter().chain(&variants) {
            let local = now() + minutes(3);
            let mut script = Script::beginning(variant, local, variant.call(CREATE));
            script.sends().answered(success()).succeeds();
            clock.assert_accepted(&script.requests[0], local);
        }
        let raw = raw(Safety::Read);
        let mut script = Script::new(&session, session.raw_call(&raw));
        script.sends();
        clock.assert_accepted(&script.requests[0], now());
    }
}

#[test]
fn a_call_that_was_made_before_the_time_was_learnt_starts_corrected() {
    let (session, clock) = (session(), Ahead(minutes(20)));
    let machine = session.call(GET);
    teach(&session, clock);
    let mut script = Script::new(&session, machine);
    script.sends();
    clock.assert_accepted(&script.requests[0], now());
}

#[test]
fn another_session_does_not_know_what_this_one_has_learnt() {
    let session = session();
    teach(&session, Ahead(minutes(20)));
    let other = session.clone().with_seed(2);
    let mut script = Script::new(&other, other.call(GET));
    script.sends();
    assert_eq!(script.times()[0], now());
}

#[test]
fn calls_under_way_at_the_same_time_are_all_corrected() {
    for clock in TWENTY_MINUTES_OFF {
        let session = session();
        let mut scripts: Vec<_> = (0..5)
            .map(|_| Script::new(&session, session.call(CREATE)))
            .collect();
        for script in &mut scripts {
            script.sends().after(millis(300));
        }
        for script in &mut scripts {
            let refusal = clock.refuses(script.time);
            script.answered(refusal).sends();
            clock.assert_accepted(&script.requests[1], script.time);
            script.answered(success()).succeeds();
        }
    }
}

#[test]
fn every_attempt_after_the_correction_keeps_it() {
    let clock = Behind(minutes(20));
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    let refusal = clock.refuses(script.time);
    script.sends().answered(refusal);
    for _ in 0..2 {
        let time = script.time;
        script.sends().after(secs(2));
        clock.assert_accepted(script.requests.last().unwrap(), time);
        script.answered(throttled()).sleeps(..).wakes();
    }
    script.sends();
    clock.assert_accepted(&script.requests[3], script.time);
}

#[test]
fn a_stale_signature_is_found_out_at_a_later_attempt_too() {
    let clock = Ahead(minutes(20));
    let session = session();
    let mut script = Script::new(&session, session.call(CREATE));
    script.sends().answered(throttled()).sleeps(..).wakes().sends();
    let refusal = clock.refuses(script.time);
    script.answered(refusal).sends();
    clock.assert_accepted(&script.requests[2], script.time);
    script.answered(success()).succeeds();
}

#[test]
fn a_clock_that_is_set_right_later_is_learnt_anew() {
    for clock in TWENTY_MINUTES_OFF {
        let session = session();
        teach(&session, clock);
        // Now this machine's clock is right, and what was learnt is wrong.
        let right = Ahead(secs(0));
        let local = now() + minutes(30);
        let mut script = Script::beginning(&session, local, session.call(GET));
        script.sends().answered(right.refuses(local)).sends();
        right.assert_accepted(&script.requests[1], local);
        let mut script = Script::beginning(&session, local, session.call(GET));
        script.sends();
        right.assert_accepted(&script.requests[0], local);
    }
}

#[test]
fn a_host_that_believes_in_1970_is_corrected() {
    let session = session();
    let local = SystemTime::UNIX_EPOCH + secs(42);
    let mut script = Script::beginning(&session, local, session.call(GET));
    let date = http_date(now());
    script
        .sends()
        .answered(with(gateway(401, "200"), "date", &date))
        .sends();
    assert_eq!(script.times(), [local, now()]);
    script.answered(success()).succeeds();
}

#[test]
fn a_wrong_clock_changes_nothing_about_the_deadline() {
    for clock in TWENTY_MINUTES_OFF {
        let session = session();
        let mut script = Script::new(&session, session.call(GET).with_deadline(secs(60)));
        let refusal = clock.refuses(script.time);
        script.sends().answered(refusal).sends();
        script
            .at(secs(50))
            .answered(throttled())
            .sleeps(..=secs(1))
            .wakes()
            .sends();
        script.at(secs(60)).answered(throttled()).fails();
    }
}

#[test]
fn a_date_in_retry_after_is_read_by_the_gateways_clock() {
    for clock in TWENTY_MINUTES_OFF {
        let session = session();
        teach(&session, clock);
        let mut script = Script::new(&session, session.call(GET));
        let until = http_date(clock.time(script.time) + secs(7));
        script
            .sends()
            .answered(with(throttled(), "retry-after", &until))
            .sleeps(secs(6)..=secs(8));
    }
}
