//! The clock: how far the simulator's time is ahead of the machine's.

use std::time::{Duration, SystemTime};

/// A distance from the machine's time.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    nanos_ahead: i128,
}

impl Clock {
    const SECOND: i128 = 1_000_000_000;

    /// Sets the distance; negative for behind.
    pub(crate) fn set(&mut self, seconds_ahead: i64) {
        self.nanos_ahead = i128::from(seconds_ahead).saturating_mul(Self::SECOND);
    }

    /// Lets time pass at once.
    pub(crate) fn advance(&mut self, time: Duration) {
        let nanos = i128::try_from(time.as_nanos()).unwrap_or(i128::MAX);
        self.nanos_ahead = self.nanos_ahead.saturating_add(nanos);
    }

    /// The moment it is when it is `now` by the machine's clock; that one itself if it cannot be told otherwise.
    pub(crate) fn at(self, now: SystemTime) -> SystemTime {
        let distance = self.nanos_ahead.unsigned_abs();
        let second = Self::SECOND.unsigned_abs();
        let seconds = u64::try_from(distance / second).unwrap_or(u64::MAX);
        let nanos = u32::try_from(distance % second).unwrap_or_default();
        let distance = Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos.into()));
        let shifted = if self.nanos_ahead < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        shifted.unwrap_or(now)
    }

    /// Whole seconds ahead, rounded down.
    pub(crate) fn seconds_ahead(self) -> i64 {
        let seconds = self.nanos_ahead.div_euclid(Self::SECOND);
        i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_set_and_passes_on_from_there() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let mut clock = Clock::default();
        assert_eq!(clock.at(now), now);
        clock.set(-10);
        clock.advance(Duration::from_millis(10_250));
        assert_eq!(clock.at(now), now + Duration::from_millis(250));
        assert_eq!(clock.seconds_ahead(), 0);
        clock.set(-10);
        clock.advance(Duration::from_millis(1));
        assert_eq!(clock.at(now), now - Duration::from_millis(9999));
        assert_eq!(clock.seconds_ahead(), -10);
    }

    #[test]
    fn a_moment_that_cannot_be_told_is_the_machines() {
        let now = SystemTime::UNIX_EPOCH;
        let mut clock = Clock::default();
        clock.set(i64::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.at(now), now);
        assert_eq!(clock.seconds_ahead(), i64::MAX);
    }
}
