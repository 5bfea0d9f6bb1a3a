//! A gateway that fails in five ways, and a call that survives it: prints what happened, attempt by attempt.
//!
//! Run it with `cargo run --example survive_an_outage`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::Duration;

use http::StatusCode;
use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Endpoint, Error, Retry, Session};
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

fn run() -> Result<(), Box<dyn StdError>> {
    let simulator = Simulator::new();
    let server = simulator.serve()?;
    let retry = Retry::default()
        .with_attempts(8)?
        .with_back_off(Duration::from_millis(50), Duration::from_millis(400))?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?.with_retry(retry);
    let client = ncloud_ureq::Client::new(session);

    // The host's clock is twenty minutes behind, and the gateway is not well: even its words about the clock come only in part at
    // first.
    simulator.set_clock_offset(20 * 60);
    simulator.push_fault(Fault::Close);
    simulator.push_fault(Fault::respond(
        StatusCode::BAD_GATEWAY,
        "<html><body>Bad Gateway</body></html>",
    ));
    simulator.push_fault(gateway_error(
        StatusCode::TOO_MANY_REQUESTS,
        "410",
        "Throttle Limited",
    ));
    simulator.push_fault(gateway_error(
        StatusCode::SERVICE_UNAVAILABLE,
        "500",
        "Endpoint Error",
    ));
    simulator.push_fault(Fault::Truncate(10));

    let result = client.send(&GetMemberServerImageInstanceList::new());
    for (number, record) in simulator.requests().iter().enumerate() {
        let status = record
            .status
            .map_or_else(|| "no answer".to_owned(), |status| format!("HTTP {status}"));
        // An answer of the gateway's own that met a fault is one of which only a part was sent.
        let is_cut = record.faulted && record.return_code.is_some();
        let answer = if is_cut {
            format!("{status}, cut short")
        } else {
            status
        };
        let signature = if record.authenticated { "right" } else { "refused" };
        let timestamp = record.timestamp.as_deref().unwrap_or("-");
        println!(
            "attempt {}: {answer:<33} signature {signature:<8} timestamp {timestamp}",
            number + 1
        );
    }
    println!(
        "{} images in the end\n",
        result?.value.total_rows.unwrap_or_default()
    );

    // An outage that lasts: the error keeps the last real failure and the number of attempts.
    for _ in 0..8 {
        simulator.push_fault(gateway_error(
            StatusCode::SERVICE_UNAVAILABLE,
            "500",
            "Endpoint Error",
        ));
    }
    match client.send(&GetMemberServerImageInstanceList::new()) {
        Ok(_) => println!("the outage is over sooner than it should be"),
        Err(error) => explain(&error),
    }
    Ok(())
}

fn gateway_error(status: StatusCode, code: &str, message: &str) -> Fault {
    let body = format!(r#"{{"error":{{"errorCode":"{code}","message":"{message}","details":""}}}}"#);
    Fault::respond(status, body)
}

fn explain(error: &Error) {
    println!("{error}");
    println!(
        "kind {:?}, last failure {:?}, code {:?}",
        error.kind(),
        error.last().kind(),
        error.code()
    );
}
