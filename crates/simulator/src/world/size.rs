//! Sizes: whole gigabytes in parameters, bytes in members.

use crate::outcome::ServiceError;

/// Bytes in what the platform calls a gigabyte.
pub(crate) const GB: u64 = 1 << 30;

/// The bytes of a size that a parameter gives in gigabytes.
pub(crate) fn bytes(parameter: &str, gigabytes: &str) -> Result<u64, ServiceError> {
    let size = gigabytes.trim().parse().ok().filter(|size| *size > 0);
    let size = size.and_then(|size: u64| size.checked_mul(GB));
    size.ok_or_else(|| ServiceError::parameter(parameter, "must be a number of GB above 0"))
}
