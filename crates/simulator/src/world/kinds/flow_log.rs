//! Flow logs: what of the traffic of a network interface is recorded, and where.

use serde_json::{Map, Value, json};

use crate::outcome::ServiceError;
use crate::world::call::answer;
use crate::world::change::check;
use crate::world::reference::named;
use crate::world::{Call, Kind, common_code};

/// The setting, a member that is known to the simulator alone.
const SETTING: &str = "flowLogConfiguration";
const LIST: &str = "flowLogConfigurationList";
/// The member that tells whether there is a setting.
const ENABLED: &str = "enableFlowLog";

type Answer = Result<Map<String, Value>, ServiceError>;

pub(super) fn enable(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let number = call.required(kind.number)?;
    let action = call.required("collectActionTypeCode")?;
    let storage = call.get("storageTypeCode").unwrap_or("OBJT");
    let setting = json!({
        (kind.number): number, "collectActionType": common_code(&action, &action),
        "collectIntervalMinute": call.get("collectIntervalMinute").unwrap_or("15"),
        "storageType": common_code(storage, storage), "storageBucketName": call.required("storageBucketName")?,
        "storageBucketDirectoryName": call.get("storageBucketDirectoryName").unwrap_or("VPC_FLOW_LOG"),
    });
    put(call, kind, &number, Some(setting.clone()))?;
    Ok(answer(LIST, vec![setting]))
}

/// Shows the setting that there was.
pub(super) fn disable(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let number = call.required(kind.number)?;
    let setting = put(call, kind, &number, None)?;
    Ok(answer(LIST, setting.into_iter().collect()))
}

pub(super) fn settings(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    const BY: &str = "networkInterfaceNoList";
    let mut settings = Vec::new();
    for number in call.numbers(BY) {
        let found = named(call, kind, BY, &number)?;
        settings.extend(found.members.get(SETTING).cloned());
    }
    Ok(answer(LIST, settings))
}

/// Gives an interface a setting or takes it away, and gives the one before.
fn put(
    call: &mut Call<'_>,
    kind: &'static Kind,
    number: &str,
    setting: Option<Value>,
) -> Result<Option<Value>, ServiceError> {
    check(call, kind, kind.number, number, &[])?;
    let found = call.world.find_mut(kind, &call.region, number, call.pace.now);
    let members = &mut found.ok_or_else(|| kind.absent(kind.number, number))?.members;
    members.insert(ENABLED.to_owned(), setting.is_some().into());
    Ok(match setting {
        Some(setting) => members.insert(SETTING.to_owned(), setting),
        None => members.remove(SETTING),
    })
}
