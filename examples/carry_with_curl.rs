//! Calls with retries over libcurl: a closure around it, and what it has to keep to.
//!
//! Run it with `cargo run --example carry_with_curl`. For the real gateway, the crate `curl` needs its feature `ssl`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use curl::easy::{Easy, HttpVersion, List};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use ncloud_api::vserver::{CreateMemberServerImageInstance, GetMemberServerImageInstanceList};
use ncloud_core::{Endpoint, Error, Limits, Operation, Reply, Sent, Session, drive};
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
    let limits = Limits::default();
    let simulator = Simulator::new();
    let server = simulator.serve()?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;

    println!("A read outlasts trouble that passes:");
    simulator.push_fault(Fault::Close);
    simulator.push_fault(Fault::respond(StatusCode::SERVICE_UNAVAILABLE, ""));
    simulator.push_fault(Fault::Truncate(1000));
    let images = send(limits, &session, &GetMemberServerImageInstanceList::new())?;
    println!("  {} images\n", images.value.total_rows.unwrap_or_default());

    println!("A change that may have been made is not sent again:");
    simulator.push_fault(Fault::Close);
    let create = CreateMemberServerImageInstance::new("900101").member_server_image_name("my-image");
    match send(limits, &session, &create) {
        Ok(_) => println!("  made"),
        Err(error) => println!("  {error}"),
    }

    println!("\nWhere nobody listens, nothing was sent, and every call is tried again:");
    drop(server);
    match send(limits, &session, &create) {
        Ok(_) => println!("  made"),
        Err(error) => println!("  {error}"),
    }
    Ok(())
}

/// Carries an operation out, with as many attempts as it takes.
fn send<O: Operation>(limits: Limits, session: &Session, operation: &O) -> Result<Reply<O::Output>, Error> {
    let attempt = |request| {
        let result = carry(limits, &request);
        match &result {
            Ok(response) => println!("  answered: HTTP {}", response.status()),
            Err(error) => println!("  failed:   {error}"),
        }
        result
    };
    let sleep = |time: Duration| {
        println!("  waits for {} ms", time.as_millis());
        std::thread::sleep(time);
    };
    drive(session.call(operation), SystemTime::now, attempt, sleep)
}

/// What has come of an answer.
#[derive(Default)]
struct Answer {
    headers: HeaderMap,
    body: Vec<u8>,
    is_too_large: bool,
}

/// Carries one request, once.
pub(crate) fn carry(limits: Limits, request: &Request<Bytes>) -> Result<Response<Bytes>, Error> {
    let mut easy = Easy::new();
    let unusable =
        |error: curl::Error| Error::build("request", "is none that this libcurl can send").with_source(error);
    prepare(&mut easy, limits, request).map_err(unusable)?;
    easy.http_headers(headers(request)?).map_err(unusable)?;
    let mut answer = Answer::default();
    let result = perform(&mut easy, &mut answer, limits.body_limit());
    let status = easy
        .response_code()
        .ok()
        .and_then(|code| u16::try_from(code).ok());
    let status = status.and_then(|code| StatusCode::from_u16(code).ok());
    match (result, status) {
        (Ok(()), Some(status)) => {
            let mut response = Response::new(answer.body.into());
            *response.status_mut() = status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        }
        (_, Some(status)) if answer.is_too_large => {
            Err(Error::body_too_large(status, answer.headers, limits.body_limit()))
        }
        (Ok(()), None) => Err(Error::transport(Sent::Maybe, "the answer has no status")),
        (Err(error), _) => Err(failure(&easy, error)),
    }
}

fn prepare(easy: &mut Easy, limits: Limits, request: &Request<Bytes>) -> Result<(), curl::Error> {
    easy.url(&request.uri().to_string())?;
    // What is signed is what has to be sent.
    easy.path_as_is(true)?;
    easy.follow_location(false)?;
    easy.proxy("")?;
    easy.http_version(HttpVersion::V11)?;
    easy.connect_timeout(limits.connect_timeout())?;
    easy.timeout(limits.attempt_timeout())?;
    // On a connection that was used before, libcurl sends a request again if no answer comes, whatever it may have done.
    easy.fresh_connect(true)?;

    if request.method() == Method::GET {
        return easy.get(true);
    }
    easy.post_fields_copy(request.body())?;
    easy.custom_request(request.method().as_str())
}

fn headers(request: &Request<Bytes>) -> Result<List, Error> {
    let unusable = |name: &str| Error::build(name.to_owned(), "is a header that libcurl cannot send");
    let mut list = List::new();
    for (name, value) in request.headers() {
        let text = value.to_str().map_err(|_| unusable(name.as_str()))?;
        // A colon with nothing behind it would mean "leave it out".
        let line = if text.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {text}")
        };
        list.append(&line).map_err(|_| unusable(name.as_str()))?;
    }
    // Which is meant for what libcurl adds by itself.
    for line in ["accept:", "expect:"] {
        list.append(line).map_err(|_| unusable(line))?;
    }
    Ok(list)
}

/// Sends, and keeps what comes.
fn perform(easy: &mut Easy, answer: &mut Answer, limit: u64) -> Result<(), curl::Error> {
    let Answer {
        headers,
        body,
        is_too_large,
    } = answer;
    let mut transfer = easy.transfer();
    transfer.header_function(|line| {
        if line.starts_with(b"HTTP/") {
            // The head of another answer, after one that was only provisional.
            headers.clear();
        } else if let Some((name, value)) = header(line) {
            headers.append(name, value);
        }
        true
    })?;
    transfer.write_function(|data| {
        body.extend_from_slice(data);
        *is_too_large = u64::try_from(body.len()).is_ok_and(|length| length > limit);
        // Less than there was ends the transfer.
        Ok(if *is_too_large { 0 } else { data.len() })
    })?;
    transfer.perform()
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let value = value.trim_ascii().strip_prefix(b":")?.trim_ascii();
    Some((
        HeaderName::from_bytes(name).ok()?,
        HeaderValue::from_bytes(value).ok()?,
    ))
}

/// What went wrong, and whether the gateway may have seen the request: not if there was no connection to send it on.
fn failure(easy: &Easy, error: curl::Error) -> Error {
    if error.is_unsupported_protocol() || error.is_url_malformed() {
        return Error::build("uri", "is none that this libcurl can go to").with_source(error);
    }
    let was_connected = easy.connect_time().is_ok_and(|time| !time.is_zero());
    let is_before_sending = error.is_couldnt_resolve_host()
        || error.is_couldnt_connect()
        || error.is_ssl_connect_error()
        || error.is_peer_failed_verification()
        || (error.is_operation_timedout() && !was_connected);
    let sent = if is_before_sending { Sent::No } else { Sent::Maybe };
    let problem = error
        .extra_description()
        .unwrap_or(error.description())
        .to_owned();
    Error::transport(sent, problem).with_source(error)
}
