//! Endings: how many attempts there are, and what the last error knows.

use std::error::Error as _;
use std::io;

use http::StatusCode;
use ncloud_core::{Credentials, Error, ErrorKind, Event, Retry, Safety, Sent, Session, Site};

use super::{
    CREATE, GET, Script, apart, gateway, millis, raw, secs, service, session, success, throttled, with,
};
use crate::support::{ACCESS_KEY, SECRET_KEY, answer, now};

fn maybe_sent() -> Error {
    let beneath = io::Error::new(io::ErrorKind::ConnectionReset, "reset by peer");
    Error::transport(Sent::Maybe, "the connection broke").with_source(beneath)
}

fn attempts(attempts: u32) -> Session {
    session().with_retry(Retry::default().with_attempts(attempts).unwrap())
}

#[test]
fn there_are_four_attempts_unless_said_otherwise() {
    let session = session();
    let mut script = Script::new(&session, session.call(CREATE));
    for _ in 0..3 {
        script.repeats_after(Event::Response(throttled()));
    }
    script.sends().answered(throttled());
    assert_eq!(script.fails().kind(), ErrorKind::Exhausted { attempts: 4 });
}

#[test]
fn as_many_attempts_are_made_as_were_asked_for() {
    for count in [2, 3, 9, 40] {
        let session = attempts(count);
        let mut script = Script::new(&session, session.call(GET).with_deadline(secs(100_000)));
        for _ in 1..count {
            script.repeats_after(Event::Failed(maybe_sent()));
        }
        script.sends().failed(maybe_sent());
        assert_eq!(script.fails().kind(), ErrorKind::Exhausted { attempts: count });
    }
}

#[test]
fn without_retries_a_failure_ends_the_call_as_what_it_is() {
    for retry in [Retry::never(), Retry::default().with_attempts(1).unwrap()] {
        let session = session().with_retry(retry);
        for safety in super::SAFETIES {
            let raw = raw(safety);
            let mut script = Script::new(&session, session.raw_call(&raw));
            script.sends().answered(throttled());
            assert_eq!(script.fails().kind(), ErrorKind::Gateway);
            let mut script = Script::new(&session, session.raw_call(&raw));
            script.sends().failed(Error::transport(Sent::No, "refused"));
            assert_eq!(script.fails().kind(), ErrorKind::Transport { sent: Sent::No });
        }
        let mut script = Script::new(&session, session.call(GET));
        script.sends().answered(success()).succeeds();
    }
}

#[test]
fn a_failure_of_the_first_attempt_that_may_not_be_repeated_stays_what_it_is() {
    let session = session();
    for (response, kind) in [
        (gateway(401, "210"), ErrorKind::Gateway),
        (gateway(504, "510"), ErrorKind::Gateway),
        (service(400, "1401"), ErrorKind::Service),
        (answer(503, "text/html", "<html>"), ErrorKind::Decode),
    ] {
        let mut script = Script::new(&session, session.call(CREATE));
        script.sends().answered(response);
        let error = script.fails();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.last().kind(), kind);
        assert!(!error.to_string().contains("attempts"), "{error}");
    }
}

#[test]
fn the_last_refusal_is_kept_with_everything_that_it_says() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    for response in [throttled(), gateway(503, "500"), answer(502, "", "")] {
        script.repeats_after(Event::Response(response));
    }
    let last = with(gateway(500, "900"), "x-ncp-request-id", "r-4");
    script.sends().answered(with(last, "retry-after", "3"));
    let error = script.fails();
    assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 4 });
    assert_eq!(error.last().kind(), ErrorKind::Gateway);
    for error in [error, error.last()] {
        assert_eq!(error.code(), Some("900"));
        assert_eq!(error.message(), Some("No"));
        assert_eq!(error.details(), Some("Because"));
        assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(error.request_id(), Some("r-4"));
        assert_eq!(error.operation(), Some("getThing"));
        assert_eq!(error.retry_after(now()), Some(secs(3)));
        assert!(error.body().is_some_and(|body| body.starts_with(b"{\"error\"")));
    }
    assert_eq!(
        error.to_string(),
        "getThing: the gateway refused the call: 900 No - Because (HTTP 500, request id r-4) \
         (the last of 4 attempts)"
    );
}

#[test]
fn a_final_refusal_after_repeated_ones_says_how_many_attempts_there_were() {
    let session = session();
    let mut script = Script::new(&session, session.call(CREATE));
    script
        .repeats_after(Event::Response(throttled()))
        .sends()
        .answered(service(400, "1401"));
    let error = script.fails();
    assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
    assert_eq!(error.last().kind(), ErrorKind::Service);
    assert_eq!(error.code(), Some("1401"));
}

