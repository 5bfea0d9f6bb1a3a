//! Services whose pages begin anew after the last one.

use super::{all, list, total};
use crate::lists::{Asked, List, for_each_paging};

#[test]
fn pages_that_begin_anew_after_the_last_one_end_the_list() {
    fn check<L: List>(told: fn(usize) -> Option<i64>) {
        let listed = list::<L>(7, |asked| {
            let start = asked.start % 70;
            (Asked { start, ..asked }.below(70), told(asked.before))
        });
        assert_eq!(listed.items, all(70));
        assert!(listed.requests <= 12, "{}", listed.requests);
    }
    for_each_paging!(check, |_| None);
    for_each_paging!(check, |_| Some(70));
    for_each_paging!(check, |_| Some(20_000));
    for_each_paging!(check, |_| Some(i64::MAX));
    for_each_paging!(check, |before| total(100_000 - before));
}

#[test]
fn pages_that_begin_anew_with_a_total_that_grows_for_ever_come_to_an_end() {
    fn check<L: List>(size: i32) {
        let listed = list::<L>(size, |asked| {
            let start = asked.start % 70;
            (
                Asked { start, ..asked }.below(70),
                total(20_000 + 100 * asked.before),
            )
        });
        assert_eq!(listed.items[..70], all(70));
        assert!(listed.requests < 800, "{}", listed.requests);
    }
    for_each_paging!(check, 1);
    for_each_paging!(check, 7);
}

#[test]
fn pages_that_go_in_circles_further_on_come_to_an_end() {
    fn check<L: List>((ahead, around, told): (usize, usize, Option<i64>)) {
        let (ahead, around) = (7 * ahead, 7 * around);
        let listed = list::<L>(7, |asked| {
            let start = if asked.start < ahead {
                asked.start
            } else {
                ahead + (asked.start - ahead) % around
            };
            (Asked { start, ..asked }.below(ahead + around), told)
        });
        assert_eq!(listed.items[..ahead + around], all(ahead + around));
        let limit = 4 * (ahead + around) / 7;
        assert!(listed.requests <= limit, "{} of {limit}", listed.requests);
    }
    for told in [None, Some(i64::MAX)] {
        for (ahead, around) in [(1, 2), (1, 3), (2, 2), (5, 2), (5, 31), (31, 5)] {
            for_each_paging!(check, (ahead, around, told));
        }
    }
}
