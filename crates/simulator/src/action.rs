//! Actions: what the simulator can do, as a table; a further action is a file of its own and a line here.

use std::time::{Duration, SystemTime};

use ncloud_core::codec::form::Form;
use ncloud_core::shape::Shape;
use ncloud_core::{Info, Operation};

use crate::inventory::Inventory;
use crate::outcome::ServiceError;

mod create_member_server_image_instance;
mod delete_member_server_image_instances;
mod get_member_server_image_instance_detail;
mod get_member_server_image_instance_list;
mod page;

use ncloud_api::vserver;

/// Every action that the simulator knows.
const ACTIONS: &[Action] = &[
    Action::of::<vserver::CreateMemberServerImageInstance>(),
    Action::of::<vserver::DeleteMemberServerImageInstances>(),
    Action::of::<vserver::GetMemberServerImageInstanceDetail>(),
    Action::of::<vserver::GetMemberServerImageInstanceList>(),
];

/// What an action works on.
pub(crate) struct Context<'a> {
    pub(crate) inventory: &'a mut Inventory,
    /// The moment that it is.
    pub(crate) now: SystemTime,
    /// How long every change of a state takes.
    pub(crate) transition: Duration,
    /// Whether the next thing that is made comes to nothing; taken by whatever is made.
    pub(crate) next_creation_fails: &'a mut bool,
}

impl Context<'_> {
    /// The region that a call names, or the default one.
    fn region<'a>(&'a self, code: Option<&'a str>) -> Result<&'a str, ServiceError> {
        let region = self.inventory.region(code);
        region.map_err(|code| ServiceError::authority("regionCode", code))
    }
}

/// The service's side of an operation.
pub(crate) trait CarryOut: Operation<Output: 'static> + Default {
    /// Does what the parameters ask for.
    ///
    /// Checks them itself: the operation's own check is the client's, and a slip in it must not go unnoticed here.
    fn carry_out(&self, context: &mut Context<'_>) -> Result<Self::Output, ServiceError>;
}

type Run = fn(&Form, &mut Context<'_>) -> Result<Box<dyn Shape>, ServiceError>;

/// One action of the table.
#[derive(Clone, Copy)]
pub(crate) struct Action {
    info: Info,
    run: Run,
}

impl Action {
    const fn of<O: CarryOut>() -> Self {
        Self {
            info: O::INFO,
            run: run::<O>,
        }
    }

    /// The action that a path names.
    pub(crate) fn at(path: &str) -> Option<Self> {
        ACTIONS.iter().copied().find(|action| {
            let name = path.strip_prefix(action.info.service.path);
            name.and_then(|name| name.strip_prefix('/')) == Some(action.info.name)
        })
    }

    /// NAVER's name for it.
    pub(crate) fn name(&self) -> &'static str {
        self.info.name
    }

    /// What the client's side knows about it.
    pub(crate) fn info(&self) -> &Info {
        &self.info
    }

    /// Carries it out.
    pub(crate) fn run(&self, form: &Form, context: &mut Context<'_>) -> Result<Box<dyn Shape>, ServiceError> {
        (self.run)(form, context)
    }
}

fn run<O: CarryOut>(form: &Form, context: &mut Context<'_>) -> Result<Box<dyn Shape>, ServiceError> {
    let mut operation = O::default();
    form.read(&mut operation)
        .map_err(|error| ServiceError::parameter(error.path(), &format!("is wrong: {}", error.problem())))?;
    Ok(Box::new(operation.carry_out(context)?))
}
