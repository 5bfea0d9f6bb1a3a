//! Retry policy: how often, how long to wait in between, and what a whole session may spend on it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::error::Error;

/// How calls are repeated: attempts, back-off and its growth.
///
/// The time before attempt `n + 1` is drawn between nothing and `first × 2ⁿ⁻¹`, up to the longest (full jitter), unless the
/// answer's `Retry-After` asks for more. What takes seconds to pass (a resource that is being changed by somebody else, a quota that
/// is used up) begins with ten times `first`. Which failures are repeated depends on the operation's [`Safety`](crate::Safety): see
/// [`Call`](crate::Call).
///
/// Beside that, a session and all that are made from it share a budget, so that an outage is not multiplied: 100 retries, of which
/// every five calls that succeed give one back. While it is used up, calls end with their first failure.
///
/// ```
/// use std::time::Duration;
/// use ncloud_core::Retry;
///
/// let patient = Retry::default().with_attempts(8)?.with_back_off(Duration::from_secs(1), Duration::from_secs(30))?;
/// let never = Retry::never();
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    first: Duration,
    longest: Duration,
}

/// How a failure wants to be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Passing trouble: begin with the first back-off.
    Usual,
    /// Something that takes seconds to pass, such as a resource being changed: begin with ten times that.
    Slow,
}

impl Default for Retry {
    /// Four attempts; back-off from 200 milliseconds up to 20 seconds.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(200),
            longest: Duration::from_secs(20),
        }
    }
}

impl Retry {
    /// One attempt, whatever happens.
    #[must_use]
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// The same with another number of attempts, the first one included. Range: 1 and more. Default: 4.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for zero.
    pub fn with_attempts(mut self, attempts: u32) -> Result<Self, Error> {
        if attempts == 0 {
            return Err(Error::build(
                "attempts",
                "is 0, so nothing would ever be sent; allowed: 1 and more",
            ));
        }
        self.attempts = attempts;
        Ok(self)
    }

    /// The same with another back-off: at most `first` before the second attempt, twice that before the third, and so on, and
    /// never more than `longest`. Ten times that for what takes seconds to pass. Default: 200 milliseconds and 20 seconds.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error if `first` is zero or above `longest`.
    pub fn with_back_off(mut self, first: Duration, longest: Duration) -> Result<Self, Error> {
        if first.is_zero() || first > longest {
            return Err(Error::build(
                "back-off",
                "needs a first time above zero and not above the longest",
            ));
        }
        (self.first, self.longest) = (first, longest);
        Ok(self)
    }

    /// How many attempts there are at most.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long to wait after this many attempts; `share` is the draw, as a fraction of `u32::MAX`.
    pub(crate) fn back_off(&self, attempts: u32, pace: Pace, share: u32) -> Duration {
        let first = match pace {
            Pace::Usual => self.first,
            Pace::Slow => self.first.saturating_mul(10),
        };
        let doublings = attempts.saturating_sub(1).min(31);
        let ceiling = first.saturating_mul(1 << doublings).min(self.longest);
        ceiling.mul_f64(f64::from(share) / f64::from(u32::MAX))
    }
}

/// What the calls of a session, and of all sessions made from it, know in common.
#[derive(Debug)]
pub(crate) struct Shared {
    tokens: AtomicU32,
    jitter: AtomicU64,
    clock_offset_millis: AtomicI64,
    /// Whether the gateway itself has told its time.
    is_gateways_clock: AtomicBool,
}

impl Shared {
    /// Tokens of a full budget.
    const TOKENS: u32 = 500;
    /// What a retry takes out, and a success puts back in.
    const RETRY_COST: u32 = 5;
    const SUCCESS_GAIN: u32 = 1;

    /// With a jitter of its own, so that programs started together do not try again together.
    pub(crate) fn new() -> Self {
        Self::seeded(RandomState::new().build_hasher().finish())
    }

    pub(crate) fn seeded(seed: u64) -> Self {
        Self {
            tokens: AtomicU32::new(Self::TOKENS),
            jitter: AtomicU64::new(seed),
            clock_offset_millis: AtomicI64::new(0),
            is_gateways_clock: AtomicBool::new(false),
        }
    }

