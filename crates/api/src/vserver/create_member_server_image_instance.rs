//! `createMemberServerImageInstance`: makes a server image from a server.

use ncloud_core::{Error, Info, Operation, constraint, shape};

use super::SERVICE;
use super::types::MemberServerImageInstance;

/// Makes a server image from one of the account's servers, running or stopped.
///
/// `POST /vserver/v2/createMemberServerImageInstance`, page
/// `compute-vserver-serverimage-creatememberserverimageinstance`. Not for KVM-based servers. The answer shows the image in
/// state `INIT`; [`MemberServerImageCreated`](super::MemberServerImageCreated) waits until it is `CREAT`.
///
/// # Errors
///
/// Before anything is sent: an empty `serverInstanceNo`, a name shorter than 3 or longer than 30 characters, a description
/// longer than 1000 bytes.
///
/// # Example
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::CreateMemberServerImageInstance;
/// use ncloud_core::{Credentials, Session, Site};
///
/// let create = CreateMemberServerImageInstance::new("900101").member_server_image_name("web-image");
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let request = session.request(&create, SystemTime::now())?;
/// assert_eq!(
///     request.body().as_ref(),
///     b"memberServerImageName=web-image&serverInstanceNo=900101&responseFormatType=json",
/// );
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CreateMemberServerImageInstance {
    /// `regionCode`: see [`region_code`](Self::region_code).
    pub region_code: Option<String>,
    /// `memberServerImageName`: see [`member_server_image_name`](Self::member_server_image_name).
    pub member_server_image_name: Option<String>,
    /// `memberServerImageDescription`: see [`member_server_image_description`](Self::member_server_image_description).
    pub member_server_image_description: Option<String>,
    /// `serverInstanceNo`: number of the server to make the image from. Required.
    pub server_instance_no: String,
}

shape! {
    CreateMemberServerImageInstance {
        "regionCode" => region_code,
        "memberServerImageName" => member_server_image_name,
        "memberServerImageDescription" => member_server_image_description,
        "serverInstanceNo" => server_instance_no,
    }
}

impl CreateMemberServerImageInstance {
    /// An image of the server with this number.
    #[must_use]
    pub fn new(server_instance_no: impl Into<String>) -> Self {
        Self {
            server_instance_no: server_instance_no.into(),
            ..Self::default()
        }
    }

    /// `regionCode`: region of the server, such as `KR`. Default: the session's region, else the first one of
    /// `getRegionList`.
    #[must_use]
    pub fn region_code(mut self, region_code: impl Into<String>) -> Self {
        self.region_code = Some(region_code.into());
        self
    }

    /// `memberServerImageName`: name of the image, 3 to 30 characters: lower-case letters, digits and hyphens, beginning with
    /// a letter and ending with a letter or a digit. Default: made up by the platform.
    #[must_use]
    pub fn member_server_image_name(mut self, member_server_image_name: impl Into<String>) -> Self {
        self.member_server_image_name = Some(member_server_image_name.into());
        self
    }

    /// `memberServerImageDescription`: description, up to 1000 bytes.
    #[must_use]
    pub fn member_server_image_description(
        mut self,
        member_server_image_description: impl Into<String>,
    ) -> Self {
        self.member_server_image_description = Some(member_server_image_description.into());
        self
    }
}

impl Operation for CreateMemberServerImageInstance {
    type Output = CreateMemberServerImageInstanceOutput;

    const INFO: Info = Info::mutating(SERVICE, "createMemberServerImageInstance").regional();

    fn check(&self) -> Result<(), Error> {
        constraint::not_empty("serverInstanceNo", &self.server_instance_no)?;
        constraint::length(
            "memberServerImageName",
            self.member_server_image_name.as_deref(),
            &(3..=30),
        )?;
        constraint::byte_length(
            "memberServerImageDescription",
            self.member_server_image_description.as_deref(),
            &(0..=1000),
        )
    }
}

/// The image begun by [`CreateMemberServerImageInstance`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CreateMemberServerImageInstanceOutput {
    /// `totalRows`: number of images in the list.
    pub total_rows: Option<i32>,
    /// `memberServerImageInstanceList`: the image, whose making has begun.
    pub member_server_image_instance_list: Vec<MemberServerImageInstance>,
}

shape! {
    CreateMemberServerImageInstanceOutput {
        "totalRows" => total_rows,
        "memberServerImageInstanceList" => member_server_image_instance_list,
    }
}
