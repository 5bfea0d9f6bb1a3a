//! Many threads at once, checked against a model: no change is lost, no number is given twice, and the counts are right.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use ncloud_api::vpc::{
    CreateNetworkAclDenyAllowGroup, CreateRouteTable, CreateVpc, DeleteNetworkAclDenyAllowGroup,
    DeleteRouteTable, GetNetworkAclDenyAllowGroupList, GetRouteTableList,
    SetNetworkAclDenyAllowGroupDescription, SetNetworkAclDenyAllowGroupIpList, SetRouteTableDescription,
};
use ncloud_api::vserver::{
    AddAccessControlGroupInboundRule, AddAccessControlGroupRuleParameter, CreateAccessControlGroup,
    CreateInitScript, CreateLoginKey, DeleteInitScripts, GetAccessControlGroupRuleList, GetInitScriptList,
    GetLoginKeyList,
};
use ncloud_core::{Error, Operation, Reply, Session};
use ncloud_simulator::Simulator;

use super::{now, session};

const THREADS: usize = 32;
/// Calls of each thread that make, change or delete something of its own.
const TURNS: usize = 84;
/// Names that every thread wants, of which each can have one owner.
const WANTED: usize = 8;
/// Rules that each thread adds to the group that all share.
const RULES: usize = 2;

/// A simulator in which nothing takes any time, and so nothing is ever busy.
struct Shared {
    simulator: Simulator,
    session: Session,
    vpc: String,
    group: String,
}

impl Shared {
    fn new() -> Self {
        let simulator = Simulator::builder().transition_time(Duration::ZERO).build();
        let mut shared = Self {
            session: session(&simulator),
            simulator,
            vpc: String::new(),
            group: String::new(),
        };
        let made = shared.call(&CreateVpc::new("10.0.0.0/16")).unwrap();
        shared.vpc = made.vpc_list[0].vpc_no.clone().unwrap();
        let made = shared.call(&CreateAccessControlGroup::new(&shared.vpc)).unwrap();
        let group = made.access_control_group_list[0].access_control_group_no.clone();
        shared.group = group.unwrap();
        shared
    }

    fn call<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let request = self.session.request(operation, now()).unwrap();
        let response = self.simulator.handle(request, now());
        self.session.parse::<O>(response).map(Reply::into_value)
    }
}

/// What one thread has, as it knows it from its own calls; of all threads together, what there must be.
#[derive(Default)]
struct Model {
    /// Descriptions of route tables by their numbers.
    tables: BTreeMap<String, String>,
    /// Descriptions and addresses of deny-allow groups.
    groups: BTreeMap<String, (String, Vec<String>)>,
    scripts: BTreeSet<String>,
    /// Names that this thread alone was given.
    keys: BTreeSet<String>,
    /// Ports of the rules in the shared group.
    ports: BTreeSet<String>,
    /// Every number that was ever given.
    numbers: Vec<String>,
    /// How often each action was carried out.
    times: BTreeMap<&'static str, u64>,
}

impl Model {
    fn call<O: Operation>(&mut self, shared: &Shared, operation: &O) -> O::Output {
        *self.times.entry(O::INFO.name).or_default() += 1;
        shared.call(operation).unwrap()
    }

    fn made(&mut self, number: Option<String>) -> String {
        let number = number.unwrap();
        self.numbers.push(number.clone());
        number
    }

    fn change_tables(&mut self, shared: &Shared, choice: usize, text: String) {
        let oldest = self.tables.keys().next().cloned();
        match oldest {
            Some(number) if choice % 4 == 1 => {
                self.call(shared, &DeleteRouteTable::new(&number));
                self.tables.remove(&number);
            }
            Some(number) if choice % 4 > 1 => {
                let described = SetRouteTableDescription::new(&number).route_table_description(&text);
                self.call(shared, &described);
                self.tables.insert(number, text);
            }
            _ => {
                let table = CreateRouteTable::new("PRIVATE", &shared.vpc).route_table_description(&text);
                let made = self.call(shared, &table);
                let number = self.made(made.route_table_list[0].route_table_no.clone());
                self.tables.insert(number, text);
            }
        }
    }

