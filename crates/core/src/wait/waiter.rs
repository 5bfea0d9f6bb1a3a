//! Waiters: what to look at, and what state it shows.

use crate::operation::Operation;

use super::Polling;

/// What a look shows of something that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It has come to where it was to come.
    Done,
    /// It is on its way.
    Still,
    /// It will never come there.
    Failed,
    /// It is not there: an empty list, say.
    Gone,
}

/// What to look at and how to judge it; data, so that one waiter serves any number of waits.
///
/// The crate `ncloud-api` has them ready-made beside the operations; [`Until`] makes one of a closure.
pub trait Waiter {
    /// The operation that looks.
    type Operation: Operation;

    /// The operation with its parameters.
    fn operation(&self) -> &Self::Operation;

    /// What an answer shows.
    fn judge(&self, output: &<Self::Operation as Operation>::Output) -> State;

    /// Whether [`State::Gone`] is what is waited for. Default: no, it is a failure.
    fn awaits_gone(&self) -> bool {
        false
    }

    /// Return codes by which the service says that it is gone. Default: none.
    fn not_found_codes(&self) -> &[&str] {
        &[]
    }

    /// Intervals and deadline, unless the wait has its own. Default: [`Polling::default`].
    fn polling(&self) -> Polling {
        Polling::default()
    }
}

/// A waiter made of an operation and a closure.
///
/// ```
/// use ncloud_api::vserver::GetMemberServerImageInstanceList;
/// use ncloud_core::{State, Until, Waiter};
///
/// let no_images_left = Until::gone(GetMemberServerImageInstanceList::new(), |output| {
///     if output.member_server_image_instance_list.is_empty() { State::Gone } else { State::Still }
/// });
/// assert_eq!(no_images_left.judge(&Default::default()), State::Gone);
/// ```
#[derive(Clone, Debug)]
pub struct Until<O, J> {
    operation: O,
    judge: J,
    awaits_gone: bool,
    not_found_codes: &'static [&'static str],
    polling: Polling,
}

impl<O: Operation, J: Fn(&O::Output) -> State> Until<O, J> {
    /// Waits until the closure says [`State::Done`]; [`State::Gone`] is a failure.
    #[must_use]
    pub fn new(operation: O, judge: J) -> Self {
        Self {
            operation,
            judge,
            awaits_gone: false,
            not_found_codes: &[],
            polling: Polling::default(),
        }
    }

    /// Waits until the closure says [`State::Gone`], or [`State::Done`].
    #[must_use]
    pub fn gone(operation: O, judge: J) -> Self {
        Self {
            awaits_gone: true,
            ..Self::new(operation, judge)
        }
    }

    /// The same with return codes by which the service says that it is gone.
    #[must_use]
    pub fn with_not_found_codes(mut self, codes: &'static [&'static str]) -> Self {
        self.not_found_codes = codes;
        self
    }

    /// The same with other intervals and another deadline. Default: [`Polling::default`].
    #[must_use]
    pub fn with_polling(mut self, polling: Polling) -> Self {
        self.polling = polling;
        self
    }
}

impl<O: Operation, J: Fn(&O::Output) -> State> Waiter for Until<O, J> {
    type Operation = O;

    fn operation(&self) -> &O {
        &self.operation
    }

    fn judge(&self, output: &O::Output) -> State {
        (self.judge)(output)
    }

    fn awaits_gone(&self) -> bool {
        self.awaits_gone
    }

    fn not_found_codes(&self) -> &[&str] {
        self.not_found_codes
    }

    fn polling(&self) -> Polling {
        self.polling
    }
}
