//! Dates as the platform writes them: local time with an offset, to the second.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, civil};

use crate::shape::{Element, ReadError, Scalar, Sink, Value};

/// A moment and the offset it was written with, such as `2025-06-26T11:09:07+0900`.
///
/// Two values are equal when they name the same moment with the same offset; they are ordered by the moment.
///
/// ```
/// use ncloud_core::DateTime;
///
/// let created: DateTime = "2025-06-26T11:09:07+0900".parse()?;
/// assert_eq!(created.unix_seconds(), 1_750_903_747);
/// assert_eq!(created.offset_seconds(), 9 * 3600);
/// assert_eq!(created.to_string(), "2025-06-26T11:09:07+0900");
/// assert_eq!("2025-06-26T02:09:07Z".parse::<DateTime>()?.unix_seconds(), created.unix_seconds());
/// # Ok::<(), ncloud_core::ReadError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    // The moment, in seconds since 1970, stands first, so that it decides the order. The date library's own type for a moment
    // ends a day before the year 9999 does, whose last second is how the platform may say "never".
    seconds: i64,
    offset: i32,
}

/// Where seconds are counted from.
const EPOCH: civil::DateTime = civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl DateTime {
    /// The moment in UTC, down to the second; `None` if it lies outside the years 0 to 9999.
    #[must_use]
    pub fn from_system_time(moment: SystemTime) -> Option<Self> {
        let seconds = match moment.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).ok()?,
            Err(before) => {
                let before = before.duration();
                // Parts of a second belong to the second that they lie in.
                let whole = before
                    .as_secs()
                    .checked_add(u64::from(before.subsec_nanos() > 0))?;
                i64::try_from(whole).ok()?.checked_neg()?
            }
        };
        civil(seconds, 0).map(|_| Self { seconds, offset: 0 })
    }

    /// The same moment, written with another offset, in seconds east of UTC. An offset that cannot be written (of a day or more,
    /// or with parts of a minute), or one that leaves the years 0 to 9999, changes nothing.
    #[must_use]
    pub fn with_offset_seconds(self, offset: i32) -> Self {
        match civil(self.seconds, offset) {
            Some(_) if offset % 60 == 0 && offset.abs() < 24 * 3600 => Self { offset, ..self },
            _ => self,
        }
    }

    /// Seconds since 1970, negative before.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Seconds that the written time is ahead of UTC: 32400 for Korea.
    #[must_use]
    pub fn offset_seconds(self) -> i32 {
        self.offset
    }

    /// The moment as the standard library has it; moments beyond its range become the epoch.
    #[must_use]
    pub fn to_system_time(self) -> SystemTime {
        let distance = Duration::from_secs(self.unix_seconds().unsigned_abs());
        let moment = if self.unix_seconds() < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        moment.unwrap_or(SystemTime::UNIX_EPOCH)
    }
}

/// The time that a clock with this offset shows; `None` outside the years 0 to 9999, which is what can be written.
fn civil(seconds: i64, offset: i32) -> Option<civil::DateTime> {
    let shown = seconds.checked_add(i64::from(offset))?;
    EPOCH
        .checked_add(SignedDuration::from_secs(shown))
        .ok()
        .filter(|civil| civil.year() >= 0)
}

impl From<DateTime> for SystemTime {
    fn from(value: DateTime) -> Self {
        value.to_system_time()
    }
}

impl fmt::Display for DateTime {
    /// The platform's own form, without a colon in the offset.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Every value was made from a time that can be shown.
        let civil = civil(self.seconds, self.offset).unwrap_or(EPOCH);
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs() / 60;
        write!(
            formatter,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}{:02}",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute(),
            civil.second(),
            minutes / 60,
            minutes % 60,
        )
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for DateTime {
    type Err = ReadError;

    /// Reads `2025-06-26T11:09:07+0900`, also with a fraction of a second, with `+09:00`, `+09` or `Z`, or with a space
    /// instead of the `T`.
    fn from_str(text: &str) -> Result<Self, ReadError> {
        parse(text.trim().as_bytes()).ok_or_else(|| crate::shape::wrong(EXPECTED, Scalar::Text(text)))
    }
}

const EXPECTED: &str = "a date such as 2025-06-26T11:09:07+0900";

