//! The feature `serde`: public types can be stored and read back under the wire's names.

#![cfg(feature = "serde")]

use ncloud_api::SortingOrder;
use ncloud_api::vserver::{GetMemberServerImageInstanceList, MemberServerImageInstance, PlatformTypeCode};
use ncloud_core::DateTime;

const IMAGE: &str = r#"{"memberServerImageInstanceNo":"1","memberServerImageInstanceStatus":{"code":"CREAT"},"createDate":"2025-06-26T11:09:07+0900","memberServerImageBlockStorageTotalSize":53687091200,"sharedLoginIdList":["a@example.com",""]}"#;

#[test]
fn a_struct_is_written_and_read_back_under_the_names_of_the_wire() {
    let image: MemberServerImageInstance = serde_json::from_str(IMAGE).unwrap();
    assert_eq!(
        image.member_server_image_block_storage_total_size,
        Some(53_687_091_200)
    );
    assert_eq!(serde_json::to_string(&image).unwrap(), IMAGE);
    let value = serde_json::to_value(vec![image.clone()]).unwrap();
    assert_eq!(
        serde_json::from_value::<Vec<MemberServerImageInstance>>(value).unwrap(),
        [image]
    );
}

#[test]
fn an_operation_can_be_stored_for_later() {
    let list = GetMemberServerImageInstanceList::new()
        .platform_type_code_list([PlatformTypeCode::Lnx64, PlatformTypeCode::from("ARM64")])
        .sorting_order(SortingOrder::Desc);
    let text = serde_json::to_string(&list).unwrap();
    assert_eq!(
        serde_json::from_str::<GetMemberServerImageInstanceList>(&text).unwrap(),
        list
    );
}

#[test]
fn codes_and_dates_are_texts() {
    assert_eq!(
        serde_json::to_string(&PlatformTypeCode::Lnx64).unwrap(),
        r#""LNX64""#
    );
    assert_eq!(
        serde_json::from_str::<SortingOrder>(r#""DESC""#).unwrap(),
        SortingOrder::Desc
    );
    let date: DateTime = serde_json::from_str(r#""2025-06-26T11:09:07+0900""#).unwrap();
    assert_eq!(
        serde_json::to_string(&date).unwrap(),
        r#""2025-06-26T11:09:07+0900""#
    );
    let error = serde_json::from_str::<DateTime>("5").unwrap_err();
    assert!(error.to_string().contains("expected a date"), "{error}");
}

#[test]
fn a_wrong_member_is_named() {
    let error =
        serde_json::from_str::<MemberServerImageInstance>(r#"{"createDate":"yesterday"}"#).unwrap_err();
    assert!(error.to_string().contains("createDate"), "{error}");
}
