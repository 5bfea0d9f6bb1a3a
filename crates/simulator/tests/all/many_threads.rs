//! Many connections at once, checked against a model: no change is lost, no number is given twice, and the counts are right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;

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
use ncloud_core::{Endpoint, Error, Operation, Reply, Session};
use ncloud_simulator::{Server, Simulator};

use super::wire::Client;

/// Each has a connection of its own.
const THREADS: usize = 32;
/// How many of each kind each thread makes at first: of all threads, more than 2,000.
const STORED: usize = 63;
/// Calls of each thread that make, change or delete something of its own after that.
const TURNS: usize = 104;
/// After how many of them a thread looks whether what it has is there.
const LOOK: usize = 13;
/// Names that every thread wants, of which each can have one owner.
const WANTED: usize = 8;
/// Rules that each thread adds to the group that all share.
const RULES: usize = 2;

/// A served simulator in which nothing takes any time, and so nothing is ever busy.
struct Shared {
    simulator: Simulator,
    server: Server,
    session: Session,
    /// Identifiers of all requests.
    identifiers: Arc<Mutex<Vec<String>>>,
    vpc: String,
    group: String,
}

impl Shared {
    fn new() -> Self {
        let identifiers = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&identifiers);
        let simulator = Simulator::builder()
            .transition_time(Duration::ZERO)
            .observer(move |record| seen.lock().unwrap().push(record.request_id.clone()))
            .build();
        let server = simulator.serve().unwrap();
        let endpoint = Endpoint::new(server.url()).unwrap();
        let mut shared = Self {
            session: Session::new(simulator.credentials(), endpoint).unwrap(),
            simulator,
            server,
            identifiers,
            vpc: String::new(),
            group: String::new(),
        };
        let mut caller = Caller::new(&shared);
        let made = caller.call(&CreateVpc::new("10.0.0.0/16")).unwrap();
        let vpc = made.vpc_list[0].vpc_no.clone().unwrap();
        let made = caller.call(&CreateAccessControlGroup::new(&vpc)).unwrap();
        let group = made.access_control_group_list[0].access_control_group_no.clone();
        (shared.vpc, shared.group) = (vpc, group.unwrap());
        shared
    }
}

/// A connection that is used for one call after the other.
struct Caller {
    session: Session,
    connection: Client,
}

impl Caller {
    fn new(shared: &Shared) -> Self {
        Self {
            session: shared.session.clone(),
            connection: Client::connect(&shared.server),
        }
    }

    fn call<O: Operation>(&mut self, operation: &O) -> Result<O::Output, Error> {
        let request = self.session.request(operation, SystemTime::now()).unwrap();
        self.connection.send(&request);
        let answer = self.connection.receive();
        let status = answer.status.split(' ').nth(1).unwrap();
        let mut response = Response::builder().status(status);
        for (name, value) in &answer.headers {
            response = response.header(name, value);
        }
        let response = response.body(Bytes::from(answer.body)).unwrap();
        self.session.parse::<O>(response).map(Reply::into_value)
    }
}

/// One thread at work.
struct Worker<'a> {
    shared: &'a Shared,
    caller: Caller,
    model: Model,
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

impl<'a> Worker<'a> {
    fn call<O: Operation>(&mut self, operation: &O) -> O::Output {
        *self.model.times.entry(O::INFO.name).or_default() += 1;
        self.caller.call(operation).unwrap()
    }

    fn made(&mut self, number: Option<String>) -> String {
        let number = number.unwrap();
        self.model.numbers.push(number.clone());
        number
    }

    fn make_table(&mut self, text: String) {
        let table = CreateRouteTable::new("PRIVATE", &self.shared.vpc).route_table_description(&text);
        let made = self.call(&table);
        let number = self.made(made.route_table_list[0].route_table_no.clone());
        self.model.tables.insert(number, text);
    }

