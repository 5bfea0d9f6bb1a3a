//! Load: `cargo bench -p ncloud-simulator --bench load` prints answers per second, p99, and what calls cost as more is stored.
//!
//! Costs of single calls are the medians of many, without a socket. The load comes from as many threads as connections, each of
//! which signs its requests and waits for one answer before it sends the next.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures time, prints, and stops at the first surprise"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Method, Request};
use ncloud_core::{Endpoint, Raw, Session};
use ncloud_simulator::Simulator;

const STORED: usize = 2_000;
const CONNECTIONS: usize = 32;
const CALLS: usize = 10_000;
/// How often a single call is timed.
const TURNS: usize = 101;

/// Kinds that need no more than a VPC: the actions that make and list them, and the member with their name.
const KINDS: [(&str, &str, &str); 7] = [
    (
        "/vserver/v2/createInitScript",
        "/vserver/v2/getInitScriptList",
        "initScriptName",
    ),
    (
        "/vserver/v2/createLoginKey",
        "/vserver/v2/getLoginKeyList",
        "keyName",
    ),
    (
        "/vserver/v2/createPlacementGroup",
        "/vserver/v2/getPlacementGroupList",
        "placementGroupName",
    ),
    (
        "/vserver/v2/createAccessControlGroup",
        "/vserver/v2/getAccessControlGroupList",
        "accessControlGroupName",
    ),
    (
        "/vpc/v2/createRouteTable",
        "/vpc/v2/getRouteTableList",
        "routeTableName",
    ),
    (
        "/vpc/v2/createNetworkAcl",
        "/vpc/v2/getNetworkAclList",
        "networkAclName",
    ),
    (
        "/vpc/v2/createNetworkAclDenyAllowGroup",
        "/vpc/v2/getNetworkAclDenyAllowGroupList",
        "networkAclDenyAllowGroupName",
    ),
];
/// The number that the first thing has that is made.
const VPC: &str = "2000001";

fn main() {
    cost();
    large_pages();
    load();
}

fn session(simulator: &Simulator) -> Session {
    let endpoint = Endpoint::new("http://127.0.0.1:1").unwrap();
    Session::new(simulator.credentials(), endpoint).unwrap()
}

/// With a VPC in it, and changes that take no time.
fn simulator() -> Simulator {
    let simulator = Simulator::builder().transition_time(Duration::ZERO).build();
    let vpc = Raw::new(Method::POST, "/vpc/v2/createVpc").form("ipv4CidrBlock", "10.0.0.0/16");
    let made = answer(&simulator, &session(&simulator), &vpc);
    assert!(String::from_utf8_lossy(&made).contains(VPC), "{made:?}");
    simulator
}

fn creation(kind: usize, name: usize) -> Raw {
    let (create, _, member) = KINDS[kind];
    Raw::new(Method::POST, create)
        .form(member, &format!("name-{name:05}"))
        // What only some of the kinds need, the others pass over.
        .form("initScriptContent", "true")
        .form("supportedSubnetTypeCode", "PRIVATE")
        .form("vpcNo", VPC)
}

/// Ten of the many, by what their names have in common.
fn filtered(kind: usize, name: usize) -> Raw {
    let (_, list, member) = KINDS[kind];
    let call = Raw::new(Method::GET, list).query(member, &format!("name-{:04}", name / 10));
    call.query("pageNo", "1").query("pageSize", "10")
}

/// Ten of all.
fn page(kind: usize, number: usize) -> Raw {
    let call = Raw::new(Method::GET, KINDS[kind].1);
    call.query("pageNo", &number.to_string()).query("pageSize", "10")
}

fn answer(simulator: &Simulator, session: &Session, call: &Raw) -> Bytes {
    let now = SystemTime::now();
    let response = simulator.handle(session.raw(call, now).unwrap(), now);
    assert!(response.status().is_success(), "{:?}", response.body());
    response.into_body()
}

