//! The configure file as a place to find credentials in: one profile of it, and what to say if that has none.

use std::io;
use std::path::{Path, PathBuf};

use ncloud_core::{AccessKey, Credentials, Endpoint, SecretKey};

use crate::environment::{self, Environment};
use crate::error::Error;
use crate::profiles::{self, Profile, Profiles, Value};
use crate::search::{Found, Keys, Nothing, Place};
use crate::settings::Source;

/// What an error names that concerns the file as a whole.
const FIELD: &str = "configure file";
/// What an error names if the caller's profile is at fault.
const GIVEN_PROFILE: &str = "profile";
/// What is said of a gateway in place of core's words, which repeat its address.
pub(crate) const NO_GATEWAY: &str = "is not the address of a gateway; expected a form such as \
     https://ncloud.apigw.ntruss.com, without user name, query and fragment (http on this machine only)";

/// The profile to use, and who asked for it and for the file.
pub(crate) struct Wanted {
    profile: String,
    /// The setting that names the profile; `None` if nobody did.
    named_by: Option<&'static str>,
    /// Whether the caller named the file.
    file_given: bool,
}

impl Wanted {
    /// The caller's profile, else the environment's, else the default one.
    pub(crate) fn new(
        given: Option<&str>,
        file_given: bool,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let (named_by, profile) = match given {
            Some(given) if given.trim().is_empty() => {
                return Err(Error::wrong(
                    GIVEN_PROFILE,
                    "was given without a name; name a section of the configure file or give none",
                ));
            }
            Some(given) => (Some(GIVEN_PROFILE), given.trim()),
            None => match environment.text(environment::PROFILE)? {
                Some(named) => (Some(environment::PROFILE), named),
                None => (None, profiles::DEFAULT),
            },
        };
        Ok(Self {
            profile: profiles::canonical(profile).to_owned(),
            named_by,
            file_given,
        })
    }

    /// A place without anything: a mistake if somebody asked for this very profile or file, else merely a reason.
    pub(crate) fn missing(&self, place: &str) -> Nothing {
        let asked = match self.named_by {
            Some(GIVEN_PROFILE) => format!(
                ", though the profile {:?} was asked for in code",
                profiles::shortened(&self.profile)
            ),
            // Its value may be a key in the wrong variable.
            Some(variable) => format!(", though {variable} asks for a profile of it"),
            None if self.file_given => ", though it was asked for in code".to_owned(),
            None => String::new(),
        };
        self.nothing(format!("{place}{asked}"), false)
    }

    /// `half` is whether there is one key of the two.
    fn nothing(&self, reason: String, half: bool) -> Nothing {
        Nothing {
            reason,
            meant: half || self.file_given || self.named_by.is_some(),
        }
    }
}

/// Looks for the wanted profile's key pair and, on wish, its gateway.
pub(crate) fn find(
    wanted: &Wanted,
    path: PathBuf,
    wants_endpoint: bool,
    read: impl FnOnce(&Path) -> io::Result<Vec<u8>>,
) -> Result<Place, Error> {
    let shown = path.display().to_string();
    let Some(content) = content(&path, &shown, read)? else {
        return Ok(Err(wanted.missing(&format!("{shown}: does not exist"))));
    };
    let profiles = Profiles::parse(&content).map_err(|malformed| {
        let problem = format!("{shown}, line {}: {}", malformed.line, malformed.problem);
        Error::wrong(FIELD, &problem)
    })?;
    let Some(profile) = profiles.get(&wanted.profile) else {
        return absent(wanted, &shown, &profiles).map(Err);
    };
    let credentials = match credentials(profile, &shown)? {
        Ok(credentials) => credentials,
        Err(lack) => {
            let name = profiles::shortened(&wanted.profile);
            let others = others(wanted, &profiles);
            let reason = format!("{shown}: profile {name} {}{others}", lack.reason);
            return Ok(Err(wanted.nothing(reason, lack.meant)));
        }
    };
    let endpoint = if wants_endpoint {
        endpoint(profile, &shown)?
    } else {
        None
    };
    Ok(Ok(Found {
        keys: Keys::Pair(credentials),
        source: Source::File {
            path,
            profile: wanted.profile.clone(),
        },
        endpoint,
    }))
}

