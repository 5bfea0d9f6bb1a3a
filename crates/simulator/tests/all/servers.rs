//! Servers under virtual time: made with what they bring along, moved from state to state, terminated; what is refused.

use ncloud_api::vpc::DeleteSubnet;
use ncloud_api::vserver::{
    BlockStorageInstance, ChangeServerInstanceName, ChangeServerInstanceSpec,
    CreateMemberServerImageInstance, CreateServerInstances, DeletePublicIpInstance,
    GetBlockStorageInstanceList, GetNetworkInterfaceList, GetPublicIpTargetServerInstanceList,
    GetServerInstanceDetail, GetServerInstanceList, InterruptServerInstance, NetworkInterfaceParameter,
    PublicIpInstanceAssociated, RebootServerInstances, ServerInstance, ServerInstanceIdle,
    ServerInstanceRunning, ServerInstanceStopped, ServerInstanceTerminated, SetProtectServerTermination,
    StartServerInstances, StopServerInstances, TerminateServerInstances,
};

use super::networks::Bench;

const IMAGE: &str = "SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050";

pub(crate) fn creation(bench: &Bench, vpc: &str, subnet: &str) -> CreateServerInstances {
    let group = bench.access_control_group(vpc);
    let interface = NetworkInterfaceParameter::new(0).access_control_group_no_list([group]);
    CreateServerInstances::new(vpc, subnet, [interface]).server_image_product_code(IMAGE)
}

/// A running server in a VPC and a subnet of its own: the numbers of all three.
pub(crate) fn running(bench: &Bench) -> (String, String, String) {
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let made = bench
        .call(&creation(bench, &vpc, &subnet).server_name("web"))
        .unwrap();
    let number = made.server_instance_list[0].server_instance_no.clone().unwrap();
    bench.wait(&ServerInstanceRunning::new(&number)).unwrap();
    (vpc, subnet, number)
}

pub(crate) fn server(bench: &Bench, number: &str) -> ServerInstance {
    let found = bench.call(&GetServerInstanceDetail::new(number)).unwrap();
    found.server_instance_list[0].clone()
}

/// Status, operation and status name.
pub(crate) fn state(server: &ServerInstance) -> String {
    let code = |code: &Option<ncloud_api::CommonCode>| code.as_ref().unwrap().code.clone().unwrap();
    let (status, operation) = (&server.server_instance_status, &server.server_instance_operation);
    let phrase = server.server_instance_status_name.as_deref().unwrap();
    format!("{} {} {phrase}", code(status), code(operation))
}

pub(crate) fn storages(bench: &Bench, server: &str) -> Vec<BlockStorageInstance> {
    let list = GetBlockStorageInstanceList::new().server_instance_no(server);
    bench.call(&list).unwrap().block_storage_instance_list
}

pub(crate) fn stop(bench: &Bench, number: &str) {
    let stopping = bench.call(&StopServerInstances::new([number])).unwrap();
    assert_eq!(
        state(&stopping.server_instance_list[0]),
        "RUN SHTDN shutting down"
    );
    bench.wait(&ServerInstanceStopped::new(number)).unwrap();
}

