//! Connections: open, speaking one version of HTTP, and carrying requests.

use std::future::poll_fn;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::Connection as _;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::link::{Glance, Link};
use crate::outgoing::Outgoing;

/// The size of an answer's head in bytes: what the blocking client allows. The most headers are hyper's own 100, which the
/// blocking client keeps to; any other number takes memory for each answer.
const HEAD_LIMIT: usize = 64 * 1024;
/// An HTTP/2 connection that carries calls but shows no sign of life is asked for one, and given up without it: it would
/// swallow every later call otherwise.
const PING_INTERVAL: Duration = Duration::from_secs(15);
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection whose answer is there may take to be ready for another request. One that has more to do than to let another
/// thread come to its end, as when it was answered before it had sent everything, is not worth the wait.
const LAG_LIMIT: Duration = Duration::from_millis(5);
/// How often whoever runs a shared connection may have its turn to read what has come: once to read it, once to pass on that it
/// was the end, and once to spare. One that many calls share may have something unread at any time.
const SHARED_LAG_TURNS: usize = 3;

/// A connection that can carry requests.
pub(crate) enum Connection {
    /// HTTP/1.1: one request at a time.
    Single(http1::SendRequest<Outgoing>, Glance),
    /// HTTP/2: any number of requests at once, so that everyone gets a connection of the same.
    Shared(http2::SendRequest<Outgoing>, Glance),
}

/// What may be done with a connection that lay idle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Condition {
    Ready,
    /// It is about to be ready or to end, as soon as whoever runs it has seen what there is to see.
    Lagging,
    /// It has ended, or was sent something that nobody asked for and that would be taken for the next answer.
    Unfit,
}

impl Connection {
    /// Begins to speak HTTP, the version that was agreed on, and lets the connection run by itself.
    pub(crate) async fn over(stream: MaybeHttpsStream<Link>) -> Result<Self, hyper::Error> {
        let glance = match &stream {
            MaybeHttpsStream::Http(link) => link.glance(),
            MaybeHttpsStream::Https(stream) => stream.inner().get_ref().0.inner().glance(),
        };
        if stream.connected().is_negotiated_h2() {
            let (sender, running) = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .keep_alive_interval(PING_INTERVAL)
                .keep_alive_timeout(PING_TIMEOUT)
                .handshake(stream)
                .await?;
            // What ends it is told to the calls that it carries.
            tokio::spawn(running);
            return Ok(Self::Shared(sender, glance));
        }
        let (sender, running) = http1::Builder::new()
            .max_buf_size(HEAD_LIMIT)
            .handshake(stream)
            .await?;
        tokio::spawn(running);
        Ok(Self::Single(sender, glance))
    }

    /// As far as whoever runs it has seen.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Single(sender, _) => sender.is_closed(),
            Self::Shared(sender, _) => sender.is_closed(),
        }
    }

    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Shared(..))
    }

    pub(crate) fn condition(&self) -> Condition {
        match self {
            _ if self.is_closed() => Condition::Unfit,
            Self::Single(sender, _) if !sender.is_ready() => Condition::Lagging,
            Self::Single(_, glance) if !glance.is_quiet() => Condition::Unfit,
            // Others' answers, or its end.
            Self::Shared(_, glance) if !glance.is_quiet() => Condition::Lagging,
            Self::Single(..) | Self::Shared(..) => Condition::Ready,
        }
    }

    /// Waits a moment for a connection that lags behind.
    pub(crate) async fn settle(&mut self) -> Condition {
        match self {
            Self::Single(sender, _) => {
                // How it ends is seen by its condition.
                let _ = timeout(LAG_LIMIT, poll_fn(|context| sender.poll_ready(context))).await;
                self.condition()
            }
            Self::Shared(sender, glance) => {
                for _ in 0..SHARED_LAG_TURNS {
                    if sender.is_closed() || glance.is_quiet() {
                        break;
                    }
                    yield_now().await;
                }
                if sender.is_closed() {
                    Condition::Unfit
                } else {
                    Condition::Ready
                }
            }
        }
    }

    /// Another one over the same link, if that is possible.
    pub(crate) fn share(&self) -> Option<Self> {
        match self {
            Self::Single(..) => None,
            Self::Shared(sender, glance) => Some(Self::Shared(sender.clone(), glance.clone())),
        }
    }

    pub(crate) async fn send(
        &mut self,
        request: Request<Outgoing>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Outgoing>>> {
        match self {
            Self::Single(sender, _) => sender.try_send_request(request).await,
            Self::Shared(sender, _) => sender.try_send_request(request).await,
        }
    }
}
