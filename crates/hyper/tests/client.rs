//! What is special to this client, against scripted servers: what it sends, how failures are told apart, time limits.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails, also in what tests share"
)]

mod bodies;
mod connections;
mod runtime;
mod script;

use std::io::{ErrorKind as IoErrorKind, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use http::Method;
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Error, ErrorKind, Raw, Sent};
use ncloud_hyper::{Client, ClientBuilder};

use script::{answer, deaf, hold, last, read_request, serve, session};

const NOT_SENT: ErrorKind = ErrorKind::Transport { sent: Sent::No };
const MAYBE_SENT: ErrorKind = ErrorKind::Transport { sent: Sent::Maybe };
const SHORT: Duration = Duration::from_millis(200);
/// Far from every time limit in here, and from a machine's hiccups too.
const LONG: Duration = Duration::from_secs(8);

fn get() -> Raw {
    Raw::new(Method::GET, "/path")
}

fn client(address: SocketAddr) -> Client {
    Client::new(session(&format!("http://{address}")))
}

fn limited(address: SocketAddr) -> ClientBuilder {
    Client::builder(session(&format!("http://{address}")))
}

/// Calls, and expects a failure before the limits that other tests stretch.
async fn failure(client: &Client) -> Error {
    let started = Instant::now();
    let error = client.raw(&get()).await.unwrap_err();
    assert!(started.elapsed() < LONG, "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
    error
}

#[track_caller]
fn says(error: &Error, kind: ErrorKind, words: &str) {
    assert_eq!(error.kind(), kind, "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn a_request_has_only_what_http_needs() {
    let (address, requests) = answer(last("fine"));
    let client = client(address);
    assert_eq!(client.raw(&get()).await.unwrap().value, "fine");
    let names = |request: &str| -> Vec<String> {
        let lines = request.split("\r\n\r\n").next().unwrap().lines().skip(1);
        let mut names: Vec<_> = lines
            .map(|line| line.split(':').next().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let signed = [
        "host",
        "user-agent",
        "x-ncp-apigw-signature-v2",
        "x-ncp-apigw-timestamp",
        "x-ncp-iam-access-key",
    ];
    assert_eq!(names(&requests.recv().unwrap()), signed);

    client
        .raw(&Raw::new(Method::POST, "/path").form("a", "1"))
        .await
        .unwrap();
    let posted = requests.recv().unwrap();
    assert!(posted.ends_with("\r\n\r\na=1"), "{posted}");
    assert_eq!(names(&posted)[..2], ["content-length", "content-type"]);

    client.raw(&Raw::new(Method::POST, "/path")).await.unwrap();
    assert!(requests.recv().unwrap().contains("content-length: 0\r\n"));
    client
        .raw(&Raw::new(Method::DELETE, "/path").body("text/plain", "x"))
        .await
        .unwrap();
    assert!(requests.recv().unwrap().contains("content-length: 1\r\n"));
    client
        .raw(&Raw::new(Method::from_bytes(b"PURGE").unwrap(), "/path"))
        .await
        .unwrap();
    assert!(requests.recv().unwrap().starts_with("purge /path http/1.1\r\n"));
}

#[tokio::test]
async fn what_never_connected_was_not_sent() {
    let address = deaf();
    let error = failure(&client(address)).await;
    says(&error, NOT_SENT, &format!("connection refused by {address}"));
    assert!(std::error::Error::source(&error).is_some());

    let error = client(address)
        .send(&GetMemberServerImageInstanceList::new())
        .await
        .unwrap_err();
    assert_eq!(error.operation(), Some("getMemberServerImageInstanceList"));

    let error = failure(&Client::new(session("http://gateway.invalid"))).await;
    says(&error, NOT_SENT, "no such host: gateway.invalid");
}

#[tokio::test]
async fn a_failed_handshake_sent_nothing() {
    let https = |address| Client::builder(session(&format!("https://{address}")));

    let plain = serve(|_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        hold(stream);
    });
    says(
        &failure(&https(plain).build().unwrap()).await,
        NOT_SENT,
        "does not speak TLS",
    );

    let closing = serve(|_, stream| drop(stream));
    let error = failure(&https(closing).build().unwrap()).await;
    says(&error, NOT_SENT, "during the TLS handshake");

    let silent = serve(|_, stream| hold(stream));
    let error = failure(&https(silent).connect_timeout(SHORT).build().unwrap()).await;
    says(
        &error,
        NOT_SENT,
        &format!("no connection to {silent} within 200 ms"),
    );
    let error = failure(&https(silent).attempt_timeout(SHORT).build().unwrap()).await;
    says(
        &error,
        NOT_SENT,
        &format!("no connection to {silent} within 200 ms"),
    );
}

#[tokio::test]
async fn silence_ends_at_the_time_limit() {
    let silent = serve(|_, stream| hold(stream));
    let error = failure(&limited(silent).attempt_timeout(SHORT).build().unwrap()).await;
    says(&error, MAYBE_SENT, "no answer within 200 ms");
    let error = failure(&limited(silent).call_timeout(SHORT).build().unwrap()).await;
    says(&error, MAYBE_SENT, "no answer within 200 ms");

    let slow = serve(|_, mut stream| {
        read_request(&mut stream).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbegin")
            .unwrap();
        hold(stream);
    });
    let error = failure(&limited(slow).attempt_timeout(SHORT).build().unwrap()).await;
    says(&error, MAYBE_SENT, "did not come to its end within 200 ms");
}

#[tokio::test]
async fn a_drip_does_not_stretch_the_time_limit() {
    let drip = serve(|_, mut stream| {
        read_request(&mut stream).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        // Ends when the client has closed the connection.
        while stream.write_all(b"x").is_ok() {}
    });
    let builder = limited(drip).attempt_timeout(SHORT).body_limit(u64::MAX);
    let error = failure(&builder.build().unwrap()).await;
    says(&error, MAYBE_SENT, "did not come to its end within 200 ms");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = elsewhere.local_addr().unwrap();
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let text = format!("HTTP/1.1 {status}\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n");
        let (address, _requests) = answer(text);
        let error = failure(&client(address)).await;
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.status().unwrap().is_redirection());
    }
    elsewhere.set_nonblocking(true).unwrap();
    assert_eq!(elsewhere.accept().unwrap_err().kind(), IoErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_status_of_failure_is_an_answer() {
    let (address, _requests) = answer("HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy");
    let error = failure(&client(address)).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status(), Some(http::StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.body(), Some(&b"busy"[..]));
}

#[tokio::test]
async fn settings_that_cannot_be_right_are_refused() {
    let error = limited(deaf()).call_timeout(Duration::ZERO).build().unwrap_err();
    assert_eq!(error.field(), Some("call timeout"));
    let error = limited(deaf()).root_certificates_pem("").build().unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Build, Some("root certificates"))
    );
    let endless = limited(deaf())
        .connect_timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX);
    let endless = endless.call_timeout(Duration::MAX).build().unwrap();
    says(&failure(&endless).await, NOT_SENT, "refused");
}
