//! Searches for a certain profile or file that is not there: never a reason to go on to another account's keys.

use super::mixes::TWO_PROFILES;
use super::{
    Environment, Error, Given, Path, Settings, Variables, given_nothing, given_profile, io, run, search,
    shown,
};
use crate::environment::HOME;

/// Neither key.
const NO_KEYS: &str = "[DEFAULT]\nx = y\n[work]\nx = y\n";

const NO_HOME: Variables = &[(HOME, "")];
const WORK: Variables = &[("NCLOUD_PROFILE", "work")];
const WORK_WITHOUT_HOME: Variables = &[("NCLOUD_PROFILE", "work"), (HOME, "")];

fn given_file(path: &str) -> Given {
    Given {
        file: Some(path.into()),
        ..Given::default()
    }
}

/// Searches with a file at `/mine`, or without any file.
fn run_with_file(given: Given, variables: &[(&str, &str)], file: Option<&str>) -> Result<Settings, Error> {
    search(
        given,
        &Environment::from_variables(variables.iter().copied()),
        |path| {
            assert_eq!(path, Path::new("/mine"));
            file.map(|text| text.as_bytes().to_vec())
                .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
        },
    )
}

fn is_definite(error: &Error, words: &str) {
    let text = error.to_string().replace('\\', "/");
    assert!(!error.is_not_found(), "{text}");
    assert!(text.contains(words), "{text}");
}

#[test]
fn a_profile_that_is_not_there_is_a_mistake() {
    for (given, variables, file, words) in [
        (
            Some("work"),
            &[][..],
            None,
            "/home/x/.ncloud/configure: does not exist, though the profile \"work\" was asked for in code; ",
        ),
        (
            Some("DEFAULT"),
            &[],
            None,
            "though the profile \"DEFAULT\" was asked for",
        ),
        (Some("work"), NO_HOME, None, "configure file: no home directory, "),
        (
            None,
            WORK,
            None,
            "environment: neither NCLOUD_ACCESS_KEY_ID nor NCLOUD_ACCESS_KEY is set; /home/x/.ncloud/configure: does \
             not exist, though NCLOUD_PROFILE asks for a profile of it; ",
        ),
        (
            None,
            WORK_WITHOUT_HOME,
            None,
            " is not set, though NCLOUD_PROFILE asks",
        ),
        (Some("work"), &[], Some(NO_KEYS), "profile work has neither"),
        (None, WORK, Some(NO_KEYS), "profile work has neither"),
        (
            Some("default"),
            &[],
            Some("[work]"),
            "profile \"DEFAULT\", which is not in",
        ),
    ] {
        let given = given.map_or_else(given_nothing, given_profile);
        is_definite(
            &run(given, variables, file.map(str::as_bytes)).unwrap_err(),
            words,
        );
    }
    let error = run(given_nothing(), &[], Some(NO_KEYS.as_bytes())).unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_a_mistake() {
    for (file, words) in [
        (
            None,
            "NCLOUD_ACCESS_KEY is set; /mine: does not exist, though it was asked for in code; ",
        ),
        (Some(""), "/mine: has no profile DEFAULT; "),
        (Some(NO_KEYS), "/mine: profile DEFAULT has neither"),
    ] {
        is_definite(&run_with_file(given_file("/mine"), &[], file).unwrap_err(), words);
    }
    let given = Given {
        profile: Some("work".to_owned()),
        ..given_file("/mine")
    };
    is_definite(
        &run_with_file(given, &[], None).unwrap_err(),
        "/mine: does not exist, though the profile \"work\" was asked for",
    );
}

#[test]
fn a_file_without_a_path_is_a_mistake() {
    let error = run_with_file(given_file(""), &[], None).unwrap_err();
    assert_eq!(error.field(), "configure file");
    is_definite(&error, "was given without a path; name a file");
    let error = ncloud_core::Error::from(error);
    assert_eq!(error.kind(), ncloud_core::ErrorKind::Build);
}

#[test]
fn keys_in_the_environment_need_no_file() {
    let variables = [
        ("NCLOUD_ACCESS_KEY", "ncp_ak_TEST1"),
        ("NCLOUD_SECRET_KEY", "ncp_sk_TEST1"),
        ("NCLOUD_PROFILE", "work"),
    ];
    let settings = run_with_file(given_file("/mine"), &variables, None).unwrap();
    assert_eq!(shown(&settings), "1 environment public -");
    let settings = run_with_file(given_file("/mine"), WORK, Some(TWO_PROFILES)).unwrap();
    assert_eq!(shown(&settings), "2 work gov -");
}
