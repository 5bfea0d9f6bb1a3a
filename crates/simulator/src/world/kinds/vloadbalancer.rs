//! Load balancing: load balancers, their listeners with their rules, and target groups.

mod listener;
mod load_balancer;
mod target_group;

pub(crate) use listener::{LISTENER, RULE};
pub(crate) use load_balancer::LOAD_BALANCER;
pub(crate) use target_group::TARGET_GROUP;

/// The return code that says that a load balancer is being changed.
const BUSY: &str = "1200004";
