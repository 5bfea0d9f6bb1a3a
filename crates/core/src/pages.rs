//! Pages: a list in pages as a machine, with a cursor to go on from, safe against totals that change.

use std::time::{Duration, SystemTime};

use crate::attempts::Attempts;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::limits::Limits;
use crate::machine::{Event, Machine, Step};
use crate::operation::{Operation, Paging};
use crate::reply::Reply;
use crate::session::Session;
use crate::shape::{Scalar, Shape, Sink as _};

mod cursor;

pub use cursor::Cursor;

use cursor::Seen;

/// An operation whose list comes in pages.
///
/// How the pages are numbered is told by [`Info::paging`](crate::Info::paging); without it they count from 1. Operations of
/// `ncloud-api` have it ready-made.
pub trait Paged: Operation + Clone {
    /// One item of the list.
    type Item: Shape;

    /// Items per page where the caller names no number.
    const PAGE_SIZE: u32 = 100;

    /// The page's number or offset and its size, as far as the parameters name them.
    fn page(&self) -> (Option<i32>, Option<i32>);

    /// Asks for this page and no other.
    fn set_page(&mut self, number: i32, size: i32);

    /// The list in an answer.
    fn items(output: &mut Self::Output) -> &mut Vec<Self::Item>;

    /// The number of items on all pages together, if the answer tells.
    fn total(output: &Self::Output) -> Option<u64>;
}

/// A list, page by page: a machine that has one page after the other as its result, and `None` after the last one.
///
/// From [`Session::pages`]. It begins at the page that the parameters name, or at the first one, with as many items per page as
/// they name, or [`Paged::PAGE_SIZE`]. Every page is a [`Call`](crate::Call) with its retries. An error ends the listing; from
/// its [`cursor`](Pages::cursor) another one goes on.
///
/// The listing ends after as many items as the last answer said there are, at a page that is not full where answers give no
/// total or a wrong one, and at an empty page. A page that came before (the same first and last item as the first page or the
/// previous one) is passed over, and ends the listing if it comes once more, or if it is the first one after others
/// though nothing was added. A list that goes in circles further on ends the same way, at the latest when it has gone around
/// a few times. So it ends whatever totals say, and neither the first page nor the previous one is handed out twice. Items that are
/// added or removed while it goes on may be missed or come twice, as the service counts them.
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_api::vserver::GetMemberServerImageInstanceList;
/// use ncloud_core::{Credentials, Session, Site, drive};
///
/// let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// let session = Session::new(&credentials, Site::Public)?;
///
/// // Whatever carries the requests meets a list of two items on two pages.
/// let mut numbers = ["1", "2"].into_iter();
/// let mut my_http = |_request| Ok(http::Response::new(bytes::Bytes::from(format!(
///     r#"{{"getMemberServerImageInstanceListResponse": {{"returnCode": "0", "totalRows": 2,
///         "memberServerImageInstanceList": [{{"memberServerImageInstanceNo": "{}"}}]}}}}"#,
///     numbers.next().unwrap(),
/// ))));
///
/// let mut pages = session.pages(&GetMemberServerImageInstanceList::new().page_size(1));
/// let mut found = 0;
/// while let Some(page) = drive(&mut pages, SystemTime::now, &mut my_http, std::thread::sleep) {
///     found += page?.value.member_server_image_instance_list.len();
/// }
/// assert_eq!(found, 2);
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent before it is driven"]
pub struct Pages<O> {
    session: Session,
    operation: O,
    cursor: Cursor,
    call_timeout: Duration,
    /// Page and page size, where the parameters name some that cannot be.
    unusable: Option<(i32, i32)>,
    has_failed: bool,
    /// Where the page that was handed out last was asked for, and how many items were handed out.
    last: Option<(Cursor, u32)>,
    /// The page that is being asked for.
    current: Option<(O, Attempts)>,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn new(session: &Session, operation: &O) -> Self {
        let (number, size) = operation.page();
        let first = match paging::<O>() {
            Paging::FromOne => 1,
            Paging::FromZero | Paging::Offset => 0,
        };
        // What cannot be right is sent as it is, for the operation's check to refuse it.
        let unusable = (number.is_some_and(|number| number < 0) || size.is_some_and(|size| size < 1))
            .then(|| (number.unwrap_or(1), size.unwrap_or(1)));
        let natural = |number: i32| u32::try_from(number).ok();
        let place = number.and_then(natural).unwrap_or(first).max(first);
        let size = size.and_then(natural).unwrap_or(O::PAGE_SIZE).max(1);
        let before = match paging::<O>() {
            Paging::Offset => place,
            Paging::FromOne | Paging::FromZero => place.saturating_sub(first).saturating_mul(size),
        };
        Self {
            cursor: Cursor {
                operation: O::INFO.name.to_owned(),
                parameters: parameters(session, operation),
                place: Some(place),
                size,
                position: u64::from(before),
                total: None,
                first: None,
                previous: None,
                pages: 0,
                landmark: None,
                repeats: 0,
                returns: None,
                skip: 0,
            },
            session: session.clone(),
            operation: operation.clone(),
            call_timeout: Limits::default().call_timeout(),
            unusable,
            has_failed: false,
            last: None,
            current: None,
        }
    }

