//! Calls at the same time: one of them fetches the keys, and whoever lets go of it lets others do so.

use super::*;

/// What a call does while another one fetches keys that it needs.
fn waits(call: &mut Script<'_>) {
    call.sleeps(millis(25)..=millis(25)).wakes();
}

#[test]
fn of_many_calls_one_fetches_the_keys_and_all_are_signed_with_them() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    let mut first = Steps::new(session.call(&list));
    let mut others: Vec<_> = (0..50).map(|_| Steps::new(session.call(&list))).collect();
    assert_asks(first.sends(), PATH);
    others.iter_mut().for_each(waits);
    first.answered(name());
    others.iter_mut().for_each(waits);
    first.answered(keys(1, now() + minutes(60))).sends_with(1);
    for other in &mut others {
        other.sleeps(..).wakes().sends_with(1).answered(images());
        assert!(other.is_done());
    }
}

#[test]
fn while_one_renews_the_others_go_on_with_the_old_keys() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let time = now() + minutes(50);
    let mut first = Steps::at(time, session.call(&list));
    assert_asks(first.sends(), PATH);
    goes_on_with(&session, 1, time);
    first.answered(name());
    goes_on_with(&session, 1, time);
    first.answered(keys(2, now() + minutes(120))).sends_with(2);
    goes_on_with(&session, 2, time);
}

#[test]
fn a_failure_is_everybodys_who_waited_for_it() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    let mut first = Steps::new(session.call(&list));
    let mut others: Vec<_> = (0..5).map(|_| Steps::new(session.call(&list))).collect();
    for _ in 0..2 {
        first.cut_off().sleeps(..).wakes().sends();
        others.iter_mut().for_each(waits);
    }
    first.cut_off();
    assert_no_keys(&first.ends().unwrap_err(), "does not answer");
    for mut other in others {
        // None of them asks a service that has just shown that it is not there.
        other.sleeps(..).wakes();
        assert_no_keys(&other.ends().unwrap_err(), "does not answer");
    }
    // Who comes later does.
    assert_asks(Steps::new(session.call(&list)).sends(), PATH);
}

#[test]
fn a_call_that_is_dropped_lets_another_one_fetch() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    for stage in 0..3 {
        let mut first = Steps::new(session.call(&list));
        match stage {
            0 => {}
            1 => drop(first.answered(name()).sends().clone()),
            _ => drop(first.cut_off().sleeps(..)),
        }
        let mut other = Steps::new(session.call(&list));
        waits(&mut other);
        drop(first);
        other.sleeps(..).wakes();
        assert_asks(other.sends(), PATH);
    }
    begin(&session, minutes(60));
}

#[test]
fn waiting_for_keys_does_not_go_on_for_longer_than_a_call_may_take() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    let _first = Steps::new(session.call(&list));
    let mut other = Steps::new(session.call(&list).with_deadline(secs(2)));
    while !other.is_done() {
        assert!(other.time < now() + secs(2));
        waits(&mut other);
    }
    assert_no_keys(&other.ends().unwrap_err(), "within the time of the call");
}

#[test]
fn sessions_of_one_role_share_its_keys_and_other_roles_have_their_own() {
    let (one, list) = (role(), List::new());
    begin(&session(&one), minutes(60));
    goes_on_with(&session(&one.clone()).with_region("KR").unwrap(), 1, now());
    assert_asks(Steps::new(session(&role()).call(&list)).sends(), PATH);
}
