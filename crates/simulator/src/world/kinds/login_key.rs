//! Login keys, known by their names, and the administrator passwords that they open; for VPC servers and Classic ones alike.

use serde_json::{Map, Value};

use super::server_instance::SERVER_INSTANCE;
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, PLAIN, Rule};
use crate::world::reference::named;
use crate::world::{Call, Resource, create, remove, text};

pub(crate) static LOGIN_KEY: Kind = Kind {
    name: "login key",
    service: "vserver",
    // Known to the simulator alone.
    number: "loginKeyNo",
    list: "loginKeyList",
    label: Some((NAME, "login-key")),
    actions: &[
        ("getLoginKeyList", Rule::List),
        ("createLoginKey", Rule::Odd(create)),
        ("importLoginKey", Rule::Create(import)),
        (
            "deleteLoginKeys",
            Rule::Odd(|call, kind| delete(call, kind, "keyNameList")),
        ),
        (
            "getRootPassword",
            Rule::Odd(|call, kind| root_password(call, kind, &SERVER_INSTANCE)),
        ),
        (
            "getRootPasswordServerInstanceList",
            Rule::Odd(|call, kind| root_passwords(call, kind, &SERVER_INSTANCE)),
        ),
    ],
    ..PLAIN
};

/// The member with a key's name.
pub(super) const NAME: &str = "keyName";
const FINGERPRINT: &str = "fingerprint";
/// Known to the simulator alone: which private key it made up.
const MADE_UP: &str = "privateKeyNumber";
const SERVER: &str = "serverInstanceNo";

type Answer = Result<Map<String, Value>, ServiceError>;

/// The private key is in this answer, and in none after it.
pub(super) fn create(call: &mut Call<'_>, kind: &'static Kind) -> Answer {
    let mut members = Map::new();
    if let Some(name) = call.get(NAME) {
        members.insert(NAME.to_owned(), Value::String(name.to_owned()));
    }
    let number = create::make(call, kind, with_private_key, members)?;
    let found = call
        .world
        .find(kind, &call.region, &number.to_string(), call.pace.now);
    let name = found.map(|found| found.text(NAME)).unwrap_or_default();
    let mut answer = Map::new();
    answer.insert(NAME.to_owned(), Value::String(name));
    answer.insert("privateKey".to_owned(), Value::String(private_key(number)));
    Ok(answer)
}

fn with_private_key(_: &mut Call<'_>, key: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let fingerprint = fingerprint(&private_key(number));
    key.members
        .insert(FINGERPRINT.to_owned(), Value::String(fingerprint));
    key.members.insert(MADE_UP.to_owned(), number.into());
    Ok(())
}

pub(super) fn import(call: &mut Call<'_>, key: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let fingerprint = fingerprint(call.get("publicKey").unwrap_or_default().trim());
    key.members
        .insert(FINGERPRINT.to_owned(), Value::String(fingerprint));
    Ok(())
}

/// Text in the form of a private key, the same one for the same number; a key of nothing.
fn private_key(number: u64) -> String {
    let words = "This+is+not+a+key+It+was+made+up+by+the+simulator+and+opens+nothing";
    let number = format!("{number:0>64}");
    format!("-----BEGIN RSA PRIVATE KEY-----\n{words:/<64.64}\n{number}\n-----END RSA PRIVATE KEY-----\n")
}

/// Text in the form of a fingerprint: sixteen octets that depend on the key and on nothing else.
fn fingerprint(key: &str) -> String {
    let octets = [hash(key, 0), hash(key, 1)];
    let octets = octets.iter().flat_map(|half| half.to_be_bytes());
    let octets: Vec<String> = octets.map(|octet| format!("{octet:02x}")).collect();
    octets.join(":")
}

/// FNV-1a, which is enough to tell texts apart; the standard library's hash may be another one tomorrow.
fn hash(text: &str, seed: u8) -> u64 {
    let octets = std::iter::once(seed).chain(text.bytes());
    octets.fold(0xcbf2_9ce4_8422_2325, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A key by its name.
pub(super) fn find<'a>(
    call: &'a Call<'_>,
    kind: &'static Kind,
    by: &str,
    name: &'a str,
) -> Result<&'a Resource, ServiceError> {
    let named = call.world.named(kind, name, call.pace.now);
    let mut found = named.filter(|key| !kind.regional || key.region == call.region);
    found.next().ok_or_else(|| ServiceError::authority(by, name))
}

/// Deletes by names; all of them, or none if one is not there.
pub(super) fn delete(call: &mut Call<'_>, kind: &'static Kind, by: &str) -> Answer {
    let mut found = Vec::new();
    for name in call.numbers(by) {
        found.push(find(call, kind, by, &name)?.text(kind.number));
    }
    remove::these(call, kind, by, &found, &[])?;
    Ok(Map::new())
}

pub(super) fn root_password(call: &mut Call<'_>, kind: &'static Kind, servers: &'static Kind) -> Answer {
    let number = call.required(SERVER)?;
    let key = call.get("privateKey").unwrap_or_default().to_owned();
    let name = login_key_of(call, servers, SERVER, &number)?;
    let password = password(call, kind, &name, "privateKey", &key, &number)?;
    let mut answer = Map::new();
    answer.insert("totalRows".to_owned(), Value::from(1));
    answer.insert("rootPassword".to_owned(), Value::String(password));
    Ok(answer)
}

pub(super) fn root_passwords(call: &mut Call<'_>, kind: &'static Kind, servers: &'static Kind) -> Answer {
    let list = "rootPasswordServerInstanceList";
    let mut passwords = Vec::new();
    for (index, wanted) in call.structs(list).iter().enumerate() {
        let place = format!("{list}.{}", index.saturating_add(1));
        let (number, key) = (text(wanted, SERVER), text(wanted, "privateKey"));
        let (by, key_by) = (format!("{place}.{SERVER}"), format!("{place}.privateKey"));
        let name = login_key_of(call, servers, &by, &number)?;
        let password = password(call, kind, &name, &key_by, &key, &number)?;
        passwords.push(serde_json::json!({ SERVER: number, "rootPassword": password }));
    }
    Ok(crate::world::call::answer(list, passwords))
}

/// The name of the login key of a server.
fn login_key_of(
    call: &Call<'_>,
    servers: &'static Kind,
    by: &str,
    number: &str,
) -> Result<String, ServiceError> {
    Ok(named(call, servers, by, number)?.text("loginKeyName"))
}

/// The password of a server: legible with the private key of its login key, and something else without one.
fn password(
    call: &mut Call<'_>,
    kind: &'static Kind,
    name: &str,
    by: &str,
    key: &str,
    server: &str,
) -> Result<String, ServiceError> {
    if key.is_empty() {
        return Ok(format!("SIMULATED/ENCRYPTED/{:016x}==", hash(server, 2)));
    }
    // Only of those that it made up does the simulator know the private key; any key opens the others.
    let login_key = find(call, kind, by, name).ok();
    let made_up = login_key.and_then(|key| key.text(MADE_UP).parse().ok());
    if made_up.is_some_and(|made_up| !key.split_whitespace().eq(private_key(made_up).split_whitespace())) {
        let problem = format!("is not the private key of {name:?}, the server's login key");
        return Err(ServiceError::parameter(by, &problem));
    }
    Ok(format!("simulated-{server}"))
}
