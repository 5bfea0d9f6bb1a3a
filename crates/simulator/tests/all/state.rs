//! The state file: nothing that was acknowledged is lost, however the process ends; and what cannot be a state.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use http::Request;
use ncloud_api::vpc::{CreateVpc, DeleteVpc, GetVpcList};
use ncloud_core::{Credentials, Endpoint, Operation, Session};
use ncloud_simulator::Simulator;

use super::binary::{Running, binary, refused, start};
use super::{now, session};

/// A file that is taken away when the test is over.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let name = format!("ncloud-simulator-{}-{name}", std::process::id());
        let file = Self(std::env::temp_dir().join(name));
        let _ = std::fs::remove_file(&file.0);
        file
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What a client of the binary knows.
#[derive(Clone)]
struct Client {
    session: Session,
    address: String,
}

impl Client {
    fn new(variables: &HashMap<String, String>) -> Self {
        let keys = Credentials::new(
            &variables["NCLOUD_ACCESS_KEY_ID"],
            &variables["NCLOUD_SECRET_ACCESS_KEY"],
        );
        let url = &variables["URL"];
        Self {
            session: Session::new(&keys.unwrap(), Endpoint::new(url).unwrap()).unwrap(),
            address: url.strip_prefix("http://").unwrap().to_owned(),
        }
    }

    /// One call on a connection of its own; `None` if there is no whole answer.
    fn call<O: Operation>(&self, operation: &O) -> Option<O::Output> {
        let request = self.session.request(operation, SystemTime::now()).unwrap();
        let answer = self.exchange(&request)?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))?;
        if length.parse() != Ok(body.len()) {
            return None;
        }
        let response = http::Response::new(bytes::Bytes::from(body.to_owned()));
        Some(self.session.parse::<O>(response).unwrap().into_value())
    }

    fn exchange(&self, request: &Request<bytes::Bytes>) -> Option<String> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        // A test that would wait for ever fails instead.
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let target = request.uri().path_and_query().unwrap();
        let mut text = format!(
            "{} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
            request.method(),
            request.body().len()
        );
        for (name, value) in request.headers() {
            write!(text, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
        }
        text += "\r\n";
        text += std::str::from_utf8(request.body()).unwrap();
        stream.write_all(text.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn create(&self) -> Option<String> {
        let made = self.call(&CreateVpc::new("10.0.0.0/16"))?;
        made.vpc_list[0].vpc_no.clone()
    }

    fn numbers(&self) -> BTreeSet<String> {
        let found = self.call(&GetVpcList::new()).unwrap().vpc_list;
        found.into_iter().filter_map(|vpc| vpc.vpc_no).collect()
    }
}

fn kill(mut running: Running) {
    running.0.kill().unwrap();
    running.0.wait().unwrap();
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    const CLIENTS: usize = 4;
    const ACKNOWLEDGED: usize = 24;
    let file = File::new("kill.redb");
    let (running, variables) = start(&["--state", file.path()]);
    let client = Client::new(&variables);
    let (told, heard) = mpsc::channel();
    let threads: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (client, told) = (client.clone(), told.clone());
            std::thread::spawn(move || {
                while let Some(number) = client.create() {
                    told.send(number).unwrap();
                }
            })
        })
        .collect();
    drop(told);
    let mut acknowledged: BTreeSet<String> = heard.iter().take(ACKNOWLEDGED).collect();
    // In the middle of what the clients go on to ask for.
    kill(running);
    acknowledged.extend(heard.iter());
    for thread in threads {
        thread.join().unwrap();
    }
    assert!(acknowledged.len() >= ACKNOWLEDGED);

    let (_running, variables) = start(&["--state", file.path()]);
    let client = Client::new(&variables);
    let there = client.numbers();
    assert!(there.is_superset(&acknowledged), "{acknowledged:?} {there:?}");
    // At most one change of each client was under way, and carried out without an answer.
    assert!(there.len() <= acknowledged.len() + CLIENTS);
    let next = client.create().unwrap();
    assert!(!there.contains(&next));
}

