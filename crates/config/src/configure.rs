//! The configure file as a place to find credentials in: one profile of it, and what to say if that has none.

use std::io;
use std::path::{Path, PathBuf};

use ncloud_core::{AccessKey, Credentials, Endpoint, SecretKey};

use crate::environment::{self, Environment};
use crate::error::Error;
use crate::profiles::{self, Profile, Profiles, Value};
use crate::search::{Found, Place};
use crate::settings::Source;

/// What an error names that concerns the file as a whole.
const FIELD: &str = "configure file";

/// The profile to use, and the setting that asked for it.
pub(crate) struct Wanted {
    field: &'static str,
    profile: String,
}

impl Wanted {
    /// The caller's profile, else the environment's, else the default one.
    pub(crate) fn new(given: Option<&str>, environment: &Environment) -> Result<Self, Error> {
        let (field, profile) = match given {
            Some(given) if given.trim().is_empty() => {
                return Err(Error::wrong(
                    "profile",
                    "was given without a name; name a section of the configure file or give none",
                ));
            }
            Some(given) => ("profile", given.trim()),
            None => {
                let named = environment.text(environment::PROFILE)?;
                (environment::PROFILE, named.unwrap_or(profiles::DEFAULT))
            }
        };
        Ok(Self {
            field,
            profile: profiles::canonical(profile).to_owned(),
        })
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
    let content = match read(&path) {
        Ok(content) => content,
        // `HOME=/dev/null` is how some service accounts say that they have none.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Err(format!("{shown}: does not exist")));
        }
        Err(error) => {
            let problem = format!(
                "{shown} cannot be read: {error}; make it a text file that this user may read, or give the keys in \
                 another way"
            );
            return Err(Error::wrong_because(FIELD, &problem, error));
        }
    };
    let profiles = Profiles::parse(&content).map_err(|malformed| {
        let problem = format!("{shown}, line {}: {}", malformed.line, malformed.problem);
        Error::wrong(FIELD, &problem)
    })?;
    let Some(profile) = profiles.get(&wanted.profile) else {
        return absent(wanted, &shown, &profiles);
    };
    let credentials = match credentials(profile, &shown)? {
        Ok(credentials) => credentials,
        Err(reason) => {
            let name = profiles::shortened(&wanted.profile);
            return Ok(Err(format!(
                "{shown}: profile {name} {reason}{}",
                others(wanted, &profiles)
            )));
        }
    };
    let endpoint = if wants_endpoint {
        endpoint(profile, &shown)?
    } else {
        None
    };
    Ok(Ok(Found {
        credentials,
        source: Source::File {
            path,
            profile: wanted.profile.clone(),
        },
        endpoint,
    }))
}

/// A named profile that is not there is a mistake; a file without the default one merely has nothing for us.
fn absent(wanted: &Wanted, shown: &str, profiles: &Profiles<'_>) -> Result<Place, Error> {
    if wanted.profile == profiles::DEFAULT {
        return Ok(Err(format!(
            "{shown}: has no profile {}{}",
            profiles::DEFAULT,
            others(wanted, profiles)
        )));
    }
    let problem = format!(
        "names the profile {:?}, which is not in {shown}; profiles there: {}",
        profiles::shortened(&wanted.profile),
        profiles.names()
    );
    Err(Error::wrong(wanted.field, &problem))
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
fn credentials(profile: &Profile<'_>, shown: &str) -> Result<Result<Credentials, String>, Error> {
    let refuse = |field: &'static str, value: Value<'_>, error: ncloud_core::Error| {
        let problem = format!("in {shown}, line {}, cannot be used: {error}", value.line);
        Error::wrong_because(field, &problem, error)
    };
    let access_key = profile
        .get(profiles::ACCESS_KEY)
        .map(|value| AccessKey::new(value.text).map_err(|error| refuse(profiles::ACCESS_KEY, value, error)))
        .transpose()?;
    let secret_key = profile
        .get(profiles::SECRET_KEY)
        .map(|value| SecretKey::new(value.text).map_err(|error| refuse(profiles::SECRET_KEY, value, error)))
        .transpose()?;
    Ok(match (access_key, secret_key) {
        (Some(access_key), Some(secret_key)) => Ok(Credentials::from_keys(access_key, secret_key)),
        (Some(_), None) => Err(format!(
            "has {}, but no {}",
            profiles::ACCESS_KEY,
            profiles::SECRET_KEY
        )),
        (None, Some(_)) => Err(format!(
            "has {}, but no {}",
            profiles::SECRET_KEY,
            profiles::ACCESS_KEY
        )),
        (None, None) => Err(format!(
            "has neither {} nor {}",
            profiles::ACCESS_KEY,
            profiles::SECRET_KEY
        )),
    })
}

/// The profile's gateway.
fn endpoint(profile: &Profile<'_>, shown: &str) -> Result<Option<Endpoint>, Error> {
    let Some(value) = profile.get(profiles::API_URL) else {
        return Ok(None);
    };
    // Core's own words would repeat the value, which may be a key in the wrong line.
    Endpoint::new(value.text).map(Some).map_err(|_| {
        let problem = format!(
            "in {shown}, line {}, is not the address of a gateway; expected a form such as \
             https://ncloud.apigw.ntruss.com, without user name, query and fragment (http on this machine only)",
            value.line
        );
        Error::wrong(profiles::API_URL, &problem)
    })
}
