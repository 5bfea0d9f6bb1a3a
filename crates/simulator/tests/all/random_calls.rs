//! Random calls: whatever was done to a world, lists with a filter show what the same lists without one show, as far as it fits.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use http::{Method, StatusCode};
use ncloud_api::catalog::{self, Kind, MemberModel, OperationModel, StructModel};
use ncloud_core::Raw;
use ncloud_simulator::Simulator;
use serde_json::Value;

use super::{now, session};

/// Services with resources behind most of their actions.
const SERVICES: [&str; 5] = ["vpc", "vserver", "vloadbalancer", "vnas", "server"];
/// Names that only fit as a whole.
const WHOLE_NAMES: [&str; 1] = ["memberServerImageName"];
const STEPS: usize = 2_000;
/// How many values of a member are remembered.
const SEEN: usize = 12;

/// Numbers that look like chance and are the same in every run: `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % limit
    }

    fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// An action and its path.
type Action = (String, &'static OperationModel);
type Parameters = Vec<(String, String)>;

/// A world, its time, and the latest values that its answers had, by the names of their members.
struct Random {
    simulator: Simulator,
    chance: Chance,
    now: SystemTime,
    seen: BTreeMap<String, Vec<String>>,
}

impl Random {
    /// The answer's members, if the call is no failure.
    fn call(&self, path: &str, parameters: &[(String, String)]) -> Option<Value> {
        let call = Raw::new(Method::POST, path).form("responseFormatType", "json");
        let pairs = parameters.iter();
        let call = pairs.fold(call, |call, (name, value)| call.form(name, value));
        let request = session(&self.simulator).raw(&call, self.now).unwrap();
        let response = self.simulator.handle(request, self.now);
        assert_ne!(
            response.status(),
            StatusCode::INTERNAL_SERVER_ERROR,
            "{path} {parameters:?}"
        );
        if response.status() != StatusCode::OK {
            return None;
        }
        let mut document: Value = serde_json::from_slice(response.body()).unwrap();
        let mut roots = document.as_object_mut().unwrap().into_iter();
        roots.next().map(|(_, members)| members.take())
    }

    fn note(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                self.note(
                    &format!("{name}Code"),
                    &members.get("code").cloned().unwrap_or_default(),
                );
                members.iter().for_each(|(name, value)| self.note(name, value));
            }
            Value::Array(items) => items.iter().for_each(|item| self.note(name, item)),
            Value::Null => {}
            scalar => {
                let text = text_of(scalar);
                let seen = self.seen.entry(name.to_owned()).or_default();
                seen.retain(|other| *other != text);
                seen.push(text);
                if seen.len() > SEEN {
                    seen.remove(0);
                }
            }
        }
    }

    /// A value that a parameter may well have.
    fn value(&mut self, name: &str, kind: Kind) -> String {
        let network = self.chance.below(3);
        match name {
            "ipv4CidrBlock" => return format!("10.{network}.0.0/16"),
            "subnet" => return format!("10.{network}.{}.0/24", self.chance.below(4)),
            "zoneCode" => return "KR-1".to_owned(),
            "blockStorageSize" | "volumeSize" => return self.chance.of(&["10", "500", "1000"]).to_owned(),
            _ => {}
        }
        let single = name.strip_suffix("List").unwrap_or(name);
        let is_new = self.chance.one_in(if name.ends_with("Name") { 2 } else { 25 });
        if let Some(seen) = self.seen.get(single).filter(|_| !is_new) {
            return self.chance.of(seen);
        }
        match kind {
            Kind::Code(model) if !model.codes.is_empty() => self.chance.of(model.codes).0.to_owned(),
            Kind::Flag => self.chance.of(&["true", "false", "Y"]).to_owned(),
            Kind::Integer | Kind::Long | Kind::Size => self.chance.of(&["1", "2", "+5"]).to_owned(),
            _ => format!("name-{}", self.chance.below(6)),
        }
    }

    fn fill(&mut self, members: &[MemberModel], prefix: &str, parameters: &mut Parameters) {
        for member in members {
            let is_given = member.required || self.chance.one_in(6);
            if !is_given || ["responseFormatType", "regionCode", "regionNo"].contains(&member.name) {
                continue;
            }
            let name = format!("{prefix}{}", member.name);
            match member.kind {
                Kind::List(Kind::Struct(item)) => self.fill(item.members, &format!("{name}.1."), parameters),
                Kind::List(item) => {
                    for number in 1..=1 + self.chance.below(3) {
                        let value = self.value(member.name, *item);
                        parameters.push((format!("{name}.{number}"), value));
                    }
                }
                kind => {
                    let value = self.value(member.name, kind);
                    parameters.push((name, value));
                }
            }
        }
    }

    /// Does something, after which some time may pass; now and then in a world that was written down and read again.
    fn step(&mut self, actions: &[Action]) {
        let (path, model) = self.chance.of(actions);
        let removes = ["delete", "terminate"]
            .iter()
            .any(|word| model.info.name.starts_with(word));
        if removes && !self.chance.one_in(3) {
            return;
        }
        let mut parameters = Vec::new();
        self.fill(model.request.members, "", &mut parameters);
        if let Some(answer) = self.call(&path, &parameters) {
            self.note("", &answer);
        }
        if self.chance.one_in(4) {
            self.now += Duration::from_secs(u64::try_from(self.chance.below(5)).unwrap());
        }
        if self.chance.one_in(150) {
            let document = self.simulator.snapshot();
            let builder = Simulator::builder().snapshot_json(document.as_bytes()).unwrap();
            self.simulator = builder.build();
        }
    }

    /// Compares a list that has a filter with one that has none; says how many passed, and how many did not.
    fn compare(&mut self, list: &Filterable) -> (usize, usize) {
        let parameter = self.chance.of(&list.parameters);
        let single = parameter.strip_suffix("List").unwrap_or(parameter);
        let Some(seen) = self.seen.get(single).cloned() else {
            return (0, 0);
        };
        let mut wanted = self.chance.of(&seen);
        let in_part = parameter.ends_with("Name") && !WHOLE_NAMES.contains(&parameter);
        if in_part {
            wanted = wanted.chars().skip(self.chance.below(3)).take(6).collect();
        }
        if wanted.is_empty() {
            return (0, 0);
        }
        let name = if single == parameter {
            parameter.to_owned()
        } else {
            format!("{parameter}.1")
        };
        let all = self.call(&list.path, &[]).unwrap();
        let found = self.call(&list.path, &[(name, wanted.clone())]).unwrap();
        let member = list.member(single).unwrap();
        let fits = |item: &&Value| {
            let text = text_of(&item[member]);
            !item[member].is_null() && (text == wanted || (in_part && text.contains(&wanted)))
        };
        let items = |answer: &Value| answer[list.items].as_array().cloned().unwrap_or_default();
        let (all, found) = (items(&all), items(&found));
        let expected: Vec<&Value> = all.iter().filter(fits).collect();
        assert_eq!(
            found.iter().collect::<Vec<_>>(),
            expected,
            "{} {parameter} {wanted}",
            list.path
        );
        (found.len(), all.len() - found.len())
    }
}

