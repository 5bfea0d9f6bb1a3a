//! Ends: done, failed, gone, too late; each with what was seen last.

use super::*;

/// Waits for a state of something whose service says by a code that it is gone.
fn until(awaits_gone: bool) -> impl Waiter<Operation = GetMemberServerImageInstanceDetail> {
    let operation = GetMemberServerImageInstanceDetail::new("1");
    let judge = |output: &Output| match code(output) {
        "CREAT" => State::Done,
        "gone" => State::Gone,
        _ => State::Still,
    };
    let until = if awaits_gone {
        Until::gone(operation, judge)
    } else {
        Until::new(operation, judge)
    };
    until.with_not_found_codes(&["5001017", "1007000"])
}

#[test]
fn a_state_of_failure_is_an_error_with_the_answer_that_shows_it() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    steps.looks_and_waits(shows("INIT")).answered(shows("CREFL"));
    let error = steps.ends().unwrap_err();
    assert_eq!(code(&error.last().unwrap().value), "CREFL");
    assert_eq!(error.last().unwrap().request_id(), Some("r-CREFL"));
    assert!(matches!(error, WaitError::Failed { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.starts_with("getMemberServerImageInstanceDetail: "), "{text}");
    let error = Error::from(error);
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Wait, Some("getMemberServerImageInstanceDetail"))
    );
    assert_eq!(error.to_string(), text);
}

#[test]
fn what_was_seen_and_is_gone_is_gone_at_once_with_the_answer_that_showed_it_last() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    steps.looks_and_waits(shows("INIT")).answered(shows_nothing());
    let error = steps.ends().unwrap_err();
    assert!(matches!(error, WaitError::Gone { .. }), "{error:?}");
    assert_eq!(code(&error.last().unwrap().value), "INIT");
}

#[test]
fn what_was_never_seen_is_waited_for_half_a_minute_and_then_gone() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    while steps.answered(shows_nothing()).time < now() + secs(30) {
        steps.sleeps(..).wakes().sends();
    }
    let error = steps.ends().unwrap_err();
    assert!(matches!(error, WaitError::Gone { .. }), "{error:?}");
    assert_eq!(error.last().unwrap().request_id(), Some("r-gone"));

    // If it shows up in the meantime, it was only late.
    let mut steps = Steps::new(session.wait(&created));
    steps
        .looks_and_waits(shows_nothing())
        .looks_and_waits(shows("INIT"));
    steps.answered(shows("CREAT"));
    assert!(steps.ends().is_ok());
}

#[test]
fn what_is_to_be_gone_is_done_when_it_is_even_at_the_first_look() {
    let (session, deleted) = (session(), deleted());
    let mut steps = Steps::new(session.wait(&deleted));
    steps.answered(shows_nothing());
    assert_eq!(steps.ends().unwrap().request_id(), Some("r-gone"));
    let mut steps = Steps::new(session.wait(&deleted));
    steps.looks_and_waits(shows("CREAT")).answered(shows_nothing());
    assert!(steps.ends().is_ok());
}

#[test]
fn a_code_that_says_not_found_is_gone_too() {
    let session = session();
    for code in ["5001017", "1007000"] {
        let gone = until(true);
        let mut steps = Steps::new(session.wait(&gone));
        steps
            .looks_and_waits(shows("INIT"))
            .answered(refused_by_service(code));
        let reply = steps.ends().unwrap();
        assert_eq!(reply.head.status(), 400);
        assert!(reply.value.member_server_image_instance_list.is_empty());

        let there = until(false);
        let mut steps = Steps::new(session.wait(&there));
        steps
            .looks_and_waits(shows("INIT"))
            .answered(refused_by_service(code));
        let error = steps.ends().unwrap_err();
        assert!(matches!(error, WaitError::Gone { .. }), "{error:?}");
        assert_eq!(super::code(&error.last().unwrap().value), "INIT");

        // Never seen: not there yet, for a while.
        let mut steps = Steps::new(session.wait(&there));
        steps
            .answered(refused_by_service(code))
            .sleeps(..)
            .wakes()
            .sends();
        steps.after(secs(30)).answered(refused_by_service(code));
        assert!(matches!(steps.ends(), Err(WaitError::Gone { .. })));
    }
    // Another code, or the same one from somebody else, says nothing of the kind.
    for other in [refused_by_service("5001018"), refused_by_gateway(404, "5001017")] {
        let gone = until(true);
        let mut steps = Steps::new(session.wait(&gone));
        steps.answered(other);
        assert!(matches!(steps.ends(), Err(WaitError::Call(_))));
    }
}

