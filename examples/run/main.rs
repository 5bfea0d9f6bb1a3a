//! Runs the examples as a user would: as programs, with settings from the environment or a file.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use std::process::Command;

use ncloud_simulator::{Server, Simulator};

mod conformance;
mod list_images;

/// The built example: Cargo builds examples together with this test, into the folder beside it.
fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let folder = test
        .parent()
        .and_then(|folder| folder.parent())
        .unwrap()
        .join("examples");
    let mut command = Command::new(folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)));
    command.env_clear().env("HOME", "/nonexistent");
    command
}

fn start() -> (Simulator, Server) {
    let simulator = Simulator::new();
    let server = simulator.serve().unwrap();
    (simulator, server)
}

#[test]
fn the_other_examples_run_without_any_settings() {
    for (name, lines, word) in [
        ("no_sockets", 9, "request id"),
        ("bring_your_own_http", 11, "request id"),
        ("quickstart", 50, "request id"),
        ("embed_the_machine", 8, "10 of 25 images"),
        ("survive_an_outage", 10, "the last of 8 attempts"),
        ("paginate", 6, "984 more, from image-0251 on"),
        ("wait_for_image", 5, "will never be made, it is CREFL"),
    ] {
        let output = example(name).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(
            text.lines().count() >= lines && text.contains(word),
            "{name}: {text}"
        );
    }
}

/// What happened to one call, as an example that carries by itself prints it: attempts, waiting, and the end.
fn lines_below<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    lines
        .take_while(|line| line.starts_with("  "))
        .map(str::trim)
        .collect()
}

fn count(lines: &[&str], word: &str) -> usize {
    lines.iter().filter(|line| line.starts_with(word)).count()
}

#[test]
fn every_stack_repeats_what_may_be_repeated_and_nothing_else() {
    for name in ["carry_with_reqwest", "carry_with_curl", "carry_by_hand"] {
        let output = example(name).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{name}: {text}"
        );

        let read = lines_below(&text, "A read outlasts");
        assert_eq!(
            (
                count(&read, "failed:"),
                count(&read, "answered: HTTP 503"),
                count(&read, "answered: HTTP 200")
            ),
            (2, 1, 1),
            "{name}: {text}"
        );
        assert_eq!(
            (count(&read, "waits for"), read.last()),
            (3, Some(&"25 images")),
            "{name}: {text}"
        );

        let change = lines_below(&text, "A change that may");
        assert_eq!(change.len(), 2, "{name}: {text}");
        assert!(
            change[1].contains("sending or receiving failed"),
            "{name}: {text}"
        );

        let nobody = lines_below(&text, "Where nobody listens");
        assert_eq!(count(&nobody, "failed:   not sent"), 4, "{name}: {text}");
        assert!(nobody[7].contains("the last of 4 attempts"), "{name}: {text}");
    }
}

#[test]
fn the_quickstart_uses_credentials_of_the_environment() {
    let (simulator, server) = start();
    let output = example("quickstart")
        .env("NCLOUD_API_GW", server.url())
        .env(
            "NCLOUD_ACCESS_KEY_ID",
            simulator.credentials().access_key().as_str(),
        )
        .env(
            "NCLOUD_SECRET_ACCESS_KEY",
            simulator.credentials().secret_key().expose(),
        )
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(simulator.requests().len(), 2);
}

#[test]
fn a_failure_is_told_in_a_line_and_not_as_a_dump() {
    let (_simulator, server) = start();
    let output = example("quickstart")
        .env("NCLOUD_API_GW", server.url())
        .env("NCLOUD_ACCESS_KEY", "ncp_ak_TESTWRONG")
        .env("NCLOUD_SECRET_KEY", "ncp_sk_TESTWRONG")
        .output()
        .unwrap();
    let line = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(
        line.contains("Authentication Failed") && !line.contains("Error {"),
        "{line}"
    );
}

#[test]
fn no_example_hands_a_signed_request_to_a_proxy_of_the_environment() {
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    for name in [
        "quickstart",
        "bring_your_own_http",
        "carry_with_reqwest",
        "carry_with_curl",
    ] {
        let output = example(name)
            .env("HTTP_PROXY", &url)
            .env("http_proxy", &url)
            .env("ALL_PROXY", &url)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
