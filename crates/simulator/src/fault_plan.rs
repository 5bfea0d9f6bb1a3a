//! The fault plan: which request meets which fault.

use std::collections::VecDeque;

use crate::fault::Fault;

/// Faults for the next requests, and faults that come again and again.
#[derive(Debug, Default)]
pub(crate) struct FaultPlan {
    queue: VecDeque<Fault>,
    recurring: Vec<Recurring>,
}

/// A fault that one request of so many meets.
#[derive(Debug)]
struct Recurring {
    every: u64,
    /// How many requests there were since it was planned.
    count: u64,
    fault: Fault,
}

impl FaultPlan {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    pub(crate) fn recur(&mut self, every: u64, fault: Fault) {
        self.recurring.push(Recurring {
            every,
            count: 0,
            fault,
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
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
        count.checked_rem(self.every) == Some(0)
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
