//! Connecting: one time limit over look-up, TCP and TLS, and errors that say that nothing was sent.
//!
//! ureq looks a host up before every call, even if the call then goes over a connection that is open already. Here the
//! look-up is part of connecting, so it happens for new connections only.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Instant;

use http::Uri;
use ncloud_core::{Error, Limits, Sent, Span};
use ureq::Timeout;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, NextTimeout, RustlsConnector, TcpConnector, Transport, time,
};

use crate::tls;

/// The most addresses of one host that are tried; what ureq has room for.
const ADDRESS_LIMIT: usize = 16;

/// Leaves the look-up to [`Connect`].
#[derive(Debug)]
pub(crate) struct NoLookUp;

impl Resolver for NoLookUp {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

/// Opens connections. All its errors hold an [`Error`] with [`Sent::No`]: requests are written to open connections only.
#[derive(Debug)]
pub(crate) struct Connect {
    limits: Limits,
    tcp: TcpConnector,
    tls: RustlsConnector,
}

impl Connect {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            tcp: TcpConnector::default(),
            tls: RustlsConnector::default(),
        }
    }

    fn open(&self, details: &ConnectionDetails<'_>) -> Result<Link, Error> {
        let started = Instant::now();
        let peer = Peer::of(details.uri)?;
        let addrs = self.look_up(&peer, details)?;
        // What the look-up took is no longer there for the rest.
        let after = match details.timeout.after {
            time::Duration::Exact(limit) => limit.saturating_sub(started.elapsed()).into(),
            endless @ time::Duration::NotHappening => endless,
        };
        let details = ConnectionDetails {
            uri: details.uri,
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: (details.current_time)(),
            timeout: NextTimeout {
                after,
                ..details.timeout
            },
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        if after.is_zero() {
            return Err(self.too_late(&peer, details.timeout.reason, details.config));
        }
        let tcp = match self.tcp.connect(&details, None::<()>) {
            Ok(Some(tcp)) => tcp,
            Ok(None) => return Err(unsent(format!("no connection to {peer}"))),
            Err(ureq::Error::Timeout(reason)) => return Err(self.too_late(&peer, reason, details.config)),
            Err(error) => return Err(tcp_failure(&peer, error.into_io())),
        };
        match self.tls.connect(&details, Some(tcp)) {
            Ok(Some(transport)) => Ok(Link(Box::new(transport))),
            Ok(None) => Err(unsent(format!("no connection to {peer}"))),
            Err(ureq::Error::Timeout(reason)) => Err(self.too_late(&peer, reason, details.config)),
            Err(error) => Err(tls_failure(&peer, error)),
        }
    }

    fn look_up(&self, peer: &Peer, details: &ConnectionDetails<'_>) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = details.resolver.empty();
        if let Ok(address) = peer.host.parse::<IpAddr>() {
            addresses.push(SocketAddr::new(address, peer.port));
            return Ok(addresses);
        }
        let no_such_host = |error: io::Error| {
            unsent(format!(
                "no such host: {} cannot be looked up; check the name and this machine's network",
                peer.host
            ))
            .with_source(error)
        };
        let found = match details.timeout.after {
            time::Duration::NotHappening => (peer.host.as_str(), peer.port).to_socket_addrs(),
            time::Duration::Exact(limit) => {
                // The system's look-up cannot be interrupted: past the limit it is left to end by itself.
                let (sender, receiver) = mpsc::sync_channel(1);
                let (host, port) = (peer.host.clone(), peer.port);
                thread::Builder::new()
                    .name("ncloud-look-up".to_owned())
                    .spawn(move || sender.send((host.as_str(), port).to_socket_addrs()))
                    .map_err(|error| {
                        unsent("no thread could be started to look the host up").with_source(error)
                    })?;
                match receiver.recv_timeout(limit) {
                    Ok(found) => found,
                    Err(RecvTimeoutError::Timeout) => {
                        return Err(self.too_late(peer, details.timeout.reason, details.config));
                    }
                    Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::NotFound.into()),
                }
            }
        };
        for address in found.map_err(no_such_host)?.take(ADDRESS_LIMIT) {
            addresses.push(address);
        }
        if addresses.is_empty() {
            return Err(no_such_host(io::ErrorKind::NotFound.into()));
        }
        Ok(addresses)
    }

    fn too_late(&self, peer: &Peer, reason: Timeout, config: &Config) -> Error {
        let limit = if reason == Timeout::Connect {
            self.limits.connect_timeout()
        } else {
            // Less than usual, where less is left of the call.
            let limit = config.timeouts().global;
            limit.unwrap_or_else(|| self.limits.attempt_timeout())
        };
        unsent(format!("no connection to {peer} within {}", Span(limit)))
    }
}

impl Connector<()> for Connect {
    type Out = Link;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Link>, ureq::Error> {
        self.open(details)
            .map(Some)
            .map_err(|error| ureq::Error::Other(error.into()))
    }
}

fn unsent(problem: impl Into<Cow<'static, str>>) -> Error {
    Error::transport(Sent::No, problem)
}

fn tcp_failure(peer: &Peer, error: io::Error) -> Error {
    let problem = match error.kind() {
        io::ErrorKind::ConnectionRefused => format!("connection refused by {peer}; nothing listens there"),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            format!("{peer} cannot be reached from this machine's network")
        }
        _ => format!("no connection to {peer}: {error}"),
    };
    unsent(problem).with_source(error)
}

fn tls_failure(peer: &Peer, error: ureq::Error) -> Error {
    match error {
        ureq::Error::Rustls(error) => {
            unsent(tls::handshake_problem(&error, &peer.to_string())).with_source(error)
        }
        ureq::Error::Io(error) => {
            unsent(tls::handshake_problem(&error, &peer.to_string())).with_source(error)
        }
        error => unsent(format!("the TLS handshake with {peer} failed: {error}")).with_source(error),
    }
}

/// Whom to connect to.
struct Peer {
    /// Without the brackets of an IPv6 address.
    host: String,
    port: u16,
}

impl Peer {
    fn of(uri: &Uri) -> Result<Self, Error> {
        let host = uri.host().ok_or_else(|| unsent("the address has no host"))?;
        let bare = host
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(host);
        let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        Ok(Self {
            host: bare.to_owned(),
            port: uri.port_u16().unwrap_or(usual),
        })
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

/// An open connection on which an abrupt end is always an error.
///
/// ureq takes a reset, or TLS that ends without saying so, for the proper end of a body that only the end of the
/// connection delimits. Whoever can cut a connection could shorten an answer that way, so the error is put into a form
/// that ureq passes on.
#[derive(Debug)]
pub(crate) struct Link(Box<dyn Transport>);

impl Transport for Link {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.0.await_input(timeout).map_err(|error| match error {
            ureq::Error::Io(error) if tls::is_end(&error) => ureq::Error::Other(Box::new(CutOff(error))),
            error => error,
        })
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

/// The other side ended the connection in the middle of something.
#[derive(Debug)]
pub(crate) struct CutOff(pub(crate) io::Error);

impl fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for CutOff {}
