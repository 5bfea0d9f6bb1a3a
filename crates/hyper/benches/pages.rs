//! A long list from a gateway that takes its time: `cargo bench -p ncloud-hyper --bench pages` prints what eight pages ahead save.

#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures time, prints, and stops at the first surprise"
)]

use std::time::{Duration, Instant};

use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Endpoint, Session};
use ncloud_hyper::Client;
use ncloud_simulator::Simulator;
use tokio::runtime::Builder;

const IMAGES: usize = 10_000;
const PAGE_SIZE: i32 = 1000;
const LATENCY: Duration = Duration::from_millis(20);
/// How many turns each side gets.
const TURNS: usize = 31;

fn main() {
    let simulator = Simulator::builder()
        .inventory_json(inventory().as_bytes())
        .unwrap()
        .build();
    let server = simulator.serve().unwrap();
    let endpoint = Endpoint::new(server.url()).unwrap();
    let client = Client::new(Session::new(simulator.credentials(), endpoint).unwrap());
    simulator.set_latency(LATENCY);

    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let (mut ahead, mut one_by_one) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        list(&client, 8).await;
        for _ in 0..TURNS {
            one_by_one.push(list(&client, 0).await);
            ahead.push(list(&client, 8).await);
        }
    });
    let (ahead, one_by_one) = (median(ahead), median(one_by_one));
    println!(
        "{:<52} {:>11} {:>11} {:>7} {:>7}",
        "10,000 images, 1000 a page, 20 ms each", "eight ahead", "one by one", "ratio", "target"
    );
    println!(
        "{:<52} {:>8.1} ms {:>8.1} ms {:>7.3} {:>7}",
        "time",
        ahead * 1e3,
        one_by_one * 1e3,
        ahead / one_by_one,
        "0.25"
    );
}

/// Lists all images, and tells how long it took to have them.
async fn list(client: &Client, ahead: u32) -> f64 {
    let started = Instant::now();
    let list = GetMemberServerImageInstanceList::new().page_size(PAGE_SIZE);
    let mut pages = client.pages(&list).concurrency(ahead);
    let mut lists = Vec::new();
    while let Some(page) = pages.next().await {
        lists.push(page.unwrap().value.member_server_image_instance_list);
    }
    let took = started.elapsed().as_secs_f64();
    assert_eq!(lists.iter().map(Vec::len).sum::<usize>(), IMAGES);
    took
}

fn inventory() -> String {
    let images: Vec<String> = (1..=IMAGES)
        .map(|number| {
            format!(r#"{{"memberServerImageInstanceNo": "{number}", "memberServerImageName": "image-{number:05}"}}"#)
        })
        .collect();
    format!(r#"{{"memberServerImageInstanceList": [{}]}}"#, images.join(","))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap()
}
