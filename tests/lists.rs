//! Lists of a service made up for tests, numbered in each of the three ways, that answers as a test says: machine and sockets.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use ncloud_core::{
    Cursor, Endpoint, Error, Info, Operation, Paged, Paging, Retry, Sent, Service, Session, drive, shape,
};

use crate::listeners::read_head_or_end;
use crate::support::{answer, credentials, now};

const SERVICE: Service = Service::new("vtest", "/vtest/v2");

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Item {
    pub(crate) no: Option<i32>,
}

shape! { Item { "itemNo" => no } }

#[derive(Debug, Default, PartialEq)]
pub(crate) struct ItemList {
    pub(crate) total: Option<i64>,
    pub(crate) items: Vec<Item>,
}

shape! { ItemList { "totalRows" => total, "itemList" => items } }

macro_rules! list {
    ($type:ident, $paging:ident, $name:literal) => {
        #[derive(Clone, Debug, Default)]
        pub(crate) struct $type {
            number: Option<i32>,
            size: Option<i32>,
        }

        shape! { $type { "pageNo" => number, "pageSize" => size } }

        impl Operation for $type {
            type Output = ItemList;

            const INFO: Info = Info::read(SERVICE, $name).paged(Paging::$paging);

            fn check(&self) -> Result<(), Error> {
                Ok(())
            }
        }

        impl Paged for $type {
            type Item = Item;

            fn page(&self) -> (Option<i32>, Option<i32>) {
                (self.number, self.size)
            }

            fn set_page(&mut self, number: i32, size: i32) {
                (self.number, self.size) = (Some(number), Some(size));
            }

            fn items(output: &mut ItemList) -> &mut Vec<Item> {
                &mut output.items
            }

            fn total(output: &ItemList) -> Option<u64> {
                u64::try_from(output.total?).ok()
            }
        }
    };
}

list!(FromOneList, FromOne, "getFromOneList");
list!(FromZeroList, FromZero, "getFromZeroList");
list!(OffsetList, Offset, "getOffsetList");

/// Names the operation of each way to number pages in turn.
macro_rules! for_each_paging {
    ($run:ident $(, $argument:expr)*) => {
        $run::<$crate::lists::FromOneList>($($argument),*);
        $run::<$crate::lists::FromZeroList>($($argument),*);
        $run::<$crate::lists::OffsetList>($($argument),*);
    };
}

pub(crate) use for_each_paging;

/// What a list of these tests is, so that a test is written once for all.
pub(crate) trait List:
    Paged<Item = Item, Output = ItemList> + Default + std::fmt::Debug + Send + Sync + 'static
{
    fn of_pages(size: i32) -> Self {
        let mut list = Self::default();
        list.set_page(Self::first(), size);
        list
    }

    /// Number of the first page.
    fn first() -> i32 {
        i32::from(Self::INFO.paging == Some(Paging::FromOne))
    }
}

impl<L> List for L where
    L: Paged<Item = Item, Output = ItemList> + Default + std::fmt::Debug + Send + Sync + 'static
{
}

/// A page that is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// How many requests there were before.
    pub(crate) before: usize,
    /// Which page it is, counted from 0; for offsets, the page that begins there.
    pub(crate) page: usize,
    /// Where it begins if every page is as long as it should be.
    pub(crate) start: usize,
    /// How long it should be.
    pub(crate) size: usize,
}

impl Asked {
    fn of(request: &Request<Bytes>, before: usize) -> Self {
        let query = request.uri().query().unwrap_or_default();
        Self::from_query(request.uri().path(), query, before)
    }

    fn from_query(path: &str, query: &str, before: usize) -> Self {
        let number = |name: &str| -> usize {
            let mut members = query.split('&');
            let value = members.find_map(|member| member.strip_prefix(name)).unwrap();
            value.parse().unwrap()
        };
        let (place, size) = (number("pageNo="), number("pageSize="));
        let page = match path.rsplit('/').next().unwrap() {
            "getFromOneList" => place.max(1) - 1,
            "getFromZeroList" => place,
            _ => place / size,
        };
        let start = if path.ends_with("getOffsetList") {
            place
        } else {
            page * size
        };
        Self {
            before,
            page,
            start,
            size,
        }
    }

