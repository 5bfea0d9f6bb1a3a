//! The life of an image under virtual time: made, shown, deleted, gone; and what is refused.

use std::time::{Duration, SystemTime};

use ncloud_api::vserver::{
    CreateMemberServerImageInstance as Create, DeleteMemberServerImageInstances as Delete,
    GetMemberServerImageInstanceDetail as Detail, GetMemberServerImageInstanceList as List,
    MemberServerImageInstance as Image, MemberServerImageInstanceStatusCode as Status,
};
use ncloud_core::{Error, ErrorKind, Format, Operation, Session};
use ncloud_simulator::Simulator;

use super::{now, session};

const SERVER: &str = "900101";

/// One call at a moment of our choice.
fn call<O: Operation>(simulator: &Simulator, operation: &O, at: SystemTime) -> Result<O::Output, Error> {
    call_by(&session(simulator), simulator, operation, at)
}

fn call_by<O: Operation>(
    session: &Session,
    simulator: &Simulator,
    operation: &O,
    at: SystemTime,
) -> Result<O::Output, Error> {
    let response = simulator.handle(session.request(operation, at).unwrap(), at);
    session.parse::<O>(response).map(ncloud_core::Reply::into_value)
}

fn after(seconds: u64) -> SystemTime {
    now() + Duration::from_secs(seconds)
}

fn create(simulator: &Simulator, name: &str, at: SystemTime) -> Image {
    let create = Create::new(SERVER).member_server_image_name(name);
    let output = call(simulator, &create, at).unwrap();
    assert_eq!(output.total_rows, Some(1));
    output
        .member_server_image_instance_list
        .into_iter()
        .next()
        .unwrap()
}

fn number(image: &Image) -> &str {
    image.member_server_image_instance_no.as_deref().unwrap()
}

/// The image of a number at a moment.
fn detail(simulator: &Simulator, number: &str, at: SystemTime) -> Option<Image> {
    let output = call(simulator, &Detail::new(number), at).unwrap();
    let images = output.member_server_image_instance_list;
    assert_eq!(output.total_rows, Some(i32::try_from(images.len()).unwrap()));
    images.into_iter().next()
}

/// Status, operation and status name, as one text.
fn state(image: Option<&Image>) -> String {
    let Some(image) = image else {
        return "gone".to_owned();
    };
    let code = |code: &Option<ncloud_api::CommonCode>| code.as_ref().unwrap().code.clone().unwrap();
    format!(
        "{} {} {}",
        code(&image.member_server_image_instance_status),
        code(&image.member_server_image_instance_operation),
        image.member_server_image_instance_status_name.as_deref().unwrap()
    )
}

fn refusal(simulator: &Simulator, operation: &impl Operation) -> (String, String) {
    let error = call(simulator, operation, now()).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service, "{error}");
    (
        error.code().unwrap().to_owned(),
        error.message().unwrap().to_owned(),
    )
}

#[test]
fn an_image_is_made_and_deleted_in_its_time() {
    let simulator = Simulator::new();
    let image = create(&simulator, "my-image", now());
    assert_eq!(state(Some(&image)), "INIT CREAT creating");
    assert_eq!(image.create_date.unwrap().to_string(), "2025-06-26T11:09:07+0900");
    assert_eq!(image.original_server_instance_no.as_deref(), Some(SERVER));
    assert_eq!(
        image.member_server_image_block_storage_total_size,
        Some(53_687_091_200)
    );
    let number = number(&image);

    assert_eq!(
        state(detail(&simulator, number, after(2)).as_ref()),
        "INIT CREAT creating"
    );
    assert_eq!(
        state(detail(&simulator, number, after(3)).as_ref()),
        "CREAT NULL created"
    );
    // A clock that is set back shows what was, and does no harm.
    assert_eq!(
        state(detail(&simulator, number, after(1)).as_ref()),
        "INIT CREAT creating"
    );

    let deleted = call(&simulator, &Delete::new([number]), after(10)).unwrap();
    let shown = deleted.member_server_image_instance_list;
    assert_eq!((deleted.total_rows, shown.len()), (Some(1), 1));
    assert_eq!(state(shown.first()), "CREAT TERMT terminating");
    // Deleting it again changes nothing, not even the time that it takes.
    let again = call(&simulator, &Delete::new([number]), after(12)).unwrap();
    assert_eq!(again.member_server_image_instance_list, shown);
    assert_eq!(
        state(detail(&simulator, number, after(12)).as_ref()),
        "CREAT TERMT terminating"
    );
    assert_eq!(state(detail(&simulator, number, after(13)).as_ref()), "gone");
    let list = List::new().member_server_image_instance_no_list([number]);
    assert_eq!(call(&simulator, &list, after(13)).unwrap().total_rows, Some(0));
    let error = call(&simulator, &Delete::new([number]), after(13)).unwrap_err();
    assert_eq!(error.code(), Some("800"));
}

#[test]
fn filters_see_the_state_of_the_moment() {
    let simulator = Simulator::new();
    create(&simulator, "my-image", now());
    let named = |status: Status, at| {
        let list = List::new()
            .member_server_image_name("my-image")
            .member_server_image_instance_status_code(status);
        call(&simulator, &list, at).unwrap().total_rows
    };
    assert_eq!(
        (named(Status::Init, now()), named(Status::Creat, now())),
        (Some(1), Some(0))
    );
    assert_eq!(
        (named(Status::Init, after(3)), named(Status::Creat, after(3))),
        (Some(0), Some(1))
    );
    let all = call(&simulator, &List::new(), after(3)).unwrap();
    assert_eq!(all.total_rows, Some(26));
    let last = all.member_server_image_instance_list.last().unwrap();
    assert_eq!(last.member_server_image_name.as_deref(), Some("my-image"));
}

