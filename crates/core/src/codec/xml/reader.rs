//! XML reader: a walk over quick-xml's events that hands every child element to a `&mut dyn Shape`.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::codec::text_of;
use crate::shape::{ReadError, Scalar, Shape, Sink, Value, wrong};

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
    let mut reader = Reader::from_str(text_of(document)?);
    // `<x/>` arrives like `<x></x>`.
    reader.config_mut().expand_empty_elements = true;
    let mut seen = false;
    loop {
        match next(&mut reader)? {
            Event::Start(start) if !seen => {
                seen = true;
                read_member(&mut reader, &start, shape)?;
            }
            Event::Start(_) => return Err(broken(&reader, "a second root element")),
            Event::Text(text) if text.trim_ascii().is_empty() => {}
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

type Source<'x> = Reader<&'x [u8]>;

/// The next event; document types are refused, and with them every entity that could grow.
fn next<'x>(reader: &mut Source<'x>) -> Result<Event<'x>, ReadError> {
    match reader.read_event() {
        Ok(Event::DocType(_)) => Err(broken(
            reader,
            "a document type declaration, which is not accepted",
        )),
        Ok(event) => Ok(event),
        Err(error) => Err(broken(reader, &error.to_string())),
    }
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
) -> Result<(), ReadError> {
    let name = start.local_name();
    let mut node = Node { reader, taken: false };
    let read = shape.read(name.as_ref(), &mut node).map(drop);
    read.and_then(|()| node.skip())
        .map_err(|error| error.within(name.as_ref()))
}

/// An element whose start tag was just read.
struct Node<'r, 'x> {
    reader: &'r mut Source<'x>,
    taken: bool,
}

impl<'x> Node<'_, 'x> {
    fn take(&mut self) -> Result<(), ReadError> {
        if std::mem::replace(&mut self.taken, true) {
            return Err(ReadError::new("the value was taken before"));
        }
        Ok(())
    }

    /// The next child element; `None` at the end tag.
    fn child(&mut self, expected: &str) -> Result<Option<BytesStart<'x>>, ReadError> {
        loop {
            match next(self.reader)? {
                Event::Start(start) => return Ok(Some(start)),
                Event::End(_) => return Ok(None),
                Event::Text(text) if text.trim_ascii().is_empty() => {}
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) => return Err(wrong(expected, Scalar::Text(&text))),
                Event::CData(text) => return Err(wrong(expected, Scalar::Text(&text))),
                Event::Eof => return Err(cut_short()),
                _ => return Err(broken(self.reader, "an entity between elements")),
            }
        }
    }

    /// Reads over the element if nobody took it; nesting costs no stack here.
    fn skip(self) -> Result<(), ReadError> {
        let mut depth: usize = usize::from(!self.taken);
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
        self.take()?;
        // Nearly every text is one event, which is handed on without a copy.
        let first = match next(self.reader)? {
            Event::End(_) => return take(Scalar::Text("")),
            Event::Text(text) => text.xml10_content(),
            event => return take(Scalar::Text(&rest_of_text(self.reader, String::new(), event)?)),
        };
        match next(self.reader)? {
            Event::End(_) => take(Scalar::Text(&first)),
            event => take(Scalar::Text(&rest_of_text(
                self.reader,
                first.into_owned(),
                event,
            )?)),
        }
    }

    fn shape(&mut self, shape: &mut dyn Shape) -> Result<bool, ReadError> {
        self.take()?;
        let mut present = false;
        while let Some(start) = self.child("an element with members")? {
            present = true;
            read_member(self.reader, &start, shape)?;
        }
        Ok(present)
    }

    fn list(
        &mut self,
        item: &mut dyn FnMut(&mut dyn Value) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.take()?;
        while self.child("an element with items")?.is_some() {
            let mut node = Node {
                reader: &mut *self.reader,
                taken: false,
            };
            item(&mut node)?;
            node.skip()?;
        }
        Ok(())
    }
}

/// Collects a text that consists of several pieces: references, character data, comments in between.
fn rest_of_text<'x>(
    reader: &mut Source<'x>,
    mut text: String,
    first: Event<'x>,
) -> Result<String, ReadError> {
    let mut event = first;
    loop {
        match event {
            Event::End(_) => return Ok(text),
            Event::Text(piece) => text.push_str(&piece.xml10_content()),
            Event::CData(piece) => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) => text.push(resolve(reader, &reference)?),
            Event::Start(start) => {
                let name = start.local_name();
                return Err(ReadError::new(format!(
                    "expected text, found the element <{}>",
                    name.as_ref()
                )));
            }
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
        event = next(reader)?;
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
