//! When keys are fetched anew: early, not too often, and what is done while that does not work.

use super::*;

#[test]
fn keys_are_renewed_a_quarter_of_an_hour_before_their_end() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    goes_on_with(&session, 1, now() + minutes(45) - secs(1));
    let mut call = Steps::at(now() + minutes(45), session.call(&list));
    call.fetches(2, now() + minutes(105)).answered(images());
    assert!(call.ends().is_ok());
    goes_on_with(&session, 2, now() + minutes(90) - secs(1));
}

#[test]
fn keys_that_are_good_for_less_than_half_an_hour_are_renewed_half_way() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(20));
    goes_on_with(&session, 1, now() + minutes(10) - secs(1));
    assert_asks(Steps::at(now() + minutes(10), session.call(&list)).sends(), PATH);
}

#[test]
fn the_same_keys_again_are_asked_for_whenever_half_of_the_rest_is_over() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let end = now() + minutes(60);
    let mut left = minutes(15);
    while left > minutes(2) {
        let mut call = Steps::at(end - left, session.call(&list));
        call.fetches(1, end).answered(images());
        assert!(call.ends().is_ok());
        goes_on_with(&session, 1, end - left / 2 - secs(1));
        left /= 2;
    }
    // Towards the end, not more often than once a minute.
    let close = end - secs(80);
    let mut call = Steps::at(close, session.call(&list));
    call.fetches(1, end).answered(images());
    goes_on_with(&session, 1, close + secs(59));
    assert_asks(Steps::at(close + secs(60), session.call(&list)).sends(), PATH);
}

#[test]
fn old_keys_are_used_to_their_real_end_while_no_new_ones_can_be_had() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    for minute in 45..60 {
        let time = now() + minutes(minute);
        let mut call = Steps::at(time, session.call(&list));
        // Asked once and not waited for: there are keys to go on with.
        assert_asks(call.sends(), PATH);
        if minute % 2 == 0 {
            call.cut_off();
        } else {
            call.answered(name()).answered(answer(500, "", ""));
        }
        call.sends_with(1).answered(images());
        assert!(call.ends().is_ok());
        goes_on_with(&session, 1, time + secs(59));
    }
    let mut call = Steps::at(now() + minutes(60), session.call(&list));
    for _ in 0..2 {
        assert_asks(call.sends(), PATH);
        call.cut_off().sleeps(..).wakes();
    }
    call.cut_off();
    assert_no_keys(&call.ends().unwrap_err(), "does not answer");
    let mut call = Steps::at(now() + minutes(61), session.call(&list));
    call.fetches(2, now() + minutes(121)).answered(images());
    assert!(call.ends().is_ok());
}

#[test]
fn keys_that_end_between_two_attempts_are_renewed_for_the_second_one() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let mut call = Steps::at(now() + minutes(44), session.call(&list));
    call.sends_with(1);
    call.after(minutes(1))
        .answered(answer(503, "", ""))
        .sleeps(..)
        .wakes();
    call.fetches(2, now() + minutes(120)).answered(images());
    assert!(call.ends().is_ok());
}

#[test]
fn keys_are_judged_by_the_metadata_services_clock() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    // This host is an hour behind: by its own clock the keys would be good for two hours.
    let mut call = Steps::new(session.call(&list));
    call.answered(ahead(name()))
        .answered(ahead(keys(1, now() + minutes(120))));
    call.sends_with(1);
    assert_eq!(signed_at(call.sends()), now() + minutes(60));
    goes_on_with(&session, 1, now() + minutes(44));
    assert_asks(Steps::at(now() + minutes(45), session.call(&list)).sends(), PATH);
}

#[test]
fn the_gateways_own_clock_counts_more_than_the_metadata_services() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    let mut call = Steps::new(session.call(&list));
    call.answered(ahead(name()))
        .answered(ahead(keys(1, now() + minutes(90))));
    assert_eq!(signed_at(call.sends()), now() + minutes(60));
    let refused = refused_by_gateway(401, "200");
    call.answered(dated(refused, "Thu, 26 Jun 2025 02:09:07 GMT"));
    assert_eq!(signed_at(call.sends()), now());
    call.answered(images());
    assert!(call.ends().is_ok());
    // The next keys come with the wrong time again.
    let mut call = Steps::at(now() + minutes(80), session.call(&list));
    call.answered(ahead(name()))
        .answered(ahead(keys(2, now() + minutes(180))));
    call.sends_with(2);
    assert_eq!(signed_at(call.sends()), now() + minutes(80));
}

/// With the time of a clock that is an hour ahead.
fn ahead(response: Response<Bytes>) -> Response<Bytes> {
    dated(response, "Thu, 26 Jun 2025 03:09:07 GMT")
}

fn dated(mut response: Response<Bytes>, date: &str) -> Response<Bytes> {
    response.headers_mut().insert("date", date.parse().unwrap());
    response
}

fn signed_at(request: &Request<Bytes>) -> SystemTime {
    let millis = header(request, TIMESTAMP_HEADER).parse().unwrap();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

#[test]
fn the_renewal_by_itself_does_what_a_call_does() {
    let role = role();
    let mut renewal = Steps::new(role.renewal());
    assert_asks(renewal.sends(), PATH);
    renewal.answered(name()).answered(keys(1, now() + minutes(60)));
    assert!(renewal.ends().is_ok());
    // Nothing to do.
    assert!(Steps::new(role.renewal()).ends().is_ok());
    goes_on_with(&session(&role), 1, now());
}

#[test]
fn a_request_that_is_built_without_a_call_is_not_signed_with_keys_that_have_expired() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    begin(&session, minutes(60));
    let in_time = now() + minutes(60) - secs(1);
    assert_signed_with(1, &session.request(&list, in_time).unwrap());
    for late in [minutes(60), minutes(61)] {
        let error = session.request(&list, now() + late).unwrap_err();
        assert_no_keys(&error, "have expired");
    }
}