#[test]
fn a_new_server_has_what_its_codes_say() {
    let bench = Bench::new();
    let (vpc, subnet, number) = running(&bench);
    let web = server(&bench, &number);
    assert_eq!(state(&web), "RUN NULL running");
    assert_eq!((web.cpu_count, web.memory_size), (Some(2), Some(4 << 30)));
    assert_eq!(web.server_spec_code.as_deref(), Some("c2-g2-s50"));
    assert_eq!(web.platform_type.unwrap().code.as_deref(), Some("UBS64"));
    assert_eq!(
        (web.zone_code.as_deref(), web.vpc_no.as_deref()),
        (Some("KR-1"), Some(vpc.as_str()))
    );
    let interfaces = bench
        .call(&GetNetworkInterfaceList::new().instance_no(&number))
        .unwrap();
    let interface = &interfaces.network_interface_list[0];
    assert_eq!(
        web.network_interface_no_list,
        [interface.network_interface_no.clone().unwrap()]
    );
    assert_eq!(
        (interface.is_default, interface.ip.as_deref()),
        (Some(true), Some("10.0.0.6"))
    );
    let group = bench.access_control_group(&vpc);
    assert_eq!(interface.access_control_group_no_list, [group]);
    assert_eq!(bench.refusal(&DeleteSubnet::new(&subnet)), "1103");
    // What comes along has a name and, where its kind shows one, a date, as everything has that is made.
    assert!(
        interface
            .network_interface_name
            .as_deref()
            .unwrap()
            .starts_with("nic-")
    );
    let boot = &storages(&bench, &number)[0];
    assert!(boot.block_storage_name.as_deref().unwrap().starts_with("bst-"));
    assert!(boot.create_date.is_some());

    let own = bench
        .call(&CreateMemberServerImageInstance::new(&number))
        .unwrap();
    let own = own.member_server_image_instance_list[0]
        .member_server_image_instance_no
        .clone();
    bench.pass(3);
    let mut copy = creation(&bench, &vpc, &subnet).server_spec_code("s4-g2-h100");
    copy.server_image_product_code = None;
    assert_eq!(bench.refusal(&copy), "1100");
    let copy = copy
        .member_server_image_instance_no(own.clone().unwrap())
        .associate_with_public_ip(true);
    let made = bench.call(&copy).unwrap().server_instance_list[0].clone();
    assert_eq!(made.memory_size, Some(16 << 30));
    assert_eq!(
        (
            made.member_server_image_instance_no,
            made.server_image_product_code.as_deref()
        ),
        (own, Some(IMAGE))
    );
    let address = made.public_ip_instance_no.unwrap();
    bench.wait(&PublicIpInstanceAssociated::new(&address)).unwrap();
    assert_eq!(bench.refusal(&DeletePublicIpInstance::new(&address)), "1103");
}

#[test]
fn several_servers_are_made_at_once_or_none() {
    let bench = Bench::new();
    let (vpc, subnet, _) = running(&bench);
    let count = |count| {
        creation(&bench, &vpc, &subnet)
            .server_name("job")
            .server_create_count(count)
    };
    let made = bench
        .call(&count(3).server_create_start_no(2))
        .unwrap()
        .server_instance_list;
    let names: Vec<_> = made
        .iter()
        .map(|one| one.server_name.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["job-002", "job-003", "job-004"]);
    assert_eq!(state(&made[0]), "INIT CREAT creating");
    let total = || {
        bench
            .call(&GetServerInstanceList::new().server_name("job"))
            .unwrap()
            .total_rows
    };
    assert_eq!(bench.refusal(&count(2)), "1101");
    assert_eq!(bench.refusal(&count(0)), "1100");
    assert_eq!(total(), Some(3));
    // There are no addresses for so many.
    let many = creation(&bench, &vpc, &subnet)
        .server_name("more")
        .server_create_count(300);
    assert_eq!(bench.refusal(&many), "1102");
    assert_eq!(
        bench.call(&GetNetworkInterfaceList::new()).unwrap().total_rows,
        Some(4)
    );
    // Nothing can be done to what is being made.
    let number = made[0].server_instance_no.as_deref().unwrap();
    assert_eq!(bench.refusal(&StopServerInstances::new([number])), "1100031");
    let by_address = GetServerInstanceList::new().ip("10.0.0.7");
    let found = bench.call(&by_address).unwrap().server_instance_list;
    assert_eq!(found[0].server_name.as_deref(), Some("job-002"));
}

