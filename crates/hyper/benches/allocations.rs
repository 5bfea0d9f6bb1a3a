//! Heap allocations of a call: `cargo bench -p ncloud-hyper --bench allocations` prints them beside their targets.
//!
//! Counted on the thread of the runtime, on which everything of the client happens.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::new_without_default,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    reason = "a benchmark prints and stops at the first surprise; the floors are timed elsewhere"
)]

#[path = "../../core/benches/floor/mod.rs"]
mod floor;
#[path = "../../ureq/benches/gateway/mod.rs"]
mod gateway;
mod raw;

use std::hint::black_box;
use std::sync::Arc;

use allocation_counter::measure;
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Credentials, Endpoint, Session};
use ncloud_hyper::Client;
use raw::Raw;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// How many calls are made at once, and how many each of the tasks makes.
const TASKS: u64 = 32;
const CALLS: u64 = 100;

fn main() {
    let address = gateway::serve(&floor::json_document(0));
    let client = client(&address);
    let sent = count(|| {
        let client = client.clone();
        async move {
            let operation = floor::operation();
            for _ in 0..CALLS {
                drop(black_box(client.send(&operation).await.unwrap()));
            }
        }
    });
    print("a call of 32 at once, no item", sent, "none");
    print(
        "the same before the response model",
        sent - count_model(),
        "at most 20",
    );
    let raw = Arc::new(Raw::new(&address));
    let by_hand = count(|| {
        let raw = Arc::clone(&raw);
        async move {
            for _ in 0..CALLS {
                drop(black_box(raw.call().await));
            }
        }
    });
    print("the same by hand", by_hand, "none");
}

fn client(address: &str) -> Client {
    let credentials = Credentials::new(floor::ACCESS_KEY, floor::SECRET_KEY).unwrap();
    let endpoint = Endpoint::new(&format!("http://{address}")).unwrap();
    Client::new(Session::new(&credentials, endpoint).unwrap())
}

/// Allocations of parsing the answer alone, here the three texts that every answer carries.
#[allow(clippy::cast_precision_loss)]
fn count_model() -> f64 {
    let session = floor::session();
    let answer = http::Response::new(floor::json_document(0));
    let parse = || session.parse::<GetMemberServerImageInstanceList>(answer);
    measure(|| drop(black_box(parse().unwrap()))).count_total as f64
}

/// Allocations of one call, on connections that are open already; those of the tasks themselves are spread over their calls.
#[allow(clippy::cast_precision_loss)]
fn count<F: Future<Output = ()> + Send + 'static>(task: impl Fn() -> F) -> f64 {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let run = || {
        runtime.block_on(async {
            let mut tasks = JoinSet::new();
            for _ in 0..TASKS {
                tasks.spawn(task());
            }
            while let Some(ended) = tasks.join_next().await {
                ended.unwrap();
            }
        });
    };
    run();
    measure(run).count_total as f64 / (TASKS * CALLS) as f64
}

fn print(name: &str, allocations: f64, target: &str) {
    println!("{name:<52} {allocations:>8.2} allocations, target {target}");
}
