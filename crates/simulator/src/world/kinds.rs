//! Kinds: every kind of resource that there is, and the actions that work on them.

// The tables hold functions that may refuse; some of them never do.
#![allow(clippy::unnecessary_wraps)]

use super::{Kind, Rule};

mod classic;
mod databases;
mod vloadbalancer;
mod vnas;
mod vpc;

/// Every kind. A further one is a declaration and a line here.
pub(crate) static KINDS: &[&Kind] = &[
    &vpc::VPC,
    &vpc::SUBNET,
    &vpc::NETWORK_ACL,
    &vpc::ROUTE_TABLE,
    &vpc::NAT_GATEWAY,
    &vpc::VPC_PEERING,
    &vloadbalancer::LOAD_BALANCER,
    &vloadbalancer::LISTENER,
    &vloadbalancer::RULE,
    &vloadbalancer::TARGET_GROUP,
    &vnas::NAS_VOLUME,
    &databases::MYSQL,
    &databases::POSTGRESQL,
    &databases::MSSQL,
    &databases::MONGODB,
    &databases::REDIS,
    &databases::HADOOP,
    &classic::SERVER,
    &classic::MEMBER_SERVER_IMAGE,
    &classic::BLOCK_STORAGE,
    &classic::PUBLIC_IP,
    &classic::LOGIN_KEY,
];

/// The kind that an action works on, and what it does.
pub(crate) fn rule(service: &str, action: &str) -> Option<(&'static Kind, &'static Rule)> {
    let of_service = KINDS.iter().filter(|kind| kind.service == service);
    of_service.copied().find_map(|kind| {
        let mut actions = kind.actions.iter();
        let (_, rule) = actions.find(|(name, _)| *name == action)?;
        Some((kind, rule))
    })
}

/// Nothing to complete.
fn as_given(
    _: &mut super::Call<'_>,
    _: &mut super::Resource,
    _: u64,
) -> Result<(), crate::outcome::ServiceError> {
    Ok(())
}
