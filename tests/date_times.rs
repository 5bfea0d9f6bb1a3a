//! Dates: every spelling of a moment, the order of moments, and the edges of the calendar.

use std::time::{Duration, SystemTime};

use ncloud_core::DateTime;

fn date(text: &str) -> DateTime {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_platforms_spelling_comes_back_as_it_was() {
    for text in [
        "2025-06-26T11:09:07+0900",
        "2024-02-29T23:59:59+0000",
        "1969-12-31T23:59:59-1130",
        "9999-12-31T23:59:59+0900",
        "0001-01-01T00:00:00+0000",
    ] {
        assert_eq!(date(text).to_string(), text);
    }
}

#[test]
fn other_spellings_of_a_moment_are_understood() {
    let moment = date("2025-06-26T11:09:07+0900");
    for text in [
        "2025-06-26T11:09:07+09:00",
        "2025-06-26T11:09:07+09",
        "2025-06-26t11:09:07.999+0900",
        " 2025-06-26 11:09:07,5+0900\n",
    ] {
        assert_eq!(date(text), moment, "{text}");
    }
    for text in [
        "2025-06-26T02:09:07Z",
        "2025-06-26T02:09:07z",
        "2025-06-25T15:09:07-1100",
    ] {
        assert_eq!(date(text).unix_seconds(), moment.unix_seconds(), "{text}");
    }
}

#[test]
fn moments_are_ordered_by_time_and_not_by_text() {
    let earlier = date("2025-06-26T11:00:00+0900");
    let later = date("2025-06-26T03:00:00+0000");
    assert!(earlier < later);
    assert!(date("1969-12-31T23:59:59Z") < date("1970-01-01T00:00:00Z"));
}

#[test]
fn a_moment_goes_to_the_standard_library_and_back() {
    // The last one is the last second of the year 9999 in Korea.
    for seconds in [0, 1, 1_750_903_747, 253_402_300_799 - 9 * 3600] {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let date = DateTime::from_system_time(moment).unwrap();
        assert_eq!(date.to_system_time(), moment);
        let korean = date.with_offset_seconds(9 * 3600);
        assert_eq!(korean.to_system_time(), moment);
        assert_eq!(korean.offset_seconds(), 9 * 3600);
    }
    let before = SystemTime::UNIX_EPOCH - Duration::from_secs(86_400);
    let date = DateTime::from_system_time(before).unwrap();
    assert_eq!(date.to_string(), "1969-12-31T00:00:00+0000");
    assert_eq!(date.to_system_time(), before);
}

#[test]
fn parts_of_a_second_before_1970_belong_to_the_second_that_they_lie_in() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_millis(500);
    let date = DateTime::from_system_time(before).unwrap();
    assert_eq!(date.to_string(), "1969-12-31T23:59:59+0000");
}

#[test]
fn a_moment_beyond_the_calendar_is_none() {
    let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
    assert_eq!(DateTime::from_system_time(far), None);
}
