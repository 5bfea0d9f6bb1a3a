//! Several at once: what begins while something of its kind goes on, and calls that name more than one thing.

use ncloud_api::server;
use ncloud_api::vserver::{
    AttachBlockStorageInstance, AttachNetworkInterface, CreateBlockStorageInstance, CreateNetworkInterface,
    DetachBlockStorageInstances, GetBlockStorageInstanceList, GetNetworkInterfaceList,
};

use super::networks::Bench;
use super::servers::running;

/// The devices of a server's storage, without the one that it boots from.
fn devices(bench: &Bench, server: &str) -> Vec<String> {
    let list = GetBlockStorageInstanceList::new().server_instance_no(server);
    let found = bench.call(&list).unwrap().block_storage_instance_list;
    let mut devices: Vec<String> = found
        .into_iter()
        .filter_map(|storage| storage.device_name)
        .collect();
    devices.sort();
    devices.split_off(1)
}

#[test]
fn storage_that_comes_to_a_server_at_once_has_devices_of_its_own() {
    let bench = Bench::new();
    let (_, _, server) = running(&bench);
    let create = CreateBlockStorageInstance::new()
        .server_instance_no(&server)
        .block_storage_size(10);
    let made = (0..3).map(|_| bench.call(&create).unwrap().block_storage_instance_list);
    let storages: Vec<String> = made
        .map(|made| made[0].block_storage_instance_no.clone().unwrap())
        .collect();
    bench.pass(3);
    let expected = ["/dev/xvdb", "/dev/xvdc", "/dev/xvdd"];
    assert_eq!(devices(&bench, &server), expected);

    bench
        .call(&DetachBlockStorageInstances::new(storages.clone()))
        .unwrap();
    bench.pass(3);
    for storage in &storages {
        bench
            .call(&AttachBlockStorageInstance::new(&server, storage))
            .unwrap();
    }
    bench.pass(3);
    assert_eq!(devices(&bench, &server), expected);
}

#[test]
fn interfaces_that_come_to_a_server_at_once_have_devices_of_their_own() {
    let bench = Bench::new();
    let (vpc, subnet, server) = running(&bench);
    let create = CreateNetworkInterface::new([bench.access_control_group(&vpc)], &subnet, &vpc);
    let made = (0..2).map(|_| bench.call(&create).unwrap().network_interface_list);
    let interfaces: Vec<String> = made
        .map(|made| made[0].network_interface_no.clone().unwrap())
        .collect();
    bench.pass(3);
    for interface in &interfaces {
        bench
            .call(&AttachNetworkInterface::new(&server, interface, &subnet))
            .unwrap();
    }
    bench.pass(3);
    let found = bench
        .call(&GetNetworkInterfaceList::new())
        .unwrap()
        .network_interface_list;
    let mine = found
        .into_iter()
        .filter(|found| found.instance_no.as_deref() == Some(server.as_str()));
    let mut devices: Vec<String> = mine.filter_map(|interface| interface.device_name).collect();
    devices.sort();
    assert_eq!(devices, ["eth0", "eth1", "eth2"]);
}

#[test]
fn storage_is_detached_all_or_none() {
    let bench = Bench::new();
    let create = server::CreateServerInstances::new().server_image_product_code("SPSW0LINUX000046");
    let made = bench.call(&create).unwrap().server_instance_list;
    let number = made[0].server_instance_no.clone().unwrap();
    bench.pass(3);
    bench
        .call(&server::CreateBlockStorageInstance::new(10, &number))
        .unwrap();
    bench.pass(3);
    let list = server::GetBlockStorageInstanceList::new().server_instance_no(&number);
    let states = || {
        let found = bench.call(&list).unwrap().block_storage_instance_list;
        let state = |storage: &server::BlockStorageInstance| {
            let operation = storage.block_storage_instance_operation.as_ref().unwrap();
            (
                storage.block_storage_instance_no.clone().unwrap(),
                operation.code.clone(),
            )
        };
        found.iter().map(state).collect::<Vec<_>>()
    };
    let before = states();
    assert_eq!(before.len(), 2);
    // The one that the server boots from is named last, and first.
    for numbers in [[1, 0], [0, 1]] {
        let numbers = numbers.map(|index| before[index].0.as_str());
        assert_eq!(
            bench.refusal(&server::DetachBlockStorageInstances::new(numbers)),
            "1102"
        );
        assert_eq!(states(), before);
    }
}
