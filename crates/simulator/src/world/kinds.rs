//! Kinds: every kind of resource that there is, and the actions that work on them.

// Declarations hold functions of one type; many of them cannot fail.
#![allow(clippy::unnecessary_wraps)]

use super::{Kind, Rule};

mod access_control_group;
mod address;
mod block;
mod block_storage;
mod block_storage_snapshot;
mod classic;
mod databases;
mod flow_log;
mod init_script;
mod login_key;
mod member_server_image;
mod nat_gateway;
mod network_acl;
mod network_acl_deny_allow_group;
mod network_interface;
mod offer;
mod placement_group;
mod public_ip;
mod route_table;
mod secondary_address;
mod server_creation;
mod server_image;
mod server_instance;
mod server_specification;
mod server_storage;
mod sharing;
mod vloadbalancer;
mod vnas;
mod vpc;
mod vpc_peering;

pub(crate) use address::Addresses;
pub(crate) use member_server_image::MEMBER_SERVER_IMAGE;
pub(crate) use server_instance::SERVER_INSTANCE;

/// Every kind. A further one is a declaration and a line here.
pub(crate) static KINDS: &[&Kind] = &[
    &vpc::VPC,
    &vpc::SUBNET,
    &network_acl::NETWORK_ACL,
    &network_acl_deny_allow_group::NETWORK_ACL_DENY_ALLOW_GROUP,
    &route_table::ROUTE_TABLE,
    &nat_gateway::NAT_GATEWAY,
    &vpc_peering::VPC_PEERING,
    &access_control_group::ACCESS_CONTROL_GROUP,
    &login_key::LOGIN_KEY,
    &init_script::INIT_SCRIPT,
    &placement_group::PLACEMENT_GROUP,
    &offer::REGION,
    &offer::ZONE,
    &offer::SERVER_IMAGE_PRODUCT,
    &offer::SERVER_PRODUCT,
    &offer::SERVER_SPEC,
    &offer::HYPERVISOR_TYPE,
    &offer::RAID,
    &offer::BLOCK_STORAGE_VOLUME_TYPE,
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
    &classic::ACCESS_CONTROL_GROUP,
    &classic::BLOCK_STORAGE,
    &classic::BLOCK_STORAGE_SNAPSHOT,
    &classic::PUBLIC_IP,
    &classic::LOGIN_KEY,
    &server_instance::SERVER_INSTANCE,
    &network_interface::NETWORK_INTERFACE,
    &block_storage::BLOCK_STORAGE,
    &block_storage_snapshot::BLOCK_STORAGE_SNAPSHOT,
    &public_ip::PUBLIC_IP,
    &member_server_image::MEMBER_SERVER_IMAGE,
    &server_image::SERVER_IMAGE,
];

/// The kind of this name.
pub(crate) fn named(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}

/// The kind that an action works on, and what it does.
pub(crate) fn rule(service: &str, action: &str) -> Option<(&'static Kind, &'static Rule)> {
    let of_service = KINDS.iter().filter(|kind| kind.service == service);
    of_service.copied().find_map(|kind| {
        let mut actions = kind.actions.iter();
        let (_, rule) = actions.find(|(name, _)| *name == action)?;
        Some((kind, rule))
    })
}

/// The kinds of this name, or shown in lists of this name.
pub(crate) fn called(name: &str) -> impl Iterator<Item = &'static Kind> {
    let kinds = KINDS.iter().copied();
    kinds.filter(move |kind| kind.name == name || kind.list == name)
}

/// Nothing to complete.
fn as_given(
    _: &mut super::Call<'_>,
    _: &mut super::Resource,
    _: u64,
) -> Result<(), crate::outcome::ServiceError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(
            names.len(),
            KINDS.len(),
            "what is stored is told apart by these names"
        );
    }
}
