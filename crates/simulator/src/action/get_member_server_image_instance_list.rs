//! `getMemberServerImageInstanceList`: filters, sorting and pages over the inventory's member server images.

use ncloud_api::SortingOrder;
use ncloud_api::vserver::{
    GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput, MemberServerImageSortedBy,
};

use super::page::Page;
use super::{CarryOut, Context};
use crate::inventory::MemberServerImage;
use crate::outcome::ServiceError;

impl CarryOut for GetMemberServerImageInstanceList {
    fn carry_out(
        &self,
        context: &mut Context<'_>,
    ) -> Result<GetMemberServerImageInstanceListOutput, ServiceError> {
        let inventory = &*context.inventory;
        let region = match self.region_code.as_deref() {
            None => inventory.default_region(),
            Some(code) if inventory.has_region(code) => code,
            Some(code) => return Err(ServiceError::authority("regionCode", code)),
        };
        let order = order(self)?;
        let page = Page::new(self.page_no, self.page_size)?;

        let mut found: Vec<&MemberServerImage> = inventory
            .member_server_images()
            .iter()
            .filter(|image| image.region_code.as_deref() == Some(region) && matches(self, image))
            .collect();
        sort(&mut found, order.as_ref());

        let mut output = GetMemberServerImageInstanceListOutput::default();
        output.total_rows = Some(i32::try_from(found.len()).unwrap_or(i32::MAX));
        output.member_server_image_instance_list = page.of(found.into_iter().map(|image| image.wire.clone()));
        Ok(output)
    }
}

/// Whether an image passes every filter that is given.
fn matches(call: &GetMemberServerImageInstanceList, image: &MemberServerImage) -> bool {
    let wire = &image.wire;
    let numbers = &call.member_server_image_instance_no_list;
    let platforms = &call.platform_type_code_list;
    let status = wire.member_server_image_instance_status.as_ref();

    (numbers.is_empty()
        || numbers
            .iter()
            .any(|number| wire.member_server_image_instance_no.as_ref() == Some(number)))
        && (call.member_server_image_name.is_none()
            || call.member_server_image_name == wire.member_server_image_name)
        && call
            .member_server_image_instance_status_code
            .as_ref()
            .is_none_or(|code| status.is_some_and(|status| status.is(code.as_str())))
        && (platforms.is_empty()
            || platforms
                .iter()
                .any(|code| image.platform_type_code.as_deref() == Some(code.as_str())))
}

/// The direction to sort by name in, or `None` for the order of the inventory.
fn order(call: &GetMemberServerImageInstanceList) -> Result<Option<SortingOrder>, ServiceError> {
    let order = call.sorting_order.clone().unwrap_or(SortingOrder::Asc);
    if !matches!(order, SortingOrder::Asc | SortingOrder::Desc) {
        return Err(ServiceError::parameter("sortingOrder", "must be ASC or DESC"));
    }
    match &call.sorted_by {
        None => Ok(None),
        Some(MemberServerImageSortedBy::MemberServerImageName) => Ok(Some(order)),
        Some(_) => Err(ServiceError::parameter(
            "sortedBy",
            "must be memberServerImageName",
        )),
    }
}

/// Sorts by name; images of the same name stay in the order of the inventory.
fn sort(images: &mut [&MemberServerImage], order: Option<&SortingOrder>) {
    match order {
        None => {}
        Some(SortingOrder::Desc) => images.sort_by(|left, right| name(right).cmp(name(left))),
        Some(_) => images.sort_by(|left, right| name(left).cmp(name(right))),
    }
}

fn name(image: &MemberServerImage) -> &str {
    image.wire.member_server_image_name.as_deref().unwrap_or_default()
}
