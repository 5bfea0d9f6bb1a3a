//! Structs and codes of the Server (VPC) service.

use ncloud_core::{DateTime, code, shape};

use crate::types::CommonCode;

/// A server image of the account's own, made from one of its servers.
///
/// Only images of XEN servers are of this kind; those of KVM servers are listed by `getServerImageList`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MemberServerImageInstance {
    /// `memberServerImageInstanceNo`: number of the image, which identifies it.
    pub member_server_image_instance_no: Option<String>,
    /// `memberServerImageName`: name of the image, 3 to 30 characters.
    pub member_server_image_name: Option<String>,
    /// `memberServerImageDescription`: description, up to 1000 bytes.
    pub member_server_image_description: Option<String>,
    /// `originalServerInstanceNo`: number of the server that the image was made from.
    pub original_server_instance_no: Option<String>,
    /// `originalServerImageProductCode`: product code of the image that this server was made from.
    pub original_server_image_product_code: Option<String>,
    /// `memberServerImageInstanceStatus`: state; its codes are [`MemberServerImageInstanceStatusCode`].
    pub member_server_image_instance_status: Option<CommonCode>,
    /// `memberServerImageInstanceOperation`: what is being done to the image; `NULL` when idle, `TERMT` while it is deleted.
    pub member_server_image_instance_operation: Option<CommonCode>,
    /// `memberServerImageInstanceStatusName`: state and operation as one phrase for people, such as `created`.
    pub member_server_image_instance_status_name: Option<String>,
    /// `createDate`: when the image was made.
    pub create_date: Option<DateTime>,
    /// `memberServerImageBlockStorageTotalRows`: number of block storages in the image.
    pub member_server_image_block_storage_total_rows: Option<i32>,
    /// `memberServerImageBlockStorageTotalSize`: size of these block storages together, in bytes.
    pub member_server_image_block_storage_total_size: Option<u64>,
    /// `shareStatus`: whether the image is shared; `NULL` when it is not.
    pub share_status: Option<CommonCode>,
    /// `sharedLoginIdList`: login ids of the accounts that the image is shared with.
    pub shared_login_id_list: Vec<String>,
}

shape! {
    MemberServerImageInstance {
        "memberServerImageInstanceNo" => member_server_image_instance_no,
        "memberServerImageName" => member_server_image_name,
        "memberServerImageDescription" => member_server_image_description,
        "originalServerInstanceNo" => original_server_instance_no,
        "originalServerImageProductCode" => original_server_image_product_code,
        "memberServerImageInstanceStatus" => member_server_image_instance_status,
        "memberServerImageInstanceOperation" => member_server_image_instance_operation,
        "memberServerImageInstanceStatusName" => member_server_image_instance_status_name,
        "createDate" => create_date,
        "memberServerImageBlockStorageTotalRows" => member_server_image_block_storage_total_rows,
        "memberServerImageBlockStorageTotalSize" => member_server_image_block_storage_total_size,
        "shareStatus" => share_status,
        "sharedLoginIdList" => shared_login_id_list,
    }
}

code! {
    /// State of a member server image.
    pub enum MemberServerImageInstanceStatusCode {
        /// `INIT`: being made.
        Init = "INIT",
        /// `CREAT`: made and ready for use.
        Creat = "CREAT",
        /// `CREFL`: making it failed. Known from newer editions of the documentation only; not documented as a filter.
        Crefl = "CREFL",
    }
}

code! {
    /// Platform that a server image runs on.
    pub enum PlatformTypeCode {
        /// `LNX32`: Linux, 32 bits.
        Lnx32 = "LNX32",
        /// `LNX64`: Linux, 64 bits.
        Lnx64 = "LNX64",
        /// `WND32`: Windows, 32 bits.
        Wnd32 = "WND32",
        /// `WND64`: Windows, 64 bits.
        Wnd64 = "WND64",
        /// `UBD64`: Ubuntu Desktop, 64 bits.
        Ubd64 = "UBD64",
        /// `UBS64`: Ubuntu Server, 64 bits.
        Ubs64 = "UBS64",
    }
}

code! {
    /// What a list of member server images can be sorted by.
    pub enum MemberServerImageSortedBy {
        /// `memberServerImageName`: the image's name.
        MemberServerImageName = "memberServerImageName",
    }
}