    fn change_groups(&mut self, shared: &Shared, choice: usize, text: String) {
        let oldest = self.groups.keys().next().cloned();
        match oldest {
            Some(number) if choice % 4 == 1 => {
                self.call(shared, &DeleteNetworkAclDenyAllowGroup::new(&number));
                self.groups.remove(&number);
            }
            Some(number) if choice % 4 == 2 => {
                let described = SetNetworkAclDenyAllowGroupDescription::new(&number)
                    .network_acl_deny_allow_group_description(&text);
                self.call(shared, &described);
                self.groups.get_mut(&number).unwrap().0 = text;
            }
            Some(number) if choice % 4 == 3 => {
                let addresses = vec![format!("10.1.{}.{}", choice / 256 % 256, choice % 256)];
                let set = SetNetworkAclDenyAllowGroupIpList::new(&number).ip_list(addresses.clone());
                self.call(shared, &set);
                self.groups.get_mut(&number).unwrap().1 = addresses;
            }
            _ => {
                let group = CreateNetworkAclDenyAllowGroup::new(&shared.vpc)
                    .network_acl_deny_allow_group_description(&text);
                let made = self.call(shared, &group);
                let group = &made.network_acl_deny_allow_group_list[0];
                let number = self.made(group.network_acl_deny_allow_group_no.clone());
                self.groups.insert(number, (text, Vec::new()));
            }
        }
    }

    fn change_scripts(&mut self, shared: &Shared, choice: usize, text: String) {
        let oldest = self.scripts.first().cloned();
        match oldest {
            Some(number) if choice % 3 == 1 => {
                self.call(shared, &DeleteInitScripts::new([&number]));
                self.scripts.remove(&number);
            }
            _ => {
                let script = CreateInitScript::new("true").init_script_name(text);
                let made = self.call(shared, &script);
                let number = self.made(made.init_script_list[0].init_script_no.clone());
                self.scripts.insert(number);
            }
        }
    }

    /// Asks for a name that all others ask for, too.
    fn claim(&mut self, shared: &Shared, index: usize) {
        let name = format!("wanted-{index}");
        match shared.call(&CreateLoginKey::new().key_name(&name)) {
            Ok(_) => assert!(self.keys.insert(name)),
            Err(error) => assert_eq!(error.code(), Some("1101"), "{error}"),
        }
    }

    /// Adds a rule to the group that all others add to, too.
    fn open(&mut self, shared: &Shared, port: usize) {
        let port = port.to_string();
        let rule = AddAccessControlGroupRuleParameter::new("TCP")
            .ip_block("10.0.0.0/8")
            .port_range(&port);
        let add = AddAccessControlGroupInboundRule::new(&shared.group, &shared.vpc, [rule]);
        self.call(shared, &add);
        self.ports.insert(port);
    }

    /// Everything that one thread does, in an order that is the same in every run.
    fn of_thread(shared: &Shared, thread: usize) -> Self {
        let mut model = Self::default();
        let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(thread as u64 + 1);
        for turn in 0..TURNS {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let choice = usize::try_from(random >> 40).unwrap();
            let text = format!("text-{thread}-{turn}");
            match turn % 3 {
                0 => model.change_tables(shared, choice, text),
                1 => model.change_groups(shared, choice, text),
                _ => model.change_scripts(shared, choice, text),
            }
            if turn % 10 == 0 && turn / 10 < WANTED {
                model.claim(shared, turn / 10);
            }
            if turn % 40 == 5 && turn / 40 < RULES {
                model.open(shared, 1000 + thread * RULES + turn / 40);
            }
        }
        model
    }

