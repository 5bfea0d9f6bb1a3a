//! Offline NAVER Cloud gateway for tests: the other half of the protocol, without an account, quota or network.
//!
//! A [`Simulator`] verifies signatures over the request target as received, reads query and form, carries actions out on an
//! inventory and answers in XML or JSON as the platform does. [`Simulator::handle`] is a pure function from request to
//! response; [`Simulator::serve`] puts it on a loopback port, for blocking and async clients in any language. What a test needs
//! to provoke comes by [`Simulator::push_fault`], [`Simulator::fault_every`] and [`Simulator::fault_at_rate`], what it needs to know by
//! [`Simulator::requests`] and [`Simulator::changes`].
//!
//! Every action of the 16 form services is known, and has its parameters checked. Behind those of these services there are resources
//! that live from creation to deletion; every other action answers with nothing in it:
//!
//! * `vpc`: VPCs with what they bring along, subnets, network ACLs with rules and deny-allow groups, route tables with routes, NAT
//!   gateways, peerings.
//! * `vserver`: servers, network interfaces, block storage, snapshots, public IPs, member server images, server images, access
//!   control groups with rules, login keys, init scripts, placement groups; what is on offer (regions, zones, images, products,
//!   specifications) from a catalog of ours.
//! * `vloadbalancer`: load balancers with listeners, rules, target groups and targets. `vnas`: NAS volumes with access rules and
//!   snapshots.
//! * `vmysql`, `vpostgresql`, `vmssql`, `vmongodb`, `vredis`, `vhadoop`: instances with their servers, made, shown and deleted.
//! * `server` (Classic): servers, member server images, block storage, public IPs, login keys.
//!
//! What changes takes its time, 3 seconds by default, by the clock of the calls; nothing runs in the background.
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
//! Servers run unless they say otherwise, and have the members that `getServerInstanceList` shows, and three that only their images do: `platformTypeCode`,
//! `blockStorageTotalRows` and `blockStorageTotalSize`. Only their number is required; numbers are up to 15 digits. An image has
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
//! * What is made needs what it names: a number that is not there, or is about to go, is refused with 800; what something else depends
//!   on is refused with 1103, and more than there may be with 1104. While something is being done to a resource, other changes
//!   get the service's own code for it where it is known (such as 1007009), else 3000.
//! * What is named together with a VPC has to be in it: subnets, network ACLs, access control groups, servers that are targets, NAT
//!   gateways and peerings that routes lead to (the last two: 800, the others: 1102). Blocks of addresses are private ones from /16
//!   to /28, as documented (1100); those of a VPC's subnets lie within the VPC's (1100) and do not overlap (1101), and VPCs that
//!   overlap cannot be peered (1102).
//! * Numbers may have spaces around them, a plus sign or an empty fraction, and flags may be `Y` or `1`, as this crate's own clients
//!   read them; a size or a count below what there can be is refused with 1100. Whatever is named twice is meant once.
//! * Rules, routes and addresses are shown as soon as they are given, and in force when the status is `RUN` again. What has no status
//!   and no operation (target groups, listeners, login keys) is there at once.
//! * Private keys, fingerprints and passwords are made up and open nothing; the same calls on a new simulator give the same ones.
//! * The default access control group lets TCP 22 and 3389 in and everything out; a peering that is rejected is deleted; a load
//!   balancer's subnets have to be of usage type `LOADB`, one per zone; Classic regions and zones are numbered in their order.
//! * While something is being done to a server of Classic, other changes get 23006, and 25013 for whatever else there is in Classic.
//!   NAVER's Terraform provider has names for both codes ("server object in operation", "object in operation"); which calls the
//!   platform answers with them is a guess.
//! * In Classic, a zone has one public IP for port forwarding, known by the zone's number; a server has one rule at most, to port 22,
//!   or 3389 on Windows. There is one access control group, the default one, which no action changes.
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
mod draw;
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
