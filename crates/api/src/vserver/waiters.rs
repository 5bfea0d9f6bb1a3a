//! Waiters for the resources of Server (VPC).

use std::time::Duration;

use ncloud_core::{Polling, State, Waiter};

use super::get_member_server_image_instance_detail::{
    GetMemberServerImageInstanceDetail, GetMemberServerImageInstanceDetailOutput,
};
use super::types::{MemberServerImageInstance, MemberServerImageInstanceStatusCode};

/// How long making an image may take.
const CREATION: Duration = Duration::from_secs(60 * 60);

/// Waits until a member server image is made: from `INIT` to `CREAT`.
///
/// `CREFL` is a failure, and so is an image that is not there (any more). Looks with
/// `getMemberServerImageInstanceDetail`, for at most an hour.
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::MemberServerImageCreated;
/// use ncloud_core::{Credentials, Session, Site, drive};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let created = MemberServerImageCreated::new("1000001");
///
/// // Whatever carries the requests meets an image that is being made at first.
/// let mut codes = ["INIT", "CREAT"].into_iter();
/// let my_http = |_request| Ok(http::Response::new(bytes::Bytes::from(format!(
///     r#"{{"getMemberServerImageInstanceDetailResponse": {{"returnCode": "0", "totalRows": 1,
///         "memberServerImageInstanceList": [{{"memberServerImageInstanceStatus": {{"code": "{}"}}}}]}}}}"#,
///     codes.next().unwrap(),
/// ))));
///
/// // A clock that stands still but for the sleeping; in earnest, `SystemTime::now` and `std::thread::sleep`.
/// let now = std::cell::Cell::new(SystemTime::now());
/// let sleep = |time| now.set(now.get() + time);
/// let reply = drive(session.wait(&created), || now.get(), my_http, sleep)?;
/// assert!(reply.value.member_server_image_instance_list[0].member_server_image_instance_status.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MemberServerImageCreated(GetMemberServerImageInstanceDetail);

impl MemberServerImageCreated {
    /// For the image with this number, which the answer to `createMemberServerImageInstance` tells.
    #[must_use]
    pub fn new(member_server_image_instance_no: impl Into<String>) -> Self {
        Self(GetMemberServerImageInstanceDetail::new(
            member_server_image_instance_no,
        ))
    }

    /// `regionCode`: region to look in. Default: the session's.
    #[must_use]
    pub fn region_code(mut self, region_code: impl Into<String>) -> Self {
        self.0 = self.0.region_code(region_code);
        self
    }
}

impl Waiter for MemberServerImageCreated {
    type Operation = GetMemberServerImageInstanceDetail;

    fn operation(&self) -> &GetMemberServerImageInstanceDetail {
        &self.0
    }

    fn judge(&self, output: &GetMemberServerImageInstanceDetailOutput) -> State {
        let Some(image) = output.member_server_image_instance_list.first() else {
            return State::Gone;
        };
        match status(image) {
            Some(MemberServerImageInstanceStatusCode::Creat) => State::Done,
            Some(MemberServerImageInstanceStatusCode::Crefl) => State::Failed,
            _ => State::Still,
        }
    }

    fn polling(&self) -> Polling {
        Polling::default().with_deadline(CREATION).unwrap_or_default()
    }
}

/// Waits until a member server image is gone.
///
/// Looks with `getMemberServerImageInstanceDetail`, for at most 5 minutes.
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::MemberServerImageDeleted;
/// use ncloud_core::{Credentials, Session, Site, drive};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let deleted = MemberServerImageDeleted::new("1000001");
/// let my_http = |_request| Ok(http::Response::new(bytes::Bytes::from_static(
///     br#"{"getMemberServerImageInstanceDetailResponse": {"returnCode": "0", "totalRows": 0}}"#,
/// )));
/// assert!(drive(session.wait(&deleted), SystemTime::now, my_http, std::thread::sleep).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MemberServerImageDeleted(GetMemberServerImageInstanceDetail);

impl MemberServerImageDeleted {
    /// For the image with this number.
    #[must_use]
    pub fn new(member_server_image_instance_no: impl Into<String>) -> Self {
        Self(GetMemberServerImageInstanceDetail::new(
            member_server_image_instance_no,
        ))
    }

    /// `regionCode`: region to look in. Default: the session's.
    #[must_use]
    pub fn region_code(mut self, region_code: impl Into<String>) -> Self {
        self.0 = self.0.region_code(region_code);
        self
    }
}

impl Waiter for MemberServerImageDeleted {
    type Operation = GetMemberServerImageInstanceDetail;

    fn operation(&self) -> &GetMemberServerImageInstanceDetail {
        &self.0
    }

    fn judge(&self, output: &GetMemberServerImageInstanceDetailOutput) -> State {
        if output.member_server_image_instance_list.is_empty() {
            State::Gone
        } else {
            State::Still
        }
    }

    fn awaits_gone(&self) -> bool {
        true
    }
}

fn status(image: &MemberServerImageInstance) -> Option<MemberServerImageInstanceStatusCode> {
    let code = image
        .member_server_image_instance_status
        .as_ref()?
        .code
        .as_deref()?;
    Some(code.into())
}
