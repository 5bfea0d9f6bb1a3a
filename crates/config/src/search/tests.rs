//! Tests of the search over values that were handed in; the tables are in the modules below.

mod asked;
mod mixes;
mod refusals;
mod role;

use std::cell::Cell;

use super::*;
use mixes::TWO_PROFILES;

const FIRST: (&str, &str) = ("ncp_ak_TEST1", "ncp_sk_TEST1");
const SECOND: (&str, &str) = ("ncp_ak_TEST2", "ncp_sk_TEST=2==");

type Variables = &'static [(&'static str, &'static str)];

/// Searches with a home directory, unless the variables have another, and maybe a file in it.
fn run(given: Given, variables: &[(&str, &str)], file: Option<&[u8]>) -> Result<Settings, Error> {
    let home = [(environment::HOME, "/home/x")];
    let variables = home.into_iter().chain(variables.iter().copied());
    search(given, &Environment::from_variables(variables), |path| {
        assert_eq!(path, Path::new("/home/x").join(".ncloud").join("configure"));
        file.map(<[u8]>::to_vec)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    })
}

/// Nothing, and no server role either, so that what is missing shows.
fn given_nothing() -> Given {
    Given {
        without_server_role: true,
        ..Given::default()
    }
}

fn given_profile(name: &str) -> Given {
    Given {
        profile: Some(name.to_owned()),
        ..Given::default()
    }
}

/// Whose keys were found, where, and for which gateway and region.
fn shown(settings: &Settings) -> String {
    let credentials = settings.credentials().unwrap();
    let pair = (
        credentials.access_key().as_str(),
        credentials.secret_key().expose(),
    );
    let account = [FIRST, SECOND].iter().position(|known| *known == pair);
    let account = account.map_or("a mix".to_owned(), |index| (index + 1).to_string());
    let source = match settings.source() {
        Source::Explicit => "explicit",
        Source::Environment => "environment",
        Source::File { profile, .. } => profile,
        Source::ServerRole => "role",
    };
    let sites = [Site::Public, Site::Government, Site::Financial];
    let site = sites
        .into_iter()
        .find(|site| *settings.endpoint() == Endpoint::from(*site));
    let endpoint = site.map_or(settings.endpoint().to_string(), |site| site.to_string());
    format!(
        "{account} {source} {endpoint} {}",
        settings.region().unwrap_or("-")
    )
}

/// Neither the error, nor what lies beneath it, nor what it becomes shows a secret.
fn hides_keys(error: &Error) {
    let mut texts = vec![format!("{error} {error:?} {error:#?}")];
    let mut beneath = std::error::Error::source(error);
    while let Some(source) = beneath {
        texts.push(format!("{source} {source:?}"));
        beneath = source.source();
    }
    for text in texts {
        assert!(!text.contains("ncp_sk"), "{text}");
    }
}

#[test]
fn the_caller_wins_over_everything() {
    let variables = [
        ("NCLOUD_ACCESS_KEY_ID", SECOND.0),
        ("NCLOUD_SECRET_ACCESS_KEY", SECOND.1),
        ("NCLOUD_ACCESS_KEY", "not usable"),
        ("NCLOUD_API_GW", "not usable"),
        ("NCLOUD_SITE", "not usable"),
        ("NCLOUD_REGION", "not usable"),
        ("NCLOUD_PROFILE", "not there"),
    ];
    let given = Given {
        credentials: Some(Credentials::new(FIRST.0, FIRST.1).unwrap()),
        endpoint: Some(Site::Financial.into()),
        region: Some("FKR".to_owned()),
        ..given_profile("not there")
    };
    let settings = run(given, &variables, Some(b"malformed")).unwrap();
    assert_eq!(shown(&settings), "1 explicit fin FKR");
    assert_eq!(settings.session().endpoint(), settings.endpoint());
}

