//! The client: build a request now, carry it, read the answer.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use ncloud_core::{
    Error, Event, Limits, Machine, Operation, Paged, Raw, Reply, Session, Step, Waited, Waiter,
};

use crate::builder::ClientBuilder;
use crate::pages::{Items, Pages};
use crate::transport::{Prepared, Transport};

/// An async client: a [`Session`] and the connections that its calls go over.
///
/// Clones share the connections and cost two reference counts; one client serves any number of tasks and threads.
///
/// ```
/// use ncloud_api::vserver::GetMemberServerImageInstanceList;
/// use ncloud_core::{Endpoint, Session};
/// use ncloud_hyper::Client;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let simulator = ncloud_simulator::Simulator::new();
/// let server = simulator.serve()?;
/// let client = Client::new(Session::new(simulator.credentials(), Endpoint::new(server.url())?)?);
///
/// let reply = client.send(&GetMemberServerImageInstanceList::new()).await?;
/// assert_eq!(reply.head.status(), http::StatusCode::OK);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    session: Session,
    transport: Arc<Transport>,
}

impl Client {
    /// A client with the default limits, which trusts Mozilla's roots. Nothing is sent.
    ///
    /// ```
    /// use ncloud_core::{Credentials, Session, Site};
    /// use ncloud_hyper::Client;
    ///
    /// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// let client = Client::new(Session::new(&credentials, Site::Public)?);
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    #[must_use]
    pub fn new(session: Session) -> Self {
        Self::over(session, Transport::new(Limits::default(), None))
    }

