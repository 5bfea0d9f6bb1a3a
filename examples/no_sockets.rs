//! Request, simulator, answer: a whole exchange in memory, without a socket, a thread or a clock.
//!
//! This is how to test code that talks to the platform. Run it with `cargo run --example no_sockets`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use ncloud_api::vserver::{GetMemberServerImageInstanceList, MemberServerImageSortedBy};
use ncloud_core::{Endpoint, Error, Session};
use ncloud_simulator::Simulator;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    let simulator = Simulator::new();
    let session = Session::new(simulator.credentials(), Endpoint::new("http://localhost")?)?;
    // Any moment will do, as long as both sides are told the same one.
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);

    let list = GetMemberServerImageInstanceList::new()
        .sorted_by(MemberServerImageSortedBy::MemberServerImageName)
        .page_no(1)
        .page_size(5);
    let request = session.request(&list, now)?;
    println!("{} {}", request.method(), request.uri());

    let response = simulator.handle(request, now);
    println!(
        "HTTP {}, {} bytes",
        response.status().as_u16(),
        response.body().len()
    );

    let reply = session.parse::<GetMemberServerImageInstanceList>(response)?;
    println!("request id {}", reply.request_id().unwrap_or("unknown"));
    println!(
        "{} images match, the first five by name:",
        reply.value.total_rows.unwrap_or_default()
    );
    for image in &reply.value.member_server_image_instance_list {
        println!(
            "  {}",
            image.member_server_image_name.as_deref().unwrap_or("unnamed")
        );
    }
    Ok(())
}
