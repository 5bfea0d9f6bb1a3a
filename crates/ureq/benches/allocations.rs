//! Heap allocations of a call: `cargo bench -p ncloud-ureq --bench allocations` prints them beside their targets.

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
mod gateway;
mod raw;

use std::hint::black_box;

use allocation_counter::measure;
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Credentials, Endpoint, Session};
use ncloud_ureq::Client;
use raw::Raw;

/// How many calls are counted, after some that do not count.
const CALLS: u64 = 100;

fn main() {
    let [empty, few, many] = [0, 1, 100].map(|items| gateway::serve(&floor::json_document(items)));
    let operation = floor::operation();

    let one = client(&empty);
    let sent = count(|| drop(black_box(one.send(&operation).unwrap())));
    print("a call, no item", sent, "none");
    print(
        "a call, before the response model",
        sent - count_model(),
        "at most 52",
    );
    let raw = Raw::new(&empty);
    print("the same by hand", count(|| drop(black_box(raw.call()))), "none");

    // A buffer that grows would show here; what is in the bodies is passed over by the same means.
    let call = ncloud_core::Raw::new(http::Method::GET, "/vserver/v2/getMemberServerImageInstanceList");
    let (few, many) = (client(&few), client(&many));
    let more = count(|| drop(black_box(many.raw(&call).unwrap())))
        - count(|| drop(black_box(few.raw(&call).unwrap())));
    print("a raw body of 100 items, more than one of 1 item", more, "0");
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

/// Allocations of one call on this thread, on a connection that is open already.
#[allow(clippy::cast_precision_loss)]
fn count(call: impl Fn()) -> f64 {
    for _ in 0..CALLS {
        call();
    }
    let counted = measure(|| {
        for _ in 0..CALLS {
            call();
        }
    });
    counted.count_total as f64 / CALLS as f64
}

fn print(name: &str, allocations: f64, target: &str) {
    println!("{name:<52} {allocations:>8.2} allocations, target {target}");
}