    /// A client with keys, address and region from the environment, `~/.ncloud/configure` or the server's role; see
    /// `ncloud-config`. Nothing is asked for before the first call.
    ///
    /// # Errors
    ///
    /// A [`Build`](ncloud_core::ErrorKind::Build) error that names the setting that is missing or wrong.
    ///
    /// ```
    /// use ncloud_core::ErrorKind;
    ///
    /// match ncloud_hyper::Client::from_env() {
    ///     Ok(client) => println!("calls go to {}", client.session().endpoint()),
    ///     Err(error) => assert_eq!(error.kind(), ErrorKind::Build),
    /// }
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        Ok(Self::new(ncloud_config::load()?.session()))
    }

    /// A client with limits or roots of your own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ncloud_core::{Credentials, Session, Site};
    /// use ncloud_hyper::Client;
    ///
    /// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// let session = Session::new(&credentials, Site::Public)?;
    /// let client = Client::builder(session).call_timeout(Duration::from_secs(20)).build()?;
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    pub fn builder(session: Session) -> ClientBuilder {
        ClientBuilder::new(session)
    }

    pub(crate) fn over(session: Session, transport: Transport) -> Self {
        Self {
            session,
            transport: Arc::new(transport),
        }
    }

    /// Sends an operation and waits for what it gives.
    ///
    /// # Errors
    ///
    /// [`Build`](ncloud_core::ErrorKind::Build) if a parameter is wrong, [`Transport`](ncloud_core::ErrorKind::Transport) if
    /// the network failed, and what [`Session::parse`] makes of an answer that is a refusal or cannot be understood. Only
    /// an error whose [`may_have_been_sent`](Error::may_have_been_sent) is false leaves nothing to doubt.
    ///
    /// ```
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Endpoint, Session};
    /// use ncloud_hyper::Client;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let simulator = ncloud_simulator::Simulator::new();
    /// let server = simulator.serve()?;
    /// let client = Client::new(Session::new(simulator.credentials(), Endpoint::new(server.url())?)?);
    ///
    /// for image in client.send(&GetMemberServerImageInstanceList::new()).await?.value.member_server_image_instance_list {
    ///     println!("{:?}", image.member_server_image_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<Reply<O::Output>, Error> {
        self.drive(self.session.call(operation).with_deadline(self.call_timeout()))
            .await
    }

    /// Sends a raw call and waits for the body of its answer, as it came.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]; a body that is neither JSON nor XML is no error if the status says success.
    ///
    /// ```
    /// use ncloud_core::{Endpoint, Raw, Session};
    /// use ncloud_hyper::Client;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let simulator = ncloud_simulator::Simulator::new();
    /// let server = simulator.serve()?;
    /// let client = Client::new(Session::new(simulator.credentials(), Endpoint::new(server.url())?)?);
    ///
    /// let call = Raw::new(http::Method::GET, "/vserver/v2/getMemberServerImageInstanceList")
    ///     .query("responseFormatType", "json");
    /// let reply = client.raw(&call).await?;
    /// assert!(reply.value.starts_with(b"{"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn raw(&self, call: &Raw) -> Result<Reply<Bytes>, Error> {
        self.drive(self.session.raw_call(call).with_deadline(self.call_timeout()))
            .await
    }

    /// Goes through a list page by page: a stream of whole answers.
    ///
    /// ```
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Endpoint, Session};
    /// use ncloud_hyper::Client;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let simulator = ncloud_simulator::Simulator::new();
    /// let server = simulator.serve()?;
    /// let client = Client::new(Session::new(simulator.credentials(), Endpoint::new(server.url())?)?);
    ///
    /// let mut pages = client.pages(&GetMemberServerImageInstanceList::new().page_size(10)).concurrency(4);
    /// while let Some(page) = pages.next().await {
    ///     println!("{} images", page?.value.member_server_image_instance_list.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<O>(&self, operation: &O) -> Pages<O>
    where
        O: Paged + Send + Sync + 'static,
        O::Output: Send,
    {
        Pages::new(self, operation)
    }

    /// Goes through a list item by item, asking for pages as they are needed.
    ///
    /// ```
    /// use ncloud_api::vserver::GetMemberServerImageInstanceList;
    /// use ncloud_core::{Endpoint, Session};
    /// use ncloud_hyper::Client;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let simulator = ncloud_simulator::Simulator::new();
    /// let server = simulator.serve()?;
    /// let client = Client::new(Session::new(simulator.credentials(), Endpoint::new(server.url())?)?);
    ///
    /// let mut images = client.items(&GetMemberServerImageInstanceList::new());
    /// while let Some(image) = images.next().await {
    ///     println!("{:?}", image?.member_server_image_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn items<O>(&self, operation: &O) -> Items<O>
    where
        O: Paged + Send + Sync + 'static,
        O::Output: Send,
    {
        Items::new(self.pages(operation))
    }

    /// Waits for something: looks, sleeps and looks again. Gives the answer that shows that it has come to pass.
    ///
    /// For other intervals, another deadline or a look at the progress, drive the wait yourself:
    /// `client.drive(client.session().wait(&waiter).on_progress(…)).await`.
    ///
    /// # Errors
    ///
    /// [`WaitError`](ncloud_core::WaitError), with the last answer: it failed, is gone, or the deadline came first; or a call that went wrong.
    ///
    /// ```
    /// use ncloud_api::vserver::MemberServerImageCreated;
    /// use ncloud_core::{Endpoint, Session};
    /// use ncloud_hyper::Client;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let simulator = ncloud_simulator::Simulator::new();
    /// let server = simulator.serve()?;
    /// let client = Client::new(Session::new(simulator.credentials(), Endpoint::new(server.url())?)?);
    ///
    /// let reply = client.wait(&MemberServerImageCreated::new("1000001")).await?;
    /// assert_eq!(reply.value.total_rows, Some(1));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait<W: Waiter>(&self, waiter: &W) -> Waited<W> {
        let wait = self.session.wait(waiter);
        self.drive(wait.with_call_timeout(self.call_timeout())).await
    }

    /// Runs any machine to its end, or to its next result, on this client's connections.
    #[expect(
        clippy::manual_async_fn,
        reason = "an async function would keep the machine twice: as it was given, and as it is stepped"
    )]
    pub fn drive<M: Machine>(&self, mut machine: M) -> impl Future<Output = M::Output> {
        async move {
            let mut event = Event::Start;
            loop {
                let now = SystemTime::now();
                let next = match machine.step(now, event) {
                    Step::Send(request) => {
                        let left = machine.time_left(now).unwrap_or(Duration::MAX);
                        Next::Send(self.transport.prepare(request), left)
                    }
                    Step::Sleep(time) => Next::Sleep(time),
                    Step::Done(output) => return output,
                };
                event = match next {
                    Next::Send(prepared, left) => self.transport.carry(prepared, left).await.into(),
                    Next::Sleep(time) => {
                        tokio::time::sleep(time).await;
                        Event::Woke
                    }
                };
            }
        }
    }

    pub(crate) fn call_timeout(&self) -> Duration {
        self.transport.limits.call_timeout()
    }

    /// The session that requests are built with.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A client with another session over the same connections and limits.
    ///
    /// ```
    /// use ncloud_core::{Credentials, Session, Site};
    /// use ncloud_hyper::Client;
    ///
    /// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
    /// let public = Client::new(Session::new(&credentials, Site::Public)?);
    /// let government = public.with_session(Session::new(&credentials, Site::Government)?);
    /// assert_eq!(government.session().endpoint().host(), "ncloud.apigw.gov-ntruss.com");
    /// # Ok::<(), ncloud_core::Error>(())
    /// ```
    #[must_use]
    pub fn with_session(&self, session: Session) -> Self {
        Self {
            session,
            transport: Arc::clone(&self.transport),
        }
    }
}

/// What a machine waits for, without what need not be kept in the meantime.
enum Next {
    Send(Result<Prepared, Error>, Duration),
    Sleep(Duration),
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("session", &self.session)
            .field("limits", &self.transport.limits)
            .finish_non_exhaustive()
    }
}
