//! Cursors: how far a listing has come, as a value and as a text that can be stored.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::operation::Paging;

/// What the text of a cursor begins with; another number for another form.
const VERSION: &str = "ncloud1";
/// How often a page may come again before the listing ends.
const REPEATS: u32 = 1;
/// The same while the total grows: then it may be items put in front that push the others onto the next page.
const REPEATS_WHILE_GROWING: u32 = 100;
/// How often a page may come again after others, once the total has grown. Before that, or more often than that, the list has begun
/// anew.
const RETURNS: u32 = 10;

/// How far a listing has come: from where to go on, in this process or, stored as text, in another one.
///
/// It belongs to one operation with certain parameters; [`Pages::resume`](crate::Pages::resume) refuses it for another. Its
/// text is a line of visible ASCII without spaces and holds no parameter's value.
///
/// ```
/// use ncloud_core::Cursor;
///
/// # use ncloud_core::{Credentials, Session, Site};
/// # use ncloud_api::vserver::GetMemberServerImageInstanceList;
/// # let credentials = Credentials::new("ncp_ak_TESTACCESSKEY0001", "ncp_sk_TESTSECRETKEY0000000000000000000001")?;
/// # let session = Session::new(&credentials, Site::Public)?;
/// # let list = GetMemberServerImageInstanceList::new();
/// let cursor = session.pages(&list).cursor();
/// let stored: Cursor = cursor.to_string().parse()?;
/// assert_eq!(stored, cursor);
/// let pages = session.pages(&list).resume(&stored)?;
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) operation: String,
    /// Mark of the operation's parameters, the page apart.
    pub(super) parameters: u64,
    /// Number or offset of the next page; `None` at the end.
    pub(super) place: Option<u32>,
    /// Items per page.
    pub(super) size: u32,
    /// How many items lie before the next page.
    pub(super) position: u64,
    /// The total that was told last.
    pub(super) total: Option<u64>,
    /// Marks of the first page and of the one before the next.
    pub(super) first: Option<u64>,
    pub(super) previous: Option<u64>,
    /// How many pages were handed out, and the mark of the last one whose number is a power of two: in a list that goes in circles,
    /// it comes again sooner or later.
    pub(super) pages: u32,
    pub(super) landmark: Option<u64>,
    /// How often in succession a page has come again.
    pub(super) repeats: u32,
    /// How often the first page, or another one, has come again after others; `None` as long as the total has not grown.
    pub(super) returns: Option<u32>,
    /// How many items at the beginning of the next page were handed out before.
    pub(super) skip: u32,
}

/// What an answer shows of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// How many items it has.
    pub(super) count: u32,
    /// The number of items on all pages, as the answer has it.
    pub(super) total: Option<u64>,
    /// Mark of the page; `None` for an empty one.
    pub(super) mark: Option<u64>,
}

