//! The life of a server, in both clients against the served simulator and without any socket, under virtual time.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use ncloud_api::vpc::{
    CreateSubnet, CreateVpc, DeleteSubnet, DeleteVpc, GetNetworkAclList, SubnetCreated, SubnetDeleted,
    VpcCreated, VpcDeleted,
};
use ncloud_api::vserver::{
    CreateMemberServerImageInstance, CreateServerInstances, DeleteMemberServerImageInstances,
    GetAccessControlGroupList, GetMemberServerImageInstanceList, GetServerInstanceList,
    MemberServerImageCreated, MemberServerImageDeleted, NetworkInterfaceParameter, ServerInstanceRunning,
    ServerInstanceStopped, ServerInstanceTerminated, StopServerInstances, TerminateServerInstances,
};
use ncloud_core::{Endpoint, Error, Operation, Polling, Reply, Session, Waiter, drive};
use ncloud_simulator::Simulator;

use crate::clients::{Client, Limits, both};
use crate::support::now;

const IMAGE: &str = "SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050";

/// A way to make calls and to wait.
trait Caller {
    fn call<O: Operation + Sync>(&self, operation: &O) -> O::Output;

    fn wait<W: Waiter + Sync>(&self, waiter: &W)
    where
        <W::Operation as Operation>::Output: std::fmt::Debug;
}

/// A client on a socket. Every look that it takes lets a second pass for the simulator.
struct OverSocket<'a> {
    client: Client,
    simulator: &'a Simulator,
}

impl Caller for OverSocket<'_> {
    fn call<O: Operation + Sync>(&self, operation: &O) -> O::Output {
        self.client.send(operation).unwrap().into_value()
    }

    fn wait<W: Waiter + Sync>(&self, waiter: &W)
    where
        <W::Operation as Operation>::Output: std::fmt::Debug,
    {
        let at_once = Polling::default()
            .with_interval(Duration::from_nanos(1), Duration::from_nanos(1))
            .unwrap();
        let (session, looks) = (self.client.session(), Cell::new(0));
        let wait = session.wait(waiter).with_polling(at_once);
        let simulator = self.simulator.clone();
        let wait = wait.on_progress(move |_| {
            looks.set(looks.get() + 1);
            // What takes 3 seconds is over by the fourth look at the latest.
            assert!(looks.get() <= 4, "{} looks", looks.get());
            simulator.advance_clock(Duration::from_secs(1));
        });
        self.client.drive(wait).map(drop).map_err(Error::from).unwrap();
    }
}

/// No client at all: the machines, the simulator, and a time that moves only while somebody waits.
struct InProcess {
    simulator: Simulator,
    session: Session,
    now: Cell<SystemTime>,
}

impl Caller for InProcess {
    fn call<O: Operation + Sync>(&self, operation: &O) -> O::Output {
        let carry = |request| Ok(self.simulator.handle(request, self.now.get()));
        let sleep = |_| panic!("a call that is answered at once has nothing to wait for");
        let reply = drive(self.session.call(operation), || self.now.get(), carry, sleep);
        reply.map(Reply::into_value).unwrap()
    }

    fn wait<W: Waiter + Sync>(&self, waiter: &W)
    where
        <W::Operation as Operation>::Output: std::fmt::Debug,
    {
        let carry = |request| Ok(self.simulator.handle(request, self.now.get()));
        let sleep = |time| self.now.set(self.now.get() + time);
        let ended = drive(self.session.wait(waiter), || self.now.get(), carry, sleep);
        ended.map(drop).map_err(Error::from).unwrap();
    }
}