    /// The items that belong on this page of a list.
    pub(crate) fn of_items(self, items: &[i32]) -> Vec<i32> {
        let start = self.start.min(items.len());
        let end = self.start.saturating_add(self.size).min(items.len());
        items[start..end].to_vec()
    }

    /// The items that belong on this page of a list of the numbers below this one.
    pub(crate) fn below(self, end: usize) -> Vec<i32> {
        let numbers = self.start.min(end)..self.start.saturating_add(self.size).min(end);
        numbers.map(|number| i32::try_from(number).unwrap()).collect()
    }
}

/// An answer: the items, and the total that it tells.
pub(crate) type Answered = (Vec<i32>, Option<i64>);

pub(crate) fn body((items, total): &Answered) -> String {
    let items: Vec<String> = items.iter().map(|no| format!("{{\"itemNo\":{no}}}")).collect();
    let total = total.map_or_else(String::new, |total| format!("\"totalRows\":{total},"));
    format!(
        "{{\"listResponse\":{{\"returnCode\":\"0\",{total}\"itemList\":[{}]}}}}",
        items.join(",")
    )
}

/// What came of a listing.
#[derive(Debug)]
pub(crate) struct Listed {
    /// All items in the order in which they came.
    pub(crate) items: Vec<i32>,
    pub(crate) requests: usize,
    pub(crate) error: Option<Error>,
    /// Where the listing was at its end.
    pub(crate) cursor: Cursor,
    /// The cursors from before the first page and after each page.
    pub(crate) cursors: Vec<Cursor>,
}

/// How many requests no listing of these tests may need.
pub(crate) const ENDLESS: usize = 25_000;

pub(crate) fn session() -> Session {
    crate::support::session().with_retry(Retry::never())
}

/// Goes through a list by the machine alone, at a time that stands still. No answer is a failure of the network.
pub(crate) fn list_by_machine<L: List>(
    list: &L,
    from: Option<&Cursor>,
    mut answered: impl FnMut(Asked) -> Option<Answered>,
) -> Listed {
    let session = session();
    let mut pages = session.pages(list);
    if let Some(cursor) = from {
        pages = pages.resume(cursor).unwrap();
    }
    let mut requests = 0;
    let mut send = |request: Request<Bytes>| -> Result<Response<Bytes>, Error> {
        let asked = Asked::of(&request, requests);
        requests += 1;
        assert!(requests < ENDLESS, "it does not end");
        let answered = answered(asked).ok_or_else(|| Error::transport(Sent::Maybe, "cut off"))?;
        Ok(answer(200, "application/json", body(&answered)))
    };
    let (mut items, mut cursors, mut error) = (Vec::new(), vec![pages.cursor()], None);
    while let Some(page) = drive(&mut pages, now, &mut send, |_| panic!("nothing is waited for")) {
        match page {
            Ok(page) => items.extend(page.value.items.iter().map(|item| item.no.unwrap())),
            Err(failure) => error = Some(failure),
        }
        cursors.push(pages.cursor());
    }
    let cursor = pages.cursor();
    Listed {
        items,
        requests,
        error,
        cursor,
        cursors,
    }
}

/// Serves lists on a free port, on any number of connections, for as long as the process lives.
pub(crate) fn serve(answered: impl Fn(Asked) -> Answered + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answered = Arc::new(answered);
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let answered = Arc::clone(&answered);
            std::thread::spawn(move || serve_connection(stream, &*answered));
        }
    });
    address
}

fn serve_connection(stream: TcpStream, answered: &(impl Fn(Asked) -> Answered + ?Sized)) {
    let mut reader = BufReader::new(stream);
    while let Some(head) = read_head_or_end(&mut reader) {
        let target = head.split(' ').nth(1).unwrap();
        let (path, query) = target.split_once('?').unwrap();
        let body = body(&answered(Asked::from_query(path, query, 0)));
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        if reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// A session with a server of such lists.
pub(crate) fn session_with(address: SocketAddr) -> Session {
    let endpoint = Endpoint::new(&format!("http://{address}")).unwrap();
    let session = Session::new(&credentials(), endpoint).unwrap();
    session.with_retry(Retry::never())
}
