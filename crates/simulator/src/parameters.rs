//! Parameters: query and form body put together, strictly checked, and the format that the answer is asked for in.
//!
//! All of it costs time in proportion to what was sent, so it is for admitted requests only; a refusal makes do with
//! [`format_of_refusal`].

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use ncloud_core::Format;
use ncloud_core::codec::form::Form;

use crate::outcome::{GatewayError, ServiceError};

const FORM: &str = "application/x-www-form-urlencoded";
const FORMAT: &str = "responseFormatType";
/// How many parameters a request may have, empty ones between two `&` included.
const COUNT_LIMIT: usize = 10_000;
/// How much of a body is searched for the format of a refusal; a query cannot be longer than 64 KiB anyway.
const SEARCH_LIMIT: usize = 8 * 1024;
/// How much of a name is repeated in an error message.
const NAME_LIMIT: usize = 100;

/// What a request asks for.
pub(crate) struct Parameters {
    form: Form,
}

impl Parameters {
    /// Reads the query and then the body; where a name stands in both, the query counts.
    pub(crate) fn read(request: &Parts, body: &[u8]) -> Result<Self, GatewayError> {
        if !body.is_empty() && !is_form(&request.headers) {
            return Err(GatewayError::BAD_REQUEST);
        }
        let texts = [request.uri.query().unwrap_or_default().as_bytes(), body];
        let pairs = texts.iter().flat_map(|text| pairs(text));
        if pairs.take(COUNT_LIMIT + 1).count() > COUNT_LIMIT {
            return Err(GatewayError::TOO_MANY_PARAMETERS);
        }
        let mut form = Form::default();
        for text in texts {
            if !is_well_formed(text) || form.add(text).is_err() {
                return Err(GatewayError::BAD_REQUEST);
            }
        }
        Ok(Self { form })
    }

    /// The parameters themselves.
    pub(crate) fn form(&self) -> &Form {
        &self.form
    }

    /// The format to answer in: JSON if it is asked for, else XML.
    pub(crate) fn format(&self) -> Format {
        self.stated_format().unwrap_or(Format::Xml)
    }

    /// Refuses what no action takes: a `responseFormatType` other than `json` and `xml`, in any case, and list items that are
    /// not numbered `1`, `2` and so on.
    pub(crate) fn check(&self) -> Result<(), ServiceError> {
        if self.stated_format().is_none() {
            return Err(ServiceError::parameter(FORMAT, "must be xml or json"));
        }
        let mut names = self.form.pairs().iter().map(|(name, _)| name);
        match names.find(|name| name.split('.').skip(1).any(is_odd_index)) {
            Some(name) => {
                let shown: String = name.chars().take(NAME_LIMIT).collect();
                Err(ServiceError::parameter(
                    &shown,
                    "is wrong: expected items as name.1, name.2",
                ))
            }
            None => Ok(()),
        }
    }

    fn stated_format(&self) -> Option<Format> {
        named_format(self.form.get(FORMAT).unwrap_or_default().as_bytes())
    }
}

/// The format to refuse a request in: what is asked for in the query or near the beginning of a form body, else XML.
///
/// Even a refusal has to be written in the format that was asked for, but must not cost more than the request did.
pub(crate) fn format_of_refusal(request: &Parts, body: &[u8]) -> Format {
    let query = request.uri.query().unwrap_or_default().as_bytes();
    let body = if is_form(&request.headers) { body } else { &[] };
    let body = body.get(..SEARCH_LIMIT).unwrap_or(body);
    let value = pairs(query).chain(pairs(body)).find_map(format_value);
    value
        .and_then(decode)
        .and_then(|value| named_format(&value))
        .unwrap_or(Format::Xml)
}

/// The value of a pair that is about the format, as it was received.
fn format_value(pair: &[u8]) -> Option<&[u8]> {
    let mut sides = pair.splitn(2, |byte| *byte == b'=');
    let name = sides.next().unwrap_or_default();
    // Whatever is shorter cannot be it, nor what is longer than with every character escaped.
    let possible = (FORMAT.len()..=3 * FORMAT.len()).contains(&name.len());
    (possible && decode(name)? == FORMAT.as_bytes()).then(|| sides.next().unwrap_or_default())
}

/// The format of this name; `None` for a name that is neither `json` nor `xml`, which may be in any case.
fn named_format(name: &[u8]) -> Option<Format> {
    match name {
        b"" => Some(Format::Xml),
        name if name.eq_ignore_ascii_case(b"json") => Some(Format::Json),
        name if name.eq_ignore_ascii_case(b"xml") => Some(Format::Xml),
        _ => None,
    }
}

/// Whether a part of a name can be read as a number, but is not written as the number of a list's item.
fn is_odd_index(part: &str) -> bool {
    let digits = part.trim().trim_start_matches(['+', '-']);
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numeric && (digits.len() < part.len() || digits.starts_with('0'))
}

