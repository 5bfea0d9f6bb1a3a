//! Tests across the crates, in one binary so that they are linked once.
//!
//! Golden files lie below `golden/`; `UPDATE=1 cargo test -p ncloud-tests` rewrites those that a test makes itself, after
//! which the difference is to be read like any other change.

// Tests fail by panicking, and say on standard error when they could not run.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]
// Output structs are `#[non_exhaustive]`: outside of their crate they can only be made and then filled in.
#![allow(clippy::field_reassign_with_default)]

mod adapters;
mod bad_input;
mod bare_stack;
mod call_scripts;
mod cancelling;
mod certificates;
mod clients;
mod conformance;
mod connections;
mod date_times;
mod error_answers;
mod golden_requests;
mod golden_responses;
mod golden_signatures;
mod hostile_answers;
mod http2;
mod listeners;
mod lists;
mod never_panics;
mod openssl;
mod other_samples;
mod paging;
mod paging_scripts;
mod raw_calls;
mod role_scripts;
mod roles;
mod round_trips;
mod secrets;
mod server_life;
mod shapes;
mod steps;
mod storm;
mod strangers;
mod support;
mod tls;
mod typed_samples;
mod wait_scripts;
