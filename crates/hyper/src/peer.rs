//! Peers: one address that calls of one runtime go to, its idle connections, and the calls that wait for one.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use http::{HeaderValue, Uri};
use tokio::runtime::Id;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::connect::{Connect, NotConnected, Opening};
use crate::connection::{Condition, Connection};

/// How long a connection may lie idle before it is given up; short, so that the other side is seldom the first to.
const IDLE_LIMIT: Duration = Duration::from_secs(15);
/// Idle connections that are kept.
const IDLE_CONNECTION_LIMIT: usize = 32;

/// An address that calls of one runtime go to.
pub(crate) struct Peer {
    /// Scheme, host and port, and no path.
    address: Uri,
    /// What runs its connections: another runtime's calls would stand still or fail with it, as it rests or ends.
    runtime: Id,
    /// What HTTP/1.1 calls it in every request.
    pub(crate) host: HeaderValue,
    connect: Connect,
    /// Room for connections that are being opened although the call that began it has got another.
    room: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The one that was used last comes last, and is the first to be used again.
    idle: Vec<Idle>,
    /// Whoever waits longest comes first.
    waiting: VecDeque<oneshot::Sender<Connection>>,
    /// As long as there are idle connections, and on until it sees that there are none.
    watch: Option<Watch>,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

/// What a look for an idle connection gives.
enum Taken {
    Ready(Connection),
    Lagging(Connection),
    /// There is none; the next that is free comes here.
    Nothing(oneshot::Receiver<Connection>),
}

/// What a call that waits for a connection gets first.
enum First {
    Freed(Connection),
    Opened(Result<Connection, NotConnected>),
}

impl Peer {
    pub(crate) fn new(address: Uri, runtime: Id, host: HeaderValue, connect: Connect) -> Self {
        Self {
            address,
            runtime,
            host,
            connect,
            room: Arc::new(Semaphore::new(IDLE_CONNECTION_LIMIT)),
            state: Mutex::default(),
        }
    }

    pub(crate) fn is_at(&self, uri: &Uri, runtime: Id) -> bool {
        self.runtime == runtime
            && self.address.scheme() == uri.scheme()
            && self.address.authority() == uri.authority()
    }

    /// Whether nothing would be lost with it.
    pub(crate) fn is_idle(self: &Arc<Self>) -> bool {
        let is_closed = |idle: &Idle| idle.connection.is_closed();
        Arc::strong_count(self) == 1 && self.lock().idle.iter().all(is_closed)
    }

    /// A connection for one call, and whether it has carried others.
    ///
    /// If none is idle, one is opened; a connection that becomes free in the meantime is taken, and the new one kept for later.
    pub(crate) async fn connection(self: &Arc<Self>) -> Result<(Connection, bool), NotConnected> {
        loop {
            let mut freed = match self.take() {
                Taken::Ready(connection) => return Ok((connection, true)),
                Taken::Lagging(mut connection) => match connection.settle().await {
                    Condition::Ready => return Ok((connection, true)),
                    Condition::Lagging | Condition::Unfit => continue,
                },
                Taken::Nothing(freed) => freed,
            };
            let mut opening = self.connect.open(&self.address);
            match first(&mut freed, &mut opening).await {
                First::Opened(opened) => {
                    freed.close();
                    if let Ok(connection) = freed.try_recv() {
                        self.put(connection);
                        if opened.is_err() {
                            continue;
                        }
                    }
                    let connection = opened?;
                    if let Some(same) = connection.share() {
                        self.put(same);
                    }
                    return Ok((connection, false));
                }
                First::Freed(mut connection) => {
                    if !connection.is_shared() {
                        self.keep(opening);
                    }
                    if connection.settle().await == Condition::Ready {
                        return Ok((connection, true));
                    }
                }
            }
        }
    }

    /// An idle connection, or a place in the queue.
    fn take(self: &Arc<Self>) -> Taken {
        let mut lagging = Vec::new();
        let taken = loop {
            match self.pop() {
                Ok(connection) => match connection.condition() {
                    Condition::Ready => break Taken::Ready(connection),
                    // It is still there for everyone else, and would come up again.
                    Condition::Lagging if connection.is_shared() => break Taken::Lagging(connection),
                    Condition::Lagging => lagging.push(connection),
                    Condition::Unfit => (),
                },
                Err(freed) => break lagging.pop().map_or(Taken::Nothing(freed), Taken::Lagging),
            }
        };
        for connection in lagging {
            self.put(connection);
        }
        taken
    }

