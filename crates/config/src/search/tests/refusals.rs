//! The tables of searches that end in an error: what is missing in which place, what is wrong in which variable or line.

use super::mixes::TWO_PROFILES;
use super::{Variables, given_nothing, hides_keys, run};
use crate::environment::HOME;

/// Profiles with keys, and with half a pair, but no default one.
const NO_DEFAULT: &str = "\
[work]
ncloud_access_key_id = ncp_ak_TEST2
ncloud_secret_access_key = ncp_sk_TEST2
[half]
ncloud_access_key_id = ncp_ak_TEST2
ncloud_secret_access_key =
";

/// Variables, file, and a part of the message; nobody meant there to be keys.
const NOTHING: &[(Variables, Option<&str>, &str)] = &[
    (
        &[],
        None,
        "environment: neither NCLOUD_ACCESS_KEY_ID nor NCLOUD_ACCESS_KEY is set; /home/x/.ncloud/configure: does not \
         exist; set NCLOUD_ACCESS_KEY_ID and",
    ),
    (
        &[],
        Some(""),
        "; /home/x/.ncloud/configure: has no profile DEFAULT; set",
    ),
    (
        &[],
        Some(NO_DEFAULT),
        "; /home/x/.ncloud/configure: has no profile DEFAULT (choose another with NCLOUD_PROFILE; profiles there: \
         half, work); set",
    ),
    (
        &[],
        Some("access = ncp_ak_TEST"),
        ": profile DEFAULT has neither ncloud_access_key_id nor ncloud_secret_access_key; set",
    ),
    (&[(HOME, "")], None, "; configure file: no home directory, "),
];

/// The same where half a pair shows that somebody meant to give keys.
const HALF: &[(Variables, Option<&str>, &str)] = &[
    (
        &[("NCLOUD_ACCESS_KEY", "ncp_ak_TEST1")],
        None,
        "environment: NCLOUD_ACCESS_KEY is set, but no secret key: neither NCLOUD_SECRET_ACCESS_KEY nor \
         NCLOUD_SECRET_KEY is set; /home/x/.ncloud/configure: does not exist; ",
    ),
    (
        &[
            ("NCLOUD_SECRET_KEY", "ncp_sk_TEST1"),
            ("NCLOUD_ACCESS_KEY_ID", " "),
        ],
        None,
        "environment: NCLOUD_SECRET_KEY is set, but no access key: neither NCLOUD_ACCESS_KEY_ID nor \
         NCLOUD_ACCESS_KEY has a value (NCLOUD_ACCESS_KEY_ID is there, but empty); /home/x",
    ),
    (
        &[("NCLOUD_ACCESS_KEY", "ncp_ak_TEST1")],
        Some(NO_DEFAULT),
        "NCLOUD_SECRET_KEY is set; /home/x/.ncloud/configure: has no profile DEFAULT (",
    ),
    (
        &[("NCLOUD_SECRET_KEY", "ncp_sk_TEST1"), (HOME, "")],
        None,
        "nor NCLOUD_ACCESS_KEY is set; configure file: no home directory, ",
    ),
    (
        &[("NCLOUD_PROFILE", "half")],
        Some(NO_DEFAULT),
        "; /home/x/.ncloud/configure: profile half has ncloud_access_key_id, but no ncloud_secret_access_key (choose \
         another with NCLOUD_PROFILE; profiles there: half, work); set",
    ),
    (
        &[],
        Some("ncloud_secret_access_key = ncp_sk_TEST"),
        ": profile DEFAULT has ncloud_secret_access_key, but no ncloud_access_key_id; set",
    ),
];

#[test]
fn what_has_nothing_says_why_for_every_place() {
    let nothing = NOTHING.iter().map(|row| (row, true));
    for ((variables, file, words), not_found) in nothing.chain(HALF.iter().map(|row| (row, false))) {
        let error = run(given_nothing(), variables, file.map(str::as_bytes)).unwrap_err();
        let text = error.to_string().replace('\\', "/");
        assert_eq!(error.is_not_found(), not_found, "{text}");
        assert_eq!(error.field(), "credentials");
        assert!(
            text.starts_with("credentials were not found: environment: "),
            "{text}"
        );
        assert!(text.contains(words) && !text.contains('\n'), "{text}");
        hides_keys(&error);
    }
}

