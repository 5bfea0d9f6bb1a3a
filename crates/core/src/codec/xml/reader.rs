//! XML reader: a walk over quick-xml's events that hands every child element to a `&mut dyn Shape`.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::codec::without_byte_order_mark;
use crate::shape::{Loose, ReadError, Scalar, Shape, Sink, Value, wrong};

/// Reads the children of a document's root element into a shape; the root's own name does not matter.
///
/// # Errors
///
/// If the document is not UTF-8, not well-formed XML, is cut short or declares a document type, or if a member is not of
/// its type.
pub fn read(document: &[u8], shape: &mut dyn Shape) -> Result<(), ReadError> {
    read_root(document, &mut Root(shape))
}

/// Reads a document as a shape with a single member: the root element.
pub(crate) fn read_root(document: &[u8], shape: &mut dyn Shape) -> Result<(), ReadError> {
    // The parser checks every text for UTF-8 as it comes by, so the document is not checked as a whole.
    let mut reader = Reader::from_reader(without_byte_order_mark(document));
    // `<x/>` arrives like `<x></x>`.
    reader.config_mut().expand_empty_elements = true;
    // White space between elements does not arrive at all; inside of a text it is kept.
    reader.config_mut().trim_text_start = true;
    let mut seen = false;
    loop {
        match next(&mut reader)? {
            Event::Start(start) if !seen => {
                seen = true;
                read_member(&mut reader, &start, shape, 0)?;
            }
            Event::Start(_) => return Err(broken(&reader, "a second root element")),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if seen => return Ok(()),
            Event::Eof => return Err(ReadError::new("the document has no element")),
            _ => return Err(broken(&reader, "text outside of the root element")),
        }
    }
}

struct Root<'a>(&'a mut dyn Shape);

impl Shape for Root<'_> {
    fn read(&mut self, _member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        value.shape(self.0)?;
        Ok(true)
    }

    fn write(&self, sink: &mut dyn Sink) {
        self.0.write(sink);
    }
}

/// How deeply elements that are read may be nested, as in JSON; what is skipped may be nested as it likes.
const DEPTH_LIMIT: u32 = 128;

type Source<'x> = Reader<&'x [u8]>;

/// Refuses document types, and with them every entity that could grow.
fn accepted<'x>(
    reader: &Source<'x>,
    event: Result<Event<'x>, quick_xml::Error>,
) -> Result<Event<'x>, ReadError> {
    match event {
        Ok(Event::DocType(_)) => Err(broken(
            reader,
            "a document type declaration, which is not accepted",
        )),
        Ok(event) => Ok(event),
        Err(error) => Err(broken(reader, &error.to_string())),
    }
}

fn next<'x>(reader: &mut Source<'x>) -> Result<Event<'x>, ReadError> {
    let event = reader.read_event();
    accepted(reader, event)
}

fn broken(reader: &Source<'_>, problem: &str) -> ReadError {
    ReadError::new(format!(
        "not readable as XML near byte {}: {problem}",
        reader.buffer_position()
    ))
}

fn cut_short() -> ReadError {
    ReadError::new("the document ends inside of this element")
}

/// Hands one child element to a shape and skips it if the shape does not take it.
fn read_member<'x>(
    reader: &mut Source<'x>,
    start: &BytesStart<'x>,
    shape: &mut dyn Shape,
    depth: u32,
) -> Result<(), ReadError> {
    let name = local_name(start);
    let mut node = Node {
        reader,
        taken: false,
        depth,
    };
    match shape.read(name, &mut node) {
        Ok(_) if node.taken => Ok(()),
        read => read.and_then(|_| node.skip()).map_err(|error| error.within(name)),
    }
}

/// The name without its prefix. Names are so short that any cleverer search takes longer.
fn local_name<'s>(start: &'s BytesStart<'_>) -> &'s str {
    let name = start.name().into_inner();
    match name.bytes().position(|byte| byte == b':') {
        None => name,
        Some(colon) => name.get(colon.saturating_add(1)..).unwrap_or(name),
    }
}

/// An element whose start tag was just read.
struct Node<'r, 'x> {
    reader: &'r mut Source<'x>,
    taken: bool,
    /// How many elements stand around this one.
    depth: u32,
}

