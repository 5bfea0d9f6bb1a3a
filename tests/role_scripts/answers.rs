//! What the metadata service may answer, and what comes of it: keys, another try, or an error that says why.

use super::*;

/// What becomes of a call whose metadata service answers like this, to the question for the name or for the keys, every time.
fn refused(for_keys: bool, response: impl Fn() -> Response<Bytes>) -> (Error, usize) {
    let role = role();
    let session = session(&role);
    let list = List::new();
    let mut call = Steps::new(session.call(&list));
    let mut tries = 0;
    loop {
        assert_asks(call.sends(), PATH);
        tries += 1;
        if for_keys {
            call.answered(name());
        }
        if call.answered(response()).is_done() {
            return (call.ends().unwrap_err(), tries);
        }
        call.sleeps(millis(200)..=millis(400)).wakes();
    }
}

#[test]
fn a_role_has_its_keys_fetched_before_the_first_request() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    let mut call = Steps::new(session.call(&list));
    call.fetches(1, now() + minutes(60)).answered(images());
    assert!(call.ends().is_ok());
    goes_on_with(&session, 1, now() + secs(1));
}

#[test]
fn without_a_role_it_is_not_asked_again() {
    for (response, problem) in [
        (answer(404, "text/plain", "Path Not found."), "HTTP 404"),
        (answer(200, "text/plain", ""), "has no role"),
        (answer(200, "text/plain", "\n web"), "has no role"),
    ] {
        let body = response.body().clone();
        let status = response.status().as_u16();
        let (error, tries) = refused(false, || answer(status, "text/plain", body.clone()));
        assert_no_keys(&error, problem);
        assert_eq!(tries, 1, "{problem}");
    }
}

#[test]
fn what_is_no_name_is_asked_for_three_times() {
    for (status, body, problem) in [
        (500, "web", "HTTP 500"),
        (403, "web", "HTTP 403"),
        (302, "web", "HTTP 302"),
        (200, "<html><body>Sign in</body></html>", "no name of a role"),
        (200, "../../user-data", "no name of a role"),
        (200, "web?x=y", "no name of a role"),
    ] {
        let (error, tries) = refused(false, || answer(status, "text/html", body));
        assert_no_keys(&error, problem);
        assert_eq!(tries, 3, "{body}");
    }
}

#[test]
fn what_are_no_keys_is_asked_for_three_times() {
    const AK: &str = r#""AccessKeyId":"ncp_ak_TEST1""#;
    const SK: &str = r#""SecretAccessKey":"ncp_sk_TEST1""#;
    const LATER: &str = r#""Expiration":"2025-06-26T05:00:00Z""#;
    for (body, problem) in [
        (
            format!(r#"{{"Code":"Failed","Message":"ncp_sk_TEST1",{AK},{SK},{LATER}}}"#),
            "Code Failed",
        ),
        (format!(r#"{{"Code":"500",{AK},{SK},{LATER}}}"#), "Code 500"),
        (format!("{{{SK},{LATER}}}"), "without AccessKeyId"),
        (format!("{{{AK},{LATER}}}"), "without SecretAccessKey"),
        (format!("{{{AK},{SK}}}"), "without Expiration"),
        (format!(r#"{{{AK},{SK},"Expiration":""}}"#), "without Expiration"),
        (format!(r#"{{{AK},{SK},"Expiration":"soon"}}"#), "Expiration"),
        (
            format!(r#"{{{AK},{SK},"Expiration":"2025-06-26T02:09:07Z"}}"#),
            "expired",
        ),
        (
            format!(r#"{{{AK},"SecretAccessKey":"ncp_sk_TEST\n1",{LATER}}}"#),
            "secret key",
        ),
        (
            format!(r#"{{"AccessKeyId":"ncp_ak_TEST\r\nx: y",{SK},{LATER}}}"#),
            "access key",
        ),
        ("<html>ncp_sk_TEST1</html>".to_owned(), "no JSON object"),
        (String::new(), "no JSON object"),
        ("[]".to_owned(), "no JSON object"),
        ("null".to_owned(), ""),
    ] {
        let (error, tries) = refused(true, || json(body.clone()));
        assert_no_keys(&error, problem);
        assert_eq!(tries, 3, "{body}");
    }
    let (error, tries) = refused(true, || answer(500, "", "ncp_sk_TEST1"));
    assert_no_keys(&error, "HTTP 500");
    assert_eq!(tries, 3);
    // The role was taken away in the meantime.
    let (error, tries) = refused(true, || answer(404, "text/plain", "Path Not found."));
    assert_no_keys(&error, "HTTP 404");
    assert_eq!(tries, 1);
}

#[test]
fn success_and_dates_are_understood_in_every_form_that_is_known() {
    for (code, expiration) in [
        (r#""Code":"Success","#, "2025-06-26T03:09:07Z"),
        (r#""Code":"success","#, "2025-06-26T03:09:07+0000"),
        (r#""Code":"200","#, "2025-06-26T12:09:07+0900"),
        (r#""Code":"OK","#, "2025-06-26T03:09:07.500Z"),
        (r#""Code":null,"#, "2025-06-26T03:09:07+00:00"),
        ("", "2025-06-26T03:09:07Z"),
    ] {
        let role = role();
        let (session, list) = (session(&role), List::new());
        let mut call = Steps::new(session.call(&list));
        call.answered(name()).answered(json(format!(
            r#"{{{code}"Expiration":"{expiration}","AccessKeyId":"ncp_ak_TEST1","SecretAccessKey":"ncp_sk_TEST1"}}"#
        )));
        call.sends_with(1);
        // Before that, they are good; after it, they are not.
        goes_on_with(&session, 1, now() + minutes(44));
        let late = now() + minutes(60) + secs(1);
        assert_asks(Steps::at(late, session.call(&list)).sends(), PATH);
    }
}

#[test]
fn trouble_that_passes_within_the_call_is_outlasted() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    let mut call = Steps::new(session.call(&list));
    call.cut_off().sleeps(..).wakes();
    call.answered(name())
        .answered(answer(503, "", ""))
        .sleeps(..)
        .wakes();
    call.fetches(1, now() + minutes(60)).answered(images());
    assert!(call.ends().is_ok());
}

#[test]
fn an_outage_ends_calls_in_an_error_and_is_over_when_it_is_over() {
    let role = role();
    let (session, list) = (session(&role), List::new());
    for _ in 0..3 {
        let mut call = Steps::new(session.call(&list));
        for _ in 0..2 {
            assert_asks(call.sends(), PATH);
            call.cut_off().sleeps(..).wakes();
        }
        call.cut_off();
        assert_no_keys(&call.ends().unwrap_err(), "does not answer");
        // Whoever builds requests without asking for keys gets an error, too, and nothing unsigned.
        assert_no_keys(&session.request(&list, now()).unwrap_err(), "does not answer");
    }
    begin(&session, minutes(60));
    assert_signed_with(1, &session.request(&list, now()).unwrap());
}

#[test]
fn nothing_is_built_before_keys_were_fetched() {
    let role = role();
    let error = session(&role).request(&List::new(), now()).unwrap_err();
    assert_no_keys(&error, "have not been fetched");
}
