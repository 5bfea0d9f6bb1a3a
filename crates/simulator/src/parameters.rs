//! Parameters: query and form body put together, strictly checked, and the format that the answer is asked for in.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use ncloud_core::Format;
use ncloud_core::codec::form::Form;

const FORM: &str = "application/x-www-form-urlencoded";
const FORMAT: &str = "responseFormatType";

/// What a request asks for, as far as it can be read.
pub(crate) struct Parameters {
    form: Form,
    well_formed: bool,
}

impl Parameters {
    /// Reads the query and then the body; where a name stands in both, the query counts.
    ///
    /// What cannot be read does not stop the rest: even a refusal has to be written in the format that was asked for.
    pub(crate) fn read(request: &Parts, body: &[u8]) -> Self {
        let mut form = Form::default();
        let mut well_formed = body.is_empty() || is_form(&request.headers);
        let query = request.uri.query().unwrap_or_default().as_bytes();
        let body = if well_formed { body } else { &[] };
        for text in [query, body] {
            well_formed &= is_well_formed(text);
            well_formed &= form.add(text).is_ok();
        }
        Self { form, well_formed }
    }

    /// The parameters, if all of them could be read.
    pub(crate) fn form(&self) -> Option<&Form> {
        self.well_formed.then_some(&self.form)
    }

    /// The format to answer in: JSON if it is asked for, else XML.
    pub(crate) fn format(&self) -> Format {
        self.stated_format().unwrap_or(Format::Xml)
    }

    /// The value of `responseFormatType` if it is neither `json` nor `xml`, which it may be in any case.
    pub(crate) fn unknown_format(&self) -> Option<&str> {
        match self.stated_format() {
            Some(_) => None,
            None => self.form.get(FORMAT),
        }
    }

    fn stated_format(&self) -> Option<Format> {
        match self.form.get(FORMAT).unwrap_or_default() {
            "" => Some(Format::Xml),
            value if value.eq_ignore_ascii_case("json") => Some(Format::Json),
            value if value.eq_ignore_ascii_case("xml") => Some(Format::Xml),
            _ => None,
        }
    }
}

/// Whether a body is a form by its content type; one without a content type is taken for a form.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(content_type) = headers.get(CONTENT_TYPE) else {
        return true;
    };
    let media_type = content_type.to_str().unwrap_or_default().split(';').next();
    media_type.is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case(FORM))
}

/// Whether every escape is complete and everything decodes to UTF-8; the form reader alone would paper over both.
fn is_well_formed(text: &[u8]) -> bool {
    text.split(|byte| matches!(byte, b'&' | b'='))
        .all(|piece| decode(piece).is_some_and(|decoded| std::str::from_utf8(&decoded).is_ok()))
}

/// Undoes percent-encoding; `None` for a `%` without two hexadecimal digits.
fn decode(piece: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let mut decoded = Vec::with_capacity(piece.len());
    let mut bytes = piece.iter();
    while let Some(byte) = bytes.next() {
        if *byte == b'%' {
            let value = digit(bytes.next()?)? * 16 + digit(bytes.next()?)?;
            decoded.push(u8::try_from(value).ok()?);
        } else {
            decoded.push(*byte);
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn read(target: &str, content_type: Option<&str>, body: &[u8]) -> Parameters {
        let mut request = Request::post(target);
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Parameters::read(&parts, body)
    }

    #[test]
    fn query_and_body_are_put_together_and_the_query_comes_first() {
        let parameters = read("/a?x=1&y=%ED%95%9C+%20", Some(FORM), b"x=2&z=3");
        let form = parameters.form().unwrap();
        assert_eq!(form.get("x"), Some("1"));
        assert_eq!(form.get("y"), Some("한  "));
        assert_eq!(form.get("z"), Some("3"));
        assert!(read("/a", None, b"x=1").form().is_some());
        assert!(
            read(
                "/a",
                Some("Application/X-WWW-Form-URLEncoded; charset=UTF-8"),
                b"x=1"
            )
            .form()
            .is_some()
        );
    }

    #[test]
    fn what_is_no_form_in_utf_8_is_told_apart() {
        let deep = format!("a{}=1", ".b".repeat(20));
        for body in [
            &b"x=\xff"[..],
            b"x=%FF",
            b"x=%4",
            b"x=%",
            b"x=%zz",
            b"%C3=%BC",
            deep.as_bytes(),
        ] {
            assert!(read("/a", Some(FORM), body).form().is_none(), "{body:?}");
        }
        assert!(read("/a?x=%E3%28", None, b"").form().is_none());
        assert!(read("/a", Some("application/json"), b"{}").form().is_none());
        assert!(read("/a", Some("application/json"), b"").form().is_some());
    }

    #[test]
    fn the_format_is_found_even_beside_what_cannot_be_read() {
        assert_eq!(
            read("/a?b=%FF", Some(FORM), b"responseFormatType=JSON").format(),
            Format::Json
        );
        assert_eq!(read("/a", None, b"").format(), Format::Xml);
        assert_eq!(read("/a?responseFormatType=", None, b"").unknown_format(), None);
        let odd = read("/a?responseFormatType=yaml", None, b"");
        assert_eq!(odd.unknown_format(), Some("yaml"));
        assert_eq!(odd.format(), Format::Xml);
    }
}
