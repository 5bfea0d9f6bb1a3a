//! Speed beside a raw hyper-util client: `cargo bench -p ncloud-hyper --bench speed` prints the ratios.
//!
//! Plain HTTP over loopback, 32 calls at once on a runtime of one thread. Both sides of a row run in turns on it; the CPU time is
//! that of this thread alone, since the server has its own. Instructions are counted as well, where valgrind is installed.

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
    reason = "a benchmark measures time, prints, and stops at the first surprise; parts of the floor are for others"
)]

#[path = "../../core/benches/floor/mod.rs"]
mod floor;
#[path = "../../ureq/benches/gateway/mod.rs"]
mod gateway;
#[path = "../../ureq/benches/instructions/mod.rs"]
mod instructions;
mod raw;
#[path = "../../ureq/benches/turns/mod.rs"]
mod turns;

use std::hint::black_box;
use std::sync::Arc;

use ncloud_core::{Credentials, Endpoint, Session};
use ncloud_hyper::Client;
use raw::Raw;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

/// How many calls are made at once, and how many each of the tasks makes in a turn.
const TASKS: u32 = 32;
const CALLS: u32 = 8;

fn main() {
    if instructions::only().is_none() {
        println!(
            "{:<52} {:>11} {:>11} {:>7} {:>7}",
            "32 calls at once, per call", "library", "floor", "ratio", "target"
        );
    }
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    for (items, turns) in [(1, 501), (100, 101)] {
        row(&runtime, items, turns);
    }
}

fn row(runtime: &Runtime, items: usize, turns: usize) {
    let address = gateway::serve(&floor::json_document(items));
    let client = client(&address);
    let raw = Arc::new(Raw::new(&address));
    let library = || {
        let client = client.clone();
        at_once(runtime, move || {
            let client = client.clone();
            async move {
                let operation = floor::operation();
                for _ in 0..CALLS {
                    let reply = client.send(black_box(&operation)).await.unwrap();
                    assert_eq!(reply.value.member_server_image_instance_list.len(), items);
                }
            }
        });
    };
    let floor = || {
        let raw = Arc::clone(&raw);
        at_once(runtime, move || {
            let raw = Arc::clone(&raw);
            async move {
                for _ in 0..CALLS {
                    let answer = raw.call().await.get_member_server_image_instance_list_response;
                    assert_eq!(answer.member_server_image_instance_list.len(), items);
                }
            }
        });
    };
    let name = format!("{items} items");
    if let Some(only) = instructions::only() {
        if only.row == name {
            let side: &dyn Fn() = if only.is_library { &library } else { &floor };
            (0..only.turns).for_each(|_| side());
        }
        return;
    }
    let compared = turns::take(turns, &library, &floor);
    let (ours, theirs, ratio) = (compared.library, compared.floor, compared.ratio);
    let calls = f64::from(TASKS * CALLS);
    println!(
        "{:<52} {:>8.2} µs {:>8.2} µs {:>7.3} {:>7}",
        format!("{name}, CPU time, at most"),
        ours.cpu / calls * 1e6,
        theirs.cpu / calls * 1e6,
        ratio.cpu,
        "1.05"
    );
    println!(
        "{:<52} {:>9.0}/s {:>10.0}/s {:>7.3} {:>7}",
        format!("{name}, calls per second, at least"),
        calls / ours.wall,
        calls / theirs.wall,
        1.0 / ratio.wall,
        "0.95"
    );
    instructions::print(&name, TASKS * CALLS, "1.05");
}

/// Runs that many of these tasks at once, to their ends.
fn at_once<F: Future<Output = ()> + Send + 'static>(runtime: &Runtime, task: impl Fn() -> F) {
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            tasks.spawn(task());
        }
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
    });
}

fn client(address: &str) -> Client {
    let credentials = Credentials::new(floor::ACCESS_KEY, floor::SECRET_KEY).unwrap();
    let endpoint = Endpoint::new(&format!("http://{address}")).unwrap();
    Client::new(Session::new(&credentials, endpoint).unwrap())
}
