//! Networks under virtual time: what a VPC brings along, what depends on what, what is refused.

use std::time::{Duration, SystemTime};

use ncloud_api::vpc::{
    CreateNetworkAcl, CreateSubnet, CreateVpc, DeleteSubnet, DeleteVpc, GetNetworkAclList, GetRouteTableList,
    GetSubnetDetail, GetSubnetList, GetVpcDetail, GetVpcList, SetSubnetNetworkAcl, SubnetCreated, Vpc,
    VpcCreated, VpcDeleted,
};
use ncloud_api::vserver::{CreateAccessControlGroup, GetAccessControlGroupList};
use ncloud_core::{Error, Operation, Waiter as _, drive};
use ncloud_simulator::Simulator;

use super::{now, session};

/// A world and its time.
pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    seconds: std::cell::Cell<u64>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::of(Simulator::new())
    }

    pub(crate) fn of(simulator: Simulator) -> Self {
        Self {
            simulator,
            seconds: std::cell::Cell::new(0),
        }
    }

    /// One in which nothing takes any time.
    pub(crate) fn at_once() -> Self {
        let simulator = Simulator::builder().transition_time(Duration::ZERO).build();
        Self {
            simulator,
            ..Self::new()
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        now() + Duration::from_secs(self.seconds.get())
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.seconds.set(self.seconds.get() + seconds);
    }

    pub(crate) fn call<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let session = session(&self.simulator);
        let response = self
            .simulator
            .handle(session.request(operation, self.now()).unwrap(), self.now());
        session.parse::<O>(response).map(ncloud_core::Reply::into_value)
    }

    /// The return code of a refusal.
    pub(crate) fn refusal<O: Operation>(&self, operation: &O) -> String {
        let error = self.call(operation).map(drop).unwrap_err();
        error.code().unwrap_or_default().to_owned()
    }

    pub(crate) fn wait<W: ncloud_core::Waiter>(&self, waiter: &W) -> Result<(), ncloud_core::Error>
    where
        <W::Operation as Operation>::Output: std::fmt::Debug,
    {
        let carry = |request| Ok(self.simulator.handle(request, self.now()));
        let sleep = |time: Duration| self.pass(time.as_secs() + 1);
        let session = session(&self.simulator);
        drive(session.wait(waiter), || self.now(), carry, sleep)
            .map(drop)
            .map_err(Error::from)
    }

    pub(crate) fn vpc(&self, name: &str, block: &str) -> String {
        let made = self.call(&CreateVpc::new(block).vpc_name(name)).unwrap();
        let number = made.vpc_list[0].vpc_no.clone().unwrap();
        self.wait(&VpcCreated::new(&number)).unwrap();
        number
    }

    pub(crate) fn network_acl(&self, vpc: &str) -> String {
        let found = self.call(&GetNetworkAclList::new().vpc_no(vpc)).unwrap();
        found.network_acl_list[0].network_acl_no.clone().unwrap()
    }

    /// The default access control group of a VPC.
    pub(crate) fn access_control_group(&self, vpc: &str) -> String {
        let list = GetAccessControlGroupList::new().vpc_no(vpc);
        let found = self.call(&list).unwrap().access_control_group_list;
        found[0].access_control_group_no.clone().unwrap()
    }

    /// A further one, which runs.
    pub(crate) fn new_access_control_group(&self, vpc: &str) -> String {
        let made = self.call(&CreateAccessControlGroup::new(vpc)).unwrap();
        let number = made.access_control_group_list[0].access_control_group_no.clone();
        self.pass(3);
        number.unwrap()
    }

    pub(crate) fn subnet(&self, vpc: &str, block: &str) -> String {
        let acl = self.network_acl(vpc);
        let made = self
            .call(&CreateSubnet::new("PUBLIC", acl, block, vpc, "KR-1"))
            .unwrap();
        let number = made.subnet_list[0].subnet_no.clone().unwrap();
        self.wait(&SubnetCreated::new(&number)).unwrap();
        number
    }
}

fn status(vpc: &Vpc) -> &str {
    vpc.vpc_status.as_ref().unwrap().code.as_deref().unwrap()
}

#[test]
fn a_vpc_is_made_and_brings_its_defaults_which_go_with_it() {
    let bench = Bench::new();
    let made = bench
        .call(&CreateVpc::new("10.0.0.0/16").vpc_name("net"))
        .unwrap();
    let vpc = &made.vpc_list[0];
    assert_eq!((made.total_rows, status(vpc)), (Some(1), "INIT"));
    assert_eq!(vpc.ipv4_cidr_block.as_deref(), Some("10.0.0.0/16"));
    let number = vpc.vpc_no.clone().unwrap();
    bench.wait(&VpcCreated::new(&number)).unwrap();
    let shown = bench.call(&GetVpcDetail::new(&number)).unwrap();
    assert_eq!(status(&shown.vpc_list[0]), "RUN");

    let acls = bench.call(&GetNetworkAclList::new().vpc_no(&number)).unwrap();
    assert_eq!(acls.network_acl_list.len(), 1);
    assert_eq!(acls.network_acl_list[0].is_default, Some(true));
    // What comes along has a name and, where its kind shows one, a date, as everything has that is made.
    assert_eq!(
        acls.network_acl_list[0].network_acl_name.as_deref(),
        Some("net-default-network-acl")
    );
    assert!(acls.network_acl_list[0].create_date.is_some());
    let tables = bench.call(&GetRouteTableList::new().vpc_no(&number)).unwrap();
    assert_eq!(tables.route_table_list.len(), 2);

    bench.call(&DeleteVpc::new(&number)).unwrap();
    bench.wait(&VpcDeleted::new(&number)).unwrap();
    assert_eq!(bench.call(&GetVpcList::new()).unwrap().vpc_list.len(), 0);
    assert_eq!(bench.call(&GetNetworkAclList::new()).unwrap().total_rows, Some(0));
    assert!(
        bench
            .call(&GetVpcDetail::new(&number))
            .unwrap()
            .vpc_list
            .is_empty()
    );
}

