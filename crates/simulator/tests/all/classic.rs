//! Classic servers under virtual time, with what belongs to them: images, block storage, snapshots, public IPs.

use ncloud_api::CommonCode;
use ncloud_api::server::{
    AssociatePublicIpWithServerInstance, AttachBlockStorageInstance, ChangeBlockStorageVolumeSize,
    ChangeServerInstanceSpec, CreateBlockStorageInstance, CreateBlockStorageSnapshotInstance,
    CreateMemberServerImage, CreatePublicIpInstance, CreateServerInstances, DeleteBlockStorageInstances,
    DeleteBlockStorageSnapshotInstances, DeleteMemberServerImages, DeletePublicIpInstances,
    DetachBlockStorageInstances, DisassociatePublicIpFromServerInstance, GetBlockStorageInstanceList,
    GetBlockStorageSnapshotInstanceList, GetMemberServerImageList, GetPublicIpInstanceList,
    GetServerInstanceList, GetZoneList, PublicIpInstance, RebootServerInstances, ServerInstance,
    SetProtectServerTermination, StartServerInstances, StopServerInstances, TerminateServerInstances,
};

use super::networks::Bench;

const GIGABYTES: u64 = 1 << 30;

fn code(state: Option<&CommonCode>) -> &str {
    state.unwrap().code.as_deref().unwrap()
}

fn state(server: &ServerInstance) -> (&str, &str) {
    (
        code(server.server_instance_status.as_ref()),
        code(server.server_instance_operation.as_ref()),
    )
}

fn create() -> CreateServerInstances {
    CreateServerInstances::new()
        .server_image_product_code("SPSW0LINUX000032")
        .server_name("web")
}

/// A running server.
fn server(bench: &Bench) -> String {
    let made = bench.call(&create()).unwrap();
    bench.pass(3);
    made.server_instance_list[0].server_instance_no.clone().unwrap()
}

fn stop(bench: &Bench, number: &str) {
    bench.call(&StopServerInstances::new([number])).unwrap();
    bench.pass(3);
}

fn shown(bench: &Bench, number: &str) -> ServerInstance {
    let list = GetServerInstanceList::new().server_instance_no_list([number]);
    bench.call(&list).unwrap().server_instance_list.remove(0)
}

#[test]
fn a_server_starts_stops_and_ends() {
    let bench = Bench::new();
    let made = bench.call(&create()).unwrap();
    let made = &made.server_instance_list[0];
    assert_eq!(state(made), ("INIT", "CREAT"));
    let region = made.region.as_ref().unwrap();
    let zone = made.zone.as_ref().unwrap();
    assert_eq!(
        (
            region.region_no.as_deref(),
            zone.zone_no.as_deref(),
            zone.zone_code.as_deref()
        ),
        (Some("1"), Some("2"), Some("KR-1"))
    );
    let number = made.server_instance_no.clone().unwrap();
    let number = number.as_str();
    assert_eq!(bench.refusal(&StopServerInstances::new([number])), "23006");
    bench.pass(3);
    assert_eq!(state(&shown(&bench, number)), ("RUN", "NULL"));
    assert_eq!(bench.refusal(&StartServerInstances::new([number])), "1102");
    let rebooting = bench.call(&RebootServerInstances::new([number])).unwrap();
    assert_eq!(state(&rebooting.server_instance_list[0]), ("RUN", "RESTA"));
    bench.pass(3);
    let terminate = TerminateServerInstances::new([number]);
    assert_eq!(bench.refusal(&terminate), "1102");
    let stopping = bench.call(&StopServerInstances::new([number])).unwrap();
    assert_eq!(state(&stopping.server_instance_list[0]), ("RUN", "SHTDN"));
    bench.pass(3);
    assert_eq!(state(&shown(&bench, number)), ("NSTOP", "NULL"));
    let change = ChangeServerInstanceSpec::new(number, "SPSVRSTAND000005");
    bench.call(&change).unwrap();
    bench.pass(3);
    let changed = shown(&bench, number);
    assert_eq!(changed.server_product_code.as_deref(), Some("SPSVRSTAND000005"));
    let starting = bench.call(&StartServerInstances::new([number])).unwrap();
    assert_eq!(state(&starting.server_instance_list[0]), ("NSTOP", "START"));
    bench.pass(3);
    stop(&bench, number);

    bench
        .call(&SetProtectServerTermination::new(number, true))
        .unwrap();
    assert_eq!(bench.refusal(&terminate), "1102");
    bench
        .call(&SetProtectServerTermination::new(number, false))
        .unwrap();
    let ending = bench.call(&terminate).unwrap();
    assert_eq!(state(&ending.server_instance_list[0]), ("NSTOP", "TERMT"));
    bench.pass(3);
    let left = bench.call(&GetServerInstanceList::new()).unwrap();
    assert_eq!(left.total_rows, Some(0));
    let left = bench.call(&GetBlockStorageInstanceList::new()).unwrap();
    assert_eq!(left.total_rows, Some(0));
}

