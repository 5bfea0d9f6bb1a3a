//! Bad input: refused before anything is sent, by an error that names the field as the wire has it and what is allowed.

use std::time::{Duration, SystemTime};

use ncloud_api::vserver::{
    CreateMemberServerImageInstance as Create, DeleteMemberServerImageInstances as Delete,
    GetMemberServerImageInstanceDetail as Detail,
};
use ncloud_core::{
    AccessKey, Credentials, DateTime, Endpoint, Error, ErrorKind, SecretKey, Session, Site, Timestamp,
};

use crate::support::{ACCESS_KEY, List, SECRET_KEY, credentials, now, session};

/// Checks what every error about input has in common, and the words that it must have.
fn check(error: &Error, field: &str, words: &[&str]) {
    assert_eq!(error.kind(), ErrorKind::Build, "{error:?}");
    assert_eq!(error.field(), Some(field), "{error}");
    assert!(!error.may_have_been_sent());
    assert_eq!(error.status(), None);
    assert_eq!(error.body(), None);
    assert_eq!(error.code(), None);
    let line = error.to_string();
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(line.contains(field), "{line}");
    for word in words {
        assert!(line.contains(word), "{word:?} is missing in: {line}");
    }
}

#[test]
fn what_a_change_needs_is_there_and_of_the_right_length() {
    let session = session();
    let create = |server: &str| Create::new(server);
    let long = "가".repeat(334);
    for (operation, field, words) in [
        (create(""), "serverInstanceNo", &["empty", "required"][..]),
        (
            create("1").member_server_image_name("ab"),
            "memberServerImageName",
            &["2 characters", "3 to 30"],
        ),
        (
            create("1").member_server_image_name("a".repeat(31)),
            "memberServerImageName",
            &["31 characters", "3 to 30"],
        ),
        (
            create("1").member_server_image_description(long),
            "memberServerImageDescription",
            &["1002 bytes", "0 to 1000"],
        ),
    ] {
        check(&session.request(&operation, now()).unwrap_err(), field, words);
    }
    let none: [&str; 0] = [];
    let error = session.request(&Delete::new(none), now()).unwrap_err();
    check(&error, "memberServerImageInstanceNoList", &["at least one"]);
    let error = session.request(&Delete::new(["1", ""]), now()).unwrap_err();
    check(&error, "memberServerImageInstanceNoList.2", &["empty"]);
    let error = session.request(&Detail::new(""), now()).unwrap_err();
    check(&error, "memberServerImageInstanceNo", &["empty", "required"]);
}

#[test]
fn a_parameter_out_of_its_range_is_refused_with_its_range() {
    for (list, field, words) in [
        (List::new().page_no(1), "pageSize", &["pageNo", "1 to 1000"][..]),
        (List::new().page_no(0), "pageSize", &["pageNo", "1 to 1000"]),
        (List::new().page_size(0), "pageSize", &["is 0", "1 to 1000"]),
        (List::new().page_size(1001), "pageSize", &["is 1001", "1 to 1000"]),
        (List::new().page_size(-1), "pageSize", &["is -1", "1 to 1000"]),
        (
            List::new().page_size(i32::MIN),
            "pageSize",
            &["-2147483648", "1 to 1000"],
        ),
        (
            List::new().page_no(1).page_size(1001),
            "pageSize",
            &["is 1001", "1 to 1000"],
        ),
        (
            List::new().page_no(-1).page_size(10),
            "pageNo",
            &["is -1", "0 to"],
        ),
        (List::new().page_no(-1), "pageNo", &["is -1", "0 to"]),
        (
            List::new().member_server_image_instance_no_list(["1", ""]),
            "memberServerImageInstanceNoList.2",
            &["empty"],
        ),
        (
            List::new().platform_type_code_list([""]),
            "platformTypeCodeList.1",
            &["empty"],
        ),
    ] {
        let error = session().request(&list, now()).unwrap_err();
        check(&error, field, words);
        assert_eq!(error.operation(), Some("getMemberServerImageInstanceList"));
        assert!(
            error
                .to_string()
                .starts_with("getMemberServerImageInstanceList: "),
            "{error}"
        );
    }
}

#[test]
fn a_parameter_at_the_edge_of_its_range_is_accepted() {
    for list in [
        List::new(),
        List::new().page_size(1),
        List::new().page_size(1000),
        List::new().page_no(0).page_size(1),
        List::new().page_no(i32::MAX).page_size(1000),
    ] {
        assert!(session().request(&list, now()).is_ok(), "{list:?}");
    }
}

#[test]
fn keys_that_are_empty_or_have_control_characters_are_refused() {
    for (access, word) in [
        ("", "empty"),
        ("a\n", "position 2"),
        ("\ta", "position 1"),
        ("a b", "position 2"),
        ("a\u{0}", "position 2"),
        ("a\u{7f}", "position 2"),
        ("키", "position 1"),
        ("a\u{200b}", "position 2"),
    ] {
        check(&AccessKey::new(access).unwrap_err(), "access key", &[word]);
        check(
            &Credentials::new(access, SECRET_KEY).unwrap_err(),
            "access key",
            &[word],
        );
    }
    for (secret, word) in [
        ("", "empty"),
        ("a\n", "control"),
        ("a\r\nb", "control"),
        ("\u{0}", "control"),
        ("a\u{85}", "control"),
        (" a", "white space"),
        ("a ", "white space"),
        ("a\u{a0}", "white space"),
    ] {
        check(&SecretKey::new(secret).unwrap_err(), "secret key", &[word]);
        check(
            &Credentials::new(ACCESS_KEY, secret).unwrap_err(),
            "secret key",
            &[word],
        );
    }
}

