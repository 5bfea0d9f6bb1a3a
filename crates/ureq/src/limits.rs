//! Limits of a call: how long its parts may take and how large its answer may be.

use std::fmt;
use std::time::Duration;

use ncloud_core::Error;

/// What counts as no limit: longer times would not fit into the clock.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connect: Duration,
    pub(crate) attempt: Duration,
    pub(crate) call: Duration,
    /// In bytes.
    pub(crate) body: u64,
}

impl Default for Limits {
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
    /// The same, known to be usable.
    pub(crate) fn checked(mut self) -> Result<Self, Error> {
        let times = [
            ("connect timeout", &mut self.connect),
            ("attempt timeout", &mut self.attempt),
            ("call timeout", &mut self.call),
        ];
        for (field, time) in times {
            if time.is_zero() {
                return Err(Error::build(
                    field,
                    "is zero, so no call could succeed; allowed: any longer time",
                ));
            }
            *time = (*time).min(LONGEST);
        }
        Ok(self)
    }

    /// How long one attempt may take, connecting and reading the answer included.
    pub(crate) fn attempt(&self) -> Duration {
        self.attempt.min(self.call)
    }

    /// How long connecting may take.
    pub(crate) fn connect(&self) -> Duration {
        self.connect.min(self.attempt())
    }
}

/// A time as messages show it: `30 s`, `250 ms`.
pub(crate) struct Span(pub(crate) Duration);

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.subsec_nanos() == 0 {
            write!(formatter, "{} s", self.0.as_secs())
        } else {
            write!(formatter, "{} ms", self.0.as_secs_f64() * 1000.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_bounded_on_both_sides() {
        let endless = Limits {
            connect: Duration::MAX,
            attempt: Duration::MAX,
            call: Duration::MAX,
            body: u64::MAX,
        };
        let checked = endless.checked().unwrap();
        assert_eq!(checked.connect(), LONGEST);
        assert_eq!(checked.attempt(), LONGEST);

        let none = Limits {
            attempt: Duration::ZERO,
            ..Limits::default()
        };
        assert_eq!(none.checked().unwrap_err().field(), Some("attempt timeout"));
    }

    #[test]
    fn the_smaller_limit_holds() {
        let limits = Limits {
            call: Duration::from_secs(3),
            ..Limits::default()
        };
        assert_eq!(limits.attempt(), Duration::from_secs(3));
        assert_eq!(limits.connect(), Duration::from_secs(3));
    }

    #[test]
    fn times_read_well() {
        assert_eq!(Span(Duration::from_secs(30)).to_string(), "30 s");
        assert_eq!(Span(Duration::from_millis(250)).to_string(), "250 ms");
        assert_eq!(Span(Duration::from_micros(1500)).to_string(), "1.5 ms");
    }
}
