//! What leads to Classic servers, under virtual time: ports of a zone's public IP, and access control groups.

use ncloud_api::server::{
    AddPortForwardingRules, CreateServerInstances, DeletePortForwardingRules, GetAccessControlGroupList,
    GetAccessControlGroupServerInstanceList, GetAccessControlRuleList, GetPortForwardingConfigurationList,
    GetPortForwardingRuleList, GetServerInstanceList, PortForwardingRuleParameter, ServerInstance,
    StopServerInstances, TerminateServerInstances,
};

use super::networks::Bench;

/// Running servers in a zone.
fn servers(bench: &Bench, count: i32, zone: &str) -> Vec<String> {
    let create = CreateServerInstances::new()
        .server_image_product_code("SPSW0LINUX000032")
        .server_create_count(count)
        .zone_no(zone);
    let made = bench.call(&create).unwrap().server_instance_list;
    bench.pass(3);
    let numbers = made.into_iter().map(|made| made.server_instance_no.unwrap());
    numbers.collect()
}

fn server(bench: &Bench, number: &str) -> ServerInstance {
    let list = GetServerInstanceList::new().server_instance_no_list([number]);
    bench.call(&list).unwrap().server_instance_list[0].clone()
}

fn rule(external: i32, internal: i32, server: &str) -> PortForwardingRuleParameter {
    PortForwardingRuleParameter::new(external, internal, server)
}

#[test]
fn ports_lead_to_servers_until_the_rule_or_the_server_goes() {
    let bench = Bench::new();
    let servers = servers(&bench, 2, "2");
    let (one, two) = (servers[0].as_str(), servers[1].as_str());
    let list = GetPortForwardingConfigurationList::new().region_no("1");
    let zones = bench.call(&list).unwrap().port_forwarding_configuration_list;
    assert_eq!(zones.len(), 2);
    let zone = zones[0].port_forwarding_configuration_no.as_deref().unwrap();
    let address = zones[0].port_forwarding_public_ip.clone();

    let both = [rule(1022, 22, one), rule(1023, 22, two)];
    let added = bench.call(&AddPortForwardingRules::new(zone, both)).unwrap();
    assert_eq!(
        (added.total_rows, &added.port_forwarding_public_ip),
        (Some(2), &address)
    );
    let shown = &added.port_forwarding_rule_list[1];
    assert_eq!(
        (
            shown.port_forwarding_external_port,
            shown.port_forwarding_internal_port
        ),
        (Some(1023), Some(22))
    );
    let behind = shown.server_instance.as_ref().unwrap();
    assert_eq!(behind.server_instance_no.as_deref(), Some(two));
    let of_server = server(&bench, one);
    assert_eq!(
        (
            of_server.port_forwarding_external_port,
            &of_server.port_forwarding_public_ip
        ),
        (Some(1022), &address)
    );
    let of_two = list.clone().server_instance_no_list([two]);
    let zones = bench.call(&of_two).unwrap().port_forwarding_configuration_list;
    assert_eq!(zones.len(), 1);
    assert_eq!(zones[0].server_instance_no_list, [one, two]);

    let delete = DeletePortForwardingRules::new(zone, [rule(1022, 22, one)]);
    assert_eq!(bench.call(&delete).unwrap().total_rows, Some(1));
    assert_eq!(bench.refusal(&delete), "800");
    assert_eq!(server(&bench, one).port_forwarding_external_port, None);
    bench.call(&StopServerInstances::new([two])).unwrap();
    bench.pass(3);
    bench.call(&TerminateServerInstances::new([two])).unwrap();
    bench.pass(3);
    let left = bench
        .call(&GetPortForwardingRuleList::new().zone_no("2"))
        .unwrap();
    assert_eq!(left.total_rows, Some(0));
    assert_eq!(left.port_forwarding_configuration_no.as_deref(), Some(zone));
    bench
        .call(&AddPortForwardingRules::new(zone, [rule(1023, 22, one)]))
        .unwrap();
}

#[test]
fn rules_that_cannot_be_are_refused_and_none_is_added() {
    let bench = Bench::new();
    let here = servers(&bench, 3, "2");
    let there = servers(&bench, 1, "3");
    let add = |rules: Vec<PortForwardingRuleParameter>| AddPortForwardingRules::new("2", rules);
    let first = rule(1022, 22, &here[0]);
    bench.call(&add(vec![first.clone()])).unwrap();
    for (wrong, code) in [
        (rule(1023, 22, "1"), "800"),
        (rule(1023, 22, &there[0]), "1102"),
        (rule(1023, 22, &here[0]), "1102"),
        (rule(1023, 80, &here[1]), "1100"),
        (rule(0, 22, &here[1]), "1100"),
        (rule(65536, 22, &here[1]), "1100"),
        (rule(1022, 22, &here[1]), "1101"),
        (rule(1030, 22, &here[1]), "1101"),
    ] {
        let good = rule(1030, 22, &here[2]);
        assert_eq!(bench.refusal(&add(vec![good, wrong.clone()])), code, "{wrong:?}");
    }
    assert_eq!(
        bench.refusal(&AddPortForwardingRules::new("99", [first.clone()])),
        "800"
    );
    let list = GetPortForwardingRuleList::new();
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(1));
    let wrong = [first.clone(), rule(1, 22, &here[0])];
    assert_eq!(bench.refusal(&DeletePortForwardingRules::new("2", wrong)), "800");
    assert_eq!(bench.call(&list).unwrap().total_rows, Some(1));
}

#[test]
fn servers_are_in_the_default_group_or_in_those_that_are_named() {
    let bench = Bench::new();
    let list = GetAccessControlGroupList::new().is_default(true);
    let groups = bench.call(&list).unwrap().access_control_group_list;
    assert_eq!((groups.len(), groups[0].is_default_group), (1, Some(true)));
    let group = groups[0]
        .access_control_group_configuration_no
        .as_deref()
        .unwrap();
    let rules = bench
        .call(&GetAccessControlRuleList::new(group))
        .unwrap()
        .access_control_rule_list;
    assert_eq!(rules[0].destination_port.as_deref(), Some("22"));
    let create = CreateServerInstances::new().server_image_product_code("SPSW0LINUX000032");
    let named = create.clone().access_control_group_configuration_no_list([group]);
    for asked in [&create, &named] {
        let made = bench.call(asked).unwrap().server_instance_list;
        let of_server = &made[0].access_control_group_list;
        assert_eq!(
            of_server[0].access_control_group_configuration_no.as_deref(),
            Some(group)
        );
    }
    let servers = GetAccessControlGroupServerInstanceList::new(group);
    assert_eq!(bench.call(&servers).unwrap().total_rows, Some(2));
    let unknown = create.access_control_group_configuration_no_list(["7"]);
    assert_eq!(bench.refusal(&unknown), "800");
    assert_eq!(bench.refusal(&GetAccessControlRuleList::new("7")), "800");
    assert_eq!(
        bench.refusal(&GetAccessControlGroupServerInstanceList::new("7")),
        "800"
    );
}