#[test]
fn the_deadline_has_a_last_look_and_keeps_what_was_seen() {
    let (session, created) = (session(), created());
    for deadline in [secs(1), secs(10), secs(300)] {
        let polling = Polling::default().with_deadline(deadline).unwrap();
        let mut steps = Steps::new(session.wait(&created).with_polling(polling));
        let mut count = 1;
        while !steps.answered(shows("INIT")).is_done() {
            assert!(steps.time < now() + deadline);
            steps.sleeps(..).wakes().sends();
            count += 1;
        }
        // No look is made to wait longer than the deadline, and the last one is made when it is there.
        assert_eq!(steps.time, now() + deadline);
        let error = steps.ends().unwrap_err();
        let WaitError::TimedOut {
            looks,
            after,
            source,
            last,
            ..
        } = &error
        else {
            panic!("{error:?}");
        };
        assert_eq!((*looks, *after, source.is_none()), (count, deadline, true));
        assert_eq!(code(&last.as_ref().unwrap().value), "INIT");
        let text = error.to_string();
        assert!(
            text.contains(&format!(
                "not yet after {} s and {count} looks",
                deadline.as_secs()
            )),
            "{text}"
        );
        assert_eq!(Error::from(error).kind(), ErrorKind::Wait);
    }
}

#[test]
fn the_last_look_may_still_find_it_done() {
    let (session, created) = (session(), created());
    let polling = Polling::default().with_deadline(secs(2)).unwrap();
    let mut steps = Steps::new(session.wait(&created).with_polling(polling));
    while steps.time < now() + secs(2) {
        steps.answered(shows("INIT")).sleeps(..).wakes().sends();
    }
    steps.answered(shows("CREAT"));
    assert!(steps.ends().is_ok());
}

#[test]
fn too_late_after_looks_that_failed_tells_why_the_last_one_did() {
    let (session, created) = (session(), created());
    let polling = Polling::default().with_deadline(secs(20)).unwrap();
    let mut steps = Steps::new(session.wait(&created).with_polling(polling));
    steps.answered(shows("INIT")).sleeps(..).wakes();
    while !steps.cut_off().is_done() {
        steps.sleeps(..).wakes().sends();
    }
    let error = steps.ends().unwrap_err();
    assert_eq!(code(&error.last().unwrap().value), "INIT");
    assert!(error.to_string().contains("; the last one failed: "), "{error}");
    let source = std::error::Error::source(&error).expect("what went wrong with the last look");
    assert!(source.to_string().contains("cut off"), "{source}");
}

#[test]
fn intervals_and_deadlines_that_cannot_be_are_refused() {
    let zero = Duration::ZERO;
    for (first, longest) in [(zero, secs(1)), (zero, zero), (secs(2), secs(1))] {
        let error = Polling::default().with_interval(first, longest).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("interval"))
        );
    }
    let error = Polling::default().with_deadline(zero).unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Build, Some("deadline"))
    );
}

#[test]
fn a_wait_of_any_length_can_be_asked_for() {
    let (session, created) = (session(), created());
    let polling = Polling::default()
        .with_interval(Duration::MAX, Duration::MAX)
        .and_then(|polling| polling.with_deadline(Duration::MAX))
        .unwrap();
    let mut steps = Steps::new(session.wait(&created).with_polling(polling));
    steps.answered(shows("INIT")).sleeps(secs(1 << 31)..);
}