/// A VPC, a subnet in it, and a server that runs there.
fn running(caller: &impl Caller) -> (String, String, String) {
    let made = caller.call(&CreateVpc::new("10.0.0.0/16").vpc_name("net"));
    let vpc = made.vpc_list[0].vpc_no.clone().unwrap();
    caller.wait(&VpcCreated::new(&vpc));

    let acls = caller.call(&GetNetworkAclList::new().vpc_no(&vpc));
    let acl = acls.network_acl_list[0].network_acl_no.clone().unwrap();
    let made = caller.call(&CreateSubnet::new("PUBLIC", acl, "10.0.0.0/24", &vpc, "KR-1"));
    let subnet = made.subnet_list[0].subnet_no.clone().unwrap();
    caller.wait(&SubnetCreated::new(&subnet));

    let groups = caller.call(&GetAccessControlGroupList::new().vpc_no(&vpc));
    let group = groups.access_control_group_list[0]
        .access_control_group_no
        .clone();
    let interface = NetworkInterfaceParameter::new(0).access_control_group_no_list(group);
    let creation = CreateServerInstances::new(&vpc, &subnet, [interface])
        .server_image_product_code(IMAGE)
        .server_name("web");
    let made = caller.call(&creation);
    let server = made.server_instance_list[0].server_instance_no.clone().unwrap();
    caller.wait(&ServerInstanceRunning::new(&server));
    (vpc, subnet, server)
}

/// From nothing to a running server and an image of it, and back to nothing.
fn live(caller: &impl Caller) {
    let (vpc, subnet, server) = running(caller);

    let image = CreateMemberServerImageInstance::new(&server).member_server_image_name("web-copy");
    let made = caller.call(&image);
    let image = &made.member_server_image_instance_list[0];
    let image = image.member_server_image_instance_no.clone().unwrap();
    caller.wait(&MemberServerImageCreated::new(&image));
    let images = GetMemberServerImageInstanceList::new().member_server_image_name("web-copy");
    let listed = caller.call(&images).member_server_image_instance_list;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        listed[0].member_server_image_instance_no.as_deref(),
        Some(image.as_str())
    );

    caller.call(&StopServerInstances::new([&server]));
    caller.wait(&ServerInstanceStopped::new(&server));
    caller.call(&TerminateServerInstances::new([&server]));
    caller.wait(&ServerInstanceTerminated::new(&server));
    let servers = caller.call(&GetServerInstanceList::new().server_instance_no_list([&server]));
    assert_eq!(servers.total_rows, Some(0));

    caller.call(&DeleteMemberServerImageInstances::new([&image]));
    caller.wait(&MemberServerImageDeleted::new(&image));
    caller.call(&DeleteSubnet::new(&subnet));
    caller.wait(&SubnetDeleted::new(&subnet));
    caller.call(&DeleteVpc::new(&vpc));
    caller.wait(&VpcDeleted::new(&vpc));
}

/// Every change was carried out once, and the waiters saw each of them on its way.
fn check_calls(simulator: &Simulator) {
    for action in [
        "createVpc",
        "createSubnet",
        "createServerInstances",
        "createMemberServerImageInstance",
        "stopServerInstances",
        "terminateServerInstances",
        "deleteMemberServerImageInstances",
        "deleteSubnet",
        "deleteVpc",
    ] {
        assert_eq!(simulator.carried_out(action), 1, "{action}");
    }
    let looks = simulator.carried_out("getServerInstanceDetail");
    assert!(
        looks > 3,
        "{looks} looks at the server, which changed three times"
    );
}

#[test]
fn a_server_lives_in_both_clients() {
    for make in both() {
        let simulator = Simulator::new();
        let server = simulator.serve().unwrap();
        let endpoint = Endpoint::new(server.url()).unwrap();
        let session = Session::new(simulator.credentials(), endpoint).unwrap();
        live(&OverSocket {
            client: make(session, Limits::default()),
            simulator: &simulator,
        });
        check_calls(&simulator);
    }
}

#[test]
fn a_server_lives_without_a_socket() {
    let simulator = Simulator::new();
    let endpoint = Endpoint::new("http://127.0.0.1:1").unwrap();
    let caller = InProcess {
        session: Session::new(simulator.credentials(), endpoint).unwrap(),
        simulator,
        now: Cell::new(now()),
    };
    live(&caller);
    check_calls(&caller.simulator);
    // Nine changes of 3 seconds each, and no second of the machine's.
    assert!(caller.now.get() >= now() + Duration::from_secs(27));
}