impl Cursor {
    /// Whether everything was handed out.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.place.is_none()
    }

    /// The number of items on all pages, as the service told it last.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The place of a page this many pages after the next one, as far as the total says that it exists.
    pub(super) fn ahead(&self, pages: u32, paging: Paging) -> Option<u32> {
        let next = self.place?;
        if pages == 0 {
            return Some(next);
        }
        let items = pages.checked_mul(self.size)?;
        let exists = self.position.saturating_add(u64::from(items)) < self.total?;
        let place = match paging {
            Paging::Offset => next.checked_add(items),
            Paging::FromOne | Paging::FromZero => next.checked_add(pages),
        };
        place.filter(|_| exists)
    }

    /// Goes on past the next page; false if that page must not be handed out, because it is empty or came before.
    pub(super) fn advance(&mut self, seen: Seen, paging: Paging) -> bool {
        let is_first = self.first.is_none();
        let grown = matches!((self.total, seen.total), (Some(before), Some(now)) if now > before);
        if let Some(total) = seen.total {
            self.total = Some(total);
        }
        if grown {
            self.returns.get_or_insert(0);
        }
        let Some(mark) = seen.mark else {
            self.place = None;
            return is_first;
        };
        if [self.first, self.previous, self.landmark].contains(&Some(mark)) {
            let is_return = self.previous != Some(mark);
            self.pass_over(seen, is_return, grown, paging);
            return false;
        }
        self.repeats = 0;
        self.first.get_or_insert(mark);
        self.previous = Some(mark);
        self.pages = self.pages.saturating_add(1);
        if self.pages.is_power_of_two() {
            self.landmark = Some(mark);
        }
        self.position = self.position.saturating_add(u64::from(seen.count));
        let is_full = seen.count >= self.size;
        let more = match self.total {
            Some(total) if total >= self.position => total > self.position,
            // No total, or one that has been passed already: only a page that is not full is the last one.
            _ => is_full,
        };
        self.place = if more { self.next_place(seen, paging) } else { None };
        true
    }

    /// Goes on past a page that came before: pages that are numbered from 0 where they should be from 1, items that were put
    /// in front, or a service that knows no pages, gives its last one for every later number, or begins anew after it.
    fn pass_over(&mut self, seen: Seen, is_return: bool, grown: bool, paging: Paging) {
        self.repeats = self.repeats.saturating_add(1);
        let limit = if grown { REPEATS_WHILE_GROWING } else { REPEATS };
        if is_return {
            self.returns = self.returns.map(|returns| returns.saturating_add(1));
        }
        let begins_anew = is_return && self.returns.is_none_or(|returns| returns > RETURNS);
        if grown {
            self.position = self.position.saturating_add(u64::from(seen.count));
        }
        let more = self.total.is_some_and(|total| total > self.position);
        self.place = if more && self.repeats <= limit && !begins_anew {
            self.next_place(seen, paging)
        } else {
            None
        };
    }

    fn next_place(&self, seen: Seen, paging: Paging) -> Option<u32> {
        let step = match paging {
            Paging::Offset => seen.count,
            Paging::FromOne | Paging::FromZero => 1,
        };
        self.place?.checked_add(step)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{VERSION}:{}:{:016x}:{}:{}:{}:{}:{}:{}:{}:{}:{}:{}:{}",
            self.operation,
            self.parameters,
            Shown(self.place),
            self.size,
            self.position,
            Shown(self.total),
            Shown(self.first),
            Shown(self.previous),
            self.pages,
            Shown(self.landmark),
            self.repeats,
            Shown(self.returns),
            self.skip,
        )
    }
}

/// A number, or `-`.
struct Shown<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Shown<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(number) => number.fmt(formatter),
            None => formatter.write_str("-"),
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        read(text).ok_or_else(|| {
            Error::build(
                "cursor",
                "is not one that this version has written; begin the listing anew",
            )
        })
    }
}

fn read(text: &str) -> Option<Cursor> {
    let parts: Vec<&str> = text.split(':').collect();
    let [
        VERSION,
        operation,
        parameters,
        place,
        size,
        position,
        total,
        first,
        previous,
        pages,
        landmark,
        repeats,
        returns,
        skip,
    ] = parts[..]
    else {
        return None;
    };
    let cursor = Cursor {
        operation: operation.to_owned(),
        parameters: u64::from_str_radix(parameters, 16).ok()?,
        place: number_or_none(place).ok()?,
        size: size.parse().ok()?,
        position: position.parse().ok()?,
        total: number_or_none(total).ok()?,
        first: number_or_none(first).ok()?,
        previous: number_or_none(previous).ok()?,
        pages: pages.parse().ok()?,
        landmark: number_or_none(landmark).ok()?,
        repeats: repeats.parse().ok()?,
        returns: number_or_none(returns).ok()?,
        skip: skip.parse().ok()?,
    };
    // A number may be written in more ways than one, a cursor in only one.
    (cursor.size > 0 && cursor.to_string() == text).then_some(cursor)
}

fn number_or_none<T: FromStr>(text: &str) -> Result<Option<T>, T::Err> {
    match text {
        "-" => Ok(None),
        number => number.parse().map(Some),
    }
}
