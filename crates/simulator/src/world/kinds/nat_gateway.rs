//! NAT gateways.

use serde_json::Value;

use super::vpc::{INIT, RUN, SUBNET, TERMTING, VPC};
use crate::outcome::ServiceError;
use crate::world::kind::{Kind, Need, PLAIN, Rule, State};
use crate::world::reference::in_vpc;
use crate::world::{Call, Resource, common_code};

pub(crate) static NAT_GATEWAY: Kind = Kind {
    name: "NAT gateway",
    service: "vpc",
    number: "natGatewayInstanceNo",
    list: "natGatewayInstanceList",
    label: Some(("natGatewayName", "nat-gateway")),
    state: State {
        status: "natGatewayInstanceStatus",
        operation: "natGatewayInstanceOperation",
        phrase: "natGatewayInstanceStatusName",
    },
    making: INIT,
    made: RUN,
    deleting: TERMTING,
    needs: &[
        Need {
            member: "vpcNo",
            kind: &VPC,
        },
        Need {
            member: "subnetNo",
            kind: &SUBNET,
        },
    ],
    actions: &[
        ("getNatGatewayInstanceList", Rule::List),
        ("getNatGatewayInstanceDetail", Rule::Detail),
        ("createNatGatewayInstance", Rule::Create(complete)),
        (
            "deleteNatGatewayInstance",
            Rule::Delete {
                by: "natGatewayInstanceNo",
                from: &["RUN"],
            },
        ),
        ("setNatGatewayDescription", Rule::Set),
    ],
    ..PLAIN
};

fn complete(call: &mut Call<'_>, gateway: &mut Resource, number: u64) -> Result<(), ServiceError> {
    if let Some(subnet) = call.get("subnetNo") {
        in_vpc(call, &SUBNET, "subnetNo", subnet, &gateway.text("vpcNo"))?;
    }
    for (kind, name) in [(&VPC, "vpcName"), (&SUBNET, "subnetName")] {
        let found = gateway.text(kind.number);
        let found = call.world.find(kind, &call.region, &found, call.pace.now);
        if let Some(name_of) = found.map(|found| found.text(name)) {
            gateway.members.insert(name.to_owned(), Value::String(name_of));
        }
    }
    let members = &mut gateway.members;
    let public = members
        .entry("natGatewayType".to_owned())
        .or_insert_with(|| common_code("PBLIP", "Public"));
    if crate::world::text_of(public) == "PBLIP" {
        // An address of those that are for documentation.
        let address = format!("203.0.113.{}", number % 254 + 1);
        members.insert("publicIp".to_owned(), Value::String(address));
    }
    Ok(())
}
