//! Codecs: the wire's formats, each reading and writing any [`Shape`](crate::shape::Shape).

pub mod form;
pub mod json;
pub mod xml;

use crate::shape::ReadError;

/// Byte order mark, which some servers put in front of a document.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The document as text, checked once, without a byte order mark.
pub(crate) fn text_of(document: &[u8]) -> Result<&str, ReadError> {
    let text = std::str::from_utf8(document)
        .map_err(|error| ReadError::new(format!("not UTF-8 from byte {} on", error.valid_up_to())))?;
    Ok(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text))
}