    fn pop(&self) -> Result<Connection, oneshot::Receiver<Connection>> {
        let mut state = self.lock();
        while let Some(Idle { connection, since }) = state.idle.pop() {
            if connection.is_closed() || since.elapsed() >= IDLE_LIMIT {
                continue;
            }
            if let Some(same) = connection.share() {
                state.store(same);
            }
            return Ok(connection);
        }
        let (waiter, freed) = oneshot::channel();
        // Those who have got a connection of their own wait no more.
        state.waiting.retain(|waiter| !waiter.is_closed());
        state.waiting.push_back(waiter);
        Err(freed)
    }

    /// Passes a connection on that is free: to a call that waits, or to a later one.
    pub(crate) fn put(self: &Arc<Self>, connection: Connection) {
        if connection.is_closed() {
            return;
        }
        let mut state = self.lock();
        if let Some(connection) = state.pass_on(connection) {
            state.store(connection);
            // One that ended with its runtime watches no more.
            if state.watch.as_ref().is_none_or(|watch| watch.0.is_finished()) {
                state.watch = Some(Watch::over(self));
            }
        }
    }

    /// Has a connection opened for later calls.
    ///
    /// Never more at once than may be idle: a server that does not get on with them would be sent one more by every call.
    fn keep(self: &Arc<Self>, opening: Opening) {
        let Ok(room) = Arc::clone(&self.room).try_acquire_owned() else {
            return;
        };
        let peer = Arc::clone(self);
        tokio::spawn(async move {
            if let Ok(connection) = opening.await {
                peer.put(connection);
            }
            drop(room);
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives a connection to whoever waits for one, and back if nobody does.
    fn pass_on(&mut self, mut connection: Connection) -> Option<Connection> {
        while let Some(waiter) = self.waiting.pop_front() {
            let same = connection.share();
            match (waiter.send(connection), same) {
                (Ok(()), None) => return None,
                (Ok(()), Some(same)) | (Err(same), _) => connection = same,
            }
        }
        Some(connection)
    }

    fn store(&mut self, connection: Connection) {
        if connection.is_shared() {
            // One that everyone can share is there but once.
            self.idle.retain(|idle| !idle.connection.is_shared());
        }
        if self.idle.len() < IDLE_CONNECTION_LIMIT {
            let since = Instant::now();
            self.idle.push(Idle { connection, since });
        }
    }

    /// Gives up what lay idle for too long, and tells how long the next one has.
    fn expire(&mut self) -> Option<Duration> {
        self.idle
            .retain(|idle| !idle.connection.is_closed() && idle.since.elapsed() < IDLE_LIMIT);
        let longest = self.idle.iter().map(|idle| idle.since.elapsed()).max()?;
        Some(IDLE_LIMIT.saturating_sub(longest))
    }
}

/// What comes first: a connection that is free again, or the new one.
async fn first(freed: &mut oneshot::Receiver<Connection>, opening: &mut Opening) -> First {
    poll_fn(|context| {
        if !freed.is_terminated()
            && let Poll::Ready(Ok(connection)) = Pin::new(&mut *freed).poll(context)
        {
            return Poll::Ready(First::Freed(connection));
        }
        opening.as_mut().poll(context).map(First::Opened)
    })
    .await
}

/// A task that gives up the idle connections of a peer in time; it keeps nobody alive, and ends with this.
struct Watch(JoinHandle<()>);

impl Watch {
    fn over(peer: &Arc<Peer>) -> Self {
        let peer = Arc::downgrade(peer);
        // By then, it may have been used again: calls in succession do not need a watch each.
        let first = sleep(IDLE_LIMIT);
        Self(tokio::spawn(async move {
            first.await;
            while let Some(left) = look(&peer) {
                sleep(left).await;
            }
        }))
    }
}

fn look(peer: &Weak<Peer>) -> Option<Duration> {
    let peer = peer.upgrade()?;
    let mut state = peer.lock();
    let left = state.expire();
    if left.is_none() {
        state.watch = None;
    }
    left
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}
