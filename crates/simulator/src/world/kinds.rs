//! Kinds: every kind of resource that there is, and the actions that work on them.

use super::{Kind, Rule};

mod vpc;

/// Every kind. A further one is a declaration and a line here.
pub(crate) static KINDS: &[&Kind] = &[
    &vpc::VPC,
    &vpc::SUBNET,
    &vpc::NETWORK_ACL,
    &vpc::ROUTE_TABLE,
    &vpc::NAT_GATEWAY,
    &vpc::VPC_PEERING,
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
