//! Public IPs of Classic: each with a server at most, and each server with one at most.

use serde_json::{Map, Value, json};

use super::{CLASSIC, SERVER, place, place_beside};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Kind, Move, Phase, Rule, State};
use crate::world::{Call, Change, Resource, along, common_code, remove, text_of};

const CREATED: Phase = Phase::new("CREAT", "NULL", "created");
const USED: Phase = Phase::new("USED", "NULL", "used");
const RELEASING: Phase = Phase::keeping("DISUS", "disassociating");
const NUMBER: &str = "publicIpInstanceNo";
const SERVER_NUMBER: &str = "serverInstanceNo";
const OWNER: &str = "serverInstanceAssociatedWithPublicIp";

pub(crate) static PUBLIC_IP: Kind = Kind {
    name: "Classic public IP",
    number: NUMBER,
    list: "publicIpInstanceList",
    state: State {
        status: "publicIpInstanceStatus",
        operation: "publicIpInstanceOperation",
        phrase: "publicIpInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "initialized"),
    made: CREATED,
    deleting: Phase::keeping("TERMT", "terminating"),
    actions: &[
        ("getPublicIpInstanceList", Rule::List),
        ("createPublicIpInstance", Rule::Create(public_ip)),
        ("deletePublicIpInstances", Rule::Odd(delete)),
        (
            "associatePublicIpWithServerInstance",
            Rule::Move(Move {
                by: NUMBER,
                from: &[],
                during: Phase::keeping("USE", "associating"),
                then: USED,
                effect: Some(associate),
            }),
        ),
        (
            "disassociatePublicIpFromServerInstance",
            Rule::Move(Move {
                by: NUMBER,
                from: &[],
                during: RELEASING,
                then: CREATED,
                effect: Some(disassociate),
            }),
        ),
    ],
    ..CLASSIC
};

fn public_ip(call: &mut Call<'_>, public_ip: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let address = format!("203.0.{}.{}", (number >> 8) & 0xff, number & 0xff);
    let shown = json!({
        "publicIp": address, "publicIpKindType": common_code("GEN", "GEN"), "isAssociated": "false",
    });
    public_ip.members.append(&mut along::members(shown));
    along::complete(&mut public_ip.members, json!({ "publicIpDescription": "" }));
    match call.get(SERVER_NUMBER).map(str::to_owned) {
        None => place(call, public_ip)?,
        Some(server) => {
            let mut owned = owned_by(call, &server)?;
            place_beside(public_ip, super::server(call, &server)?);
            public_ip
                .members
                .insert(SERVER_NUMBER.to_owned(), server.as_str().into());
            public_ip.at_end.append(&mut owned);
            public_ip.at_end.extend(state_of(USED));
            show_at_server(call, &server, &address);
        }
    }
    Ok(())
}

fn state_of(phase: Phase) -> impl Iterator<Item = (String, Value)> {
    let shown = PUBLIC_IP.shown(phase).into_iter();
    shown.map(|(member, value)| (member.to_owned(), value))
}

/// The members that say which server has it, if that one can have it.
fn owned_by(call: &Call<'_>, server: &str) -> Result<Map<String, Value>, ServiceError> {
    check(call, &SERVER, SERVER_NUMBER, server, &["RUN", "NSTOP"])?;
    let found = super::server(call, server)?;
    if !found.text("publicIp").is_empty() {
        return Err(ServiceError::state(SERVER_NUMBER, server, "has a public IP"));
    }
    let owner = json!({ SERVER_NUMBER: server, "serverName": found.text("serverName") });
    let members = json!({ OWNER: owner, SERVER_NUMBER: server, "isAssociated": "true" });
    Ok(along::members(members))
}

fn show_at_server(call: &mut Call<'_>, server: &str, address: &str) {
    let now = call.pace.now;
    if let Some(found) = call.world.find_mut(&SERVER, &call.region, server, now) {
        found.members.insert("publicIp".to_owned(), address.into());
    }
}

fn associate(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    if !owner(call, number).is_empty() {
        return Err(ServiceError::state(NUMBER, number, "is associated with a server"));
    }
    let server = call.required(SERVER_NUMBER)?;
    change.sets = owned_by(call, &server)?;
    let now = call.pace.now;
    let Some(found) = call.world.find_mut(&PUBLIC_IP, &call.region, number, now) else {
        return Ok(());
    };
    // It is the server's from the beginning, so that it is released with it, and is shown in the end.
    found
        .members
        .insert(SERVER_NUMBER.to_owned(), server.as_str().into());
    let address = found.text("publicIp");
    show_at_server(call, &server, &address);
    Ok(())
}

/// The number of the server that has it; empty without one.
fn owner(call: &Call<'_>, number: &str) -> String {
    let now = call.pace.now;
    let found = call.world.find(&PUBLIC_IP, &call.region, number, now);
    let owner = found.and_then(|found| found.member(SERVER_NUMBER, now));
    owner.map(text_of).unwrap_or_default()
}

fn disassociate(call: &mut Call<'_>, number: &str, change: &mut Change) -> Result<(), ServiceError> {
    let server = owner(call, number);
    if server.is_empty() {
        return Err(ServiceError::state(
            NUMBER,
            number,
            "is not associated with a server",
        ));
    }
    show_at_server(call, &server, "");
    change.sets = free();
    Ok(())
}

/// What it shows without a server.
fn free() -> Map<String, Value> {
    along::members(json!({ OWNER: null, SERVER_NUMBER: null, "isAssociated": "false" }))
}

/// The number of a server's public IP.
fn address_of(call: &Call<'_>, server: &str) -> Option<String> {
    let now = call.pace.now;
    let mut theirs = call.world.naming(&PUBLIC_IP, SERVER_NUMBER, server, now);
    let found = theirs.find(|public_ip| {
        let owner = public_ip.member(SERVER_NUMBER, now);
        owner.is_some_and(|owner| text_of(owner) == server)
    });
    found.map(|public_ip| public_ip.text(NUMBER))
}

/// The public IP of a server that goes is without one.
pub(super) fn release(call: &mut Call<'_>, server: &str) {
    let now = call.pace.now;
    let Some(number) = address_of(call, server) else {
        return;
    };
    let mut change = Change::new(call.end(), RELEASING, CREATED);
    change.sets = free();
    if let Some(found) = call.world.find_mut(&PUBLIC_IP, &call.region, &number, now)
        && !found.is_going()
    {
        found.begin(change);
    }
}

fn delete(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    const BY: &str = "publicIpInstanceNoList";
    for number in call.items(BY) {
        if !owner(call, &number).is_empty() {
            return Err(ServiceError::state(BY, &number, "is associated with a server"));
        }
    }
    remove::remove(call, kind, BY, &[])
}
