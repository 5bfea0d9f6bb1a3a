//! Envelope: what surrounds an output on the wire, success and both kinds of error alike.

use http::response::Parts;

use super::Head;
use crate::error::{ErrorKind, Refusal};
use crate::shape::{Field, ReadError, Shape, Sink, Value};

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
    body: Body<'a>,
    gateway: GatewayError,
    service: ServiceError,
    /// A `code` beside the members of the body: with a status that says failure it is an error's, else some product's own.
    flat_code: Option<String>,
    recognised: bool,
    /// Whether the members of `<action>Response` are being read; a wrapper has no further one inside.
    inside: bool,
}

impl<'a> Envelope<'a> {
    pub(super) fn new(output: &'a mut dyn Shape) -> Self {
        Self {
            body: Body {
                output,
                request_id: None,
                return_code: None,
                return_message: None,
            },
            gateway: GatewayError::default(),
            service: ServiceError::default(),
            flat_code: None,
            recognised: false,
            inside: false,
        }
    }

    /// Draws the conclusion from what was read, even if the reading broke off.
    pub(super) fn into_outcome(self, parts: Parts) -> (Outcome, Head) {
        let mut head = Head::new(parts.status, parts.headers);
        head.request_id = self
            .body
            .request_id
            .or(self.gateway.request_id)
            .or(self.service.request_id);
        let failed = self
            .body
            .return_code
            .as_deref()
            .is_some_and(|code| code.trim() != "0");
        let flat_code = self.flat_code.filter(|_| !parts.status.is_success());
        let error_code = self
            .gateway
            .error_code
            .filter(|code| self.gateway.present || code != "0");
        let code = error_code.or(flat_code);
        let outcome = if self.gateway.present || code.is_some() {
            let refusal = Refusal {
                code,
                message: self.gateway.message,
                details: self.gateway.details,
            };
            Outcome::Refused(ErrorKind::Gateway, refusal)
        } else if self.service.present {
            let refusal = Refusal {
                code: self.service.return_code,
                message: self.service.return_message,
                details: None,
            };
            Outcome::Refused(ErrorKind::Service, refusal)
        } else if failed {
            let refusal = Refusal {
                code: self.body.return_code.clone(),
                message: self.body.return_message.clone(),
                details: None,
            };
            Outcome::Refused(ErrorKind::Service, refusal)
        } else {
            match (parts.status.is_success(), self.recognised) {
                (false, _) => Outcome::UnexpectedStatus,
                (true, true) => Outcome::Success,
                (true, false) => Outcome::Unrecognised,
            }
        };
        head.return_code = self.body.return_code;
        head.return_message = self.body.return_message;
        (outcome, head)
    }
}

impl Shape for Envelope<'_> {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "error" => {
                let present = value.shape(&mut self.gateway)?;
                // Inside of an answer, what is called an error has to look like one.
                self.gateway.present |= present && (!self.inside || self.gateway.error_code.is_some());
            }
            "responseError" => {
                let present = value.shape(&mut self.service)?;
                self.service.present |= present;
            }
            name if name.ends_with("Response") && !self.inside => {
                self.inside = true;
                self.recognised |= value.shape(self)?;
                self.inside = false;
            }
            _ => {
                let known = self.body.read(member, value)?;
                self.recognised |= known;
                return match member {
                    _ if known => Ok(true),
                    "code" => self.flat_code.read(value).map(|()| true),
                    _ => self.gateway.read(member, value),
                };
            }
        }
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// An XML document: its root is a member of the envelope, or, under a name of its own, the envelope itself.
pub(super) struct Root<'a, 'b>(pub(super) &'a mut Envelope<'b>);

impl Shape for Root<'_, '_> {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        if member == "error" || member == "responseError" || member.ends_with("Response") {
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

/// What stands in `error`.
#[derive(Default)]
struct GatewayError {
    present: bool,
    error_code: Option<String>,
    message: Option<String>,
    details: Option<String>,
    request_id: Option<String>,
}

impl Shape for GatewayError {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "errorCode" | "code" => self.error_code.read(value)?,
            "message" => self.message.read(value)?,
            "details" => self.details.read(value)?,
            "requestId" => self.request_id.read(value)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn write(&self, _sink: &mut dyn Sink) {}
}

/// What stands in `responseError`; one site spells its members differently.
#[derive(Default)]
struct ServiceError {
    present: bool,
    return_code: Option<String>,
    return_message: Option<String>,
    request_id: Option<String>,
}

impl Shape for ServiceError {
    fn read(&mut self, member: &str, value: &mut dyn Value) -> Result<bool, ReadError> {
        match member {
            "returnCode" | "responseCode" => self.return_code.read(value)?,
            "returnMessage" | "responseMessage" => self.return_message.read(value)?,
            "requestId" => self.request_id.read(value)?,
            _ => return Ok(false),
        }
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