#[test]
fn several_servers_are_made_in_the_zone_that_is_named() {
    let bench = Bench::new();
    let several = create().server_create_count(3).zone_no("4");
    let made = bench.call(&several).unwrap();
    let names: Vec<_> = made
        .server_instance_list
        .iter()
        .map(|server| server.server_name.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["web-001", "web-002", "web-003"]);
    let total = |list: &GetServerInstanceList| bench.call(list).unwrap().total_rows;
    assert_eq!(total(&GetServerInstanceList::new()), Some(0));
    assert_eq!(total(&GetServerInstanceList::new().region_no("2")), Some(3));
    assert_eq!(
        total(&GetServerInstanceList::new().region_no("2").zone_no("5")),
        Some(0)
    );
    let search = GetServerInstanceList::new()
        .region_no("2")
        .search_filter_name("serverName")
        .search_filter_value("002");
    assert_eq!(total(&search), Some(1));
    assert_eq!(bench.refusal(&GetServerInstanceList::new().region_no("9")), "800");
    assert_eq!(bench.refusal(&create().zone_no("1")), "800");
    for count in [0, 21] {
        assert_eq!(bench.refusal(&create().server_create_count(count)), "1100");
    }
    bench.pass(3);
    let number = made.server_instance_list[0].server_instance_no.clone().unwrap();
    bench.call(&StopServerInstances::new([number.as_str()])).unwrap();
    let zones = bench.call(&GetZoneList::new().region_no("2")).unwrap();
    assert_eq!(zones.zone_list[1].zone_no.as_deref(), Some("5"));
}

#[test]
fn images_are_made_of_stopped_servers_and_servers_of_images() {
    let bench = Bench::new();
    let number = server(&bench);
    let image = CreateMemberServerImage::new(&number).member_server_image_name("golden");
    assert_eq!(bench.refusal(&image), "1102");
    stop(&bench, &number);
    let made = bench.call(&image).unwrap();
    let made = &made.member_server_image_list[0];
    assert_eq!(code(made.member_server_image_status.as_ref()), "INIT");
    let image_number = made.member_server_image_no.clone().unwrap();
    let delete = DeleteMemberServerImages::new([image_number.as_str()]);
    assert_eq!(bench.refusal(&delete), "25013");
    bench.pass(3);
    let list = GetMemberServerImageList::new().member_server_image_no_list([image_number.as_str()]);
    let listed = bench.call(&list).unwrap();
    let listed = &listed.member_server_image_list[0];
    assert_eq!(code(listed.member_server_image_status.as_ref()), "CREAT");
    assert_eq!(
        listed.original_server_instance_no.as_deref(),
        Some(number.as_str())
    );

    let copy = CreateServerInstances::new().member_server_image_no(&image_number);
    let copied = bench.call(&copy).unwrap();
    assert_eq!(
        copied.server_instance_list[0]
            .server_image_product_code
            .as_deref(),
        Some("SPSW0LINUX000032")
    );
    assert_eq!(bench.refusal(&CreateServerInstances::new()), "1100");
    bench.call(&delete).unwrap();
    bench.pass(3);
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(0));
    assert_eq!(bench.refusal(&copy), "800");
}

