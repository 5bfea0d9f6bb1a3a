//! Cases about answers: what has to arrive as it was sent, what is refused, and what must not be followed or believed.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ncloud_api::vserver::GetMemberServerImageInstanceList;

use super::Case;
use super::trial::{Attempts, Trial};
use crate::fault::{Fault, RetryAfter};
use crate::simulator::Simulator;

const ALL: &str = "25 images";
const NONE: &str = "0 images";
const MADE: &str = "1 images";
const NOT_UNDERSTOOD: &str = "no understandable answer with HTTP 200";
const MAYBE_SENT: &str = "maybe sent";
/// A good answer, and the same compressed.
const EMPTY_LIST: &str = r#"{"getMemberServerImageInstanceListResponse":{"totalRows":0,"memberServerImageInstanceList":[],"requestId":"r","returnCode":"0","returnMessage":"success"}}"#;
const EMPTY_LIST_GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff}\x8c\xa1\x0e\xc20\x14E\xff\xe5\xea\x89\xe9\xda\xa9&\xcc\
\x0c\xb9 Jw\xb3\x90\xd0v{\xef\x15\xc4\xb2\x7f\xa7\x18$\xf2\x9c\xe4\x9c\x03+md\xbaS\xae\x94\x17\xc5\xa7\xb0\xd2g\xb5\x90#/\x0f\xb5\
\x89\xba\x95\xac\x84;`\xc5\xc2s*o\x85\xeb;\xa4\x7f\x19\xdc|\xeb \xdc+\xd5\xfc\x02\x07\xc1\x97\xadJ\x1e\xca\xd2v\xe8\x7fb\xa4j\xeb\
\x9b\xd3\x1ac\x03\x9c\xe7\x07\xee|2\xf7\x9a\x00\x00\x00";
/// How long the simulator asks to be left alone, in seconds.
const PAUSE: u64 = 60;

pub(super) const CASES: &[Case] = &[
    Case::new("query as it was signed", query),
    Case::new("form in a body", form),
    Case::new("refusal by the service", refusal),
    Case::new("body in chunks", chunks),
    Case::new("503 then an answer", unavailable_once),
    Case::new("429 with Retry-After in seconds", throttled_for_seconds),
    Case::new("429 with Retry-After as a date", throttled_until_a_date),
    Case::new("429 without Retry-After", throttled),
    Case::new("clock that is off", clock),
    Case::new("body of the allowed size", allowed_body),
    Case::new("huge body", huge_body),
    Case::new("huge body that is announced", announced_body),
    Case::new("endless body", endless_body),
    Case::new("redirect to another host", redirect),
    Case::new("HTML with 200", html),
    Case::new("gzip body", gzip),
];

/// An answer with one header.
fn respond(status: StatusCode, name: HeaderName, value: HeaderValue, body: impl Into<Bytes>) -> Fault {
    let mut headers = HeaderMap::new();
    headers.insert(name, value);
    Fault::Respond {
        status,
        headers,
        body: body.into(),
    }
}

fn query(trial: &mut Trial<'_, '_>) {
    let list = GetMemberServerImageInstanceList::new()
        .member_server_image_name("이미지 +~*/%41")
        .page_no(1)
        .page_size(5);
    trial.list(&list, Attempts::One, &[(NONE, 1)]);
    trial.expect_authenticated(&[true]);
}

fn form(trial: &mut Trial<'_, '_>) {
    trial.change(&[(MADE, 1)]);
    trial.expect_authenticated(&[true]);
    trial.expect_changes(1);
}

fn refusal(trial: &mut Trial<'_, '_>) {
    // A status is an answer and no failure of the network.
    let list = GetMemberServerImageInstanceList::new().region_code("NOWHERE");
    trial.list(&list, Attempts::Several, &[("return code 800 with HTTP 400", 1)]);
}

fn chunks(trial: &mut Trial<'_, '_>) {
    let mut body = String::new();
    for piece in EMPTY_LIST.as_bytes().chunks(50) {
        let piece = String::from_utf8_lossy(piece);
        // Writing to memory cannot fail.
        let _ = write!(body, "{:x};extension=1\r\n{piece}\r\n", piece.len());
    }
    body.push_str("0\r\n\r\n");
    let chunked = HeaderValue::from_static("chunked");
    trial.faults([respond(StatusCode::OK, TRANSFER_ENCODING, chunked, body)]);
    trial.read(Attempts::One, &[(NONE, 1)]);
}

fn unavailable_once(trial: &mut Trial<'_, '_>) {
    let busy = || Fault::respond(StatusCode::SERVICE_UNAVAILABLE, "<html>busy</html>");
    trial.faults([busy()]);
    trial.read(Attempts::Several, &[(ALL, 2)]);
    trial.faults([busy()]);
    trial.change(&[("no understandable answer with HTTP 503", 1)]);
    trial.expect_changes(0);
    // Signed anew for every attempt.
    trial.expect_authenticated(&[true, true, true]);
}

fn throttled_for_seconds(trial: &mut Trial<'_, '_>) {
    throttled_and_told(trial, RetryAfter::Seconds(PAUSE));
}

fn throttled_until_a_date(trial: &mut Trial<'_, '_>) {
    throttled_and_told(trial, RetryAfter::Date(PAUSE));
}

fn throttled_and_told(trial: &mut Trial<'_, '_>, retry_after: RetryAfter) {
    trial.faults([Fault::Throttle(retry_after)]);
    let outcome = trial.read(Attempts::Several, &[(ALL, 2)]);
    // A date is in whole seconds and compared with a clock that goes on; without the header, it would be 20 seconds at most.
    let waited = outcome.waited();
    trial.check(
        "waiting for as long as Retry-After says",
        format!("about {PAUSE} s"),
        format!("{waited:?}"),
        waited > Duration::from_secs(PAUSE / 2) && waited <= Duration::from_secs(PAUSE),
    );
}

fn throttled(trial: &mut Trial<'_, '_>) {
    let fault = || Fault::Throttle(RetryAfter::Absent);
    trial.faults([fault(), fault()]);
    trial.read(Attempts::One, &[("gateway code 410 with HTTP 429", 1)]);
    trial.read(Attempts::Several, &[(ALL, 2)]);
    trial.faults([fault()]);
    // It was certainly not carried out.
    trial.change(&[(MADE, 2)]);
    trial.expect_changes(1);
}

fn clock(trial: &mut Trial<'_, '_>) {
    trial.simulator.set_clock_offset(20 * 60);
    // The answer's date is what tells, once and for all calls of a session.
    trial.read(Attempts::Several, &[(ALL, 2)]);
    trial.read(Attempts::One, &[(ALL, 1)]);
    // And the other way; a change that was refused for its time was not made, and is repeated like a read.
    trial.simulator.set_clock_offset(-20 * 60);
    trial.change(&[(MADE, 2)]);
    trial.expect_authenticated(&[false, true, true, false, true]);
    trial.expect_changes(1);
}

/// A good answer that is so many bytes longer than the stack allows.
fn answer_beyond(trial: &Trial<'_, '_>, excess: u64) -> Bytes {
    let length = usize::try_from(trial.limits.body_limit().saturating_add(excess)).unwrap_or(usize::MAX);
    let mut body = Vec::from(EMPTY_LIST);
    if body.try_reserve_exact(length.saturating_sub(body.len())).is_ok() {
        body.resize(length, b' ');
    }
    body.into()
}

fn allowed_body(trial: &mut Trial<'_, '_>) {
    trial.faults([Fault::respond(StatusCode::OK, answer_beyond(trial, 0))]);
    trial.read(Attempts::One, &[(NONE, 1)]);
}

fn huge_body(trial: &mut Trial<'_, '_>) {
    trial.faults([Fault::respond(StatusCode::OK, answer_beyond(trial, 1))]);
    trial.read(Attempts::Several, &[(NOT_UNDERSTOOD, 1)]);
}

fn announced_body(trial: &mut Trial<'_, '_>) {
    let huge = HeaderValue::from_static("1000000000000");
    trial.faults([respond(StatusCode::OK, CONTENT_LENGTH, huge, EMPTY_LIST)]);
    // Whether a stack believes it or waits for what really comes, it must not make room for all of it.
    trial.read(Attempts::One, &[(NOT_UNDERSTOOD, 1), (MAYBE_SENT, 1)]);
}

fn endless_body(trial: &mut Trial<'_, '_>) {
    trial.faults([Fault::Endless]);
    trial.read(Attempts::One, &[(NOT_UNDERSTOOD, 1)]);
    trial.read(Attempts::One, &[(ALL, 1)]);
}

fn redirect(trial: &mut Trial<'_, '_>) {
    let elsewhere = Simulator::new();
    let Some(server) = trial.get(elsewhere.serve()) else {
        return;
    };
    let location = format!("{}/vserver/v2/getMemberServerImageInstanceList", server.url());
    let Some(location) = trial.get(HeaderValue::try_from(location).map_err(io::Error::other)) else {
        return;
    };
    for status in [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ] {
        let expected = format!("no understandable answer with HTTP {}", status.as_u16());
        let fault = || respond(status, LOCATION, location.clone(), "");
        trial.faults([fault()]);
        trial.read(Attempts::Several, &[(&expected, 1)]);
        trial.faults([fault()]);
        trial.change(&[(&expected, 1)]);
    }
    // With the request, key and signature would have got there.
    let followed = elsewhere.requests().len();
    let expected = "0".to_owned();
    trial.check(
        "requests at the other host",
        expected,
        followed.to_string(),
        followed == 0,
    );
    trial.expect_changes(0);
}

fn html(trial: &mut Trial<'_, '_>) {
    let page = "<!DOCTYPE html><html><body>Sign in</body></html>";
    let content_type = HeaderValue::from_static("text/html");
    trial.faults([respond(StatusCode::OK, CONTENT_TYPE, content_type, page)]);
    trial.read(Attempts::Several, &[(NOT_UNDERSTOOD, 1)]);
}

fn gzip(trial: &mut Trial<'_, '_>) {
    let gzip = HeaderValue::from_static("gzip");
    trial.faults([respond(StatusCode::OK, CONTENT_ENCODING, gzip, EMPTY_LIST_GZIP)]);
    // Nobody has asked for it, so that a stack need not unpack it. Whoever does has to do it properly.
    trial.read(Attempts::Several, &[(NOT_UNDERSTOOD, 1), (NONE, 1)]);
}
