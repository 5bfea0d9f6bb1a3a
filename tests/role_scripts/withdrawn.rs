//! Keys that the gateway refuses before their time: fetched anew once, and not for ever.

use super::*;

#[test]
fn withdrawn_keys_are_replaced_and_the_call_is_repeated_at_once() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let mut call = Steps::at(now() + minutes(5), session.call(&list));
    call.sends_with(1).answered(refused_by_gateway(401, "200"));
    call.fetches(2, now() + minutes(65)).answered(images());
    assert!(call.ends().is_ok());
    goes_on_with(&session, 2, now() + minutes(6));
}

#[test]
fn a_change_is_repeated_too_since_it_was_not_made() {
    let role = role();
    let session = session(&role);
    begin(&session, minutes(60));
    let create = CreateMemberServerImageInstance::new("900101");
    let mut call = Steps::new(session.call(&create));
    assert_signed_with(1, call.sends());
    call.answered(refused_by_gateway(401, "200")).answered(name());
    call.answered(keys(2, now() + minutes(60)));
    assert_signed_with(2, call.sends());
}

#[test]
fn keys_that_are_refused_again_end_the_call() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    for number in [1, 2] {
        // The same ones again, or others.
        let mut call = Steps::new(session.call(&list));
        call.sends_with(1).answered(refused_by_gateway(401, "200"));
        call.fetches(number, now() + minutes(60));
        call.answered(refused_by_gateway(401, "200"));
        let error = call.ends().unwrap_err();
        assert!(error.is_authentication_failed(), "{error}");
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
        let mut call = Steps::new(session.call(&list));
        call.sends_with(number).answered(images());
    }
}

#[test]
fn of_calls_whose_keys_were_withdrawn_at_the_same_time_one_fetches_new_ones() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let mut first = Steps::new(session.call(&list));
    let mut second = Steps::new(session.call(&list));
    let mut third = Steps::new(session.call(&list));
    first.sends_with(1).answered(refused_by_gateway(401, "200"));
    second.sends_with(1).answered(refused_by_gateway(401, "200"));
    assert_asks(first.sends(), PATH);
    second.sleeps(..).wakes().sleeps(..);
    first
        .answered(name())
        .answered(keys(2, now() + minutes(60)))
        .sends_with(2);
    second.wakes().sends_with(2);
    // New keys are not forgotten because old ones were refused.
    third.sends_with(1).answered(refused_by_gateway(401, "200"));
    third.sends_with(2);
}

#[test]
fn a_refusal_is_told_when_no_new_keys_can_be_had() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let mut call = Steps::new(session.call(&list));
    call.sends_with(1).answered(refused_by_gateway(401, "200"));
    for _ in 0..2 {
        call.happens(Event::Response(answer(500, "", "")))
            .sleeps(..)
            .wakes();
    }
    call.answered(answer(500, "", ""));
    assert_no_keys(&call.ends().unwrap_err(), "HTTP 500");
}