#[test]
fn what_lies_beneath_the_last_failure_can_be_reached() {
    let session = attempts(2);
    let mut script = Script::new(&session, session.call(GET));
    script
        .repeats_after(Event::Response(throttled()))
        .sends()
        .failed(maybe_sent());
    let error = script.fails();
    assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
    let is_reset = |error: &(dyn std::error::Error + 'static)| {
        let beneath = error.downcast_ref::<io::Error>();
        beneath.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
    };
    assert!(error.last().source().is_some_and(is_reset));
    let mut beneath = error.source();
    while let Some(error) = beneath.filter(|error| !is_reset(*error)) {
        beneath = error.source();
    }
    assert!(
        beneath.is_some(),
        "no way from the error to what lies beneath: {error:?}"
    );
}

#[test]
fn the_end_of_many_attempts_is_one_line_whatever_was_answered() {
    let session = attempts(2);
    let body = format!(
        r#"{{"error":{{"errorCode":"410","message":"a\nb\u001b[31m","details":"{}"}}}}"#,
        "x".repeat(5000)
    );
    let mut script = Script::new(&session, session.call(GET));
    script
        .repeats_after(Event::Response(throttled()))
        .sends()
        .answered(answer(429, "application/json", body));
    let line = script.fails().to_string();
    assert!(line.ends_with("(the last of 2 attempts)"), "{line}");
    assert!(line.len() < 1000 && !line.chars().any(char::is_control), "{line}");
    assert_eq!(line.matches("attempts").count(), 1, "{line}");
}

#[test]
fn the_end_of_many_attempts_is_asked_like_the_last_of_them() {
    let session = attempts(2);
    let end = |first, last| {
        let mut script = Script::new(&session, session.call(GET));
        script.repeats_after(Event::Response(first)).sends();
        script.answered(last);
        let error = script.fails();
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
        (
            error.is_throttled(),
            error.is_permission_denied(),
            error.is_authentication_failed(),
        )
    };
    let busy = || gateway(503, "500");
    assert_eq!(end(busy(), throttled()), (true, false, false));
    assert_eq!(end(throttled(), gateway(401, "210")), (false, true, false));
    assert_eq!(end(throttled(), gateway(401, "200")), (false, false, true));
    assert_eq!(end(throttled(), busy()), (false, false, false));
}

#[test]
fn every_attempt_is_signed_anew_for_its_own_time() {
    let session = session();
    for safety in super::SAFETIES {
        let raw = raw(safety);
        let mut script = Script::new(&session, session.raw_call(&raw));
        let mut ends = Vec::new();
        for _ in 0..3 {
            ends.push(script.time);
            script.sends().after(millis(1_500)).answered(throttled());
            script.sleeps(..).wakes();
        }
        ends.push(script.time);
        script.sends().answered(success()).succeeds();
        for (time, end) in script.times().iter().zip(&ends) {
            assert!(apart(*time, *end) < millis(1), "signed for another time");
        }
        for pair in script.requests.windows(2) {
            assert_eq!(pair[0].uri(), pair[1].uri());
            assert_eq!(pair[0].body(), pair[1].body());
            for name in [ncloud_core::TIMESTAMP_HEADER, ncloud_core::SIGNATURE_HEADER] {
                assert_ne!(pair[0].headers()[name], pair[1].headers()[name], "{name}");
            }
        }
    }
}

#[test]
fn keys_that_expire_between_two_attempts_are_not_used_and_the_first_is_not_forgotten() {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY)
        .unwrap()
        .with_expiry(now() + secs(5));
    let session = Session::new(&credentials, Site::Public).unwrap().with_seed(1);
    let raw = raw(Safety::Idempotent);
    let mut script = Script::new(&session, session.raw_call(&raw));
    let page = with(answer(503, "text/html", "<html>"), "retry-after", "5");
    script.sends().answered(page).sleeps(secs(5)..).wakes();
    let error = script.fails();
    assert!(
        error.may_have_been_sent(),
        "one attempt was sent, and yet: {error}"
    );
}

#[test]
fn attempts_of_which_none_was_sent_leave_nothing_to_doubt() {
    let refused = || Error::transport(Sent::No, "connection refused");
    let end = |first: Event| {
        let session = attempts(2);
        let mut script = Script::new(&session, session.call(GET));
        script.repeats_after(first).sends().failed(refused());
        let error = script.fails();
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
        error.may_have_been_sent()
    };
    assert!(!end(Event::Failed(refused())));
    assert!(end(Event::Failed(maybe_sent())));
    assert!(end(Event::Response(throttled())));
}
