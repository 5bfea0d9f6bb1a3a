//! Load balancers under virtual time: what waits for what, who uses a target group, what goes along.

use ncloud_api::vloadbalancer::{
    AddTarget, ChangeLoadBalancerInstanceConfiguration, ChangeLoadBalancerListenerConfiguration,
    CreateLoadBalancerInstance, CreateLoadBalancerListener, CreateTargetGroup, DeleteLoadBalancerInstances,
    DeleteLoadBalancerListeners, DeleteTargetGroups, GetLoadBalancerInstanceDetail,
    GetLoadBalancerInstanceList, GetLoadBalancerListenerList, GetLoadBalancerRuleList, GetTargetGroupDetail,
    GetTargetGroupList, GetTargetList, LoadBalancerInstance, LoadBalancerInstanceDeleted,
    LoadBalancerInstanceIdle, LoadBalancerListenerParameter, RemoveTarget, SetLoadBalancerDescription,
    SetLoadBalancerInstanceSubnet, SetTarget, TargetGroupDeleted,
};
use ncloud_api::vpc::{CreateSubnet, DeleteSubnet, SubnetCreated};

use super::networks::Bench;
use super::servers::creation;

/// A network with a subnet for load balancers in each zone.
struct Place {
    bench: Bench,
    vpc: String,
    subnets: [String; 2],
}

impl Place {
    fn new() -> Self {
        let bench = Bench::new();
        let vpc = bench.vpc("net", "10.0.0.0/16");
        let acl = bench.network_acl(&vpc);
        let subnet = |block: &str, zone: &str| {
            let create = CreateSubnet::new("PRIVATE", &acl, block, &vpc, zone).usage_type_code("LOADB");
            let number = bench.call(&create).unwrap().subnet_list[0]
                .subnet_no
                .clone()
                .unwrap();
            bench.wait(&SubnetCreated::new(&number)).unwrap();
            number
        };
        let subnets = [subnet("10.0.1.0/24", "KR-1"), subnet("10.0.2.0/24", "KR-2")];
        Self { bench, vpc, subnets }
    }

    /// Servers in a subnet of their own.
    fn servers(&self, count: i32) -> Vec<String> {
        let subnet = self.bench.subnet(&self.vpc, "10.0.3.0/24");
        let create = creation(&self.bench, &self.vpc, &subnet).server_create_count(count);
        let made = self.bench.call(&create).unwrap().server_instance_list;
        let numbers = made.into_iter().map(|made| made.server_instance_no.unwrap());
        numbers.collect()
    }

    fn group(&self, protocol: &str) -> String {
        let made = self
            .bench
            .call(&CreateTargetGroup::new(protocol, protocol, &self.vpc))
            .unwrap();
        made.target_group_list[0].target_group_no.clone().unwrap()
    }

    fn create(&self) -> CreateLoadBalancerInstance {
        CreateLoadBalancerInstance::new("APPLICATION", &self.vpc).subnet_no_list([self.subnets[0].as_str()])
    }

    fn shown(&self, number: &str) -> LoadBalancerInstance {
        let detail = GetLoadBalancerInstanceDetail::new(number);
        let mut shown = self.bench.call(&detail).unwrap();
        shown.load_balancer_instance_list.remove(0)
    }

    /// A load balancer with one listener on port 80.
    fn load_balancer(&self, group: &str) -> (String, String) {
        let listener = LoadBalancerListenerParameter::new(group)
            .port(80)
            .protocol_type_code("HTTP");
        let made = self
            .bench
            .call(&self.create().load_balancer_listener_list([listener]))
            .unwrap();
        let made = &made.load_balancer_instance_list[0];
        let number = made.load_balancer_instance_no.clone().unwrap();
        self.bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
        (number, made.load_balancer_listener_no_list[0].clone())
    }
}

fn state(shown: &LoadBalancerInstance) -> (&str, &str) {
    let status = shown.load_balancer_instance_status.as_ref().unwrap();
    let operation = shown.load_balancer_instance_operation.as_ref().unwrap();
    (
        status.code.as_deref().unwrap(),
        operation.code.as_deref().unwrap(),
    )
}

