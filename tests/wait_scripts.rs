//! Scripts for waiting: what a look shows, what follows from it and when, under a time that only the script moves.

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use ncloud_api::vserver::{
    GetMemberServerImageInstanceDetail, GetMemberServerImageInstanceDetailOutput, MemberServerImageCreated,
    MemberServerImageDeleted,
};
use ncloud_core::{
    Error, ErrorKind, Event, Machine as _, Polling, Session, State, Until, Wait, WaitError, Waiter,
};

use crate::steps::{Steps, json, millis, refused_by_gateway, refused_by_service, secs};
use crate::support::{answer, now};

mod ends;
mod looks;

type Output = GetMemberServerImageInstanceDetailOutput;

fn session() -> Session {
    crate::support::session().with_seed(1)
}

fn created() -> MemberServerImageCreated {
    MemberServerImageCreated::new("1")
}

fn deleted() -> MemberServerImageDeleted {
    MemberServerImageDeleted::new("1")
}

/// An answer that shows the image in this state.
fn shows(code: &str) -> Response<Bytes> {
    json(format!(
        r#"{{"getMemberServerImageInstanceDetailResponse":{{"requestId":"r-{code}","returnCode":"0","totalRows":1,
            "memberServerImageInstanceList":[{{"memberServerImageInstanceNo":"1",
            "memberServerImageInstanceStatus":{{"code":"{code}"}}}}]}}}}"#
    ))
}

/// An answer with an empty list.
fn shows_nothing() -> Response<Bytes> {
    json(
        r#"{"getMemberServerImageInstanceDetailResponse":{"requestId":"r-gone","returnCode":"0","totalRows":0,
            "memberServerImageInstanceList":[]}}"#,
    )
}

fn code(output: &Output) -> &str {
    let image = output.member_server_image_instance_list.first();
    let status = image.and_then(|image| image.member_server_image_instance_status.as_ref());
    status.and_then(|status| status.code.as_deref()).unwrap_or("gone")
}

impl<W> Steps<Wait<'_, W>>
where
    W: Waiter<Operation = GetMemberServerImageInstanceDetail>,
{
    /// Looks once and goes on sleeping until the next look.
    fn looks_and_waits(&mut self, response: Response<Bytes>) -> &mut Self {
        self.sends();
        self.answered(response).sleeps(..).wakes()
    }
}
