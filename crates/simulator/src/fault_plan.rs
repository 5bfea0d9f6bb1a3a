//! The fault plan: which request meets which fault.

use std::collections::VecDeque;

use crate::draw::Draws;
use crate::fault::Fault;

/// Faults for the next requests, and faults that come again and again.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    /// What draws follow from.
    seed: u64,
    queue: VecDeque<Fault>,
    recurring: Vec<Recurring>,
}

/// A fault that requests meet again and again.
#[derive(Debug)]
struct Recurring {
    when: When,
    /// How many requests there were since it was planned.
    count: u64,
    fault: Fault,
}

/// Which requests meet a fault.
#[derive(Debug)]
enum When {
    /// One of so many.
    Every(u64),
    /// This share of them, by chance.
    AtRate(f64, Draws),
}

impl FaultPlan {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    pub(crate) fn push(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    /// Has one request of so many meet a fault.
    pub(crate) fn recur(&mut self, every: u64, fault: Fault) {
        self.plan(When::Every(every), fault);
    }

    /// Has a share of the requests meet a fault, each with the same chance.
    pub(crate) fn recur_at_rate(&mut self, rate: f64, fault: Fault) {
        // Draws of its own: two faults with one rate must not meet the same requests.
        let stream = u64::try_from(self.recurring.len()).unwrap_or(u64::MAX);
        self.plan(When::AtRate(rate, Draws::new(self.seed, stream)), fault);
    }

    fn plan(&mut self, when: When, fault: Fault) {
        self.recurring.push(Recurring {
            when,
            count: 0,
            fault,
        });
    }

    /// Forgets all faults; what is planned from now on is drawn as if it were the first.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.seed);
    }

    /// Takes the fault of the next request; every request has to ask once.
    pub(crate) fn next(&mut self) -> Option<Fault> {
        let mut due = None;
        for recurring in &mut self.recurring {
            recurring.count = recurring.count.wrapping_add(1);
            if recurring.is_due(recurring.count) {
                due = due.or(Some(&recurring.fault));
            }
        }
        let queued = self.queue.pop_front();
        queued.or_else(|| due.cloned())
    }

    /// Whether the next request meets a fault that strikes before the request is read.
    pub(crate) fn expects_unread(&self) -> bool {
        let upcoming = self.queue.front().or_else(|| {
            let due = |recurring: &&Recurring| recurring.is_due(recurring.count.wrapping_add(1));
            self.recurring.iter().find(due).map(|recurring| &recurring.fault)
        });
        upcoming.is_some_and(Fault::strikes_unread)
    }

    /// Takes the fault of the next request if it is one that strikes before the request is read.
    pub(crate) fn next_unread(&mut self) -> Option<Fault> {
        if self.expects_unread() { self.next() } else { None }
    }
}

