//! The gate: a connection's stream, on which a fault can strike before the next request is read.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::script::Script;
use crate::simulator::Simulator;

/// A stream that looks for a fault as soon as the first byte of a request can be read.
pub(super) struct Gate {
    stream: TcpStream,
    simulator: Simulator,
    progress: Arc<Progress>,
}

/// How far a connection has come.
pub(super) struct Progress {
    /// Whether the next byte is the first one of a request.
    between_requests: AtomicBool,
    /// What takes the connection over.
    script: Mutex<Option<Script>>,
}

impl Progress {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            between_requests: AtomicBool::new(true),
            script: Mutex::new(None),
        })
    }

    /// A request has been read and reacted to.
    pub(super) fn finish_request(&self) {
        self.between_requests.store(true, Ordering::Relaxed);
    }

    /// Has a script take the connection over.
    pub(super) fn hand_over(&self, script: Script) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = Some(script);
    }

    pub(super) fn take_over(&self) -> Option<Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Gate {
    pub(super) fn new(stream: TcpStream, simulator: Simulator, progress: Arc<Progress>) -> Self {
        Self {
            stream,
            simulator,
            progress,
        }
    }

    pub(super) fn into_inner(self) -> TcpStream {
        self.stream
    }

    /// Comes back once there is something to read and no fault that keeps it from being read.
    fn poll_open(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.progress.between_requests.load(Ordering::Relaxed) || !self.simulator.expects_unread_fault() {
            return Poll::Ready(Ok(()));
        }
        let mut byte = [0];
        let ahead = ready!(self.stream.poll_peek(context, &mut ReadBuf::new(&mut byte)))?;
        // At the end of the connection there is no request to meet a fault.
        let fault = (ahead > 0).then(|| self.simulator.next_unread_fault()).flatten();
        let Some(fault) = fault else {
            return Poll::Ready(Ok(()));
        };
        let (_, delay) = fault.without_delay();
        self.progress.hand_over(Script::Reset(delay));
        // Whoever drives the connection looks for a script after every poll.
        Poll::Pending
    }
}

impl AsyncRead for Gate {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = self.get_mut();
        ready!(gate.poll_open(context))?;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut gate.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            gate.progress.between_requests.store(false, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Gate {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
