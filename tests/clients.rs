//! One face for both clients, so that a test is written once.

use std::time::Duration;

use bytes::Bytes;
use ncloud_core::{Error, Operation, Raw, Reply, Session};
use tokio::runtime::{Builder, Runtime};

/// Limits other than the defaults.
#[derive(Clone, Copy, Default)]
pub struct Limits {
    pub connect: Option<Duration>,
    pub attempt: Option<Duration>,
    pub call: Option<Duration>,
    pub body: Option<u64>,
    pub roots: Option<&'static [u8]>,
}

pub enum Client {
    Ureq(ncloud_ureq::Client),
    Hyper(ncloud_hyper::Client, Runtime),
}

type Make = fn(Session, Limits) -> Client;

/// The makers of both clients.
pub fn both() -> [Make; 2] {
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

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

impl Client {
    pub fn send<O: Operation + Sync>(&self, operation: &O) -> Result<Reply<O::Output>, Error> {
        match self {
            Self::Ureq(client) => client.send(operation),
            Self::Hyper(client, runtime) => runtime.block_on(client.send(operation)),
        }
    }

    pub fn raw(&self, raw: &Raw) -> Result<Reply<Bytes>, Error> {
        match self {
            Self::Ureq(client) => client.raw(raw),
            Self::Hyper(client, runtime) => runtime.block_on(client.raw(raw)),
        }
    }

    pub fn session(&self) -> Session {
        match self {
            Self::Ureq(client) => client.session().clone(),
            Self::Hyper(client, _) => client.session().clone(),
        }
    }

    pub fn with_session(&self, session: Session) -> Self {
        match self {
            Self::Ureq(client) => Self::Ureq(client.with_session(session)),
            Self::Hyper(client, _) => Self::Hyper(client.with_session(session), runtime()),
        }
    }

    /// Sends an operation many times at once, on threads or tasks, and insists that every call succeeds.
    pub fn send_at_once<O: Operation + Clone + Send + Sync + 'static>(&self, operation: &O, times: usize)
    where
        O::Output: Send,
    {
        match self {
            Self::Ureq(client) => std::thread::scope(|scope| {
                let calls: Vec<_> = (0..times)
                    .map(|_| scope.spawn(|| client.send(operation).map(drop)))
                    .collect();
                calls.into_iter().for_each(|call| call.join().unwrap().unwrap());
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
