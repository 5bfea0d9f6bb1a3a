//! How parameters are spelt: numbers, sizes, lists, and what is named twice.

use ncloud_api::vpc::{CreateVpc, VpcCreated};
use ncloud_api::vserver::{
    BlockStorageMappingParameter, CreateBlockStorageInstance, CreateMemberServerImageInstance,
    CreateNetworkInterface, GetBlockStorageInstanceList, MemberServerImageCreated, StopServerInstances,
    TerminateServerInstances,
};
use ncloud_core::{Error, Raw};

use super::networks::Bench;
use super::servers::{creation, running, storages};

fn send(bench: &Bench, path: &str, pairs: &[(&str, &str)]) -> Result<String, Error> {
    let mut raw = Raw::new(http::Method::POST, path).form("responseFormatType", "json");
    for (name, value) in pairs {
        raw = raw.form(name, value);
    }
    let session = super::session(&bench.simulator);
    let request = session.raw(&raw, bench.now()).unwrap();
    let answer = bench.simulator.handle(request, bench.now());
    let reply = session.parse_raw(answer)?;
    Ok(String::from_utf8(reply.value.to_vec()).unwrap())
}

fn told(result: Result<String, Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn numbers_and_flags_count_however_they_are_spelt() {
    let bench = Bench::new();
    let (_, _, number) = running(&bench);
    let create = |size: &str| {
        let pairs = [("serverInstanceNo", number.as_str()), ("blockStorageSize", size)];
        send(&bench, "/vserver/v2/createBlockStorageInstance", &pairs)
    };
    for size in [" 30 ", "30.0", "+30"] {
        create(size).unwrap();
    }
    bench.pass(3);
    let sizes: Vec<_> = storages(&bench, &number)[1..]
        .iter()
        .map(|storage| storage.block_storage_size.unwrap() >> 30)
        .collect();
    assert_eq!(sizes, [30, 30, 30]);
    for size in ["-30", "0"] {
        assert!(told(create(size)).contains("blockStorageSize must be"), "{size}");
    }
    let list = GetBlockStorageInstanceList::new().server_instance_no(&number);
    let found = bench.call(&list.page_no(1).page_size(2)).unwrap();
    assert_eq!(
        (found.total_rows, found.block_storage_instance_list.len()),
        (Some(4), 2)
    );

    let protect = [
        ("serverInstanceNo", number.as_str()),
        ("isProtectServerTermination", " Y"),
    ];
    let shown = send(&bench, "/vserver/v2/setProtectServerTermination", &protect).unwrap();
    assert!(shown.contains("\"isProtectServerTermination\": true"), "{shown}");
    bench.call(&StopServerInstances::new([&number])).unwrap();
    bench.pass(3);
    assert_eq!(bench.refusal(&TerminateServerInstances::new([&number])), "1102");
}

#[test]
fn what_cannot_be_counted_is_refused_and_not_passed_over() {
    let bench = Bench::new();
    let (vpc, subnet, _) = running(&bench);
    let create = creation(&bench, &vpc, &subnet);
    assert_eq!(bench.refusal(&create.clone().server_create_start_no(-1)), "1100");
    let group = bench.access_control_group(&vpc);
    let interface = CreateNetworkInterface::new([group], &subnet, &vpc).secondary_ip_count(-1);
    assert_eq!(bench.refusal(&interface), "1100");

    let mapping = BlockStorageMappingParameter::new;
    let create =
        |mappings: Vec<BlockStorageMappingParameter>| create.clone().block_storage_mapping_list(mappings);
    for (order, size, problem) in [
        (0, "-50", "must be a number of GB above 0"),
        (1, "-50", "must be a number of GB above 0"),
        (1, "0", "must be a number of GB above 0"),
        (1, "much", "must be a number of GB above 0"),
        (1, "15", "must be a multiple of 10"),
        (1, "2010", "must be at most 2000"),
        (-1, "50", "order must be 0 or above"),
    ] {
        let further = mapping().order(order).block_storage_size(size);
        let error = bench.call(&create(vec![
            mapping().order(5).block_storage_size("10"),
            further,
        ]));
        let told = error.unwrap_err().to_string();
        assert!(
            told.contains("blockStorageMappingList.2.") && told.contains(problem),
            "{size}: {told}"
        );
    }
    let nothing = create(vec![mapping().order(1)]);
    assert_eq!(bench.refusal(&nothing), "1100");
    let twice = mapping().order(1).block_storage_size("50");
    assert_eq!(bench.refusal(&create(vec![twice.clone(), twice.clone()])), "1101");
    let many = (0..22).map(|order| mapping().order(order).block_storage_size("10"));
    assert_eq!(bench.refusal(&create(many.collect())), "1104");

    // What stands first in the list need not be what the server boots from.
    let made = create(vec![twice, mapping().order(0).block_storage_size(" 100 ")]);
    let made = bench.call(&made).unwrap().server_instance_list[0].clone();
    bench.pass(3);
    let sizes: Vec<_> = storages(&bench, &made.server_instance_no.unwrap())
        .iter()
        .map(|storage| storage.block_storage_size.unwrap() >> 30)
        .collect();
    assert_eq!(sizes, [100, 50]);
}

#[test]
fn what_is_named_twice_is_meant_once() {
    let bench = Bench::new();
    let (vpc, subnet, number) = running(&bench);
    let twice = [number.as_str(), number.as_str()];
    let stopping = bench.call(&StopServerInstances::new(twice)).unwrap();
    assert_eq!(
        (stopping.total_rows, stopping.server_instance_list.len()),
        (Some(1), 1)
    );
    bench.pass(3);
    let ending = bench.call(&TerminateServerInstances::new(twice)).unwrap();
    assert_eq!(ending.total_rows, Some(1));

    let group = bench.access_control_group(&vpc);
    let create = CreateNetworkInterface::new([&group, &group, &group, &group], &subnet, &vpc);
    let made = bench.call(&create).unwrap().network_interface_list;
    assert_eq!(made[0].access_control_group_no_list, [group.as_str()]);
    let storage = CreateBlockStorageInstance::new()
        .zone_code("KR-1")
        .block_storage_size(10);
    let made = bench.call(&storage).unwrap().block_storage_instance_list;
    bench.pass(3);
    let number = made[0].block_storage_instance_no.as_deref().unwrap();
    let pairs = [
        ("blockStorageInstanceNoList.1", number),
        ("blockStorageInstanceNoList.2", number),
    ];
    let gone = send(&bench, "/vserver/v2/deleteBlockStorageInstances", &pairs).unwrap();
    assert!(gone.contains("\"totalRows\": 1"), "{gone}");
}

#[test]
fn what_comes_after_a_gap_in_a_list_is_refused_and_not_passed_over() {
    let bench = Bench::new();
    for (path, list, numbers) in [
        ("/vpc/v2/getVpcList", "vpcNoList", ["2", "3"]),
        (
            "/vserver/v2/getServerInstanceList",
            "serverInstanceNoList",
            ["1", "3"],
        ),
        (
            "/vserver/v2/stopServerInstances",
            "serverInstanceNoList",
            ["1", "10"],
        ),
        ("/vserver/v2/deleteInitScripts", "initScriptNoList", ["2", "4"]),
    ] {
        let names = numbers.map(|number| format!("{list}.{number}"));
        let pairs = [(names[0].as_str(), "900101"), (names[1].as_str(), "900102")];
        let told = told(send(&bench, path, &pairs));
        assert!(
            told.contains("1100") && told.contains(&format!("{list} is wrong: item ")),
            "{told}"
        );
    }
    // In whatever order they come, one after the other is fine.
    let pairs = [
        ("serverInstanceNoList.2", "900684"),
        ("serverInstanceNoList.1", "900101"),
    ];
    let found = send(&bench, "/vserver/v2/getServerInstanceList", &pairs).unwrap();
    assert!(found.contains("\"totalRows\": 2"), "{found}");
}

#[test]
fn lists_within_lists_are_in_the_order_of_their_numbers() {
    let bench = Bench::new();
    let (vpc, subnet, _) = running(&bench);
    let groups: Vec<String> = (0..3).map(|_| bench.new_access_control_group(&vpc)).collect();
    let place = "networkInterfaceList.1.accessControlGroupNoList";
    let (third, first, second) = (format!("{place}.3"), format!("{place}.1"), format!("{place}.2"));
    let pairs = [
        ("vpcNo", vpc.as_str()),
        ("subnetNo", &subnet),
        ("serverImageProductCode", "SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050"),
        (&third, &groups[2]),
        ("networkInterfaceList.1.networkInterfaceOrder", "0"),
        (&first, &groups[0]),
        (&second, &groups[1]),
    ];
    send(&bench, "/vserver/v2/createServerInstances", &pairs).unwrap();
    let list = ncloud_api::vserver::GetNetworkInterfaceList::new();
    let found = bench.call(&list).unwrap().network_interface_list;
    assert_eq!(found.last().unwrap().access_control_group_no_list, groups);
}

#[test]
fn a_failure_waits_for_something_that_can_fail() {
    let bench = Bench::new();
    let (_, _, number) = running(&bench);
    bench.simulator.fail_next_creation();
    let made = bench.call(&CreateVpc::new("10.1.0.0/16")).unwrap();
    bench
        .wait(&VpcCreated::new(made.vpc_list[0].vpc_no.clone().unwrap()))
        .unwrap();
    let image = || {
        let made = bench
            .call(&CreateMemberServerImageInstance::new(&number))
            .unwrap();
        let made = &made.member_server_image_instance_list[0];
        let number = made.member_server_image_instance_no.clone().unwrap();
        bench.wait(&MemberServerImageCreated::new(number))
    };
    assert!(image().is_err());
    image().unwrap();
}
