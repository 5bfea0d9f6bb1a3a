//! The server role as the last place: when it is taken, when not, and from where its keys will come.

use super::{Given, Source, Variables, given_nothing, given_profile, run};

const NO_KEYS: &str = "[DEFAULT]\nncloud_api_url = https://ncloud.apigw.gov-ntruss.com\n";
const KEYS: &str =
    "[DEFAULT]\nncloud_access_key_id = ncp_ak_TEST1\nncloud_secret_access_key = ncp_sk_TEST1\n";

/// Where the keys come from: the source, and for a role the metadata service.
fn found(given: Given, variables: &[(&str, &str)], file: Option<&str>) -> String {
    match run(given, variables, file.map(str::as_bytes)) {
        Err(error) => format!("error: {}", error.field()),
        Ok(settings) => match settings.source() {
            Source::ServerRole => {
                assert!(settings.credentials().is_none());
                let session = settings.session();
                format!("role of {}", session.role().unwrap().endpoint())
            }
            Source::Environment => "environment".to_owned(),
            Source::File { .. } => "file".to_owned(),
            Source::Explicit => "explicit".to_owned(),
        },
    }
}

#[test]
fn the_role_is_taken_where_no_place_has_keys_and_none_was_meant_to() {
    const DEFAULT: &str = "role of http://169.254.169.254";
    let mixes: [(Variables, Option<&str>, &str); 13] = [
        (&[], None, DEFAULT),
        (&[], Some(""), DEFAULT),
        (&[], Some(NO_KEYS), DEFAULT),
        (&[], Some(KEYS), "file"),
        (
            &[("NCLOUD_ACCESS_KEY", ""), ("NCLOUD_SECRET_KEY", " ")],
            None,
            DEFAULT,
        ),
        (
            &[("NCLOUD_ACCESS_KEY", "ncp_ak_TEST1")],
            None,
            "error: credentials",
        ),
        (
            &[("NCLOUD_SECRET_KEY", "ncp_sk_TEST1")],
            None,
            "error: credentials",
        ),
        (&[("NCLOUD_SECRET_KEY", "ncp_sk_TEST1")], Some(KEYS), "file"),
        (
            &[
                ("NCLOUD_ACCESS_KEY", "ncp_ak_TEST1"),
                ("NCLOUD_SECRET_KEY", "ncp_sk_TEST1"),
            ],
            None,
            "environment",
        ),
        (&[("NCLOUD_PROFILE", "work")], None, "error: credentials"),
        (&[("NCLOUD_PROFILE", "work")], Some(KEYS), "error: NCLOUD_PROFILE"),
        (
            &[("NCLOUD_METADATA_ENDPOINT", "http://127.0.0.1:9")],
            None,
            "role of http://127.0.0.1:9",
        ),
        (
            &[
                ("NCLOUD_METADATA_ENDPOINT", "http://127.0.0.1:9"),
                ("NCLOUD_METADATA_API_ENDPOINT", "http://10.0.0.1/proxy/"),
            ],
            None,
            "role of http://10.0.0.1/proxy",
        ),
    ];
    for (variables, file, expected) in mixes {
        assert_eq!(
            found(Given::default(), variables, file),
            expected,
            "{variables:?} {file:?}"
        );
    }
    assert_eq!(found(given_profile("work"), &[], None), "error: credentials");
    assert_eq!(found(given_nothing(), &[], None), "error: credentials");
}

#[test]
fn an_address_of_the_metadata_service_is_judged_only_where_it_counts() {
    let wrong = [("NCLOUD_METADATA_ENDPOINT", "169.254.169.254")];
    assert_eq!(
        found(Given::default(), &wrong, None),
        "error: NCLOUD_METADATA_ENDPOINT"
    );
    assert_eq!(found(Given::default(), &wrong, Some(KEYS)), "file");
    let error = run(
        Given::default(),
        &[("NCLOUD_METADATA_API_ENDPOINT", "ncp_sk_TEST")],
        None,
    )
    .unwrap_err();
    assert!(!error.is_not_found());
    super::hides_keys(&error);
}

#[test]
fn the_role_knows_where_else_was_looked() {
    let settings = run(Given::default(), &[], Some(NO_KEYS.as_bytes())).unwrap();
    let call = ncloud_core::Raw::new(ncloud_core::http::Method::GET, "/vserver/v2/getRegionList");
    let now = std::time::SystemTime::UNIX_EPOCH;
    let error = settings.session().raw(&call, now).unwrap_err();
    assert_eq!(error.kind(), ncloud_core::ErrorKind::Credentials);
    let text = error.to_string();
    for words in [
        "environment: neither",
        "configure: ",
        "server role: ",
        "set NCLOUD_ACCESS_KEY_ID",
    ] {
        assert!(text.contains(words), "{text}");
    }
}
