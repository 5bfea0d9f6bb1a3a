//! Speed beside a hand-written floor: `cargo bench -p ncloud-core --bench speed` prints the ratios.
//!
//! Both sides of a row run in turns in the same process; the figure is the quotient of the two medians over many turns.

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
    reason = "a benchmark measures time, prints, and stops at the first surprise"
)]

mod floor;

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use floor::request::{Keyed, Parameters};
use http::{Method, Response};
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Timestamp, drive};

/// How many turns each side of a row gets.
const TURNS: usize = 301;

fn main() {
    println!(
        "{:<52} {:>11} {:>11} {:>7} {:>7}",
        "row", "library", "floor", "ratio", "target"
    );
    sign();
    build();
    machine();
    for items in [100, 1000] {
        parse_json(items);
    }
    for items in [100, 1000] {
        parse_xml(items);
    }
}

fn sign() {
    let session = floor::session();
    let keyed = Keyed::new();
    let timestamp = Timestamp::from_millis(1_750_903_747_000);
    let fixed = "GET \n1750903747000\n".len() + floor::ACCESS_KEY.len();
    let target = format!(
        "/vserver/v2/getMemberServerImageInstanceList?{}",
        "a".repeat(268 - fixed - 45)
    );
    let text = ncloud_core::string_to_sign(
        &Method::GET,
        &target,
        timestamp,
        session.signer().unwrap().access_key(),
    );
    assert_eq!(text.len(), 268);
    let library = || {
        session
            .signer()
            .unwrap()
            .sign(&Method::GET, black_box(&target), timestamp)
    };
    assert_eq!(library().as_str().as_bytes(), keyed.sign(text.as_bytes()));
    row(
        "sign a text of 268 bytes",
        1.15,
        400,
        &|| {
            let _ = black_box(library());
        },
        &|| {
            let _ = black_box(keyed.sign(black_box(text.as_bytes())));
        },
    );
}

fn build() {
    let session = floor::session();
    let keyed = Keyed::new();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
    let operation = floor::operation();
    let parameters = Parameters {
        region_code: Some("KR"),
        member_server_image_instance_no_list: &["1234", "2345"],
        page_no: Some(1),
        page_size: Some(20),
    };
    let library = || session.request(black_box(&operation), now).unwrap();
    let floor = || keyed.request(black_box(&parameters), now);
    assert_eq!(library().uri(), floor().uri());
    assert_eq!(
        library().headers()["x-ncp-apigw-signature-v2"],
        floor().headers()["x-ncp-apigw-signature-v2"]
    );
    row(
        "operation to signed request, GET, six parameters",
        1.25,
        200,
        &|| drop(black_box(library())),
        &|| {
            drop(black_box(floor()));
        },
    );
}

/// A call by the machine over a closure that answers at once, beside building and parsing by hand.
fn machine() {
    let session = floor::session();
    let operation = floor::operation();
    let body = Bytes::from(floor::json_document(1));
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
    let answer = |request| {
        drop(black_box(request));
        Ok(Response::new(body.clone()))
    };
    let library = || drive(session.call(black_box(&operation)), || now, answer, |_| ()).unwrap();
    let floor = || {
        let request = session.request(black_box(&operation), now).unwrap();
        let response: Result<_, ncloud_core::Error> = answer(request);
        session
            .parse::<GetMemberServerImageInstanceList>(response.unwrap())
            .unwrap()
    };
    assert_eq!(library(), floor());
    row(
        "a call by the machine, one item",
        1.10,
        200,
        &|| drop(black_box(library())),
        &|| drop(black_box(floor())),
    );
}

fn parse_json(items: usize) {
    let session = floor::session();
    let body = Bytes::from(floor::json_document(items));
    let library = || {
        session
            .parse::<GetMemberServerImageInstanceList>(Response::new(black_box(&body)))
            .unwrap()
    };
    assert_eq!(library().value.member_server_image_instance_list.len(), items);
    let parsed = floor::json::parse(&body).get_member_server_image_instance_list_response;
    assert_eq!(parsed.member_server_image_instance_list.len(), items);
    let name = format!("parse JSON, {items} items, pretty");
    row(&name, 0.85, 2000 / items, &|| drop(black_box(library())), &|| {
        drop(black_box(floor::json::parse(black_box(&body))));
    });
}

fn parse_xml(items: usize) {
    let session = floor::session();
    let body = Bytes::from(floor::xml_document(items));
    let library = || {
        session
            .parse::<GetMemberServerImageInstanceList>(Response::new(black_box(&body)))
            .unwrap()
    };
    assert_eq!(library().value.member_server_image_instance_list.len(), items);
    assert_eq!(floor::xml::parse(&body).images.len(), items);
    let name = format!("parse XML, {items} items");
    row(&name, 1.10, 2000 / items, &|| drop(black_box(library())), &|| {
        drop(black_box(floor::xml::parse(black_box(&body))));
    });
}

/// Times both sides in turns and prints one row.
fn row(name: &str, target: f64, repeats: usize, library: &dyn Fn(), floor: &dyn Fn()) {
    let (mut ours, mut theirs) = (Vec::with_capacity(TURNS), Vec::with_capacity(TURNS));
    for turn in 0..TURNS {
        // Who goes first alternates, so that neither always finds the caches warm.
        if turn % 2 == 0 {
            ours.push(time(repeats, library));
            theirs.push(time(repeats, floor));
        } else {
            theirs.push(time(repeats, floor));
            ours.push(time(repeats, library));
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "{name:<52} {:>8.2} µs {:>8.2} µs {:>7.3} {target:>7.2}",
        ours * 1e6,
        theirs * 1e6,
        ours / theirs
    );
}

fn time(repeats: usize, work: &dyn Fn()) -> f64 {
    let start = Instant::now();
    for _ in 0..repeats {
        work();
    }
    #[allow(clippy::cast_precision_loss)]
    let repeats = repeats as f64;
    start.elapsed().as_secs_f64() / repeats
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