#[test]
fn what_was_deleted_stays_away_after_a_kill() {
    let (file, seed) = (File::new("delete.redb"), File::new("seed.json"));
    let known = Simulator::builder().transition_time(Duration::ZERO).build();
    let made = |block| {
        let create = session(&known).request(&CreateVpc::new(block), now()).unwrap();
        assert_eq!(known.handle(create, now()).status(), 200);
    };
    made("10.0.0.0/16");
    made("10.1.0.0/16");
    std::fs::write(&seed.0, known.snapshot()).unwrap();
    let arguments = ["--state", file.path(), "--seed", seed.path()];
    let (running, variables) = start(&arguments);
    let client = Client::new(&variables);
    let numbers = client.numbers();
    let (first, second) = (numbers.first().unwrap(), numbers.last().unwrap());
    client.call(&DeleteVpc::new(first)).unwrap();
    kill(running);

    // The seed is for a new file, and does not bring back what is gone.
    let (running, variables) = start(&[&arguments[..], &["--clock-offset", "60"]].concat());
    let mut client = Client::new(&variables);
    let later = SystemTime::now() + Duration::from_secs(60);
    let list = client.session.request(&GetVpcList::new(), later).unwrap();
    let answer = client.exchange(&list).unwrap();
    assert!(
        answer.contains(second.as_str()) && !answer.contains(first.as_str()),
        "{answer}"
    );
    kill(running);
    let (_running, variables) = start(&["--state", file.path()]);
    client = Client::new(&variables);
    assert!(client.numbers().contains(second));
}

#[test]
fn a_file_that_cannot_be_a_state_is_told() {
    let file = File::new("other.redb");
    std::fs::write(
        &file.0,
        "no database at all, but long enough to look like one".repeat(100),
    )
    .unwrap();
    let output = binary(&["--state", file.path()]).output().unwrap();
    refused(&output, 1, "state cannot be used: ");
    let none = File::new("none");
    let below = none.0.join("state.redb");
    let output = binary(&["--state", below.to_str().unwrap()]).output().unwrap();
    refused(&output, 1, "state cannot be used: ");

    let taken = File::new("taken.redb");
    let simulator = Simulator::builder().build_with_state(&taken.0).unwrap();
    let output = binary(&["--state", taken.path()]).output().unwrap();
    refused(&output, 1, "it is in use by another simulator");
    drop(simulator);
    let seed = File::new("broken.json");
    std::fs::write(&seed.0, r#"{"version": 1}"#).unwrap();
    let output = binary(&["--seed", seed.path()]).output().unwrap();
    refused(
        &output,
        1,
        "snapshot cannot be used: it has no region in its regionList",
    );
}

#[test]
fn further_accounts_join_those_of_the_file() {
    let file = File::new("accounts.redb");
    let keys =
        |name: &str| Credentials::new(format!("ncp_ak_TEST{name}"), format!("ncp_sk_TEST{name}")).unwrap();
    let create = |simulator: &Simulator, name: &str| {
        let session = session(simulator).with_credentials(&keys(name)).unwrap();
        let request = session.request(&CreateVpc::new("10.0.0.0/16"), now()).unwrap();
        assert_eq!(simulator.handle(request, now()).status(), 200);
    };
    let open = |names: &[&str]| {
        let builder = Simulator::builder();
        let builder = names
            .iter()
            .fold(builder, |builder, name| builder.account(&keys(name)));
        builder.build_with_state(&file.0).unwrap()
    };
    let simulator = open(&["FIRST"]);
    create(&simulator, "FIRST");
    drop(simulator);
    let simulator = open(&["FIRST", "SECOND"]);
    create(&simulator, "SECOND");
    let known = simulator.snapshot();
    drop(simulator);
    assert_eq!(open(&["FIRST", "SECOND"]).snapshot(), known);
    // Keys that are not given this time cost an account nothing.
    assert_eq!(open(&["FIRST"]).snapshot(), known);
}
