//! Server (VPC): the operations of `/vserver/v2`.

use ncloud_core::Service;

mod create_member_server_image_instance;
mod delete_member_server_image_instances;
mod get_member_server_image_instance_detail;
mod get_member_server_image_instance_list;
mod types;
mod waiters;

pub use create_member_server_image_instance::{
    CreateMemberServerImageInstance, CreateMemberServerImageInstanceOutput,
};
pub use delete_member_server_image_instances::{
    DeleteMemberServerImageInstances, DeleteMemberServerImageInstancesOutput,
};
pub use get_member_server_image_instance_detail::{
    GetMemberServerImageInstanceDetail, GetMemberServerImageInstanceDetailOutput,
};
pub use get_member_server_image_instance_list::{
    GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput,
};
pub use types::{
    MemberServerImageInstance, MemberServerImageInstanceStatusCode, MemberServerImageSortedBy,
    PlatformTypeCode,
};
pub use waiters::{MemberServerImageCreated, MemberServerImageDeleted};

/// The service as requests name it: `/vserver/v2`.
pub const SERVICE: Service = Service::new("vserver", "/vserver/v2");
