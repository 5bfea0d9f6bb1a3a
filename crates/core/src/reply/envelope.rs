//! Envelope: what surrounds an output on the wire, success and both kinds of error alike.

use http::response::Parts;

use super::Head;
use crate::error::{ErrorKind, Refusal};
use crate::shape::{Field, Loose, ReadError, Shape, Sink, Value};

/// What a document turned out to be.
pub(super) enum Outcome {
    Success,
    Refused(ErrorKind, Refusal),
    /// The status says failure, but nothing in the body does.
    UnexpectedStatus,
    /// The status says success, but nothing in the body is known.
    Unrecognised,
}

/// The top level of a document: `<action>Response`, `error`, `responseError`, or their members laid flat.
pub(super) struct Envelope<'a> {
    action: &'a str,
    body: Body<'a>,
    error: GatewayError,
    /// What of an error's members stands beside those of the body.
    flat: GatewayError,
    service: ServiceError,
    recognised: bool,
    /// Whether the members of `<action>Response` are being read; a wrapper has no further one inside.
    inside: bool,
}

impl<'a> Envelope<'a> {
    /// For the answer to an action; without a name for an answer of any kind.
    pub(super) fn new(action: &'a str, output: &'a mut dyn Shape) -> Self {
        Self {
            action,
            body: Body {
                output,
                request_id: None,
                return_code: None,
                return_message: None,
            },
            error: GatewayError::default(),
            flat: GatewayError::default(),
            service: ServiceError::default(),
            recognised: false,
            inside: false,
        }
    }

    /// Draws the conclusion from what was read, even if the reading broke off.
    pub(super) fn into_outcome(self, parts: Parts) -> (Outcome, Head) {
        let refused = self.refusal(!parts.status.is_success());
        let mut head = Head::new(parts.status, parts.headers);
        head.request_id = [
            self.body.request_id,
            self.error.request_id,
            self.flat.request_id,
            self.service.request_id,
        ]
        .into_iter()
        .flatten()
        .next();
        head.return_code = self.body.return_code;
        head.return_message = self.body.return_message;
        let outcome = match (refused, head.status.is_success(), self.recognised) {
            (Some((kind, refusal)), _, _) => Outcome::Refused(kind, refusal),
            (None, false, _) => Outcome::UnexpectedStatus,
            (None, true, true) => Outcome::Success,
            (None, true, false) => Outcome::Unrecognised,
        };
        (outcome, head)
    }

    fn refusal(&self, status_says_failure: bool) -> Option<(ErrorKind, Refusal)> {
        let code = self.body.return_code.as_deref().map(str::trim);
        let succeeded = self.recognised && code == Some("0");
        let failed = code.is_some_and(|code| code != "0");
        if self.error.is_refusal() && (!succeeded || self.error.code().is_some()) {
            return Some((ErrorKind::Gateway, self.error.refusal(true)));
        }
        if self.service.return_code.is_some() || self.service.return_message.is_some() {
            let refusal = Refusal {
                code: self.service.return_code.clone(),
                message: self.service.return_message.clone(),
                details: None,
            };
            return Some((ErrorKind::Service, refusal));
        }
        let flat_is_refusal = self.flat.error_code.as_deref().is_some_and(|code| code != "0") && !succeeded;
        // Beside the members of a body, a `code`, a `message` or a text called `error` may be some product's own.
        if flat_is_refusal || (status_says_failure && self.flat.is_refusal() && !failed) {
            return Some((ErrorKind::Gateway, self.flat.refusal(status_says_failure)));
        }
        failed.then(|| {
            let refusal = Refusal {
                code: self.body.return_code.clone(),
                message: self.body.return_message.clone(),
                details: None,
            };
            (ErrorKind::Service, refusal)
        })
    }

    fn is_wrapper(&self, member: &str) -> bool {
        !self.inside && member.ends_with("Response")
    }

