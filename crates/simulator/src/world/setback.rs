//! Setbacks: what becomes of what goes on when the clock is set back, or a file goes on in a run that is not ahead of its time.

use std::time::{Duration, SystemTime};

use super::World;

/// Calls at the same time may come a little out of order.
const TOLERANCE: Duration = Duration::from_secs(60);

impl World {
    /// Leaves what goes on the time that it had left at the last change, if the clock was set back since then. Otherwise it would
    /// go on until the clock is there again, and what is gone would be back.
    pub(crate) fn follow_clock(&mut self, now: SystemTime) {
        let last = self.last_change;
        let back = last.and_then(|last| last.duration_since(now).ok());
        if let Some(back) = back.filter(|back| *back > TOLERANCE) {
            self.resources.bring_forward(back);
            self.last_change = Some(now);
        }
    }

    /// Notes that something has changed.
    pub(crate) fn note_change(&mut self, now: SystemTime) {
        self.last_change = self.last_change.max(Some(now));
    }
}
