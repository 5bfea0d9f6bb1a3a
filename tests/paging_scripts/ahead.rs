//! Pages ahead: which one a listing names for drivers that have several on their way.

use bytes::Bytes;
use http::Request;
use ncloud_core::{Paging, drive};

use super::all;
use crate::lists::{List, body, for_each_paging, session};
use crate::support::{answer, now};

#[test]
fn the_pages_ahead_are_those_that_come_after() {
    fn check<L: List>() {
        let mut pages = session().pages(&L::of_pages(7));
        assert!(pages.ahead(1).is_none(), "nobody knows yet whether there is one");
        let send = |_: Request<Bytes>| Ok(answer(200, "application/json", body(&(all(7), Some(30)))));
        drive(&mut pages, now, send, |_| panic!("nothing is waited for"))
            .unwrap()
            .unwrap();
        let places = (0..4).map(|ahead| pages.ahead(ahead).unwrap().page());
        let expected = (1..5).map(|page| match L::INFO.paging {
            Some(Paging::Offset) => 7 * page,
            _ => L::first() + page,
        });
        assert!(places.eq(expected.map(|place| (Some(place), Some(7)))));
        assert!(pages.ahead(4).is_none());
        assert!(pages.ahead(u32::MAX).is_none());
    }
    for_each_paging!(check);
}