    /// Takes in what another thread has, which must have nothing in common with this one's.
    fn join(&mut self, other: Self) {
        self.tables.extend(other.tables);
        self.groups.extend(other.groups);
        self.scripts.extend(other.scripts);
        for key in other.keys {
            assert!(self.keys.insert(key.clone()), "{key} was given twice");
        }
        self.ports.extend(other.ports);
        self.numbers.extend(other.numbers);
        for (action, times) in other.times {
            *self.times.entry(action).or_default() += times;
        }
    }
}

fn check_own(shared: &Shared, model: &Model) {
    let found = shared.call(&GetRouteTableList::new()).unwrap().route_table_list;
    let found = found.into_iter().filter(|table| table.is_default != Some(true));
    let tables: BTreeMap<_, _> = found
        .map(|table| {
            (
                table.route_table_no.unwrap(),
                table.route_table_description.unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(tables, model.tables);

    let found = shared.call(&GetNetworkAclDenyAllowGroupList::new()).unwrap();
    let found = found.network_acl_deny_allow_group_list.into_iter();
    let groups: BTreeMap<_, _> = found
        .map(|group| {
            let description = group.network_acl_deny_allow_group_description;
            (
                group.network_acl_deny_allow_group_no.unwrap(),
                (description.unwrap_or_default(), group.ip_list),
            )
        })
        .collect();
    assert_eq!(groups, model.groups);

    let found = shared.call(&GetInitScriptList::new()).unwrap();
    assert_eq!(
        found.total_rows,
        Some(i32::try_from(model.scripts.len()).unwrap())
    );
    let found = found.init_script_list.into_iter();
    let scripts: BTreeSet<_> = found.map(|script| script.init_script_no.unwrap()).collect();
    assert_eq!(scripts, model.scripts);
}

fn check_contended(shared: &Shared, model: &Model) {
    assert_eq!(model.keys.len(), WANTED);
    let found = shared.call(&GetLoginKeyList::new()).unwrap().login_key_list;
    let found: Vec<_> = found.into_iter().map(|key| key.key_name.unwrap()).collect();
    assert_eq!(found.len(), WANTED);
    assert_eq!(BTreeSet::from_iter(found), model.keys);

    let rules = shared
        .call(&GetAccessControlGroupRuleList::new(&shared.group))
        .unwrap();
    let rules = rules.access_control_group_rule_list.into_iter();
    let ports: Vec<_> = rules.filter_map(|rule| rule.port_range).collect();
    assert_eq!(ports.len(), THREADS * RULES);
    assert_eq!(BTreeSet::from_iter(ports), model.ports);
}

#[test]
fn no_change_of_many_threads_is_lost() {
    let shared = Shared::new();
    let mut model = Model::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let shared = &shared;
                scope.spawn(move || Model::of_thread(shared, thread))
            })
            .collect();
        for thread in threads {
            model.join(thread.join().unwrap());
        }
    });
    check_own(&shared, &model);
    check_contended(&shared, &model);

    let different: BTreeSet<_> = model.numbers.iter().collect();
    assert_eq!(different.len(), model.numbers.len(), "a number was given twice");
    for (action, times) in &model.times {
        assert_eq!(shared.simulator.carried_out(action), *times, "{action}");
    }
    let changes = THREADS * (TURNS + RULES);
    assert_eq!(model.times.values().sum::<u64>(), changes as u64);
    assert_eq!(
        shared.simulator.carried_out("createLoginKey"),
        WANTED as u64,
        "a name has one owner"
    );
    // The first two calls made what all share, and the last five looked.
    let calls = changes + THREADS * WANTED + 2 + 5;
    assert_eq!(shared.simulator.requests().len(), calls);
    let identifiers: BTreeSet<_> = shared
        .simulator
        .requests()
        .into_iter()
        .map(|record| record.request_id)
        .collect();
    assert_eq!(identifiers.len(), calls, "a request shares its identifier");
}
