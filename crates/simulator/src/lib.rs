//! Offline NAVER Cloud gateway for tests: the other half of the protocol, without an account, quota or network.
//!
//! A [`Simulator`] verifies signatures over the request target as received, reads query and form, carries actions out on an
//! inventory and answers in XML or JSON as the platform does. [`Simulator::handle`] is a pure function from request to
//! response; [`Simulator::serve`] puts it on a loopback port, for blocking and async clients in any language. What a test needs
//! to provoke comes by [`Simulator::push_fault`] and [`Simulator::fault_every`], what it needs to know by [`Simulator::requests`] and
//! [`Simulator::changes`].
//!
//! Every action of the [catalog](ncloud_api::catalog) is known by name, and has its parameters compared with its description. Behind
//! it are servers with their images, storage, interfaces, addresses, keys and groups; VPCs with what is in them; load balancers; NAS
//! volumes; databases; and the servers of Classic. An action that works on nothing of these has an empty answer. What is made,
//! changed or deleted takes its time, 3 seconds by default, by the clock of the calls; nothing runs in the background.
//!
//! ```
//! use std::time::SystemTime;
//! use ncloud_api::vserver::GetMemberServerImageInstanceList;
//! use ncloud_core::{Endpoint, Session};
//! use ncloud_simulator::Simulator;
//!
//! let simulator = Simulator::new();
//! // No request leaves the process here, so any address will do.
//! let session = Session::new(simulator.credentials(), Endpoint::new("http://127.0.0.1:1")?)?;
//!
//! let now = SystemTime::now();
//! let list = GetMemberServerImageInstanceList::new().page_no(3).page_size(10);
//! let response = simulator.handle(session.request(&list, now)?, now);
//! let reply = session.parse::<GetMemberServerImageInstanceList>(response)?;
//! assert_eq!(reply.value.total_rows, Some(25));
//! assert_eq!(reply.value.member_server_image_instance_list.len(), 5);
//! # Ok::<(), ncloud_core::Error>(())
//! ```
//!
//! With a [server role](SimulatorBuilder::server_role), it is the metadata service of a server as well, and lets the role's keys in.
//!
//! [Accounts](SimulatorBuilder::account) see nothing of each other. What they have can be [written down](Simulator::snapshot) as JSON
//! and [started from](SimulatorBuilder::snapshot_json), or be kept in a file that survives the process (`build_with_state`, with the
//! feature `state`, which is on by default). For tests in other languages there are
//! [admin calls](SimulatorBuilder::admin_calls) and a page for a browser.
//!
//! With the feature `conformance`, there is a suite that an HTTP stack can be held against.
//!
//! # The inventory
//!
//! A JSON document with the platform's own member names:
//!
//! ```json
//! {
//!   "regionList": [{"regionCode": "KR", "regionName": "Korea"}],
//!   "serverInstanceList": [
//!     {
//!       "serverInstanceNo": "900101",
//!       "serverName": "web-server",
//!       "serverImageProductCode": "SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050",
//!       "platformTypeCode": "UBS64",
//!       "blockStorageTotalRows": 1,
//!       "blockStorageTotalSize": 53687091200,
//!       "regionCode": "KR"
//!     }
//!   ],
//!   "memberServerImageInstanceList": [
//!     {
//!       "memberServerImageInstanceNo": "1",
//!       "memberServerImageName": "web-image",
//!       "memberServerImageInstanceStatus": {"code": "CREAT", "codeName": "NSI CREATED state"},
//!       "createDate": "2025-06-26T11:09:07+0900",
//!       "platformTypeCode": "LNX64",
//!       "regionCode": "KR"
//!     }
//!   ]
//! }
//! ```
//!
//! Servers run unless they say otherwise, and images can be made of them; only their number is required. An image has
//! the members that the answer shows, and two that can be asked for but are not shown: `platformTypeCode` and
//! `regionCode` (default: the first region). Number and name are required. Without `regionList`, the regions are those of the
//! public platform: `KR`, `SGN` and `JPN`. The built-in inventory (25 servers and an image of each, all in `KR`) is
//! data of ours, made up for tests.
//!
//! # Where the platform's behaviour is not published
//!
//! * The gateway checks key and signature before the path, and the path before the parameters. A refusal is in the format that
//!   `responseFormatType` asks for in the query or in the first 8 KiB of the body.
//! * Keys without permission are told so before the path is looked at.
//! * A time of signing is plain digits; with a sign it is wrong.
//! * A method other than GET and POST is answered like an unknown path: 404 with gateway code 300, because the gateway's list of
//!   codes has none for it.
//! * A body that is no form is a malformed request: 400 with gateway code 100. So is one of more than 10,000 parameters.
//! * The items of a list are numbered from 1, in plain digits without a leading zero. A name with a part such as `.0`, `.01` or
//!   `.+1` is a service error with return code 1100, whether or not an action knows it.
//! * A parameter that is missing or not allowed is a service error with return code 1100, which is ours; a region that does not
//!   exist has code 800, known from NAVER's Terraform provider.
//! * A name that another image in the region has is refused with return code 1101, and deleting an image that is still being made
//!   with 1102; both are ours. A server or an image that is not there is refused with code 800. If one of several images cannot be
//!   deleted, none is; deleting one that is being deleted changes nothing.
//! * While it is made, an image has status `INIT` and operation `CREAT`; while it is deleted, the status that it had and operation
//!   `TERMT`. After that the detail call has an empty list.
//! * Errors in XML are `<error>` and `<responseError>` with the members of their JSON twins.
//! * What is no HTTP, or has a head that is too long, gets 400, 414 or 431 from the HTTP library: with an empty body, neither
//!   recorded nor counted for a fault but one that strikes before reading. A body that is not there within 30 seconds ends the connection without an answer, too.
//! * Every other answer carries its request id in the header `x-ncp-trace-id`; on success it stands in the body, too.

mod account;
mod action;
mod admin;
mod authentication;
mod builder;
mod changes;
mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod document;
mod fault;
mod fault_plan;
mod fault_text;
mod http_date;
mod inventory;
mod keeping;
mod metadata;
mod outcome;
mod overview;
mod parameters;
mod record;
mod server;
mod simulator;
mod snapshot;
#[cfg(feature = "state")]
mod store;
mod world;

pub use builder::SimulatorBuilder;
pub use changes::Change;
pub use fault::{Fault, RetryAfter, Stage};
pub use ncloud_core::codec::json::Layout;
pub use record::RequestRecord;
pub use server::Server;
pub use simulator::Simulator;