/// The content of the file; `None` if there is no such file.
fn content(
    path: &Path,
    shown: &str,
    read: impl FnOnce(&Path) -> io::Result<Vec<u8>>,
) -> Result<Option<Vec<u8>>, Error> {
    if path.as_os_str().is_empty() {
        return Err(Error::wrong(
            FIELD,
            "was given without a path; name a file, or give none for ~/.ncloud/configure",
        ));
    }
    match read(path) {
        Ok(content) => Ok(Some(content)),
        // `HOME=/dev/null` is how some service accounts say that they have none.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => {
            let problem = format!(
                "{shown} cannot be read: {error}; make it a text file that this user may read, or give the keys in \
                 another way"
            );
            Err(Error::wrong_because(FIELD, &problem, error))
        }
    }
}

/// A named profile that is not there is a mistake; a file without the default one has nothing for us.
fn absent(wanted: &Wanted, shown: &str, profiles: &Profiles<'_>) -> Result<Nothing, Error> {
    let Some(field) = wanted.named_by else {
        let others = others(wanted, profiles);
        let reason = format!("{shown}: has no profile {}{others}", profiles::DEFAULT);
        return Ok(wanted.nothing(reason, false));
    };
    // What the environment holds may be a key in the wrong variable.
    let named = if field == GIVEN_PROFILE {
        format!(
            "names the profile {:?}, which",
            profiles::shortened(&wanted.profile)
        )
    } else {
        "names a profile that".to_owned()
    };
    let problem = format!("{named} is not in {shown}; profiles there: {}", profiles.names());
    Err(Error::wrong(field, &problem))
}

/// A hint for whoever has keys under another name.
fn others(wanted: &Wanted, profiles: &Profiles<'_>) -> String {
    if profiles.has_others_than(&wanted.profile) {
        format!(
            " (choose another with {}; profiles there: {})",
            environment::PROFILE,
            profiles.names()
        )
    } else {
        String::new()
    }
}

/// The profile's key pair, or what it lacks.
fn credentials(profile: &Profile<'_>, shown: &str) -> Result<Result<Credentials, Nothing>, Error> {
    let refuse = |field: &'static str, value: Value<'_>, error: ncloud_core::Error| {
        let problem = format!("in {shown}, line {}, cannot be used: {error}", value.line);
        Error::wrong_because(field, &problem, error)
    };
    let access_key = unquoted(profile, profiles::ACCESS_KEY, shown)?
        .map(|value| AccessKey::new(value.text).map_err(|error| refuse(profiles::ACCESS_KEY, value, error)))
        .transpose()?;
    let secret_key = unquoted(profile, profiles::SECRET_KEY, shown)?
        .map(|value| SecretKey::new(value.text).map_err(|error| refuse(profiles::SECRET_KEY, value, error)))
        .transpose()?;
    let half = |has, lacks| Nothing {
        reason: format!("has {has}, but no {lacks}"),
        meant: true,
    };
    Ok(match (access_key, secret_key) {
        (Some(access_key), Some(secret_key)) => Ok(Credentials::from_keys(access_key, secret_key)),
        (Some(_), None) => Err(half(profiles::ACCESS_KEY, profiles::SECRET_KEY)),
        (None, Some(_)) => Err(half(profiles::SECRET_KEY, profiles::ACCESS_KEY)),
        (None, None) => Err(Nothing {
            reason: format!(
                "has neither {} nor {}",
                profiles::ACCESS_KEY,
                profiles::SECRET_KEY
            ),
            meant: false,
        }),
    })
}

/// The value of a key, which must not be in quotes: they would count as a part of it, and the gateway would only say 401.
fn unquoted<'a>(profile: &Profile<'a>, key: &'static str, shown: &str) -> Result<Option<Value<'a>>, Error> {
    let value = profile.get(key);
    match value {
        Some(Value { line, text }) if text.starts_with('"') && text.ends_with('"') => {
            let problem = format!("in {shown}, line {line}, is in double quotes; remove them");
            Err(Error::wrong(key, &problem))
        }
        _ => Ok(value),
    }
}

/// The profile's gateway.
fn endpoint(profile: &Profile<'_>, shown: &str) -> Result<Option<Endpoint>, Error> {
    let Some(value) = unquoted(profile, profiles::API_URL, shown)? else {
        return Ok(None);
    };
    // Core's own words would repeat the value, which may be a key in the wrong line.
    Endpoint::new(value.text).map(Some).map_err(|_| {
        let problem = format!("in {shown}, line {}, {NO_GATEWAY}", value.line);
        Error::wrong(profiles::API_URL, &problem)
    })
}
