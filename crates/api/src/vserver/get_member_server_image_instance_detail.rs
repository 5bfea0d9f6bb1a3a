//! `getMemberServerImageInstanceDetail`: one of the account's own server images.

use ncloud_core::{Error, Info, Operation, constraint, shape};

use super::SERVICE;
use super::types::MemberServerImageInstance;

/// Gives one of the account's own server images.
///
/// `GET | POST /vserver/v2/getMemberServerImageInstanceDetail`, page
/// `compute-vserver-serverimage-getmemberserverimageinstancedetail`. Images of KVM-based servers are not found by it.
///
/// # Errors
///
/// Before anything is sent: an empty `memberServerImageInstanceNo`.
///
/// # Example
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::GetMemberServerImageInstanceDetail;
/// use ncloud_core::{Credentials, Session, Site};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let request = session.request(&GetMemberServerImageInstanceDetail::new("1000001"), SystemTime::now())?;
/// assert_eq!(request.uri().query(), Some("memberServerImageInstanceNo=1000001&responseFormatType=json"));
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetMemberServerImageInstanceDetail {
    /// `regionCode`: see [`region_code`](Self::region_code).
    pub region_code: Option<String>,
    /// `memberServerImageInstanceNo`: number of the image. Required.
    pub member_server_image_instance_no: String,
}

shape! {
    GetMemberServerImageInstanceDetail {
        "regionCode" => region_code,
        "memberServerImageInstanceNo" => member_server_image_instance_no,
    }
}

impl GetMemberServerImageInstanceDetail {
    /// The image with this number.
    #[must_use]
    pub fn new(member_server_image_instance_no: impl Into<String>) -> Self {
        Self {
            member_server_image_instance_no: member_server_image_instance_no.into(),
            ..Self::default()
        }
    }

    /// `regionCode`: region to look in, such as `KR`. Default: the session's region, else the first one of `getRegionList`.
    #[must_use]
    pub fn region_code(mut self, region_code: impl Into<String>) -> Self {
        self.region_code = Some(region_code.into());
        self
    }
}

impl Operation for GetMemberServerImageInstanceDetail {
    type Output = GetMemberServerImageInstanceDetailOutput;

    const INFO: Info = Info::read(SERVICE, "getMemberServerImageInstanceDetail").regional();

    fn check(&self) -> Result<(), Error> {
        constraint::not_empty(
            "memberServerImageInstanceNo",
            &self.member_server_image_instance_no,
        )
    }
}

/// The image found by [`GetMemberServerImageInstanceDetail`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetMemberServerImageInstanceDetailOutput {
    /// `totalRows`: number of images in the list.
    pub total_rows: Option<i32>,
    /// `memberServerImageInstanceList`: the image; empty if there is none of that number.
    pub member_server_image_instance_list: Vec<MemberServerImageInstance>,
}

shape! {
    GetMemberServerImageInstanceDetailOutput {
        "totalRows" => total_rows,
        "memberServerImageInstanceList" => member_server_image_instance_list,
    }
}
