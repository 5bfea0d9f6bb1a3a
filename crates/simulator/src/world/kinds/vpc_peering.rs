//! VPC peerings, which another account has to accept if the other VPC is its own.

use serde_json::{Map, Value, json};

use super::block::Block;
use super::vpc::{INIT, RUN, TERMTING, VPC};
use crate::outcome::ServiceError;
use crate::world::change::check;
use crate::world::kind::{Kind, Need, PLAIN, Rule, State};
use crate::world::{Call, Change, Resource, common_code};

pub(crate) static VPC_PEERING: Kind = Kind {
    name: "VPC peering",
    service: "vpc",
    number: "vpcPeeringInstanceNo",
    list: "vpcPeeringInstanceList",
    label: Some(("vpcPeeringName", "vpc-peering")),
    state: State {
        status: "vpcPeeringInstanceStatus",
        operation: "vpcPeeringInstanceOperation",
        phrase: "vpcPeeringInstanceStatusName",
    },
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[Need {
        member: "sourceVpcNo",
        kind: &VPC,
    }],
    actions: &[
        ("getVpcPeeringInstanceList", Rule::List),
        ("getVpcPeeringInstanceDetail", Rule::Detail),
        ("createVpcPeeringInstance", Rule::Create(complete)),
        (
            "deleteVpcPeeringInstance",
            Rule::Delete {
                by: "vpcPeeringInstanceNo",
                from: &[],
            },
        ),
        ("setVpcPeeringDescription", Rule::Set),
        ("acceptOrRejectVpcPeering", Rule::Odd(accept_or_reject)),
    ],
    ..PLAIN
};

/// What waits for the other account shows that it does; what is between an account's own VPCs begins to run by itself.
fn complete(call: &mut Call<'_>, peering: &mut Resource, number: u64) -> Result<(), ServiceError> {
    let is_between_accounts = call.get("targetVpcLoginId").is_some();
    let (source, target) = (peering.text("sourceVpcNo"), peering.text("targetVpcNo"));
    take_vpc(call, peering, "source", &source);
    if !take_vpc(call, peering, "target", &target) && !is_between_accounts {
        return Err(ServiceError::authority("targetVpcNo", &target));
    }
    check_blocks(call, &source, &target)?;
    let reverse = reverse_of(call, &source, &target);
    let members = &mut peering.members;
    members.insert("isBetweenAccounts".to_owned(), json!(is_between_accounts));
    members.insert("hasReverseVpcPeering".to_owned(), json!(reverse.is_some()));
    if let Some(reverse) = reverse {
        members.insert(REVERSE.to_owned(), Value::String(reverse.clone()));
        let (kind, now) = (&VPC_PEERING, call.pace.now);
        if let Some(found) = call.world.find_mut(kind, &call.region, &reverse, now) {
            let number = Value::String(number.to_string());
            found.members.insert(REVERSE.to_owned(), number);
            found
                .members
                .insert("hasReverseVpcPeering".to_owned(), json!(true));
        }
    }
    if is_between_accounts {
        let waits = common_code("INIT", "INIT state");
        peering.at_end.insert(VPC_PEERING.state.status.to_owned(), waits);
        let phrase = Value::String("waiting for acceptance".to_owned());
        peering.at_end.insert(VPC_PEERING.state.phrase.to_owned(), phrase);
    }
    Ok(())
}

/// VPCs with addresses in common cannot be told apart by routes. Nothing is known of another account's.
fn check_blocks(call: &Call<'_>, source: &str, target: &str) -> Result<(), ServiceError> {
    let block = |number| {
        let vpc = call.world.find(&VPC, &call.region, number, call.pace.now);
        Block::of(&vpc?.text("ipv4CidrBlock"))
    };
    match (block(source), block(target)) {
        (Some(ours), Some(theirs)) if ours.overlaps(theirs) => {
            let problem = format!("has addresses in common with VPC {source}");
            Err(ServiceError::state("targetVpcNo", target, &problem))
        }
        _ => Ok(()),
    }
}

const REVERSE: &str = "reverseVpcPeeringInstanceNo";

/// The peering between two VPCs that leads the other way.
fn reverse_of(call: &Call<'_>, source: &str, target: &str) -> Option<String> {
    let mut all = call
        .world
        .naming(&VPC_PEERING, "sourceVpcNo", target, call.pace.now);
    let found = all.find(|other| {
        !other.is_going() && other.text("sourceVpcNo") == target && other.text("targetVpcNo") == source
    });
    found.map(|other| other.text(VPC_PEERING.number))
}

/// Notes what is known of a VPC on one side; false if this account has no such VPC.
fn take_vpc(call: &Call<'_>, peering: &mut Resource, side: &str, number: &str) -> bool {
    let Some(vpc) = call.world.find(&VPC, &call.region, number, call.pace.now) else {
        return false;
    };
    for (member, of_vpc) in [("VpcName", "vpcName"), ("VpcIpv4CidrBlock", "ipv4CidrBlock")] {
        let value = Value::String(vpc.text(of_vpc));
        peering.members.insert(format!("{side}{member}"), value);
    }
    true
}

/// An accepted peering begins to run, a rejected one goes.
fn accept_or_reject(call: &mut Call<'_>, kind: &'static Kind) -> Result<Map<String, Value>, ServiceError> {
    let number = call.required(kind.number)?;
    check(call, kind, kind.number, &number, &["INIT"])?;
    let change = if call.flag("isAccept") {
        Change::new(call.end(), INIT, RUN)
    } else {
        Change::to_gone(call.end(), TERMTING)
    };
    if let Some(found) = call.world.find_mut(kind, &call.region, &number, call.pace.now) {
        found.begin(change);
    }
    let shown: Vec<u64> = number.parse().into_iter().collect();
    Ok(call.show(kind, &shown))
}
