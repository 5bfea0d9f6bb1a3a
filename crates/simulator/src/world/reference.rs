//! References: what a parameter names has to be there, and in the right VPC.

use super::call::Call;
use super::kind::Kind;
use super::resource::Resource;
use crate::outcome::ServiceError;

/// What a parameter names, which has to be there and not about to go.
pub(crate) fn named<'a>(
    call: &'a Call<'_>,
    kind: &'static Kind,
    by: &str,
    number: &str,
) -> Result<&'a Resource, ServiceError> {
    let found = call.world.find(kind, &call.region, number, call.pace.now);
    let found = found.ok_or_else(|| kind.absent(by, number))?;
    if found.is_going() {
        return Err(ServiceError::state(by, number, "is being deleted"));
    }
    Ok(found)
}

/// The same for what has to be in a VPC.
pub(crate) fn in_vpc<'a>(
    call: &'a Call<'_>,
    kind: &'static Kind,
    by: &str,
    number: &str,
    vpc: &str,
) -> Result<&'a Resource, ServiceError> {
    let found = named(call, kind, by, number)?;
    if found.text("vpcNo") != vpc {
        let problem = format!("is not in VPC {vpc}");
        return Err(ServiceError::state(by, number, &problem));
    }
    Ok(found)
}
