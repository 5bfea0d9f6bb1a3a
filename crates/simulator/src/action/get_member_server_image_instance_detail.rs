//! `getMemberServerImageInstanceDetail`: one member server image as it is now, or none.

use ncloud_api::vserver::{GetMemberServerImageInstanceDetail, GetMemberServerImageInstanceDetailOutput};

use super::{CarryOut, Context};
use crate::member_server_image::Stage;
use crate::outcome::ServiceError;

impl CarryOut for GetMemberServerImageInstanceDetail {
    fn carry_out(
        &self,
        context: &mut Context<'_>,
    ) -> Result<GetMemberServerImageInstanceDetailOutput, ServiceError> {
        let region = context.region(self.region_code.as_deref())?;
        let number = self.member_server_image_instance_no.as_str();
        if number.is_empty() {
            return Err(ServiceError::parameter(
                "memberServerImageInstanceNo",
                "is missing",
            ));
        }
        let images = context.inventory.member_server_images().iter();
        let found = images
            .filter(|image| image.number() == Some(number) && image.region_code() == Some(region))
            .map(|image| (image, image.stage(context.now, context.transition)))
            .find(|(_, stage)| *stage != Stage::Gone);

        let mut output = GetMemberServerImageInstanceDetailOutput::default();
        output.total_rows = Some(i32::from(found.is_some()));
        output.member_server_image_instance_list = found
            .map(|(image, stage)| image.shown(stage))
            .into_iter()
            .collect();
        Ok(output)
    }
}
