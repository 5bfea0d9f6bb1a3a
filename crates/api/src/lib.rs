//! Typed operations of the NAVER Cloud Platform: one module and one Cargo feature per service.
//!
//! An operation is a struct with the parameters, named as NAVER names it; what it gives back is its
//! [`Output`](ncloud_core::Operation::Output). How it is sent is not its business: see `ncloud-core` for doing it yourself,
//! `ncloud-ureq` for blocking and `ncloud-hyper` for async calls.

mod types;

#[cfg(feature = "vserver")]
pub mod vserver;

pub use types::{CommonCode, SortingOrder};
