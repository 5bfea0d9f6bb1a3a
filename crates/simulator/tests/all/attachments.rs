//! What is attached to servers, under virtual time: network interfaces, storage, snapshots, images, public IPs; what is refused.

use ncloud_api::vserver::{
    AddMemberServerImageSharingPermission, AddNetworkInterfaceAccessControlGroup, AssignSecondaryIps,
    AssociatePublicIpWithServerInstance, AttachNetworkInterface, BlockStorage, BlockStorageInstanceCreated,
    BlockStorageInstanceIdle, ChangeBlockStorageInstance, CreateBlockStorageInstance,
    CreateBlockStorageSnapshotInstance, CreateMemberServerImageInstance, CreateNetworkInterface,
    CreatePublicIpInstance, CreateServerImage, DeleteBlockStorageInstances,
    DeleteBlockStorageSnapshotInstances, DeleteNetworkInterface, DeleteServerImage,
    DetachBlockStorageInstances, DetachNetworkInterface, DisableFlowLog,
    DisassociatePublicIpFromServerInstance, EnableFlowLog, GetBlockStorageInstanceList,
    GetFlowLogConfigurationList, GetNetworkInterfaceDetail, GetPublicIpInstanceList, GetServerImageList,
    NetworkInterface, NetworkInterfaceAttached, NetworkInterfaceCreated, NetworkInterfaceDeleted,
    NetworkInterfaceDetached, PublicIpInstanceDisassociated, RemoveMemberServerImageSharingPermission,
    RemoveNetworkInterfaceAccessControlGroup, ServerImageCreated, ServerImageDeleted, ServerInstanceStopped,
    SetBlockStorageReturnProtection, SnapshotTypeCode, StopServerInstances, UnassignSecondaryIps,
};

use super::networks::Bench;
use super::servers::{running, server};

fn interface(bench: &Bench, number: &str) -> NetworkInterface {
    let found = bench.call(&GetNetworkInterfaceDetail::new(number)).unwrap();
    found.network_interface_list[0].clone()
}

#[test]
fn an_interface_is_attached_and_detached_and_goes() {
    let bench = Bench::new();
    let (vpc, subnet, server_number) = running(&bench);
    let create = CreateNetworkInterface::new([bench.access_control_group(&vpc)], &subnet, &vpc);
    assert_eq!(bench.refusal(&create.clone().ip("10.0.0.5")), "1100");
    assert_eq!(bench.refusal(&create.clone().ip("10.0.0.6")), "1101");
    let made = bench
        .call(&create.clone().ip("10.0.0.99"))
        .unwrap()
        .network_interface_list;
    let number = made[0].network_interface_no.clone().unwrap();
    let attach = AttachNetworkInterface::new(&server_number, &number, &subnet);
    assert_eq!(bench.refusal(&attach), "1002022");
    bench.wait(&NetworkInterfaceCreated::new(&number)).unwrap();
    bench.call(&attach).unwrap();
    bench.wait(&NetworkInterfaceAttached::new(&number)).unwrap();
    let shown = interface(&bench, &number);
    assert_eq!(
        (shown.device_name.as_deref(), shown.ip.as_deref()),
        (Some("eth1"), Some("10.0.0.99"))
    );
    assert_eq!(shown.instance_no.as_deref(), Some(server_number.as_str()));
    assert_eq!(server(&bench, &server_number).network_interface_no_list.len(), 2);
    assert_eq!(bench.refusal(&DeleteNetworkInterface::new(&number)), "1102");

    let default = server(&bench, &server_number).network_interface_no_list[0].clone();
    assert_eq!(
        bench.refusal(&DetachNetworkInterface::new(&server_number, &default, &subnet)),
        "1102"
    );
    assert_eq!(
        bench.refusal(&DetachNetworkInterface::new("900101", &number, &subnet)),
        "1102"
    );
    bench
        .call(&DetachNetworkInterface::new(&server_number, &number, &subnet))
        .unwrap();
    bench.wait(&NetworkInterfaceDetached::new(&number)).unwrap();
    assert_eq!(
        server(&bench, &server_number).network_interface_no_list,
        [default]
    );
    assert_eq!(
        interface(&bench, &number)
            .instance_no
            .as_deref()
            .unwrap_or_default(),
        ""
    );
    bench.call(&DeleteNetworkInterface::new(&number)).unwrap();
    bench.wait(&NetworkInterfaceDeleted::new(&number)).unwrap();
    // Its address is free again.
    bench.call(&create.ip("10.0.0.99")).unwrap();
}

