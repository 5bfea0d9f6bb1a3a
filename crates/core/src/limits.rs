//! Limits of a call: how long its parts may take and how large its answer may be. Core measures nothing; adapters keep them.

use std::fmt;
use std::time::Duration;

use crate::error::Error;

/// What counts as no limit: longer times would not fit into every clock.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// How far a call may go, the same for every adapter.
///
/// ```
/// use std::time::Duration;
/// use ncloud_core::Limits;
///
/// let limits = Limits::default().with_attempt_timeout(Duration::from_secs(5))?;
/// assert_eq!(limits.attempt_timeout(), Duration::from_secs(5));
/// // Connecting is a part of an attempt.
/// assert_eq!(limits.connect_timeout(), Duration::from_secs(5));
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    connect: Duration,
    attempt: Duration,
    call: Duration,
    body: u64,
}

impl Default for Limits {
    /// 10 seconds to connect, 30 for an attempt, 100 for a call, 32 MiB for a body.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(30),
            call: Duration::from_secs(100),
            body: 32 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// The same with another time for getting a connection: look-up, TCP and TLS together.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for zero.
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        self.connect = usable("connect timeout", timeout)?;
        Ok(self)
    }

    /// The same with another time for one attempt, from connecting to the last byte of the answer.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for zero.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        self.attempt = usable("attempt timeout", timeout)?;
        Ok(self)
    }

    /// The same with another time for a call as a whole.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for zero.
    pub fn with_call_timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        self.call = usable("call timeout", timeout)?;
        Ok(self)
    }

    /// The same with another size for the body of an answer, in bytes.
    #[must_use]
    pub fn with_body_limit(mut self, bytes: u64) -> Self {
        self.body = bytes;
        self
    }

    /// How long connecting may take; never longer than an attempt.
    #[must_use]
    pub fn connect_timeout(&self) -> Duration {
        self.connect.min(self.attempt_timeout())
    }

    /// How long one attempt may take; never longer than the call.
    #[must_use]
    pub fn attempt_timeout(&self) -> Duration {
        self.attempt.min(self.call)
    }

    /// How long a call may take as a whole.
    #[must_use]
    pub fn call_timeout(&self) -> Duration {
        self.call
    }

    /// How large the body of an answer may be, in bytes.
    #[must_use]
    pub fn body_limit(&self) -> u64 {
        self.body
    }
}

fn usable(field: &'static str, timeout: Duration) -> Result<Duration, Error> {
    if timeout.is_zero() {
        return Err(Error::build(
            field,
            "is zero, so no call could succeed; allowed: any longer time",
        ));
    }
    Ok(timeout.min(LONGEST))
}

/// A time as messages show it: `30 s`, `250 ms`.
#[derive(Clone, Copy, Debug)]
pub struct Span(pub Duration);

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A measured rest of 199.9 ms is what people know as 200.
        let millis = self.0.saturating_add(Duration::from_micros(500)).as_millis();
        if millis.is_multiple_of(1000) {
            write!(formatter, "{} s", millis / 1000)
        } else {
            write!(formatter, "{millis} ms")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_bounded_on_both_sides() {
        let limits = Limits::default()
            .with_connect_timeout(Duration::MAX)
            .and_then(|limits| limits.with_attempt_timeout(Duration::MAX))
            .and_then(|limits| limits.with_call_timeout(Duration::MAX))
            .unwrap();
        assert_eq!(limits.connect_timeout(), LONGEST);
        assert_eq!(limits.attempt_timeout(), LONGEST);
        let error = limits.with_attempt_timeout(Duration::ZERO).unwrap_err();
        assert_eq!(error.field(), Some("attempt timeout"));
    }

    #[test]
    fn the_smaller_limit_holds() {
        let limits = Limits::default()
            .with_call_timeout(Duration::from_secs(3))
            .unwrap();
        assert_eq!(limits.attempt_timeout(), Duration::from_secs(3));
        assert_eq!(limits.connect_timeout(), Duration::from_secs(3));
    }

    #[test]
    fn times_read_well() {
        assert_eq!(Span(Duration::from_secs(30)).to_string(), "30 s");
        assert_eq!(Span(Duration::from_millis(250)).to_string(), "250 ms");
        assert_eq!(Span(Duration::from_micros(199_940)).to_string(), "200 ms");
    }
}
