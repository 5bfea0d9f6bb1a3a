//! Server instances of Classic: made from a product or an image of one's own, started, stopped, rebooted and terminated.

use serde_json::{Map, Value, json};

use super::{
    BLOCK_STORAGE, BYTES_PER_GIGABYTE, CLASSIC, LOGIN_KEY, MEMBER_SERVER_IMAGE, block_storage, place,
    public_ip, regions, zones,
};
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, Move, Need, Phase, Rule, State};
use crate::world::{Call, Change, Resource, along, common_code, create, remove};

const RUNNING: Phase = Phase::new("RUN", "NULL", "running");
const STOPPED: Phase = Phase::new("NSTOP", "NULL", "stopped");
const BY: &str = "serverInstanceNoList";
/// How many servers one call makes at most.
const AT_ONCE: u64 = 20;

const fn moving(
    from: &'static [&'static str],
    operation: &'static str,
    phrase: &'static str,
    then: Phase,
) -> Rule {
    Rule::Move(Move {
        by: BY,
        from,
        during: Phase::keeping(operation, phrase),
        then,
        effect: None,
    })
}

pub(crate) static SERVER: Kind = Kind {
    name: "Classic server",
    number: "serverInstanceNo",
    list: "serverInstanceList",
    label: Some(("serverName", "server")),
    state: State {
        status: "serverInstanceStatus",
        operation: "serverInstanceOperation",
        phrase: "serverInstanceStatusName",
    },
    making: Phase::new("INIT", "CREAT", "init"),
    made: RUNNING,
    deleting: Phase::keeping("TERMT", "terminating"),
    needs: &[Need {
        member: "memberServerImageNo",
        kind: &MEMBER_SERVER_IMAGE,
    }],
    // Known from NAVER's Terraform provider: the server is in operation.
    busy_code: "23006",
    actions: &[
        ("getServerInstanceList", Rule::List),
        ("createServerInstances", Rule::Odd(create)),
        (
            "startServerInstances",
            moving(&["NSTOP"], "START", "booting", RUNNING),
        ),
        (
            "stopServerInstances",
            moving(&["RUN"], "SHTDN", "shutting down", STOPPED),
        ),
        (
            "rebootServerInstances",
            moving(&["RUN"], "RESTA", "rebooting", RUNNING),
        ),
        ("terminateServerInstances", Rule::Odd(terminate)),
        (
            "changeServerInstanceSpec",
            Rule::Move(Move {
                by: "serverInstanceNo",
                from: &["NSTOP"],
                during: Phase::keeping("CHNG", "changingSpec"),
                then: STOPPED,
                effect: Some(take_product),
            }),
        ),
        ("setProtectServerTermination", Rule::Set),
        ("getRegionList", Rule::Odd(regions)),
        ("getZoneList", Rule::Odd(zones)),
    ],
    ..CLASSIC
};

fn create(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    const COUNT: &str = "serverCreateCount";
    let count = call.get(COUNT).unwrap_or("1").trim().parse().unwrap_or(0);
    if !(1..=AT_ONCE).contains(&count) {
        return Err(ServiceError::parameter(COUNT, "must be between 1 and 20"));
    }
    create::create(call, kind, server)
}

fn server(call: &mut Call<'_>, server: &mut Resource, number: u64) -> Result<(), ServiceError> {
    place(call, server)?;
    let image = Value::String(image(call)?);
    server.members.insert("serverImageProductCode".to_owned(), image);
    if let Some(key) = call.get("loginKeyName") {
        let mut keys = call.world.named(&LOGIN_KEY, key, call.pace.now);
        if keys.next().is_none() {
            return Err(ServiceError::authority("loginKeyName", key));
        }
    }
    along::complete(&mut server.members, defaults(number));
    for member in ["tagKey", "tagValue"] {
        // Lists look for tags by these, and do not show them.
        let tags = call.structs("instanceTagList");
        let values: Vec<Value> = tags.iter().filter_map(|tag| tag.get(member).cloned()).collect();
        server.members.insert(member.to_owned(), values.into());
    }
    server.at_end.insert("uptime".to_owned(), call.date());
    block_storage::make_base(call, server);
    Ok(())
}

/// The product that a server starts from: the one that is named, or that of an image of one's own.
fn image(call: &Call<'_>) -> Result<String, ServiceError> {
    const PRODUCT: &str = "serverImageProductCode";
    match (call.get("memberServerImageNo"), call.get(PRODUCT)) {
        (Some(image), _) => {
            let now = call.pace.now;
            let found = call.world.find(&MEMBER_SERVER_IMAGE, &call.region, image, now);
            let found = found.ok_or_else(|| ServiceError::authority("memberServerImageNo", image))?;
            Ok(found.text("originalServerImageProductCode"))
        }
        (None, Some(product)) => Ok(product.to_owned()),
        (None, None) => {
            let problem = "is required without memberServerImageNo";
            Err(ServiceError::parameter(PRODUCT, problem))
        }
    }
}

/// What a server has of which the call says nothing.
fn defaults(number: u64) -> Value {
    let [.., second, third, fourth] = number.to_be_bytes();
    json!({
        "serverDescription": "", "cpuCount": 2, "memorySize": 4 * BYTES_PER_GIGABYTE,
        "baseBlockStorageSize": 50 * BYTES_PER_GIGABYTE, "platformType": common_code("LNX64", "Linux 64 Bit"),
        "isFeeChargingMonitoring": false, "publicIp": "", "privateIp": format!("10.{second}.{third}.{fourth}"),
        "serverProductCode": "SPSVRSTAND000004", "isProtectServerTermination": false,
        "serverInstanceType": common_code("STAND", "STAND"), "baseBlockStorageDiskType": common_code("NET", "NET"),
        "baseBlockStorageDiskDetailType": common_code("HDD", "HDD"),
    })
}

fn take_product(call: &mut Call<'_>, _: &str, change: &mut Change) -> Result<(), ServiceError> {
    let product = call.required("serverProductCode")?;
    change.sets.insert("serverProductCode".to_owned(), product.into());
    Ok(())
}

/// Its block storage goes with a server; public IPs stay, without a server.
fn terminate(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    for number in call.items(BY) {
        let found = call.world.find(kind, &call.region, &number, call.pace.now);
        if found.is_some_and(|found| found.text("isProtectServerTermination") == "true") {
            return Err(ServiceError::state(
                BY,
                &number,
                "is protected against termination",
            ));
        }
    }
    let answer = remove::remove(call, kind, BY, &["NSTOP"])?;
    for number in call.items(BY) {
        along::remove(call, &BLOCK_STORAGE, "serverInstanceNo", &number);
        public_ip::release(call, &number);
    }
    Ok(answer)
}
