//! Kinds: every kind of resource that there is, and the actions that work on them.

#![allow(
    clippy::unnecessary_wraps,
    reason = "what a declaration refers to has the same form whether or not it can fail"
)]

use super::{Kind, Rule};

mod address;
mod block_storage;
mod block_storage_snapshot;
mod member_server_image;
mod network_interface;
mod public_ip;
mod secondary_address;
mod server_creation;
mod server_image;
mod server_instance;
mod server_specification;
mod sharing;
mod vpc;

pub(crate) use member_server_image::MEMBER_SERVER_IMAGE;
pub(crate) use server_image::offer as offer_server_images;
pub(crate) use server_instance::SERVER_INSTANCE;

/// Every kind. A further one is a declaration and a line here.
pub(crate) static KINDS: &[&Kind] = &[
    &vpc::VPC,
    &vpc::SUBNET,
    &vpc::NETWORK_ACL,
    &vpc::ROUTE_TABLE,
    &vpc::NAT_GATEWAY,
    &vpc::VPC_PEERING,
    &server_instance::SERVER_INSTANCE,
    &network_interface::NETWORK_INTERFACE,
    &block_storage::BLOCK_STORAGE,
    &block_storage_snapshot::BLOCK_STORAGE_SNAPSHOT,
    &public_ip::PUBLIC_IP,
    &member_server_image::MEMBER_SERVER_IMAGE,
    &server_image::SERVER_IMAGE,
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
