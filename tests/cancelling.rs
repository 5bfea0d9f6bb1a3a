//! Cancelling: whoever lets go of a call, a list or a wait has no more requests sent, on any thread.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use ncloud_core::{Endpoint, Polling, Retry, Session, State, Until};
use ncloud_hyper::Client;
use ncloud_simulator::{Fault, Simulator};

use crate::adapters::{List, respond};
use crate::clients::runtime;

/// How many calls are made afterwards, each of which would give a left-over attempt its time.
const LATER_CALLS: usize = 20;

fn session(simulator: &Simulator, url: &str) -> Session {
    let quick = Retry::default()
        .with_attempts(1000)
        .unwrap()
        .with_back_off(Duration::from_millis(1), Duration::from_millis(2))
        .unwrap();
    let session = Session::new(simulator.credentials(), Endpoint::new(url).unwrap()).unwrap();
    session.with_retry(quick)
}

/// Runs a check of the async client, on several threads.
fn with_client(check: impl AsyncFnOnce(&Simulator, &Client)) {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    let client = Client::new(session(&simulator, server.url()));
    runtime().block_on(check(&simulator, &client));
}

/// Polls a future until the simulator has seen this many requests, and then drops it.
async fn drop_after<T>(simulator: &Simulator, requests: usize, future: impl Future<Output = T>) {
    let mut future = Box::pin(future);
    poll_fn(|context| {
        if simulator.requests().len() >= requests {
            return Poll::Ready(());
        }
        // Looked at again at once: the simulator wakes nobody.
        context.waker().wake_by_ref();
        match future.as_mut().poll(context) {
            Poll::Ready(_) => panic!("it ended before it was dropped"),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
}

/// Insists that nothing is sent any more but what is sent here.
async fn nothing_follows(simulator: &Simulator, client: &Client) {
    let before = simulator.requests().len();
    for _ in 0..LATER_CALLS {
        client.send(&List::new().page_no(1).page_size(1)).await.unwrap();
    }
    assert_eq!(simulator.requests().len(), before + LATER_CALLS);
}

#[test]
fn a_call_that_is_dropped_while_it_backs_off_is_not_tried_again() {
    with_client(async |simulator, client| {
        for _ in 0..3 {
            simulator.push_fault(respond(503, "<html>"));
        }
        let list = List::new();
        drop_after(simulator, 3, client.send(&list)).await;
        nothing_follows(simulator, client).await;
    });
}

#[test]
fn a_call_that_is_dropped_in_flight_takes_its_connection_along() {
    with_client(async |simulator, client| {
        simulator.push_fault(Fault::Hang);
        let list = List::new();
        drop_after(simulator, 1, client.send(&list)).await;
        nothing_follows(simulator, client).await;
    });
}

#[test]
fn a_list_that_is_dropped_asks_for_no_more_pages() {
    with_client(async |simulator, client| {
        let mut items = client.items(&List::new().page_size(1)).concurrency(4);
        assert!(items.next().await.unwrap().is_ok());
        drop_after(simulator, 3, async {
            items.next().await;
            std::future::pending::<()>().await;
        })
        .await;
        // What was written already may still arrive; of 25 pages, most were never asked for.
        for _ in 0..LATER_CALLS {
            client.send(&List::new()).await.unwrap();
        }
        let pages = simulator.requests().len() - LATER_CALLS;
        assert!(pages < 10, "{pages} pages were asked for");
    });
}

#[test]
fn no_more_pages_are_fetched_ahead_than_was_asked_for() {
    with_client(async |simulator, client| {
        let mut pages = client.pages(&List::new().page_size(1)).concurrency(4);
        assert!(pages.next().await.unwrap().is_ok());
        assert_eq!(simulator.requests().len(), 1);
        // The one that is waited for and four others hang, and keep the rest of the 25 from being asked for.
        for _ in 0..5 {
            simulator.push_fault(Fault::Hang);
        }
        let waiting = async {
            let _ = pages.next().await;
        };
        let others = async {
            while simulator.requests().len() < 6 {
                tokio::task::yield_now().await;
            }
            nothing_follows(simulator, client).await;
        };
        tokio::select! {
            () = waiting => panic!("it hangs"),
            () = others => {}
        }
        assert_eq!(simulator.requests().len(), 6 + LATER_CALLS);
    });
}

#[test]
fn pages_ahead_that_back_off_are_not_tried_again_once_the_list_is_dropped() {
    with_client(async |simulator, client| {
        let mut pages = client.pages(&List::new().page_size(1)).concurrency(4);
        assert!(pages.next().await.unwrap().is_ok());
        // From here on every page is tried again and again, those ahead by tasks of their own.
        simulator.fault_every(1, respond(503, "<html>"));
        drop_after(simulator, 20, async move { pages.next().await.is_none() }).await;
        let before = simulator.requests().len();
        let once = client.with_session(client.session().clone().with_retry(Retry::never()));
        for _ in 0..5 * LATER_CALLS {
            once.send(&List::new()).await.unwrap_err();
        }
        // What was written already may still arrive: one attempt of each page.
        let left_over = simulator.requests().len() - before - 5 * LATER_CALLS;
        assert!(left_over <= 5, "{left_over} attempts after the list was dropped");
    });
}

#[test]
fn a_wait_that_is_dropped_looks_no_more() {
    with_client(async |simulator, client| {
        let quick = Polling::default()
            .with_interval(Duration::from_millis(1), Duration::from_millis(2))
            .unwrap();
        let never = Until::new(List::new(), |_| State::Still).with_polling(quick);
        drop_after(simulator, 3, client.wait(&never)).await;
        nothing_follows(simulator, client).await;
    });
}

#[test]
fn an_iterator_that_is_dropped_asks_for_no_more_pages() {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    let client = ncloud_ureq::Client::new(session(&simulator, server.url()));
    assert_eq!(
        client
            .items(&List::new().page_size(5))
            .take(7)
            .map(Result::unwrap)
            .count(),
        7
    );
    assert_eq!(simulator.requests().len(), 2);
    for _ in 0..LATER_CALLS {
        client.send(&List::new()).unwrap();
    }
    assert_eq!(simulator.requests().len(), 2 + LATER_CALLS);
}
