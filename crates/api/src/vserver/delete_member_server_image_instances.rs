//! `deleteMemberServerImageInstances`: deletes server images.

use ncloud_core::{Error, Info, Operation, constraint, shape};

use super::SERVICE;
use super::types::MemberServerImageInstance;

/// Deletes server images of the account's own.
///
/// `POST /vserver/v2/deleteMemberServerImageInstances`, page
/// `compute-vserver-serverimage-deletememberserverimageinstances`. Not for images of KVM-based servers. The answer shows the
/// images with operation `TERMT`; [`MemberServerImageDeleted`](super::MemberServerImageDeleted) waits until one is gone.
///
/// # Errors
///
/// Before anything is sent: no number at all, or an empty one.
///
/// # Example
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::DeleteMemberServerImageInstances;
/// use ncloud_core::{Credentials, Session, Site};
///
/// let delete = DeleteMemberServerImageInstances::new(["1000001", "1000038"]);
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let request = session.request(&delete, SystemTime::now())?;
/// assert_eq!(
///     request.body().as_ref(),
///     b"memberServerImageInstanceNoList.1=1000001&memberServerImageInstanceNoList.2=1000038&responseFormatType=json",
/// );
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DeleteMemberServerImageInstances {
    /// `regionCode`: see [`region_code`](Self::region_code).
    pub region_code: Option<String>,
    /// `memberServerImageInstanceNoList.N`: numbers of the images to delete. Required.
    pub member_server_image_instance_no_list: Vec<String>,
}

shape! {
    DeleteMemberServerImageInstances {
        "regionCode" => region_code,
        "memberServerImageInstanceNoList" => member_server_image_instance_no_list,
    }
}

impl DeleteMemberServerImageInstances {
    /// The images with these numbers; at least one.
    #[must_use]
    pub fn new<T: Into<String>>(member_server_image_instance_no_list: impl IntoIterator<Item = T>) -> Self {
        Self {
            member_server_image_instance_no_list: member_server_image_instance_no_list
                .into_iter()
                .map(Into::into)
                .collect(),
            ..Self::default()
        }
    }

    /// `regionCode`: region of the images, such as `KR`. Default: the session's region, else the first one of
    /// `getRegionList`.
    #[must_use]
    pub fn region_code(mut self, region_code: impl Into<String>) -> Self {
        self.region_code = Some(region_code.into());
        self
    }
}

impl Operation for DeleteMemberServerImageInstances {
    type Output = DeleteMemberServerImageInstancesOutput;

    // Deleting what is gone already changes nothing.
    const INFO: Info = Info::idempotent(SERVICE, "deleteMemberServerImageInstances").regional();

    fn check(&self) -> Result<(), Error> {
        constraint::at_least_one(
            "memberServerImageInstanceNoList",
            &self.member_server_image_instance_no_list,
        )?;
        constraint::no_empty_item(
            "memberServerImageInstanceNoList",
            &self.member_server_image_instance_no_list,
        )
    }
}

/// The images that [`DeleteMemberServerImageInstances`] has begun to delete.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct DeleteMemberServerImageInstancesOutput {
    /// `totalRows`: number of images in the list.
    pub total_rows: Option<i32>,
    /// `memberServerImageInstanceList`: the images, as they are while they are being deleted.
    pub member_server_image_instance_list: Vec<MemberServerImageInstance>,
}

shape! {
    DeleteMemberServerImageInstancesOutput {
        "totalRows" => total_rows,
        "memberServerImageInstanceList" => member_server_image_instance_list,
    }
}
