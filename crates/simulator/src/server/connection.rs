//! Connections: hyper reads the requests, the simulator reacts, and a fault takes the connection over.

use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::gate::{Gate, Progress};
use super::reaction::{Reaction, react};
use crate::simulator::Simulator;

/// How long a client may take for a request's headers, and how long a connection may idle.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Serves one connection until either side closes it. Whatever breaks it ends it and nothing else.
pub(super) async fn serve(stream: TcpStream, simulator: Simulator, body_read_timeout: Duration) {
    // Answers are small and written at once; waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let progress = Progress::new();
    let gate = Gate::new(stream, simulator.clone(), Arc::clone(&progress));
    let reacting = Arc::clone(&progress);
    let service = service_fn(move |request| {
        let (simulator, progress) = (simulator.clone(), Arc::clone(&reacting));
        async move {
            match react(&simulator, request, body_read_timeout).await? {
                Reaction::Respond(response) => {
                    progress.finish_request();
                    Ok::<_, hyper::Error>(response.map(Full::new))
                }
                Reaction::TakeOver(script) => {
                    progress.hand_over(script);
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
        // Whoever has said everything may still listen.
        .half_close(true)
        .serve_connection(TokioIo::new(gate), service);
    let script = poll_fn(|context| {
        let ended = Pin::new(&mut connection).poll(context);
        match progress.take_over() {
            Some(script) => Poll::Ready(Some(script)),
            None => ended.map(|_| None),
        }
    })
    .await;
    if let Some(script) = script {
        let gate = connection.into_parts().io.into_inner();
        script.play(&gate.into_inner()).await;
    }
}