fn parse(text: &[u8]) -> Option<DateTime> {
    let (date, rest) = text.split_at_checked(19)?;
    let separators = [
        date.get(4)?,
        date.get(7)?,
        date.get(10)?,
        date.get(13)?,
        date.get(16)?,
    ];
    if !matches!(separators, [b'-', b'-', b'T' | b't' | b' ', b':', b':']) {
        return None;
    }
    let civil = civil::DateTime::new(
        i16::try_from(digits(date.get(..4)?)?).ok()?,
        i8::try_from(digits(date.get(5..7)?)?).ok()?,
        i8::try_from(digits(date.get(8..10)?)?).ok()?,
        i8::try_from(digits(date.get(11..13)?)?).ok()?,
        i8::try_from(digits(date.get(14..16)?)?).ok()?,
        i8::try_from(digits(date.get(17..19)?)?).ok()?,
        0,
    )
    .ok()?;
    let offset = parse_offset(skip_fraction(rest)?)?;
    let seconds = civil
        .duration_since(EPOCH)
        .as_secs()
        .checked_sub(i64::from(offset))?;
    Some(DateTime { seconds, offset })
}

/// Fractions are read over: the platform's clock ticks in seconds.
fn skip_fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(rest) = text.strip_prefix(b".").or_else(|| text.strip_prefix(b",")) else {
        return Some(text);
    };
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 { None } else { rest.get(length..) }
}

fn parse_offset(text: &[u8]) -> Option<i32> {
    let (sign, rest) = match text {
        b"Z" | b"z" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (rest, &b"00"[..]),
        4 => rest.split_at_checked(2)?,
        5 if rest.get(2) == Some(&b':') => (rest.get(..2)?, rest.get(3..)?),
        _ => return None,
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
    i32::try_from(seconds).ok()?.checked_mul(sign)
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0_u32, |number, byte| {
        let digit = byte
            .is_ascii_digit()
            .then(|| u32::from(byte.wrapping_sub(b'0')))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

impl Element for DateTime {
    fn read(value: &mut dyn Value) -> Result<Option<Self>, ReadError> {
        let mut date = None;
        value.scalar(&mut |scalar| {
            date = match scalar {
                Scalar::Text(text) => match parse(text.as_bytes()) {
                    None if text.trim().is_empty() => None,
                    None => Some(text.parse()?),
                    date => date,
                },
                _ => return Err(crate::shape::wrong(EXPECTED, scalar)),
            };
            Ok(())
        })?;
        Ok(date)
    }

    fn write(&self, name: &str, sink: &mut dyn Sink) {
        sink.scalar(name, Scalar::Text(&self.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_moment_is_read() {
        for text in [
            "2025-06-26T11:09:07+0900",
            " 2025-06-26T11:09:07+09:00 ",
            "2025-06-26 11:09:07.123+09",
            "2025-06-26T02:09:07Z",
            "2025-06-25T21:39:07-0430",
        ] {
            let date: DateTime = text.parse().expect(text);
            assert_eq!(date.unix_seconds(), 1_750_903_747, "{text}");
        }
        assert_eq!(
            "2025-06-25T21:39:07-0430"
                .parse::<DateTime>()
                .unwrap()
                .to_string(),
            "2025-06-25T21:39:07-0430"
        );
        assert_eq!(
            "1960-01-01T00:00:00Z"
                .parse::<DateTime>()
                .unwrap()
                .to_system_time(),
            { SystemTime::UNIX_EPOCH - Duration::from_secs(315_619_200) }
        );
    }

    #[test]
    fn what_is_no_moment_is_refused_with_the_expected_form() {
        for text in [
            "",
            "2025",
            "2025-06-26T11:09:07",
            "2025-06-26T11:09:07.+0900",
            "2025-13-26T11:09:07+0900",
            "2025-02-30T11:09:07+0900",
            "2025-06-26T11:09:07+9900",
            "2025-06-26T11:09:07+0900x",
            "2025/06/26T11:09:07+0900",
            "２０２５-06-26T11:09:07+0900",
        ] {
            let error = text.parse::<DateTime>().expect_err(text);
            assert!(error.to_string().contains("2025-06-26T11:09:07+0900"), "{error}");
        }
    }
}
