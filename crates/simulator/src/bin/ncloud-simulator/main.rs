//! The `ncloud-simulator` binary: serves until it is killed, and says on stdout how to reach it.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use ncloud_simulator::{RequestRecord, Server, Simulator, SimulatorBuilder};

use options::{Command, HELP, Options, Planned, parse};

mod keys;
mod options;

/// How many characters of a client's text are shown on stderr.
const SHOWN_LIMIT: usize = 120;

const VERSION: &str = concat!("ncloud-simulator ", env!("CARGO_PKG_VERSION"), "\n");

/// Exit status for a command line that cannot be understood.
const USAGE_FAILURE: u8 = 2;

fn main() -> ExitCode {
    let result = match parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => print(HELP),
        Ok(Command::Version) => print(VERSION),
        Ok(Command::Serve(options)) => serve(&options),
        Err(error) => {
            complain(&format!("{error}; --help shows what there is"));
            return ExitCode::from(USAGE_FAILURE);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            complain(&problem);
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Result<(), String> {
    let written = io::stdout().write_all(text.as_bytes());
    written.map_err(|error| unwritable(&error))
}

fn unwritable(error: &io::Error) -> String {
    format!("cannot write to stdout: {error}")
}

/// Serves for ever; comes back only with a problem.
fn serve(options: &Options) -> Result<(), String> {
    let simulator = build(options)?;
    simulator.set_latency(options.latency);
    simulator.set_clock_offset(options.clock_offset);
    for planned in &options.faults {
        match planned {
            Planned::Once(fault) => simulator.push_fault(fault.clone()),
            Planned::Every(every, fault) => simulator.fault_every(*every, fault.clone()),
            Planned::AtRate(rate, fault) => simulator.fault_at_rate(*rate, fault.clone()),
        }
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let server = simulator
        .serve_on(address)
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    announce(&simulator, &server, options).map_err(|error| unwritable(&error))?;
    loop {
        std::thread::park();
    }
}

/// A simulator with what the command line asks for, but for what can change while it serves.
fn build(options: &Options) -> Result<Simulator, String> {
    let mut builder = Simulator::builder()
        .layout(options.layout)
        .admin_calls(true)
        .fault_seed(options.fault_seed)
        .observer(log);
    builder = keys::let_in(builder, &options.keys, clock(options.clock_offset))?;
    for (list, quota) in &options.quotas {
        builder = builder.quota(list, *quota).map_err(|error| error.to_string())?;
    }
    if let Some(file) = &options.inventory {
        builder = builder.inventory_json(&read(file)?).map_err(about(file))?;
    }
    if let Some(file) = &options.seed {
        builder = builder.snapshot_json(&read(file)?).map_err(about(file))?;
    }
    if let Some((name, lifetime)) = &options.role {
        builder = builder.server_role(name, *lifetime);
    }
    if let Some(transition) = options.transition {
        builder = builder.transition_time(transition);
    }
    match &options.state {
        Some(file) => build_with_state(builder, file),
        None => Ok(builder.build()),
    }
}

/// The moment that it is by a clock so many seconds ahead.
fn clock(seconds_ahead: i64) -> SystemTime {
    let now = SystemTime::now();
    let distance = Duration::from_secs(seconds_ahead.unsigned_abs());
    let shifted = if seconds_ahead < 0 {
        now.checked_sub(distance)
    } else {
        now.checked_add(distance)
    };
    shifted.unwrap_or(now)
}

#[cfg(feature = "state")]
fn build_with_state(builder: SimulatorBuilder, file: &Path) -> Result<Simulator, String> {
    builder.build_with_state(file).map_err(about(file))
}

#[cfg(not(feature = "state"))]
fn build_with_state(_: SimulatorBuilder, _: &Path) -> Result<Simulator, String> {
    Err("--state needs the feature \"state\", which this binary was built without".to_owned())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))
}

/// What is wrong with a file.
fn about(file: &Path) -> impl Fn(ncloud_core::Error) -> String {
    move |error| format!("{}: {error}", file.display())
}

/// Says how to reach the server, in lines that a shell can read.
fn announce(simulator: &Simulator, server: &Server, options: &Options) -> io::Result<()> {
    let url = server.url();
    let mut lines = vec![
        format!("# ncloud-simulator serves {url}"),
        format!("export NCLOUD_API_GW={url}"),
    ];
    if options.role.is_some() {
        // Keys in the environment would be taken in place of the role's.
        lines.push(format!("export NCLOUD_METADATA_ENDPOINT={url}"));
    } else {
        let credentials = simulator.credentials();
        let access_key = credentials.access_key().as_str();
        // The key is made up and opens nothing but this simulator.
        let secret_key = credentials.secret_key().expose();
        lines.push(format!("export NCLOUD_ACCESS_KEY_ID={access_key}"));
        lines.push(format!("export NCLOUD_SECRET_ACCESS_KEY={secret_key}"));
    }
    lines.extend(keys::lines(&options.keys));
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

fn log(record: &RequestRecord) {
    write_line(&line(record));
}

/// A request in one line.
fn line(record: &RequestRecord) -> String {
    // Parameters may hold what does not belong into a log, so an unknown action is shown by its path alone.
    let path = record.target.split('?').next().unwrap_or_default();
    let action = record.action.as_deref().unwrap_or(path);
    let status = record
        .status
        .map_or_else(|| "-".to_owned(), |status| status.as_u16().to_string());
    let code = record.return_code.as_deref().unwrap_or("-");
    let account = record
        .account
        .map_or_else(|| "-".to_owned(), |account| account.to_string());
    format!(
        "{} {} {status} {code} {account} {}ms",
        shown(record.method.as_str()),
        shown(action),
        record.elapsed.as_millis()
    )
}

/// A text by whoever found the port, fit for a terminal: neither long nor with anything but visible ASCII.
fn shown(text: &str) -> String {
    let visible = |character: char| {
        if character.is_ascii_graphic() {
            character
        } else {
            '?'
        }
    };
    let mut shown: String = text.chars().take(SHOWN_LIMIT).map(visible).collect();
    if text.chars().nth(SHOWN_LIMIT).is_some() {
        shown.push_str("...");
    }
    shown
}

fn complain(problem: &str) {
    write_line(&format!("ncloud-simulator: {problem}"));
}

fn write_line(line: &str) {
    // Nobody is left to tell if stderr is closed.
    let _ = writeln!(io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_wrote_cannot_disturb_a_terminal() {
        assert_eq!(shown("/vserver/v2/getNothing"), "/vserver/v2/getNothing");
        assert_eq!(
            shown("/a\u{1b}[2J\u{9b}\u{202e}\n\u{7f} \u{d55c}"),
            "/a?[2J??????"
        );
        assert_eq!(shown(&"x".repeat(SHOWN_LIMIT)), "x".repeat(SHOWN_LIMIT));
        let long = shown(&"x".repeat(60_000));
        assert_eq!(long, format!("{}...", "x".repeat(SHOWN_LIMIT)));
    }
}
