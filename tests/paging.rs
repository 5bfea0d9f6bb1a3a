//! Lists through both clients and a real socket: order, cursors, several pages at once, and the end.

use std::fmt::Write as _;

use ncloud_core::{Cursor, Endpoint, ErrorKind, Retry, Session};
use ncloud_simulator::{Fault, Simulator};

use crate::adapters::{List, respond};
use crate::lists;

const ITEMS: usize = 10_007;

/// A simulator with this many images.
fn simulator(items: usize) -> Simulator {
    let mut document = r#"{"memberServerImageInstanceList": ["#.to_owned();
    for number in 0..items {
        let comma = if number == 0 { "" } else { "," };
        write!(
            document,
            r#"{comma}{{"memberServerImageInstanceNo": "{number}", "memberServerImageName": "image-{number}"}}"#
        )
        .unwrap();
    }
    document.push_str("]}");
    Simulator::builder()
        .inventory_json(document.as_bytes())
        .unwrap()
        .build()
}

fn session(simulator: &Simulator, url: &str) -> Session {
    let session = Session::new(simulator.credentials(), Endpoint::new(url).unwrap()).unwrap();
    session.with_retry(Retry::never())
}

fn numbers(items: impl IntoIterator<Item = <List as ncloud_core::Paged>::Item>) -> Vec<usize> {
    let number = |item: <List as ncloud_core::Paged>::Item| {
        let number = item.member_server_image_instance_no;
        number.unwrap().parse().unwrap()
    };
    items.into_iter().map(number).collect()
}

