//! Login keys of Classic: known by their names; the private key is told once, when a key is made.

use serde_json::{Map, Value, json};

use super::CLASSIC;
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, Rule};
use crate::world::{Call, Change, Resource, along, create};

const NAME: &str = "keyName";

pub(crate) static LOGIN_KEY: Kind = Kind {
    name: "Classic login key",
    number: "loginKeyNo",
    list: "loginKeyList",
    label: Some((NAME, "key")),
    actions: &[
        ("getLoginKeyList", Rule::List),
        ("createLoginKey", Rule::Odd(create)),
        ("importLoginKey", Rule::Create(import)),
        ("deleteLoginKey", Rule::Odd(delete)),
    ],
    ..CLASSIC
};

fn import(call: &mut Call<'_>, key: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let name = call.required(NAME)?;
    // Sixteen bytes, as fingerprints have; nothing can be checked against it.
    let fingerprint = number.to_be_bytes().into_iter().chain(number.to_le_bytes());
    let fingerprint: Vec<String> = fingerprint.map(|byte| format!("{byte:02x}")).collect();
    let shown = json!({ NAME: name, "fingerprint": fingerprint.join(":") });
    key.members.append(&mut along::members(shown));
    Ok(())
}

fn create(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let name = call.required(NAME)?;
    if present(call, &name).is_some() {
        return Err(ServiceError::taken(NAME, &name));
    }
    create::create(call, kind, import)?;
    let private_key =
        format!("-----BEGIN RSA PRIVATE KEY-----\nTEST {name}\n-----END RSA PRIVATE KEY-----\n");
    Ok(along::members(json!({ "privateKey": private_key })))
}

/// The number of a key by its name.
fn present(call: &Call<'_>, name: &str) -> Option<String> {
    let mut keys = call.world.named(&LOGIN_KEY, name, call.pace.now);
    let found = keys.next()?;
    Some(found.text("loginKeyNo"))
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let name = call.required(NAME)?;
    let number = present(call, &name).ok_or_else(|| ServiceError::authority(NAME, &name))?;
    let now = call.pace.now;
    if let Some(found) = call.world.find_mut(kind, &call.region, &number, now) {
        found.begin(Change::to_gone(now, kind.deleting));
    }
    Ok(Map::new())
}
