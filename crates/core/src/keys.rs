//! Keys: what signs the requests of a session, a key pair that was given or the changing ones of a server role.

use std::sync::Arc;
use std::time::SystemTime;

use crate::error::Error;
use crate::role::ServerRole;
use crate::sign::Signer;

/// Where a session's signer comes from.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    Given(Arc<Signer>),
    Role(ServerRole),
}

impl Keys {
    /// The signer to use at this moment. There is none rather than one whose key pair has expired.
    pub(crate) fn signer(&self, now: SystemTime) -> Result<Arc<Signer>, Error> {
        match self {
            Self::Given(signer) if signer.expires_at().is_some_and(|expires_at| expires_at <= now) => Err(
                Error::build("credentials", "have expired; get new ones and make a new session"),
            ),
            Self::Given(signer) => Ok(Arc::clone(signer)),
            Self::Role(role) => role.signer(now),
        }
    }
}
