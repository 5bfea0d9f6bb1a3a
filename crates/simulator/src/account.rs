//! Accounts: what each of them has, apart from all others.

use crate::inventory::Inventory;
use crate::world::World;

/// How far the numbers of two accounts are apart, so that none of one is ever a number of another.
const NUMBERS_EACH: u64 = 1_000_000_000;

/// What one account has.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) world: World,
}

impl Account {
    /// The account at a position: the first one has the inventory, the others have nothing in the same regions.
    pub(crate) fn new(position: usize, inventory: &Inventory) -> Self {
        let inventory = match position {
            0 => inventory.clone(),
            _ => inventory.without_resources(),
        };
        let mut world = inventory.into_world();
        let begin = u64::try_from(position)
            .unwrap_or(u64::MAX)
            .saturating_mul(NUMBERS_EACH);
        world.number_from(begin);
        Self { world }
    }
}
