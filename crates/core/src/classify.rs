//! Classification: which failures of which operations may be tried again.

use http::StatusCode;

use crate::error::{Error, ErrorKind, Sent};
use crate::operation::Safety;
use crate::retry::Pace;

/// Return codes with which a service turns a change away because something else is being changed just now, or is still there. The
/// change was certainly not made. Source: what infrastructure tools had to repeat (section 3.1 of the collected behaviours), and what
/// users of the platform have met in the same situation.
const BUSY: [&str; 12] = [
    "3000",    // subnet: please try again
    "1001015", // subnet: conflicts with another change
    "1002022", // network interface: being changed
    "1002035", // network interface: the group that is to take the last one's place is not there yet
    "1003016", // public IP: association not possible right now
    "1007009", // access control group: being changed
    "1011002", // network ACL: not accessible now
    "1012005", // network ACL: rules are being changed
    "1017013", // route table: being set
    "1100031", // server: being set up
    "1200004", // load balancer: busy
    "1250700", // auto scaling group: still in use
];

/// Return codes of passing faults inside of a service, after which it is not known whether the action was carried out.
const FAULT: [&str; 2] = [
    "1000",    // temporary fault
    "1250000", // load balancer: fault on the server's side
];

/// Whether a return code says that what is asked for cannot be done right now, and later it can.
#[must_use]
pub fn says_later(code: &str) -> bool {
    BUSY.contains(&code) || FAULT.contains(&code)
}

/// Whether a failure may be tried again, and how it wants to be waited for.
///
/// What certainly was not carried out may be repeated by every operation; what may have been, only where twice does no harm.
pub(crate) fn retryable(error: &Error, safety: Safety) -> Option<Pace> {
    let harmless = safety != Safety::Mutating;
    match error.kind() {
        ErrorKind::Transport { sent: Sent::No } => Some(Pace::Usual),
        ErrorKind::Transport { sent: Sent::Maybe } => harmless.then_some(Pace::Usual),
        ErrorKind::Gateway => match error.code() {
            Some("410" | "420") => Some(Pace::Usual),
            Some("400") => Some(Pace::Slow),
            Some("500" | "510" | "900") => harmless.then_some(Pace::Usual),
            Some("100" | "200" | "210" | "230" | "300" | "430") => None,
            _ => by_status(error, harmless),
        },
        ErrorKind::Service => match error.code() {
            // A read that is told so reads something that is gone.
            Some(code) if BUSY.contains(&code) => (safety != Safety::Read).then_some(Pace::Slow),
            Some(code) if FAULT.contains(&code) => harmless.then_some(Pace::Usual),
            // Services answer 400 for mistakes of the caller, and 500 for faults of their own.
            _ => by_status(error, harmless),
        },
        ErrorKind::Decode => by_status(error, harmless),
        ErrorKind::Build | ErrorKind::Credentials | ErrorKind::Wait | ErrorKind::Exhausted { .. } => None,
    }
}

/// Whether a failure is of a kind that passes by itself, so that it makes sense to look again later.
pub(crate) fn passes(error: &Error) -> bool {
    retryable(error.last(), Safety::Read).is_some()
}

/// For codes that are not known, and for answers of others on the way, such as a proxy's page.
fn by_status(error: &Error, harmless: bool) -> Option<Pace> {
    match error.status()? {
        StatusCode::TOO_MANY_REQUESTS => Some(Pace::Usual),
        StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => harmless.then_some(Pace::Usual),
        _ => None,
    }
}
