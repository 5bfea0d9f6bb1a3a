//! Member server images: images that the account makes of its servers.

use serde_json::{Map, Value};

use super::block_storage;
use super::server_instance::{SERVER_INSTANCE, check_name};
use super::sharing::{add_sharing, remove_sharing, set_sharing, unshared};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Kind, Need, PLAIN, Phase, Rule, State};
use crate::world::remove::remove;
use crate::world::{Call, Resource, text};

const NUMBERS: &str = "memberServerImageInstanceNoList";

pub(crate) static MEMBER_SERVER_IMAGE: Kind = Kind {
    name: "member server image",
    service: "vserver",
    number: "memberServerImageInstanceNo",
    list: "memberServerImageInstanceList",
    label: Some(("memberServerImageName", "image")),
    whole_names: true,
    state: State {
        status: "memberServerImageInstanceStatus",
        operation: "memberServerImageInstanceOperation",
        phrase: "memberServerImageInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "creating"),
    made: Phase::new("CREAT", "NULL", "created"),
    failed: Some(Phase::new("CREFL", "NULL", "creation failed")),
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[Need {
        member: "serverInstanceNo",
        kind: &SERVER_INSTANCE,
    }],
    actions: &[
        ("getMemberServerImageInstanceList", Rule::List),
        ("getMemberServerImageInstanceDetail", Rule::Detail),
        ("createMemberServerImageInstance", Rule::Create(image_of_server)),
        ("deleteMemberServerImageInstances", Rule::Odd(delete)),
        ("addMemberServerImageSharingPermission", Rule::Odd(add_sharing)),
        (
            "removeMemberServerImageSharingPermission",
            Rule::Odd(remove_sharing),
        ),
        ("setMemberServerImageSharingPermission", Rule::Odd(set_sharing)),
    ],
    ..PLAIN
};

fn image_of_server(call: &mut Call<'_>, image: &mut Resource, _: u64) -> Result<(), ServiceError> {
    check_name("memberServerImageName", &image.text("memberServerImageName"))?;
    let number = call.required("serverInstanceNo")?;
    check(
        call,
        &SERVER_INSTANCE,
        "serverInstanceNo",
        &number,
        &["RUN", "NSTOP"],
    )?;
    let found = call
        .world
        .find(&SERVER_INSTANCE, &call.region, &number, call.pace.now);
    let server = found.map(|found| found.members.clone()).unwrap_or_default();
    if text(&server, "hypervisorType") == "KVM" {
        let problem = "is a server of KVM; createServerImage makes images of these";
        return Err(ServiceError::state("serverInstanceNo", &number, problem));
    }
    let (rows, size) = block_storage::totals(call, &server);
    let image = &mut image.members;
    image.insert("originalServerInstanceNo".to_owned(), Value::String(number));
    for (member, of_server) in [
        ("originalServerImageProductCode", "serverImageProductCode"),
        // Shown by no answer, but asked for by the list.
        ("platformTypeCode", "platformType"),
    ] {
        image.insert(member.to_owned(), Value::String(text(&server, of_server)));
    }
    image.insert("memberServerImageBlockStorageTotalRows".to_owned(), rows.into());
    image.insert("memberServerImageBlockStorageTotalSize".to_owned(), size.into());
    unshared(image);
    Ok(())
}

/// What is being made cannot be deleted yet.
fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    for number in call.items(NUMBERS) {
        let found = call.world.find(kind, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.status(kind, call.pace.now) == "INIT") {
            return Err(ServiceError::state(NUMBERS, &number, "is still being made"));
        }
    }
    remove(call, kind, NUMBERS, &[])
}
