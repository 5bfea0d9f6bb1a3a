//! The `ncloud-simulator` binary: serves until it is killed, and says on stdout how to reach it.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::{Long, Short, ValueExt as _};
use ncloud_simulator::{Layout, RequestRecord, Server, Simulator};

const HELP: &str = "\
ncloud-simulator: an offline NAVER Cloud gateway for tests, on 127.0.0.1

Usage: ncloud-simulator [--port N] [--inventory FILE] [--layout pretty|compact]

  --port N          port to listen on (default: a free one)
  --inventory FILE  JSON document with the resources that exist (default: 25 images)
  --layout LAYOUT   how answers are laid out: pretty, as the platform's, or compact (default: pretty)
  -h, --help        show this text

Prints the variables to export, then serves until it is killed, with one line per call on stderr:
method, action, status, return code.
";

/// How many characters of a client's text are shown on stderr.
const SHOWN_LIMIT: usize = 120;

/// Exit status for a command line that cannot be understood.
const USAGE_FAILURE: u8 = 2;

/// What the command line asks for.
enum Command {
    Help,
    Serve(Options),
}

struct Options {
    port: u16,
    inventory: Option<PathBuf>,
    layout: Layout,
}

fn main() -> ExitCode {
    let result = match parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => io::stdout()
            .write_all(HELP.as_bytes())
            .map_err(|error| error.to_string()),
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

fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options {
        port: 0,
        inventory: None,
        layout: Layout::Pretty,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("port") => {
                let text = arguments.value()?.string()?;
                options.port = text
                    .parse()
                    .map_err(|_| format!("--port is {text:?}; allowed: 0 to 65535"))?;
            }
            Long("inventory") => options.inventory = Some(arguments.value()?.into()),
            Long("layout") => {
                options.layout = match arguments.value()?.string()?.as_str() {
                    "pretty" => Layout::Pretty,
                    "compact" => Layout::Compact,
                    text => return Err(format!("--layout is {text:?}; allowed: pretty, compact").into()),
                };
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Serve(options))
}

/// Serves for ever; comes back only with a problem.
fn serve(options: &Options) -> Result<(), String> {
    // Nobody here ever asks for the requests; each is on stderr as soon as it was answered.
    let mut builder = Simulator::builder()
        .layout(options.layout)
        .remember_requests(false)
        .observer(log);
    if let Some(file) = &options.inventory {
        let shown = file.display();
        let document = std::fs::read(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
        builder = builder
            .inventory_json(&document)
            .map_err(|error| format!("{shown}: {error}"))?;
    }
    let simulator = builder.build();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let server = simulator
        .serve_on(address)
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    announce(&simulator, &server).map_err(|error| format!("cannot write to stdout: {error}"))?;
    loop {
        std::thread::park();
    }
}

/// Says how to reach the server, in lines that a shell can read.
fn announce(simulator: &Simulator, server: &Server) -> io::Result<()> {
    let credentials = simulator.credentials();
    let mut out = io::stdout().lock();
    writeln!(out, "# ncloud-simulator serves {}", server.url())?;
    writeln!(out, "export NCLOUD_API_GW={}", server.url())?;
    writeln!(
        out,
        "export NCLOUD_ACCESS_KEY_ID={}",
        credentials.access_key().as_str()
    )?;
    // The key is made up and opens nothing but this simulator.
    writeln!(
        out,
        "export NCLOUD_SECRET_ACCESS_KEY={}",
        credentials.secret_key().expose()
    )?;
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
    format!(
        "{} {} {status} {code}",
        shown(record.method.as_str()),
        shown(action)
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
