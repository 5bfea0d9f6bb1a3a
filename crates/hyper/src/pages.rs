//! Lists as streams: page by page, or item by item, with pages fetched ahead.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use futures_core::Stream;
use ncloud_core::{Cursor, Error, Operation, Paged, Reply, Sent};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::client::Client;

/// The most pages that are fetched ahead: a total that lies must not have millions asked for.
const MOST_AHEAD: u32 = 1000;

type Answer<O> = Result<Reply<<O as Operation>::Output>, Error>;

/// A list, page by page: a stream; from [`Client::pages`]. How it ends and what its cursor is, is told at
/// [`ncloud_core::Pages`].
///
/// An error is the last thing that comes out. Nothing is asked for before the stream is polled, and nothing goes on once it is
/// dropped. Pages ahead arrive while nobody polls it, however long you take for one.
#[must_use = "a stream does nothing before it is polled"]
pub struct Pages<O: Operation> {
    client: Client,
    listing: ncloud_core::Pages<O>,
    /// How many pages may be on their way beside the one that is waited for.
    concurrency: u32,
    /// The pages on their way, in order.
    ahead: VecDeque<Ahead<O>>,
    /// Whether `ahead` is what the listing asks for.
    is_planned: bool,
}

/// One page on its way, or arrived before its turn.
struct Ahead<O: Operation> {
    page: (Option<i32>, Option<i32>),
    state: Arrival<O>,
}

enum Arrival<O: Operation> {
    OnItsWay(Fetching<O>),
    There(Box<Answer<O>>),
}

type Fetching<O> = Pin<Box<dyn Future<Output = Answer<O>> + Send>>;

/// A page that is fetched by a task of its own, which ends with this.
struct Task<O: Operation>(JoinHandle<Answer<O>>);

// Nothing in here is pinned but what lies in a box of its own.
impl<O: Operation> Unpin for Pages<O> {}

impl<O> Pages<O>
where
    O: Paged + Send + Sync + 'static,
    O::Output: Send,
{
    pub(crate) fn new(client: &Client, operation: &O) -> Self {
        Self {
            listing: client.session().pages(operation),
            client: client.clone(),
            concurrency: 0,
            ahead: VecDeque::new(),
            is_planned: false,
        }
    }

    /// The same list with up to this many pages fetched ahead, all at once, beside the one that is waited for.
    ///
    /// It begins as soon as the first page has told how many there are: no page is asked for that need not exist. The order
    /// stays. Default: 0, one page after the other. Range: up to 1,000; more count as 1,000.
    pub fn concurrency(mut self, pages: u32) -> Self {
        self.concurrency = pages.min(MOST_AHEAD);
        self
    }

    /// The same list from where a cursor was taken.
    ///
    /// # Errors
    ///
    /// As [`ncloud_core::Pages::resume`].
    pub fn resume(mut self, cursor: &Cursor) -> Result<Self, Error> {
        self.listing = self.listing.resume(cursor)?;
        self.is_planned = false;
        Ok(self)
    }

    /// From where to go on: the page that comes next, or that failed.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.listing.cursor()
    }

    /// The next page; `None` after the last one.
    pub async fn next(&mut self) -> Option<Answer<O>> {
        poll_fn(|context| self.poll_page(context)).await
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Answer<O>>> {
        loop {
            if !self.is_planned {
                self.plan();
                self.is_planned = true;
            }
            for ahead in &mut self.ahead {
                ahead.state.poll(context);
            }
            match self.ahead.front() {
                None => return Poll::Ready(None),
                Some(front) if matches!(front.state, Arrival::OnItsWay(_)) => return Poll::Pending,
                Some(_) => {}
            }
            if let Some(Ahead {
                state: Arrival::There(answer),
                ..
            }) = self.ahead.pop_front()
            {
                self.is_planned = false;
                if let Some(page) = self.listing.accept(*answer) {
                    return Poll::Ready(Some(page));
                }
            }
        }
    }

    /// Sends for what the listing asks for, and forgets what it does not ask for any more.
    fn plan(&mut self) {
        for position in 0..=self.concurrency {
            let index = usize::try_from(position).unwrap_or(usize::MAX);
            let Some(operation) = self.listing.ahead(position) else {
                self.ahead.truncate(index);
                return;
            };
            let page = operation.page();
            if self.ahead.get(index).is_some_and(|ahead| ahead.page == page) {
                continue;
            }
            self.ahead.truncate(index);
            let client = self.client.clone();
            let fetching = async move { client.send(&operation).await };
            self.ahead.push_back(Ahead {
                page,
                state: Arrival::OnItsWay(if position == 0 {
                    Box::pin(fetching)
                } else {
                    on_its_own::<O>(fetching)
                }),
            });
        }
    }
}

