//! Cases about connections: refused, reset, closed, silent, slow, cut short.

use std::time::Duration;

use http::header::TRANSFER_ENCODING;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::Case;
use super::trial::{Attempts, Trial};
use crate::fault::{Fault, Stage};

/// A good answer to a call that reads.
const ALL: &str = "25 images";
/// A good answer to a call that changes something.
const MADE: &str = "1 images";
const NOT_SENT: &str = "not sent";
const MAYBE_SENT: &str = "maybe sent";

pub(super) const CASES: &[Case] = &[
    Case::new("connection refused", refused),
    Case::new("reset before the request was read", reset_before_reading),
    Case::new("reset of a kept connection", reset_of_a_kept_connection),
    Case::new("reset after the request was read", reset_after_reading),
    Case::new("reset after the call was carried out", reset_after_carrying_out),
    Case::new("closed without an answer", closed),
    Case::new("closed between two calls", closed_between_calls),
    Case::new("black hole", black_hole),
    Case::new("slow drip that takes too long", slow_head),
    Case::new("slow drip of a body that takes too long", slow_body),
    Case::new("slow drip that comes to its end", drip),
    Case::new("truncated body", truncated),
    Case::new("truncated body in chunks", truncated_chunks),
];

fn refused(trial: &mut Trial<'_, '_>) {
    trial.call_nobody();
    trial.read(Attempts::One, &[(NOT_SENT, 1)]);
    // What was not sent may be tried again, whatever it is.
    trial.read(Attempts::Several, &[(NOT_SENT, 4)]);
    trial.change(&[(NOT_SENT, 4)]);
}

fn reset_before_reading(trial: &mut Trial<'_, '_>) {
    let reset = || Fault::Reset(Stage::Unread);
    trial.faults([reset(), reset(), reset()]);
    // A client cannot know how far the other side has come.
    trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.read(Attempts::Several, &[(ALL, 2)]);
    trial.expect_requests(1);
    trial.expect_changes(0);
}

fn reset_of_a_kept_connection(trial: &mut Trial<'_, '_>) {
    trial.read(Attempts::One, &[(ALL, 1)]);
    trial.faults([Fault::Reset(Stage::Unread)]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.change(&[(MADE, 1)]);
    trial.expect_changes(1);
}

fn reset_after_reading(trial: &mut Trial<'_, '_>) {
    let reset = || Fault::Reset(Stage::Read);
    trial.faults([reset(), reset(), reset()]);
    trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.read(Attempts::Several, &[(ALL, 2)]);
    trial.expect_changes(0);
}

fn reset_after_carrying_out(trial: &mut Trial<'_, '_>) {
    trial.faults([Fault::Reset(Stage::CarriedOut)]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.expect_changes(1);
}

fn closed(trial: &mut Trial<'_, '_>) {
    trial.faults([Fault::Close, Fault::Close]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.read(Attempts::Several, &[(ALL, 2)]);
    trial.expect_changes(0);
}

fn closed_between_calls(trial: &mut Trial<'_, '_>) {
    for _ in 0..3 {
        trial.faults([Fault::Truncate(usize::MAX)]);
        // Whether the end is noticed before the next request is written is a race; that the call succeeds is not.
        trial.read(Attempts::Several, &[(ALL, 1), (ALL, 2)]);
    }
    trial.expect_requests(3);
}

fn black_hole(trial: &mut Trial<'_, '_>) {
    trial.faults([Fault::Hang, Fault::Hang]);
    trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.read(Attempts::One, &[(ALL, 1)]);
    trial.expect_changes(0);
}

fn slow_head(trial: &mut Trial<'_, '_>) {
    // Every wait for a byte is short, all of them together are too long.
    let pause = trial.limits.attempt_timeout() / 10;
    trial.faults([Fault::Drip { bytes: 1, pause }]);
    trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
}

fn slow_body(trial: &mut Trial<'_, '_>) {
    // The first piece holds the head, and the answer has more than ten.
    let pause = trial.limits.attempt_timeout() / 2;
    trial.faults([Fault::Drip { bytes: 1024, pause }]);
    trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
}

fn drip(trial: &mut Trial<'_, '_>) {
    let pause = Duration::ZERO;
    trial.faults([
        Fault::Drip { bytes: 61, pause },
        Fault::delay(trial.limits.attempt_timeout() / 10),
    ]);
    trial.read(Attempts::One, &[(ALL, 1)]);
    trial.read(Attempts::One, &[(ALL, 1)]);
}

fn truncated(trial: &mut Trial<'_, '_>) {
    for length in [0, 1000] {
        trial.faults([Fault::Truncate(length), Fault::Truncate(length)]);
        trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
        trial.read(Attempts::Several, &[(ALL, 2)]);
    }
    // It was carried out.
    trial.faults([Fault::Truncate(10)]);
    trial.change(&[(MAYBE_SENT, 1)]);
    trial.expect_changes(1);
}

fn truncated_chunks(trial: &mut Trial<'_, '_>) {
    // A whole document, a whole chunk, but not the one of length 0 that has to follow.
    for body in ["2\r\n{}\r\n", "20\r\n{}"] {
        let mut headers = HeaderMap::new();
        headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        trial.faults([Fault::Respond {
            status: StatusCode::OK,
            headers,
            body: body.into(),
        }]);
        trial.read(Attempts::One, &[(MAYBE_SENT, 1)]);
    }
}
