//! Member server images: what the simulator knows of one, and what it shows at a given moment.

use std::time::{Duration, SystemTime};

use ncloud_api::CommonCode;
use ncloud_api::vserver::MemberServerImageInstance;
use ncloud_core::shape::{Field, ReadError, Shape, Sink, Value};

/// A member server image, with what can be asked for but is not shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberServerImage {
    /// As it was written in the document, or when it last began to change.
    wire: MemberServerImageInstance,
    platform_type_code: Option<String>,
    region_code: Option<String>,
    life: Life,
}

/// What is happening to an image, as a function of time: nothing runs in the background.
///
/// A clock that is set back shows earlier states again, as far as nothing was done to the image since.
#[derive(Clone, Copy, Debug, Default)]
enum Life {
    /// Nothing: it stays as it was written.
    #[default]
    Settled,
    BeingMade {
        since: SystemTime,
        fails: bool,
    },
    BeingDeleted {
        since: SystemTime,
    },
}

/// Where an image stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    AsWritten,
    BeingMade,
    Made,
    Failed,
    BeingDeleted,
    Gone,
}

impl MemberServerImage {
    /// An image whose making begins.
    pub(crate) fn begin(
        wire: MemberServerImageInstance,
        platform_type_code: Option<String>,
        region_code: &str,
        since: SystemTime,
        fails: bool,
    ) -> Self {
        Self {
            wire,
            platform_type_code,
            region_code: Some(region_code.to_owned()),
            life: Life::BeingMade { since, fails },
        }
    }

    pub(crate) fn number(&self) -> Option<&str> {
        self.wire.member_server_image_instance_no.as_deref()
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.wire.member_server_image_name.as_deref()
    }

    pub(crate) fn platform_type_code(&self) -> Option<&str> {
        self.platform_type_code.as_deref()
    }

    pub(crate) fn region_code(&self) -> Option<&str> {
        self.region_code.as_deref()
    }

    /// Takes the region in which it lies if it names none.
    pub(crate) fn complete(&mut self, region: &str) {
        self.region_code.get_or_insert_with(|| region.to_owned());
    }

    /// Where it stands at a moment, if every change takes so long.
    pub(crate) fn stage(&self, now: SystemTime, transition: Duration) -> Stage {
        let is_over = |since: SystemTime| now.duration_since(since).unwrap_or_default() >= transition;
        match self.life {
            Life::Settled => Stage::AsWritten,
            Life::BeingMade { since, .. } if !is_over(since) => Stage::BeingMade,
            Life::BeingMade { fails: true, .. } => Stage::Failed,
            Life::BeingMade { .. } => Stage::Made,
            Life::BeingDeleted { since } if !is_over(since) => Stage::BeingDeleted,
            Life::BeingDeleted { .. } => Stage::Gone,
        }
    }

    /// The code of the status that it shows at a stage.
    pub(crate) fn status_code(&self, stage: Stage) -> Option<&str> {
        match stage {
            Stage::BeingMade => Some("INIT"),
            Stage::Made => Some("CREAT"),
            Stage::Failed => Some("CREFL"),
            Stage::AsWritten | Stage::BeingDeleted => {
                let status = self.wire.member_server_image_instance_status.as_ref();
                status.and_then(|status| status.code.as_deref())
            }
            Stage::Gone => None,
        }
    }

    /// What it shows at a stage.
    pub(crate) fn shown(&self, stage: Stage) -> MemberServerImageInstance {
        let mut shown = self.wire.clone();
        let (status, operation, name) = match stage {
            Stage::AsWritten | Stage::Gone => return shown,
            Stage::BeingMade => (
                Some(code("INIT", "NSI INIT state")),
                code("CREAT", "NSI CREATE OP"),
                "creating",
            ),
            Stage::Made => (Some(code("CREAT", "NSI CREATED state")), idle(), "created"),
            Stage::Failed => (
                Some(code("CREFL", "NSI CREATE FAIL state")),
                idle(),
                "creation failed",
            ),
            Stage::BeingDeleted => (
                shown.member_server_image_instance_status.take(),
                code("TERMT", "NSI TERMINATE OP"),
                "terminating",
            ),
        };
        shown.member_server_image_instance_status = status;
        shown.member_server_image_instance_operation = Some(operation);
        shown.member_server_image_instance_status_name = Some(name.to_owned());
        shown
    }

    /// Begins to delete it. What it was when that began is what it shows until it is gone.
    pub(crate) fn begin_to_delete(&mut self, now: SystemTime, transition: Duration) {
        let stage = self.stage(now, transition);
        if stage != Stage::BeingDeleted {
            self.wire = self.shown(stage);
            self.life = Life::BeingDeleted { since: now };
        }
    }
}

/// The platform's name for "nothing is being done".
fn idle() -> CommonCode {
    code("NULL", "NSI NULL OP")
}

fn code(code: &str, name: &str) -> CommonCode {
    let mut common = CommonCode::default();
    common.code = Some(code.to_owned());
    common.code_name = Some(name.to_owned());
    common
}

impl Shape for MemberServerImage {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "platformTypeCode" => self.platform_type_code.read(value)?,
            "regionCode" => self.region_code.read(value)?,
            _ if Shape::read(&mut self.wire, member, value)? => {}
            _ => return Err(ReadError::new("is no member of a member server image")),
        }
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        Shape::write(&self.wire, sink);
        Field::write(&self.platform_type_code, "platformTypeCode", sink);
        Field::write(&self.region_code, "regionCode", sink);
    }
}
