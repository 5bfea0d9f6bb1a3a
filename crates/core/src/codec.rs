//! Codecs: the wire's formats, each reading and writing any [`Shape`](crate::shape::Shape).

pub mod form;
pub mod json;
pub mod xml;

use crate::shape::ReadError;

/// How a document is laid out, in JSON and in XML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// No white space that means nothing.
    #[default]
    Compact,
    /// One member or element a line, indented by two spaces, in JSON with a space after each colon; no line break at the
    /// end. The platform's own layout.
    Pretty,
}

/// The document without the byte order mark that some servers put in front of it.
pub(crate) fn without_byte_order_mark(document: &[u8]) -> &[u8] {
    document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document)
}

/// The document as text, checked once, without a byte order mark.
pub(crate) fn text_of(document: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(without_byte_order_mark(document))
        .map_err(|error| ReadError::new(format!("not UTF-8 from byte {} on", error.valid_up_to())))
}
