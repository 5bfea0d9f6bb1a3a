//! Actions: every one of the platform's catalog, some with something behind them: a further one of these is a file of its own and
//! a line in a table.

use std::time::{Duration, SystemTime};

use ncloud_core::codec::form::Form;
use ncloud_core::shape::Shape;
use ncloud_core::{Info, Operation};

use crate::inventory::Inventory;
use crate::outcome::ServiceError;
use crate::world::{Call, Kind, Pace, Rule, World, kinds};

pub(crate) use page::Page;

mod create_member_server_image_instance;
mod delete_member_server_image_instances;
mod described;
mod get_member_server_image_instance_detail;
mod get_member_server_image_instance_list;
mod page;

use ncloud_api::{catalog, vserver};

/// The actions that work on the inventory.
const MODELLED: &[Modelled] = &[
    Modelled::of::<vserver::CreateMemberServerImageInstance>(),
    Modelled::of::<vserver::DeleteMemberServerImageInstances>(),
    Modelled::of::<vserver::GetMemberServerImageInstanceDetail>(),
    Modelled::of::<vserver::GetMemberServerImageInstanceList>(),
];

/// What an action works on.
pub(crate) struct Context<'a> {
    pub(crate) world: &'a mut World,
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

/// An action with something behind it.
#[derive(Clone, Copy)]
struct Modelled {
    info: Info,
    run: Run,
}

impl Modelled {
    const fn of<O: CarryOut>() -> Self {
        Self {
            info: O::INFO,
            run: run::<O>,
        }
    }
}

/// An action that the simulator knows.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    /// One that works on the inventory.
    Modelled {
        /// What the client's side knows about it.
        info: Info,
        run: Run,
    },
    /// One that works on the resources of a kind.
    World {
        model: &'static catalog::OperationModel,
        kind: &'static Kind,
        rule: &'static Rule,
    },
    /// One of which only the description is known: its parameters are checked, and there is nothing behind it.
    Described(&'static catalog::OperationModel),
}

impl Action {
    /// The action that a path names.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let (path, name) = path.rsplit_once('/')?;
        let is_it = |info: &Info| info.service.path == path && info.name == name;
        if let Some(modelled) = MODELLED.iter().find(|modelled| is_it(&modelled.info)) {
            return Some(Self::Modelled {
                info: modelled.info,
                run: modelled.run,
            });
        }
        let mut services = catalog::SERVICES.iter();
        let service = services.find(|service| service.service.path == path)?;
        let model = service.operation(name)?;
        Some(match kinds::rule(service.service.name, name) {
            Some((kind, rule)) => Self::World { model, kind, rule },
            None => Self::Described(model),
        })
    }

    /// NAVER's name for it.
    pub(crate) fn name(&self) -> &'static str {
        self.info().name
    }

    /// What the client's side knows about it.
    pub(crate) fn info(&self) -> &Info {
        match self {
            Self::Modelled { info, .. } => info,
            Self::World { model, .. } | Self::Described(model) => &model.info,
        }
    }

    /// Carries it out.
    pub(crate) fn run(&self, form: &Form, context: &mut Context<'_>) -> Result<Box<dyn Shape>, ServiceError> {
        match self {
            Self::Modelled { run, .. } => run(form, context),
            Self::World { model, kind, rule } => {
                described::check(model, form)?;
                let region = match form.get("regionNo") {
                    Some(number) => context.world.region_numbered(number),
                    None => context.world.region(form.get("regionCode")),
                }?;
                let mut call = Call {
                    world: context.world,
                    model,
                    form,
                    region,
                    pace: Pace {
                        now: context.now,
                        transition: context.transition,
                    },
                    next_creation_fails: context.next_creation_fails,
                };
                call.run(kind, rule)
            }
            Self::Described(model) => described::run(model, form, context),
        }
    }
}

fn run<O: CarryOut>(form: &Form, context: &mut Context<'_>) -> Result<Box<dyn Shape>, ServiceError> {
    let mut operation = O::default();
    form.read(&mut operation)
        .map_err(|error| ServiceError::parameter(error.path(), &format!("is wrong: {}", error.problem())))?;
    Ok(Box::new(operation.carry_out(context)?))
}
