//! Ten operations of six kinds, as a program has them that looks after one server: what `build-cost` builds.
//!
//! Run it with `cargo run -p ncloud-api --features vpc --example ten_operations`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example shows what it does, at the time that it is"
)]

use std::time::SystemTime;

use ncloud_api::vpc::{CreateSubnet, CreateVpc, GetSubnetDetail, GetVpcDetail};
use ncloud_api::vserver::{
    CreateServerInstances, GetServerInstanceDetail, GetServerInstanceList, NetworkInterfaceParameter,
    StartServerInstances, StopServerInstances, TerminateServerInstances,
};
use ncloud_core::{Credentials, Error, Operation, Session, Site};

fn main() -> Result<(), Error> {
    let credentials = Credentials::new(
        "ncp_ak_TESTACCESSKEY0001",
        "ncp_sk_TESTSECRETKEY0000000000000000000001",
    )?;
    let session = Session::new(&credentials, Site::Public)?;
    call(&session, &CreateVpc::new("10.0.0.0/16"))?;
    call(&session, &GetVpcDetail::new("1001"))?;
    call(
        &session,
        &CreateSubnet::new("PUBLIC", "3001", "10.0.1.0/24", "1001", "KR-1"),
    )?;
    call(&session, &GetSubnetDetail::new("2001"))?;
    let interface = NetworkInterfaceParameter::new(0).access_control_group_no_list(["4001"]);
    call(&session, &CreateServerInstances::new("1001", "2001", [interface]))?;
    call(&session, &GetServerInstanceDetail::new("5001"))?;
    call(&session, &GetServerInstanceList::new().server_name("web"))?;
    call(&session, &StopServerInstances::new(["5001"]))?;
    call(&session, &StartServerInstances::new(["5001"]))?;
    call(&session, &TerminateServerInstances::new(["5001"]))
}

/// Builds a request, and reads an answer without members.
fn call<O: Operation>(session: &Session, operation: &O) -> Result<(), Error> {
    let request = session.request(operation, SystemTime::now())?;
    let answer = format!(r#"{{"{}Response": {{"returnCode": "0"}}}}"#, O::INFO.name);
    let reply = session.parse::<O>(http::Response::new(answer))?;
    println!(
        "{} {}: {:?}",
        request.method(),
        request.uri().path(),
        reply.head.return_code()
    );
    Ok(())
}
