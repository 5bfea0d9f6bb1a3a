//! Pages that are shorter than asked for, empty, or come again.

use super::{ITEMS, all, assert_in_order, list, pages, total};
use crate::lists::{Asked, List, for_each_paging};

#[test]
fn a_service_that_makes_its_pages_shorter_than_asked_is_followed_by_the_total() {
    fn check<L: List>(size: i32) {
        const CAP: usize = 50;
        let listed = list::<L>(size, |asked| {
            let start = if L::first() == 0 && L::INFO.paging == Some(ncloud_core::Paging::Offset) {
                asked.start
            } else {
                asked.page * CAP
            };
            let size = asked.size.min(CAP);
            (Asked { start, size, ..asked }.below(ITEMS), total(ITEMS))
        });
        assert_eq!(listed.items, all(ITEMS));
        assert_eq!(listed.requests, ITEMS.div_ceil(CAP));
    }
    for_each_paging!(check, 1000);
    for_each_paging!(check, 51);
}

#[test]
fn pages_with_holes_are_no_end_as_long_as_the_total_says_so() {
    fn check<L: List>(size: i32) {
        // Every third item is hidden but counted.
        let listed = list::<L>(size, |asked| {
            let mut items = asked.below(ITEMS);
            items.retain(|no| no % 3 != 2);
            (items, total(ITEMS))
        });
        assert_in_order(&listed);
        if L::INFO.paging != Some(ncloud_core::Paging::Offset) {
            let shown: Vec<i32> = all(ITEMS).into_iter().filter(|no| no % 3 != 2).collect();
            assert_eq!(listed.items, shown);
            assert_eq!(listed.requests, pages(ITEMS, size) + 1);
        }
    }
    check::<crate::lists::FromOneList>(7);
    check::<crate::lists::FromZeroList>(7);
    check::<crate::lists::FromOneList>(1000);
    check::<crate::lists::FromZeroList>(1000);
}

#[test]
fn an_empty_page_ends_the_list_whatever_the_total_says() {
    fn check<L: List>(full: usize) {
        for told in [None, total(ITEMS), Some(i64::MAX), Some(0)] {
            let listed = list::<L>(7, |asked| {
                let end = if asked.page < full { ITEMS } else { 0 };
                (asked.below(end), told)
            });
            assert_eq!(listed.items, all(full * 7), "{told:?}");
            assert_eq!(listed.requests, full + 1);
        }
    }
    for_each_paging!(check, 0);
    for_each_paging!(check, 1);
    for_each_paging!(check, 10);
}

#[test]
fn a_service_that_knows_no_pages_gives_its_one_page_once() {
    fn check<L: List>(told: Option<i64>, most_requests: usize) {
        let listed = list::<L>(7, |asked| {
            let first = Asked { start: 0, ..asked };
            (first.below(7), told)
        });
        assert_eq!(listed.items, all(7), "{told:?}");
        assert!(listed.requests <= most_requests, "{told:?}: {}", listed.requests);
    }
    for_each_paging!(check, Some(7), 1);
    for_each_paging!(check, Some(0), 2);
    for_each_paging!(check, None, 2);
    for_each_paging!(check, Some(1000), 3);
    for_each_paging!(check, Some(i64::MAX), 3);
}

#[test]
fn a_first_page_that_comes_again_with_a_total_that_grows_for_ever_comes_to_an_end() {
    fn check<L: List>(size: i32) {
        let listed = list::<L>(size, |asked| {
            let first = Asked { start: 0, ..asked };
            (first.below(ITEMS), total(ITEMS + asked.before))
        });
        assert_eq!(listed.items, all(usize::try_from(size).unwrap()));
        assert!(listed.requests < 150, "{}", listed.requests);
    }
    for_each_paging!(check, 1);
    for_each_paging!(check, 7);
}

#[test]
fn the_first_page_under_two_numbers_comes_once() {
    fn check<L: List>(size: i32) {
        // Numbered from 0, where 1 is the first page, too.
        let listed = list::<L>(size, |asked| {
            let page = asked.page.saturating_sub(1);
            let start = page * asked.size;
            (Asked { start, ..asked }.below(ITEMS), total(ITEMS))
        });
        assert_eq!(listed.items, all(ITEMS));
        assert_eq!(listed.requests, pages(ITEMS, size) + 1);
    }
    check::<crate::lists::FromZeroList>(7);
    check::<crate::lists::FromZeroList>(1000);
}
