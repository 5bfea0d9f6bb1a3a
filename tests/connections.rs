//! Connections of the async client: which one a call goes over, and how long one is kept.

use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use ncloud_core::{Endpoint, Retry, Session};
use ncloud_hyper::Client;
use ncloud_simulator::Simulator;
use rustls::{ServerConnection, StreamOwned};

use crate::adapters::List;
use crate::certificates;
use crate::clients::{resting_runtime, runtime};
use crate::listeners::{answer_all, read_head, read_head_or_end, write_answer};

type Secured = BufReader<StreamOwned<ServerConnection, TcpStream>>;

/// How many calls are made one after the other.
const CALLS: usize = 500;
/// For what has to happen soon, on however slow a machine.
const SOON: Duration = Duration::from_secs(30);

/// A simulator that keeps its connections open until the client closes them, and says each time when one begins and when it ends.
fn serve() -> (Client, Receiver<&'static str>) {
    let simulator = Simulator::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let session = Session::new(simulator.credentials(), endpoint).unwrap();
    let (sender, connections) = channel();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            stream.set_nodelay(true).unwrap();
            let (simulator, sender) = (simulator.clone(), sender.clone());
            // Whoever has seen enough of it hears no more.
            let _ = sender.send("begun");
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                answer_all(&simulator, &mut reader);
                let _ = sender.send("ended");
            });
        }
    });
    (Client::new(session.with_retry(Retry::never())), connections)
}

async fn call(client: &Client) {
    client.send(&List::new().page_size(1)).await.unwrap();
}

async fn one_after_the_other(client: &Client) {
    for _ in 0..CALLS {
        call(client).await;
    }
}

#[test]
fn calls_one_after_the_other_go_over_one_connection() {
    for runtime in [resting_runtime(), runtime()] {
        let (client, connections) = serve();
        runtime.block_on(one_after_the_other(&client));
        let elsewhere = client.clone();
        runtime
            .block_on(runtime.spawn(async move { one_after_the_other(&elsewhere).await }))
            .unwrap();
        drop((client, runtime));
        let seen: Vec<_> = (0..2).map(|_| connections.recv_timeout(SOON).unwrap()).collect();
        assert_eq!(seen, ["begun", "ended"]);
        assert!(connections.try_recv().is_err());
    }
}

#[test]
fn each_runtime_has_a_connection_of_its_own() {
    let (client, connections) = serve();
    // Neither does anything between two calls.
    let runtimes = [(); 2].map(|()| resting_runtime());
    for runtime in runtimes.iter().chain(&runtimes) {
        runtime.block_on(call(&client));
    }
    // It takes its own connection along, and not the other.
    let [first, second] = runtimes;
    drop(first);
    second.block_on(call(&client));
    drop(second);
    let seen: Vec<_> = (0..4).map(|_| connections.recv_timeout(SOON).unwrap()).collect();
    assert_eq!(seen, ["begun", "begun", "ended", "ended"]);
    assert!(connections.try_recv().is_err());
}

#[tokio::test]
async fn a_connection_that_lies_idle_is_closed_after_fifteen_seconds() {
    let (client, connections) = serve();
    call(&client).await;
    assert_eq!(connections.recv_timeout(SOON), Ok("begun"));
    for _ in 0..3 {
        pass(Duration::from_millis(14_900)).await;
        call(&client).await;
    }
    assert!(connections.try_recv().is_err());
    pass(Duration::from_secs(15)).await;
    // Off this thread, so that the runtime can do what is to be done by now.
    let (end, connections) =
        tokio::task::spawn_blocking(move || (connections.recv_timeout(SOON), connections))
            .await
            .unwrap();
    assert_eq!(end, Ok("ended"));
    call(&client).await;
    assert_eq!(connections.recv_timeout(SOON), Ok("begun"));
}

/// Lets time pass for the runtime, and for nobody else.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[test]
fn a_client_that_is_dropped_closes_its_connections() {
    let runtime = runtime();
    let (client, connections) = serve();
    runtime.block_on(call(&client));
    assert_eq!(connections.recv_timeout(SOON), Ok("begun"));
    drop(client);
    assert_eq!(connections.recv_timeout(SOON), Ok("ended"));
}

