//! `getMemberServerImageInstanceList`: the account's own server images.

use ncloud_core::{Error, Info, Operation, Paged, Paging, constraint, shape};

use super::SERVICE;
use super::types::{
    MemberServerImageInstance, MemberServerImageInstanceStatusCode, MemberServerImageSortedBy,
    PlatformTypeCode,
};
use crate::types::SortingOrder;

/// Lists the account's own server images.
///
/// `GET | POST /vserver/v2/getMemberServerImageInstanceList`, page
/// `compute-vserver-serverimage-getmemberserverimageinstancelist`. Images of KVM-based servers are not in this list; those
/// come from `getServerImageList`.
///
/// All parameters are optional; filters are combined, so that an image has to match all of them. Without `page_no` and
/// `page_size` the whole list comes at once.
///
/// # Errors
///
/// Before anything is sent: `pageNo` below 0, `pageNo` without `pageSize`, `pageSize` outside of 1 to 1000, an empty item in a
/// list.
///
/// # Example
///
/// ```
/// use std::time::SystemTime;
/// use bytes::Bytes;
/// use ncloud_api::vserver::{GetMemberServerImageInstanceList, MemberServerImageInstanceStatusCode};
/// use ncloud_core::{Credentials, Session, Site};
///
/// let list = GetMemberServerImageInstanceList::new()
///     .region_code("KR")
///     .member_server_image_instance_status_code(MemberServerImageInstanceStatusCode::Creat)
///     .page_no(1)
///     .page_size(20);
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
/// let request = session.request(&list, SystemTime::now())?;
/// assert_eq!(request.uri().path(), "/vserver/v2/getMemberServerImageInstanceList");
///
/// // Whatever carries the request brings back something like this:
/// let response = http::Response::new(Bytes::from_static(br#"{"getMemberServerImageInstanceListResponse": {
///     "requestId": "19ca615c", "returnCode": "0", "returnMessage": "success", "totalRows": 1,
///     "memberServerImageInstanceList": [{"memberServerImageName": "web-image"}]}}"#));
/// let reply = session.parse::<GetMemberServerImageInstanceList>(response)?;
/// assert_eq!(reply.request_id(), Some("19ca615c"));
/// assert_eq!(reply.value.total_rows, Some(1));
/// assert_eq!(reply.value.member_server_image_instance_list[0].member_server_image_name.as_deref(), Some("web-image"));
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetMemberServerImageInstanceList {
    /// `regionCode`: see [`region_code`](Self::region_code).
    pub region_code: Option<String>,
    /// `memberServerImageInstanceNoList.N`: see
    /// [`member_server_image_instance_no_list`](Self::member_server_image_instance_no_list).
    pub member_server_image_instance_no_list: Vec<String>,
    /// `memberServerImageName`: see [`member_server_image_name`](Self::member_server_image_name).
    pub member_server_image_name: Option<String>,
    /// `memberServerImageInstanceStatusCode`: see
    /// [`member_server_image_instance_status_code`](Self::member_server_image_instance_status_code).
    pub member_server_image_instance_status_code: Option<MemberServerImageInstanceStatusCode>,
    /// `platformTypeCodeList.N`: see [`platform_type_code_list`](Self::platform_type_code_list).
    pub platform_type_code_list: Vec<PlatformTypeCode>,
    /// `pageNo`: see [`page_no`](Self::page_no).
    pub page_no: Option<i32>,
    /// `pageSize`: see [`page_size`](Self::page_size).
    pub page_size: Option<i32>,
    /// `sortedBy`: see [`sorted_by`](Self::sorted_by).
    pub sorted_by: Option<MemberServerImageSortedBy>,
    /// `sortingOrder`: see [`sorting_order`](Self::sorting_order).
    pub sorting_order: Option<SortingOrder>,
}

shape! {
    GetMemberServerImageInstanceList {
        "regionCode" => region_code,
        "memberServerImageInstanceNoList" => member_server_image_instance_no_list,
        "memberServerImageName" => member_server_image_name,
        "memberServerImageInstanceStatusCode" => member_server_image_instance_status_code,
        "platformTypeCodeList" => platform_type_code_list,
        "pageNo" => page_no,
        "pageSize" => page_size,
        "sortedBy" => sorted_by,
        "sortingOrder" => sorting_order,
    }
}

impl GetMemberServerImageInstanceList {
    /// A list of all images: nothing is required.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `regionCode`: region to look in, such as `KR`. Default: the session's region, else the first one of `getRegionList`.
    #[must_use]
    pub fn region_code(mut self, region_code: impl Into<String>) -> Self {
        self.region_code = Some(region_code.into());
        self
    }

