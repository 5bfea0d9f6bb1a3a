//! The tables of mixes of environment and file: whose keys, from which place, for which gateway and region.

use super::{Variables, given_nothing, run, shown};

/// Variables, file, and what [`shown`] says of the outcome.
type Mix = (Variables, Option<&'static str>, &'static str);

/// Two accounts, the first without a section, as the readmes of other SDKs show it.
pub(super) const TWO_PROFILES: &str = "\
ncloud_access_key_id = ncp_ak_TEST1
ncloud_secret_access_key = ncp_sk_TEST1

[work]
ncloud_access_key_id = ncp_ak_TEST2
ncloud_secret_access_key = ncp_sk_TEST=2==
ncloud_api_url = https://ncloud.apigw.gov-ntruss.com
";

/// What editors on Windows write.
const WINDOWS: &str = "\u{feff}[DEFAULT]\r\nncloud_access_key_id = ncp_ak_TEST1\r\n\
    ncloud_secret_access_key = ncp_sk_TEST1\r\nncloud_api_url = https://fin-ncloud.apigw.fin-ntruss.com\r\n";

const UNUSABLE_URL: &str =
    "ncloud_access_key_id=ncp_ak_TEST1\nncloud_secret_access_key=ncp_sk_TEST1\nncloud_api_url=nonsense";

const LONG_NAMES: Variables = &[
    ("NCLOUD_ACCESS_KEY_ID", "ncp_ak_TEST1"),
    ("NCLOUD_SECRET_ACCESS_KEY", "ncp_sk_TEST1"),
];
const SHORT_NAMES: Variables = &[
    ("NCLOUD_ACCESS_KEY", "ncp_ak_TEST2"),
    ("NCLOUD_SECRET_KEY", "ncp_sk_TEST=2=="),
];
const MIXED_NAMES: Variables = &[
    ("NCLOUD_ACCESS_KEY_ID", "ncp_ak_TEST2"),
    ("NCLOUD_SECRET_KEY", "ncp_sk_TEST=2=="),
];
const ALL_NAMES: Variables = &[
    ("NCLOUD_ACCESS_KEY", "ncp_ak_TEST2"),
    ("NCLOUD_SECRET_KEY", "ncp_sk_TEST=2=="),
    ("NCLOUD_ACCESS_KEY_ID", "ncp_ak_TEST1"),
    ("NCLOUD_SECRET_ACCESS_KEY", "ncp_sk_TEST1"),
];
const LONG_NAMES_EMPTY: Variables = &[
    ("NCLOUD_ACCESS_KEY", "ncp_ak_TEST2"),
    ("NCLOUD_SECRET_KEY", "ncp_sk_TEST=2=="),
    ("NCLOUD_ACCESS_KEY_ID", ""),
    ("NCLOUD_SECRET_ACCESS_KEY", "  "),
];
const STRAY_SPACE: Variables = &[
    ("NCLOUD_ACCESS_KEY", " ncp_ak_TEST1\n"),
    ("NCLOUD_SECRET_KEY", "\tncp_sk_TEST1\r\n"),
    ("NCLOUD_REGION", " KR "),
    ("NCLOUD_SITE", " GOV "),
];
const KEYS_AND_PROFILE: Variables = &[
    ("NCLOUD_ACCESS_KEY_ID", "ncp_ak_TEST1"),
    ("NCLOUD_SECRET_KEY", "ncp_sk_TEST1"),
    ("NCLOUD_PROFILE", "work"),
];
const HALF_AND_REGION: Variables = &[("NCLOUD_ACCESS_KEY", "ncp_ak_TEST2"), ("NCLOUD_REGION", "SGN")];
const OTHER_HALF: Variables = &[
    ("NCLOUD_SECRET_ACCESS_KEY", "ncp_sk_TEST=2=="),
    ("NCLOUD_ACCESS_KEY", ""),
];
const GATEWAY_AND_SITE: Variables = &[
    ("NCLOUD_PROFILE", "work"),
    ("NCLOUD_SITE", "fin"),
    ("NCLOUD_API_GW", "http://127.0.0.1:1/"),
];
const GATEWAY_EMPTY: Variables = &[
    ("NCLOUD_PROFILE", "work"),
    ("NCLOUD_SITE", "fin"),
    ("NCLOUD_API_GW", ""),
];
const WORK_AND_SITE: Variables = &[("NCLOUD_PROFILE", "work"), ("NCLOUD_SITE", "public")];

const MIXES: &[Mix] = &[
    // The environment, under every pair of names; long ones go first, empty ones count as absent, each for itself.
    (LONG_NAMES, None, "1 environment public -"),
    (SHORT_NAMES, None, "2 environment public -"),
    (MIXED_NAMES, None, "2 environment public -"),
    (ALL_NAMES, None, "1 environment public -"),
    (LONG_NAMES_EMPTY, None, "2 environment public -"),
    (STRAY_SPACE, None, "1 environment gov KR"),
    // The environment before the file, whatever the file holds and whichever profile the environment names.
    (SHORT_NAMES, Some(""), "2 environment public -"),
    (SHORT_NAMES, Some("malformed"), "2 environment public -"),
    (KEYS_AND_PROFILE, Some(TWO_PROFILES), "1 environment public -"),
    // The file: the default profile is the first account, not the last pair in the file.
    (&[], Some(TWO_PROFILES), "1 DEFAULT public -"),
    (&[], Some(WINDOWS), "1 DEFAULT fin -"),
    (
        &[("NCLOUD_PROFILE", "DEFAULT")],
        Some(TWO_PROFILES),
        "1 DEFAULT public -",
    ),
    (
        &[("NCLOUD_PROFILE", "default")],
        Some(TWO_PROFILES),
        "1 DEFAULT public -",
    ),
    (
        &[("NCLOUD_PROFILE", " ")],
        Some(TWO_PROFILES),
        "1 DEFAULT public -",
    ),
    (
        &[("NCLOUD_PROFILE", " work ")],
        Some(TWO_PROFILES),
        "2 work gov -",
    ),
    // Half a pair in the environment is passed over, never completed from the file.
    (HALF_AND_REGION, Some(TWO_PROFILES), "1 DEFAULT public SGN"),
    (OTHER_HALF, Some(TWO_PROFILES), "1 DEFAULT public -"),
    // The gateway: address, site, profile, public. One that does not come into play is not judged.
    (
        GATEWAY_AND_SITE,
        Some(TWO_PROFILES),
        "2 work http://127.0.0.1:1 -",
    ),
    (GATEWAY_EMPTY, Some(TWO_PROFILES), "2 work fin -"),
    (WORK_AND_SITE, Some(TWO_PROFILES), "2 work public -"),
    (&[("NCLOUD_SITE", "gov")], Some(UNUSABLE_URL), "1 DEFAULT gov -"),
    // The file's gateway belongs to the file's keys.
    (LONG_NAMES, Some(WINDOWS), "1 environment public -"),
];

#[test]
fn every_mix_of_environment_and_file_has_one_outcome() {
    for (variables, file, expected) in MIXES {
        let settings = run(given_nothing(), variables, file.map(str::as_bytes)).unwrap();
        assert_eq!(shown(&settings), *expected, "{variables:?} {file:?}");
    }
}
