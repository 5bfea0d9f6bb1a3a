//! Sans-IO engine of the NAVER Cloud Platform SDK: it turns operations into signed [`http::Request`]s and
//! [`http::Response`]s into typed results, and touches no socket, file, environment variable or clock.
//!
//! Two pure functions are all that an embedder needs: [`Session::request`] and [`Session::parse`]. Typed operations come
//! from the crate `ncloud-api`; [`Raw`] sends anything else. The adapters `ncloud-ureq` and `ncloud-hyper` carry the bytes.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use ncloud_core::{Credentials, Raw, Session, Site};
//!
//! let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
//! let session = Session::new(&credentials, Site::Public)?;
//! let call = Raw::new(http::Method::POST, "/vserver/v2/getRegionList").form("responseFormatType", "json");
//!
//! let request = session.raw(&call, SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747))?;
//! assert_eq!(request.uri(), "https://ncloud.apigw.ntruss.com/vserver/v2/getRegionList");
//! // … carry it there by whatever means, and bring back:
//! let response = http::Response::new(bytes::Bytes::from_static(br#"{"error":{"errorCode":"210","message":"No"}}"#));
//! let error = session.parse_raw(response).unwrap_err();
//! assert!(error.is_permission_denied());
//! # Ok::<(), ncloud_core::Error>(())
//! ```

mod attempts;
mod call;
mod classify;
mod code;
pub mod codec;
pub mod constraint;
mod credentials;
mod date_time;
mod endpoint;
mod error;
mod fingerprint;
mod http_date;
mod keys;
mod limits;
pub mod machine;
mod operation;
mod pages;
mod raw;
mod reply;
mod request;
mod retry;
mod role;
mod secret;
#[cfg(feature = "serde")]
pub mod serialize;
mod session;
pub mod shape;
mod sign;
mod wait;

pub use call::{Call, RawCall};
pub use code::UnknownCode;
pub use credentials::{AccessKey, Credentials, SecretKey};
pub use date_time::DateTime;
pub use endpoint::{Endpoint, Site};
pub use error::{BODY_COPY_LIMIT, Error, ErrorKind, Sent};
pub use limits::{Limits, Span};
pub use machine::{Event, Machine, Step, drive, drive_async};
pub use operation::{Info, Operation, Paging, Safety, Service, Verb};
pub use pages::{Cursor, Paged, Pages};
pub use raw::Raw;
pub use reply::{Head, Reply};
pub use retry::Retry;
pub use role::{Renewal, ServerRole};
pub use secret::{Secret, UserData};
pub use session::{Format, Session};
pub use shape::ReadError;
pub use sign::{
    ACCESS_KEY_HEADER, CLOCK_TOLERANCE, SIGNATURE_HEADER, SIGNATURE_V1_HEADER, Signature, Signer,
    TIMESTAMP_HEADER, Timestamp, string_to_sign,
};
pub use wait::{Polling, State, Until, Wait, WaitError, Waited, Waiter};

/// For the return codes that the services' crate gives names to.
#[doc(hidden)]
pub use classify::says_later as __says_later;

pub use bytes;
pub use http;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use serde as __serde;

/// Without the feature `serde` the declarations of shapes and codes add nothing.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_for_shape {
    ($type:ident) => {};
}

/// See above.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_for_code {
    ($type:ident) => {};
}
