//! Lists: filters, sorting and pages over the resources of a kind; and one of them alone.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ncloud_api::catalog::{Kind as Holds, MemberModel};
use ncloud_core::shape::Shape;
use serde_json::{Map, Value};

use super::call::{Call, answer, not_shown};
use super::create::item;
use super::kind::Kind;
use super::lookup::contains;
use super::size::GB;
use super::{Resource, World, plain, shown, text, text_of};
use crate::action::Page;
use crate::outcome::ServiceError;

/// Parameters that say how a list is given, and not what is in it.
const NO_FILTERS: [&str; 9] = [
    "regionCode",
    "regionNo",
    "pageNo",
    "pageSize",
    "sortedBy",
    "sortingOrder",
    "sortList",
    "searchFilterName",
    "searchFilterValue",
];

/// What the name of a parameter begins with that says what is left out.
const EXCLUSION: &str = "exclusion";

/// The list that a call asks for, as an answer's members.
pub(crate) fn list(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let now = call.pace.now;
    let (total, found) = page(call, kind)?;
    let items = found.into_iter();
    let items = items.map(|resource| Value::Object(resource.shown(kind, now)));
    let mut answer = answer(kind.list, items.collect());
    answer.insert("totalRows".to_owned(), Value::from(total));
    Ok(answer)
}

/// The same, read into an answer.
pub(super) fn read(
    call: &mut Call<'_>,
    kind: &'static Kind,
    answer: &mut dyn Shape,
) -> Result<(), ServiceError> {
    let now = call.pace.now;
    let (total, found) = page(call, kind)?;
    let mut members = Map::new();
    members.insert("totalRows".to_owned(), Value::from(total));
    shown::read_list(kind.list, &found, kind, now, answer)
        .and_then(|()| shown::read(&members, answer))
        .map_err(|error| not_shown(&error))
}

/// How many a call asks for, and those of them that are on the page.
fn page<'a>(call: &'a mut Call<'_>, kind: &'static Kind) -> Result<(usize, Vec<&'a Resource>), ServiceError> {
    call.world.resources.forget_staying(kind);
    let call = &*call;
    let now = call.pace.now;
    let page = Page::of_form(call.form)?;
    let filters = filters(call, kind);
    let order = order(call)?;
    if filters.is_empty() && order.is_none() && kind.on_offer.is_none() {
        // Only what is on the page is looked at.
        let numbers = call.world.resources.in_region(kind, &call.region, now);
        let total = numbers.len();
        let found = page.of(numbers).into_iter();
        return Ok((
            total,
            found.filter_map(|number| call.world.get(kind, number)).collect(),
        ));
    }
    let mut found: Vec<&Resource> = candidates(call, kind, &filters)
        .filter(|resource| {
            let shown = |member: &str| resource.shown_member(kind, member, now);
            resource.is_in(&call.region) && filters.iter().all(|filter| filter.passes(shown))
        })
        .collect();
    if let Some((member, is_descending)) = &order {
        let counts = counts(call, kind, member);
        found.sort_by_cached_key(|resource| {
            let shown = resource.shown_member(kind, member, now);
            let text = shown.map(|value| text_of(&value)).unwrap_or_default();
            (counts.then(|| text.parse::<i128>().ok()).flatten(), text)
        });
        if *is_descending {
            found.reverse();
        }
    }
    let total = found.len();
    Ok((total, page.of(found)))
}

/// All that may pass the filters: those that pass the one that leaves the fewest, as far as that can be looked up.
fn candidates<'a>(
    call: &'a Call<'_>,
    kind: &'static Kind,
    filters: &[Filter],
) -> Box<dyn Iterator<Item = &'a Resource> + 'a> {
    let (world, now) = (&*call.world, call.pace.now);
    let looked_up = filters.iter().filter(|filter| filter.can_be_looked_up(kind));
    let fewest = looked_up.min_by_key(|filter| filter.count(world, kind));
    match fewest {
        Some(filter) => Box::new(world.numbered(kind, filter.numbers(world, kind), now)),
        None => Box::new(world.all(kind, now)),
    }
}