    /// `memberServerImageInstanceNoList.N`: only the images with these numbers.
    #[must_use]
    pub fn member_server_image_instance_no_list<T: Into<String>>(
        mut self,
        member_server_image_instance_no_list: impl IntoIterator<Item = T>,
    ) -> Self {
        self.member_server_image_instance_no_list = member_server_image_instance_no_list
            .into_iter()
            .map(Into::into)
            .collect();
        self
    }

    /// `memberServerImageName`: only images of this name.
    #[must_use]
    pub fn member_server_image_name(mut self, member_server_image_name: impl Into<String>) -> Self {
        self.member_server_image_name = Some(member_server_image_name.into());
        self
    }

    /// `memberServerImageInstanceStatusCode`: only images in this state; documented are `INIT` and `CREAT`.
    #[must_use]
    pub fn member_server_image_instance_status_code(
        mut self,
        member_server_image_instance_status_code: impl Into<MemberServerImageInstanceStatusCode>,
    ) -> Self {
        self.member_server_image_instance_status_code = Some(member_server_image_instance_status_code.into());
        self
    }

    /// `platformTypeCodeList.N`: only images for these platforms.
    #[must_use]
    pub fn platform_type_code_list<T: Into<PlatformTypeCode>>(
        mut self,
        platform_type_code_list: impl IntoIterator<Item = T>,
    ) -> Self {
        self.platform_type_code_list = platform_type_code_list.into_iter().map(Into::into).collect();
        self
    }

    /// `pageNo`: page to give, from 0; 0 and 1 are both the first page. Requires `pageSize`. Default: 0.
    #[must_use]
    pub fn page_no(mut self, page_no: i32) -> Self {
        self.page_no = Some(page_no);
        self
    }

    /// `pageSize`: images per page, 1 to 1000. Required with `pageNo`.
    #[must_use]
    pub fn page_size(mut self, page_size: i32) -> Self {
        self.page_size = Some(page_size);
        self
    }

    /// `sortedBy`: what to sort by; documented is `memberServerImageName`.
    #[must_use]
    pub fn sorted_by(mut self, sorted_by: impl Into<MemberServerImageSortedBy>) -> Self {
        self.sorted_by = Some(sorted_by.into());
        self
    }

    /// `sortingOrder`: direction to sort in, `ASC` or `DESC`. Default: `ASC`.
    #[must_use]
    pub fn sorting_order(mut self, sorting_order: impl Into<SortingOrder>) -> Self {
        self.sorting_order = Some(sorting_order.into());
        self
    }
}

impl Operation for GetMemberServerImageInstanceList {
    type Output = GetMemberServerImageInstanceListOutput;

    const INFO: Info = Info::read(SERVICE, "getMemberServerImageInstanceList")
        .regional()
        .paged(Paging::FromOne);

    fn check(&self) -> Result<(), Error> {
        constraint::no_empty_item(
            "memberServerImageInstanceNoList",
            &self.member_server_image_instance_no_list,
        )?;
        constraint::no_empty_item("platformTypeCodeList", &self.platform_type_code_list)?;
        constraint::range("pageNo", self.page_no.as_ref(), &(0..=i32::MAX))?;
        constraint::required_with(
            "pageSize",
            self.page_size.as_ref(),
            "pageNo",
            self.page_no.as_ref(),
            "1 to 1000",
        )?;
        constraint::range("pageSize", self.page_size.as_ref(), &(1..=1000))
    }
}

impl Paged for GetMemberServerImageInstanceList {
    type Item = MemberServerImageInstance;

    fn page(&self) -> (Option<i32>, Option<i32>) {
        (self.page_no, self.page_size)
    }

    fn set_page(&mut self, number: i32, size: i32) {
        (self.page_no, self.page_size) = (Some(number), Some(size));
    }

    fn items(output: &mut Self::Output) -> &mut Vec<Self::Item> {
        &mut output.member_server_image_instance_list
    }

    fn total(output: &Self::Output) -> Option<u64> {
        u64::try_from(output.total_rows?).ok()
    }
}

/// The images found by [`GetMemberServerImageInstanceList`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetMemberServerImageInstanceListOutput {
    /// `totalRows`: number of images that match, on all pages together.
    pub total_rows: Option<i32>,
    /// `memberServerImageInstanceList`: the images, or those of one page.
    pub member_server_image_instance_list: Vec<MemberServerImageInstance>,
}

shape! {
    GetMemberServerImageInstanceListOutput {
        "totalRows" => total_rows,
        "memberServerImageInstanceList" => member_server_image_instance_list,
    }
}
