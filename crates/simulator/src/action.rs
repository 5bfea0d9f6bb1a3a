//! Actions: every one of the platform's catalog, those of the kinds of resources with something behind them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use ncloud_api::catalog;
use ncloud_core::Info;
use ncloud_core::codec::form::Form;
use ncloud_core::shape::Shape;

use crate::outcome::ServiceError;
use crate::world::{Call, Kind, Pace, Rule, World, kinds};

pub(crate) use page::Page;

mod described;
mod page;
mod plain;

/// What an action works on.
pub(crate) struct Context<'a> {
    pub(crate) world: &'a mut World,
    /// The moment that it is.
    pub(crate) now: SystemTime,
    /// How long every change of a state takes.
    pub(crate) transition: Duration,
    /// Whether the next thing that is made comes to nothing; taken by whatever is made and can fail.
    pub(crate) next_creation_fails: &'a mut bool,
}

/// An action that the simulator knows.
#[derive(Clone, Copy)]
pub(crate) enum Action {
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
    pub(crate) fn info(&self) -> &'static Info {
        match self {
            Self::World { model, .. } | Self::Described(model) => &model.info,
        }
    }

    /// Carries it out.
    pub(crate) fn run(&self, form: &Form, context: &mut Context<'_>) -> Result<Box<dyn Shape>, ServiceError> {
        let (Self::World { model, .. } | Self::Described(model)) = self;
        let form = &*plain::plain(model, form);
        match self {
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
                    addresses: BTreeMap::new(),
                };
                call.run(kind, rule)
            }
            Self::Described(model) => described::run(model, form, context),
        }
    }
}
