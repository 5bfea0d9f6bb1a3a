//! HTTP/2 where a server offers it: the async client's calls share one connection, and survive its end.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use ncloud_core::{Endpoint, Error, ErrorKind, Retry, Session};
use ncloud_hyper::Client;
use ncloud_simulator::Simulator;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::adapters::List;
use crate::certificates;

/// How many calls are made at once.
const AT_ONCE: usize = 32;
/// Room for one image, and not for all.
const BODY_LIMIT: u64 = 4_000;

/// A simulator behind HTTP/2, which answers as many calls as it is told to.
struct Server {
    simulator: Simulator,
    /// The numbers of the connections that requests came over.
    used: Mutex<BTreeSet<usize>>,
    ended: AtomicUsize,
    arrived: AtomicUsize,
    answers: Semaphore,
    leave: Notify,
    vanish: Notify,
}

impl Server {
    /// Starts it on the runtime of the test, and gives a client that trusts it.
    async fn start() -> (Arc<Self>, Client) {
        let (mut config, certificate) = certificates::server("localhost");
        config.alpn_protocols = vec![b"h2".to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Arc::new(Self {
            simulator: Simulator::new(),
            used: Mutex::default(),
            ended: AtomicUsize::new(0),
            arrived: AtomicUsize::new(0),
            answers: Semaphore::new(0),
            leave: Notify::new(),
            vanish: Notify::new(),
        });
        let client = server.client(address, certificate);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let accepting = Arc::clone(&server);
        tokio::spawn(async move {
            for number in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(Arc::clone(&accepting).serve(number, acceptor.clone(), stream));
            }
        });
        (server, client)
    }

    fn client(&self, address: SocketAddr, certificate: String) -> Client {
        let endpoint = Endpoint::new(&format!("https://localhost:{}", address.port())).unwrap();
        let session = Session::new(self.simulator.credentials(), endpoint).unwrap();
        Client::builder(session.with_retry(Retry::never()))
            .root_certificates_pem(certificate)
            .body_limit(BODY_LIMIT)
            .build()
            .unwrap()
    }

    async fn serve(self: Arc<Self>, number: usize, acceptor: TlsAcceptor, stream: TcpStream) {
        // A client that has got another connection in the meantime may leave this one at any time.
        let Ok(stream) = acceptor.accept(stream).await else {
            return;
        };
        let server = Arc::clone(&self);
        let service = service_fn(move |request| {
            server.used.lock().unwrap().insert(number);
            Arc::clone(&server).answer(request)
        });
        let connection = http2::Builder::new(TokioExecutor::new());
        let mut connection = Box::pin(connection.serve_connection(TokioIo::new(stream), service));
        let _ = tokio::select! {
            ended = &mut connection => ended,
            () = self.leave.notified() => {
                connection.as_mut().graceful_shutdown();
                connection.as_mut().await
            }
            () = self.vanish.notified() => Ok(()),
        };
        drop(connection);
        self.ended.fetch_add(1, Ordering::SeqCst);
    }

    async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, hyper::Error> {
        assert_eq!(request.version(), Version::HTTP_2);
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        self.arrived.fetch_add(1, Ordering::SeqCst);
        self.answers.acquire().await.unwrap().forget();
        let answer = self
            .simulator
            .handle(Request::from_parts(head, body), SystemTime::now());
        Ok(answer.map(Full::new))
    }

    /// How many connections requests came over since this was last asked.
    fn used(&self) -> usize {
        std::mem::take(&mut *self.used.lock().unwrap()).len()
    }
}

/// Lets others run until something is so.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::task::yield_now().await;
    }
}

fn one() -> List {
    List::new().page_size(1)
}

fn at_once(client: &Client) -> JoinSet<Result<usize, Error>> {
    let mut calls = JoinSet::new();
    for _ in 0..AT_ONCE {
        let client = client.clone();
        calls.spawn(async move {
            let reply = client.send(&one()).await?;
            Ok(reply.value.member_server_image_instance_list.len())
        });
    }
    calls
}

async fn all_right(mut calls: JoinSet<Result<usize, Error>>) {
    while let Some(ended) = calls.join_next().await {
        assert_eq!(ended.unwrap().unwrap(), 1);
    }
}

#[tokio::test]
async fn calls_at_once_share_a_connection() {
    let (server, client) = Server::start().await;
    server.answers.add_permits(1);
    client.send(&one()).await.unwrap();
    let calls = at_once(&client);
    // None is answered before all have come, so that they are under way at the same time.
    until(|| server.arrived.load(Ordering::SeqCst) == 1 + AT_ONCE).await;
    server.answers.add_permits(AT_ONCE);
    all_right(calls).await;
    assert_eq!(server.used(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_come_before_there_is_a_connection_end_up_on_one() {
    let (server, client) = Server::start().await;
    server.answers.add_permits(3 * AT_ONCE);
    all_right(at_once(&client)).await;
    server.used();
    all_right(at_once(&client)).await;
    all_right(at_once(&client)).await;
    assert_eq!(server.used(), 1);
}

#[tokio::test]
async fn a_connection_that_the_server_ends_is_replaced() {
    let (server, client) = Server::start().await;
    server.answers.add_permits(2);
    client.send(&one()).await.unwrap();
    server.leave.notify_one();
    until(|| server.ended.load(Ordering::SeqCst) == 1).await;
    client.send(&one()).await.unwrap();
    assert_eq!(server.used(), 2);
}

#[tokio::test]
async fn a_connection_that_the_server_ends_while_the_runtime_is_kept_busy_is_replaced() {
    let elsewhere = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (server, client) = elsewhere.spawn(async { Server::start().await }).await.unwrap();
    server.answers.add_permits(2);
    let ending = Arc::clone(&server);
    // A task of its own: the runtime looks around whenever it comes to the one that it was started with.
    let calls = tokio::spawn(async move {
        client.send(&one()).await.unwrap();
        ending.vanish.notify_one();
        while ending.ended.load(Ordering::SeqCst) == 0 {
            std::hint::spin_loop();
        }
        client.send(&one()).await.unwrap();
    });
    calls.await.unwrap();
    assert_eq!(server.used(), 2);
    elsewhere.shutdown_background();
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_the_others_alone() {
    let (server, client) = Server::start().await;
    server.answers.add_permits(1);
    client.send(&one()).await.unwrap();
    let calls = at_once(&client);
    until(|| server.arrived.load(Ordering::SeqCst) == 1 + AT_ONCE).await;
    {
        let list = one();
        let mut dropped = Box::pin(client.send(&list));
        tokio::select! {
            reply = &mut dropped => panic!("{reply:?}"),
            () = until(|| server.arrived.load(Ordering::SeqCst) == 2 + AT_ONCE) => (),
        }
    }
    // The server may not know yet that nobody waits for one of these.
    server.answers.add_permits(AT_ONCE + 2);
    all_right(calls).await;
    client.send(&one()).await.unwrap();
    assert_eq!(server.used(), 1);
}

#[tokio::test]
async fn an_answer_that_is_too_large_leaves_the_connection_in_place() {
    let (server, client) = Server::start().await;
    server.answers.add_permits(2);
    let error = client.send(&List::new().page_size(25)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    client.send(&one()).await.unwrap();
    assert_eq!(server.used(), 1);
}