#[test]
fn a_base_url_that_cannot_be_one_is_refused() {
    for (url, word) in [
        ("", "absolute"),
        ("ncloud.apigw.ntruss.com", "host"),
        ("https://", ""),
        ("https:///vserver", ""),
        ("/vserver/v2", "host"),
        ("https://host.example?a=1", "query"),
        ("https://host.example/base?", "query"),
        ("https://host.example/#a", "fragment"),
        ("https://user:word@host.example", "user name"),
        ("https://host.example/a b", "white space"),
        ("https://host.example/\u{0}", ""),
        ("ftp://host.example", "http"),
        ("file:///etc/passwd", ""),
        ("https://host.example:0", "port"),
        ("https://host.example:65536", ""),
        ("https://host.example:https", ""),
        ("http://host.example", "https"),
        ("http://192.0.2.1", "https"),
        ("http://[2001:db8::1]", "https"),
        ("http://127.0.0.1.example", "https"),
    ] {
        check(&Endpoint::new(url).expect_err(url), "base URL", &[word]);
    }
    for url in [
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://localhost",
        "https://host.example",
    ] {
        assert!(Endpoint::new(url).is_ok(), "{url}");
    }
    check(
        &Endpoint::new_plain_http("https://host.example?a").unwrap_err(),
        "base URL",
        &["query"],
    );
}

#[test]
fn a_base_url_that_is_not_ascii_is_refused() {
    for url in [
        "https://호스트.example",
        "https://host.example/경로",
        "http://127.0.0.1:1/é",
    ] {
        check(&Endpoint::new(url).expect_err(url), "base URL", &[]);
    }
}

#[test]
fn a_site_or_region_that_does_not_exist_is_refused() {
    for site in ["", "moon", "public gov", "ncloud"] {
        check(
            &site.parse::<Site>().expect_err(site),
            "site",
            &["public", "gov", "fin"],
        );
    }
    for region in ["", " ", "K R", "KR\n", "KR&a=b", "한국"] {
        check(
            &session().with_region(region).expect_err(region),
            "region",
            &["KR"],
        );
    }
}

#[test]
fn a_user_agent_that_would_break_the_header_is_refused() {
    for (agent, word) in [
        ("", "empty"),
        ("  ", "empty"),
        ("a\nb", "line break"),
        ("a\r\nx-ncp-iam-access-key: b", "line break"),
        ("a\u{0}", "character"),
        ("도구", "character"),
    ] {
        check(
            &session().with_user_agent(agent).expect_err(agent),
            "user agent",
            &[word],
        );
    }
}

#[test]
fn expired_credentials_are_refused_from_the_very_moment_on() {
    let at = |expiry: SystemTime| {
        let session = Session::new(&credentials().with_expiry(expiry), Site::Public).unwrap();
        session.request(&List::new(), now())
    };
    assert!(at(now() + Duration::from_millis(1)).is_ok());
    for expiry in [now(), now() - Duration::from_secs(1), SystemTime::UNIX_EPOCH] {
        check(&at(expiry).unwrap_err(), "credentials", &["expired"]);
    }
    let expired = Session::new(&credentials().with_expiry(now()), Site::Public).unwrap();
    let fresh = expired.with_credentials(&credentials()).unwrap();
    assert!(fresh.request(&List::new(), now()).is_ok());
}

#[test]
fn a_clock_before_1970_is_refused() {
    let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1);
    check(
        &session().request(&List::new(), before).unwrap_err(),
        "timestamp",
        &["1970", "clock"],
    );
    check(
        &Timestamp::from_system_time(before).unwrap_err(),
        "timestamp",
        &["1970"],
    );
    let request = session().request(&List::new(), SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(request.headers()["x-ncp-apigw-timestamp"], "0");
}

#[test]
fn a_part_of_a_millisecond_is_cut_and_not_rounded() {
    let late = now() + Duration::from_nanos(999_999);
    let request = session().request(&List::new(), late).unwrap();
    assert_eq!(request.headers()["x-ncp-apigw-timestamp"], "1750903747000");
    let stamp = Timestamp::from_system_time(late).unwrap();
    assert_eq!(
        (stamp.as_millis(), stamp.to_string()),
        (1_750_903_747_000, "1750903747000".to_owned())
    );
}

#[test]
fn a_date_that_is_none_is_refused_with_the_form_expected() {
    for text in [
        "",
        "now",
        "2025-06-26",
        "2025-06-26T11:09:07",
        "2025-02-29T00:00:00Z",
        "99999999999999999999",
    ] {
        let error = text.parse::<DateTime>().expect_err(text);
        assert!(error.to_string().contains("2025-06-26T11:09:07+0900"), "{error}");
    }
}
