//! Keeping: where what an account has goes after every change.

use crate::world::World;

/// Something that keeps worlds beyond the simulator's life.
pub(crate) trait Keep: Send {
    /// Writes down what may have changed in the world of the account at a position since it was last written down. When this comes
    /// back with `true`, nothing of it can be lost any more.
    fn keep(&self, position: usize, world: &World) -> bool;
}