pub(crate) fn detail(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(kind.number)?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    match (found, kind.absent_code) {
        (None, Some(code)) => Err(ServiceError::absent(code, kind.number, &number)),
        (found, _) => {
            let shown = found.map(|found| Value::Object(found.shown(kind, call.pace.now)));
            Ok(answer(kind.list, shown.into_iter().collect()))
        }
    }
}

/// A parameter that has to fit.
struct Filter {
    /// The member that it looks at, by the names that it may have.
    members: Vec<String>,
    wanted: BTreeSet<String>,
    /// Whether it is a parameter of its own, of which there are not many, and not one of which the caller says what it is about.
    is_described: bool,
    /// Whether the member is text that only has to hold the parameter's.
    in_part: bool,
    /// Whether what fits is left out.
    excludes: bool,
    /// The most that the member may be, where it is a size.
    at_most: Option<u64>,
}

impl Filter {
    /// Whether what may pass can be found without a look at everything. A state is another one with time.
    fn can_be_looked_up(&self, kind: &Kind) -> bool {
        let mut members = self.members.iter();
        self.is_described
            && !self.excludes
            && self.at_most.is_none()
            && !members.any(|member| kind.state.has(member))
    }

    /// About how many may pass; those that have a text in part are not worth counting.
    fn count(&self, world: &World, kind: &'static Kind) -> usize {
        if self.in_part {
            return usize::MAX;
        }
        if self.is_number(kind) {
            return self.wanted.len();
        }
        let counts = self.each(|member, wanted| world.resources.count(kind, member, wanted));
        counts.fold(0, usize::saturating_add)
    }

    /// The numbers of those that may pass.
    fn numbers(&self, world: &World, kind: &'static Kind) -> BTreeSet<u64> {
        if self.is_number(kind) {
            let numbers = self.wanted.iter();
            return numbers.filter_map(|number| plain(number)).collect();
        }
        let numbers = self.each(|member, wanted| {
            if self.in_part {
                world.resources.holding(kind, member, wanted)
            } else {
                world.resources.having(kind, member, wanted)
            }
        });
        numbers.flatten().collect()
    }

    /// Whether it asks for resources by their numbers.
    fn is_number(&self, kind: &Kind) -> bool {
        !self.in_part && self.members.iter().any(|member| member == kind.number)
    }

    fn each<T>(&self, find: impl Fn(&str, &str) -> T) -> impl Iterator<Item = T> {
        let members = self.members.iter();
        members
            .flat_map(move |member| self.wanted.iter().map(move |wanted| (member, wanted)))
            .map(move |(member, wanted)| find(member, wanted))
    }

    /// Whether a resource fits, of which a function tells the members.
    fn passes<'a>(&self, shown: impl Fn(&str) -> Option<Cow<'a, Value>>) -> bool {
        let Some(value) = self.members.iter().find_map(|member| shown(member)) else {
            return self.excludes;
        };
        if let Some(most) = self.at_most {
            return text_of(&value).parse().is_ok_and(|size: u64| size <= most);
        }
        let fits = |text: &str| {
            let mut parts = self.wanted.iter();
            self.wanted.contains(text) || (self.in_part && parts.any(|part| contains(text, part)))
        };
        let fits = match &*value {
            Value::Array(items) => items.iter().any(|item| fits(&text_of(item))),
            value => fits(&text_of(value)),
        };
        fits != self.excludes
    }
}