impl Recurring {
    fn is_due(&self, count: u64) -> bool {
        match self.when {
            When::Every(every) => count.checked_rem(every) == Some(0),
            When::AtRate(rate, draws) => draws.share(count) < rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Stage;

    #[test]
    fn one_request_in_so_many_meets_a_recurring_fault() {
        let mut plan = FaultPlan::default();
        plan.recur(3, Fault::Close);
        plan.recur(2, Fault::Hang);
        plan.recur(0, Fault::Endless);
        let met: Vec<Option<Fault>> = (0..6).map(|_| plan.next()).collect();
        let (close, hang) = (Some(Fault::Close), Some(Fault::Hang));
        assert_eq!(met, [None, hang.clone(), close.clone(), hang, None, close]);
    }

    #[test]
    fn what_was_queued_goes_first_and_counts() {
        let mut plan = FaultPlan::default();
        plan.recur(2, Fault::Close);
        plan.push(Fault::Hang);
        plan.push(Fault::Hang);
        let met: Vec<Option<Fault>> = (0..4).map(|_| plan.next()).collect();
        assert_eq!(
            met,
            [Some(Fault::Hang), Some(Fault::Hang), None, Some(Fault::Close)]
        );
        plan.clear();
        assert_eq!((plan.next(), plan.next()), (None, None));
    }

    /// Which of the first 1,000 requests meet a fault.
    fn met(plan: &mut FaultPlan) -> Vec<bool> {
        (0..1000).map(|_| plan.next().is_some()).collect()
    }

    fn at_rate(seed: u64, rate: f64) -> Vec<bool> {
        let mut plan = FaultPlan::new(seed);
        plan.recur_at_rate(rate, Fault::Close);
        met(&mut plan)
    }

    #[test]
    fn a_share_of_the_requests_meets_a_fault_by_chance() {
        for seed in 0..20 {
            let faults = at_rate(seed, 0.2);
            assert_eq!(at_rate(seed, 0.2), faults, "the same seed gives the same draws");
            assert_ne!(at_rate(seed + 1, 0.2), faults);
            // More than five standard deviations to each side.
            let count = faults.iter().filter(|met| **met).count();
            assert!((135..=265).contains(&count), "{count} with the seed {seed}");
            // Chance, and not every fifth: a fault behind a fault as often as behind none.
            let pairs = faults.windows(2).filter(|pair| pair[0] && pair[1]).count();
            assert!((10..=80).contains(&pairs), "{pairs} with the seed {seed}");
        }
    }

    #[test]
    fn no_rate_is_never_and_a_whole_one_always() {
        for (rate, count) in [(0.0, 0), (-1.0, 0), (f64::NAN, 0), (1.0, 1000), (7.0, 1000)] {
            let faults = at_rate(3, rate);
            assert_eq!(faults.iter().filter(|met| **met).count(), count, "{rate}");
        }
    }

    #[test]
    fn what_is_drawn_depends_on_nothing_else() {
        let alone = at_rate(5, 0.3);
        let mut plan = FaultPlan::new(5);
        plan.recur_at_rate(0.3, Fault::Close);
        plan.recur_at_rate(0.3, Fault::Hang);
        plan.push(Fault::Endless);
        let faults: Vec<Option<Fault>> = (0..1000).map(|_| plan.next()).collect();
        assert_eq!(faults[0], Some(Fault::Endless));
        let closed = faults.iter().map(|fault| *fault == Some(Fault::Close));
        assert!(closed.skip(1).eq(alone.iter().copied().skip(1)));
        // The second is not met where the first is, and by chance elsewhere.
        assert!(faults.contains(&Some(Fault::Hang)) && faults.contains(&None));

        plan.clear();
        plan.recur_at_rate(0.3, Fault::Close);
        assert_eq!(met(&mut plan), alone);
    }

    #[test]
    fn what_is_drawn_early_is_what_is_met() {
        let mut plan = FaultPlan::new(5);
        plan.recur_at_rate(0.3, Fault::Reset(Stage::Unread));
        let faults: Vec<bool> = (0..1000)
            .map(|_| plan.next_unread().is_some() || plan.next().is_some())
            .collect();
        assert_eq!(faults, at_rate(5, 0.3));
    }

    #[test]
    fn only_what_strikes_unread_is_taken_early() {
        let reset = Fault::Reset(Stage::Unread);
        let mut plan = FaultPlan::default();
        plan.push(Fault::Close);
        plan.push(reset.clone());
        assert_eq!(plan.next_unread(), None);
        assert_eq!(plan.next(), Some(Fault::Close));
        assert_eq!(plan.next_unread(), Some(reset.clone()));
        assert_eq!((plan.next_unread(), plan.next()), (None, None));

        plan.recur(2, reset.clone());
        assert_eq!((plan.next_unread(), plan.next()), (None, None));
        assert_eq!(plan.next_unread(), Some(reset));
        assert_eq!((plan.next_unread(), plan.next()), (None, None));
    }
}
