//! Heap allocations: `cargo bench -p ncloud-core --bench allocations` prints them beside their targets.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::disallowed_methods,
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

mod floor;

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use allocation_counter::measure;
use bytes::Bytes;
use http::{Method, Response};
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::Timestamp;

fn main() {
    let session = floor::session();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);

    let timestamp = Timestamp::from_millis(1_750_903_747_000);
    let target = "/vserver/v2/getRegionList?responseFormatType=json";
    let sign = measure(|| {
        let _ = black_box(session.signer().unwrap().sign(&Method::GET, target, timestamp));
    });
    print("sign", count(sign.count_total), "0");

    let operation = floor::operation();
    let build = measure(|| drop(session.request(&operation, now).unwrap()));
    print(
        "operation to signed request, GET, six parameters",
        count(build.count_total),
        "at most 5",
    );

    for items in [100, 1000] {
        for (format, body) in [
            ("JSON", floor::json_document(items)),
            ("XML", floor::xml_document(items)),
        ] {
            let body = Bytes::from(body);
            let parse = measure(|| {
                let response = Response::new(&body);
                drop(
                    session
                        .parse::<GetMemberServerImageInstanceList>(response)
                        .unwrap(),
                );
            });
            let name = format!("parse {format}, {items} items, per item");
            // The target is stated for JSON, where twelve of the thirteen members are texts that have to be kept.
            let target = if format == "JSON" { "at most 12.1" } else { "none" };
            print(&name, count(parse.count_total) / count(items as u64), target);
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn count(number: u64) -> f64 {
    number as f64
}

fn print(name: &str, allocations: f64, target: &str) {
    println!("{name:<52} {allocations:>8.2} allocations, target {target}");
}
