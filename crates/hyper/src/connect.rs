//! Connecting: one time limit over look-up, TCP, TLS and HTTP, and errors that say what went wrong in words.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tower_service::Service;

use ncloud_core::{Limits, Span};

use crate::connection::Connection;
use crate::link::Link;
use crate::tls::{self, find};

type BoxError = Box<dyn StdError + Send + Sync>;
type Pending<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

/// Opens connections, plain or over TLS as the address says.
#[derive(Clone)]
pub(crate) struct Connect {
    https: HttpsConnector<Tcp>,
    limit: Duration,
}

impl Connect {
    /// Trusts the given roots, or the bundled ones.
    pub(crate) fn new(
        limits: &Limits,
        roots: Option<Vec<CertificateDer<'static>>>,
    ) -> Result<Self, rustls::Error> {
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()?;
        let config = match roots {
            None => config.with_webpki_roots(),
            Some(roots) => {
                let mut store = RootCertStore::empty();
                for root in roots {
                    store.add(root)?;
                }
                config.with_root_certificates(store)
            }
        };
        let mut http = HttpConnector::new_with_resolver(LookUp(GaiResolver::new()));
        // The connector around it knows both schemes.
        http.enforce_http(false);
        http.set_nodelay(true);
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(config.with_no_client_auth())
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(Tcp(http));
        Ok(Self {
            https,
            limit: limits.connect_timeout(),
        })
    }

    /// Opens a connection to an address: scheme, host and port.
    pub(crate) fn open(&self, address: &Uri) -> Opening {
        let (mut https, address, limit) = (self.https.clone(), address.clone(), self.limit);
        Box::pin(async move {
            let opening = async {
                poll_fn(|context| https.poll_ready(context))
                    .await
                    .map_err(|source| NotConnected {
                        problem: format!("no connection can be made now: {source}"),
                        source,
                    })?;
                let stream = https.call(address.clone()).await.map_err(|source| NotConnected {
                    problem: problem(&source, &address),
                    source,
                })?;
                Connection::over(stream).await.map_err(|source| NotConnected {
                    problem: format!("{} does not speak HTTP as it should: {source}", peer(&address)),
                    source: source.into(),
                })
            };
            timeout(limit, opening).await.unwrap_or_else(|elapsed| {
                Err(NotConnected {
                    problem: format!("no connection to {} within {}", peer(&address), Span(limit)),
                    source: elapsed.into(),
                })
            })
        })
    }
}

/// A connection to be.
pub(crate) type Opening = Pending<Connection, NotConnected>;

/// Why there is no connection.
#[derive(Debug)]
pub(crate) struct NotConnected {
    pub(crate) problem: String,
    source: BoxError,
}

impl fmt::Display for NotConnected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problem)
    }
}

impl StdError for NotConnected {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

fn problem(error: &BoxError, uri: &Uri) -> String {
    let peer = peer(uri);
    if find::<NoSuchHost>(&**error).is_some() {
        let host = uri.host().unwrap_or_default();
        return format!(
            "no such host: {host} cannot be looked up; check the name and this machine's network"
        );
    }
    // The HTTPS connector passes on what the connector below says, and makes an I/O error of what TLS says.
    if error.is::<io::Error>() {
        return tls::handshake_problem(&**error, &peer);
    }
    match find::<io::Error>(&**error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => {
            format!("connection refused by {peer}; nothing listens there")
        }
        Some(io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable) => {
            format!("{peer} cannot be reached from this machine's network")
        }
        _ => format!("no connection to {peer}: {error}"),
    }
}

/// Host and port, the usual port written out.
pub(crate) fn peer(uri: &Uri) -> String {
    let port = uri.port_u16().or_else(|| usual_port(uri)).unwrap_or_default();
    format!("{}:{port}", uri.host().unwrap_or_default())
}

/// The port of a scheme that is known.
pub(crate) fn usual_port(uri: &Uri) -> Option<u16> {
    match uri.scheme_str()? {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// TCP connections that can be looked at while they are idle.
#[derive(Clone)]
struct Tcp(HttpConnector<LookUp>);

impl Service<Uri> for Tcp {
    type Response = Link;
    type Error = <HttpConnector<LookUp> as Service<Uri>>::Error;
    type Future = Pending<Link, Self::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move { connecting.await.map(Link::new) })
    }
}

/// The system's look-up, with an error that can be told from those of connecting.
#[derive(Clone)]
struct LookUp(GaiResolver);

impl Service<Name> for LookUp {
    type Response = GaiAddrs;
    type Error = NoSuchHost;
    type Future = Pending<GaiAddrs, NoSuchHost>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), NoSuchHost>> {
        self.0.poll_ready(context).map_err(NoSuchHost)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let found = self.0.call(name);
        Box::pin(async move { found.await.map_err(NoSuchHost) })
    }
}

#[derive(Debug)]
struct NoSuchHost(io::Error);

impl fmt::Display for NoSuchHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl StdError for NoSuchHost {}
