//! `deleteMemberServerImageInstances`: all of the images that are named, or none of them if one cannot be deleted.

use ncloud_api::vserver::{DeleteMemberServerImageInstances, DeleteMemberServerImageInstancesOutput};

use super::{CarryOut, Context};
use crate::member_server_image::Stage;
use crate::outcome::ServiceError;

const NUMBERS: &str = "memberServerImageInstanceNoList";

impl CarryOut for DeleteMemberServerImageInstances {
    fn carry_out(
        &self,
        context: &mut Context<'_>,
    ) -> Result<DeleteMemberServerImageInstancesOutput, ServiceError> {
        let region = context.region(self.region_code.as_deref())?.to_owned();
        let numbers = &self.member_server_image_instance_no_list;
        if numbers.is_empty() {
            return Err(ServiceError::parameter(NUMBERS, "is missing"));
        }
        let (now, transition) = (context.now, context.transition);
        let images = context.inventory.member_server_images_mut();
        images.retain(|image| image.stage(now, transition) != Stage::Gone);

        let mut positions = Vec::with_capacity(numbers.len());
        for number in numbers {
            let position = images
                .iter()
                .position(|image| {
                    image.number() == Some(number) && image.region_code() == Some(region.as_str())
                })
                .ok_or_else(|| ServiceError::authority(NUMBERS, number))?;
            let is_being_made = |image: &crate::member_server_image::MemberServerImage| {
                image.status_code(image.stage(now, transition)) == Some("INIT")
            };
            if images.get(position).is_some_and(is_being_made) {
                return Err(ServiceError::state(NUMBERS, number, "is still being made"));
            }
            positions.push(position);
        }
        let mut output = DeleteMemberServerImageInstancesOutput::default();
        for position in positions {
            if let Some(image) = images.get_mut(position) {
                image.begin_to_delete(now, transition);
                let shown = image.shown(Stage::BeingDeleted);
                output.member_server_image_instance_list.push(shown);
            }
        }
        let count = output.member_server_image_instance_list.len();
        output.total_rows = Some(i32::try_from(count).unwrap_or(i32::MAX));
        Ok(output)
    }
}