#[test]
fn block_storage_is_attached_detached_and_goes_with_its_server() {
    let bench = Bench::new();
    let number = server(&bench);
    assert_eq!(bench.refusal(&CreateBlockStorageInstance::new(100, "1")), "800");
    let made = bench
        .call(&CreateBlockStorageInstance::new(100, &number))
        .unwrap();
    let storage = made.block_storage_instance_list[0]
        .block_storage_instance_no
        .clone()
        .unwrap();
    let list = || {
        let list = GetBlockStorageInstanceList::new().block_storage_instance_no_list([storage.as_str()]);
        bench.call(&list).unwrap().block_storage_instance_list.remove(0)
    };
    let phrase = || list().block_storage_instance_status_name.unwrap();
    assert_eq!(phrase(), "initialized");
    bench.pass(3);
    assert_eq!(
        (phrase().as_str(), list().device_name.as_deref()),
        ("attached", Some("/dev/xvdb"))
    );
    bench
        .call(&ChangeBlockStorageVolumeSize::new(&storage, 200))
        .unwrap();
    bench.pass(3);
    assert_eq!(list().block_storage_size, Some(200 * GIGABYTES));
    let smaller = ChangeBlockStorageVolumeSize::new(&storage, 100);
    assert_eq!(bench.refusal(&smaller), "1100");

    let detach = DetachBlockStorageInstances::new([storage.as_str()]);
    bench.call(&detach).unwrap();
    assert_eq!(phrase(), "detaching");
    assert_eq!(bench.refusal(&detach), "25013");
    bench.pass(3);
    assert_eq!((phrase().as_str(), list().server_instance_no), ("detached", None));
    bench
        .call(&AttachBlockStorageInstance::new(&number, &storage))
        .unwrap();
    bench.pass(3);
    assert_eq!(list().server_instance_no.as_deref(), Some(number.as_str()));

    let all = GetBlockStorageInstanceList::new().server_instance_no(&number);
    let base = bench
        .call(&all.clone().block_storage_type_code_list(["BASIC"]))
        .unwrap();
    let base = base.block_storage_instance_list[0]
        .block_storage_instance_no
        .clone()
        .unwrap();
    assert_eq!(
        bench.refusal(&DeleteBlockStorageInstances::new([base.as_str()])),
        "1102"
    );
    bench
        .call(&DeleteBlockStorageInstances::new([storage.as_str()]))
        .unwrap();
    bench.pass(3);
    assert_eq!(bench.call(&all).unwrap().total_rows, Some(1));

    bench
        .call(&CreateBlockStorageInstance::new(100, &number))
        .unwrap();
    stop(&bench, &number);
    bench
        .call(&TerminateServerInstances::new([number.as_str()]))
        .unwrap();
    bench.pass(3);
    assert_eq!(bench.call(&all).unwrap().total_rows, Some(0));
}

fn public_ip(bench: &Bench, number: &str) -> PublicIpInstance {
    let list = GetPublicIpInstanceList::new().public_ip_instance_no_list([number]);
    bench.call(&list).unwrap().public_ip_instance_list.remove(0)
}

