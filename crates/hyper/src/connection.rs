//! Connections: open, speaking one version of HTTP, and carrying requests.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
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
/// How often whoever runs a connection may have its turn to read what has come: once to read it, once to pass on that it was the
/// end, and once to spare.
const LAG_TURNS: usize = 3;

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
    /// It has ended, as it does when it was sent something that nobody asked for and that would be taken for the next answer.
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
            // Its end, or an answer that nobody asked for; or what TLS and HTTP/2 have to tell, which does it no harm.
            _ if !self.glance().is_quiet() => Condition::Lagging,
            Self::Single(..) | Self::Shared(..) => Condition::Ready,
        }
    }

    /// Waits a moment for a connection that lags behind.
    pub(crate) async fn settle(&mut self) -> Condition {
        if let Self::Single(sender, _) = self {
            // How it ends is seen by its condition.
            let _ = timeout(LAG_LIMIT, poll_fn(|context| sender.poll_ready(context))).await;
        }
        for _ in 0..LAG_TURNS {
            if self.is_closed() || self.glance().is_quiet() {
                break;
            }
            yield_now().await;
        }
        match self.condition() {
            // What comes for others comes at any time, and is no reason to wait.
            Condition::Lagging if self.is_shared() => Condition::Ready,
            condition => condition,
        }
    }

    fn glance(&self) -> &Glance {
        match self {
            Self::Single(_, glance) | Self::Shared(_, glance) => glance,
        }
    }

    /// Another one over the same link, if that is possible.
    pub(crate) fn share(&self) -> Option<Self> {
        match self {
            Self::Single(..) => None,
            Self::Shared(sender, glance) => Some(Self::Shared(sender.clone(), glance.clone())),
        }
    }

    /// Sends a request, and gives the connection back with the answer unless it has ended.
    pub(crate) async fn send(
        self,
        request: Request<Outgoing>,
    ) -> Result<(Response<Incoming>, Option<Self>), TrySendError<Request<Outgoing>>> {
        let (mut sender, glance) = match self {
            Self::Single(sender, glance) => (sender, glance),
            Self::Shared(mut sender, glance) => {
                let response = sender.try_send_request(request).await?;
                return Ok((response, Some(Self::Shared(sender, glance))));
            }
        };
        let mut answer = pin!(sender.try_send_request(request));
        let mut sender = Some(sender);
        let response = poll_fn(|context| {
            let polled = answer.as_mut().poll(context);
            let ended =
                |sender: &mut http1::SendRequest<_>| sender.poll_ready(context).map(|ready| ready.is_err());
            if polled.is_pending() && sender.as_mut().map(ended) == Some(Poll::Ready(true)) {
                // A request that was passed on at the moment that the connection ended comes back only now.
                sender = None;
                return answer.as_mut().poll(context);
            }
            polled
        });
        let response = response.await?;
        Ok((response, sender.map(|sender| Self::Single(sender, glance))))
    }
}
