//! The binary: what it prints, what it serves, what it refuses.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::SystemTime;

use bytes::Bytes;
use http::{Method, Request};
use ncloud_core::{Credentials, Endpoint, Raw, Session};
use ncloud_simulator::{Server, Simulator};

use super::PATH;
use super::wire::Client;

/// A running binary, killed when the test is over.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn binary(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ncloud-simulator"));
    command.args(arguments).stdin(Stdio::null());
    command
}

pub(crate) fn start(arguments: &[&str]) -> (Running, HashMap<String, String>) {
    start_with(arguments, 4)
}

/// Starts the binary, which is to print so many lines.
fn start_with(arguments: &[&str], lines: usize) -> (Running, HashMap<String, String>) {
    let mut child = binary(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let variables = variables(child.stdout.take().unwrap(), lines);
    (Running(child), variables)
}

/// The variables to export, and the URL of the comment above them.
fn variables(stdout: ChildStdout, lines: usize) -> HashMap<String, String> {
    let mut variables = HashMap::new();
    for line in BufReader::new(stdout).lines().take(lines) {
        let line = line.unwrap();
        if let Some(url) = line.strip_prefix("# ncloud-simulator serves ") {
            variables.insert("URL".to_owned(), url.to_owned());
        } else if !line.starts_with('#') {
            let export = line.strip_prefix("export ").unwrap();
            let (name, value) = export.split_once('=').unwrap();
            variables.insert(name.to_owned(), value.to_owned());
        }
    }
    variables
}

/// A connection to the URL that the binary printed.
fn connect(variables: &HashMap<String, String>) -> Client {
    Client::connect_to(variables["URL"].strip_prefix("http://").unwrap())
}

/// A request that is signed with the keys that the binary printed.
fn request(variables: &HashMap<String, String>) -> Request<Bytes> {
    request_by(variables, "")
}

/// A request that is signed with the keys whose variables end in this.
fn request_by(variables: &HashMap<String, String>, suffix: &str) -> Request<Bytes> {
    let credentials = Credentials::new(
        &variables[&format!("NCLOUD_ACCESS_KEY_ID{suffix}")],
        &variables[&format!("NCLOUD_SECRET_ACCESS_KEY{suffix}")],
    )
    .unwrap();
    let session = Session::new(&credentials, Endpoint::new(&variables["NCLOUD_API_GW"]).unwrap()).unwrap();
    let call = Raw::new(Method::GET, PATH).query("responseFormatType", "json");
    session.raw(&call, SystemTime::now()).unwrap()
}

/// Calls the URL and gives back the body.
fn call(variables: &HashMap<String, String>) -> String {
    call_by(variables, "")
}

/// The same with the keys whose variables end in this.
fn call_by(variables: &HashMap<String, String>, suffix: &str) -> String {
    let mut client = connect(variables);
    client.send(&request_by(variables, suffix));
    client.receive().text().to_owned()
}

pub(crate) fn refused(output: &Output, status: i32, expected: &str) {
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
    let mut client = connect(&variables);
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
    let lines: Vec<_> = log.lines().map(|line| line.rsplit_once(' ').unwrap()).collect();
    let shown: Vec<&str> = lines.iter().map(|(line, _)| *line).collect();
    let expected = [
        "GET getMemberServerImageInstanceList 200 0 1".to_owned(),
        "GET /xxxxxxxxxx??2J 401 200 -".to_owned(),
        format!("GET /{kept}... 401 200 -"),
    ];
    assert_eq!(shown, expected);
    for (_, elapsed) in lines {
        elapsed.strip_suffix("ms").unwrap().parse::<u64>().unwrap();
    }
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
fn it_fails_as_it_is_told() {
    let (_running, variables) = start(&["--fault", "close", "--fault=every:3:throttle:7", "--latency=1"]);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let mut client = connect(&variables);
        client.send(&request(&variables));
        statuses.push(client.receive_head().status);
    }
    let ok = "HTTP/1.1 200 OK";
    assert_eq!(statuses, ["", ok, "HTTP/1.1 429 Too Many Requests", ok]);
    let (_running, variables) = start(&["--clock-offset", "-1200"]);
    assert!(call(&variables).contains("\"errorCode\":\"200\""));
}

#[test]
fn it_shows_a_page_and_takes_faults() {
    let (_running, variables) = start(&[]);
    let mut client = connect(&variables);
    client.send_text("HEAD / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    let head = client.receive_head();
    assert_eq!(head.status, "HTTP/1.1 200 OK");
    client.send_text("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    let page = client.receive();
    assert_eq!(head.header("content-length"), page.header("content-length"));
    assert_eq!(page.header("content-type"), Some("text/html;charset=UTF-8"));
    assert!(page.text().contains("<h2>Account 1</h2>"));
    // No call for /favicon.ico, which would meet a fault in place of another.
    assert!(page.text().contains("<link rel=\"icon\" href=\"data:,\">"));
    assert!(page.text().contains("There was none yet."));
    client.send_text("POST /simulator/fault?fault=respond:503 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
    client.send(&request(&variables));
    assert_eq!(client.receive().status, "HTTP/1.1 503 Service Unavailable");
}

#[test]
fn it_gives_a_role_its_keys() {
    let (_running, variables) = start_with(&["--role", "web"], 3);
    assert!(!variables.contains_key("NCLOUD_ACCESS_KEY_ID"));
    assert_eq!(variables["NCLOUD_METADATA_ENDPOINT"], variables["URL"]);
    let path = "/latest/meta-data/iam/security-credentials/web";
    let mut client = connect(&variables);
    client.send_text(&format!("GET {path} HTTP/1.1\r\n\r\n"));
    assert!(client.receive().text().contains("ncp_ak_TESTROLE000001"));
}

#[test]
fn it_lets_in_whom_it_is_told() {
    let arguments = [
        "--key=ci",
        "--account",
        "Team",
        "--key=nobody=denied",
        "--key=old=expired",
        "--key=lent=expires:60",
    ];
    let (_running, variables) = start_with(&arguments, 4 + 5 * 3);
    let all = "\"totalRows\": 25";
    let none = "\"totalRows\": 0";
    let denied = "\"errorCode\":\"210\"";
    let unknown = "\"errorCode\":\"200\"";
    for (suffix, expected) in [
        ("", all),
        ("_CI", all),
        ("_TEAM", none),
        ("_NOBODY", denied),
        ("_OLD", unknown),
        ("_LENT", none),
    ] {
        let answer = call_by(&variables, suffix);
        assert!(answer.contains(expected), "{suffix}: {answer}");
    }
    let mut client = connect(&variables);
    client.send_text("POST /simulator/clock?advance=61 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    client.receive();
    assert!(call_by(&variables, "_LENT").contains(unknown));
    assert!(call_by(&variables, "_TEAM").contains(none));
}

#[test]
fn keys_expire_by_the_clock_that_it_is_given() {
    let arguments = ["--key=lent=expires:60", "--clock-offset=-200"];
    let (_running, variables) = start_with(&arguments, 4 + 3);
    assert!(call_by(&variables, "_LENT").contains("\"totalRows\": 25"));
}

#[test]
fn it_keeps_to_quotas_and_fails_by_chance() {
    let (_running, variables) = start(&["--quota", "vpcList=1", "--quota=subnetList=0"]);
    let mut client = connect(&variables);
    client.send_text("GET /simulator/snapshot HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    let snapshot: serde_json::Value = serde_json::from_str(client.receive().text()).unwrap();
    let quotas = serde_json::json!([{"kind": "VPC", "quota": 1}, {"kind": "subnet", "quota": 0}]);
    assert_eq!(snapshot["accountList"][0]["quotaList"], quotas);

    let statuses = |seed| {
        let (_running, variables) = start(&["--fault=rate:0.5:respond:503", "--fault-seed", seed]);
        let mut client = connect(&variables);
        let status = |_| {
            client.send(&request(&variables));
            client.receive().status
        };
        (0..40).map(status).collect::<Vec<String>>()
    };
    let met = statuses("1");
    assert!(met.contains(&"HTTP/1.1 200 OK".to_owned()));
    assert!(met.contains(&"HTTP/1.1 503 Service Unavailable".to_owned()));
    assert_eq!(statuses("1"), met);
    assert_ne!(statuses("2"), met);
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
        (&["--fault", "slow"], "\"slow\" is no fault; allowed: respond"),
        (
            &["--fault", "every:0:close"],
            "allowed after every: 1 to 4294967295",
        ),
        (&["--fault", "every:5"], "\"\" is no fault"),
        (
            &["--fault", "rate:1.5:close"],
            "allowed after rate: 0 to 1, such as 0.2, and a fault",
        ),
        (&["--fault", "rate:20%:close"], "allowed after rate: 0 to 1"),
        (&["--fault", "rate:0.5"], "\"\" is no fault"),
        (&["--fault", "rate"], "allowed after rate: 0 to 1"),
        (
            &["--fault-seed", "x"],
            "--fault-seed is \"x\"; allowed: 0 to 18446744073709551615",
        ),
        (
            &["--account", "a-b"],
            "--account has the name \"a-b\"; allowed: 1 to 40 letters, digits and _",
        ),
        (
            &["--account", "a", "--key", "A=denied"],
            "--key has the name \"A\", which was given before",
        ),
        (
            &["--key", "a=some"],
            "--key is \"a=some\"; allowed after the name: denied, expired, expires:SECONDS",
        ),
        (
            &["--key", "a=expires:-1"],
            "allowed after the name: denied, expired",
        ),
        (&["--key", "=denied"], "--key has the name \"\""),
        (
            &["--quota", "vpcList"],
            "--quota is \"vpcList\"; allowed: a list and how many, such as vpcList=5",
        ),
        (&["--quota", "vpcList=-1"], "--quota is \"vpcList=-1\""),
        (
            &["--quota", "servers=1"],
            "\"servers\" shows nothing that can be made; name a list such as vpcList, subnetList",
        ),
        (
            &["--quota", "VPC list=1"],
            "name a list such as vpcList, subnetList, serverInstanceList",
        ),
        (&["--latency", "-1"], "--latency is \"-1\"; allowed: milliseconds"),
        (
            &["--clock-offset", "soon"],
            "--clock-offset is \"soon\"; allowed: whole seconds",
        ),
        (&["--role", "a/b"], "--role is \"a/b\"; allowed: letters"),
        (&["extra"], "\"extra\""),
    ] {
        refused(&binary(arguments).output().unwrap(), 2, expected);
    }
    let version = binary(&["-V"]).output().unwrap();
    let expected = concat!("ncloud-simulator ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(String::from_utf8(version.stdout).unwrap(), expected);
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
