//! Member server images of Classic: made from a stopped server.

use serde_json::json;

use super::{CLASSIC, SERVER, place_beside};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Kind, Phase, Rule, State};
use crate::world::{Call, Resource, along, common_code};

pub(crate) static MEMBER_SERVER_IMAGE: Kind = Kind {
    name: "Classic member server image",
    number: "memberServerImageNo",
    list: "memberServerImageList",
    label: Some(("memberServerImageName", "image")),
    state: State {
        status: "memberServerImageStatus",
        operation: "memberServerImageOperation",
        phrase: "memberServerImageStatusName",
    },
    making: Phase::new("INIT", "CREAT", "creating"),
    made: Phase::new("CREAT", "NULL", "created"),
    deleting: Phase::keeping("TERMT", "terminating"),
    failed: Some(Phase::new("CREFL", "NULL", "create failed")),
    actions: &[
        ("getMemberServerImageList", Rule::List),
        ("createMemberServerImage", Rule::Create(image)),
        (
            "deleteMemberServerImages",
            Rule::Delete {
                by: "memberServerImageNoList",
                from: &["CREAT", "CREFL"],
            },
        ),
    ],
    ..CLASSIC
};

fn image(call: &mut Call<'_>, image: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let number = call.required("serverInstanceNo")?;
    check(call, &SERVER, "serverInstanceNo", &number, &["NSTOP"])?;
    let server = super::server(call, &number)?;
    place_beside(image, server);
    let platform = server.text("platformType");
    let shown = json!({
        "originalServerInstanceNo": number, "originalServerName": server.text("serverName"),
        "originalServerProductCode": server.member("serverProductCode", call.pace.now),
        "originalServerImageProductCode": server.text("serverImageProductCode"),
        "originalBaseBlockStorageDiskType": common_code("NET", "NET"),
        "memberServerImagePlatformType": common_code(&platform, &platform), "platformType": platform,
        "memberServerImageBlockStorageTotalRows": 1,
        "memberServerImageBlockStorageTotalSize": server.members.get("baseBlockStorageSize"),
        "shareStatus": common_code("NULL", "NULL"), "sharedLoginIdList": [],
    });
    image.members.append(&mut along::members(shown));
    along::complete(&mut image.members, json!({ "memberServerImageDescription": "" }));
    Ok(())
}