#[test]
fn public_ips_come_to_servers_and_leave_them() {
    let bench = Bench::new();
    let number = server(&bench);
    let made = bench.call(&CreatePublicIpInstance::new()).unwrap();
    let made = &made.public_ip_instance_list[0];
    let address = made.public_ip.clone().unwrap();
    let ip = made.public_ip_instance_no.clone().unwrap();
    let associate = AssociatePublicIpWithServerInstance::new(&ip, &number);
    assert_eq!(bench.refusal(&associate), "25013");
    bench.pass(3);
    let disassociate = DisassociatePublicIpFromServerInstance::new(&ip);
    assert_eq!(bench.refusal(&disassociate), "1102");
    bench.call(&associate).unwrap();
    bench.pass(3);
    assert_eq!(bench.refusal(&associate), "1102");
    assert_eq!(
        shown(&bench, &number).public_ip.as_deref(),
        Some(address.as_str())
    );
    let associated = public_ip(&bench, &ip);
    let owner = associated.server_instance_associated_with_public_ip.unwrap();
    assert_eq!(owner.server_instance_no.as_deref(), Some(number.as_str()));
    let list = GetPublicIpInstanceList::new().is_associated(true);
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(1));
    let delete = DeletePublicIpInstances::new([ip.as_str()]);
    assert_eq!(bench.refusal(&delete), "1102");
    let second = CreatePublicIpInstance::new().server_instance_no(&number);
    assert_eq!(bench.refusal(&second), "1102");

    bench.call(&disassociate).unwrap();
    bench.pass(3);
    assert_eq!(shown(&bench, &number).public_ip, None);
    assert!(
        public_ip(&bench, &ip)
            .server_instance_associated_with_public_ip
            .is_none()
    );
    bench.call(&delete).unwrap();

    let made = bench.call(&second).unwrap();
    let ip = made.public_ip_instance_list[0]
        .public_ip_instance_no
        .clone()
        .unwrap();
    bench.pass(3);
    assert_eq!(
        code(public_ip(&bench, &ip).public_ip_instance_status.as_ref()),
        "USED"
    );
    stop(&bench, &number);
    bench
        .call(&TerminateServerInstances::new([number.as_str()]))
        .unwrap();
    bench.pass(3);
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(0));
    let left = bench.call(&GetPublicIpInstanceList::new()).unwrap();
    assert_eq!(left.total_rows, Some(1));
}

#[test]
fn snapshots_are_taken_of_storage_and_stay_behind() {
    let bench = Bench::new();
    let number = server(&bench);
    let list = GetBlockStorageInstanceList::new().server_instance_no(&number);
    let base = bench.call(&list).unwrap().block_storage_instance_list[0].clone();
    let create = CreateBlockStorageSnapshotInstance::new(base.block_storage_instance_no.clone().unwrap())
        .block_storage_snapshot_name("before");
    let made = bench.call(&create).unwrap().block_storage_snapshot_instance_list;
    assert_eq!(
        code(made[0].block_storage_snapshot_instance_status.as_ref()),
        "INIT"
    );
    assert_eq!(
        made[0].block_storage_snapshot_volume_size,
        base.block_storage_size
    );
    assert_eq!(
        made[0].server_image_product_code.as_deref(),
        Some("SPSW0LINUX000032")
    );
    let snapshot = made[0].block_storage_snapshot_instance_no.clone().unwrap();
    let delete = DeleteBlockStorageSnapshotInstances::new([&snapshot]);
    assert_eq!(bench.refusal(&delete), "25013");
    assert_eq!(bench.refusal(&create), "1101");
    bench.pass(3);
    stop(&bench, &number);
    bench.call(&TerminateServerInstances::new([&number])).unwrap();
    bench.pass(3);
    let of_storage = base.block_storage_instance_no.unwrap();
    let list =
        GetBlockStorageSnapshotInstanceList::new().original_block_storage_instance_no_list([&of_storage]);
    let left = bench.call(&list).unwrap().block_storage_snapshot_instance_list;
    assert_eq!(
        code(left[0].block_storage_snapshot_instance_status.as_ref()),
        "CREAT"
    );
    assert_eq!(
        bench.refusal(&CreateBlockStorageSnapshotInstance::new(of_storage)),
        "800"
    );
    bench.call(&delete).unwrap();
    bench.pass(3);
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(0));
}
