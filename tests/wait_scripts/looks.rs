//! Looks: when they are made, what they may take, what they tell, and that each has its own retries.

use http::HeaderValue;

use super::*;

#[test]
fn the_first_look_is_at_once_and_the_others_follow_until_it_is_done() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    assert!(
        steps
            .sends()
            .uri()
            .path()
            .ends_with("/getMemberServerImageInstanceDetail")
    );
    steps
        .looks_and_waits(shows("INIT"))
        .looks_and_waits(shows("INIT"));
    steps.sends();
    steps.answered(shows("CREAT"));
    let reply = steps.ends().unwrap();
    assert_eq!(
        (code(&reply.value), reply.request_id()),
        ("CREAT", Some("r-CREAT"))
    );
}

#[test]
fn a_state_that_nobody_knew_of_is_on_its_way() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    for code in ["INIT", "COPYING", "", "creat"] {
        steps.looks_and_waits(shows(code));
    }
    steps.sends();
}

#[test]
fn intervals_grow_and_are_spread_within_their_bounds() {
    const BOUNDS: [(u64, u64); 6] = [
        (1500, 2500),
        (2250, 3750),
        (3375, 5625),
        (5062, 8438),
        (7500, 12_500),
        (7500, 12_500),
    ];
    let deleted = deleted();
    let mut first = Vec::new();
    for seed in 0..200 {
        let session = session().with_seed(seed);
        let mut steps = Steps::new(session.wait(&deleted));
        for (number, (least, most)) in BOUNDS.into_iter().enumerate() {
            steps
                .answered(shows("CREAT"))
                .sleeps(millis(least)..=millis(most));
            if number == 0 {
                first.push(steps.slept());
            }
            steps.wakes().sends();
        }
    }
    // In every quarter of the range, about a quarter of them.
    for quarter in 0..4 {
        let range = millis(1500 + 250 * quarter)..millis(1750 + 250 * quarter);
        let share = first.iter().filter(|time| range.contains(*time)).count();
        assert!((25..=75).contains(&share), "{share} of 200 in {range:?}");
    }
}

#[test]
fn progress_is_told_once_for_every_answer() {
    let (session, created) = (session(), created());
    let seen = Mutex::new(Vec::new());
    let wait = session.wait(&created).on_progress(|reply| {
        seen.lock().unwrap().push(code(&reply.value).to_owned());
    });
    let mut steps = Steps::new(wait);
    steps
        .looks_and_waits(shows_nothing())
        .looks_and_waits(shows("INIT"));
    // An attempt that fails is nobody's progress.
    steps.cut_off().sleeps(..).wakes().sends();
    steps.answered(shows("CREFL"));
    assert!(steps.ends().is_err());
    assert_eq!(*seen.lock().unwrap(), ["gone", "INIT", "CREFL"]);
}

#[test]
fn a_look_has_its_own_retries_and_counts_once() {
    let (session, created) = (session(), created());
    let polling = Polling::default().with_deadline(secs(5)).unwrap();
    let mut steps = Steps::new(session.wait(&created).with_polling(polling));
    for _ in 0..3 {
        steps.sends();
        steps.answered(answer(503, "", "")).sleeps(..=millis(800)).wakes();
    }
    steps.answered(shows("INIT")).sleeps(millis(1500)..).wakes();
    steps.after(secs(10)).answered(shows("INIT"));
    let Err(WaitError::TimedOut { looks, source, .. }) = steps.ends() else {
        panic!("it did not time out");
    };
    assert_eq!((looks, source.is_none()), (2, true));
}

#[test]
fn a_look_that_fails_for_good_for_a_passing_reason_does_not_end_the_wait() {
    let (session, created) = (session(), created());
    for failure in [
        || answer(503, "text/html", "<html>"),
        || refused_by_gateway(429, "410"),
        || refused_by_gateway(504, "510"),
        || refused_by_service("1000"),
    ] {
        let mut steps = Steps::new(session.wait(&created));
        for _ in 0..3 {
            steps.answered(failure()).sleeps(..).wakes().sends();
        }
        steps.answered(failure()).sleeps(millis(1500)..).wakes();
        steps.looks_and_waits(shows("INIT")).sends();
        steps.answered(shows("CREAT"));
        assert!(steps.ends().is_ok());
    }
}

#[test]
fn a_look_that_is_turned_away_for_longer_than_it_may_take_is_repeated_after_that() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    let mut busy = refused_by_gateway(429, "410");
    busy.headers_mut()
        .insert("retry-after", HeaderValue::from_static("120"));
    steps.answered(busy).sleeps(secs(120)..=secs(120)).wakes().sends();
    steps.answered(shows("CREAT"));
    assert!(steps.ends().is_ok());
}

#[test]
fn a_failure_that_does_not_pass_ends_the_wait_at_once() {
    let (session, created) = (session(), created());
    for (failure, kind) in [
        (refused_by_gateway(401, "210"), ErrorKind::Gateway),
        (refused_by_service("1401"), ErrorKind::Service),
        (json("<html>"), ErrorKind::Decode),
    ] {
        let mut steps = Steps::new(session.wait(&created));
        steps.looks_and_waits(shows("INIT")).sends();
        steps.answered(failure);
        match steps.ends() {
            Err(WaitError::Call(error)) => assert_eq!(error.kind(), kind),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn waking_early_sleeps_the_rest_and_a_clock_that_is_set_does_not_prolong_it() {
    let (session, created) = (session(), created());
    let mut steps = Steps::new(session.wait(&created));
    steps.answered(shows("INIT")).sleeps(secs(1)..);
    let left = steps.slept().saturating_sub(millis(400));
    steps.after(millis(400)).happens(Event::Woke);
    steps.sleeps(left..=left).wakes().sends();
    // Set back by an hour during the sleep: it looks, instead of sleeping for an hour.
    steps.answered(shows("INIT")).sleeps(..);
    steps.time -= secs(3600);
    steps.happens(Event::Woke).sends();
    steps.answered(shows("INIT")).sleeps(..=secs(13));
}

#[test]
fn a_look_may_take_what_is_left_and_ten_seconds_in_any_case() {
    let (session, created) = (session(), created());
    let polling = Polling::default().with_deadline(secs(60)).unwrap();
    let mut steps = Steps::new(session.wait(&created).with_polling(polling));
    assert_eq!(steps.machine.time_left(steps.time), Some(secs(60)));
    steps.answered(shows("INIT")).sleeps(..);
    assert_eq!(steps.machine.time_left(steps.time), None);
    steps
        .wakes()
        .after(secs(50))
        .answered(shows("INIT"))
        .sleeps(..)
        .wakes()
        .sends();
    assert_eq!(steps.machine.time_left(steps.time), Some(secs(10)));
    let wait = session.wait(&created).with_call_timeout(secs(7));
    assert_eq!(Steps::new(wait).machine.time_left(now()), Some(secs(7)));
    assert_eq!(
        Steps::new(session.wait(&created)).machine.time_left(now()),
        Some(secs(100))
    );
}