/// A list that filters by members that it shows.
struct Filterable {
    path: String,
    items: &'static str,
    item: &'static StructModel,
    parameters: Vec<&'static str>,
}

impl Filterable {
    fn of((path, model): &Action) -> Option<Self> {
        let of_items = |member: &&MemberModel| matches!(member.kind, Kind::List(Kind::Struct(_)));
        let list = model.answer.members.iter().find(of_items)?;
        let Kind::List(Kind::Struct(item)) = list.kind else {
            return None;
        };
        let mut found = Self {
            path: path.clone(),
            items: list.name,
            item,
            parameters: Vec::new(),
        };
        let all = model.request.members.iter().map(|member| member.name);
        let shown = all.filter(|name| found.member(name.strip_suffix("List").unwrap_or(name)).is_some());
        found.parameters = shown
            .filter(|name| !["regionCode", "zoneCode"].contains(name))
            .collect();
        let is_list = model.info.name.starts_with("get") && model.info.name.ends_with("InstanceList");
        let needs_nothing = model.request.members.iter().all(|member| !member.required);
        (is_list && needs_nothing && !found.parameters.is_empty()).then_some(found)
    }

    /// The member of the items that a parameter is about, if it is a single text.
    fn member(&self, parameter: &str) -> Option<&'static str> {
        let names = [parameter, parameter.strip_suffix("Code").unwrap_or(parameter)];
        let member = names.iter().find_map(|name| self.item.member(name))?;
        let is_text = matches!(
            member.kind,
            Kind::Text | Kind::Code(_) | Kind::CommonCode(_) | Kind::Flag
        );
        is_text.then_some(member.name)
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => members.get("code").map(text_of).unwrap_or_default(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[test]
fn filters_find_what_a_look_at_everything_finds() {
    let mut actions: Vec<Action> = Vec::new();
    for service in SERVICES.map(|name| catalog::service(name).unwrap()) {
        let path = service.service.path;
        let operations = service.operations.iter();
        actions.extend(operations.map(|model| (format!("{path}/{}", model.info.name), *model)));
    }
    let lists: Vec<Filterable> = actions.iter().filter_map(Filterable::of).collect();
    assert!(lists.len() > 8, "{}", lists.len());
    let mut random = Random {
        simulator: Simulator::new(),
        chance: Chance(7),
        now: now(),
        seen: BTreeMap::new(),
    };
    let mut telling = 0;
    for _ in 0..STEPS {
        random.step(&actions);
        let list = random.chance.below(lists.len());
        let (passed, left) = random.compare(&lists[list]);
        telling += usize::from(passed > 0 && left > 0);
    }
    assert!(
        telling > STEPS / 20,
        "{telling} lists had something that passed, and something that did not"
    );
}
