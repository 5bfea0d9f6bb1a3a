//! What becomes of a connection: reset, shared by sessions, closed while idle; and that nothing goes over it twice.

use std::io::Write;
use std::net::Shutdown;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use http::Method;
use ncloud_core::Raw;

use super::script::{hold, ok, read_request, serve, session};
use super::{MAYBE_SENT, client, failure, get, says};

#[tokio::test]
async fn a_reset_is_no_end() {
    for begin in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbegin",
        "HTTP/1.1 200 OK\r\n\r\nbegin",
    ] {
        // Closing with the request unread makes the system send a reset.
        let address = serve(move |_, mut stream| {
            stream.peek(&mut [0]).unwrap();
            stream.write_all(begin.as_bytes()).unwrap();
        });
        says(
            &failure(&client(address)).await,
            MAYBE_SENT,
            "reset by the other side",
        );
    }
}

#[tokio::test]
async fn calls_of_all_sessions_go_over_one_connection() {
    let address = serve(|number, mut stream| {
        while read_request(&mut stream).is_some() {
            stream.write_all(ok(&number.to_string()).as_bytes()).unwrap();
        }
    });
    let one = client(address);
    let other = one.with_session(session(&format!("http://{address}")).with_region("KR").unwrap());
    for client in [&one, &other, &one.clone()] {
        assert_eq!(client.raw(&get()).await.unwrap().value, "0");
    }
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_replaced() {
    let (sender, mut closed) = mpsc::channel();
    let address = serve(move |number, mut stream| {
        read_request(&mut stream).unwrap();
        stream.write_all(ok(&number.to_string()).as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        // Ends when the client has seen it and closed its side.
        hold(stream);
        sender.send(()).unwrap();
    });
    let client = client(address);
    for number in ["0", "1", "2"] {
        assert_eq!(client.raw(&get()).await.unwrap().value, number);
        // Without blocking the runtime, which has to see it too.
        closed = tokio::task::spawn_blocking(move || closed.recv().map(|()| closed))
            .await
            .unwrap()
            .unwrap();
    }
}

#[tokio::test]
async fn a_connection_closed_while_the_runtime_was_kept_busy_is_replaced() {
    let (go_on, next) = mpsc::channel::<()>();
    let (sender, done) = mpsc::channel();
    let address = serve(move |number, mut stream| {
        read_request(&mut stream).unwrap();
        let answer = ok(&number.to_string());
        if number > 0 {
            stream.write_all(answer.as_bytes()).unwrap();
            return;
        }
        sender.send("asked").unwrap();
        next.recv().unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        sender.send("answered").unwrap();
        next.recv().unwrap();
        drop(stream);
        sender.send("closed").unwrap();
    });
    let client = client(address);
    // A task of its own: the runtime looks around whenever it comes to the one that it was started with.
    let calls = async move {
        let (begun, call) = (Instant::now(), get());
        let mut first = Box::pin(client.raw(&call));
        let asked = tokio::task::spawn_blocking(move || (done.recv(), done));
        let (asked, done) = tokio::select! {
            answer = &mut first => panic!("{answer:?}"),
            asked = asked => asked.unwrap(),
        };
        assert_eq!(asked, Ok("asked"));
        go_on.send(()).unwrap();
        assert_eq!(done.recv(), Ok("answered"));
        // Lets the connection read its answer, which nobody takes yet.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        // Nothing is seen of this: the runtime is kept busy, as by whoever computes something between two calls.
        go_on.send(()).unwrap();
        assert_eq!(done.recv(), Ok("closed"));
        while begun.elapsed() < Duration::from_millis(10) {
            std::hint::spin_loop();
        }
        assert_eq!(first.await.unwrap().value, "0");
        let post = Raw::new(Method::POST, "/path").form("a", "1");
        assert_eq!(client.raw(&post).await.unwrap().value, "1");
    };
    tokio::spawn(calls).await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_twice() {
    let (sender, requests) = mpsc::channel();
    let address = serve(move |_, mut stream| {
        read_request(&mut stream).unwrap();
        stream.write_all(ok("first").as_bytes()).unwrap();
        if let Some(request) = read_request(&mut stream) {
            sender.send(request).unwrap();
        }
    });
    let client = client(address);
    client.raw(&get()).await.unwrap();
    // This one goes over the same connection, and is read, but never answered.
    let error = client
        .raw(&Raw::new(Method::POST, "/path").form("a", "1"))
        .await
        .unwrap_err();
    says(
        &error,
        MAYBE_SENT,
        "closed by the other side before an answer came",
    );
    assert!(requests.recv().unwrap().ends_with("a=1"));
    assert!(requests.try_recv().is_err());
}
