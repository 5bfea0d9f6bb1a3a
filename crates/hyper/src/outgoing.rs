//! Outgoing bodies: what is sent, and whether sending may have begun.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

/// A body in one piece that notes when it is first asked about.
///
/// A connection has to ask how long a body is before it can write the head, so whatever was not asked about was not sent.
pub(crate) struct Outgoing {
    body: Full<Bytes>,
    asked: Arc<AtomicBool>,
}

/// Whether the sending of an [`Outgoing`] may have begun.
pub(crate) struct Watch(Arc<AtomicBool>);

impl Outgoing {
    pub(crate) fn new(body: Bytes) -> (Self, Watch) {
        let asked = Arc::new(AtomicBool::new(false));
        let watch = Watch(Arc::clone(&asked));
        let body = Full::new(body);
        (Self { body, asked }, watch)
    }

    fn note(&self) {
        self.asked.store(true, Ordering::Release);
    }
}

impl Watch {
    pub(crate) fn may_be_sent(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.note();
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.note();
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.note();
        self.body.size_hint()
    }
}
