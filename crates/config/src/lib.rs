//! Where settings come from: credentials, endpoint and region out of the environment and `~/.ncloud/configure`.
//!
//! The same places in the same order as NAVER's own tools, but with profiles, and with errors in place of silence.
//!
//! * **Credentials**: what the caller gives; else the environment; else the configure file; else the role of the server that this
//!   runs on, whose keys the first call fetches from the metadata service. A key pair comes from one place as a whole. Half a pair
//!   is passed over and reported, and so is a profile or file that was asked for and has no keys: then no role is taken.
//! * **Endpoint**: what the caller gives; else `NCLOUD_API_GW`; else `NCLOUD_SITE` (`public`, `gov`, `fin`); else the
//!   `ncloud_api_url` of the profile that the credentials came from; else the public site.
//! * **Region**: what the caller gives; else `NCLOUD_REGION`; else none, and the platform takes its first region.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `NCLOUD_ACCESS_KEY_ID`, else `NCLOUD_ACCESS_KEY` | access key |
//! | `NCLOUD_SECRET_ACCESS_KEY`, else `NCLOUD_SECRET_KEY` | secret key |
//! | `NCLOUD_API_GW` | gateway at an address of your own |
//! | `NCLOUD_SITE` | `public`, `gov` or `fin` |
//! | `NCLOUD_REGION` | region code, such as `KR` |
//! | `NCLOUD_PROFILE` | section of the configure file, `DEFAULT` without it |
//! | `NCLOUD_METADATA_API_ENDPOINT`, else `NCLOUD_METADATA_ENDPOINT` | metadata service, `http://169.254.169.254` without it |
//! | `HOME` (Windows: `USERPROFILE`) | where `.ncloud/configure` is looked for |
//!
//! Values are trimmed, and an empty one counts as not there. A value that is there but unusable is an error that names
//! its variable, or its file and line; no error ever repeats a key, not even one in the wrong variable.
//!
//! The configure file holds profiles; lines before the first section belong to `DEFAULT`, and lines that begin with `#`
//! or `;` are comments. Values stand without quotes:
//!
//! ```text
//! [DEFAULT]
//! ncloud_access_key_id = ncp_ak_TESTACCESSKEY0001
//! ncloud_secret_access_key = ncp_sk_TESTSECRETKEY0000000000000000000001
//!
//! [government]
//! ncloud_access_key_id = ncp_ak_TESTACCESSKEY0002
//! ncloud_secret_access_key = ncp_sk_TESTSECRETKEY0000000000000000000002
//! ncloud_api_url = https://ncloud.apigw.gov-ntruss.com
//! ```
//!
//! [`load`] does all of it in one call; [`Loader`] lets the caller fix any part:
//!
//! ```
//! let settings = ncloud_config::Loader::new()
//!     .with_environment([
//!         ("NCLOUD_ACCESS_KEY_ID", "ncp_ak_TESTACCESSKEY0001"),
//!         ("NCLOUD_SECRET_ACCESS_KEY", "ncp_sk_TESTSECRETKEY0000000000000000000001"),
//!         ("NCLOUD_SITE", "gov"),
//!     ])
//!     .load()?;
//! let session = settings.session();
//! assert_eq!(session.endpoint().to_string(), "https://ncloud.apigw.gov-ntruss.com");
//! # Ok::<(), ncloud_config::Error>(())
//! ```

mod configure;
mod environment;
mod error;
mod file;
mod loader;
mod profiles;
mod search;
mod settings;

pub use error::Error;
pub use loader::Loader;
pub use settings::{Settings, Source};

/// Finds the settings in this process's environment and the default configure file.
///
/// Short for [`Loader::new`] and [`Loader::load`].
///
/// # Errors
///
/// As [`Loader::load`].
///
/// ```
/// fn session() -> Result<ncloud_core::Session, ncloud_core::Error> {
///     Ok(ncloud_config::load()?.session())
/// }
/// ```
pub fn load() -> Result<Settings, Error> {
    Loader::new().load()
}
