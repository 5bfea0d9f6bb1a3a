//! Lists: filters, sorting and pages over the resources of a kind; and one of them alone.

use std::borrow::Cow;
use std::time::SystemTime;

use ncloud_api::catalog::{Kind as Holds, MemberModel};
use serde_json::{Map, Value};

use super::call::{Call, answer};
use super::create::item;
use super::kind::Kind;
use super::{Resource, text, text_of};
use crate::action::Page;
use crate::outcome::ServiceError;

/// Bytes in what the platform calls a gigabyte.
const GB: u64 = 1 << 30;

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

pub(super) fn list(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let now = call.pace.now;
    let page = Page::of_form(call.form)?;
    let filters = filters(call, kind);
    let order = order(call)?;
    let of_region = call.world.all(kind, now);
    let of_region = of_region.filter(|resource| resource.region == call.region);
    let mut found: Vec<&Resource> = of_region
        .filter(|resource| {
            filters.is_empty() || {
                let shown = shown(resource, kind, now);
                filters.iter().all(|filter| filter.passes(&shown))
            }
        })
        .collect();
    if let Some((member, is_descending)) = &order {
        found.sort_by_cached_key(|resource| text(&shown(resource, kind, now), member));
        if *is_descending {
            found.reverse();
        }
    }
    let total = found.len();
    // Only what is on the page is put together.
    let items = page.of(found).into_iter();
    let items = items.map(|resource| Value::Object(resource.shown(kind, now)));
    let mut answer = answer(kind.list, items.collect());
    answer.insert("totalRows".to_owned(), Value::from(total));
    Ok(answer)
}

pub(super) fn detail(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
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

/// What a resource shows, put together only if that is not what it was left with.
fn shown<'a>(resource: &'a Resource, kind: &'static Kind, now: SystemTime) -> Cow<'a, Map<String, Value>> {
    if resource.is_changing() {
        Cow::Owned(resource.shown(kind, now))
    } else {
        Cow::Borrowed(&resource.members)
    }
}

/// A parameter that has to fit.
struct Filter {
    /// The member that it looks at, by the names that it may have.
    members: Vec<String>,
    wanted: Vec<String>,
    /// Whether the member is text that only has to hold the parameter's.
    in_part: bool,
    /// The most that the member may be, where it is a size.
    at_most: Option<u64>,
}

impl Filter {
    fn passes(&self, members: &Map<String, Value>) -> bool {
        let Some(value) = self.members.iter().find_map(|member| members.get(member)) else {
            return false;
        };
        if let Some(most) = self.at_most {
            return text_of(value).parse().is_ok_and(|size: u64| size <= most);
        }
        let fits = |text: &str| {
            self.wanted
                .iter()
                .any(|wanted| text == wanted || (self.in_part && text.contains(wanted.as_str())))
        };
        match value {
            Value::Array(items) => items.iter().any(|item| fits(&text_of(item))),
            value => fits(&text_of(value)),
        }
    }
}

/// The filters that a call has, as far as the answer's items have the member.
fn filters(call: &Call<'_>, kind: &'static Kind) -> Vec<Filter> {
    let item = item(call, kind);
    let mut filters = Vec::new();
    for parameter in call.model.request.members {
        let wanted = call.items(parameter.name);
        if wanted.is_empty() || NO_FILTERS.contains(&parameter.name) {
            continue;
        }
        let shown = item.and_then(|item| item.member(parameter.name));
        let is_size = shown.is_some_and(|member| matches!(member.kind, Holds::Size));
        filters.push(Filter {
            members: names(parameter),
            in_part: parameter.name.ends_with("Name") && !kind.whole_names,
            at_most: if is_size { bytes(&wanted) } else { None },
            wanted,
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
    let name = parameter.name;
    let single = name.strip_suffix("List").unwrap_or(name);
    let mut names = vec![name.to_owned(), single.to_owned(), format!("{single}List")];
    if let Some(common) = single.strip_suffix("Code") {
        names.push(common.to_owned());
    }
    names
}

/// The member to sort by, and whether the largest comes first.
fn order(call: &Call<'_>) -> Result<Option<(String, bool)>, ServiceError> {
    check_code(call, "sortingOrder")?;
    check_code(call, "sortedBy")?;
    let is_descending = match call.get("sortingOrder") {
        None => false,
        Some(order) if order.eq_ignore_ascii_case("asc") || order.eq_ignore_ascii_case("ascending") => false,
        Some(order) if order.eq_ignore_ascii_case("desc") || order.eq_ignore_ascii_case("descending") => true,
        Some(_) => return Err(ServiceError::parameter("sortingOrder", "must be ASC or DESC")),
    };
    Ok(call
        .get("sortedBy")
        .map(|member| (member.to_owned(), is_descending)))
}

/// Where it is known what a parameter may be, it has to be one of these.
fn check_code(call: &Call<'_>, name: &str) -> Result<(), ServiceError> {
    let described = call.model.request.member(name);
    let (Some(Holds::Code(codes)), Some(value)) = (described.map(|member| member.kind), call.get(name))
    else {
        return Ok(());
    };
    let known: Vec<&str> = codes.codes.iter().map(|(code, _)| *code).collect();
    if known.iter().any(|code| code.eq_ignore_ascii_case(value)) {
        return Ok(());
    }
    Err(ServiceError::parameter(
        name,
        &format!("must be {}", known.join(" or ")),
    ))
}
