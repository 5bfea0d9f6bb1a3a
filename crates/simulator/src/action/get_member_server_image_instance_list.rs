//! `getMemberServerImageInstanceList`: filters, sorting and pages over the inventory's member server images.

use ncloud_api::SortingOrder;
use ncloud_api::vserver::{
    GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput, MemberServerImageSortedBy,
};

use super::page::Page;
use super::{CarryOut, Context};
use crate::member_server_image::{MemberServerImage, Stage};
use crate::outcome::ServiceError;

impl CarryOut for GetMemberServerImageInstanceList {
    fn carry_out(
        &self,
        context: &mut Context<'_>,
    ) -> Result<GetMemberServerImageInstanceListOutput, ServiceError> {
        let region = context.region(self.region_code.as_deref())?;
        let order = order(self)?;
        let page = Page::new(self.page_no, self.page_size)?;

        let mut found: Vec<(&MemberServerImage, Stage)> = context
            .inventory
            .member_server_images()
            .iter()
            .filter(|image| image.region_code() == Some(region))
            .map(|image| (image, image.stage(context.now, context.transition)))
            .filter(|(image, stage)| *stage != Stage::Gone && matches(self, image, *stage))
            .collect();
        sort(&mut found, order.as_ref());

        let mut output = GetMemberServerImageInstanceListOutput::default();
        output.total_rows = Some(i32::try_from(found.len()).unwrap_or(i32::MAX));
        let page = page.of(found);
        output.member_server_image_instance_list = page
            .into_iter()
            .map(|(image, stage)| image.shown(stage))
            .collect();
        Ok(output)
    }
}

/// Whether an image passes every filter that is given.
fn matches(call: &GetMemberServerImageInstanceList, image: &MemberServerImage, stage: Stage) -> bool {
    let numbers = &call.member_server_image_instance_no_list;
    let platforms = &call.platform_type_code_list;
    let status = call.member_server_image_instance_status_code.as_ref();
    let is_one_of = |number: &str| numbers.iter().any(|wanted| wanted == number);
    let is_for = |platform: &str| platforms.iter().any(|wanted| wanted.as_str() == platform);

    (numbers.is_empty() || image.number().is_some_and(is_one_of))
        && (call.member_server_image_name.is_none()
            || call.member_server_image_name.as_deref() == image.name())
        && status.is_none_or(|code| image.status_code(stage) == Some(code.as_str()))
        && (platforms.is_empty() || image.platform_type_code().is_some_and(is_for))
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
fn sort(images: &mut [(&MemberServerImage, Stage)], order: Option<&SortingOrder>) {
    match order {
        None => {}
        Some(SortingOrder::Desc) => images.sort_by(|(left, _), (right, _)| right.name().cmp(&left.name())),
        Some(_) => images.sort_by(|(left, _), (right, _)| left.name().cmp(&right.name())),
    }
}