#[test]
fn an_interface_keeps_between_one_and_three_groups_and_up_to_five_secondary_addresses() {
    let bench = Bench::new();
    let (vpc, _, server_number) = running(&bench);
    let default = bench.access_control_group(&vpc);
    let others: Vec<String> = (0..3).map(|_| bench.new_access_control_group(&vpc)).collect();
    let (first, all) = (others[0].as_str(), [&others[0], &others[1], &others[2]]);
    let number = server(&bench, &server_number).network_interface_no_list[0].clone();
    let add = |groups: &[&str]| AddNetworkInterfaceAccessControlGroup::new(groups.iter().copied(), &number);
    assert_eq!(bench.refusal(&add(&all.map(String::as_str))), "1104");
    let setting = bench
        .call(&add(&[first, &default]))
        .unwrap()
        .network_interface_list;
    assert_eq!(setting[0].access_control_group_no_list, [default.as_str()]);
    let remove =
        |groups: &[&str]| RemoveNetworkInterfaceAccessControlGroup::new(groups.iter().copied(), &number);
    assert_eq!(bench.refusal(&remove(&[&default])), "1002022");
    bench.wait(&NetworkInterfaceAttached::new(&number)).unwrap();
    assert_eq!(
        interface(&bench, &number).access_control_group_no_list,
        [default.as_str(), first]
    );
    assert_eq!(bench.refusal(&remove(&[first, &default])), "1002035");
    bench.call(&remove(&[&default])).unwrap();
    bench.wait(&NetworkInterfaceAttached::new(&number)).unwrap();
    assert_eq!(interface(&bench, &number).access_control_group_no_list, [first]);

    let assigned = bench
        .call(&AssignSecondaryIps::new(&number).secondary_ip_count(2))
        .unwrap();
    assert_eq!(
        assigned.network_interface_list[0].secondary_ip_list,
        ["10.0.0.7", "10.0.0.8"]
    );
    assert_eq!(
        bench.refusal(&AssignSecondaryIps::new(&number).secondary_ip_count(4)),
        "1104"
    );
    bench
        .call(&UnassignSecondaryIps::new(&number, ["10.0.0.7"]))
        .unwrap();
    assert_eq!(interface(&bench, &number).secondary_ip_list, ["10.0.0.8"]);
}

#[test]
fn an_interface_records_its_traffic_until_it_is_told_not_to() {
    let bench = Bench::new();
    let (_, _, server_number) = running(&bench);
    let number = server(&bench, &server_number).network_interface_no_list[0].clone();
    let list = GetFlowLogConfigurationList::new([&number]);
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(0));
    let enable = |number: &str| EnableFlowLog::new("ALL", number, "logs");
    assert_eq!(bench.refusal(&enable("1")), "800");
    assert_eq!(bench.refusal(&GetFlowLogConfigurationList::new(["1"])), "800");
    for minutes in [15, 5] {
        let enable = enable(&number).collect_interval_minute(minutes);
        let set = bench.call(&enable).unwrap().flow_log_configuration_list;
        assert_eq!(
            set[0].storage_bucket_directory_name.as_deref(),
            Some("VPC_FLOW_LOG")
        );
        let shown = bench.call(&list).unwrap().flow_log_configuration_list;
        assert_eq!(
            (shown.len(), shown[0].collect_interval_minute),
            (1, Some(minutes))
        );
        assert_eq!(interface(&bench, &number).enable_flow_log, Some(true));
    }
    let disable = DisableFlowLog::new(&number);
    assert_eq!(bench.call(&disable).unwrap().total_rows, Some(1));
    assert_eq!(bench.call(&disable).unwrap().total_rows, Some(0));
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(0));
    assert_eq!(interface(&bench, &number).enable_flow_log, Some(false));
}