fn pairs(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let pairs = (!text.is_empty()).then(|| text.split(|byte| *byte == b'&'));
    pairs.into_iter().flatten()
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
    // All at once and not piece by piece: neither an escape nor a character can reach over a `&` or a `=`, and there may be millions.
    if !text.contains(&b'%') {
        return std::str::from_utf8(text).is_ok();
    }
    decode(text).is_some_and(|decoded| std::str::from_utf8(&decoded).is_ok())
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

    fn request(target: &str, content_type: Option<&str>) -> Parts {
        let mut request = Request::post(target);
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn read(target: &str, content_type: Option<&str>, body: &[u8]) -> Result<Parameters, GatewayError> {
        Parameters::read(&request(target, content_type), body)
    }

    #[test]
    fn query_and_body_are_put_together_and_the_query_comes_first() {
        let parameters = read("/a?x=1&y=%ED%95%9C+%20", Some(FORM), b"x=2&z=3")
            .ok()
            .unwrap();
        let form = parameters.form();
        assert_eq!(form.get("x"), Some("1"));
        assert_eq!(form.get("y"), Some("한  "));
        assert_eq!(form.get("z"), Some("3"));
        assert!(read("/a", None, b"x=1").is_ok());
        let content_type = "Application/X-WWW-Form-URLEncoded; charset=UTF-8";
        assert!(read("/a", Some(content_type), b"x=1").is_ok());
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
            b"%C3&%BC",
            b"x=%4&1",
            b"%=41",
            b"\xc3=\xbc",
            deep.as_bytes(),
        ] {
            let error = read("/a", Some(FORM), body).err();
            assert_eq!(error, Some(GatewayError::BAD_REQUEST), "{body:?}");
        }
        assert!(read("/a?x=%E3%28", None, b"").is_err());
        assert!(read("/a", Some("application/json"), b"{}").is_err());
        assert!(read("/a", Some("application/json"), b"").is_ok());
    }

    #[test]
    fn more_than_ten_thousand_parameters_are_refused() {
        let body = "a&".repeat(COUNT_LIMIT - 2);
        assert!(read("/a?x=1", None, format!("{body}a").as_bytes()).is_ok());
        assert!(read("/a", None, format!("{body}a&b").as_bytes()).is_ok());
        let error = read("/a?x=1", None, format!("{body}a&b").as_bytes()).err();
        assert_eq!(error, Some(GatewayError::TOO_MANY_PARAMETERS));
        assert!(read("/a", None, &[b'&'; COUNT_LIMIT]).is_err());
    }

    #[test]
    fn the_format_is_found_even_beside_what_cannot_be_read() {
        let format =
            |target, content_type, body: &[u8]| format_of_refusal(&request(target, content_type), body);
        let wanted = b"responseFormatType=JSON";
        assert_eq!(format("/a?b=%FF", Some(FORM), wanted), Format::Json);
        assert_eq!(
            format("/a", None, b"%zz&response%46ormatType=j%73on"),
            Format::Json
        );
        assert_eq!(format("/a", Some("text/plain"), wanted), Format::Xml);
        assert_eq!(format("/a?responseFormatType=xml", None, wanted), Format::Xml);
        assert_eq!(format("/a?responseFormatType", None, wanted), Format::Xml);
        assert_eq!(format("/a?responseFormatType=yaml", None, wanted), Format::Xml);
        assert_eq!(format("/a", None, b""), Format::Xml);
        // A body is not searched to its end.
        for (pairs, expected) in [(1000, Format::Json), (SEARCH_LIMIT, Format::Xml)] {
            let body = ["a&".repeat(pairs).as_bytes(), wanted].concat();
            assert_eq!(format("/a", None, &body), expected, "{pairs}");
        }
    }

    #[test]
    fn an_unknown_format_is_refused_in_xml() {
        let odd = read("/a?responseFormatType=yaml", None, b"").ok().unwrap();
        assert!(odd.check().is_err());
        assert_eq!(odd.format(), Format::Xml);
        let empty = read("/a?responseFormatType=", None, b"").ok().unwrap();
        assert!(empty.check().is_ok());
        let json = read("/a?responseFormatType=jSoN", None, b"").ok().unwrap();
        assert_eq!(json.format(), Format::Json);
    }

    #[test]
    fn items_are_numbered_from_one_in_plain_digits() {
        for (name, accepted) in [
            ("noList.1", true),
            ("noList.10", true),
            ("a.2.b.3", true),
            ("a.b1.c", true),
            ("0", true),
            ("noList.0", false),
            ("noList.01", false),
            ("noList.%2B1", false),
            ("noList.+1", false),
            ("noList.1%20", false),
            ("noList.-1", false),
            ("a.1.b.00", false),
        ] {
            let parameters = read(&format!("/a?{name}=x"), None, b"").ok().unwrap();
            assert_eq!(parameters.check().is_ok(), accepted, "{name}");
        }
    }
}
