//! Forms: `name=value` pairs in a query or a body; lists are `name.1`, members of members `parent.child`.

mod reader;
mod writer;

pub use reader::Form;
pub use writer::write;
pub(crate) use writer::{Writer, encode};
