//! Errors in the middle, and going on from a cursor that was stored as text.

use ncloud_core::{Cursor, ErrorKind};

use super::{ITEMS, all, list, pages, total};
use crate::lists::{Answered, Asked, List, for_each_paging, list_by_machine};

/// Goes through a list that fails once, at this request, and goes on from the text of the cursor.
fn list_with_an_error<L: List>(size: i32, fails_at: usize, answered: impl Fn(Asked) -> Answered) -> Vec<i32> {
    let first = list_by_machine(&L::of_pages(size), None, |asked| {
        (asked.before < fails_at).then(|| answered(asked))
    });
    let error = first.error.expect("the error that was made");
    assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
    assert!(!first.cursor.is_at_end());
    let stored: Cursor = first.cursor.to_string().parse().unwrap();
    assert_eq!(stored, first.cursor);
    // The page size is the cursor's.
    let rest = list_by_machine(&L::of_pages(3), Some(&stored), |asked| {
        let before = asked.before + fails_at;
        Some(answered(Asked { before, ..asked }))
    });
    assert!(rest.error.is_none() && rest.cursor.is_at_end(), "{rest:?}");
    [first.items, rest.items].concat()
}

#[test]
fn a_listing_goes_on_from_a_stored_cursor_after_an_error_as_if_there_had_been_none() {
    fn check<L: List>(size: i32, items: usize) {
        let pages = pages(items, size);
        for fails_at in [0, 1, 2, pages / 2, pages - 1] {
            for told in [None, total(items), Some(20_000)] {
                let found = list_with_an_error::<L>(size, fails_at, |asked| (asked.below(items), told));
                assert_eq!(found, all(items), "{size} {fails_at} {told:?}");
            }
            // It grows from the third request on.
            let late = items + items / 4;
            let found = list_with_an_error::<L>(size, fails_at, |asked| {
                let items = if asked.before < 3 { items } else { late };
                (asked.below(items), total(items))
            });
            assert_eq!(found, all(late), "{size} {fails_at}");
        }
    }
    for_each_paging!(check, 7, 307);
    for_each_paging!(check, 1000, ITEMS);
}

#[test]
fn an_error_in_the_middle_of_ten_thousand_items_loses_none() {
    for size in [1, 7] {
        let found = list_with_an_error::<crate::lists::FromOneList>(size, 715, |asked| {
            (asked.below(ITEMS), total(ITEMS))
        });
        assert_eq!(found, all(ITEMS), "{size}");
    }
}

#[test]
fn a_repeated_page_is_known_again_after_a_cursor_was_stored() {
    fn check<L: List>(told: Option<i64>) {
        // The last page comes for every later number, and the cursor is stored before each page in turn.
        let answered = |asked: Asked| {
            let start = asked.start.min(28);
            (Asked { start, ..asked }.below(35), told)
        };
        let whole = list::<L>(7, answered);
        assert_eq!(whole.items, all(35));
        for (page, cursor) in whole.cursors.iter().enumerate() {
            let stored: Cursor = cursor.to_string().parse().unwrap();
            let rest = list_by_machine(&L::of_pages(7), Some(&stored), |asked| Some(answered(asked)));
            let before = (page * 7).min(35);
            assert_eq!(rest.items, all(35).split_off(before), "{page}: {cursor}");
        }
    }
    for_each_paging!(check, Some(35));
    for_each_paging!(check, Some(1000));
    for_each_paging!(check, None);
}
