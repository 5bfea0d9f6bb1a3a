//! The life of a server image: made, waited for with a look at its progress, deleted, waited for to be gone; and one that fails.
//!
//! Run it with `cargo run --example wait_for_image`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::Duration;

use ncloud_api::vserver::{
    CreateMemberServerImageInstance, DeleteMemberServerImageInstances, MemberServerImageCreated,
    MemberServerImageDeleted, MemberServerImageInstance,
};
use ncloud_core::{Endpoint, Polling, Session, WaitError};
use ncloud_simulator::Simulator;
use ncloud_ureq::Client;

/// A server that the offline gateway has from the start.
const SERVER: &str = "900101";

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
    // An offline gateway on which everything takes half a second.
    let simulator = Simulator::builder()
        .transition_time(Duration::from_millis(500))
        .build();
    let server = simulator.serve()?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;
    let client = Client::new(session);
    // In earnest, the waiters' own intervals of 2 to 10 seconds are right.
    let quick = Polling::default().with_interval(Duration::from_millis(150), Duration::from_millis(300))?;

    let number = create(&client, "my-image")?;
    let created = MemberServerImageCreated::new(&number);
    let wait = client
        .session()
        .wait(&created)
        .with_polling(quick)
        .on_progress(|reply| {
            let image = reply.value.member_server_image_instance_list.first();
            println!("image {number} is {}", image.map_or("gone", state));
        });
    let reply = client.drive(wait)?;
    println!("made, says request {}\n", reply.request_id().unwrap_or("-"));

    client.send(&DeleteMemberServerImageInstances::new([&number]))?;
    let deleted = MemberServerImageDeleted::new(&number);
    client.drive(client.session().wait(&deleted).with_polling(quick))?;
    println!("image {number} is gone\n");

    simulator.fail_next_creation();
    let number = create(&client, "my-other-image")?;
    let created = MemberServerImageCreated::new(&number);
    match client.drive(client.session().wait(&created).with_polling(quick)) {
        Err(WaitError::Failed { last, .. }) => {
            let image = last.value.member_server_image_instance_list.first();
            println!(
                "image {number} will never be made, it is {}",
                image.map_or("gone", state)
            );
        }
        other => println!("image {number} was to fail: {other:?}"),
    }
    Ok(())
}

/// Begins to make an image and gives its number.
fn create(client: &Client, name: &str) -> Result<String, Box<dyn StdError>> {
    let create = CreateMemberServerImageInstance::new(SERVER).member_server_image_name(name);
    let images = client.send(&create)?.value.member_server_image_instance_list;
    let number = images
        .into_iter()
        .next()
        .and_then(|image| image.member_server_image_instance_no);
    Ok(number.ok_or("the answer shows no image")?)
}

fn state(image: &MemberServerImageInstance) -> &str {
    let status = image.member_server_image_instance_status.as_ref();
    status.and_then(|status| status.code.as_deref()).unwrap_or("-")
}