#[test]
fn storage_grows_while_its_server_stands_still_and_is_protected() {
    let bench = Bench::new();
    let (_, _, server_number) = running(&bench);
    let create = CreateBlockStorageInstance::new().server_instance_no(&server_number);
    assert_eq!(bench.refusal(&create), "1100");
    assert_eq!(bench.refusal(&create.clone().block_storage_size(15)), "1100");
    assert_eq!(bench.refusal(&create.clone().block_storage_size(2010)), "1100");
    let made = bench
        .call(&create.block_storage_size(20))
        .unwrap()
        .block_storage_instance_list;
    let number = made[0].block_storage_instance_no.clone().unwrap();
    bench.wait(&BlockStorageInstanceCreated::new(&number)).unwrap();
    let grow = |size| {
        ChangeBlockStorageInstance::new()
            .block_storage_instance_no(&number)
            .block_storage_size(size)
    };
    assert_eq!(bench.refusal(&grow(30)), "1102");
    bench.call(&StopServerInstances::new([&server_number])).unwrap();
    bench.wait(&ServerInstanceStopped::new(&server_number)).unwrap();
    assert_eq!(bench.refusal(&grow(20)), "1100");
    bench.call(&grow(30)).unwrap();
    bench.wait(&BlockStorageInstanceIdle::new(&number)).unwrap();
    let up_to = |size| {
        let list = GetBlockStorageInstanceList::new()
            .server_instance_no(&server_number)
            .block_storage_size(size);
        bench.call(&list).unwrap().total_rows
    };
    assert_eq!((up_to(20), up_to(30), up_to(50)), (Some(0), Some(1), Some(2)));

    let list = GetBlockStorageInstanceList::new().block_storage_type_code_list(["BASIC"]);
    let boot = bench.call(&list).unwrap().block_storage_instance_list[0]
        .block_storage_instance_no
        .clone()
        .unwrap();
    let both = DetachBlockStorageInstances::new([&number, &boot]);
    assert_eq!(bench.refusal(&both), "1102");
    assert_eq!(
        bench.refusal(&DeleteBlockStorageInstances::new([&number])),
        "1102"
    );
    bench
        .call(&SetBlockStorageReturnProtection::new(&number, true))
        .unwrap();
    bench.call(&DetachBlockStorageInstances::new([&number])).unwrap();
    bench.pass(3);
    assert_eq!(
        bench.refusal(&DeleteBlockStorageInstances::new([&number])),
        "1102"
    );
    bench
        .call(&SetBlockStorageReturnProtection::new(&number, false))
        .unwrap();
    bench.call(&DeleteBlockStorageInstances::new([&number])).unwrap();
}

#[test]
fn snapshots_of_changes_follow_one_of_the_whole() {
    let bench = Bench::new();
    let create = CreateBlockStorageInstance::new()
        .zone_code("KR-1")
        .block_storage_size(10);
    let made = bench.call(&create).unwrap().block_storage_instance_list;
    let storage = made[0].block_storage_instance_no.clone().unwrap();
    let full = CreateBlockStorageSnapshotInstance::new(&storage);
    assert_eq!(bench.refusal(&full), "3000");
    bench.pass(3);
    let changes = full.clone().snapshot_type_code(SnapshotTypeCode::Incremental);
    assert_eq!(bench.refusal(&changes), "1102");
    let first = bench.call(&full).unwrap().block_storage_snapshot_instance_list[0].clone();
    assert_eq!(first.is_bootable, Some(false));
    let first = first.block_storage_snapshot_instance_no.unwrap();
    let second = bench.call(&changes).unwrap().block_storage_snapshot_instance_list[0].clone();
    assert_eq!(second.base_snapshot_instance_no.as_ref(), Some(&first));
    assert_eq!(second.snapshot_chain_depth, Some(1));
    for _ in 2..=7 {
        bench.call(&changes).unwrap();
    }
    assert_eq!(bench.refusal(&changes), "1102");
    bench.pass(3);
    assert_eq!(
        bench.refusal(&DeleteBlockStorageSnapshotInstances::new([&first])),
        "1103"
    );

    let copy = CreateBlockStorageInstance::new()
        .zone_code("KR-1")
        .block_storage_snapshot_instance_no(&first);
    let copied = bench.call(&copy).unwrap().block_storage_instance_list;
    assert_eq!(copied[0].block_storage_size, Some(10 << 30));
}

