//! Tests of the simulator from outside: its answers, its server and its binary.

// What fails here fails a test, in functions beside the tests, too.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod access_control_groups;
mod accounts;
mod admin;
mod attachments;
mod authentication;
mod bad_traffic;
mod binary;
mod catalog;
mod classic;
mod classic_access;
mod databases;
mod documents;
mod faults;
mod life;
mod listing;
mod load_balancers;
mod login_keys;
mod many_threads;
mod nas_volumes;
mod network_rules;
mod networks;
mod odd_calls;
mod offers;
mod random_calls;
mod references;
mod resets;
mod role;
mod server;
mod server_life;
mod servers;
mod several;
mod small_print;
mod snapshots;
#[cfg(feature = "state")]
mod state;
mod wire;

use std::time::{Duration, SystemTime};

use ncloud_api::vserver::{GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput};
use ncloud_core::{Endpoint, Error, Session};
use ncloud_simulator::Simulator;

/// The path that all tests call.
const PATH: &str = "/vserver/v2/getMemberServerImageInstanceList";

/// A moment long past, to show that nothing looks at a real clock.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747)
}

/// A session with the simulator's own key.
fn session(simulator: &Simulator) -> Session {
    Session::new(
        simulator.credentials(),
        Endpoint::new("http://127.0.0.1:1").unwrap(),
    )
    .unwrap()
}

/// Asks the simulator without a socket.
fn list(
    simulator: &Simulator,
    call: &GetMemberServerImageInstanceList,
) -> Result<GetMemberServerImageInstanceListOutput, Error> {
    let session = session(simulator);
    let response = simulator.handle(session.request(call, now()).unwrap(), now());
    session
        .parse::<GetMemberServerImageInstanceList>(response)
        .map(ncloud_core::Reply::into_value)
}