    /// Takes what a retry costs; false if so many calls have failed lately that trying again would only add to it.
    pub(crate) fn spend(&self) -> bool {
        let take = |tokens: u32| tokens.checked_sub(Self::RETRY_COST);
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    /// Puts back what a success earns.
    pub(crate) fn earn(&self) {
        // A full budget, the usual one, is only looked at.
        let add = |tokens: u32| (tokens < Self::TOKENS).then(|| tokens.saturating_add(Self::SUCCESS_GAIN));
        let _ = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// The next draw of the jitter (the generator is `SplitMix64`).
    pub(crate) fn draw(&self) -> u32 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.jitter.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // The upper half of the mixed bits, which fits by construction.
        u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(u32::MAX)
    }

    /// How many milliseconds the gateway's clock is known to be ahead of this machine's.
    pub(crate) fn clock_offset_millis(&self) -> i64 {
        self.clock_offset_millis.load(Ordering::Relaxed)
    }

    /// Learns how far the gateway's clock is ahead of this machine's; false if that is what was used already, give or take
    /// what a date in whole seconds and the way of an answer make of it.
    pub(crate) fn learn_clock(&self, gateway: SystemTime, now: SystemTime, used_offset_millis: i64) -> bool {
        self.is_gateways_clock.store(true, Ordering::Relaxed);
        self.learn(gateway, now, used_offset_millis)
    }

    /// The same from the metadata service, whose clock counts as long as the gateway has not told its own: the two may differ.
    pub(crate) fn learn_clock_of_metadata(&self, there: SystemTime, now: SystemTime) {
        if !self.is_gateways_clock.load(Ordering::Relaxed) {
            self.learn(there, now, self.clock_offset_millis());
        }
    }

    fn learn(&self, there: SystemTime, now: SystemTime, used_offset_millis: i64) -> bool {
        const NOTICEABLE_MILLIS: u64 = 30_000;
        let offset = match there.duration_since(now) {
            Ok(ahead) => i64::try_from(ahead.as_millis()).ok(),
            Err(behind) => i64::try_from(behind.duration().as_millis())
                .ok()
                .and_then(i64::checked_neg),
        };
        let Some(offset) = offset else { return false };
        if used_offset_millis.abs_diff(offset) < NOTICEABLE_MILLIS {
            return false;
        }
        self.clock_offset_millis.store(offset, Ordering::Relaxed);
        true
    }
}

/// This machine's time moved by an offset.
pub(crate) fn moved(now: SystemTime, offset_millis: i64) -> SystemTime {
    let distance = Duration::from_millis(offset_millis.unsigned_abs());
    let moved = if offset_millis < 0 {
        now.checked_sub(distance)
    } else {
        now.checked_add(distance)
    };
    moved.unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_up_to_the_longest_and_is_drawn_below() {
        let retry = Retry::default();
        let longest = |attempts, pace| retry.back_off(attempts, pace, u32::MAX);
        assert_eq!(longest(1, Pace::Usual), Duration::from_millis(200));
        assert_eq!(longest(2, Pace::Usual), Duration::from_millis(400));
        assert_eq!(longest(3, Pace::Usual), Duration::from_millis(800));
        assert_eq!(longest(1, Pace::Slow), Duration::from_secs(2));
        assert_eq!(longest(u32::MAX, Pace::Slow), Duration::from_secs(20));
        assert_eq!(retry.back_off(3, Pace::Usual, 0), Duration::ZERO);
        assert!(retry.back_off(3, Pace::Usual, u32::MAX / 2) < Duration::from_millis(401));
    }

    #[test]
    fn a_seed_gives_the_same_draws_and_they_spread() {
        let (one, other) = (Shared::seeded(7), Shared::seeded(7));
        let draws: Vec<u32> = (0..1000).map(|_| one.draw()).collect();
        assert!(draws.iter().all(|draw| *draw == other.draw()));
        let low = draws.iter().filter(|draw| **draw < u32::MAX / 2).count();
        assert!((400..600).contains(&low), "{low}");
        assert_ne!(Shared::new().draw(), Shared::new().draw());
    }

    #[test]
    fn the_budget_runs_out_and_fills_up_again() {
        let shared = Shared::seeded(1);
        assert_eq!((0..1000).filter(|_| shared.spend()).count(), 100);
        assert!(!shared.spend());
        for _ in 0..5 {
            shared.earn();
        }
        assert!(shared.spend());
        assert!(!shared.spend());
        for _ in 0..10_000 {
            shared.earn();
        }
        assert_eq!((0..1000).filter(|_| shared.spend()).count(), 100);
    }

    #[test]
    fn a_clock_that_is_off_is_corrected_both_ways_and_noise_is_not_learnt() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        let shared = Shared::seeded(1);
        assert!(!shared.learn_clock(now + Duration::from_secs(2), now, 0));
        assert_eq!(shared.clock_offset_millis(), 0);
        assert!(shared.learn_clock(now + minutes(20), now, 0));
        assert_eq!(moved(now, shared.clock_offset_millis()), now + minutes(20));
        // Whoever did not know yet is told so, whoever knew is not.
        assert!(shared.learn_clock(now + minutes(20), now, 0));
        assert!(!shared.learn_clock(now + minutes(20), now, shared.clock_offset_millis()));
        assert!(shared.learn_clock(now - minutes(20), now, shared.clock_offset_millis()));
        assert_eq!(moved(now, shared.clock_offset_millis()), now - minutes(20));
    }
}
