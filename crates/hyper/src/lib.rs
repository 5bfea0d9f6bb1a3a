//! Async client for the NAVER Cloud Platform: `ncloud-core` builds and reads, [hyper](https://docs.rs/hyper) carries, on
//! [tokio](https://docs.rs/tokio).
//!
//! Dropping a call's future ends the call. `ncloud-ureq` is the blocking twin, with the same names.
//!
//! ```
//! use ncloud_api::vserver::GetMemberServerImageInstanceList;
//! use ncloud_core::{Endpoint, Session};
//! use ncloud_hyper::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // An offline gateway; in earnest, `Client::from_env()?` takes keys and address from the environment.
//! let simulator = ncloud_simulator::Simulator::new();
//! let server = simulator.serve()?;
//! let session = Session::new(simulator.credentials(), Endpoint::new(server.url())?)?;
//!
//! let reply = Client::new(session).send(&GetMemberServerImageInstanceList::new()).await?;
//! println!("{} images", reply.value.member_server_image_instance_list.len());
//! # Ok(())
//! # }
//! ```
//!
//! What it does, and what it leaves to others:
//!
//! * It needs a tokio runtime, of either kind, with I/O and time enabled, as `#[tokio::main]` makes it.
//! * HTTP/1.1 with keep-alive, or HTTP/2 where the gateway offers it; HTTPS by rustls with ring, and Mozilla's roots bundled
//!   unless [others are given](ClientBuilder::root_certificates_pem).
//! * Connections are kept for later calls, at most 32 idle ones an address, and for 15 seconds. What has come over an idle
//!   one by the time it is used again, its end or an answer that nobody asked for, is seen and not taken for the next answer.
//! * One client serves any number of runtimes. Each has connections of its own, so that none stands still or fails because
//!   another rests or ends.
//! * [Time limits](ClientBuilder) on connecting, on an attempt and on a call, and a limit on the size of an answer.
//! * Redirects are never followed: a signature holds for one address only. Proxies and cookies are not used, and nothing
//!   is added to a request but what HTTP needs.
//! * Retries, paging and waiting are core's machines, the same for every client: see [`ncloud_core::Call`],
//!   [`ncloud_core::Pages`] and [`ncloud_core::Wait`]. A [transport error](ncloud_core::ErrorKind::Transport) says whether the
//!   request may have been [sent](ncloud_core::Sent).

mod builder;
mod client;
mod connect;
mod connection;
mod link;
mod outgoing;
mod pages;
mod peer;
mod pool;
mod tls;
mod transport;

pub use builder::ClientBuilder;
pub use client::Client;
pub use pages::{Items, Pages};
