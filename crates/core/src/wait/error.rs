//! The error of a wait: failed, gone, too late, or a call that went wrong; with what was seen last.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::Error;
use crate::limits::Span;
use crate::reply::Reply;

/// Why a wait did not end well, with the last answer.
///
/// With `?` it becomes an [`Error`]: that of the call, or one of kind [`Wait`](crate::ErrorKind::Wait).
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitError<T> {
    /// It came to a state from which it will never come to the one that was waited for.
    Failed {
        /// The operation that looked.
        operation: &'static str,
        /// The answer that shows it.
        last: Box<Reply<T>>,
    },
    /// It is not there any more, or was not there in the first place.
    Gone {
        /// The operation that looked.
        operation: &'static str,
        /// The last answer that showed it; if none did, the one that says that it is not there.
        last: Option<Box<Reply<T>>>,
    },
    /// The deadline came first.
    TimedOut {
        /// The operation that looked.
        operation: &'static str,
        /// The last answer that showed it.
        last: Option<Box<Reply<T>>>,
        /// How many looks there were.
        looks: u32,
        /// How long was waited.
        after: Duration,
        /// What went wrong with the last look, if something did.
        source: Option<Error>,
    },
    /// A look failed for a reason that does not pass.
    Call(Error),
}

impl<T> WaitError<T> {
    /// The last answer, if there was one.
    #[must_use]
    pub fn last(&self) -> Option<&Reply<T>> {
        match self {
            Self::Failed { last, .. } => Some(last),
            Self::Gone { last, .. } | Self::TimedOut { last, .. } => last.as_deref(),
            Self::Call(_) => None,
        }
    }
}

impl<T> fmt::Display for WaitError<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { operation, .. }
            | Self::Gone { operation, .. }
            | Self::TimedOut { operation, .. } => {
                write!(formatter, "{operation}: {}", self.problem())
            }
            Self::Call(error) => error.fmt(formatter),
        }
    }
}

impl<T> WaitError<T> {
    fn problem(&self) -> String {
        match self {
            Self::Failed { .. } => "what was waited for has failed".to_owned(),
            Self::Gone { .. } => "what was waited for is not there".to_owned(),
            Self::TimedOut {
                looks, after, source, ..
            } => {
                let looks = match looks {
                    1 => "one look".to_owned(),
                    looks => format!("{looks} looks"),
                };
                let because = source
                    .as_ref()
                    .map_or_else(String::new, |error| format!("; the last one failed: {error}"));
                format!("not yet after {} and {looks}{because}", Span(*after))
            }
            Self::Call(error) => error.to_string(),
        }
    }
}

impl<T: fmt::Debug> StdError for WaitError<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::TimedOut { source, .. } => source.as_ref().map(|error| error as _),
            Self::Call(error) => error.source(),
            Self::Failed { .. } | Self::Gone { .. } => None,
        }
    }
}

impl<T> From<WaitError<T>> for Error {
    fn from(error: WaitError<T>) -> Self {
        let problem = error.problem();
        match error {
            WaitError::Call(error) => error,
            WaitError::Failed { operation, .. } | WaitError::Gone { operation, .. } => {
                Self::wait(operation, problem)
            }
            WaitError::TimedOut {
                operation, source, ..
            } => match source {
                Some(source) => Self::wait(operation, problem).with_source(source),
                None => Self::wait(operation, problem),
            },
        }
    }
}
