//! How clients get on with the runtime: calls dropped, many at once, without any; what may cross threads.

use std::future::Future;
use std::io::Write;
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::ErrorKind;
use ncloud_hyper::Client;

use super::script::{answer, deaf, hold, last, ok, read_request, serve};
use super::{LONG, client, get, limited, says};

#[tokio::test]
async fn a_dropped_call_closes_its_connection() {
    let (sender, ends) = mpsc::channel();
    let address = serve(move |_, mut stream| {
        read_request(&mut stream).unwrap();
        sender.send("asked").unwrap();
        hold(stream);
        sender.send("closed").unwrap();
    });
    let client = client(address);
    let mut call = Box::pin(async move { client.raw(&get()).await });
    let (ends, asked) = tokio::select! {
        _ = &mut call => panic!("nobody answers"),
        asked = tokio::task::spawn_blocking(move || { let asked = ends.recv(); (ends, asked) }) => asked.unwrap(),
    };
    assert_eq!(asked, Ok("asked"));
    drop(call);
    let closed = tokio::task::spawn_blocking(move || ends.recv_timeout(LONG))
        .await
        .unwrap();
    assert_eq!(closed, Ok("closed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_run_side_by_side_on_any_thread() {
    let (address, _requests) = answer(last("fine"));
    let client = client(address);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                client
                    .send(&GetMemberServerImageInstanceList::new())
                    .await
                    .unwrap_err()
                    .status()
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), Some(http::StatusCode::OK));
    }
}

#[tokio::test]
async fn pages_ahead_arrive_while_nobody_waits_for_them() {
    /// More than lies between a server and a client that does not read.
    const PADDING: usize = 24 << 20;
    let (sender, arrived) = mpsc::channel();
    let address = serve(move |_, mut stream| {
        let sender = sender.clone();
        std::thread::spawn(move || {
            while let Some(request) = read_request(&mut stream) {
                let number = request.split("pageno=").nth(1).unwrap();
                let number = number.split(['&', ' ']).next().unwrap().to_owned();
                let list = format!(r#"[{{"memberServerImageInstanceNo": "{number}"}}]"#);
                let response = format!(
                    r#"{{"getMemberServerImageInstanceListResponse": {{"returnCode": "0", "totalRows": 4,
                        "memberServerImageInstanceList": {list}}}}}"#
                );
                let padding = if number.as_str() > "2" { PADDING } else { 0 };
                let body = response + &" ".repeat(padding);
                stream.write_all(ok(&body).as_bytes()).unwrap();
                sender.send(number).unwrap();
            }
        });
    });
    let list = GetMemberServerImageInstanceList::new().page_size(1);
    let mut pages = client(address).pages(&list).concurrency(2);
    for _ in ["1", "2"] {
        pages.next().await.unwrap().unwrap();
    }
    let arrived = tokio::task::spawn_blocking(move || [(); 4].map(|()| arrived.recv_timeout(LONG)));
    let mut arrived = arrived.await.unwrap().map(Result::unwrap);
    arrived.sort();
    assert_eq!(arrived, ["1", "2", "3", "4"]);
    for _ in ["3", "4"] {
        pages.next().await.unwrap().unwrap();
    }
    assert!(pages.next().await.is_none());
}

#[test]
fn without_a_runtime_there_is_an_error() {
    let client = client(deaf());
    let call = get();
    let mut call = Box::pin(client.raw(&call));
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => says(&error, ErrorKind::Build, "tokio runtime is missing"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_client_is_shared_and_keeps_its_secrets() {
    fn crosses<T: Send + Sync + Clone + 'static>() {}
    crosses::<Client>();
    let client = client(deaf());
    let shown = format!("{client:?} {:?}", limited(deaf()));
    assert!(!shown.contains("TESTSECRET"), "{shown}");
}