#[test]
fn a_server_is_changed_when_it_is_in_the_state_for_it() {
    let bench = Bench::new();
    let (_, _, number) = running(&bench);
    let number = number.as_str();
    assert_eq!(bench.refusal(&StartServerInstances::new([number])), "1102");
    assert_eq!(bench.refusal(&TerminateServerInstances::new([number])), "1102");
    let bigger = ChangeServerInstanceSpec::new(number).server_spec_code("s4-g2-s50");
    assert_eq!(bench.refusal(&bigger), "1102");
    assert_eq!(bench.refusal(&InterruptServerInstance::new(number)), "1102");

    let rebooting = bench.call(&RebootServerInstances::new([number])).unwrap();
    assert_eq!(state(&rebooting.server_instance_list[0]), "RUN RESTA rebooting");
    assert_eq!(bench.refusal(&StopServerInstances::new([number])), "1100031");
    bench.wait(&ServerInstanceIdle::new(number)).unwrap();

    stop(&bench, number);
    assert_eq!(state(&server(&bench, number)), "NSTOP NULL stopped");
    let changing = bench.call(&bigger).unwrap().server_instance_list;
    assert_eq!(state(&changing[0]), "NSTOP CHNG changingSpec");
    assert_eq!(changing[0].cpu_count, Some(2));
    bench.wait(&ServerInstanceIdle::new(number)).unwrap();
    assert_eq!(server(&bench, number).memory_size, Some(16 << 30));
    let disk = ChangeServerInstanceSpec::new(number).server_spec_code("s4-g2-h50");
    assert_eq!(bench.refusal(&disk), "1102");
    let unknown = ChangeServerInstanceSpec::new(number).server_spec_code("huge");
    assert_eq!(bench.refusal(&unknown), "800");

    let protected = bench
        .call(&SetProtectServerTermination::new(number, true))
        .unwrap();
    assert_eq!(
        protected.server_instance_list[0].is_protect_server_termination,
        Some(true)
    );
    assert_eq!(bench.refusal(&TerminateServerInstances::new([number])), "1102");
    bench
        .call(&SetProtectServerTermination::new(number, false))
        .unwrap();
    bench.call(&StartServerInstances::new([number])).unwrap();
    bench.wait(&ServerInstanceRunning::new(number)).unwrap();
    assert!(server(&bench, number).uptime.is_some());

    assert_eq!(
        bench.refusal(&ChangeServerInstanceName::new(number, "web-frontend-2025-server")),
        "1101"
    );
    bench
        .call(&ChangeServerInstanceName::new(number, "renamed"))
        .unwrap();
    let interfaces = bench
        .call(&GetNetworkInterfaceList::new().server_name("renamed"))
        .unwrap();
    assert_eq!(interfaces.total_rows, Some(1));
}

#[test]
fn the_servers_of_the_inventory_run_and_can_go() {
    let bench = Bench::new();
    let all = bench.call(&GetServerInstanceList::new()).unwrap();
    assert_eq!(all.total_rows, Some(25));
    assert!(
        all.server_instance_list
            .iter()
            .all(|one| state(one) == "RUN NULL running")
    );
    let targets = bench.call(&GetPublicIpTargetServerInstanceList::new()).unwrap();
    assert_eq!(targets.total_rows, Some(25));
    let windows = all.server_instance_list.iter().find(|one| {
        let platform = one
            .platform_type
            .as_ref()
            .and_then(|platform| platform.code.as_deref());
        platform == Some("WND64")
    });
    let windows = windows.unwrap().server_instance_no.as_deref().unwrap();
    let interrupted = bench.call(&InterruptServerInstance::new(windows)).unwrap();
    assert_eq!(interrupted.server_instance_no_list, [windows]);
    let numbers = ["900101", "900154"];
    bench.call(&StopServerInstances::new(numbers)).unwrap();
    assert_eq!(
        bench.refusal(&TerminateServerInstances::new(["900207", "900101"])),
        "1102"
    );
    bench.pass(3);
    bench.call(&TerminateServerInstances::new(numbers)).unwrap();
    bench.pass(3);
    assert_eq!(
        bench.call(&GetServerInstanceList::new()).unwrap().total_rows,
        Some(23)
    );
}

#[test]
fn a_server_whose_making_failed_can_go() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    bench.simulator.fail_next_creation();
    let made = bench.call(&creation(&bench, &vpc, &subnet)).unwrap();
    let number = made.server_instance_list[0].server_instance_no.clone().unwrap();
    assert!(bench.wait(&ServerInstanceRunning::new(&number)).is_err());
    assert_eq!(state(&server(&bench, &number)), "FSTOP NULL stopped by failure");
    bench.call(&TerminateServerInstances::new([&number])).unwrap();
    bench.wait(&ServerInstanceTerminated::new(&number)).unwrap();
}

#[test]
fn changes_that_take_no_time_show_once() {
    let bench = Bench::at_once();
    let (_, _, number) = running(&bench);
    let stopping = bench.call(&StopServerInstances::new([&number])).unwrap();
    assert_eq!(
        state(&stopping.server_instance_list[0]),
        "RUN SHTDN shutting down"
    );
    assert_eq!(state(&server(&bench, &number)), "NSTOP NULL stopped");
    let terminating = bench.call(&TerminateServerInstances::new([&number])).unwrap();
    assert_eq!(
        state(&terminating.server_instance_list[0]),
        "NSTOP TERMT terminating"
    );
    let gone = bench.call(&GetServerInstanceDetail::new(&number)).unwrap();
    assert_eq!(gone.total_rows, Some(0));
    assert!(storages(&bench, &number).is_empty());
}