/// Variables, the field that is named, and a part of the message.
const WRONG_VARIABLES: &[(Variables, &str, &str)] = &[
    (
        &[("NCLOUD_ACCESS_KEY_ID", "ncp ak")],
        "NCLOUD_ACCESS_KEY_ID",
        "cannot be used: access key has a character at position 4",
    ),
    (
        &[("NCLOUD_SECRET_KEY", "ncp_sk_TEST\n1")],
        "NCLOUD_SECRET_KEY",
        "control character",
    ),
    (
        &[
            ("NCLOUD_ACCESS_KEY", "ncp_ak_TEST1"),
            ("NCLOUD_SECRET_ACCESS_KEY", "ncp_sk_\0TEST"),
        ],
        "NCLOUD_SECRET_ACCESS_KEY",
        "control character",
    ),
    (
        &[("NCLOUD_SITE", "moon")],
        "NCLOUD_SITE",
        "allowed: public, gov, fin",
    ),
    (
        &[("NCLOUD_API_GW", "http://10.0.0.1")],
        "NCLOUD_API_GW",
        "(http on this machine only)",
    ),
    (
        &[("NCLOUD_API_GW", "gateway.example")],
        "NCLOUD_API_GW",
        "expected a form such as https://ncloud.apigw.ntruss.com",
    ),
    (
        &[("NCLOUD_API_GW", "https://user:ncp_sk_TEST@gateway.example")],
        "NCLOUD_API_GW",
        "without user name, query and fragment",
    ),
    (&[("NCLOUD_REGION", "K R")], "NCLOUD_REGION", "such as KR"),
    (
        &[("NCLOUD_PROFILE", "test")],
        "NCLOUD_PROFILE",
        "names a profile that is not in /home/x/.ncloud/configure; profiles there: DEFAULT, work",
    ),
    (
        &[("NCLOUD_PROFILE", "Work")],
        "NCLOUD_PROFILE",
        "profiles there: DEFAULT, work",
    ),
];

#[test]
fn a_variable_that_is_wrong_is_named() {
    for (variables, field, words) in WRONG_VARIABLES {
        refuses(variables, TWO_PROFILES.as_bytes(), field, words);
    }
}

#[test]
fn a_secret_in_the_wrong_variable_is_not_repeated() {
    for (variable, words) in [
        ("NCLOUD_SITE", "allowed: public, gov, fin"),
        ("NCLOUD_API_GW", "expected a form such as https://"),
        ("NCLOUD_REGION", "expected a code such as KR"),
        ("NCLOUD_PROFILE", "profiles there: DEFAULT, work"),
    ] {
        for secret in ["ncp_sk_TEST/1+=", "http://ncp_sk_TEST", "ncp_sk_TEST 1"] {
            refuses(&[(variable, secret)], TWO_PROFILES.as_bytes(), variable, words);
        }
    }
    let error = run(given_nothing(), &[("NCLOUD_PROFILE", "ncp_sk_TEST")], None).unwrap_err();
    hides_keys(&error);
}

/// File, the field that is named, and a part of the message.
const WRONG_FILES: &[(&[u8], &str, &str)] = &[
    (
        b"[DEFAULT]\nncp_sk_TESTSECRETKEY",
        "configure file",
        "/home/x/.ncloud/configure, line 2: there is no `=`",
    ),
    (b"[DEFAULT\n", "configure file", "line 1: the `[` is not closed"),
    (
        b"[work]\nx\n[DEFAULT]\n",
        "configure file",
        "line 2: there is no `=`",
    ),
    (
        b"\n\nncp_sk_TEST = \xff",
        "configure file",
        "line 3: there is a byte that is not UTF-8",
    ),
    (
        b"ncloud_secret_access_key = ncp_sk_TEST1\n[DEFAULT]\nncloud_secret_access_key = ncp_sk_TEST2",
        "configure file",
        "line 3: ncloud_secret_access_key was already given in line 1",
    ),
    (
        b"[a]\nx = y\n[DEFAULT]\nncloud_secret_access_key = ncp_sk_\x01TEST",
        "ncloud_secret_access_key",
        "line 4, cannot be used: secret key has a control character",
    ),
    (
        b"ncloud_access_key_id = ncp_ak_TEST ncp_sk_TEST",
        "ncloud_access_key_id",
        "line 1, cannot be used: access key has a character at position 12",
    ),
    (
        b"ncloud_access_key_id = ncp_ak_TEST\nncloud_secret_access_key = x\nncloud_api_url = ncp_sk_TEST",
        "ncloud_api_url",
        "line 3, is not the address of a gateway",
    ),
    (
        b"ncloud_access_key_id = ncp_ak_TEST\n ncloud_secret_access_key = \"ncp_sk_TEST\" \r\n",
        "ncloud_secret_access_key",
        "/home/x/.ncloud/configure, line 2, is in double quotes; remove them",
    ),
    (
        b"ncloud_access_key_id = \"\"",
        "ncloud_access_key_id",
        "line 1, is in double quotes",
    ),
    (
        b"ncloud_access_key_id = ncp_ak_TEST\nncloud_secret_access_key = x\nncloud_api_url = \"https://ncp_sk_TEST\"",
        "ncloud_api_url",
        "line 3, is in double quotes",
    ),
];

#[test]
fn a_line_that_is_wrong_is_named_and_not_repeated() {
    for (file, field, words) in WRONG_FILES {
        refuses(&[], file, field, words);
    }
}

fn refuses(variables: &[(&str, &str)], file: &[u8], field: &str, words: &str) {
    let error = run(given_nothing(), variables, Some(file)).unwrap_err();
    let text = error.to_string().replace('\\', "/");
    assert_eq!(error.field(), field, "{text}");
    assert!(text.contains(words), "{text}");
    assert!(!error.is_not_found() && !text.contains('\n'), "{text}");
    hides_keys(&error);
}