#[test]
fn a_load_balancer_lives_from_its_creation_to_its_end() {
    let place = Place::new();
    let bench = &place.bench;
    let group = place.group("HTTP");
    let listener = LoadBalancerListenerParameter::new(&group)
        .port(80)
        .protocol_type_code("HTTP");
    let create = place
        .create()
        .load_balancer_name("front")
        .load_balancer_listener_list([listener]);
    let made = bench.call(&create).unwrap();
    let made = &made.load_balancer_instance_list[0];
    assert_eq!(state(made), ("INIT", "CREAT"));
    let number = made.load_balancer_instance_no.clone().unwrap();
    assert_eq!(
        bench.refusal(&SetLoadBalancerDescription::new(&number)),
        "1200004"
    );

    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    let shown = place.shown(&number);
    assert_eq!(state(&shown), ("USED", "NULL"));
    assert_eq!(shown.subnet_no_list, [place.subnets[0].as_str()]);
    let subnet = &shown.load_balancer_subnet_list[0];
    assert_eq!(subnet.zone_code.as_deref(), Some("KR-1"));
    assert!(shown.load_balancer_domain.is_some());

    let change = ChangeLoadBalancerInstanceConfiguration::new(&number).idle_timeout(120);
    assert_eq!(
        state(&bench.call(&change).unwrap().load_balancer_instance_list[0]),
        ("USED", "CHANG")
    );
    assert_eq!(bench.refusal(&change), "1200004");
    assert_eq!(place.shown(&number).idle_timeout, Some(60));
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    assert_eq!(place.shown(&number).idle_timeout, Some(120));

    let describe = SetLoadBalancerDescription::new(&number).load_balancer_description("in front");
    bench.call(&describe).unwrap();
    bench
        .call(
            &SetLoadBalancerInstanceSubnet::new(&number)
                .subnet_no_list(place.subnets.each_ref().map(String::as_str)),
        )
        .unwrap();
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    let shown = place.shown(&number);
    assert_eq!(shown.load_balancer_description.as_deref(), Some("in front"));
    assert_eq!(shown.load_balancer_subnet_list.len(), 2);
    assert_eq!(bench.refusal(&DeleteSubnet::new(&place.subnets[1])), "1103");

    bench
        .call(&DeleteLoadBalancerInstances::new([number.as_str()]))
        .unwrap();
    bench.wait(&LoadBalancerInstanceDeleted::new(&number)).unwrap();
    let left = bench.call(&GetLoadBalancerInstanceList::new()).unwrap();
    assert_eq!(left.total_rows, Some(0));
    let listeners = bench.call(&GetLoadBalancerListenerList::new(&number)).unwrap();
    assert_eq!(listeners.total_rows, Some(0));
    bench.call(&DeleteTargetGroups::new([group.as_str()])).unwrap();
    bench.wait(&TargetGroupDeleted::new(&group)).unwrap();
    assert_eq!(bench.refusal(&GetTargetGroupDetail::new(&group)), "1205009");
    bench.call(&DeleteSubnet::new(&place.subnets[1])).unwrap();
}

#[test]
fn subnets_have_to_be_for_load_balancers_and_one_per_zone() {
    let place = Place::new();
    let general = place.bench.subnet(&place.vpc, "10.0.3.0/24");
    let create = |subnets: Vec<&str>| {
        CreateLoadBalancerInstance::new("APPLICATION", &place.vpc).subnet_no_list(subnets)
    };
    assert_eq!(place.bench.refusal(&create(vec![&general])), "1102");
    assert_eq!(place.bench.refusal(&create(vec!["1"])), "800");
    let first = place.subnets[0].as_str();
    assert_eq!(place.bench.refusal(&create(vec![first, first])), "1100");
    let none = CreateLoadBalancerInstance::new("APPLICATION", &place.vpc);
    assert_eq!(place.bench.refusal(&none), "1100");
    let left = place.bench.call(&GetLoadBalancerInstanceList::new()).unwrap();
    assert_eq!(left.total_rows, Some(0));
}

