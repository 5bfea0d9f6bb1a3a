//! What the clock is not corrected for: wrong keys, missing dates, noise, a second refusal.

use ncloud_core::{Error, ErrorKind, Retry, Session};

use super::{
    CREATE, GET, Script, gateway, http_date, millis, minutes, secs, session, success, throttled, with,
};
use crate::support::now;

/// The refusal of a signature by a gateway so far ahead of the time of the test vectors.
fn refusal(ahead: std::time::Duration) -> http::Response<bytes::Bytes> {
    with(gateway(401, "200"), "date", &http_date(now() + ahead))
}

fn assert_refused(error: &Error) {
    assert_eq!((error.kind(), error.code()), (ErrorKind::Gateway, Some("200")));
    assert!(error.is_authentication_failed());
}

/// Fails unless the session signs for this machine's time.
fn assert_nothing_learnt(session: &Session) {
    let mut script = Script::new(session, session.call(GET));
    script.sends();
    assert_eq!(script.times(), [now()]);
}

#[test]
fn a_wrong_key_with_a_right_clock_is_not_repeated() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script.sends().after(millis(900)).answered(refusal(secs(0)));
    assert_refused(script.fails());
    assert_nothing_learnt(&session);
}

#[test]
fn noise_of_a_few_seconds_is_not_learnt() {
    for noise in [1, 2, 10] {
        let session = session();
        let mut script = Script::new(&session, session.call(GET));
        script.sends().answered(refusal(secs(noise)));
        assert_refused(script.fails());
        let mut script = Script::new(&session, session.call(GET));
        script.sends().at(secs(noise)).answered(refusal(secs(0)));
        assert_refused(script.fails());
        assert_nothing_learnt(&session);
    }
}

#[test]
fn a_clock_just_out_of_tolerance_is_corrected() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(refusal(secs(301))).sends();
    assert_eq!(script.times()[1], now() + secs(301));
}

#[test]
fn a_missing_or_malformed_date_is_final() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(gateway(401, "200"));
    assert_refused(script.fails());
    for date in [
        "",
        "soon",
        "1750903747",
        "Thu, 99 Jun 2025 02:29:07 GMT",
        "Thu, 26 Jun 2025",
        "Thu, 26 Jun 1900 02:29:07 GMT",
        "\u{1f}".trim(),
    ] {
        let date = date.trim_matches(char::is_control);
        let mut script = Script::new(&session, session.call(CREATE));
        script.sends().answered(with(gateway(401, "200"), "date", date));
        assert_refused(script.fails());
    }
    assert_nothing_learnt(&session);
}

#[test]
fn a_second_refusal_is_final() {
    // The same date, one that has gone on, one that is another time altogether.
    for second in [minutes(20), minutes(20) + secs(3), minutes(50)] {
        let session = session();
        let mut script = Script::new(&session, session.call(GET));
        script
            .sends()
            .answered(refusal(minutes(20)))
            .sends()
            .answered(refusal(second));
        let error = script.fails();
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
        assert_refused(error.last());
        assert!(error.is_authentication_failed());
    }
}

#[test]
fn a_second_refusal_after_other_failures_is_final_too() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(refusal(minutes(20))).sends();
    script.answered(throttled()).sleeps(..).wakes().sends();
    script.answered(refusal(minutes(50)));
    assert_eq!(script.fails().kind(), ErrorKind::Exhausted { attempts: 3 });
}

#[test]
fn a_wrong_key_on_a_wrong_clock_ends_after_one_correction_and_then_at_once() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    script
        .sends()
        .answered(refusal(minutes(20)))
        .sends()
        .answered(refusal(minutes(20)))
        .fails();
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(refusal(minutes(20)));
    assert_refused(script.fails());
}

#[test]
fn other_refusals_and_successes_teach_no_time() {
    let session = session();
    let date = http_date(now() + minutes(20));
    for response in [
        success(),
        gateway(401, "210"),
        gateway(404, "300"),
        super::service(400, "1401"),
        super::service(400, "200"),
        crate::support::answer(401, "text/html", "<html>"),
    ] {
        let mut script = Script::new(&session, session.call(CREATE));
        script.sends().answered(with(response, "date", &date));
        assert!(matches!(script.step, ncloud_core::Step::Done(_)));
    }
    assert_nothing_learnt(&session);
}

#[test]
fn a_refusal_that_comes_after_the_deadline_is_final() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET).with_deadline(secs(10)));
    script.sends().at(secs(10)).answered(refusal(minutes(20)));
    assert_refused(script.fails());
}

#[test]
fn a_correction_is_an_attempt_like_any_other() {
    let session = session().with_retry(Retry::default().with_attempts(2).unwrap());
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(refusal(minutes(20))).sends();
    script.answered(throttled());
    assert_eq!(script.fails().kind(), ErrorKind::Exhausted { attempts: 2 });
}

#[test]
fn a_correction_does_not_go_beyond_the_number_of_attempts_but_is_kept_for_later_calls() {
    let session = session().with_retry(Retry::never());
    let mut script = Script::new(&session, session.call(GET));
    script.sends().answered(refusal(minutes(20)));
    assert_refused(script.fails());
    let mut script = Script::new(&session, session.call(GET));
    script.sends();
    assert_eq!(script.times(), [now() + minutes(20)]);
}
