//! Form writer: one encoder for every leaf, straight into the request's buffer.

use crate::shape::{Items, Scalar, Shape, Sink};

/// Writes a shape as form pairs. Absent members and empty lists are left out, present empty text is `name=`.
///
/// Letters, digits, `-`, `.`, `_` and `~` stand for themselves, everything else is percent-encoded, a space as `%20`: right
/// in a query and in a form body alike.
#[must_use]
pub fn write(shape: &dyn Shape) -> Vec<u8> {
    let mut out = Vec::new();
    shape.write(&mut Writer::new(&mut out));
    out
}

pub(crate) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Length of the buffer in front of the first pair, which has no `&` before it.
    start: usize,
    prefix: Option<&'a Prefix<'a>>,
}

/// The names that stand before a nested member, as a chain on the stack.
struct Prefix<'a> {
    outer: Option<&'a Prefix<'a>>,
    name: &'a str,
}

impl Prefix<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        if let Some(outer) = self.outer {
            outer.write(out);
        }
        encode(self.name, out);
        out.push(b'.');
    }
}

impl<'a> Writer<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        Self {
            out,
            start,
            prefix: None,
        }
    }

    fn key(&mut self, member: &str) {
        if self.out.len() > self.start {
            self.out.push(b'&');
        }
        if let Some(prefix) = self.prefix {
            prefix.write(self.out);
        }
        encode(member, self.out);
        self.out.push(b'=');
    }
}

impl Sink for Writer<'_> {
    fn scalar(&mut self, member: &str, value: Scalar<'_>) {
        self.key(member);
        match value {
            Scalar::Text(text) => encode(text, self.out),
            Scalar::Integer(number) => self
                .out
                .extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
            Scalar::Unsigned(number) => self
                .out
                .extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
            // The shortest text that reads back as the same number.
            Scalar::Float(number) => encode(&number.to_string(), self.out),
            Scalar::Boolean(flag) => self.out.extend_from_slice(if flag { b"true" } else { b"false" }),
        }
    }

    fn shape(&mut self, member: &str, shape: &dyn Shape) {
        let prefix = Prefix {
            outer: self.prefix,
            name: member,
        };
        shape.write(&mut Writer {
            out: self.out,
            start: self.start,
            prefix: Some(&prefix),
        });
    }

    fn list(&mut self, member: &str, items: &dyn Items) {
        let prefix = Prefix {
            outer: self.prefix,
            name: member,
        };
        let mut writer = Writer {
            out: self.out,
            start: self.start,
            prefix: Some(&prefix),
        };
        for (index, number) in (0..items.count()).zip(1_u64..) {
            items.write(index, itoa::Buffer::new().format(number), &mut writer);
        }
    }
}

/// Percent-encodes a text: runs of unreserved bytes are copied whole.
pub(crate) fn encode(text: &str, out: &mut Vec<u8>) {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    let mut rest = text.as_bytes();
    loop {
        let run = rest.iter().take_while(|byte| is_unreserved(**byte)).count();
        let (plain, encoded) = rest.split_at_checked(run).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        let Some((byte, after)) = encoded.split_first() else {
            return;
        };
        out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 0x0f)]);
        rest = after;
    }
}

/// Looked up rather than compared: names and values are gone through byte by byte for every request.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler works it out, and refuses an index that is out of range"
)]
const UNRESERVED: [bool; 256] = {
    let mut unreserved = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        unreserved[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    unreserved
};

fn is_unreserved(byte: u8) -> bool {
    UNRESERVED.get(usize::from(byte)).copied().unwrap_or(false)
}
