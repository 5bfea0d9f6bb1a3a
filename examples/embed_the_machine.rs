//! A loop of your own around a call with retries: own HTTP, own clock, own sleep, nothing of ours but the steps.
//!
//! Here the network is a simulator in memory and the time is virtual, so that minutes of back-off pass at once. Run it with
//! `cargo run --example embed_the_machine`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Endpoint, Error, Event, Machine, Retry, Session, Step};
use ncloud_simulator::{Fault, Simulator};

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
    for _ in 0..3 {
        simulator.push_fault(Fault::respond(StatusCode::SERVICE_UNAVAILABLE, ""));
    }
    let retry = Retry::default().with_back_off(Duration::from_secs(10), Duration::from_secs(60))?;
    let session =
        Session::new(simulator.credentials(), Endpoint::new("http://localhost")?)?.with_retry(retry);

    let list = GetMemberServerImageInstanceList::new().page_no(1).page_size(10);
    let mut call = session.call(&list);
    let mut now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
    let mut event = Event::Start;
    let reply = loop {
        event = match call.step(now, event) {
            Step::Send(request) => {
                println!("send  {} at {}", request.uri().path(), clock(now));
                Event::Response(simulator.handle(request, now))
            }
            Step::Sleep(time) => {
                println!("sleep {:.1} s", time.as_secs_f64());
                now += time;
                Event::Woke
            }
            Step::Done(result) => break result?,
        };
    };
    println!(
        "done  {} of {} images",
        reply.value.member_server_image_instance_list.len(),
        { reply.value.total_rows.unwrap_or_default() }
    );
    Ok(())
}

/// Seconds since the loop's beginning.
fn clock(now: SystemTime) -> String {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747);
    format!(
        "{:.1} s",
        now.duration_since(start).unwrap_or_default().as_secs_f64()
    )
}