    fn read_wrapper(&mut self, member: &str, value: &mut dyn Value) -> Result<(), ReadError> {
        self.inside = true;
        let found = value.loosely(self)?;
        self.inside = false;
        // Under another name it takes a known member to tell it from somebody else's answer.
        let own = member
            .strip_suffix("Response")
            .is_some_and(|name| name == self.action);
        self.recognised |= own && found == Loose::Members;
        Ok(())
    }
}

impl Shape for Envelope<'_> {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        if self.is_wrapper(member) {
            self.read_wrapper(member, value)?;
            return Ok(true);
        }
        // What the output knows is its own, whatever it is called; outside of the wrapper, errors come first.
        let is_error = matches!(member, "error" | "responseError");
        if (self.inside || !is_error) && self.body.read(member, value)? {
            self.recognised = true;
            return Ok(true);
        }
        match member {
            "error" => match value.loosely(&mut self.error)? {
                Loose::Text(text) => self.flat.error = Some(text),
                Loose::Members => self.error.present |= !self.inside,
                Loose::Nothing => {}
            },
            "responseError" => drop(value.loosely(&mut self.service)?),
            _ => return Shape::read(&mut self.flat, member, value),
        }
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// An XML document: its root is a member of the envelope, or, under a name of its own, the envelope itself.
pub(super) struct Root<'a, 'b>(pub(super) &'a mut Envelope<'b>);

impl Shape for Root<'_, '_> {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        if matches!(member, "error" | "responseError") || member.ends_with("Response") {
            return self.0.read(member, value);
        }
        value.shape(self.0)?;
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// The output with the three members that every answer has.
struct Body<'a> {
    output: &'a mut dyn Shape,
    request_id: Option<String>,
    return_code: Option<String>,
    return_message: Option<String>,
}

impl Shape for Body<'_> {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "requestId" => self.request_id.read(value)?,
            "returnCode" => self.return_code.read(value)?,
            "returnMessage" => self.return_message.read(value)?,
            _ => return self.output.read(member, value),
        }
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// What stands in `error`. Nothing here may spoil an answer, so values of other kinds than expected are passed over.
#[derive(Default)]
struct GatewayError {
    /// Whether there is an object of this kind at all.
    present: bool,
    error_code: Option<String>,
    code: Option<String>,
    /// Some products have a text of this name where the platform has an object.
    error: Option<String>,
    message: Option<String>,
    details: Option<String>,
    request_id: Option<String>,
}

impl GatewayError {
    fn code(&self) -> Option<&str> {
        self.error_code.as_deref().or(self.code.as_deref())
    }

    fn is_refusal(&self) -> bool {
        self.present || self.code().is_some() || self.message.is_some() || self.error.is_some()
    }

    fn refusal(&self, with_code: bool) -> Refusal {
        let code = self.code.as_ref().filter(|_| with_code);
        Refusal {
            code: self.error_code.as_ref().or(code).cloned(),
            message: self.message.as_ref().or(self.error.as_ref()).cloned(),
            details: self.details.clone(),
        }
    }
}

impl Shape for GatewayError {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        let place = match member {
            "errorCode" => &mut self.error_code,
            "code" => &mut self.code,
            "message" => &mut self.message,
            "details" => &mut self.details,
            "requestId" => &mut self.request_id,
            _ => return Ok(false),
        };
        *place = value.loosely(&mut Nothing)?.text();
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// What stands in `responseError`; one site spells its members differently.
#[derive(Default)]
struct ServiceError {
    return_code: Option<String>,
    return_message: Option<String>,
    request_id: Option<String>,
}

impl Shape for ServiceError {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        let place = match member {
            "returnCode" | "responseCode" => &mut self.return_code,
            "returnMessage" | "responseMessage" => &mut self.return_message,
            "requestId" => &mut self.request_id,
            _ => return Ok(false),
        };
        *place = value.loosely(&mut Nothing)?.text();
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// The output of a call whose members nobody asked for.
pub(super) struct Nothing;

impl Shape for Nothing {
    fn read(&mut self, _member: &str, _value: &mut dyn Value) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}
