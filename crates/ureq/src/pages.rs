//! Lists as iterators: page by page, or item by item.

use std::fmt;
use std::vec;

use ncloud_core::{Cursor, Error, Paged, Reply};

use crate::client::Client;

/// A list, page by page; from [`Client::pages`]. How it ends and what its cursor is, is told at
/// [`ncloud_core::Pages`].
///
/// An error is the last thing that comes out. Nothing is asked for before the iterator is.
#[must_use = "an iterator does nothing before it is asked"]
pub struct Pages<O> {
    client: Client,
    listing: ncloud_core::Pages<O>,
}

impl<O: Paged> Pages<O> {
    pub(crate) fn new(client: &Client, operation: &O) -> Self {
        let listing = client.session().pages(operation);
        Self {
            listing: listing.with_call_timeout(client.call_timeout()),
            client: client.clone(),
        }
    }

    /// The same list from where a cursor was taken.
    ///
    /// # Errors
    ///
    /// As [`ncloud_core::Pages::resume`].
    pub fn resume(mut self, cursor: &Cursor) -> Result<Self, Error> {
        self.listing = self.listing.resume(cursor)?;
        Ok(self)
    }

    /// From where to go on: the page that comes next, or that failed.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.listing.cursor()
    }
}

impl<O: Paged> Iterator for Pages<O> {
    type Item = Result<Reply<O::Output>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.client.drive(&mut self.listing)
    }
}

impl<O: fmt::Debug> fmt::Debug for Pages<O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listing.fmt(formatter)
    }
}

/// A list, item by item; from [`Client::items`].
///
/// An error is the last thing that comes out. The next page is asked for when the last one is used up.
#[must_use = "an iterator does nothing before it is asked"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    /// What is left of the current page, and how much of it was handed out.
    page: vec::IntoIter<O::Item>,
    used: usize,
}

impl<O: Paged> Items<O> {
    pub(crate) fn new(pages: Pages<O>) -> Self {
        Self {
            pages,
            page: Vec::new().into_iter(),
            used: 0,
        }
    }

    /// The same list from where a cursor was taken, in the middle of a page if need be.
    ///
    /// # Errors
    ///
    /// As [`ncloud_core::Pages::resume`].
    pub fn resume(self, cursor: &Cursor) -> Result<Self, Error> {
        Ok(Self::new(self.pages.resume(cursor)?))
    }

    /// From where to go on: the item that comes next.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.pages.listing.cursor_within(self.used)
    }
}

impl<O: Paged> Iterator for Items<O> {
    type Item = Result<O::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                self.used = self.used.saturating_add(1);
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(mut reply) => {
                    self.page = std::mem::take(O::items(&mut reply.value)).into_iter();
                    self.used = 0;
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<O: Paged + fmt::Debug> fmt::Debug for Items<O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Items");
        debug.field("pages", &self.pages).field("used", &self.used);
        debug.finish_non_exhaustive()
    }
}
