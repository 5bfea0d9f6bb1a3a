//! Server instances of Classic: made from a product or an image of one's own, started, stopped, rebooted and terminated.

use serde_json::{Map, Value, json};

use super::{
    BLOCK_STORAGE, BYTES_PER_GIGABYTE, CLASSIC, LOGIN_KEY, MEMBER_SERVER_IMAGE, block_storage, place,
    public_ip, regions, zones,
};
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, Move, Need, Phase, Rule, State};
use crate::world::{Call, Change, Resource, along, common_code, remove};

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
        ("createServerInstances", Rule::Create(server)),
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

fn server(call: &mut Call<'_>, server: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let count = call.get("serverCreateCount").and_then(|count| count.parse().ok());
    if !(1..=AT_ONCE).contains(&count.unwrap_or(1)) {
        return Err(ServiceError::parameter(
            "serverCreateCount",
            "must be between 1 and 20",
        ));
    }
    place(call, server)?;
    let image = call.get("memberServerImageNo").map(|image| {
        let now = call.pace.now;
        let image = call.world.find(&MEMBER_SERVER_IMAGE, &call.region, image, now);
        let product = image.map(|image| image.text("originalServerImageProductCode"));
        product.unwrap_or_default()
    });
    let image = match (image, call.get("serverImageProductCode")) {
        (Some(image), _) => image,
        (None, Some(product)) => product.to_owned(),
        (None, None) => {
            let problem = "is required without memberServerImageNo";
            return Err(ServiceError::parameter("serverImageProductCode", problem));
        }
    };
    if let Some(key) = call.get("loginKeyName") {
        let mut keys = call.world.all(&LOGIN_KEY, call.pace.now);
        if !keys.any(|known| known.text("keyName") == key) {
            return Err(ServiceError::authority("loginKeyName", key));
        }
    }
    let address = format!(
        "10.{}.{}.{}",
        (number >> 16) & 0xff,
        (number >> 8) & 0xff,
        number & 0xff
    );
    server
        .members
        .insert("serverImageProductCode".to_owned(), image.into());
    along::complete(
        &mut server.members,
        json!({
            "serverDescription": "", "cpuCount": 2, "memorySize": 4 * BYTES_PER_GIGABYTE,
            "baseBlockStorageSize": 50 * BYTES_PER_GIGABYTE, "platformType": common_code("LNX64", "Linux 64 Bit"),
            "isFeeChargingMonitoring": false, "publicIp": "", "privateIp": address,
            "serverProductCode": "SPSVRSTAND000004", "isProtectServerTermination": false,
            "serverInstanceType": common_code("STAND", "STAND"), "baseBlockStorageDiskType": common_code("NET", "NET"),
            "baseBlockStorageDiskDetailType": common_code("HDD", "HDD"),
        }),
    );
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