/// Has a page fetched whether somebody waits for it or not: its time would run out otherwise while whoever reads the list is
/// busy with the page before.
fn on_its_own<O>(fetching: impl Future<Output = Answer<O>> + Send + 'static) -> Fetching<O>
where
    O: Operation + 'static,
    O::Output: Send,
{
    match Handle::try_current() {
        Ok(runtime) => Box::pin(Task::<O>(runtime.spawn(fetching))),
        // The call itself tells what is missing.
        Err(_) => Box::pin(fetching),
    }
}

impl<O: Operation> Future for Task<O> {
    type Output = Answer<O>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|ended| {
            ended.unwrap_or_else(|error| match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(error) => {
                    let problem = "the runtime was shut down before the page was there";
                    Err(Error::transport(Sent::Maybe, problem).with_source(error))
                }
            })
        })
    }
}

impl<O: Operation> Drop for Task<O> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<O: Operation> Arrival<O> {
    fn poll(&mut self, context: &mut Context<'_>) {
        if let Self::OnItsWay(answer) = self
            && let Poll::Ready(answer) = answer.as_mut().poll(context)
        {
            *self = Self::There(Box::new(answer));
        }
    }
}

impl<O> Stream for Pages<O>
where
    O: Paged + Send + Sync + 'static,
    O::Output: Send,
{
    type Item = Answer<O>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_page(context)
    }
}

impl<O: Operation + fmt::Debug> fmt::Debug for Pages<O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("listing", &self.listing)
            .field("concurrency", &self.concurrency)
            .field("ahead", &self.ahead.len())
            .finish_non_exhaustive()
    }
}

/// A list, item by item: a stream; from [`Client::items`].
///
/// An error is the last thing that comes out. The next page is asked for when the last one is used up, or before that with
/// [`concurrency`](Items::concurrency).
#[must_use = "a stream does nothing before it is polled"]
pub struct Items<O: Paged> {
    pages: Pages<O>,
    /// What is left of the current page, and how much of it was handed out.
    page: vec::IntoIter<O::Item>,
    used: usize,
}

impl<O: Paged> Unpin for Items<O> {}

impl<O> Items<O>
where
    O: Paged + Send + Sync + 'static,
    O::Output: Send,
{
    pub(crate) fn new(pages: Pages<O>) -> Self {
        Self {
            pages,
            page: Vec::new().into_iter(),
            used: 0,
        }
    }

    /// The same list with up to this many pages fetched ahead; see [`Pages::concurrency`].
    pub fn concurrency(mut self, pages: u32) -> Self {
        self.pages = self.pages.concurrency(pages);
        self
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

    /// The next item; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<O::Item, Error>> {
        poll_fn(|context| self.poll_item(context)).await
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O::Item, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                self.used = self.used.saturating_add(1);
                return Poll::Ready(Some(Ok(item)));
            }
            match self.pages.poll_page(context) {
                Poll::Ready(Some(Ok(mut reply))) => {
                    self.page = std::mem::take(O::items(&mut reply.value)).into_iter();
                    self.used = 0;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<O> Stream for Items<O>
where
    O: Paged + Send + Sync + 'static,
    O::Output: Send,
{
    type Item = Result<O::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
    }
}

impl<O: Paged + fmt::Debug> fmt::Debug for Items<O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Items");
        debug.field("pages", &self.pages).field("used", &self.used);
        debug.finish_non_exhaustive()
    }
}