/// The median time of one call.
fn median(simulator: &Simulator, session: &Session, call: &Raw) -> Duration {
    let mut times: Vec<Duration> = (0..TURNS)
        .map(|_| {
            let begun = Instant::now();
            let _ = answer(simulator, session, call);
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[TURNS / 2]
}

/// Some of the first ones, by their numbers: the first init script has the number after that of all that comes with a VPC.
fn numbered(first: u64) -> Raw {
    let mut call = Raw::new(Method::GET, KINDS[0].1);
    for item in 0..10 {
        call = call.query(
            &format!("initScriptNoList.{}", item + 1),
            &(first + item).to_string(),
        );
    }
    call
}

/// What single calls cost with more and more init scripts there.
fn cost() {
    println!(
        "{:>8} {:>14} {:>14} {:>14} {:>14} {:>14}",
        "stored", "creation", "ten by number", "ten by name", "first ten", "last ten"
    );
    let simulator = simulator();
    let session = session(&simulator);
    let first = first_number(&simulator, &session);
    let mut stored = 1;
    for goal in [500, 2_000, 8_000] {
        let mut times = Vec::new();
        while stored < goal {
            let begun = Instant::now();
            let _ = answer(&simulator, &session, &creation(0, stored));
            times.push(begun.elapsed());
            stored += 1;
        }
        // Of the last hundred, which were made with about this many there.
        let mut last = times.split_off(times.len() - 100);
        last.sort();
        let cost = |call: &Raw| micros(median(&simulator, &session, call));
        println!(
            "{goal:>8} {:>11.1} µs {:>11.1} µs {:>11.1} µs {:>11.1} µs {:>11.1} µs",
            micros(last[last.len() / 2]),
            cost(&numbered(first)),
            cost(&filtered(0, 42)),
            cost(&page(0, 1)),
            cost(&page(0, goal / 10)),
        );
    }
}

/// The number of the first init script, which is made here.
fn first_number(simulator: &Simulator, session: &Session) -> u64 {
    let call = creation(0, 0).query("responseFormatType", "xml");
    let made = answer(simulator, session, &call);
    let made = String::from_utf8_lossy(&made);
    let (_, number) = made.split_once("<initScriptNo>").unwrap();
    number.split_once('<').unwrap().0.parse().unwrap()
}

/// What a page of a thousand costs, of more and more images, as JSON.
fn large_pages() {
    println!("\n{:>8} {:>14} {:>14}", "images", "first 1,000", "last 1,000");
    for stored in [2_000, 10_000] {
        let images: Vec<String> = (1..=stored)
            .map(|number| {
                format!(r#"{{"memberServerImageInstanceNo": "{number}", "memberServerImageName": "image-{number:05}"}}"#)
            })
            .collect();
        let inventory = format!(r#"{{"memberServerImageInstanceList": [{}]}}"#, images.join(","));
        let simulator = Simulator::builder()
            .inventory_json(inventory.as_bytes())
            .unwrap()
            .build();
        let session = session(&simulator);
        let cost = |page: usize| {
            let call = Raw::new(Method::GET, "/vserver/v2/getMemberServerImageInstanceList")
                .query("pageNo", &page.to_string())
                .query("pageSize", "1000")
                .query("responseFormatType", "json");
            micros(median(&simulator, &session, &call))
        };
        println!(
            "{stored:>8} {:>11.1} µs {:>11.1} µs",
            cost(1),
            cost(stored / 1000)
        );
    }
}

/// One connection, used for one call after the other.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    fn call(&mut self, request: &Request<Bytes>) {
        let target = request.uri().path_and_query().unwrap();
        let mut sent = format!("{} {target} HTTP/1.1\r\nhost: localhost\r\n", request.method()).into_bytes();
        for (name, value) in request.headers() {
            sent.extend_from_slice(name.as_str().as_bytes());
            sent.extend_from_slice(b": ");
            sent.extend_from_slice(value.as_bytes());
            sent.extend_from_slice(b"\r\n");
        }
        sent.extend_from_slice(format!("content-length: {}\r\n\r\n", request.body().len()).as_bytes());
        sent.extend_from_slice(request.body());
        self.0.get_mut().write_all(&sent).unwrap();
        self.receive();
    }

    fn receive(&mut self) {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        let mut length = 0;
        while line != "\r\n" {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim_end().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
    }
}

/// One call in four makes something, two look for ten by their name, one takes the first page.
fn mixed(number: usize) -> Raw {
    let kind = number / 4 % KINDS.len();
    match number % 4 {
        0 => creation(kind, STORED + number),
        1 => page(kind, 1),
        _ => filtered(kind, number % STORED),
    }
}

/// Many connections to a simulator that has a lot already.
fn load() {
    let simulator = simulator();
    let session = session(&simulator);
    let begun = Instant::now();
    for kind in 0..KINDS.len() {
        for name in 0..STORED {
            let _ = answer(&simulator, &session, &creation(kind, name));
        }
    }
    println!(
        "\n{STORED} resources of {} kinds made in {:.2} s",
        KINDS.len(),
        begun.elapsed().as_secs_f64()
    );
    let server = simulator.serve().unwrap();
    let begun = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|first| {
                let (session, address) = (&session, server.address());
                scope.spawn(move || {
                    let mut connection = Connection::new(address);
                    let numbers = (first..CALLS).step_by(CONNECTIONS);
                    let times = numbers.map(|number| {
                        let request = session.raw(&mixed(number), SystemTime::now()).unwrap();
                        let begun = Instant::now();
                        connection.call(&request);
                        begun.elapsed()
                    });
                    times.collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    let total = begun.elapsed();
    times.sort();
    println!(
        "{CALLS} calls from {CONNECTIONS} connections: {:.0} answers per second, p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        f64::from(u32::try_from(CALLS).unwrap()) / total.as_secs_f64(),
        micros(times[CALLS / 2]) / 1_000.0,
        micros(times[CALLS / 100 * 99]) / 1_000.0,
        micros(times[CALLS - 1]) / 1_000.0,
    );
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