impl<'x> Node<'_, 'x> {
    #[inline]
    fn take(&mut self) -> Result<(), ReadError> {
        if self.depth > DEPTH_LIMIT {
            return Err(ReadError::new(format!(
                "more than {DEPTH_LIMIT} elements inside of each other"
            )));
        }
        if std::mem::replace(&mut self.taken, true) {
            return Err(ReadError::new("the value was taken before"));
        }
        Ok(())
    }

    /// The next child element; `None` at the end tag.
    fn child(&mut self, expected: &str) -> Result<Option<BytesStart<'x>>, ReadError> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(start)) => return Ok(Some(start)),
                Ok(Event::End(_)) => return Ok(None),
                other => no_element(self.reader, other, expected)?,
            }
        }
    }

    /// The text up to the end tag, borrowed from the document where it stands there in one piece.
    fn read_text(&mut self) -> Result<Cow<'x, str>, ReadError> {
        self.take()?;
        self.reader.config_mut().trim_text_start = false;
        let text = match self.reader.read_event() {
            Ok(Event::End(_)) => Cow::Borrowed(""),
            Ok(Event::Text(text)) => {
                let first = text.xml10_content();
                match self.reader.read_event() {
                    Ok(Event::End(_)) => first,
                    other => rest_of_text(self.reader, first.into_owned(), other)?.into(),
                }
            }
            other => rest_of_text(self.reader, String::new(), other)?.into(),
        };
        self.reader.config_mut().trim_text_start = true;
        Ok(text)
    }

    /// Reads over the element, which nobody took; nesting costs no stack here.
    #[cold]
    fn skip(self) -> Result<(), ReadError> {
        let mut depth: usize = 1;
        while depth > 0 {
            match next(self.reader)? {
                Event::Start(_) => depth = depth.saturating_add(1),
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Value for Node<'_, '_> {
    fn scalar(&mut self, take: &mut dyn FnMut(Scalar<'_>) -> Result<(), ReadError>) -> Result<(), ReadError> {
        let text = self.read_text()?;
        take(Scalar::Text(&text))
    }

    fn text(&mut self) -> Result<Option<String>, ReadError> {
        Ok(Some(self.read_text()?.into_owned()))
    }

    fn shape(&mut self, shape: &mut dyn Shape) -> Result<bool, ReadError> {
        self.take()?;
        let mut present = false;
        while let Some(start) = self.child("an element with members")? {
            present = true;
            read_member(self.reader, &start, shape, self.depth.saturating_add(1))?;
        }
        Ok(present)
    }

    fn loosely(&mut self, shape: &mut dyn Shape) -> Result<Loose, ReadError> {
        self.take()?;
        self.reader.config_mut().trim_text_start = false;
        let mut text = String::new();
        let found = loop {
            match next(self.reader)? {
                Event::End(_) => break Loose::of_text(text),
                Event::Text(piece) => text.push_str(&piece.xml10_content()),
                Event::CData(piece) => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) => text.push(resolve(self.reader, &reference)?),
                Event::Start(start) => {
                    // Text was white space, then, or does not matter.
                    self.reader.config_mut().trim_text_start = true;
                    let depth = self.depth.saturating_add(1);
                    read_member(self.reader, &start, shape, depth)?;
                    while let Some(start) = self.child("an element with members")? {
                        read_member(self.reader, &start, shape, depth)?;
                    }
                    break Loose::Members;
                }
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        };
        self.reader.config_mut().trim_text_start = true;
        Ok(found)
    }

    fn list(
        &mut self,
        item: &mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.take()?;
        while self.child("an element with items")?.is_some() {
            let depth = self.depth.saturating_add(1);
            let mut node = Node {
                reader: &mut *self.reader,
                taken: false,
                depth,
            };
            item(&mut node)?;
            if !node.taken {
                node.skip()?;
            }
        }
        Ok(())
    }
}

/// Deals with whatever stands between elements and is none: passes over comments, refuses the rest.
#[cold]
fn no_element<'x>(
    reader: &Source<'x>,
    event: Result<Event<'x>, quick_xml::Error>,
    expected: &str,
) -> Result<(), ReadError> {
    match accepted(reader, event)? {
        Event::Comment(_) | Event::PI(_) => Ok(()),
        Event::Text(text) => Err(wrong(expected, Scalar::Text(&text))),
        Event::CData(text) => Err(wrong(expected, Scalar::Text(&text))),
        Event::Eof => Err(cut_short()),
        _ => Err(broken(reader, "an entity between elements")),
    }
}

/// Collects a text that consists of several pieces: references, character data, comments in between.
#[cold]
fn rest_of_text<'x>(
    reader: &mut Source<'x>,
    mut text: String,
    first: Result<Event<'x>, quick_xml::Error>,
) -> Result<String, ReadError> {
    let mut event = first;
    loop {
        match accepted(reader, event)? {
            Event::End(_) => return Ok(text),
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::CData(piece) => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) => text.push(resolve(reader, &reference)?),
            Event::Start(start) => {
                return Err(ReadError::new(format!(
                    "expected text, found the element <{}>",
                    local_name(&start)
                )));
            }
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
        event = reader.read_event();
    }
}

/// A character reference or one of the five predefined entities; there are no others without a document type.
fn resolve(reader: &Source<'_>, reference: &BytesRef<'_>) -> Result<char, ReadError> {
    match &**reference {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        name => match reference.resolve_char_ref() {
            Ok(Some(character)) => Ok(character),
            Ok(None) => Err(broken(reader, &format!("the unknown entity &{name};"))),
            Err(error) => Err(broken(reader, &error.to_string())),
        },
    }
}
