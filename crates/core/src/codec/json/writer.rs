//! JSON writer: compact, or laid out as the platform does it.

use crate::codec::Layout;
use crate::shape::{Items, Scalar, Shape, Sink};

/// Writes a shape as a JSON object. Absent members are left out; an empty list is written as `[]`.
#[must_use]
pub fn write(shape: &dyn Shape, layout: Layout) -> Vec<u8> {
    let mut writer = Writer {
        out: Vec::new(),
        layout,
        depth: 0,
        first: true,
        named: true,
    };
    writer.within(b'{', b'}', true, &mut |writer| shape.write(writer));
    writer.out
}

/// Spaces for each level of nesting.
const INDENT: usize = 2;
/// A new line, indented as deeply as most are.
const LINE: &[u8] = b"\n                                ";

/// Whether something in a text cannot stand in a JSON text as it is. Hardly ever, so all of it is looked at, without a branch.
fn needs_escape(text: &str) -> bool {
    let escaped = |byte: u8| matches!(byte, ..0x20 | b'"' | b'\\');
    text.bytes().fold(false, |found, byte| found | escaped(byte))
}

struct Writer {
    out: Vec<u8>,
    layout: Layout,
    depth: usize,
    /// Whether nothing stands before the next member on this level.
    first: bool,
    /// Whether members on this level have names: they do in an object, not in a list.
    named: bool,
}

impl Writer {
    fn begin(&mut self, member: &str) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.line();
        if self.named {
            self.text(member);
            self.out.extend_from_slice(if self.layout == Layout::Pretty {
                b": "
            } else {
                b":"
            });
        }
    }

    fn line(&mut self) {
        if self.layout == Layout::Pretty {
            let indent = self.depth.saturating_mul(INDENT);
            if let Some(line) = LINE.get(..=indent) {
                self.out.extend_from_slice(line);
            } else {
                self.out.push(b'\n');
                self.out.extend(std::iter::repeat_n(b' ', indent));
            }
        }
    }

    fn within(&mut self, open: u8, close: u8, named: bool, content: &mut dyn FnMut(&mut Self)) {
        let outer = (self.first, self.named);
        (self.first, self.named) = (true, named);
        self.out.push(open);
        self.depth = self.depth.saturating_add(1);
        content(self);
        self.depth = self.depth.saturating_sub(1);
        if !self.first {
            self.line();
        }
        self.out.push(close);
        (self.first, self.named) = outer;
    }

    fn text(&mut self, text: &str) {
        if needs_escape(text) {
            // Writing a text to memory cannot fail.
            let _ = serde_json::to_writer(&mut self.out, text);
            return;
        }
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }
}

impl Sink for Writer {
    fn scalar(&mut self, member: &str, value: Scalar<'_>) {
        self.begin(member);
        match value {
            Scalar::Text(text) => self.text(text),
            Scalar::Integer(number) => self
                .out
                .extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
            Scalar::Unsigned(number) => self
                .out
                .extend_from_slice(itoa::Buffer::new().format(number).as_bytes()),
            // Writing to memory cannot fail; a number that JSON has no form for becomes null.
            Scalar::Float(number) => drop(serde_json::to_writer(&mut self.out, &number)),
            Scalar::Boolean(flag) => self.out.extend_from_slice(if flag { b"true" } else { b"false" }),
        }
    }

    fn shape(&mut self, member: &str, shape: &dyn Shape) {
        self.begin(member);
        self.within(b'{', b'}', true, &mut |writer| shape.write(writer));
    }

    fn list(&mut self, member: &str, items: &dyn Items) {
        self.begin(member);
        self.within(b'[', b']', false, &mut |writer| {
            for index in 0..items.count() {
                items.write(index, "", writer);
            }
        });
    }
}
