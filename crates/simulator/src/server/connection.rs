//! Connections: hyper reads the requests, the simulator reacts, and a fault takes the connection over.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::script::Script;
use crate::fault::Fault;
use crate::simulator::{Call, Simulator};

/// How long a client may take for a request's headers, and how long a connection may idle.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest request body that is taken.
const BODY_LIMIT: usize = 16 * 1024 * 1024;
/// How much of a larger body is read all the same: most clients look for an answer only after they have sent everything.
const READ_LIMIT: usize = 4 * BODY_LIMIT;

/// What the simulator does about a request.
enum Reaction {
    Respond(Response<Bytes>),
    /// Something that hyper would not do.
    TakeOver(Script),
}

/// Serves one connection until either side closes it. Whatever breaks it ends it and nothing else.
pub(super) async fn serve(stream: TcpStream, simulator: Simulator, body_read_timeout: Duration) {
    // Answers are small and written at once; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let take_over = Arc::new(Mutex::new(None));
    let handed_over = Arc::clone(&take_over);
    let service = service_fn(move |request| {
        let (simulator, take_over) = (simulator.clone(), Arc::clone(&take_over));
        async move {
            match react(&simulator, request, body_read_timeout).await? {
                Reaction::Respond(response) => Ok::<_, hyper::Error>(response.map(Full::new)),
                Reaction::TakeOver(script) => {
                    *take_over.lock().unwrap_or_else(PoisonError::into_inner) = Some(script);
                    pending().await
                }
            }
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT)
        // The simulator writes its own, by its own clock.
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let script = poll_fn(|context| {
        let ended = Pin::new(&mut connection).poll(context);
        let mut handed_over = handed_over.lock().unwrap_or_else(PoisonError::into_inner);
        match handed_over.take() {
            Some(script) => Poll::Ready(Some(script)),
            None => ended.map(|_| None),
        }
    })
    .await;
    if let Some(script) = script {
        script.play(&connection.into_parts().io.into_inner()).await;
    }
}

async fn react(
    simulator: &Simulator,
    request: Request<Incoming>,
    body_read_timeout: Duration,
) -> Result<Reaction, hyper::Error> {
    let (parts, body) = request.into_parts();
    let Ok(body) = timeout(body_read_timeout, receive(body)).await else {
        return Ok(Reaction::TakeOver(Script::Close));
    };
    let body = body?;
    let latency = simulator.latency();
    if !latency.is_zero() {
        sleep(latency).await;
    }
    let call = Call {
        request: &parts,
        body: body.as_deref(),
        now: simulator.clock(SystemTime::now()),
    };
    Ok(match simulator.next_fault() {
        None => Reaction::Respond(simulator.answer(&call, false)),
        Some(Fault::Respond {
            status,
            headers,
            body,
        }) => {
            let framed = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING);
            let response = simulator.answer_as_scripted(&call, status, headers, body);
            // hyper insists on headers that fit the body, and on final statuses.
            if framed || status.is_informational() {
                Reaction::TakeOver(Script::verbatim(&response))
            } else {
                Reaction::Respond(response)
            }
        }
        Some(Fault::Close) => {
            simulator.leave_unanswered(&call);
            Reaction::TakeOver(Script::Close)
        }
        Some(Fault::Hang) => {
            simulator.leave_unanswered(&call);
            Reaction::TakeOver(Script::Hang)
        }
        Some(Fault::Truncate(length)) => {
            Reaction::TakeOver(Script::truncated(simulator.answer(&call, true), length))
        }
        Some(Fault::Endless) => Reaction::TakeOver(Script::endless(simulator.answer(&call, true))),
    })
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
