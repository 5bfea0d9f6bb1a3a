//! Polling: how often to look, and for how long.

use std::time::Duration;

use crate::error::Error;

/// Intervals and deadline of a wait.
///
/// The time between two looks begins with `first` and grows by half each time up to `longest`; each is spread by a quarter to
/// either side, so that many waits do not look at the same moment.
///
/// ```
/// use std::time::Duration;
/// use ncloud_core::Polling;
///
/// let patient = Polling::default()
///     .with_interval(Duration::from_secs(5), Duration::from_secs(30))?
///     .with_deadline(Duration::from_secs(3600))?;
/// assert_eq!(patient.deadline(), Duration::from_secs(3600));
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    first: Duration,
    longest: Duration,
    deadline: Duration,
}

impl Default for Polling {
    /// From 2 to 10 seconds between two looks, for 5 minutes.
    fn default() -> Self {
        Self {
            first: Duration::from_secs(2),
            longest: Duration::from_secs(10),
            deadline: Duration::from_secs(5 * 60),
        }
    }
}

impl Polling {
    /// The same with other intervals.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error if `first` is zero or above `longest`.
    pub fn with_interval(mut self, first: Duration, longest: Duration) -> Result<Self, Error> {
        if first.is_zero() || first > longest {
            return Err(Error::build(
                "interval",
                "needs a first time above zero and not above the longest",
            ));
        }
        (self.first, self.longest) = (first, longest);
        Ok(self)
    }

    /// The same with another time for the whole wait, from its first step on. A last look is made when it is over.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for zero.
    pub fn with_deadline(mut self, deadline: Duration) -> Result<Self, Error> {
        if deadline.is_zero() {
            return Err(Error::build("deadline", "is zero; allowed: any time above it"));
        }
        self.deadline = deadline;
        Ok(self)
    }

    /// How long the whole wait may take.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// The time after this many looks; `share` is the draw, as a fraction of `u32::MAX`.
    pub(crate) fn interval(&self, looks: u32, share: u32) -> Duration {
        let mut interval = self.first;
        for _ in 1..looks {
            if interval >= self.longest {
                break;
            }
            interval = interval.saturating_add(interval / 2);
        }
        let spread = 0.75 + f64::from(share) / f64::from(u32::MAX) / 2.0;
        // Far above what any wait takes, where the product would not fit.
        let capped = interval
            .min(self.longest)
            .min(Duration::from_secs(u64::from(u32::MAX)));
        capped.mul_f64(spread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_grow_by_half_up_to_the_longest_and_are_spread() {
        let polling = Polling::default();
        let ceilings = [2500, 3750, 5625, 8437, 12_500, 12_500].map(Duration::from_millis);
        for (looks, ceiling) in (1..).zip(ceilings) {
            let longest = polling.interval(looks, u32::MAX);
            assert!(
                longest.abs_diff(ceiling) <= Duration::from_millis(1),
                "{looks}: {longest:?}"
            );
        }
        assert_eq!(polling.interval(1, 0), Duration::from_millis(1500));
        assert_eq!(polling.interval(1, u32::MAX), Duration::from_millis(2500));
        assert_eq!(polling.interval(u32::MAX, 0), Duration::from_millis(7500));
        let endless = polling.with_interval(Duration::MAX, Duration::MAX).unwrap();
        assert!(endless.interval(u32::MAX, u32::MAX) > Duration::from_secs(1 << 32));
    }
}
