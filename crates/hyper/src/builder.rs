//! Building a client that is not like the default: time limits, size limit, trusted roots.

use std::fmt;
use std::time::Duration;

use ncloud_core::{Error, Limits, Session};

use crate::client::Client;
use crate::tls;
use crate::transport::Transport;

/// Settings of a [`Client`] to be; from [`Client::builder`].
///
/// ```
/// use std::time::Duration;
/// use ncloud_core::{Credentials, Session, Site};
/// use ncloud_hyper::Client;
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let client = Client::builder(Session::new(&credentials, Site::Public)?)
///     .connect_timeout(Duration::from_secs(3))
///     .attempt_timeout(Duration::from_secs(20))
///     .call_timeout(Duration::from_secs(60))
///     .body_limit(8 * 1024 * 1024)
///     .build()?;
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[must_use = "nothing is built before `build`"]
pub struct ClientBuilder {
    session: Session,
    limits: Result<Limits, Error>,
    roots: Option<Vec<u8>>,
}

impl ClientBuilder {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            limits: Ok(Limits::default()),
            roots: None,
        }
    }

    /// How long it may take to get a new connection: looking the host up, TCP and TLS together. Default: 10 seconds.
    ///
    /// Past it, the call fails with [`Sent::No`](ncloud_core::Sent::No).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits = self
            .limits
            .and_then(|limits| limits.with_connect_timeout(timeout));
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer. Default: 30 seconds.
    ///
    /// Past it, the call fails with [`Sent::Maybe`](ncloud_core::Sent::Maybe) if there was a connection to send on.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits = self
            .limits
            .and_then(|limits| limits.with_attempt_timeout(timeout));
        self
    }

    /// How long a call may take as a whole; no attempt lasts longer than that. Default: 100 seconds.
    pub fn call_timeout(mut self, timeout: Duration) -> Self {
        self.limits = self.limits.and_then(|limits| limits.with_call_timeout(timeout));
        self
    }

    /// How large the body of an answer may be, in bytes. Default: 33,554,432 (32 MiB).
    ///
    /// A larger one is not read any further, and the call fails with [`ErrorKind::Decode`](ncloud_core::ErrorKind::Decode).
    pub fn body_limit(mut self, bytes: u64) -> Self {
        self.limits = self.limits.map(|limits| limits.with_body_limit(bytes));
        self
    }

    /// Trusts exactly these root certificates, in PEM, instead of Mozilla's bundled ones.
    ///
    /// For a gateway, a proxy or a test server with a private certificate authority. Anything between the sections of the
    /// PEM text is passed over.
    ///
    /// ```
    /// use ncloud_core::{Credentials, Session, Site};
    /// use ncloud_hyper::Client;
    ///
    /// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// let session = Session::new(&credentials, Site::Public)?;
    /// let error = Client::builder(session).root_certificates_pem("not a certificate").build().unwrap_err();
    /// assert_eq!(error.field(), Some("root certificates"));
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error for a timeout of zero and for root certificates that are not PEM,
    /// cannot be used, or are none at all.
    pub fn build(self) -> Result<Client, Error> {
        let limits = self.limits?;
        let roots = self.roots.as_deref().map(tls::read_roots).transpose()?;
        Ok(Client::over(self.session, Transport::new(limits, roots)))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("session", &self.session)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
