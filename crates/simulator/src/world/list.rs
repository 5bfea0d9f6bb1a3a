//! Lists: filters, sorting and pages over the resources of a kind; and one of them alone.

use ncloud_api::catalog::MemberModel;
use serde_json::{Map, Value};

use super::call::{Call, answer};
use super::kind::Kind;
use super::{Resource, text, text_of};
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

pub(crate) fn list(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let now = call.pace.now;
    let page = Page::of_form(call.form)?;
    let filters = filters(call, kind);
    let order = order(call)?;
    let mut found: Vec<(&Resource, Map<String, Value>)> = Vec::new();
    for resource in call
        .world
        .all(kind, now)
        .filter(|resource| resource.is_in(&call.region))
    {
        // Most filters look at what does not change, so that most of what does not pass is not even put together.
        if filters.iter().all(|filter| filter.may_pass(kind, resource)) {
            let shown = resource.shown(kind, now);
            if filters.iter().all(|filter| filter.passes(&shown)) {
                found.push((resource, shown));
            }
        }
    }
    if let Some((member, is_descending)) = &order {
        found.sort_by_cached_key(|(_, shown)| text(shown, member));
        if *is_descending {
            found.reverse();
        }
    }
    let total = found.len();
    let items: Vec<Value> = page
        .of(found)
        .into_iter()
        .map(|(_, shown)| Value::Object(shown))
        .collect();
    let mut answer = answer(kind.list, items);
    answer.insert("totalRows".to_owned(), Value::from(total));
    Ok(answer)
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
    wanted: Vec<String>,
    /// Whether the member is text that only has to hold the parameter's.
    in_part: bool,
    /// Whether what fits is left out.
    excludes: bool,
}

impl Filter {
    /// Whether it can pass, before it is known what the resource shows.
    fn may_pass(&self, kind: &Kind, resource: &Resource) -> bool {
        let changes = |member: &String| {
            [kind.state.status, kind.state.operation, kind.state.phrase].contains(&member.as_str())
        };
        resource.is_changing() || self.members.iter().any(changes) || self.passes(&resource.members)
    }

    fn passes(&self, members: &Map<String, Value>) -> bool {
        let Some(value) = self.members.iter().find_map(|member| members.get(member)) else {
            return self.excludes;
        };
        let fits = |text: &str| {
            self.wanted
                .iter()
                .any(|wanted| text == wanted || (self.in_part && text.contains(wanted.as_str())))
        };
        let fits = match value {
            Value::Array(items) => items.iter().any(|item| fits(&text_of(item))),
            value => fits(&text_of(value)),
        };
        fits != self.excludes
    }
}

/// The filters that a call has, as far as the answer's items have the member.
fn filters(call: &Call<'_>, kind: &Kind) -> Vec<Filter> {
    let mut filters = Vec::new();
    for parameter in call.model.request.members {
        let wanted = call.items(parameter.name);
        let name = parameter.name;
        if wanted.is_empty() || NO_FILTERS.contains(&name) || kind.no_filters.contains(&name) {
            continue;
        }
        filters.push(Filter {
            members: names(parameter),
            excludes: name.starts_with(EXCLUSION),
            wanted,
            in_part: name.ends_with("Name"),
        });
    }
    if let (Some(name), Some(value)) = (call.get("searchFilterName"), call.get("searchFilterValue")) {
        filters.push(Filter {
            members: vec![name.to_owned()],
            wanted: vec![value.to_owned()],
            in_part: true,
            excludes: false,
        });
    }
    filters
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
    let mut names = vec![name.clone(), single.to_owned(), format!("{single}List")];
    if let Some(common) = single.strip_suffix("Code") {
        names.push(common.to_owned());
    }
    names
}

/// The member to sort by, and whether the largest comes first.
fn order(call: &Call<'_>) -> Result<Option<(String, bool)>, ServiceError> {
    // The first one of several counts; newer lists have a list of orders.
    let first = call.structs("sortList").into_iter().next().unwrap_or_default();
    let given = |name: &str| call.get(name).map_or_else(|| text(&first, name), str::to_owned);
    let is_descending = match given("sortingOrder").to_ascii_lowercase().as_str() {
        "" | "asc" | "ascending" => false,
        "desc" | "descending" => true,
        _ => return Err(ServiceError::parameter("sortingOrder", "must be ASC or DESC")),
    };
    let member = given("sortedBy");
    Ok((!member.is_empty()).then_some((member, is_descending)))
}
