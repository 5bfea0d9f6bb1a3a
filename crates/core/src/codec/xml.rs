//! XML: a shape is an element, members are child elements, a list holds one child per item, whatever its name.

mod reader;
mod writer;

pub use super::Layout;
pub use reader::read;
pub(crate) use reader::read_root;
pub use writer::write;
