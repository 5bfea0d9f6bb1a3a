//! Speed beside a raw ureq agent: `cargo bench -p ncloud-ureq --bench speed` prints the ratios.
//!
//! Plain HTTP over loopback, one call after the other. Both sides of a row run in turns on this thread, and only the CPU time
//! of this thread counts; the server has its own. Instructions are counted as well, where valgrind is installed.

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
mod gateway;
mod instructions;
mod raw;
mod turns;

use std::hint::black_box;

use ncloud_core::{Credentials, Endpoint, Session};
use ncloud_ureq::Client;
use raw::Raw;

/// How many turns each side of a row gets, and how many calls make a turn.
const TURNS: usize = 201;
const CALLS: u32 = 100;

fn main() {
    turns::stay_on_one_processor();
    if instructions::only().is_none() {
        println!(
            "{:<52} {:>11} {:>11} {:>7} {:>7}",
            "CPU time of one call", "library", "floor", "ratio", "target"
        );
    }
    for items in [1, 100] {
        let address = gateway::serve(&floor::json_document(items));
        let client = client(&address);
        for (floor, raw, target) in [
            ("set up alike", Raw::new(&address), "1.05"),
            ("looking up for each call", Raw::with_look_up(&address), "none"),
            ("without time limits", Raw::without_limits(&address), "none"),
        ] {
            row(
                &format!("{items} items; floor {floor}"),
                target,
                items,
                &client,
                &raw,
            );
        }
    }
}

fn client(address: &str) -> Client {
    let credentials = Credentials::new(floor::ACCESS_KEY, floor::SECRET_KEY).unwrap();
    let endpoint = Endpoint::new(&format!("http://{address}")).unwrap();
    Client::new(Session::new(&credentials, endpoint).unwrap())
}

fn row(name: &str, target: &str, items: usize, client: &Client, raw: &Raw) {
    let operation = floor::operation();
    let library = || {
        for _ in 0..CALLS {
            let reply = client.send(black_box(&operation)).unwrap();
            assert_eq!(reply.value.member_server_image_instance_list.len(), items);
        }
    };
    let floor = || {
        for _ in 0..CALLS {
            let answer = raw.call().get_member_server_image_instance_list_response;
            assert_eq!(answer.member_server_image_instance_list.len(), items);
        }
    };
    if let Some(only) = instructions::only() {
        if only.row == name {
            let side: &dyn Fn() = if only.is_library { &library } else { &floor };
            (0..only.turns).for_each(|_| side());
        }
        return;
    }
    let compared = turns::take(TURNS, &library, &floor);
    println!(
        "{name:<52} {:>8.2} µs {:>8.2} µs {:>7.3} {target:>7}",
        compared.library.cpu / f64::from(CALLS) * 1e6,
        compared.floor.cpu / f64::from(CALLS) * 1e6,
        compared.ratio.cpu
    );
    if target != "none" {
        instructions::print(name, CALLS, target);
    }
}
