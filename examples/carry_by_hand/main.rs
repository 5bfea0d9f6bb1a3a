//! Calls with retries over nothing but a `TcpStream`: HTTP/1.1 written and read by hand, and a loop that keeps the deadline.
//!
//! For a stack that has no client at all. It shows what a stack has to give: one request out, one answer back within a time and a
//! size, and after a failure, whether a byte may have left. Run it with `cargo run --example carry_by_hand`. There is no TLS
//! here, so that it cannot talk to the real gateway.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, SystemTime};

use http::StatusCode;
use ncloud_api::vserver::{CreateMemberServerImageInstance, GetMemberServerImageInstanceList};
use ncloud_core::{Endpoint, Event, Limits, Machine, Session, Step};
use ncloud_simulator::{Fault, Simulator};

pub(crate) mod http1;

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
    let simulator = Simulator::new();
    let server = simulator.serve()?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;

    println!("A read outlasts trouble that passes:");
    simulator.push_fault(Fault::Close);
    simulator.push_fault(Fault::respond(StatusCode::SERVICE_UNAVAILABLE, ""));
    simulator.push_fault(Fault::Truncate(1000));
    let images = run_machine(session.call(&GetMemberServerImageInstanceList::new()))?;
    println!("  {} images\n", images.value.total_rows.unwrap_or_default());

    println!("A change that may have been made is not sent again:");
    simulator.push_fault(Fault::Close);
    let create = CreateMemberServerImageInstance::new("900101").member_server_image_name("my-image");
    match run_machine(session.call(&create)) {
        Ok(_) => println!("  made"),
        Err(error) => println!("  {error}"),
    }

    println!("\nA gateway that says nothing is waited for as long as the call may take:");
    simulator.push_fault(Fault::Hang);
    let list = GetMemberServerImageInstanceList::new();
    match run_machine(session.call(&list).with_deadline(Duration::from_millis(300))) {
        Ok(_) => println!("  answered"),
        Err(error) => println!("  {error}"),
    }

    println!("\nWhere nobody listens, nothing was sent, and every call is tried again:");
    drop(server);
    match run_machine(session.call(&create)) {
        Ok(_) => println!("  made"),
        Err(error) => println!("  {error}"),
    }
    Ok(())
}

/// The loop of `ncloud_core::drive`, with a deadline that ends an attempt, too.
fn run_machine<M: Machine>(mut machine: M) -> M::Output {
    let limits = Limits::default();
    let mut event = Event::Start;
    loop {
        let now = SystemTime::now();
        event = match machine.step(now, event) {
            Step::Send(request) => {
                let left = machine.time_left(now).unwrap_or(Duration::MAX);
                let result = http1::carry(&request, limits, left);
                match &result {
                    Ok(response) => println!("  answered: HTTP {}", response.status()),
                    Err(error) => println!("  failed:   {error}"),
                }
                result.into()
            }
            Step::Sleep(time) => {
                println!("  waits for {} ms", time.as_millis());
                thread::sleep(time);
                Event::Woke
            }
            Step::Done(output) => return output,
        };
    }
}