fn pages_of(size: i32) -> List {
    List::new().page_size(size)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

/// Lists of a service of our own, by each client and with several pages at once: always the same items.
fn assert_same_by_all<L: lists::List>(
    size: i32,
    expected: usize,
    answered: fn(lists::Asked) -> lists::Answered,
) {
    let session = lists::session_with(lists::serve(answered));
    let expected: Vec<i32> = (0..i32::try_from(expected).unwrap()).collect();
    let list = L::of_pages(size);
    let number = |item: Result<lists::Item, ncloud_core::Error>| item.unwrap().no.unwrap();

    let found: Vec<i32> = ncloud_ureq::Client::new(session.clone())
        .items(&list)
        .map(number)
        .collect();
    assert_eq!(found, expected);
    for concurrency in [0, 1, 8] {
        let found: Vec<i32> = block_on(async {
            let mut items = ncloud_hyper::Client::new(session.clone())
                .items(&list)
                .concurrency(concurrency);
            let mut found = Vec::new();
            while let Some(item) = items.next().await {
                found.push(number(item));
            }
            found
        });
        assert_eq!(found, expected, "{concurrency}");
    }
}

/// All items by the async client, with so many pages fetched ahead.
fn by_hyper(session: Session, list: &List, concurrency: u32, from: Option<&Cursor>) -> Vec<usize> {
    block_on(async {
        let mut items = ncloud_hyper::Client::new(session)
            .items(list)
            .concurrency(concurrency);
        if let Some(cursor) = from {
            items = items.resume(cursor).unwrap();
        }
        let mut found = Vec::new();
        while let Some(item) = items.next().await {
            found.push(item.unwrap());
        }
        numbers(found)
    })
}

fn by_ureq(session: Session, list: &List, from: Option<&Cursor>) -> Vec<usize> {
    let mut items = ncloud_ureq::Client::new(session).items(list);
    if let Some(cursor) = from {
        items = items.resume(cursor).unwrap();
    }
    numbers(items.map(Result::unwrap))
}

#[test]
fn every_item_comes_once_and_in_order_however_many_pages_are_on_their_way() {
    let simulator = simulator(ITEMS);
    let server = simulator.serve().unwrap();
    let session = session(&simulator, server.url());
    let all: Vec<usize> = (0..ITEMS).collect();
    let list = pages_of(1000);
    assert_eq!(by_ureq(session.clone(), &list, None), all);
    for concurrency in [0, 1, 8] {
        let found = by_hyper(session.clone(), &list, concurrency, None);
        assert_eq!(found, all, "{concurrency}");
    }
    // No more is asked for than there is, by anybody.
    assert_eq!(simulator.requests().len(), 4 * ITEMS.div_ceil(1000));
    // Small pages are left to a service that is quicker than a simulator with ten thousand images.
    assert_same_by_all::<lists::FromOneList>(7, ITEMS, |asked| (asked.below(ITEMS), Some(10_007)));
}

#[test]
fn totals_that_change_from_page_to_page_give_the_same_items_however_they_are_asked_for() {
    fn check<L: lists::List>(size: i32) {
        // Growing, shrinking, absent on every other page, too large, and too small by half.
        assert_same_by_all::<L>(size, ITEMS, |asked| {
            let told = ITEMS.min(asked.start + 3 * asked.size);
            (asked.below(ITEMS), i64::try_from(told).ok())
        });
        assert_same_by_all::<L>(size, ITEMS, |asked| {
            let told = ITEMS + 2 * ITEMS.saturating_sub(asked.start);
            (asked.below(ITEMS), i64::try_from(told).ok())
        });
        assert_same_by_all::<L>(size, ITEMS, |asked| {
            let told = asked.page.is_multiple_of(2);
            (asked.below(ITEMS), told.then_some(10_007))
        });
        assert_same_by_all::<L>(size, ITEMS, |asked| (asked.below(ITEMS), Some(i64::MAX)));
        assert_same_by_all::<L>(size, ITEMS, |asked| {
            (asked.below(ITEMS), i64::try_from(asked.start / 2).ok())
        });
    }
    lists::for_each_paging!(check, 1000);
    lists::for_each_paging!(check, 331);
}

#[test]
fn pages_that_are_short_empty_or_come_again_give_the_same_items_however_they_are_asked_for() {
    fn check<L: lists::List>() {
        // The last page for every later one, with a total that promises more.
        assert_same_by_all::<L>(100, 1000, |asked| {
            let start = asked.start.min(900);
            (lists::Asked { start, ..asked }.below(1000), Some(5000))
        });
        // The first page for every one.
        assert_same_by_all::<L>(100, 100, |asked| {
            (lists::Asked { start: 0, ..asked }.below(100), Some(5000))
        });
        // Empty from the sixth page on.
        assert_same_by_all::<L>(100, 500, |asked| {
            (asked.below(if asked.page < 5 { 1000 } else { 0 }), Some(5000))
        });
    }
    lists::for_each_paging!(check);
    // Offsets, where a page is shorter than was asked for.
    assert_same_by_all::<lists::OffsetList>(100, 1000, |asked| {
        let size = asked.size.min(30);
        (lists::Asked { size, ..asked }.below(1000), Some(1000))
    });
}

#[test]
fn pages_of_one_item_are_pages_too() {
    let simulator = simulator(107);
    let server = simulator.serve().unwrap();
    let session = session(&simulator, server.url());
    let all: Vec<usize> = (0..107).collect();
    assert_eq!(by_ureq(session.clone(), &pages_of(1), None), all);
    for concurrency in [0, 1, 8, 1000] {
        assert_eq!(by_hyper(session.clone(), &pages_of(1), concurrency, None), all);
    }
    assert_eq!(simulator.requests().len(), 5 * 107);
}

#[test]
fn a_list_goes_on_from_a_stored_cursor_in_the_middle_of_a_page() {
    let simulator = simulator(107);
    let server = simulator.serve().unwrap();
    let session = session(&simulator, server.url());
    for used in [0, 1, 9, 10, 11, 55, 106, 107] {
        let list = pages_of(10);
        let mut items = ncloud_ureq::Client::new(session.clone()).items(&list);
        let mut found = numbers(items.by_ref().take(used).map(Result::unwrap));
        let stored = items.cursor().to_string();
        let cursor: Cursor = stored.parse().unwrap();
        // The page size is the cursor's, whatever is asked for later.
        found.extend(by_ureq(session.clone(), &pages_of(3), Some(&cursor)));
        assert_eq!(found, (0..107).collect::<Vec<_>>(), "{used}: {stored}");
        let rest = by_hyper(session.clone(), &list, 8, Some(&cursor));
        assert_eq!(rest, (used..107).collect::<Vec<_>>(), "{used}: {stored}");
    }
}

#[test]
fn an_error_is_the_last_thing_that_comes_and_the_cursor_stays_before_it() {
    let simulator = simulator(107);
    let server = simulator.serve().unwrap();
    let session = session(&simulator, server.url());
    let list = pages_of(10);
    let client = ncloud_ureq::Client::new(session.clone());
    let mut items = client.items(&list);
    let mut found = numbers(items.by_ref().take(30).map(Result::unwrap));
    simulator.push_fault(respond(503, "<html>"));
    assert_eq!(items.next().unwrap().unwrap_err().kind(), ErrorKind::Decode);
    assert!(items.next().is_none());
    assert!(items.next().is_none());
    found.extend(numbers(
        client
            .items(&list)
            .resume(&items.cursor())
            .unwrap()
            .map(Result::unwrap),
    ));
    assert_eq!(found, (0..107).collect::<Vec<_>>());
}

#[test]
fn an_error_in_a_page_that_was_sent_ahead_comes_in_its_turn() {
    let simulator = simulator(107);
    let server = simulator.serve().unwrap();
    let session = session(&simulator, server.url());
    block_on(async {
        let mut pages = ncloud_hyper::Client::new(session.clone())
            .pages(&pages_of(10))
            .concurrency(4);
        let first = pages.next().await.unwrap().unwrap();
        assert_eq!(first.value.member_server_image_instance_list.len(), 10);
        for _ in 0..4 {
            simulator.push_fault(Fault::Close);
        }
        let error = pages.next().await.unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Transport { .. }), "{error}");
        let cursor = pages.cursor();
        assert!(pages.next().await.is_none());
        assert!(pages.next().await.is_none());
        // What was on its way when the error came may have taken faults with it, or not have been sent at all.
        let mut rest = pages.resume(&cursor).unwrap();
        let mut found = 0;
        let mut tries = 0;
        while let Some(page) = rest.next().await {
            if let Ok(page) = page {
                found += page.value.member_server_image_instance_list.len();
                continue;
            }
            tries += 1;
            assert!(tries <= 4, "more errors than faults");
            let cursor = rest.cursor();
            rest = rest.resume(&cursor).unwrap();
        }
        assert_eq!(found, 97);
    });
}
