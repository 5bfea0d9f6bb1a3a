//! The search itself: which place counts before which, over values that were handed in.

use std::io;
use std::path::{Path, PathBuf};

use ncloud_core::{AccessKey, Credentials, Endpoint, SecretKey, ServerRole, Session, Site};

use crate::configure::{self, NO_GATEWAY, Wanted};
use crate::environment::{self, Environment};
use crate::error::{ADVICE, Error};
use crate::settings::{Settings, Source};

// Core's own words, here and for the gateway, would repeat the value, which may be a key in the wrong variable.
const NO_SITE: &str = "does not name a site; allowed: public, gov, fin";
const NO_METADATA: &str =
    "is not the address of a metadata service; expected a form such as http://169.254.169.254";
const NO_REGION: &str = "is not a region code; expected a code such as KR, of letters, digits, `-` and `_`";

/// What the caller fixed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) credentials: Option<Credentials>,
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) region: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) file: Option<PathBuf>,
    pub(crate) without_server_role: bool,
}

/// Keys, where they came from, and the gateway that their profile names.
pub(crate) struct Found {
    pub(crate) keys: Keys,
    pub(crate) source: Source,
    pub(crate) endpoint: Option<Endpoint>,
}

/// What signs requests.
pub(crate) enum Keys {
    Pair(Credentials),
    Role(ServerRole),
}

/// Why a place has no key pair.
pub(crate) struct Nothing {
    /// For the list in the final error.
    pub(crate) reason: String,
    /// Whether somebody meant there to be one, so that going on to another account's keys would be wrong.
    pub(crate) meant: bool,
}

/// Either a find or the reason why a place has none.
pub(crate) type Place = Result<Found, Nothing>;

/// Finds settings, opening the configure file by `read` if the search gets to it.
pub(crate) fn search(
    given: Given,
    environment: &Environment,
    read: impl FnOnce(&Path) -> io::Result<Vec<u8>>,
) -> Result<Settings, Error> {
    let region = given.region.clone();
    let endpoint = match &given.endpoint {
        Some(endpoint) => Some(endpoint.clone()),
        None => endpoint_from_environment(environment)?,
    };
    let found = if let Some(credentials) = given.credentials.clone() {
        Found {
            keys: Keys::Pair(credentials),
            source: Source::Explicit,
            endpoint: None,
        }
    } else {
        // The profile's own gateway is judged only if none goes before it.
        let wants_endpoint = endpoint.is_none();
        find_keys(given, environment, wants_endpoint, read)?
    };
    let endpoint = endpoint.or(found.endpoint).unwrap_or_default();
    let (session, credentials) = match found.keys {
        Keys::Pair(credentials) => {
            let session = Session::new(&credentials, endpoint);
            let session = session.map_err(|error| Error::unusable("credentials", error))?;
            (session, Some(credentials))
        }
        Keys::Role(role) => (Session::from_role(&role, endpoint), None),
    };
    let (session, region) = match find_region(region, environment)? {
        Some((field, region)) => {
            let session = session.with_region(region.as_str());
            (session.map_err(|_| Error::wrong(field, NO_REGION))?, Some(region))
        }
        None => (session, None),
    };
    Ok(Settings {
        credentials,
        region,
        source: found.source,
        session,
    })
}

fn endpoint_from_environment(environment: &Environment) -> Result<Option<Endpoint>, Error> {
    if let Some(url) = environment.text(environment::GATEWAY)? {
        let endpoint = Endpoint::new(url).map_err(|_| Error::wrong(environment::GATEWAY, NO_GATEWAY))?;
        return Ok(Some(endpoint));
    }
    let Some(site) = environment.text(environment::SITE)? else {
        return Ok(None);
    };
    let site = site.parse::<Site>();
    let site = site.map_err(|_| Error::wrong(environment::SITE, NO_SITE))?;
    Ok(Some(site.into()))
}

/// The region code, with the name of the setting that an error has to name.
fn find_region(
    given: Option<String>,
    environment: &Environment,
) -> Result<Option<(&'static str, String)>, Error> {
    if let Some(region) = given {
        return Ok(Some(("region", region)));
    }
    let region = environment.text(environment::REGION)?;
    Ok(region.map(|region| (environment::REGION, region.to_owned())))
}

