//! Totals that are right, absent now and then, or wrong, of a list that stays as it is.

use super::{ITEMS, LISTS, all, list, pages, total};
use crate::lists::{Asked, List, for_each_paging};

#[test]
fn a_right_total_gives_every_item_once_with_no_request_too_many() {
    fn check<L: List>(items: usize, size: i32) {
        let listed = list::<L>(size, |asked| (asked.below(items), total(items)));
        assert_eq!(listed.items, all(items));
        assert_eq!(listed.requests, pages(items, size).max(1), "{items} {size}");
    }
    for (size, items) in LISTS {
        for_each_paging!(check, items, size);
    }
    for items in [0, 1, 6, 7, 8, 13, 14, 15] {
        for_each_paging!(check, items, 7);
    }
}

#[test]
fn without_a_total_the_first_page_that_is_not_full_is_the_last() {
    fn check<L: List>(items: usize, size: i32) {
        let listed = list::<L>(size, |asked| (asked.below(items), None));
        assert_eq!(listed.items, all(items));
        // Full pages to the end can only be told by an empty one.
        let full = usize::from(items.is_multiple_of(usize::try_from(size).unwrap()));
        assert_eq!(listed.requests, pages(items, size) + full, "{items} {size}");
    }
    for (size, items) in LISTS {
        for_each_paging!(check, items, size);
    }
    for items in [1, 6, 7, 8, 14] {
        for_each_paging!(check, items, 7);
    }
}

#[test]
fn a_total_that_some_answers_leave_out_still_counts() {
    fn check<L: List>(size: i32, items: usize) {
        for every in [2, 3] {
            let listed = list::<L>(size, |asked| {
                let told = asked.page.is_multiple_of(every);
                (asked.below(items), total(items).filter(|_| told))
            });
            assert_eq!(listed.items, all(items));
            assert_eq!(listed.requests, pages(items, size));
        }
    }
    for (size, items) in LISTS {
        for_each_paging!(check, size, items);
    }
}

#[test]
fn a_total_that_promises_too_much_ends_at_the_empty_page() {
    fn check<L: List>(size: i32, items: usize) {
        for told in [20_000, i64::MAX] {
            let listed = list::<L>(size, |asked| (asked.below(items), Some(told)));
            assert_eq!(listed.items, all(items));
            assert_eq!(listed.requests, pages(items, size) + 1);
        }
    }
    for (size, items) in LISTS {
        for_each_paging!(check, size, items);
    }
}

#[test]
fn a_total_that_promises_too_much_ends_where_the_last_page_comes_again_and_again() {
    fn check<L: List>(size: i32, items: usize) {
        let last = pages(items, size) - 1;
        let listed = list::<L>(size, |asked| {
            let start = asked.start.min(last * asked.size);
            (Asked { start, ..asked }.below(items), total(20_000))
        });
        assert_eq!(listed.items, all(items));
        assert_eq!(listed.requests, pages(items, size) + 2);
    }
    for (size, items) in LISTS {
        for_each_paging!(check, size, items);
    }
}

#[test]
fn a_total_that_is_too_small_ends_there_or_is_passed_and_ignored() {
    fn check<L: List>(size: i32, items: usize, told: i64, expected: usize) {
        let listed = list::<L>(size, |asked| (asked.below(items), Some(told)));
        assert_eq!(listed.items, all(expected), "{size} {told}");
    }
    for (size, items) in LISTS {
        for_each_paging!(check, size, items, 0, items);
        // What cannot be a number of items is no total.
        for_each_paging!(check, size, items, -1, items);
    }
    for_each_paging!(check, 1, 307, 150, 150);
    for_each_paging!(check, 1000, ITEMS, 5000, 5000);
    // 5000 is in the middle of a page of seven, and what was passed cannot be right.
    for_each_paging!(check, 7, ITEMS, 5000, ITEMS);
}
