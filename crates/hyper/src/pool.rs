//! The pool: finds the peer that a request goes to, sends it over one of its connections, and takes the connection back.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use ncloud_core::{Error, Sent};
use tokio::runtime::Id;

use crate::connect::{Connect, NotConnected, usual_port};
use crate::connection::Connection;
use crate::outgoing::Outgoing;
use crate::peer::Peer;

/// All connections of a client and of its clones.
pub(crate) struct Pool {
    connect: Connect,
    peers: Mutex<Vec<Arc<Peer>>>,
}

/// A connection that an answer is still being read from. It ends with it, unless it is [given back](Lease::give_back).
pub(crate) struct Lease {
    peer: Arc<Peer>,
    connection: Option<Connection>,
}

/// A request under way.
pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<(Response<Incoming>, Lease), Failure>> + Send>>;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    NotConnected(NotConnected),
    Http(hyper::Error),
}

impl Pool {
    pub(crate) fn new(connect: Connect) -> Self {
        Self {
            connect,
            peers: Mutex::default(),
        }
    }

    /// A request on its way, which begins when it is first polled.
    pub(crate) fn send(&self, request: Request<Outgoing>, runtime: Id) -> Result<Sending, Error> {
        let peer = self.peer(request.uri(), runtime)?;
        Ok(Box::pin(send(peer, request)))
    }

    fn peer(&self, uri: &Uri, runtime: Id) -> Result<Arc<Peer>, Error> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(peer) = peers.iter().find(|peer| peer.is_at(uri, runtime)) {
            return Ok(Arc::clone(peer));
        }
        let (address, host) = address(uri).ok_or_else(|| {
            let problem = format!("a request goes to an http or https address with a host, and not to {uri}");
            Error::transport(Sent::No, problem)
        })?;
        peers.retain(|peer| !peer.is_idle());
        let peer = Arc::new(Peer::new(address, runtime, host, self.connect.clone()));
        peers.push(Arc::clone(&peer));
        Ok(peer)
    }
}

async fn send(
    peer: Arc<Peer>,
    mut request: Request<Outgoing>,
) -> Result<(Response<Incoming>, Lease), Failure> {
    let uri = request.uri().clone();
    loop {
        let (connection, is_used) = peer.connection().await.map_err(Failure::NotConnected)?;
        if connection.is_shared() {
            request.uri_mut().clone_from(&uri);
        } else {
            *request.uri_mut() = uri.path_and_query().cloned().map_or_else(Uri::default, Uri::from);
            request
                .headers_mut()
                .entry(HOST)
                .or_insert_with(|| peer.host.clone());
        }
        let mut error = match connection.send(request).await {
            Ok((response, connection)) => return Ok((response, Lease { peer, connection })),
            Err(error) => error,
        };
        // It ended in the meantime, before any of the request was written.
        match error.take_message().filter(|_| is_used) {
            Some(unsent) => request = unsent,
            None => return Err(Failure::Http(error.into_error())),
        }
    }
}

impl Lease {
    /// For another call: the answer was read to its end.
    pub(crate) fn give_back(self) {
        if let Some(connection) = self.connection {
            self.peer.put(connection);
        }
    }
}

/// Scheme, host and port of an address, and the last two as HTTP/1.1 writes them: without the usual port.
fn address(uri: &Uri) -> Option<(Uri, HeaderValue)> {
    let (scheme, authority) = (uri.scheme()?, uri.authority()?);
    let usual = usual_port(uri)?;
    let host = match authority.port_u16().filter(|port| *port != usual) {
        Some(port) => format!("{}:{port}", authority.host()),
        None => authority.host().to_owned(),
    };
    let address = Uri::builder()
        .scheme(scheme.clone())
        .authority(authority.clone())
        .path_and_query("/");
    Some((address.build().ok()?, HeaderValue::from_maybe_shared(host).ok()?))
}
