//! Lists that change while they are gone through: longer, shorter, at the end and in front.

use super::{ITEMS, LISTS, all, assert_in_order, list, pages, total};
use crate::lists::{List, for_each_paging};

#[test]
fn a_list_that_grows_at_its_end_is_followed_to_its_new_end() {
    fn check<L: List>(size: i32, items: usize) {
        let (early, late) = (pages(items, size) / 2, items + items / 4);
        let listed = list::<L>(size, |asked| {
            let items = if asked.before < early { items } else { late };
            (asked.below(items), total(items))
        });
        assert_eq!(listed.items, all(late));
        assert_eq!(listed.requests, pages(late, size));
        // A little more each time, up to a point.
        let listed = list::<L>(size, |asked| {
            let items = (items + asked.before * 3).min(late);
            (asked.below(items), total(items))
        });
        assert_in_order(&listed);
        assert_eq!(listed.cursor.total(), u64::try_from(listed.items.len()).ok());
    }
    for (size, items) in LISTS {
        for_each_paging!(check, size, items);
    }
}

#[test]
fn a_list_that_shrinks_at_its_end_stops_at_its_new_end() {
    fn check<L: List>(size: i32, items: usize, left: usize) {
        let early = pages(items, size) / 2;
        let listed = list::<L>(size, |asked| {
            let items = if asked.before < early { items } else { left };
            (asked.below(items), total(items))
        });
        // What was handed out before it went away stays so.
        let handed_out = early * usize::try_from(size).unwrap();
        assert_eq!(listed.items, all(left.max(handed_out)), "{size} {left}");
        assert!(listed.requests <= pages(left.max(handed_out), size) + 1);
    }
    for (size, items) in LISTS {
        for left in [0, 1, items / 3, items / 2, items / 3 * 2] {
            for_each_paging!(check, size, items, left);
        }
    }
}

#[test]
fn ten_thousand_pages_of_one_item_are_gone_through_while_the_total_changes_all_the_time() {
    let listed = list::<crate::lists::FromOneList>(1, |asked| {
        // Right, absent, too large, too small by half, growing, shrinking.
        let told = match asked.before % 6 {
            0 => total(ITEMS),
            1 => None,
            2 => Some(i64::MAX),
            3 => total(asked.start / 2),
            4 => total(ITEMS + asked.before),
            _ => total(2 * ITEMS - asked.before),
        };
        // The last page but one tells the right one, for the end not to be sought.
        let told = told.filter(|_| asked.start + 2 < ITEMS).or(total(ITEMS));
        (asked.below(ITEMS), told)
    });
    assert_eq!(listed.items, all(ITEMS));
    assert_eq!(listed.requests, ITEMS);
}

#[test]
fn items_that_are_taken_out_in_front_make_others_be_missed_and_none_come_twice() {
    fn check<L: List>(size: i32) {
        let listed = list::<L>(size, |asked| {
            // Two items less in front of every tenth request.
            let items: Vec<i32> = all(ITEMS).split_off(asked.before / 10 * 2);
            (asked.of_items(&items), total(items.len()))
        });
        assert_in_order(&listed);
        let missed = ITEMS - listed.items.len();
        assert!(missed <= listed.requests / 10 * 2 + 2, "{missed} missed");
    }
    for_each_paging!(check, 7);
    for_each_paging!(check, 1000);
}

#[test]
fn items_that_are_put_in_front_do_not_bring_a_page_twice_or_lose_what_was_there() {
    fn check<L: List>(size: i32, put: usize) {
        // In front of the first five requests, newest first.
        let listed = list::<L>(size, |asked| {
            let new = i32::try_from(put * asked.before.min(5)).unwrap();
            let items: Vec<i32> = (-new..2000).collect();
            (asked.of_items(&items), total(items.len()))
        });
        let mut items = listed.items.clone();
        items.sort_unstable();
        items.dedup();
        let old: Vec<i32> = items.into_iter().filter(|no| *no >= 0).collect();
        assert_eq!(old, all(2000), "{size} {put}");
        let twice = listed.items.len() - old.len();
        assert!(twice <= 5 * put, "{size} {put}: {twice} items came again");
    }
    for (size, put) in [(1, 1), (7, 1), (7, 7), (7, 14), (100, 3), (100, 100)] {
        for_each_paging!(check, size, put);
    }
}

#[test]
fn a_whole_page_put_in_front_each_time_is_passed_over_as_long_as_the_total_grows() {
    fn check<L: List>(size: i32) {
        // Fifty times, so that the first page comes fifty times again.
        let listed = list::<L>(size, |asked| {
            let new = size * i32::try_from(asked.before.min(50)).unwrap();
            let items: Vec<i32> = (-new..2000).collect();
            (asked.of_items(&items), total(items.len()))
        });
        assert_eq!(listed.items, all(2000));
        assert_eq!(listed.requests, pages(2000, size) + 50);
    }
    for_each_paging!(check, 1);
    for_each_paging!(check, 7);
}
