//! Paging by the machine alone: totals that are right, absent, or lie, lists that change under way, short, empty and repeated
//! pages, for each way to number pages; always to an end, and no page twice.

use crate::lists::{Answered, Asked, List, Listed, list_by_machine};

mod ahead;
mod anew;
mod changes;
mod odd_pages;
mod resuming;
mod totals;

const ITEMS: usize = 10_007;
/// Page sizes, and how many items there are: with pages of one item, fewer, since each is a signed request.
const LISTS: [(i32, usize); 3] = [(1, 307), (7, ITEMS), (1000, ITEMS)];

fn all(end: usize) -> Vec<i32> {
    (0..i32::try_from(end).unwrap()).collect()
}

#[allow(clippy::unnecessary_wraps, reason = "what an answer tells, as it is told")]
fn total(items: usize) -> Option<i64> {
    Some(i64::try_from(items).unwrap())
}

/// The number of pages that so many items fill.
fn pages(items: usize, size: i32) -> usize {
    items.div_ceil(usize::try_from(size).unwrap())
}

/// Goes through the list from the beginning, with nothing going wrong.
fn list<L: List>(size: i32, mut answered: impl FnMut(Asked) -> Answered) -> Listed {
    let listed = list_by_machine(&L::of_pages(size), None, |asked| Some(answered(asked)));
    assert!(listed.error.is_none(), "{listed:?}");
    assert!(listed.cursor.is_at_end());
    listed
}

/// No item comes twice, and none before one that stands in front of it.
fn assert_in_order(listed: &Listed) {
    assert!(listed.items.is_sorted_by(|one, other| one < other));
}
