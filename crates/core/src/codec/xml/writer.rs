//! XML writer: items of `fooList` are named `foo`, as the platform names them.

use crate::codec::Layout;
use crate::shape::{Items, Scalar, Shape, Sink};

/// Writes a shape as an XML document with the given root element. Absent members are left out.
///
/// Characters that XML 1.0 cannot carry, most control characters among them, become U+FFFD.
#[must_use]
pub fn write(root: &str, shape: &dyn Shape, layout: Layout) -> Vec<u8> {
    let mut writer = Writer {
        out: String::new(),
        layout,
        depth: 0,
        item: None,
    };
    writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    writer.shape(root, shape);
    writer.out.into_bytes()
}

struct Writer {
    out: String,
    layout: Layout,
    depth: usize,
    /// The name of the elements on this level, where it is a list's.
    item: Option<String>,
}

impl Writer {
    fn line(&mut self) {
        if self.layout == Layout::Pretty {
            self.out.push('\n');
            self.out
                .extend(std::iter::repeat_n(' ', self.depth.saturating_mul(2)));
        }
    }

    fn tag(&mut self, open: &str, name: &str) {
        self.out.push_str(open);
        self.out.push_str(name);
        self.out.push('>');
    }

    fn within(&mut self, member: &str, item: Option<String>, content: &mut dyn FnMut(&mut Self)) {
        let outer = std::mem::replace(&mut self.item, item);
        let name = outer.as_deref().unwrap_or(member).to_owned();
        self.line();
        self.tag("<", &name);
        let start = self.out.len();
        self.depth = self.depth.saturating_add(1);
        content(self);
        self.depth = self.depth.saturating_sub(1);
        if self.out.len() > start {
            self.line();
        }
        self.tag("</", &name);
        self.item = outer;
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '&' => self.out.push_str("&amp;"),
                // A bare carriage return would be read back as a line feed.
                '\r' => self.out.push_str("&#13;"),
                '\t' | '\n' => self.out.push(character),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.out.push('\u{fffd}'),
                _ => self.out.push(character),
            }
        }
    }
}

impl Sink for Writer {
    fn scalar(&mut self, member: &str, value: Scalar<'_>) {
        let name = self.item.clone().unwrap_or_else(|| member.to_owned());
        self.line();
        self.tag("<", &name);
        match value {
            Scalar::Text(text) => self.text(text),
            Scalar::Integer(number) => self.out.push_str(&number.to_string()),
            Scalar::Unsigned(number) => self.out.push_str(&number.to_string()),
            Scalar::Float(number) => self.out.push_str(&number.to_string()),
            Scalar::Boolean(flag) => self.out.push_str(if flag { "true" } else { "false" }),
        }
        self.tag("</", &name);
    }

    fn shape(&mut self, member: &str, shape: &dyn Shape) {
        self.within(member, None, &mut |writer| shape.write(writer));
    }

    fn list(&mut self, member: &str, items: &dyn Items) {
        let item = member
            .strip_suffix("List")
            .filter(|name| !name.is_empty())
            .unwrap_or("item")
            .to_owned();
        self.within(member, Some(item), &mut |writer| {
            for index in 0..items.count() {
                items.write(index, "", writer);
            }
        });
    }
}