/// Place after place; the reasons of those that have nothing end up in the error.
fn find_keys(
    given: Given,
    environment: &Environment,
    wants_endpoint: bool,
    read: impl FnOnce(&Path) -> io::Result<Vec<u8>>,
) -> Result<Found, Error> {
    let profile = given.profile.as_deref();
    let in_environment = if profile.is_some() {
        // Keys in the environment belong to no profile; the caller asked for a certain account.
        Err(Nothing {
            reason: "not searched for keys, because a profile was asked for in code".to_owned(),
            meant: false,
        })
    } else {
        find_in_environment(environment)?
    };
    let first = match in_environment {
        Ok(found) => return Ok(found),
        Err(nothing) => nothing,
    };
    let wanted = Wanted::new(profile, given.file.is_some(), environment)?;
    let second = match given.file.or_else(|| default_file(environment)) {
        Some(path) => match configure::find(&wanted, path, wants_endpoint, read)? {
            Ok(found) => return Ok(found),
            Err(nothing) => nothing,
        },
        None => wanted.missing(&format!(
            "configure file: no home directory, {} is not set",
            environment::HOME
        )),
    };
    let places = [format!("environment: {}", first.reason), second.reason];
    let meant = first.meant || second.meant;
    // Where somebody meant there to be keys, those of the server's role would be another account's.
    if meant || given.without_server_role {
        return Err(Error::no_credentials(&places, meant));
    }
    Ok(Found {
        keys: Keys::Role(server_role(environment, &places)?),
        source: Source::ServerRole,
        endpoint: None,
    })
}

/// The role of this server, which nothing is asked of yet.
fn server_role(environment: &Environment, places: &[String]) -> Result<ServerRole, Error> {
    let role = match environment.first_text(environment::METADATA)? {
        Some((name, url)) => {
            let endpoint = Endpoint::new_plain_http(url);
            ServerRole::at(endpoint.map_err(|_| Error::wrong(name, NO_METADATA))?)
        }
        None => ServerRole::new(),
    };
    Ok(role.after_other_places(places.join("; "), ADVICE))
}

/// `~/.ncloud/configure`; `None` if there is no home directory to look in.
fn default_file(environment: &Environment) -> Option<PathBuf> {
    let home = environment.raw(environment::HOME)?;
    Some(Path::new(home).join(".ncloud").join("configure"))
}

fn find_in_environment(environment: &Environment) -> Result<Place, Error> {
    let access = environment.first_text(environment::ACCESS_KEY)?;
    let secret = environment.first_text(environment::SECRET_KEY)?;
    // Both are judged before one is missed: a broken key is an error, whether or not the other half is there.
    let access_key = access
        .map(|(name, text)| AccessKey::new(text).map_err(|error| Error::unusable(name, error)))
        .transpose()?;
    let secret_key = secret
        .map(|(name, text)| SecretKey::new(text).map_err(|error| Error::unusable(name, error)))
        .transpose()?;
    if let (Some(access_key), Some(secret_key)) = (access_key, secret_key) {
        return Ok(Ok(Found {
            keys: Keys::Pair(Credentials::from_keys(access_key, secret_key)),
            source: Source::Environment,
            endpoint: None,
        }));
    }
    let missing = |[long, short]: [&'static str; 2]| {
        let empty = environment.empty_ones([long, short]).join(" and ");
        if empty.is_empty() {
            format!("neither {long} nor {short} is set")
        } else {
            format!("neither {long} nor {short} has a value ({empty} is there, but empty)")
        }
    };
    let reason = match (access, secret) {
        (Some((name, _)), _) => format!(
            "{name} is set, but no secret key: {}",
            missing(environment::SECRET_KEY)
        ),
        (_, Some((name, _))) => format!(
            "{name} is set, but no access key: {}",
            missing(environment::ACCESS_KEY)
        ),
        (None, None) => missing(environment::ACCESS_KEY),
    };
    Ok(Err(Nothing {
        reason,
        meant: access.is_some() || secret.is_some(),
    }))
}

#[cfg(test)]
mod tests;
