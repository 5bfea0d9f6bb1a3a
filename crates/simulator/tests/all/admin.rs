//! Admin calls and the overview: what they do, what they leave alone, what they refuse.

use std::time::{Duration, SystemTime};

use http::{Method, Request, StatusCode};
use ncloud_api::vpc::{CreateVpc, GetVpcDetail};
use ncloud_core::{Credentials, Session};
use ncloud_simulator::{Fault, Simulator};

use super::wire::{Client, signed};
use super::{PATH, now, session};

fn simulator() -> Simulator {
    Simulator::builder().admin_calls(true).build()
}

/// A call without a socket: its status and what it tells.
fn ask(simulator: &Simulator, method: Method, path: &str, form: &str) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path);
    let response = simulator.handle(request.body(form.to_owned()).unwrap(), now());
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status(), text)
}

fn post(simulator: &Simulator, path: &str, form: &str) -> String {
    let (status, text) = ask(simulator, Method::POST, path, form);
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

fn get(simulator: &Simulator, path: &str) -> String {
    let (status, text) = ask(simulator, Method::GET, path, "");
    assert_eq!(status, StatusCode::OK, "{text}");
    text
}

/// The status of a call to the API.
fn api(simulator: &Simulator) -> u16 {
    let call = ncloud_api::vserver::GetMemberServerImageInstanceList::new();
    let request = session(simulator).request(&call, now()).unwrap();
    simulator.handle(request, now()).status().as_u16()
}

#[test]
fn faults_are_queued_recur_and_are_forgotten_and_meet_only_the_api() {
    let simulator = simulator();
    post(&simulator, "/simulator/fault", "fault=respond:503;;busy");
    post(&simulator, "/simulator/fault?fault=throttle&every=3", "");
    get(&simulator, "/simulator/requests");
    let statuses: Vec<u16> = (0..4).map(|_| api(&simulator)).collect();
    assert_eq!(statuses, [503, 200, 429, 200]);
    assert_eq!(ask(&simulator, Method::DELETE, "/simulator/fault", "").0, 200);
    let statuses: Vec<u16> = (0..3).map(|_| api(&simulator)).collect();
    assert_eq!(statuses, [200; 3]);
    // None of them was a request to the gateway.
    assert_eq!(simulator.requests().len(), 7);
}

#[test]
fn a_share_of_the_calls_fails_by_the_seed() {
    let statuses = |seed| {
        let simulator = Simulator::builder().admin_calls(true).fault_seed(seed).build();
        post(&simulator, "/simulator/fault", "fault=respond:503&rate=0.2");
        (0..1000).map(|_| api(&simulator)).collect::<Vec<u16>>()
    };
    let met = statuses(1);
    let count = met.iter().filter(|status| **status == 503).count();
    assert!((135..=265).contains(&count), "{count}");
    assert_eq!(statuses(1), met);
    assert_ne!(statuses(2), met);
}

#[test]
fn a_hanging_gateway_is_told_to_go_on() {
    let simulator = simulator();
    simulator.set_latency(Duration::from_secs(3600));
    simulator.fault_every(1, Fault::Hang);
    let server = simulator.serve().unwrap();
    let mut client = Client::connect(&server);
    client.send_text("DELETE /simulator/fault HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
    simulator.set_latency(Duration::ZERO);
    client.send(&signed(&simulator, &server));
    assert_eq!(client.receive().status, "HTTP/1.1 200 OK");
}

#[test]
fn time_passes_when_it_is_told_to() {
    let simulator = simulator();
    let server = simulator.serve().unwrap();
    let mut client = Client::connect(&server);
    let mut ask = |text: &str| {
        client.send_text(text);
        client.receive().text().to_owned()
    };
    let head = "HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let told = ask(&format!("POST /simulator/clock?offset=-100 {head}"));
    assert!(told.contains("\"offset\": -100"), "{told}");
    let told = ask(&format!("POST /simulator/clock?advance=160 {head}"));
    assert!(told.contains("\"offset\": 60"), "{told}");
    let told = ask(&format!("POST /simulator/clock?offset=0&advance=7 {head}"));
    assert!(told.contains("\"offset\": 7"), "{told}");
    let told = ask(&format!("GET /simulator/clock {head}"));
    assert!(
        told.contains("\"offset\": 7") && told.contains("\"now\": \"2"),
        "{told}"
    );

    // A change that would take an hour is over at once.
    let simulator = Simulator::builder()
        .admin_calls(true)
        .transition_time(Duration::from_secs(3600))
        .build();
    let server = simulator.serve().unwrap();
    let mut client = Client::connect(&server);
    let session = session(&simulator);
    let at = |seconds: u64| SystemTime::now() + Duration::from_secs(seconds);
    client.send(&session.request(&CreateVpc::new("10.0.0.0/16"), at(0)).unwrap());
    assert!(client.receive().text().contains("\"code\": \"INIT\""));
    client.send_text(&format!("POST /simulator/clock?advance=3600 {head}"));
    client.receive();
    let detail = GetVpcDetail::new("2000001");
    client.send(&session.request(&detail, at(3600)).unwrap());
    assert!(client.receive().text().contains("\"code\": \"RUN\""));
}

#[test]
fn the_last_requests_and_the_state_are_told() {
    let simulator = simulator();
    for _ in 0..3 {
        api(&simulator);
    }
    let told = get(&simulator, "/simulator/requests");
    assert_eq!(told.matches("\"requestId\"").count(), 3);
    for member in [
        "\"action\": \"getMemberServerImageInstanceList\"",
        "\"status\": 200",
        "\"returnCode\": \"0\"",
        "\"account\": 1",
        "\"milliseconds\": 0",
    ] {
        assert!(told.contains(member), "{member} {told}");
    }
    let told = get(&simulator, "/simulator/requests?last=1");
    assert_eq!(told.matches("\"requestId\"").count(), 1);
    assert!(told.contains("000000000003\""), "{told}");
    assert_eq!(get(&simulator, "/simulator/snapshot"), simulator.snapshot());
}

#[test]
fn what_is_wrong_is_told_with_what_is_allowed() {
    let simulator = simulator();
    for (method, path, form, status, problem) in [
        (Method::POST, "/simulator/fault", "", 400, "fault is missing"),
        (
            Method::POST,
            "/simulator/fault",
            "fault=slow",
            400,
            "is no fault; allowed: respond",
        ),
        (
            Method::POST,
            "/simulator/fault",
            "fault=close&every=0",
            400,
            "every is wrong; allowed",
        ),
        (
            Method::POST,
            "/simulator/fault",
            "fault=close&rate=1.5",
            400,
            "rate is wrong; allowed: 0 to 1, such as 0.2",
        ),
        (
            Method::POST,
            "/simulator/fault",
            "fault=close&rate=NaN",
            400,
            "rate is wrong",
        ),
        (
            Method::POST,
            "/simulator/fault",
            "fault=close&every=2&rate=0.5",
            400,
            "every or rate, not both",
        ),
        (
            Method::POST,
            "/simulator/fault",
            "fault=%FF",
            400,
            "are not a form",
        ),
        (
            Method::POST,
            "/simulator/clock",
            "",
            400,
            "give offset, advance or both",
        ),
        (
            Method::POST,
            "/simulator/clock",
            "advance=-1",
            400,
            "advance is wrong; allowed: whole seconds from 0",
        ),
        (
            Method::POST,
            "/simulator/clock",
            "offset=3153600001",
            400,
            "to 3153600000",
        ),
        (
            Method::POST,
            "/simulator/clock",
            "offset=5&advance=x",
            400,
            "advance is wrong",
        ),
        (
            Method::GET,
            "/simulator/requests?last=-1",
            "",
            400,
            "last is wrong",
        ),
        (
            Method::PUT,
            "/simulator/fault",
            "",
            404,
            "there is no PUT /simulator/fault; there are POST",
        ),
        (Method::GET, "/simulator/", "", 404, "there is no GET /simulator/"),
    ] {
        let (answered, text) = ask(&simulator, method, path, form);
        assert_eq!(answered.as_u16(), status, "{path} {form}");
        assert!(text.contains(problem), "{text}");
    }
    // Half of what was asked for is nothing.
    assert!(get(&simulator, "/simulator/clock").contains("\"offset\": 0"));
}

#[test]
fn pages_of_other_sites_are_kept_out() {
    let simulator = simulator();
    let status = |path: &str, name: &str, value: &str| {
        let request = Request::post(path)
            .header(name, value)
            .body("fault=hang")
            .unwrap();
        simulator.handle(request, now()).status()
    };
    let path = "/simulator/fault";
    assert_eq!(
        status(path, "origin", "https://example.com"),
        StatusCode::FORBIDDEN
    );
    assert_eq!(status(path, "host", "example.com"), StatusCode::FORBIDDEN);
    let page = Request::get("/")
        .header("host", "example.com:80")
        .body("")
        .unwrap();
    assert_eq!(simulator.handle(page, now()).status(), StatusCode::FORBIDDEN);
    assert_eq!(api(&simulator), 200);
    assert_eq!(status(path, "host", "127.0.0.1:1"), StatusCode::OK);
}

#[test]
fn a_simulator_that_was_not_told_to_has_none_of_it() {
    let simulator = Simulator::new();
    for (method, path) in [
        (Method::GET, "/"),
        (Method::POST, "/simulator/fault"),
        (Method::GET, "/simulator/clock"),
    ] {
        assert_eq!(
            ask(&simulator, method, path, "fault=close").0,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    // Beside the admin calls, everything is as ever.
    let with = self::simulator();
    for (method, path) in [
        (Method::POST, "/"),
        (Method::GET, "/simulator"),
        (Method::GET, "/simulators/clock"),
        (Method::GET, PATH),
    ] {
        assert_eq!(ask(&with, method, path, "").0, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[test]
fn the_page_shows_what_there_is_and_takes_no_text_for_more_than_text() {
    let other = Credentials::new("ncp_ak_TESTOTHER", "ncp_sk_TESTOTHER").unwrap();
    let simulator = Simulator::builder()
        .admin_calls(true)
        .account(Simulator::new().credentials())
        .account(&other)
        .build();
    let page = get(&simulator, "/");
    // The first account has the inventory.
    assert_eq!(page.matches("It has nothing.").count(), 1);
    assert!(page.contains("There was none yet."));

    let session: Session = session(&simulator);
    let create = CreateVpc::new("10.0.0.0/16").vpc_name("<b onload='x'>&\u{202e}");
    assert_eq!(
        simulator
            .handle(session.request(&create, now()).unwrap(), now())
            .status(),
        200
    );
    let hostile = Request::builder()
        .method("A&B'")
        .uri("/a'b&amp;?a=secret")
        .body("")
        .unwrap();
    assert_eq!(simulator.handle(hostile, now()).status(), 401);
    let page = get(&simulator, "/");
    assert!(page.starts_with("<!doctype html>"));
    assert!(
        page.contains("<h3>VPC <span class=\"quiet\">1</span></h3>"),
        "{page}"
    );
    assert!(
        page.contains(
            "<td>2000001</td><td>&lt;b onload=&#39;x&#39;&gt;&amp;\u{fffd}</td><td>KR</td><td>INIT</td>"
        ),
        "{page}"
    );
    assert!(
        page.contains("<td>createVpc</td><td>GET</td>") || page.contains("<td>createVpc</td><td>POST</td>")
    );
    assert!(
        page.contains("<td>/a&#39;b&amp;amp;</td><td>A&amp;B&#39;</td>"),
        "{page}"
    );
    for absent in ["<script", "<b ", "secret", "http", "ncp_sk", "ncp_ak"] {
        assert!(!page.contains(absent), "{absent} {page}");
    }
}

#[test]
fn the_page_stays_short() {
    let simulator = Simulator::builder()
        .admin_calls(true)
        .transition_time(Duration::ZERO)
        .build();
    let session = session(&simulator);
    for _ in 0..201 {
        let request = session.request(&CreateVpc::new("10.0.0.0/16"), now()).unwrap();
        assert_eq!(simulator.handle(request, now()).status(), 200);
    }
    let page = get(&simulator, "/");
    assert!(page.contains("The latest 200 of 201."));
    assert!(!page.contains("<td>2000001</td>"));
    assert_eq!(page.matches("<td>createVpc</td>").count(), 50);
}