#[test]
fn an_image_fails_when_it_is_told_to_and_can_be_deleted_then() {
    let simulator = Simulator::new();
    simulator.fail_next_creation();
    let failed = create(&simulator, "first", now());
    let made = create(&simulator, "second", now());
    assert_eq!(
        state(detail(&simulator, number(&failed), now()).as_ref()),
        "INIT CREAT creating"
    );
    let failed_number = number(&failed);
    let shown = detail(&simulator, failed_number, after(3));
    assert_eq!(state(shown.as_ref()), "CREFL NULL creation failed");
    assert_eq!(
        state(detail(&simulator, number(&made), after(3)).as_ref()),
        "CREAT NULL created"
    );
    let deleted = call(&simulator, &Delete::new([failed_number]), after(3)).unwrap();
    let shown = deleted.member_server_image_instance_list;
    assert_eq!(state(shown.first()), "CREFL TERMT terminating");
    assert_eq!(
        state(detail(&simulator, failed_number, after(6)).as_ref()),
        "gone"
    );
}

#[test]
fn changes_take_as_long_as_the_builder_says() {
    let simulator = Simulator::builder().transition_time(Duration::ZERO).build();
    let image = create(&simulator, "at-once", now());
    assert_eq!(state(Some(&image)), "INIT CREAT creating");
    assert_eq!(
        state(detail(&simulator, number(&image), now()).as_ref()),
        "CREAT NULL created"
    );
    call(&simulator, &Delete::new([number(&image)]), now()).unwrap();
    assert_eq!(state(detail(&simulator, number(&image), now()).as_ref()), "gone");

    let simulator = Simulator::builder()
        .transition_time(Duration::from_secs(3600))
        .build();
    let image = create(&simulator, "slowly", now());
    assert_eq!(
        state(detail(&simulator, number(&image), after(3599)).as_ref()),
        "INIT CREAT creating"
    );
    assert_eq!(
        state(detail(&simulator, number(&image), after(3600)).as_ref()),
        "CREAT NULL created"
    );
}

#[test]
fn every_image_has_a_number_and_a_name_of_its_own() {
    let simulator = Simulator::new();
    let made: Vec<Image> = (0..5)
        .map(|_| {
            let output = call(&simulator, &Create::new(SERVER), now()).unwrap();
            output
                .member_server_image_instance_list
                .into_iter()
                .next()
                .unwrap()
        })
        .collect();
    let numbers: std::collections::HashSet<_> = made.iter().map(number).collect();
    let names: std::collections::HashSet<_> =
        made.iter().map(|image| &image.member_server_image_name).collect();
    assert_eq!((numbers.len(), names.len()), (5, 5));
    // A name is free again once its image is gone.
    let first = create(&simulator, "my-image", now());
    call(&simulator, &Delete::new([number(&first)]), after(3)).unwrap();
    let again = Create::new(SERVER).member_server_image_name("my-image");
    assert_eq!(
        call(&simulator, &again, after(4)).unwrap_err().code(),
        Some("1101")
    );
    let second = call(&simulator, &again, after(6)).unwrap();
    assert_ne!(
        number(&second.member_server_image_instance_list[0]),
        number(&first)
    );
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let simulator = Simulator::new();
    let named = |name: &str| Create::new(SERVER).member_server_image_name(name);
    for (operation, code, word) in [
        (Create::new("1"), "800", "serverInstanceNo"),
        (Create::new(SERVER).region_code("MOON"), "800", "regionCode"),
        (Create::new(SERVER).region_code("JPN"), "800", "serverInstanceNo"),
        (named("bastion"), "1101", "memberServerImageName"),
        (named("Upper-case"), "1100", "memberServerImageName"),
        (named("-hyphen"), "1100", "memberServerImageName"),
        (named("hyphen-"), "1100", "memberServerImageName"),
        (named("1digit"), "1100", "memberServerImageName"),
        (named("under_score"), "1100", "memberServerImageName"),
        (named("이미지"), "1100", "memberServerImageName"),
    ] {
        let (found, message) = refusal(&simulator, &operation);
        assert_eq!(found, code, "{message}");
        assert!(message.contains(word), "{message}");
    }
    let (code, message) = refusal(&simulator, &Delete::new(["1000001", "1"]));
    assert_eq!(code, "800");
    assert!(message.contains("memberServerImageInstanceNoList"), "{message}");
    let being_made = create(&simulator, "my-image", now());
    let (code, message) = refusal(&simulator, &Delete::new(["1000001", number(&being_made)]));
    assert_eq!(code, "1102", "{message}");
    assert_eq!(
        state(detail(&simulator, "1000001", now()).as_ref()),
        "CREAT NULL created"
    );
    assert!(detail(&simulator, "1", now()).is_none());
    let in_japan = Detail::new("1000001").region_code("JPN");
    assert_eq!(call(&simulator, &in_japan, now()).unwrap().total_rows, Some(0));
}

#[test]
fn the_answer_is_the_same_in_either_format() {
    let simulator = Simulator::new();
    let image = create(&simulator, "my-image", now());
    let detail = Detail::new(number(&image));
    let json = call(&simulator, &detail, after(1)).unwrap();
    let xml = session(&simulator).with_format(Format::Xml);
    assert_eq!(call_by(&xml, &simulator, &detail, after(1)).unwrap(), json);
    assert_eq!(json.member_server_image_instance_list, [image]);
}