#[test]
fn what_is_needed_has_to_be_there_and_stays_as_long_as_it_is_needed() {
    let bench = Bench::new();
    assert_eq!(
        bench.refusal(&CreateSubnet::new("PUBLIC", "1", "10.0.0.0/24", "1", "KR-1")),
        "800"
    );
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    assert_eq!(bench.refusal(&DeleteVpc::new(&vpc)), "1103");
    assert_eq!(
        bench.refusal(&CreateSubnet::new(
            "PUBLIC",
            bench.network_acl(&vpc),
            "10.0.0.0/24",
            &vpc,
            "KR-1"
        )),
        "1101"
    );
    bench.call(&DeleteSubnet::new(&subnet)).unwrap();
    assert_eq!(bench.refusal(&DeleteVpc::new(&vpc)), "1103");
    bench.pass(3);
    bench.call(&DeleteVpc::new(&vpc)).unwrap();
}

#[test]
fn a_subnet_may_have_the_block_of_one_in_another_vpc_or_of_one_that_is_gone() {
    let bench = Bench::new();
    let (first, second) = (bench.vpc("one", "10.0.0.0/16"), bench.vpc("two", "10.0.0.0/16"));
    let subnet = bench.subnet(&first, "10.0.1.0/24");
    bench.subnet(&second, "10.0.1.0/24");
    let acl = bench.network_acl(&first);
    let again = |block: &str| CreateSubnet::new("PUBLIC", &acl, block, &first, "KR-1");
    let overlapping = [
        "10.0.1.0/24",
        "10.0.0.0/16",
        "10.0.0.0/23",
        "10.0.1.240/28",
        "10.0.1.7/24",
    ];
    for block in overlapping {
        assert_eq!(bench.refusal(&again(block)), "1101", "{block}");
    }
    bench.call(&DeleteSubnet::new(&subnet)).unwrap();
    assert_eq!(bench.refusal(&again("10.0.1.0/24")), "1101");
    bench.pass(3);
    bench.call(&again("10.0.1.0/24")).unwrap();
}

#[test]
fn names_are_unique_and_made_up_where_there_is_none() {
    let bench = Bench::new();
    bench.vpc("net", "10.0.0.0/16");
    assert_eq!(
        bench.refusal(&CreateVpc::new("10.1.0.0/16").vpc_name("net")),
        "1101"
    );
    let made = bench.call(&CreateVpc::new("10.1.0.0/16")).unwrap();
    assert!(made.vpc_list[0].vpc_name.as_deref().unwrap().starts_with("vpc-"));
    let found = bench.call(&GetVpcList::new().vpc_name("net")).unwrap();
    assert_eq!(found.total_rows, Some(1));
    let making = bench.call(&GetVpcList::new().vpc_status_code("INIT")).unwrap();
    assert_eq!(making.total_rows, Some(1));
}

#[test]
fn while_something_is_going_on_the_rest_waits() {
    let bench = Bench::new();
    let vpc = bench.vpc("net", "10.0.0.0/16");
    let subnet = bench.subnet(&vpc, "10.0.0.0/24");
    let made = bench.call(&CreateNetworkAcl::new(&vpc)).unwrap();
    let acl = made.network_acl_list[0].network_acl_no.clone().unwrap();
    let set = SetSubnetNetworkAcl::new(&acl, &subnet);
    assert_eq!(bench.refusal(&set), "1011002");
    bench.pass(3);
    bench.call(&set).unwrap();
    assert_eq!(bench.refusal(&DeleteSubnet::new(&subnet)), "1001015");
    let during = bench.call(&GetSubnetDetail::new(&subnet)).unwrap();
    assert_ne!(
        during.subnet_list[0].network_acl_no.as_deref(),
        Some(acl.as_str())
    );
    bench.pass(3);
    let list = bench.call(&GetSubnetList::new().network_acl_no(&acl)).unwrap();
    assert_eq!(list.subnet_list[0].subnet_no.as_deref(), Some(subnet.as_str()));
    bench.call(&DeleteSubnet::new(&subnet)).unwrap();
    assert_eq!(SubnetCreated::new(&subnet).not_found_codes(), &[] as &[&str]);
}
