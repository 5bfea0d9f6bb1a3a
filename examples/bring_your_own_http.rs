//! An HTTP stack that is neither ureq nor hyper: two pure functions around a call of your own.
//!
//! `attohttpc` stands for whatever you use; the rules that it has to keep are spelt out at `carry`. Run it with
//! `cargo run --example bring_your_own_http`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows what it does"
)]

use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_api::vserver::{GetMemberServerImageInstanceList, MemberServerImageInstanceStatusCode};
use ncloud_core::{Endpoint, Session};
use ncloud_simulator::Simulator;

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
    // A gateway to talk to; with keys of your own it would be `Endpoint::from(Site::Public)`.
    let simulator = Simulator::new();
    let server = simulator.serve()?;
    let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;

    let list = GetMemberServerImageInstanceList::new()
        .member_server_image_instance_status_code(MemberServerImageInstanceStatusCode::Creat)
        .page_no(1)
        .page_size(10);

    let request = session.request(&list, SystemTime::now())?;
    let response = carry(request)?;
    let reply = session.parse::<GetMemberServerImageInstanceList>(response)?;

    println!("request id {}", reply.request_id().unwrap_or("unknown"));
    for image in &reply.value.member_server_image_instance_list {
        println!(
            "{:>10}  {}",
            image.member_server_image_instance_no.as_deref().unwrap_or("-"),
            image.member_server_image_name.as_deref().unwrap_or("-"),
        );
    }
    Ok(())
}

/// Carries one request. Any stack will do that sends the URI as it is, since the signature covers its path and query byte
/// by byte, that passes on all headers, follows no redirect, goes through no proxy that you did not choose, gives up at some
/// time and reads no body without end.
fn carry(request: Request<Bytes>) -> Result<Response<Bytes>, Box<dyn StdError>> {
    let (parts, body) = request.into_parts();
    let mut call = attohttpc::RequestBuilder::try_new(parts.method, parts.uri.to_string())?
        .follow_redirects(false)
        .proxy_settings(attohttpc::ProxySettings::builder().build())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30));
    for (name, value) in &parts.headers {
        call = call.try_header(name, value)?;
    }
    let (status, headers, reader) = call.bytes(body).send()?.split();

    let mut response = Response::new(read(reader)?);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// Reads a body up to a limit.
fn read(reader: attohttpc::ResponseReader) -> Result<Bytes, Box<dyn StdError>> {
    use std::io::Read as _;

    const LIMIT: u64 = 32 * 1024 * 1024;
    let mut body = Vec::new();
    let length = reader.take(LIMIT + 1).read_to_end(&mut body)?;
    if u64::try_from(length)? > LIMIT {
        return Err("the body is larger than 32 MiB".into());
    }
    Ok(body.into())
}