/// The filters that a call has, as far as the answer's items have the member.
fn filters(call: &Call<'_>, kind: &'static Kind) -> Vec<Filter> {
    let item = item(call, kind);
    let mut filters = Vec::new();
    for parameter in call.model.request.members {
        let wanted = call.items(parameter.name);
        let name = parameter.name;
        if wanted.is_empty() || NO_FILTERS.contains(&name) || kind.no_filters.contains(&name) {
            continue;
        }
        let shown = item.and_then(|item| item.member(parameter.name));
        let is_size = shown.is_some_and(|member| matches!(member.kind, Holds::Size));
        filters.push(Filter {
            members: names(parameter),
            is_described: true,
            excludes: name.starts_with(EXCLUSION),
            in_part: name.ends_with("Name") && !kind.whole_names,
            at_most: if is_size { bytes(&wanted) } else { None },
            wanted: wanted.into_iter().collect(),
        });
    }
    if let (Some(name), Some(value)) = (call.get("searchFilterName"), call.get("searchFilterValue")) {
        filters.push(Filter {
            members: vec![name.to_owned()],
            wanted: BTreeSet::from([value.to_owned()]),
            is_described: false,
            in_part: true,
            excludes: false,
            at_most: None,
        });
    }
    filters
}

/// A size in bytes; parameters have it in GB.
fn bytes(wanted: &[String]) -> Option<u64> {
    wanted.first()?.parse::<u64>().ok()?.checked_mul(GB)
}

/// The members that a parameter may be about: `vpcStatusCode` is the code of `vpcStatus`, `vpcNoList` some of `vpcNo`.
fn names(parameter: &MemberModel) -> Vec<String> {
    let name = parameter.name.strip_prefix(EXCLUSION).map(|rest| {
        let mut letters = rest.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        first.into_iter().chain(letters).collect()
    });
    let name = name.unwrap_or_else(|| parameter.name.to_owned());
    let single = name.strip_suffix("List").unwrap_or(&name);
    let mut names = vec![single.to_owned(), format!("{single}List")];
    if let Some(common) = single.strip_suffix("Code") {
        names.push(common.to_owned());
    }
    // Each once, and the parameter's own one first.
    names.retain(|other| *other != name);
    names.insert(0, name);
    names
}

/// The member to sort by, and whether the largest comes first.
fn order(call: &Call<'_>) -> Result<Option<(String, bool)>, ServiceError> {
    check_code(call, "sortingOrder")?;
    let known = check_code(call, "sortedBy")?;
    // The first one of several counts; newer lists have a list of orders.
    let first = call.structs("sortList").into_iter().next().unwrap_or_default();
    let given = |name: &str| call.get(name).map_or_else(|| text(&first, name), str::to_owned);
    let is_descending = match given("sortingOrder").to_ascii_lowercase().as_str() {
        "" | "asc" | "ascending" => false,
        "desc" | "descending" => true,
        _ => return Err(ServiceError::parameter("sortingOrder", "must be ASC or DESC")),
    };
    let member = known.map_or_else(|| given("sortedBy"), str::to_owned);
    Ok((!member.is_empty()).then_some((member, is_descending)))
}

/// Whether a member is sorted as a number, so that 9 comes before 10.
fn counts(call: &Call<'_>, kind: &'static Kind, member: &str) -> bool {
    let holds = item(call, kind).and_then(|item| item.member(member));
    let holds_number =
        |member: &MemberModel| matches!(member.kind, Holds::Integer | Holds::Long | Holds::Size);
    member.ends_with("No") || holds.is_some_and(holds_number)
}

/// Where it is known what a parameter may be, it has to be one of these, in whatever case; gives the one that it is.
fn check_code(call: &Call<'_>, name: &str) -> Result<Option<&'static str>, ServiceError> {
    let described = call.model.request.member(name);
    let (Some(Holds::Code(codes)), Some(value)) = (described.map(|member| member.kind), call.get(name))
    else {
        return Ok(None);
    };
    let known: Vec<&str> = codes.codes.iter().map(|(code, _)| *code).collect();
    if let Some(code) = known.iter().find(|code| code.eq_ignore_ascii_case(value)) {
        return Ok(Some(code));
    }
    Err(ServiceError::parameter(
        name,
        &format!("must be {}", known.join(" or ")),
    ))
}
