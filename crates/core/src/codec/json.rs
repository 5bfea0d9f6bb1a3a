//! JSON: a shape is an object, members are keys.

mod reader;
mod writer;

pub use super::Layout;
pub use reader::read;
#[cfg(feature = "serde")]
pub(crate) use reader::{Node, Stash};
pub use writer::write;
