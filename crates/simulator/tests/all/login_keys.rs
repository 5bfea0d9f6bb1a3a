//! Login keys, init scripts and placement groups: what is there at once, and known by a name.

use ncloud_api::server as classic;
use ncloud_api::vserver::{
    AddPlacementGroupServerInstance, CreateInitScript, CreateLoginKey, CreatePlacementGroup,
    DeleteInitScripts, DeleteLoginKeys, DeletePlacementGroup, GetInitScriptDetail, GetInitScriptList,
    GetLoginKeyList, GetPlacementGroupDetail, GetPlacementGroupList, GetRootPassword, ImportLoginKey,
};

use super::networks::Bench;

#[test]
fn a_private_key_is_shown_once_and_is_none() {
    let bench = Bench::new();
    let made = bench.call(&CreateLoginKey::new().key_name("web-key")).unwrap();
    assert_eq!(made.key_name.as_deref(), Some("web-key"));
    let key = made.private_key.unwrap();
    assert!(key.expose().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    assert!(key.expose().contains("not+a+key"));
    assert_eq!(bench.refusal(&CreateLoginKey::new().key_name("web-key")), "1101");
    let other = bench.call(&CreateLoginKey::new()).unwrap();
    assert_ne!(other.private_key.unwrap().expose(), key.expose());

    let found = bench.call(&GetLoginKeyList::new().key_name("web-key")).unwrap();
    let [shown] = &found.login_key_list[..] else {
        panic!("{found:?}")
    };
    assert!(shown.create_date.is_some());
    assert_eq!(shown.fingerprint.as_deref().unwrap().len(), 16 * 3 - 1);
    // The same world makes up the same key.
    let again = Bench::new().call(&CreateLoginKey::new()).unwrap();
    assert_eq!(again.private_key.unwrap().expose(), key.expose());
}

#[test]
fn keys_are_imported_and_deleted_by_name_all_or_none() {
    let bench = Bench::new();
    let import = |name| {
        let made = bench.call(&ImportLoginKey::new("ssh-rsa AAAATEST").key_name(name));
        made.unwrap().login_key_list[0].clone()
    };
    let (one, two) = (import("key-one"), import("key-two"));
    assert_eq!(one.fingerprint, two.fingerprint);
    assert_eq!(
        bench.refusal(&DeleteLoginKeys::new(["key-one", "key-none"])),
        "800"
    );
    let left = || bench.call(&GetLoginKeyList::new()).unwrap().total_rows;
    assert_eq!(left(), Some(2));
    bench.call(&DeleteLoginKeys::new(["key-one", "key-two"])).unwrap();
    assert_eq!(left(), Some(0));
    import("key-one");
}

#[test]
fn there_is_no_password_of_a_server_that_is_not_there() {
    let bench = Bench::new();
    assert_eq!(bench.refusal(&GetRootPassword::new("1")), "800");
}

#[test]
fn init_scripts_are_kept_with_their_text() {
    let bench = Bench::new();
    let create = CreateInitScript::new("#!/bin/sh\necho 1\n").init_script_name("hello");
    let made = bench.call(&create).unwrap();
    let script = &made.init_script_list[0];
    assert_eq!(script.os_type.as_ref().unwrap().code.as_deref(), Some("LNX"));
    let number = script.init_script_no.clone().unwrap();
    let shown = bench.call(&GetInitScriptDetail::new(&number)).unwrap();
    let text = shown.init_script_list[0].init_script_content.as_ref().unwrap();
    assert_eq!(text.expose(), "#!/bin/sh\necho 1\n");
    let windows = GetInitScriptList::new().os_type_code("WND");
    assert_eq!(bench.call(&windows).unwrap().total_rows, Some(0));
    let deleted = bench.call(&DeleteInitScripts::new([&number])).unwrap();
    assert_eq!(deleted.init_script_list[0].init_script_no, Some(number.clone()));
    assert_eq!(
        bench.call(&GetInitScriptDetail::new(&number)).unwrap().total_rows,
        Some(0)
    );
}

#[test]
fn placement_groups_come_and_go() {
    let bench = Bench::new();
    let made = bench
        .call(&CreatePlacementGroup::new().placement_group_name("apart"))
        .unwrap();
    let group = &made.placement_group_list[0];
    assert_eq!(
        group.placement_group_type.as_ref().unwrap().code.as_deref(),
        Some("AA")
    );
    let number = group.placement_group_no.clone().unwrap();
    let list = GetPlacementGroupList::new().placement_group_name("apart");
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(1));
    assert_eq!(
        bench.refusal(&AddPlacementGroupServerInstance::new(&number, "1")),
        "800"
    );
    bench.call(&DeletePlacementGroup::new(&number)).unwrap();
    let detail = bench.call(&GetPlacementGroupDetail::new(&number)).unwrap();
    assert_eq!(detail.total_rows, Some(0));
}

#[test]
fn keys_of_classic_are_made_of_the_same() {
    let bench = Bench::new();
    let key = classic::CreateLoginKey::new("ops");
    let with_key = || {
        let create = classic::CreateServerInstances::new().server_image_product_code("SPSW0LINUX000032");
        create.login_key_name("ops")
    };
    assert_eq!(bench.refusal(&with_key()), "800");
    let made = bench.call(&key).unwrap();
    let private_key = made.private_key.unwrap();
    assert!(
        private_key
            .expose()
            .starts_with("-----BEGIN RSA PRIVATE KEY-----")
    );
    assert_eq!(bench.refusal(&key), "1101");
    let listed = bench
        .call(&classic::GetLoginKeyList::new().key_name("ops"))
        .unwrap();
    assert_eq!(listed.login_key_list[0].key_name.as_deref(), Some("ops"));
    assert!(listed.login_key_list[0].fingerprint.is_some());
    let made = bench.call(&with_key()).unwrap();
    assert_eq!(
        made.server_instance_list[0].login_key_name.as_deref(),
        Some("ops")
    );
    let number = made.server_instance_list[0].server_instance_no.clone().unwrap();
    let ask = classic::GetRootPassword::new(number);
    assert_eq!(bench.refusal(&ask.clone().private_key("wrong")), "1100");
    let opened = ask.clone().private_key(private_key.expose());
    assert_ne!(
        bench.call(&opened).unwrap().root_password.unwrap().expose(),
        bench.call(&ask).unwrap().root_password.unwrap().expose()
    );
    bench.call(&classic::DeleteLoginKey::new("ops")).unwrap();
    assert_eq!(bench.refusal(&classic::DeleteLoginKey::new("ops")), "800");
    assert_eq!(
        bench.call(&classic::GetLoginKeyList::new()).unwrap().total_rows,
        Some(0)
    );
}
