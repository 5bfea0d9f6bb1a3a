//! JSON: a shape is an object, members are keys.

mod reader;
mod writer;

pub use reader::read;
pub use writer::{Layout, write};
