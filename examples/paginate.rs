//! A long list: item by item, stopped and gone on with from a stored cursor, and with several pages on their way at once.
//!
//! Run it with `cargo run --example paginate`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use ncloud_api::vserver::{GetMemberServerImageInstanceList, MemberServerImageInstance};
use ncloud_core::{Cursor, Endpoint, Session};
use ncloud_simulator::Simulator;

const IMAGES: usize = 1234;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn StdError>> {
    let simulator = Simulator::builder()
        .inventory_json(inventory(IMAGES).as_bytes())?
        .build();
    let server = simulator.serve()?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;
    let list = GetMemberServerImageInstanceList::new().page_size(100);

    let client = ncloud_ureq::Client::new(session.clone());
    let mut items = client.items(&list);
    let first: Vec<MemberServerImageInstance> = items.by_ref().take(250).collect::<Result<_, _>>()?;
    println!("{} images, up to {}", first.len(), name(first.last()));

    // In the middle of a page. The text can be kept anywhere, and gone on from in another process.
    let stored = items.cursor().to_string();
    println!("stopped at {stored}");
    let cursor: Cursor = stored.parse()?;
    let rest: Vec<MemberServerImageInstance> =
        client.items(&list).resume(&cursor)?.collect::<Result<_, _>>()?;
    println!("{} more, from {} on", rest.len(), name(rest.first()));
    println!("{} requests for all of it\n", simulator.requests().len());

    // The pages of a gateway that takes its time, one after the other and eight ahead.
    simulator.set_latency(Duration::from_millis(20));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = ncloud_hyper::Client::new(session);
        for ahead in [0, 8] {
            let started = Instant::now();
            let mut pages = client.pages(&list).concurrency(ahead);
            let mut images = 0;
            while let Some(page) = pages.next().await {
                images += page?.value.member_server_image_instance_list.len();
            }
            println!(
                "{images} images with {ahead} pages ahead, in {} ms",
                started.elapsed().as_millis()
            );
        }
        Ok(())
    })
}

fn name(image: Option<&MemberServerImageInstance>) -> &str {
    image
        .and_then(|image| image.member_server_image_name.as_deref())
        .unwrap_or("-")
}

fn inventory(images: usize) -> String {
    let images: Vec<String> = (1..=images)
        .map(|number| {
            format!(
                r#"{{"memberServerImageInstanceNo": "{number}", "memberServerImageName": "image-{number:04}"}}"#
            )
        })
        .collect();
    format!(r#"{{"memberServerImageInstanceList": [{}]}}"#, images.join(","))
}
