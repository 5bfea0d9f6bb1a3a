//! The `date` header: a moment in the one form that HTTP prescribes.

use std::time::SystemTime;

use http::HeaderValue;

const DAY: i64 = 86_400;
/// First and last second that a year of four digits can name.
const WRITABLE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Writes a moment as `Thu, 26 Jun 2025 02:09:07 GMT`; moments outside of the years 1 to 9999 become the nearest inside.
pub(crate) fn http_date(moment: SystemTime) -> HeaderValue {
    let seconds = unix_seconds(moment).clamp(*WRITABLE.start(), *WRITABLE.end());
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    let text = format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        name(&WEEKDAYS, days.rem_euclid(7)),
        name(&MONTHS, month),
        second / 3600,
        second / 60 % 60,
        second % 60,
    );
    // Letters, digits and punctuation always fit into a header.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"))
}

/// Whole seconds since 1970, rounded down, so that one of them lasts a second before 1970 too.
fn unix_seconds(moment: SystemTime) -> i64 {
    match moment.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(error) => {
            let before = error.duration();
            let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            whole
                .saturating_add(i64::from(before.subsec_nanos() > 0))
                .saturating_neg()
        }
    }
}

/// Year, month (from 0) and day (from 1) of a day since 1970, in the Gregorian calendar.
///
/// Counts in eras of 400 years whose years begin in March, so that the leap day is the last of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let since_march_0000 = days + 719_468;
    let era = since_march_0000.div_euclid(146_097);
    let day_of_era = since_march_0000.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    let year = year_of_era + era * 400 + i64::from(month < 2);
    (year, month, day)
}

fn name(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index).copied())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn dates_are_written_as_other_programs_write_them() {
        // Right-hand sides: GNU date -u -R.
        for (seconds, expected) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_750_903_747, "Thu, 26 Jun 2025 02:09:07 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (253_402_300_800, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(http_date(moment), expected, "{seconds}");
        }
    }

    #[test]
    fn moments_before_1970_are_rounded_down() {
        for (millis, expected) in [
            (1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (1000, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (1001, "Wed, 31 Dec 1969 23:59:58 GMT"),
            (315_619_200_000, "Fri, 01 Jan 1960 00:00:00 GMT"),
        ] {
            let moment = SystemTime::UNIX_EPOCH - Duration::from_millis(millis);
            assert_eq!(http_date(moment), expected, "{millis}");
        }
    }
}
