//! `createMemberServerImageInstance`: begins to make an image of a server.

use ncloud_api::vserver::{
    CreateMemberServerImageInstance, CreateMemberServerImageInstanceOutput, MemberServerImageInstance,
};
use ncloud_core::DateTime;

use super::{CarryOut, Context};
use crate::inventory::ServerInstance;
use crate::member_server_image::{MemberServerImage, Stage};
use crate::outcome::ServiceError;

const NAME: &str = "memberServerImageName";
const DESCRIPTION_LIMIT: usize = 1000;
/// Korean time, in which the platform writes its dates.
const OFFSET_SECONDS: i32 = 9 * 3600;

impl CarryOut for CreateMemberServerImageInstance {
    fn carry_out(
        &self,
        context: &mut Context<'_>,
    ) -> Result<CreateMemberServerImageInstanceOutput, ServiceError> {
        let region = context.region(self.region_code.as_deref())?.to_owned();
        if self.server_instance_no.is_empty() {
            return Err(ServiceError::parameter("serverInstanceNo", "is missing"));
        }
        let server = context.inventory.server(&region, &self.server_instance_no);
        let server = server
            .cloned()
            .ok_or_else(|| ServiceError::authority("serverInstanceNo", &self.server_instance_no))?;
        let description = self.member_server_image_description.as_deref();
        if description.is_some_and(|description| description.len() > DESCRIPTION_LIMIT) {
            let problem = "must not be longer than 1000 bytes";
            return Err(ServiceError::parameter("memberServerImageDescription", problem));
        }
        let (now, transition) = (context.now, context.transition);
        let images = context.inventory.member_server_images_mut();
        images.retain(|image| image.stage(now, transition) != Stage::Gone);
        let name = match self.member_server_image_name.as_deref() {
            Some(name) => Some(checked_name(name, &region, images)?.to_owned()),
            None => None,
        };
        let number = context.inventory.new_number();
        let name = name.unwrap_or_else(|| format!("image-{number}"));

        let mut wire = wire(&server, now);
        wire.member_server_image_instance_no = Some(number.to_string());
        wire.member_server_image_name = Some(name);
        wire.member_server_image_description = description.map(str::to_owned);
        let fails = std::mem::take(context.next_creation_fails);
        let image = MemberServerImage::begin(wire, server.platform_type_code, &region, now, fails);
        let mut output = CreateMemberServerImageInstanceOutput::default();
        output.total_rows = Some(1);
        // However short the time is that it takes: the answer is from its beginning.
        output
            .member_server_image_instance_list
            .push(image.shown(Stage::BeingMade));
        context.inventory.member_server_images_mut().push(image);
        Ok(output)
    }
}

fn wire(server: &ServerInstance, now: std::time::SystemTime) -> MemberServerImageInstance {
    let mut wire = MemberServerImageInstance::default();
    wire.original_server_instance_no.clone_from(&server.number);
    wire.original_server_image_product_code
        .clone_from(&server.product_code);
    wire.create_date = DateTime::from_system_time(now).map(|date| date.with_offset_seconds(OFFSET_SECONDS));
    wire.member_server_image_block_storage_total_rows = server.block_storage_total_rows;
    wire.member_server_image_block_storage_total_size = server.block_storage_total_size;
    wire
}

fn checked_name<'a>(
    name: &'a str,
    region: &str,
    images: &[MemberServerImage],
) -> Result<&'a str, ServiceError> {
    let is_letter = |byte: &u8| byte.is_ascii_lowercase();
    let is_letter_or_digit = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let is_well_formed = (3..=30).contains(&bytes.len())
        && bytes.first().is_some_and(is_letter)
        && bytes.last().is_some_and(is_letter_or_digit)
        && bytes.iter().all(|byte| is_letter_or_digit(byte) || *byte == b'-');
    if !is_well_formed {
        let problem = "must have 3 to 30 lower-case letters, digits and hyphens, a letter first and a letter or digit \
                       last";
        return Err(ServiceError::parameter(NAME, problem));
    }
    let is_taken =
        |image: &MemberServerImage| image.name() == Some(name) && image.region_code() == Some(region);
    if images.iter().any(is_taken) {
        return Err(ServiceError::taken(NAME, name));
    }
    Ok(name)
}
