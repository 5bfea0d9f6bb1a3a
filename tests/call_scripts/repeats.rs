//! What is repeated and what is not: every kind of failure for operations of every safety, typed and raw.

use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use ncloud_api::ReturnCode;
use ncloud_core::{Error, ErrorKind, Event, Machine, Reply, Safety, Sent, Session, Step};

use super::{CREATE, GET, GetThing, SAFETIES, SET, Script, gateway, raw, secs, service, session, success};
use crate::support::answer;

/// For which operations a failure is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Repeated {
    Always,
    /// Where carrying it out twice does no harm.
    Harmless,
    /// Where something was to be changed, and certainly was not.
    Changes,
    Never,
}

use Repeated::{Always, Changes, Harmless, Never};

impl Repeated {
    fn holds_for(self, safety: Safety) -> bool {
        match self {
            Always => true,
            Harmless => safety != Safety::Mutating,
            Changes => safety != Safety::Read,
            Never => false,
        }
    }
}

const HTML: &str = "<!DOCTYPE html><html><body>Bad things</body></html>";
const SPRING: &str = r#"{"timestamp":"2025-06-26T02:09:07","status":503,"error":"Unavailable","path":"/"}"#;

/// Whether a failure of the first attempt leads to another one.
fn is_repeated<M, T>(session: &Session, machine: M, event: Event) -> bool
where
    M: Machine<Output = Result<Reply<T>, Error>>,
    T: Debug,
{
    let mut script = Script::new(session, machine);
    script.sends().after(secs(1)).happens(event);
    if matches!(script.step, Step::Sleep(_)) {
        script.sleeps(..).wakes().sends();
        let times = script.times();
        assert!(times[1] >= times[0] + secs(1), "an attempt signed for the past");
        return true;
    }
    let error = script.fails();
    assert!(!matches!(error.kind(), ErrorKind::Exhausted { .. }), "{error}");
    assert!(error.operation().is_some(), "{error}");
    false
}

fn is_typed_repeated(safety: Safety, event: Event) -> bool {
    let session = session();
    match safety {
        Safety::Read => is_repeated(&session, session.call(GET), event),
        Safety::Idempotent => is_repeated(&session, session.call(SET), event),
        Safety::Mutating => is_repeated(&session, session.call(CREATE), event),
    }
}

fn assert_typed(what: &str, expected: Repeated, event: impl Fn() -> Event) {
    for safety in SAFETIES {
        let repeated = is_typed_repeated(safety, event());
        assert_eq!(repeated, expected.holds_for(safety), "{what}, {safety:?}");
    }
}

/// The same for typed and for raw calls.
fn assert_all(what: &str, expected: Repeated, event: impl Fn() -> Event) {
    assert_typed(what, expected, &event);
    for safety in SAFETIES {
        let (session, raw) = (session(), raw(safety));
        let repeated = is_repeated(&session, session.raw_call(&raw), event());
        assert_eq!(repeated, expected.holds_for(safety), "{what}, raw, {safety:?}");
    }
}

fn assert_answer(expected: Repeated, response: impl Fn() -> Response<Bytes>) {
    let shown = response();
    let what = format!("{} {:?}", shown.status(), shown.body());
    assert_all(&what, expected, || Event::Response(response()));
}