#[test]
fn a_public_ip_belongs_to_one_server_at_most() {
    let bench = Bench::new();
    let (_, _, server_number) = running(&bench);
    let made = bench
        .call(&CreatePublicIpInstance::new().server_instance_no(&server_number))
        .unwrap();
    let first = made.public_ip_instance_list[0].clone();
    let second = bench
        .call(&CreatePublicIpInstance::new())
        .unwrap()
        .public_ip_instance_list[0]
        .clone();
    assert_ne!(first.public_ip, second.public_ip);
    bench.pass(3);
    let associate = AssociatePublicIpWithServerInstance::new(
        second.public_ip_instance_no.clone().unwrap(),
        &server_number,
    );
    assert_eq!(bench.refusal(&associate), "1102");
    let associated = |is_associated| {
        let list = GetPublicIpInstanceList::new().is_associated(is_associated);
        bench.call(&list).unwrap().public_ip_instance_list[0]
            .public_ip
            .clone()
    };
    assert_eq!(
        (associated(true), associated(false)),
        (first.public_ip, second.public_ip)
    );
    let disassociate = DisassociatePublicIpFromServerInstance::new().server_instance_no(&server_number);
    bench.call(&disassociate).unwrap();
    assert_eq!(bench.refusal(&disassociate), "1102");
    bench
        .wait(&PublicIpInstanceDisassociated::new(
            first.public_ip_instance_no.unwrap(),
        ))
        .unwrap();
    bench.call(&associate).unwrap();
}

#[test]
fn images_are_shared_and_the_platforms_own_stay() {
    let bench = Bench::new();
    let (_, _, server_number) = running(&bench);
    let made = bench
        .call(&CreateMemberServerImageInstance::new(&server_number))
        .unwrap();
    let image = made.member_server_image_instance_list[0]
        .member_server_image_instance_no
        .clone()
        .unwrap();
    let share = AddMemberServerImageSharingPermission::new(&image, ["you@example.com", "me@example.com"]);
    assert_eq!(bench.refusal(&share), "3000");
    bench.pass(3);
    let shared = bench.call(&share).unwrap().member_server_image_instance_list;
    assert_eq!(
        shared[0].shared_login_id_list,
        ["you@example.com", "me@example.com"]
    );
    assert_eq!(
        shared[0].share_status.as_ref().unwrap().code.as_deref(),
        Some("SHARE")
    );
    let end = RemoveMemberServerImageSharingPermission::new(&image, ["you@example.com", "me@example.com"]);
    let ended = bench.call(&end).unwrap().member_server_image_instance_list;
    assert_eq!(
        ended[0].share_status.as_ref().unwrap().code.as_deref(),
        Some("NULL")
    );

    let offered = bench
        .call(&GetServerImageList::new().server_image_type_code_list(["NCP"]))
        .unwrap();
    assert_eq!(offered.total_rows, Some(11));
    let offered = offered.server_image_list[0].server_image_no.clone().unwrap();
    assert_eq!(bench.refusal(&DeleteServerImage::new([offered])), "800");

    let list = GetBlockStorageInstanceList::new().server_instance_no(&server_number);
    let boot = bench.call(&list).unwrap().block_storage_instance_list[0]
        .block_storage_instance_no
        .clone();
    let made = bench
        .call(&CreateBlockStorageSnapshotInstance::new(boot.unwrap()))
        .unwrap();
    let snapshot = made.block_storage_snapshot_instance_list[0]
        .block_storage_snapshot_instance_no
        .clone();
    bench.pass(3);
    let boot = BlockStorage::new()
        .order(0)
        .snapshot_instance_no(snapshot.unwrap());
    let create = |storages: Vec<BlockStorage>| CreateServerImage::new(&server_number, "golden", storages);
    assert_eq!(bench.refusal(&create(vec![boot.clone().order(1)])), "1100");
    let further = BlockStorage::new().order(1).block_storage_size(100);
    let made = bench
        .call(&create(vec![boot, further]))
        .unwrap()
        .server_image_list[0]
        .clone();
    let sizes: Vec<_> = made
        .block_storage_mapping_list
        .iter()
        .map(|one| one.block_storage_size)
        .collect();
    assert_eq!(sizes, [Some(50 << 30), Some(100 << 30)]);
    let image = made.server_image_no.unwrap();
    bench.wait(&ServerImageCreated::new(&image)).unwrap();
    bench.call(&DeleteServerImage::new([&image])).unwrap();
    bench.wait(&ServerImageDeleted::new(&image)).unwrap();
}
