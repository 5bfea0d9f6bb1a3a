//! Server (VPC): the operations of `/vserver/v2`.

use ncloud_core::Service;

mod get_member_server_image_instance_list;
mod types;

pub use get_member_server_image_instance_list::{
    GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput,
};
pub use types::{
    MemberServerImageInstance, MemberServerImageInstanceStatusCode, MemberServerImageSortedBy,
    PlatformTypeCode,
};

/// The service as requests name it: `/vserver/v2`.
pub const SERVICE: Service = Service::new("vserver", "/vserver/v2");