    fn make_group(&mut self, text: String) {
        let group = CreateNetworkAclDenyAllowGroup::new(&self.shared.vpc)
            .network_acl_deny_allow_group_description(&text);
        let made = self.call(&group);
        let group = &made.network_acl_deny_allow_group_list[0];
        let number = self.made(group.network_acl_deny_allow_group_no.clone());
        self.model.groups.insert(number, (text, Vec::new()));
    }

    fn make_script(&mut self, text: String) {
        let script = CreateInitScript::new("true").init_script_name(text);
        let made = self.call(&script);
        let number = self.made(made.init_script_list[0].init_script_no.clone());
        self.model.scripts.insert(number);
    }

    fn change_tables(&mut self, choice: usize, text: String) {
        let oldest = self.model.tables.keys().next().cloned();
        match oldest {
            Some(number) if choice % 4 == 1 => {
                self.call(&DeleteRouteTable::new(&number));
                self.model.tables.remove(&number);
            }
            Some(number) if choice % 4 > 1 => {
                let described = SetRouteTableDescription::new(&number).route_table_description(&text);
                self.call(&described);
                self.model.tables.insert(number, text);
            }
            _ => self.make_table(text),
        }
    }

    fn change_groups(&mut self, choice: usize, text: String) {
        let oldest = self.model.groups.keys().next().cloned();
        match oldest {
            Some(number) if choice % 4 == 1 => {
                self.call(&DeleteNetworkAclDenyAllowGroup::new(&number));
                self.model.groups.remove(&number);
            }
            Some(number) if choice % 4 == 2 => {
                let described = SetNetworkAclDenyAllowGroupDescription::new(&number)
                    .network_acl_deny_allow_group_description(&text);
                self.call(&described);
                self.model.groups.get_mut(&number).unwrap().0 = text;
            }
            Some(number) if choice % 4 == 3 => {
                let addresses = vec![format!("10.1.{}.{}", choice / 256 % 256, choice % 256)];
                let set = SetNetworkAclDenyAllowGroupIpList::new(&number).ip_list(addresses.clone());
                self.call(&set);
                self.model.groups.get_mut(&number).unwrap().1 = addresses;
            }
            _ => self.make_group(text),
        }
    }

    fn change_scripts(&mut self, choice: usize, text: String) {
        let oldest = self.model.scripts.first().cloned();
        match oldest {
            Some(number) if choice % 3 == 1 => {
                self.call(&DeleteInitScripts::new([&number]));
                self.model.scripts.remove(&number);
            }
            _ => self.make_script(text),
        }
    }

    /// Asks for a name that all others ask for, too.
    fn claim(&mut self, index: usize) {
        let name = format!("wanted-{index}");
        match self.caller.call(&CreateLoginKey::new().key_name(&name)) {
            Ok(_) => assert!(self.model.keys.insert(name)),
            Err(error) => assert_eq!(error.code(), Some("1101"), "{error}"),
        }
    }

    /// Adds a rule to the group that all others add to, too.
    fn open(&mut self, port: usize) {
        let port = port.to_string();
        let rule = AddAccessControlGroupRuleParameter::new("TCP")
            .ip_block("10.0.0.0/8")
            .port_range(&port);
        let add = AddAccessControlGroupInboundRule::new(&self.shared.group, &self.shared.vpc, [rule]);
        self.call(&add);
        self.model.ports.insert(port);
    }

    /// Looks whether what this thread did last is there, among what all others do.
    fn look(&mut self, choice: usize) {
        let some = choice % self.model.tables.len();
        let (number, text) = self.model.tables.iter().nth(some).unwrap();
        let list = GetRouteTableList::new().route_table_no_list([number]);
        let found = self.caller.call(&list).unwrap();
        assert_eq!(found.total_rows, Some(1), "{number}");
        let description = &found.route_table_list[0].route_table_description;
        assert_eq!(description.as_ref(), Some(text));
        let page = GetRouteTableList::new().page_no(1).page_size(100);
        let found = self.caller.call(&page).unwrap();
        let total = usize::try_from(found.total_rows.unwrap()).unwrap();
        assert!(total >= self.model.tables.len());
        assert_eq!(found.route_table_list.len(), total.min(100));
    }

