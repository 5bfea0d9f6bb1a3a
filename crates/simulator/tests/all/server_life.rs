//! The whole life of a server under virtual time, with the waiters: a network, storage, copies, a public IP, and all gone.

use ncloud_api::vpc::{DeleteSubnet, DeleteVpc, SubnetDeleted, VpcDeleted};
use ncloud_api::vserver::{
    AssociatePublicIpWithServerInstance, AttachBlockStorageInstance, BlockStorageInstanceAttached,
    BlockStorageInstanceCreated, BlockStorageInstanceDeleted, BlockStorageInstanceDetached,
    BlockStorageSnapshotInstanceCreated, BlockStorageSnapshotInstanceDeleted, CreateBlockStorageInstance,
    CreateBlockStorageSnapshotInstance, CreateMemberServerImageInstance, CreatePublicIpInstance,
    DeleteBlockStorageInstances, DeleteBlockStorageSnapshotInstances, DeleteMemberServerImageInstances,
    DeletePublicIpInstance, DetachBlockStorageInstances, GetBlockStorageInstanceDetail,
    GetMemberServerImageInstanceDetail, GetNetworkInterfaceList, GetPublicIpInstanceDetail,
    MemberServerImageCreated, MemberServerImageDeleted, PublicIpInstanceAssociated, PublicIpInstanceDeleted,
    PublicIpInstanceDisassociated, ServerInstanceTerminated, TerminateServerInstances,
};

use super::networks::Bench;
use super::servers::{running, server, state, stop, storages};

/// Storage that was attached, detached and attached again, and that which the server boots from.
fn with_storage(bench: &Bench, number: &str) -> (String, String) {
    let storage = CreateBlockStorageInstance::new()
        .block_storage_size(100)
        .server_instance_no(number);
    let made = bench.call(&storage).unwrap().block_storage_instance_list;
    assert_eq!(made[0].block_storage_size, Some(107_374_182_400));
    let storage = made[0].block_storage_instance_no.clone().unwrap();
    bench.wait(&BlockStorageInstanceCreated::new(&storage)).unwrap();
    let attached = storages(bench, number);
    let devices: Vec<_> = attached
        .iter()
        .map(|one| one.device_name.as_deref().unwrap())
        .collect();
    assert_eq!(devices, ["/dev/xvda", "/dev/xvdb"]);

    bench.call(&DetachBlockStorageInstances::new([&storage])).unwrap();
    bench.wait(&BlockStorageInstanceDetached::new(&storage)).unwrap();
    assert_eq!(storages(bench, number).len(), 1);
    bench
        .call(&AttachBlockStorageInstance::new(number, &storage))
        .unwrap();
    bench.wait(&BlockStorageInstanceAttached::new(&storage)).unwrap();

    let boot = attached[0].block_storage_instance_no.clone().unwrap();
    (storage, boot)
}

/// A snapshot of the storage that the server boots from.
fn snapshot_of(bench: &Bench, boot: &str) -> String {
    let made = bench
        .call(&CreateBlockStorageSnapshotInstance::new(boot))
        .unwrap();
    let snapshot = &made.block_storage_snapshot_instance_list[0];
    assert_eq!(snapshot.is_bootable, Some(true));
    assert_eq!(snapshot.block_storage_snapshot_volume_size, Some(53_687_091_200));
    let snapshot = snapshot.block_storage_snapshot_instance_no.clone().unwrap();
    bench
        .wait(&BlockStorageSnapshotInstanceCreated::new(&snapshot))
        .unwrap();
    snapshot
}

/// An image of the server.
fn image_of(bench: &Bench, number: &str) -> String {
    let made = bench.call(&CreateMemberServerImageInstance::new(number)).unwrap();
    let image = made.member_server_image_instance_list[0].clone();
    assert_eq!(image.member_server_image_block_storage_total_rows, Some(2));
    assert_eq!(
        image.member_server_image_block_storage_total_size,
        Some(161_061_273_600)
    );
    let image = image.member_server_image_instance_no.unwrap();
    bench.wait(&MemberServerImageCreated::new(&image)).unwrap();
    image
}

/// A public IP that belongs to the server.
fn address_of(bench: &Bench, number: &str) -> String {
    let made = bench.call(&CreatePublicIpInstance::new()).unwrap();
    let address = made.public_ip_instance_list[0]
        .public_ip_instance_no
        .clone()
        .unwrap();
    let associate = AssociatePublicIpWithServerInstance::new(&address, number);
    assert_eq!(bench.refusal(&associate), "1003016");
    bench.pass(3);
    bench.call(&associate).unwrap();
    bench.wait(&PublicIpInstanceAssociated::new(&address)).unwrap();
    let shown = bench.call(&GetPublicIpInstanceDetail::new(&address)).unwrap();
    assert_eq!(
        shown.public_ip_instance_list[0].private_ip.as_deref(),
        Some("10.0.0.6")
    );
    assert_eq!(
        server(bench, number).public_ip,
        shown.public_ip_instance_list[0].public_ip
    );
    address
}

#[test]
fn a_server_lives_and_goes_with_all_that_belongs_to_it() {
    let bench = Bench::new();
    let (vpc, subnet, number) = running(&bench);
    let number = number.as_str();
    let (storage, boot) = with_storage(&bench, number);
    let snapshot = snapshot_of(&bench, &boot);
    let image = image_of(&bench, number);
    let address = address_of(&bench, number);

    stop(&bench, number);
    let terminating = bench.call(&TerminateServerInstances::new([number])).unwrap();
    assert_eq!(
        state(&terminating.server_instance_list[0]),
        "NSTOP TERMT terminating"
    );
    bench.wait(&ServerInstanceTerminated::new(number)).unwrap();
    bench.wait(&BlockStorageInstanceDeleted::new(&boot)).unwrap();
    bench.wait(&BlockStorageInstanceDetached::new(&storage)).unwrap();
    bench.wait(&PublicIpInstanceDisassociated::new(&address)).unwrap();
    assert_eq!(
        bench.call(&GetNetworkInterfaceList::new()).unwrap().total_rows,
        Some(0)
    );

    delete_what_stayed(&bench, &storage, &snapshot, &image, &address);
    bench.call(&DeleteSubnet::new(&subnet)).unwrap();
    bench.wait(&SubnetDeleted::new(&subnet)).unwrap();
    bench.call(&DeleteVpc::new(&vpc)).unwrap();
    bench.wait(&VpcDeleted::new(&vpc)).unwrap();
    let left = bench.call(&GetBlockStorageInstanceDetail::new(&storage)).unwrap();
    assert_eq!(left.total_rows, Some(0));
    let left = bench
        .call(&GetMemberServerImageInstanceDetail::new(&image))
        .unwrap();
    assert_eq!(left.total_rows, Some(0));
}

fn delete_what_stayed(bench: &Bench, storage: &str, snapshot: &str, image: &str, address: &str) {
    bench.call(&DeleteBlockStorageInstances::new([storage])).unwrap();
    bench.wait(&BlockStorageInstanceDeleted::new(storage)).unwrap();
    bench
        .call(&DeleteBlockStorageSnapshotInstances::new([snapshot]))
        .unwrap();
    bench
        .wait(&BlockStorageSnapshotInstanceDeleted::new(snapshot))
        .unwrap();
    bench
        .call(&DeleteMemberServerImageInstances::new([image]))
        .unwrap();
    bench.wait(&MemberServerImageDeleted::new(image)).unwrap();
    bench.call(&DeletePublicIpInstance::new(address)).unwrap();
    bench.wait(&PublicIpInstanceDeleted::new(address)).unwrap();
}