#[test]
fn listeners_are_made_changed_and_deleted_while_their_load_balancer_changes() {
    let place = Place::new();
    let bench = &place.bench;
    let group = place.group("HTTP");
    let (number, first) = place.load_balancer(&group);

    let create = CreateLoadBalancerListener::new(&number, 8080, "HTTP", &group);
    let made = bench.call(&create).unwrap();
    let second = made.load_balancer_listener_list[0]
        .load_balancer_listener_no
        .clone()
        .unwrap();
    assert_eq!(state(&place.shown(&number)), ("USED", "CHANG"));
    let third = CreateLoadBalancerListener::new(&number, 8081, "HTTP", &group);
    assert_eq!(bench.refusal(&third), "1200004");
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    assert_eq!(
        place.shown(&number).load_balancer_listener_no_list,
        [first.as_str(), second.as_str()]
    );
    assert_eq!(bench.refusal(&create), "1101");
    let encrypted = CreateLoadBalancerListener::new(&number, 443, "HTTPS", &group);
    assert_eq!(bench.refusal(&encrypted), "1100");
    let wrong = CreateLoadBalancerListener::new(&number, 81, "TCP", &group);
    assert_eq!(bench.refusal(&wrong), "1100");

    let rules = bench.call(&GetLoadBalancerRuleList::new(&second)).unwrap();
    let rule = &rules.load_balancer_rule_list[0];
    assert_eq!(
        (
            rules.total_rows,
            rule.priority,
            rule.load_balancer_rule_action_list.len()
        ),
        (Some(1), Some(10_000), 1)
    );
    let action = rule.load_balancer_rule_action_list[0]
        .target_group_action
        .as_ref()
        .unwrap();
    assert_eq!(
        action.target_group_weight_list[0].target_group_no.as_deref(),
        Some(group.as_str())
    );

    let change = |port| ChangeLoadBalancerListenerConfiguration::new(&second).port(port);
    assert_eq!(bench.refusal(&change(80)), "1101");
    bench.call(&change(8082)).unwrap();
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    let listed = bench.call(&GetLoadBalancerListenerList::new(&number)).unwrap();
    assert_eq!(listed.load_balancer_listener_list[1].port, Some(8082));

    let delete = DeleteLoadBalancerListeners::new([second.as_str()]);
    bench.call(&delete).unwrap();
    let other = ChangeLoadBalancerListenerConfiguration::new(&first).port(8083);
    assert_eq!(bench.refusal(&other), "1200004");
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    assert_eq!(
        place.shown(&number).load_balancer_listener_no_list,
        [first.as_str()]
    );
    assert_eq!(bench.refusal(&delete), "800");
    let rules = bench.call(&GetLoadBalancerRuleList::new(&second)).unwrap();
    assert_eq!(rules.total_rows, Some(0));
}

#[test]
fn a_target_group_is_used_by_one_load_balancer_and_stays_as_long() {
    let place = Place::new();
    let bench = &place.bench;
    let group = place.group("HTTP");
    let delete = DeleteTargetGroups::new([group.as_str()]);
    let (number, listener) = place.load_balancer(&group);
    let shown = bench.call(&GetTargetGroupDetail::new(&group)).unwrap();
    let shown = &shown.target_group_list[0];
    assert_eq!(shown.load_balancer_instance_no.as_deref(), Some(number.as_str()));
    assert_eq!(bench.refusal(&delete), "1103");
    let second = || LoadBalancerListenerParameter::new(&group).port(80);
    let create = place.create().load_balancer_listener_list([second()]);
    assert_eq!(bench.refusal(&create), "1103");
    let absent = LoadBalancerListenerParameter::new("1").port(80);
    let create = place.create().load_balancer_listener_list([absent]);
    assert_eq!(bench.refusal(&create), "1205009");
    let tcp = place.group("TCP");
    let create = place
        .create()
        .load_balancer_listener_list([LoadBalancerListenerParameter::new(&tcp)]);
    assert_eq!(bench.refusal(&create), "1102");

    bench
        .call(&DeleteLoadBalancerListeners::new([listener.as_str()]))
        .unwrap();
    assert_eq!(bench.refusal(&delete), "1103");
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    bench.call(&delete).unwrap();
    bench.wait(&TargetGroupDeleted::new(&group)).unwrap();
    let left = bench.call(&GetTargetGroupList::new()).unwrap();
    assert_eq!(left.total_rows, Some(1));
}

#[test]
fn targets_come_and_go_and_keep_the_load_balancer_busy() {
    let place = Place::new();
    let bench = &place.bench;
    let group = place.group("HTTP");
    let [one, two, three, four] = &place.servers(4)[..] else {
        panic!("not four servers")
    };
    let targets = |expected: &[&str], health: &str| {
        let list = bench.call(&GetTargetList::new(&group)).unwrap().target_list;
        let numbers: Vec<_> = list
            .iter()
            .map(|target| target.target_no.as_deref().unwrap())
            .collect();
        assert_eq!(numbers, expected);
        for target in &list {
            let status = target.health_check_status.as_ref().unwrap();
            assert_eq!(status.code.as_deref(), Some(health));
        }
    };
    bench.call(&AddTarget::new(&group, [one, two])).unwrap();
    targets(&[one, two], "UNUSED");
    assert_eq!(bench.refusal(&AddTarget::new(&group, [two, three])), "1101");
    let (number, _) = place.load_balancer(&group);
    bench.call(&AddTarget::new(&group, [three])).unwrap();
    targets(&[one, two, three], "UP");
    let remove = RemoveTarget::new(&group, [one]);
    assert_eq!(bench.refusal(&remove), "1200004");
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    bench.call(&remove).unwrap();
    bench.wait(&LoadBalancerInstanceIdle::new(&number)).unwrap();
    assert_eq!(bench.refusal(&remove), "800");
    targets(&[two, three], "UP");
    bench
        .call(&SetTarget::new(&group).target_no_list([four]))
        .unwrap();
    targets(&[four], "UP");
    assert_eq!(bench.refusal(&GetTargetList::new("1")), "1205009");
}