    /// The same listing from where a cursor was taken. Its page size counts, whatever the parameters name.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for the cursor of another operation, or of other parameters or another region
    /// (but for page and page size).
    pub fn resume(mut self, cursor: &Cursor) -> Result<Self, Error> {
        let refuse = |problem: String| Err(Error::build("cursor", problem).with_operation(O::INFO.name));
        if cursor.operation != O::INFO.name {
            return refuse(format!(
                "belongs to {:?}; begin this listing anew",
                cursor.operation
            ));
        }
        if cursor.parameters != self.cursor.parameters {
            return refuse(
                "belongs to a listing with other parameters or another region; give the same ones".to_owned(),
            );
        }
        self.cursor = cursor.clone();
        self.unusable = None;
        self.last = None;
        self.current = None;
        self.has_failed = false;
        Ok(self)
    }

    /// The same with another time for each page. Default: 100 seconds.
    pub fn with_call_timeout(mut self, call_timeout: Duration) -> Self {
        self.call_timeout = call_timeout;
        self
    }

    /// From where to go on: the page that comes next, or that failed.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor.clone()
    }

    /// From where to go on if only this many items of the page that was handed out last have been used.
    ///
    /// Page by page, as the service counts them: if items were put in front in the meantime, others stand in their place.
    #[must_use]
    pub fn cursor_within(&self, items: usize) -> Cursor {
        match &self.last {
            Some((before, length)) if count(items) < *length => {
                let mut cursor = before.clone();
                cursor.skip = cursor.skip.saturating_add(count(items));
                cursor
            }
            _ => self.cursor(),
        }
    }

    /// The operation that asks for a page this many pages after the next one, as far as it is known to exist; `None` for the
    /// next one (0) is the end.
    ///
    /// For drivers that have several pages on their way at once: send what this names, and [`accept`](Pages::accept) the answers
    /// in order. What was sent ahead has to be dropped if it is no longer what this names.
    #[must_use]
    pub fn ahead(&self, pages: u32) -> Option<O> {
        if self.has_failed {
            return None;
        }
        let place = i32::try_from(self.cursor.ahead(pages, paging::<O>())?).ok()?;
        let size = i32::try_from(self.cursor.size).unwrap_or(i32::MAX);
        let (place, size) = self.unusable.unwrap_or((place, size));
        let mut operation = self.operation.clone();
        operation.set_page(place, size);
        Some(operation)
    }

    /// Takes the answer to the next page, and hands back what of it is to be handed out: nothing of a page that is empty or
    /// came before.
    pub fn accept(
        &mut self,
        answer: Result<Reply<O::Output>, Error>,
    ) -> Option<Result<Reply<O::Output>, Error>> {
        let mut reply = match answer {
            Ok(reply) => reply,
            Err(error) => {
                self.has_failed = true;
                return Some(Err(error));
            }
        };
        let total = O::total(&reply.value);
        let items = O::items(&mut reply.value);
        let seen = Seen {
            count: count(items.len()),
            total,
            mark: mark(items),
        };
        let before = self.cursor.clone();
        if !self.cursor.advance(seen, paging::<O>()) {
            return None;
        }
        // What was handed out before the cursor was stored is not handed out again.
        let skipped = usize::try_from(before.skip)
            .unwrap_or(usize::MAX)
            .min(items.len());
        items.drain(..skipped);
        self.cursor.skip = 0;
        self.last = Some((before, count(items.len())));
        Some(Ok(reply))
    }
}

impl<O: Paged> Machine for Pages<O> {
    type Output = Option<Result<Reply<O::Output>, Error>>;

    fn step(&mut self, now: SystemTime, mut event: Event) -> Step<Self::Output> {
        loop {
            let Some((operation, attempts)) = &mut self.current else {
                let Some(operation) = self.ahead(0) else {
                    return Step::Done(None);
                };
                let mut attempts = Attempts::new(&self.session, O::INFO.safety);
                attempts.allowed = self.call_timeout;
                self.current = Some((operation, attempts));
                event = Event::Start;
                continue;
            };
            match attempts.step_operation(now, event, operation) {
                Step::Send(request) => return Step::Send(request),
                Step::Sleep(time) => return Step::Sleep(time),
                Step::Done(answer) => {
                    self.current = None;
                    if let Some(page) = self.accept(answer) {
                        return Step::Done(Some(page));
                    }
                    event = Event::Start;
                }
            }
        }
    }

    fn time_left(&self, now: SystemTime) -> Option<Duration> {
        self.current.as_ref()?.1.time_left(now)
    }
}

fn paging<O: Operation>() -> Paging {
    O::INFO.paging.unwrap_or(Paging::FromOne)
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// Mark of a page: how many items it has and what the first and the last one are; `None` for an empty page.
fn mark<T: Shape>(items: &[T]) -> Option<u64> {
    let (first, last) = (items.first()?, items.last()?);
    let mut fingerprint = Fingerprint::default();
    fingerprint.scalar(
        "count",
        Scalar::Unsigned(u64::try_from(items.len()).unwrap_or(u64::MAX)),
    );
    fingerprint.shape("first", first);
    fingerprint.shape("last", last);
    Some(fingerprint.finish())
}

/// Mark of everything that decides what is in a list, but not where it begins.
fn parameters<O: Paged>(session: &Session, operation: &O) -> u64 {
    let mut operation = operation.clone();
    operation.set_page(1, 1);
    let mut fingerprint = Fingerprint::default();
    fingerprint.text(b'r', session.region().unwrap_or_default());
    operation.write(&mut fingerprint);
    fingerprint.finish()
}
