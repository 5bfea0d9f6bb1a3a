//! The binary: what it prints, what it serves, what it refuses.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::SystemTime;

use http::Method;
use ncloud_core::{Credentials, Endpoint, Raw, Session};
use ncloud_simulator::{Server, Simulator};

use super::PATH;

/// A running binary, killed when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn binary(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ncloud-simulator"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn start(arguments: &[&str]) -> (Running, HashMap<String, String>) {
    let mut child = binary(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let variables = variables(child.stdout.take().unwrap());
    (Running(child), variables)
}

/// The variables to export, and the URL of the comment above them.
fn variables(stdout: ChildStdout) -> HashMap<String, String> {
    let mut variables = HashMap::new();
    for line in BufReader::new(stdout).lines().take(4) {
        let line = line.unwrap();
        if let Some(url) = line.strip_prefix("# ncloud-simulator serves ") {
            variables.insert("URL".to_owned(), url.to_owned());
        } else {
            let export = line.strip_prefix("export ").unwrap();
            let (name, value) = export.split_once('=').unwrap();
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    variables
}

/// Calls the URL with the keys that the binary printed and gives back the body.
fn call(variables: &HashMap<String, String>) -> String {
    let credentials = Credentials::new(
        &variables["NCLOUD_ACCESS_KEY_ID"],
        &variables["NCLOUD_SECRET_ACCESS_KEY"],
    )
    .unwrap();
    let session = Session::new(&credentials, Endpoint::new(&variables["NCLOUD_API_GW"]).unwrap()).unwrap();
    let call = Raw::new(Method::GET, PATH).query("responseFormatType", "json");
    let request = session.raw(&call, SystemTime::now()).unwrap();
    let mut client = super::wire::Client::connect_to(request.uri().authority().unwrap().as_str());
    client.send(&request);
    client.receive().text().to_owned()
}

fn refused(output: &Output, status: i32, expected: &str) {
    assert_eq!(output.status.code(), Some(status));
    let line = String::from_utf8_lossy(&output.stderr);
    assert!(line.contains(expected), "{line}");
    assert_eq!(line.lines().count(), 1, "{line}");
    assert!(output.stdout.is_empty());
}

#[test]
fn it_prints_what_to_export_and_serves() {
    let (mut running, variables) = start(&[]);
    assert_eq!(variables["URL"], variables["NCLOUD_API_GW"]);
    assert!(variables["URL"].starts_with("http://127.0.0.1:"));
    assert!(call(&variables).contains("\"totalRows\": 25"));
    let address = variables["URL"].strip_prefix("http://").unwrap();
    let mut client = super::wire::Client::connect_to(address);
    client.send_text(&format!(
        "GET /{}\u{202e}\u{9b}2J HTTP/1.1\r\n\r\n",
        "x".repeat(10)
    ));
    client.receive();
    client.send_text(&format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(5000)));
    client.receive();
    running.0.kill().unwrap();
    let mut log = String::new();
    let mut stderr = running.0.stderr.take().unwrap();
    stderr.read_to_string(&mut log).unwrap();
    let kept = "x".repeat(119);
    let expected = format!(
        "GET getMemberServerImageInstanceList 200 0\nGET /xxxxxxxxxx??2J 401 200\nGET /{kept}... 401 200\n"
    );
    assert_eq!(log, expected);
}

#[test]
fn it_takes_an_inventory_and_a_layout() {
    let file = std::env::temp_dir().join(format!("ncloud-simulator-{}.json", std::process::id()));
    std::fs::write(&file, r#"{"memberServerImageInstanceList": []}"#).unwrap();
    let (_running, variables) = start(&["--inventory", file.to_str().unwrap(), "--layout=compact"]);
    assert!(call(&variables).contains("{\"totalRows\":0,\"memberServerImageInstanceList\":[],"));

    std::fs::write(&file, "{").unwrap();
    let output = binary(&["--inventory", file.to_str().unwrap()]).output().unwrap();
    refused(&output, 1, "inventory cannot be used: not readable as JSON");
    std::fs::remove_file(&file).unwrap();
    let output = binary(&["--inventory", file.to_str().unwrap()]).output().unwrap();
    refused(&output, 1, "cannot be read");
}

#[test]
fn wrong_flags_are_refused_in_one_line() {
    for (arguments, expected) in [
        (&["--prot", "1"][..], "'--prot'"),
        (&["--port", "many"], "--port is \"many\"; allowed: 0 to 65535"),
        (&["--port"], "'--port'"),
        (
            &["--layout", "wide"],
            "--layout is \"wide\"; allowed: pretty, compact",
        ),
        (&["extra"], "\"extra\""),
    ] {
        refused(&binary(arguments).output().unwrap(), 2, expected);
    }
    let help = binary(&["--help"]).output().unwrap();
    assert!(help.status.success());
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("--inventory FILE")
    );
}

#[test]
fn a_port_that_is_taken_is_told() {
    let taken: Server = Simulator::new().serve().unwrap();
    let port = taken.address().port().to_string();
    let output = binary(&["--port", &port]).output().unwrap();
    refused(&output, 1, &format!("cannot listen on 127.0.0.1:{port}"));
}