#[test]
fn refusals_of_the_gateway_are_repeated_by_what_their_codes_mean() {
    for (status, code, expected) in [
        (400, "100", Never),
        (401, "200", Never),
        (401, "210", Never),
        (403, "230", Never),
        (404, "300", Never),
        (429, "400", Always),
        (429, "410", Always),
        (429, "420", Always),
        (413, "430", Never),
        (503, "500", Harmless),
        (504, "510", Harmless),
        (500, "900", Harmless),
    ] {
        assert_answer(expected, || gateway(status, code));
        let number = format!(r#"{{"error":{{"errorCode":{code},"message":"No"}}}}"#);
        assert_answer(expected, || answer(status, "application/json", number.clone()));
        let flat = format!(r#"{{"errorCode":"{code}","message":"No"}}"#);
        assert_answer(expected, || answer(status, "application/json", flat.clone()));
        let xml = format!("<error><errorCode>{code}</errorCode><message>No</message></error>");
        assert_answer(expected, || answer(status, "application/xml", xml.clone()));
    }
}

#[test]
fn the_gateways_code_counts_more_than_the_status_it_comes_with() {
    for (status, code, expected) in [
        (503, "210", Never),
        (429, "300", Never),
        (200, "410", Always),
        (503, "420", Always),
        (200, "510", Harmless),
        (429, "500", Harmless),
        (504, "200", Never),
    ] {
        assert_answer(expected, || gateway(status, code));
    }
}

#[test]
fn an_unknown_code_of_the_gateway_is_repeated_by_its_status() {
    for (status, expected) in [
        (200, Never),
        (400, Never),
        (404, Never),
        (429, Always),
        (500, Harmless),
        (502, Harmless),
        (503, Harmless),
        (504, Harmless),
    ] {
        assert_answer(expected, || gateway(status, "520"));
        assert_answer(expected, || {
            answer(status, "application/json", r#"{"error":{"message":"No"}}"#)
        });
    }
}

#[test]
fn an_answer_that_says_nothing_is_repeated_by_its_status() {
    let bodies = [
        ("", ""),
        ("text/html", HTML),
        ("text/plain", "upstream connect error"),
        ("application/json", "{}"),
        ("application/json", "{\"err"),
        ("application/json", SPRING),
        ("application/xml", "<a>"),
    ];
    for (content_type, body) in bodies {
        assert_answer(Always, || answer(429, content_type, body));
        for status in [500, 502, 503, 504] {
            assert_answer(Harmless, || answer(status, content_type, body));
        }
        for status in [301, 307, 400, 401, 403, 404, 405, 411, 413, 414, 501, 505] {
            assert_answer(Never, || answer(status, content_type, body));
        }
    }
}

#[test]
fn a_service_that_is_busy_is_asked_again_for_changes_only() {
    for code in [
        "3000", "1001015", "1002022", "1002035", "1003016", "1007009", "1011002", "1012005", "1017013",
        "1100031", "1200004", "1250700",
    ] {
        assert!(ReturnCode::from(code).is_busy(), "{code}");
        for status in [200, 400, 500] {
            assert_answer(Changes, || service(status, code));
        }
        let inside = format!(r#"{{"thingResponse":{{"returnCode":"{code}","returnMessage":"No"}}}}"#);
        assert_answer(Changes, || answer(200, "application/json", inside.clone()));
        let xml = format!("<responseError><returnCode>{code}</returnCode></responseError>");
        assert_answer(Changes, || answer(400, "application/xml", xml.clone()));
    }
}

#[test]
fn a_fault_inside_a_service_is_repeated_where_twice_does_no_harm() {
    for code in ["1000", "1250000"] {
        for status in [200, 400, 500] {
            assert_answer(Harmless, || service(status, code));
        }
        let inside = format!(r#"{{"thingResponse":{{"returnCode":{code},"returnMessage":"No"}}}}"#);
        assert_answer(Harmless, || answer(200, "application/json", inside.clone()));
    }
}

#[test]
fn a_return_code_that_means_nothing_passing_is_never_repeated() {
    for code in [
        "200", "410", "800", "1300", "1401", "10300", "23003", "1007000", "1015009", "1017007", "5001017",
        "99999", "30000", "", "busy",
    ] {
        for status in [200, 400, 404] {
            assert_answer(Never, || service(status, code));
        }
    }
}

#[test]
fn a_return_code_that_nobody_knows_of_is_repeated_by_its_status() {
    let no_code = r#"{"responseError":{"returnMessage":"No"}}"#;
    for (status, expected) in [
        (200, Never),
        (400, Never),
        (429, Always),
        (500, Harmless),
        (502, Harmless),
        (503, Harmless),
        (504, Harmless),
    ] {
        assert_answer(expected, || service(status, "99999"));
        assert_answer(expected, || answer(status, "application/json", no_code));
    }
}

#[test]
fn a_request_that_was_not_sent_is_sent_again_by_every_operation() {
    assert_all("not sent", Always, || {
        Event::Failed(Error::transport(Sent::No, "connection refused"))
    });
}

#[test]
fn a_request_that_may_have_been_sent_is_sent_again_where_twice_does_no_harm() {
    assert_all("maybe sent", Harmless, || {
        Event::Failed(Error::transport(Sent::Maybe, "connection reset"))
    });
}

#[test]
fn a_change_is_resent_after_not_sent_and_is_not_after_maybe_sent() {
    let session = session();
    let mut script = Script::new(&session, session.call(CREATE));
    script
        .repeats_after(Event::Failed(Error::transport(Sent::No, "refused")))
        .sends()
        .failed(Error::transport(Sent::Maybe, "reset"));
    let error = script.fails();
    assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
    assert_eq!(error.last().kind(), ErrorKind::Transport { sent: Sent::Maybe });
    assert!(error.may_have_been_sent());
}

#[test]
fn a_change_of_unknown_outcome_ends_at_once_with_what_happened() {
    let session = session();
    let mut script = Script::new(&session, session.call(CREATE));
    script.sends().answered(gateway(504, "510"));
    let error = script.fails();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Gateway, Some("510")));
    assert_eq!(error.operation(), Some("createThing"));
    assert!(error.may_have_been_sent());
}

#[test]
fn an_answer_that_was_a_success_but_cannot_be_understood_is_never_repeated() {
    for (content_type, body) in [
        ("", ""),
        ("text/html", HTML),
        ("application/json", "{\"thingResponse\":{\"thingNo\":\"7\""),
        ("application/json", "{}"),
        ("application/json", "[]"),
        ("application/json", r#"{"thingResponse":{"thingNo":[1]}}"#),
        ("application/xml", "<thingResponse><thingNo>7</thingNo>"),
    ] {
        let event = || Event::Response(answer(200, content_type, body));
        assert_typed(&format!("{body:?}"), Never, event);
    }
    let too_large = || Error::body_too_large(StatusCode::OK, HeaderMap::new(), 1);
    assert_all("too large", Never, || Event::Failed(too_large()));
}

#[test]
fn a_request_that_cannot_be_built_is_never_sent() {
    let (session, empty) = (
        session(),
        GetThing {
            no: Some(String::new()),
        },
    );
    let mut script = Script::new(&session, session.call(&empty));
    let error = script.fails();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Build, Some("thingNo")));
    assert_eq!(error.operation(), Some("getThing"));
    assert!(!error.may_have_been_sent());

    let broken = raw(Safety::Read).header("a b", "c");
    let mut script = Script::new(&session, session.raw_call(&broken));
    assert_eq!(script.fails().kind(), ErrorKind::Build);

    assert_all("nothing to send", Never, || {
        Event::Failed(Error::build("proxy", "is no address"))
    });
}

#[test]
fn a_raw_call_counts_as_a_change_until_it_says_otherwise() {
    let session = session();
    let raw = ncloud_core::Raw::new(http::Method::GET, "/vtest/v2/getThing");
    let maybe = || Event::Failed(Error::transport(Sent::Maybe, "reset"));
    assert!(!is_repeated(&session, session.raw_call(&raw), maybe()));
    let raw = raw.safety(Safety::Read);
    assert!(is_repeated(&session, session.raw_call(&raw), maybe()));
}

#[test]
fn whatever_the_verb_the_safety_decides() {
    let session = session().with_verb(ncloud_core::Verb::Post);
    let maybe = Error::transport(Sent::Maybe, "reset");
    let mut script = Script::new(&session, session.call(GET));
    script.repeats_after(Event::Failed(maybe)).sends();
    assert_eq!(script.requests[1].method(), http::Method::POST);
    script.answered(success()).succeeds();
}

#[test]
fn a_success_after_failures_is_a_success() {
    let session = session();
    let mut script = Script::new(&session, session.call(SET));
    script
        .repeats_after(Event::Failed(Error::transport(Sent::Maybe, "reset")))
        .repeats_after(Event::Response(answer(502, "text/html", HTML)))
        .repeats_after(Event::Response(service(400, "1007009")))
        .sends()
        .answered(success());
    assert_eq!(script.succeeds().no.as_deref(), Some("7"));
}
