//! One face for both clients, so that a test is written once.

use std::time::Duration;

use bytes::Bytes;
use ncloud_core::{Error, Machine, Operation, Paged, Raw, Reply, Session, Waited, Waiter};
use tokio::runtime::{Builder, Runtime};

/// Limits other than the defaults.
#[derive(Clone, Copy, Default)]
pub(crate) struct Limits {
    pub(crate) connect: Option<Duration>,
    pub(crate) attempt: Option<Duration>,
    pub(crate) call: Option<Duration>,
    pub(crate) body: Option<u64>,
    pub(crate) roots: Option<&'static [u8]>,
}

pub(crate) enum Client {
    Ureq(ncloud_ureq::Client),
    Hyper(ncloud_hyper::Client, Runtime),
}

type Make = fn(Session, Limits) -> Client;

/// The makers of both clients.
pub(crate) fn both() -> [Make; 2] {
    [ureq, hyper]
}

macro_rules! build {
    ($builder:expr, $limits:expr) => {{
        let mut builder = $builder;
        if let Some(limit) = $limits.connect {
            builder = builder.connect_timeout(limit);
        }
        if let Some(limit) = $limits.attempt {
            builder = builder.attempt_timeout(limit);
        }
        if let Some(limit) = $limits.call {
            builder = builder.call_timeout(limit);
        }
        if let Some(limit) = $limits.body {
            builder = builder.body_limit(limit);
        }
        if let Some(roots) = $limits.roots {
            builder = builder.root_certificates_pem(roots);
        }
        builder.build().unwrap()
    }};
}

fn ureq(session: Session, limits: Limits) -> Client {
    Client::Ureq(build!(ncloud_ureq::Client::builder(session), limits))
}

fn hyper(session: Session, limits: Limits) -> Client {
    Client::Hyper(build!(ncloud_hyper::Client::builder(session), limits), runtime())
}

/// The async client on a runtime that does nothing between two calls.
pub(crate) fn resting(session: Session, limits: Limits) -> Client {
    let client = build!(ncloud_hyper::Client::builder(session), limits);
    Client::Hyper(client, resting_runtime())
}

pub(crate) fn resting_runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

impl Client {
    pub(crate) fn send<O: Operation + Sync>(&self, operation: &O) -> Result<Reply<O::Output>, Error> {
        match self {
            Self::Ureq(client) => client.send(operation),
            Self::Hyper(client, runtime) => runtime.block_on(client.send(operation)),
        }
    }

    pub(crate) fn raw(&self, raw: &Raw) -> Result<Reply<Bytes>, Error> {
        match self {
            Self::Ureq(client) => client.raw(raw),
            Self::Hyper(client, runtime) => runtime.block_on(client.raw(raw)),
        }
    }

    /// The first page of a list.
    pub(crate) fn page<O>(&self, operation: &O) -> Option<Result<Reply<O::Output>, Error>>
    where
        O: Paged + Send + Sync + 'static,
        O::Output: Send,
    {
        match self {
            Self::Ureq(client) => client.pages(operation).next(),
            Self::Hyper(client, runtime) => runtime.block_on(client.pages(operation).next()),
        }
    }

    pub(crate) fn wait<W: Waiter>(&self, waiter: &W) -> Waited<W> {
        match self {
            Self::Ureq(client) => client.wait(waiter),
            Self::Hyper(client, runtime) => runtime.block_on(client.wait(waiter)),
        }
    }

    pub(crate) fn drive<M: Machine>(&self, machine: M) -> M::Output {
        match self {
            Self::Ureq(client) => client.drive(machine),
            Self::Hyper(client, runtime) => runtime.block_on(client.drive(machine)),
        }
    }

    pub(crate) fn session(&self) -> Session {
        match self {
            Self::Ureq(client) => client.session().clone(),
            Self::Hyper(client, _) => client.session().clone(),
        }
    }

    pub(crate) fn with_session(&self, session: Session) -> Self {
        match self {
            Self::Ureq(client) => Self::Ureq(client.with_session(session)),
            Self::Hyper(client, _) => Self::Hyper(client.with_session(session), runtime()),
        }
    }

    /// Sends an operation many times at once, on threads or tasks, and insists that every call succeeds.
    pub(crate) fn send_at_once<O: Operation + Clone + Send + Sync + 'static>(
        &self,
        operation: &O,
        times: usize,
    ) where
        O::Output: Send,
    {
        match self {
            Self::Ureq(client) => std::thread::scope(|scope| {
                let calls: Vec<_> = (0..times)
                    .map(|_| scope.spawn(|| client.send(operation).map(drop)))
                    .collect();
                for call in calls {
                    call.join().unwrap().unwrap();
                }
            }),
            Self::Hyper(client, runtime) => runtime.block_on(async {
                let calls: Vec<_> = (0..times)
                    .map(|_| {
                        let (client, operation) = (client.clone(), operation.clone());
                        tokio::spawn(async move { client.send(&operation).await.map(drop) })
                    })
                    .collect();
                for call in calls {
                    call.await.unwrap().unwrap();
                }
            }),
        }
    }
}
