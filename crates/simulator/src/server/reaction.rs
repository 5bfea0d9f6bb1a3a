//! Reactions: from a request on a connection to what the server does about it.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::script::Script;
use crate::fault::{Fault, Stage};
use crate::simulator::{Call, Simulator};

/// The largest request body that is taken.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// Beyond this, a body takes so long to be read as a form that everybody else would have to wait for it.
const LONG_BODY: usize = 128 * 1024;
/// How much of a larger body is read all the same: most clients look for an answer only after they have sent everything.
const READ_LIMIT: usize = 4 * BODY_LIMIT;

/// What the simulator does about a request.
pub(super) enum Reaction {
    Respond(Response<Bytes>),
    /// Something that hyper would not do.
    TakeOver(Script),
}

/// Reads a request to its end, finds what to do about it, and gives that when the time for it has come.
pub(super) async fn react(
    simulator: &Simulator,
    request: Request<Incoming>,
    body_read_timeout: Duration,
) -> Result<Reaction, hyper::Error> {
    let received = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = timeout(body_read_timeout, receive(body)).await else {
        return Ok(Reaction::TakeOver(Script::Close));
    };
    let body = body?;
    // What a test says about faults must not meet one.
    if let Some(response) = simulator.administer(&parts, body.as_deref(), SystemTime::now()) {
        return Ok(Reaction::Respond(response));
    }
    let (read, latency) = (Instant::now(), simulator.latency());
    let fault = simulator.next_fault();
    let faulted = fault.is_some();
    let (fault, delay) = fault.map_or((None, Duration::ZERO), Fault::without_delay);
    let now = simulator.clock(SystemTime::now());
    let is_long = body.as_ref().is_some_and(|body| body.len() > LONG_BODY);
    let answering = simulator.clone();
    let answer = move || {
        let call = Call {
            request: &parts,
            body: body.as_deref(),
            now,
            received: Some(received),
        };
        match fault {
            None => Reaction::Respond(answering.answer(&call, faulted)),
            Some(fault) => meet(&answering, &call, fault),
        }
    };
    let reaction = if is_long {
        // A panic in there was reported when it happened.
        let answered = spawn_blocking(answer).await;
        answered.unwrap_or(Reaction::TakeOver(Script::Close))
    } else {
        answer()
    };
    // What it took to find the answer is a part of what every answer takes.
    let pause = latency.saturating_sub(read.elapsed()).saturating_add(delay);
    if !pause.is_zero() {
        sleep(pause).await;
    }
    Ok(reaction)
}

/// What a fault makes of a request. It has no delay any more.
fn meet(simulator: &Simulator, call: &Call<'_>, fault: Fault) -> Reaction {
    match fault {
        Fault::Respond {
            status,
            headers,
            body,
        } => respond(simulator, call, status, headers, body),
        Fault::Throttle(retry_after) => Reaction::Respond(simulator.throttle(call, retry_after)),
        Fault::Delay { .. } => Reaction::Respond(simulator.answer(call, true)),
        // It came so close behind another that it was read with that one.
        Fault::Reset(Stage::Unread) => Reaction::TakeOver(Script::Reset(Duration::ZERO)),
        Fault::Reset(Stage::Read) => {
            simulator.leave_unanswered(call);
            Reaction::TakeOver(Script::Reset(Duration::ZERO))
        }
        Fault::Reset(Stage::CarriedOut) => {
            simulator.carry_out_unanswered(call);
            Reaction::TakeOver(Script::Reset(Duration::ZERO))
        }
        Fault::Close => {
            simulator.leave_unanswered(call);
            Reaction::TakeOver(Script::Close)
        }
        Fault::Hang => {
            simulator.leave_unanswered(call);
            Reaction::TakeOver(Script::Hang)
        }
        Fault::Truncate(length) => {
            Reaction::TakeOver(Script::truncated(simulator.answer(call, true), length))
        }
        Fault::Drip { bytes, pause } => {
            Reaction::TakeOver(Script::drip(simulator.answer(call, true), bytes, pause))
        }
        Fault::Endless => Reaction::TakeOver(Script::endless(simulator.answer(call, true))),
    }
}

fn respond(
    simulator: &Simulator,
    call: &Call<'_>,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
) -> Reaction {
    let framed = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING);
    let response = simulator.answer_as_scripted(call, status, headers, body);
    // hyper insists on headers that fit the body, and on final statuses.
    if framed || status.is_informational() {
        Reaction::TakeOver(Script::verbatim(&response))
    } else {
        Reaction::Respond(response)
    }
}

/// Reads a request's body; `None` if it is larger than the limit.
async fn receive(mut body: Incoming) -> Result<Option<Vec<u8>>, hyper::Error> {
    let mut received = Vec::new();
    let mut length: usize = 0;
    // Once the limit is passed, the rest is read for the client's sake and forgotten.
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= BODY_LIMIT {
            received.extend_from_slice(&data);
        } else if length > READ_LIMIT {
            break;
        }
    }
    Ok((length <= BODY_LIMIT).then_some(received))
}
