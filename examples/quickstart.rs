//! The first thing to run: `cargo run --example quickstart` lists server images, blocking and async.
//!
//! It starts an offline gateway in this process and talks to it over a real socket. With credentials in the environment
//! (`NCLOUD_ACCESS_KEY_ID` and `NCLOUD_SECRET_ACCESS_KEY`) it talks to the real gateway instead.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does and what it could not use"
)]

use std::error::Error as StdError;
use std::process::ExitCode;

use ncloud_api::vserver::{
    GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput, MemberServerImageInstance,
};
use ncloud_config::{Loader, Source};
use ncloud_core::{Endpoint, Reply, Session};
use ncloud_simulator::{Server, Simulator};

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
    let (session, _server) = session()?;
    let list = GetMemberServerImageInstanceList::new().page_no(1).page_size(25);

    println!("\nBlocking, over ureq:\n");
    print(&ncloud_ureq::Client::new(session.clone()).send(&list)?);

    println!("\nAsync, over hyper:\n");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    print(&runtime.block_on(async { ncloud_hyper::Client::new(session).send(&list).await })?);
    Ok(())
}

/// The real gateway if the environment has keys for it, else one in this process, which lives as long as the server does.
fn session() -> Result<(Session, Option<Server>), Box<dyn StdError>> {
    match Loader::new().load() {
        Ok(settings) if matches!(settings.source(), Source::Environment) => {
            println!(
                "Talking to {} with the keys in the environment.",
                settings.endpoint()
            );
            return Ok((settings.session(), None));
        }
        Err(error) if !error.is_not_found() => eprintln!("The settings found are not used: {error}"),
        _ => {}
    }
    let simulator = Simulator::new();
    let server = simulator.serve()?;
    println!(
        "Talking to an offline gateway in this process, at {}.",
        server.url()
    );
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;
    Ok((session, Some(server)))
}

/// A table of the images, and the request id that one gives to the platform's support.
fn print(reply: &Reply<GetMemberServerImageInstanceListOutput>) {
    println!(
        "{:<10} {:<28} {:<6} {:>9}  CREATED",
        "NUMBER", "NAME", "STATUS", "SIZE"
    );
    for image in &reply.value.member_server_image_instance_list {
        println!("{}", row(image));
    }
    println!(
        "{} of {} images, request id {}",
        reply.value.member_server_image_instance_list.len(),
        reply.value.total_rows.unwrap_or_default(),
        reply.request_id().unwrap_or("unknown"),
    );
}

fn row(image: &MemberServerImageInstance) -> String {
    const GIBIBYTE: u64 = 1024 * 1024 * 1024;
    let status = image
        .member_server_image_instance_status
        .as_ref()
        .and_then(|status| status.code.as_deref());
    let size = image.member_server_image_block_storage_total_size;
    format!(
        "{:<10} {:<28} {:<6} {:>9}  {}",
        image.member_server_image_instance_no.as_deref().unwrap_or("-"),
        image.member_server_image_name.as_deref().unwrap_or("-"),
        status.unwrap_or("-"),
        size.map_or_else(|| "-".to_owned(), |bytes| format!("{} GiB", bytes / GIBIBYTE)),
        image
            .create_date
            .map_or_else(|| "-".to_owned(), |date| date.to_string()),
    )
}