#[test]
fn the_callers_profile_wins_over_keys_and_profile_in_the_environment() {
    let variables = [
        ("NCLOUD_ACCESS_KEY", FIRST.0),
        ("NCLOUD_SECRET_KEY", FIRST.1),
        ("NCLOUD_PROFILE", "DEFAULT"),
    ];
    let file = Some(TWO_PROFILES.as_bytes());
    let settings = run(given_profile(" work "), &variables, file).unwrap();
    assert_eq!(shown(&settings), "2 work gov -");

    let error = run(given_profile("play"), &variables, file).unwrap_err();
    assert_eq!((error.field(), error.is_not_found()), ("profile", false));
    let error = run(given_profile(" "), &variables, file).unwrap_err();
    assert_eq!((error.field(), error.is_not_found()), ("profile", false));
    let error = run(given_profile("work"), &variables, None).unwrap_err();
    assert!(!error.is_not_found(), "{error}");
    assert!(
        error.to_string().contains("environment: not searched for keys"),
        "{error}"
    );
}

#[test]
fn a_region_of_the_callers_is_checked() {
    let given = Given {
        credentials: Some(Credentials::new(FIRST.0, FIRST.1).unwrap()),
        region: Some("K R".to_owned()),
        ..given_nothing()
    };
    let error = run(given, &[], None).unwrap_err();
    assert_eq!((error.field(), error.is_not_found()), ("region", false));
    assert!(!error.to_string().contains("K R"), "{error}");
}

#[test]
fn two_accounts_live_side_by_side() {
    let file = Some(TWO_PROFILES.as_bytes());
    let first = run(given_nothing(), &[], file).unwrap();
    let second = run(given_profile("work"), &[], file).unwrap();
    assert_eq!(shown(&first), "1 DEFAULT public -");
    assert_eq!(shown(&second), "2 work gov -");
    assert_eq!(first.session().signer().unwrap().access_key().as_str(), FIRST.0);
    assert_eq!(second.session().signer().unwrap().access_key().as_str(), SECOND.0);
}

#[test]
fn the_file_is_opened_once_and_only_if_it_is_needed() {
    let opened = Cell::new(0);
    let open = |_: &Path| {
        opened.set(opened.get() + 1);
        Ok(TWO_PROFILES.as_bytes().to_vec())
    };
    let keys = [("NCLOUD_ACCESS_KEY", FIRST.0), ("NCLOUD_SECRET_KEY", FIRST.1)];
    search(given_nothing(), &Environment::from_variables(keys), open).unwrap();
    assert_eq!(opened.get(), 0);
    let home = [(environment::HOME, "/home/x")];
    search(given_nothing(), &Environment::from_variables(home), open).unwrap();
    assert_eq!(opened.get(), 1);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_and_one_that_is_not_there_a_reason() {
    for (kind, not_found) in [
        (io::ErrorKind::NotFound, true),
        (io::ErrorKind::NotADirectory, true),
        (io::ErrorKind::PermissionDenied, false),
        (io::ErrorKind::IsADirectory, false),
        (io::ErrorKind::Other, false),
    ] {
        let home = Environment::from_variables([(environment::HOME, "/mine")]);
        let error = search(given_nothing(), &home, |_| Err(io::Error::from(kind))).unwrap_err();
        assert_eq!(error.is_not_found(), not_found, "{error}");
        assert!(error.to_string().contains("/mine"), "{error}");
        assert_eq!(std::error::Error::source(&error).is_none(), not_found);
    }
}

#[test]
fn keys_are_shown_by_nothing() {
    let given = Given {
        credentials: Some(Credentials::new(FIRST.0, FIRST.1).unwrap()),
        ..given_nothing()
    };
    let settings = run(given.clone(), &[], None).unwrap();
    let environment = Environment::from_variables([("NCLOUD_SECRET_KEY", FIRST.1)]);
    let loader = crate::Loader::new().with_environment([("NCLOUD_SECRET_ACCESS_KEY", SECOND.1)]);
    for text in [
        format!("{given:?}"),
        format!("{settings:?}"),
        format!("{:?}", settings.session()),
        format!("{environment:?}"),
        format!("{loader:?}"),
        format!("{loader:#?}"),
    ] {
        assert!(!text.contains("ncp_sk"), "{text}");
    }
}