#[tokio::test]
async fn nothing_goes_on_after_a_client_is_dropped() {
    let (client, _connections) = serve();
    one_after_the_other(&client).await;
    // The connection, and what gives it up when it lay idle for too long.
    assert_eq!(tasks_at_rest().await, 2);
    drop(client);
    assert_eq!(tasks_at_rest().await, 0);
}

/// Lets all tasks come as far as they get by themselves.
async fn let_others_run() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// How many tasks there are when all have come as far as they get by themselves.
async fn tasks_at_rest() -> usize {
    let_others_run().await;
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// A client, and a simulator that one connection gets to over TLS.
fn over_tls() -> (Client, Simulator, impl FnOnce() -> (Secured, TcpListener)) {
    let simulator = Simulator::new();
    let (config, certificate) = certificates::server("127.0.0.1");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::new(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    let session = Session::new(simulator.credentials(), endpoint).unwrap();
    let client = Client::builder(session.with_retry(Retry::never()))
        .root_certificates_pem(certificate)
        .connect_timeout(10 * SOON)
        .build()
        .unwrap();
    let accept = move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_nodelay(true).unwrap();
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        (BufReader::new(StreamOwned::new(connection, stream)), listener)
    };
    (client, simulator, accept)
}

#[test]
fn what_tls_has_to_tell_does_an_idle_connection_no_harm() {
    let (client, simulator, accept) = over_tls();
    let (go_on, told) = channel();
    let (sender, written) = channel();
    std::thread::spawn(move || {
        // Nobody else gets through the handshake.
        let (mut reader, _listener) = accept();
        while let Some(head) = read_head_or_end(&mut reader) {
            write_answer(&simulator, &head, reader.get_mut());
            told.recv().unwrap();
            reader.get_mut().conn.refresh_traffic_keys().unwrap();
            reader.get_mut().flush().unwrap();
            sender.send(()).unwrap();
        }
    });
    // It does not see anything between two calls.
    let runtime = resting_runtime();
    for _ in 0..3 {
        runtime.block_on(call(&client));
        go_on.send(()).unwrap();
        written.recv().unwrap();
    }
}

#[tokio::test]
async fn a_call_that_waits_for_a_connection_takes_one_that_becomes_free() {
    let (client, simulator, accept) = over_tls();
    let (sender, arrived) = channel();
    let (go_on, told) = channel();
    std::thread::spawn(move || {
        let (mut reader, listener) = accept();
        for _ in 0..2 {
            let head = read_head(&mut reader);
            sender.send(()).unwrap();
            told.recv().unwrap();
            write_answer(&simulator, &head, reader.get_mut());
        }
        // Others get no further than the system takes them by itself: never through the handshake.
        drop(listener);
    });
    let calls = [client.clone(), client].map(|client| async move { call(&client).await });
    let [first, second] = calls;
    let first = tokio::spawn(first);
    let arrived = tokio::task::spawn_blocking(move || (arrived.recv(), arrived).1)
        .await
        .unwrap();
    let second = tokio::spawn(second);
    // Until it has begun to open a connection of its own.
    let_others_run().await;
    go_on.send(()).unwrap();
    first.await.unwrap();
    tokio::task::spawn_blocking(move || arrived.recv())
        .await
        .unwrap()
        .unwrap();
    go_on.send(()).unwrap();
    second.await.unwrap();
}

#[tokio::test]
async fn connections_that_are_never_made_do_not_pile_up() {
    let (client, simulator, accept) = over_tls();
    let (sender, changes) = channel();
    std::thread::spawn(move || {
        let (mut reader, listener) = accept();
        std::thread::spawn(move || answer_all(&simulator, &mut reader));
        // All others are taken, and never get through the handshake.
        while let Ok((mut stream, _)) = listener.accept() {
            let sender = sender.clone();
            std::thread::spawn(move || {
                let _ = sender.send(1);
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
                let _ = sender.send(-1);
            });
        }
    });
    call(&client).await;
    // Each finds the connection in use by the other, and begins to open one of its own.
    let calls = [client.clone(), client].map(|client| async move {
        for _ in 0..CALLS / 4 {
            call(&client).await;
        }
        client
    });
    let [first, second] = calls.map(tokio::spawn);
    let _clients = (first.await.unwrap(), second.await.unwrap());
    let mut open: i32 = changes.try_iter().sum();
    while open > 32 {
        open += changes.recv_timeout(SOON).unwrap();
    }
}