    /// Everything that one thread does, in an order that is the same in every run.
    fn work(shared: &'a Shared, thread: usize) -> Model {
        let mut worker = Self {
            shared,
            caller: Caller::new(shared),
            model: Model::default(),
        };
        for index in 0..STORED {
            let text = format!("first-{thread}-{index}");
            worker.make_table(text.clone());
            worker.make_group(text.clone());
            worker.make_script(text);
        }
        let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(thread as u64 + 1);
        for turn in 0..TURNS {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let choice = usize::try_from(random >> 40).unwrap();
            let text = format!("text-{thread}-{turn}");
            match turn % 3 {
                0 => worker.change_tables(choice, text),
                1 => worker.change_groups(choice, text),
                _ => worker.change_scripts(choice, text),
            }
            if turn % 10 == 0 && turn / 10 < WANTED {
                worker.claim(turn / 10);
            }
            if turn % 40 == 5 && turn / 40 < RULES {
                worker.open(1000 + thread * RULES + turn / 40);
            }
            if turn % LOOK == 0 {
                worker.look(choice);
            }
        }
        worker.model
    }
}

fn check_own(caller: &mut Caller, model: &Model) {
    let found = caller.call(&GetRouteTableList::new()).unwrap().route_table_list;
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

    let found = caller.call(&GetNetworkAclDenyAllowGroupList::new()).unwrap();
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

    let found = caller.call(&GetInitScriptList::new()).unwrap();
    assert_eq!(
        found.total_rows,
        Some(i32::try_from(model.scripts.len()).unwrap())
    );
    let found = found.init_script_list.into_iter();
    let scripts: BTreeSet<_> = found.map(|script| script.init_script_no.unwrap()).collect();
    assert_eq!(scripts, model.scripts);
}

fn check_contended(shared: &Shared, caller: &mut Caller, model: &Model) {
    assert_eq!(model.keys.len(), WANTED);
    let found = caller.call(&GetLoginKeyList::new()).unwrap().login_key_list;
    let found: Vec<_> = found.into_iter().map(|key| key.key_name.unwrap()).collect();
    assert_eq!(found.len(), WANTED);
    assert_eq!(BTreeSet::from_iter(found), model.keys);

    let rules = caller
        .call(&GetAccessControlGroupRuleList::new(&shared.group))
        .unwrap();
    let rules = rules.access_control_group_rule_list.into_iter();
    let ports: Vec<_> = rules.filter_map(|rule| rule.port_range).collect();
    assert_eq!(ports.len(), THREADS * RULES);
    assert_eq!(BTreeSet::from_iter(ports), model.ports);
}

#[test]
fn no_change_from_many_connections_is_lost() {
    let shared = Shared::new();
    let mut model = Model::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let shared = &shared;
                scope.spawn(move || Worker::work(shared, thread))
            })
            .collect();
        for thread in threads {
            model.join(thread.join().unwrap());
        }
    });
    let mut caller = Caller::new(&shared);
    check_own(&mut caller, &model);
    check_contended(&shared, &mut caller, &model);

    let different: BTreeSet<_> = model.numbers.iter().collect();
    assert_eq!(different.len(), model.numbers.len(), "a number was given twice");
    for (action, times) in &model.times {
        assert_eq!(shared.simulator.carried_out(action), *times, "{action}");
    }
    let changes = THREADS * (3 * STORED + TURNS + RULES);
    assert_eq!(model.times.values().sum::<u64>(), changes as u64);
    assert_eq!(
        shared.simulator.carried_out("createLoginKey"),
        WANTED as u64,
        "a name has one owner"
    );
    // The first two calls made what all share, and the last five looked.
    let looks = 2 * THREADS * TURNS.div_ceil(LOOK);
    let calls = changes + looks + THREADS * WANTED + 2 + 5;
    assert!(calls > 10_000);
    let identifiers = shared.identifiers.lock().unwrap();
    assert_eq!(identifiers.len(), calls);
    let different: BTreeSet<_> = identifiers.iter().collect();
    assert_eq!(different.len(), calls, "a request shares its identifier");
}
