//! Calls with retries over reqwest: a closure around it, and what it has to keep to.
//!
//! Run it with `cargo run --example carry_with_reqwest`. For the real gateway, reqwest needs one of its features for TLS.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use ncloud_api::vserver::{CreateMemberServerImageInstance, GetMemberServerImageInstanceList};
use ncloud_core::{Endpoint, Error, Limits, Operation, Reply, Sent, Session, drive_async};
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

#[tokio::main(flavor = "current_thread")]
async fn run() -> Result<(), Box<dyn StdError>> {
    let limits = Limits::default();
    let client = client(limits)?;
    let simulator = Simulator::new();
    let server = simulator.serve()?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;

    println!("A read outlasts trouble that passes:");
    simulator.push_fault(Fault::Close);
    simulator.push_fault(Fault::respond(StatusCode::SERVICE_UNAVAILABLE, ""));
    simulator.push_fault(Fault::Truncate(1000));
    let list = GetMemberServerImageInstanceList::new();
    let images = send(&client, limits, &session, &list).await?;
    println!("  {} images\n", images.value.total_rows.unwrap_or_default());

    println!("A change that may have been made is not sent again:");
    simulator.push_fault(Fault::Close);
    let create = CreateMemberServerImageInstance::new("900101").member_server_image_name("my-image");
    match send(&client, limits, &session, &create).await {
        Ok(_) => println!("  made"),
        Err(error) => println!("  {error}"),
    }

    println!("\nWhere nobody listens, nothing was sent, and every call is tried again:");
    drop(server);
    match send(&client, limits, &session, &create).await {
        Ok(_) => println!("  made"),
        Err(error) => println!("  {error}"),
    }
    Ok(())
}

/// A client that does nothing by itself: the URI is signed, so that another one must not be gone to, and a request is signed for
/// the moment, so that it must not be sent again.
pub(crate) fn client(limits: Limits) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(limits.connect_timeout())
        .timeout(limits.attempt_timeout())
        .build()
}

/// Carries an operation out, with as many attempts as it takes.
async fn send<O: Operation>(
    client: &reqwest::Client,
    limits: Limits,
    session: &Session,
    operation: &O,
) -> Result<Reply<O::Output>, Error> {
    let attempt = |request| async {
        let result = carry(client, limits, request).await;
        match &result {
            Ok(response) => println!("  answered: HTTP {}", response.status()),
            Err(error) => println!("  failed:   {error}"),
        }
        result
    };
    let sleep = |time: Duration| {
        println!("  waits for {} ms", time.as_millis());
        tokio::time::sleep(time)
    };
    drive_async(session.call(operation), SystemTime::now, attempt, sleep).await
}

/// Carries one request, once.
pub(crate) async fn carry(
    client: &reqwest::Client,
    limits: Limits,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, Error> {
    let signed = request.uri().to_string();
    let request = reqwest::Request::try_from(request).map_err(|error| failure(error, "not sent"))?;
    // An address is read into a type that writes some characters its own way. What our operations send comes through unchanged.
    if request.url().as_str() != signed {
        return Err(Error::build(
            "uri",
            "has characters that reqwest would change after signing",
        ));
    }
    let mut answer = client
        .execute(request)
        .await
        .map_err(|error| failure(error, "no answer"))?;

    let limit = limits.body_limit();
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| failure(error, "the answer broke off"))?
    {
        body.extend_from_slice(&chunk);
        if u64::try_from(body.len()).is_ok_and(|length| length > limit) {
            let (status, headers) = (answer.status(), answer.headers().clone());
            return Err(Error::body_too_large(status, headers, limit));
        }
    }
    let mut response = Response::new(body.into());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

/// What went wrong, and whether the gateway may have seen the request: not if there was no connection to send it on.
fn failure(error: reqwest::Error, problem: &str) -> Error {
    let sent = if error.is_connect() || error.is_builder() {
        Sent::No
    } else {
        Sent::Maybe
    };
    // The error itself only names the address; the last of what lies beneath it says what happened.
    let mut cause: &dyn StdError = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    Error::transport(sent, format!("{problem}: {cause}")).with_source(error)
}
