//! What the workspace does for itself: `cargo xtask gen` writes the operations of `ncloud-api` from their models, and
//! `cargo xtask gen --check` says whether they are as they would be written.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a tool that prints, and puts texts together without hurry"
)]

use std::path::Path;
use std::process::ExitCode;

use lexopt::prelude::{Long, Short, Value};

mod api;
mod emit;
mod model;
mod name;
mod output;
mod text;

const HELP: &str = "\
Usage: cargo xtask gen [--check]

  gen          write crates/api from crates/api/models
  gen --check  say which files differ from what gen would write, and fail if any do
";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, String> {
    let mut arguments = lexopt::Parser::from_env();
    let (mut command, mut check) = (None, false);
    while let Some(argument) = arguments.next().map_err(|error| error.to_string())? {
        match argument {
            Value(value) if command.is_none() => command = Some(value),
            Long("check") => check = true,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(true);
            }
            other => return Err(format!("{}\n\n{HELP}", other.unexpected())),
        }
    }
    match command.as_deref().and_then(|command| command.to_str()) {
        Some("gen") => generate(check),
        _ => Err(HELP.to_owned()),
    }
}

fn generate(check: bool) -> Result<bool, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.parent().ok_or("xtask lies nowhere")?.join("api");
    let api = api::Api::load(&root.join("models"))?;
    let files = emit::all(&api)?;
    if !check {
        output::write(&root, &files)?;
        println!("{} files are as the models say", files.len());
        return Ok(true);
    }
    let differing = output::compare(&root, &files)?;
    for line in &differing {
        println!("{line}");
    }
    if !differing.is_empty() {
        println!("{} files differ; run `cargo xtask gen`", differing.len());
    }
    Ok(differing.is_empty())
}
