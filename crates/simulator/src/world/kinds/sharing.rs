//! Sharing: the accounts that may use an image.

use serde_json::{Map, Value};

use crate::outcome::ServiceError;
use crate::world::Kind;
use crate::world::change::check;
use crate::world::{Call, common_code};

const LOGIN_IDS: &str = "sharedLoginIdList";

/// Lets further accounts use it.
pub(super) fn add_sharing(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    share(call, kind, |now, named| {
        for login_id in named {
            if !now.contains(&login_id) {
                now.push(login_id);
            }
        }
    })
}

/// Stops letting accounts use it.
pub(super) fn remove_sharing(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    share(call, kind, |now, named| {
        now.retain(|login_id| !named.contains(login_id));
    })
}

/// Lets these accounts use it and no others.
pub(super) fn set_sharing(
    call: &mut Call<'_>,
    kind: &'static Kind,
) -> Result<Map<String, Value>, ServiceError> {
    share(call, kind, |now, named| *now = named)
}

/// The members of an image that is shared with nobody.
pub(super) fn unshared(image: &mut Map<String, Value>) {
    image.insert("shareStatus".to_owned(), common_code("NULL", "NULL state"));
    image.insert(LOGIN_IDS.to_owned(), Value::Array(Vec::new()));
}

fn share(
    call: &mut Call<'_>,
    kind: &'static Kind,
    change: fn(&mut Vec<Value>, Vec<Value>),
) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(kind.number)?;
    check(call, kind, kind.number, &number, &["CREAT"])?;
    let found = call.world.find(kind, &call.region, &number, call.pace.now);
    if found.is_some_and(|found| found.text("serverImageType") == "NCP") {
        return Err(ServiceError::authority(kind.number, &number));
    }
    let named = call.items("targetLoginIdList").into_iter().map(Value::String);
    let named: Vec<Value> = named.collect();
    if let Some(found) = call.world.find_mut(kind, &call.region, &number, call.pace.now) {
        let login_ids = found
            .members
            .entry(LOGIN_IDS)
            .or_insert_with(|| Value::Array(Vec::new()));
        let is_shared = match login_ids {
            Value::Array(login_ids) => {
                change(login_ids, named);
                !login_ids.is_empty()
            }
            _ => false,
        };
        let status = if is_shared { "SHARE" } else { "NULL" };
        let status = common_code(status, &format!("{status} state"));
        found.members.insert("shareStatus".to_owned(), status);
    }
    let shown: Vec<u64> = number.parse().into_iter().collect();
    Ok(call.show(kind, &shown))
}
