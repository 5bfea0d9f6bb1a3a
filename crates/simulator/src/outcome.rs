//! Outcomes: what a request led to, and the document that says so in either format.

use http::StatusCode;
use ncloud_core::Format;
use ncloud_core::codec::{json, xml};
use ncloud_core::shape::{ReadError, Scalar, Shape, Sink, Value};

/// Return code for a parameter that is missing or has a value that is not allowed.
///
/// The platform publishes no list of its codes; this one is ours.
const PARAMETER_CODE: &str = "1100";
/// Return code for a resource or parameter that the account has no authority for, known from NAVER's Terraform provider.
const AUTHORITY_CODE: &str = "800";
/// Return code for a name or an address that is taken; ours.
const TAKEN_CODE: &str = "1101";
/// Return code for something that is not in a state for what is asked of it; ours.
const STATE_CODE: &str = "1102";

/// Return code for something that something else depends on; ours.
const IN_USE_CODE: &str = "1103";
/// Return code for more than an account may have; ours.
const QUOTA_CODE: &str = "1104";
/// Return code for a slip of the simulator's own.
const INTERNAL_CODE: &str = "1999";

/// What a request led to.
pub(crate) enum Outcome {
    /// The action was carried out.
    Success {
        action: &'static str,
        output: Box<dyn Shape>,
    },
    /// The service refused the call.
    Service(ServiceError),
    /// The gateway refused the call before any service saw it.
    Gateway(GatewayError),
}

/// A refusal by a service.
#[derive(Debug)]
pub(crate) struct ServiceError {
    code: &'static str,
    message: String,
}

impl ServiceError {
    /// A parameter that is missing or has a value that is not allowed.
    pub(crate) fn parameter(name: &str, problem: &str) -> Self {
        Self {
            code: PARAMETER_CODE,
            message: format!("The parameter {name} {problem}."),
        }
    }

    /// A parameter that gives something a name that something else has.
    pub(crate) fn taken(name: &str, value: &str) -> Self {
        Self {
            code: TAKEN_CODE,
            message: format!("The parameter {name} is {value:?}, which is taken."),
        }
    }

    /// A parameter that gives something a block of addresses of which something else has some.
    pub(crate) fn overlapping(name: &str, value: &str, other: &str) -> Self {
        Self {
            code: TAKEN_CODE,
            message: format!("The parameter {name} is {value:?}, which overlaps {other:?}, which is taken."),
        }
    }

    /// A parameter that names something that is not in a state for this.
    pub(crate) fn state(name: &str, value: &str, problem: &str) -> Self {
        Self {
            code: STATE_CODE,
            message: format!("The parameter {name} names {value:?}, which {problem}."),
        }
    }

    /// A parameter that names something that something else is being done to; the code is the service's.
    pub(crate) fn busy(code: &'static str, name: &str, value: &str) -> Self {
        Self {
            code,
            message: format!(
                "The parameter {name} names {value:?}, to which something else is being done; try again."
            ),
        }
    }

    /// A parameter that names something that is not there, where the service has a code of its own for it.
    pub(crate) fn absent(code: &'static str, name: &str, value: &str) -> Self {
        Self {
            code,
            message: format!("The parameter {name} names {value:?}, which is not there."),
        }
    }

    /// A parameter that names something that something of another kind depends on.
    pub(crate) fn in_use(name: &str, value: &str, holder: &str) -> Self {
        Self {
            code: IN_USE_CODE,
            message: format!(
                "The parameter {name} names {value:?}, which is in use by at least one {holder}."
            ),
        }
    }

    /// A parameter that names something that has to keep at least one of something; the code is the service's.
    pub(crate) fn last(code: &'static str, name: &str, value: &str, what: &str) -> Self {
        Self {
            code,
            message: format!("The parameter {name} names {value:?}, which has to keep at least one {what}."),
        }
    }

    /// More than an account may have.
    pub(crate) fn quota(kind: &str, quota: usize) -> Self {
        Self {
            code: QUOTA_CODE,
            message: format!("There can be no more than {quota} of {kind}."),
        }
    }

    /// Something that the simulator itself does not get right.
    pub(crate) fn internal(problem: &str) -> Self {
        Self {
            code: INTERNAL_CODE,
            message: format!("The simulator failed: {problem}."),
        }
    }

    /// A parameter that names something that this account does not have.
    pub(crate) fn authority(name: &str, value: &str) -> Self {
        Self {
            code: AUTHORITY_CODE,
            message: format!("The parameter {name} names {value:?}, which this account has no access to."),
        }
    }
}

/// A refusal by the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GatewayError {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    details: &'static str,
}

impl GatewayError {
    pub(crate) const BAD_REQUEST: Self = Self {
        status: StatusCode::BAD_REQUEST,
        code: "100",
        message: "Bad Request Exception",
        details: "The parameters are not a form in UTF-8.",
    };
    pub(crate) const TOO_MANY_PARAMETERS: Self = Self {
        status: StatusCode::BAD_REQUEST,
        code: "100",
        message: "Bad Request Exception",
        details: "There are more than 10,000 parameters.",
    };
    pub(crate) const AUTHENTICATION_MISSING: Self = Self {
        status: StatusCode::UNAUTHORIZED,
        code: "200",
        message: "Authentication Failed",
        details: "Authentication information are missing.",
    };
    pub(crate) const AUTHENTICATION_INVALID: Self = Self {
        status: StatusCode::UNAUTHORIZED,
        code: "200",
        message: "Authentication Failed",
        details: "Invalid authentication information.",
    };
    pub(crate) const PERMISSION_DENIED: Self = Self {
        status: StatusCode::UNAUTHORIZED,
        code: "210",
        message: "Permission Denied",
        details: "",
    };
    pub(crate) const NOT_FOUND: Self = Self {
        status: StatusCode::NOT_FOUND,
        code: "300",
        message: "Not Found Exception",
        details: "",
    };
    pub(crate) const THROTTLED: Self = Self {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: "410",
        message: "Throttle Limited",
        details: "",
    };
    pub(crate) const TOO_LARGE: Self = Self {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "430",
        message: "Request Entity Too Large",
        details: "",
    };
    pub(crate) const NOT_KEPT: Self = Self {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        code: "900",
        message: "Unexpected Error",
        details: "The change cannot be written into the state file. Make room for it, then start the simulator again.",
    };
    pub(crate) const ENDPOINT: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "500",
        message: "Endpoint Error",
        details: "",
    };
}

impl Outcome {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Success { .. } => StatusCode::OK,
            Self::Service(_) => StatusCode::BAD_REQUEST,
            Self::Gateway(error) => error.status,
        }
    }

    /// The return code, or the gateway's error code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Success { .. } => "0",
            Self::Service(error) => error.code,
            Self::Gateway(error) => error.code,
        }
    }

    /// The document that tells the client.
    pub(crate) fn document(&self, format: Format, style: Style, request_id: &str) -> Vec<u8> {
        let document = match self {
            Self::Success { action, output } => {
                let content = Success {
                    request_id,
                    output: &**output,
                    head_first: format == Format::Xml,
                };
                write(&format!("{action}Response"), &content, format, style.layout)
            }
            Self::Service(error) => write("responseError", &Written(error), format, style.layout),
            // The live gateway writes its errors on one line, whatever the service behind it does.
            Self::Gateway(error) => write("error", &Written(error), format, json::Layout::Compact),
        };
        style.finish(document)
    }
}

/// How documents look: nothing of it may matter to a client, but to some it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) layout: json::Layout,
    pub(crate) byte_order_mark: bool,
    pub(crate) trailing_newline: bool,
}

impl Style {
    fn finish(self, mut document: Vec<u8>) -> Vec<u8> {
        if self.byte_order_mark {
            document.splice(0..0, *b"\xef\xbb\xbf");
        }
        if self.trailing_newline {
            document.push(b'\n');
        }
        document
    }
}

fn write(root: &str, content: &dyn Shape, format: Format, layout: json::Layout) -> Vec<u8> {
    match format {
        Format::Json => json::write(&Written(&Root { root, content }), layout),
        Format::Xml if layout == json::Layout::Pretty => xml::write(root, content, xml::Layout::Pretty),
        Format::Xml => xml::write(root, content, xml::Layout::Compact),
    }
}

/// Something that is only ever written.
trait Write {
    fn write(&self, sink: &mut dyn Sink);
}

/// Makes a shape, which codecs ask for, of something that is only ever written.
struct Written<'a, T>(&'a T);

impl<T: Write> Shape for Written<'_, T> {
    fn read(&mut self, _member: &str, _value: &mut dyn Value) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn write(&self, sink: &mut dyn Sink) {
        self.0.write(sink);
    }
}

/// A JSON document's only member.
struct Root<'a> {
    root: &'a str,
    content: &'a dyn Shape,
}

impl Write for Root<'_> {
    fn write(&self, sink: &mut dyn Sink) {
        sink.shape(self.root, self.content);
    }
}

/// An output with the three members that every answer has: in front of it in XML, behind it in JSON.
struct Success<'a> {
    request_id: &'a str,
    output: &'a dyn Shape,
    head_first: bool,
}

impl Success<'_> {
    fn write_head(&self, sink: &mut dyn Sink) {
        sink.scalar("requestId", Scalar::Text(self.request_id));
        sink.scalar("returnCode", Scalar::Text("0"));
        sink.scalar("returnMessage", Scalar::Text("success"));
    }
}

impl Shape for Success<'_> {
    fn read(&mut self, _member: &str, _value: &mut dyn Value) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn write(&self, sink: &mut dyn Sink) {
        if self.head_first {
            self.write_head(sink);
            self.output.write(sink);
        } else {
            self.output.write(sink);
            self.write_head(sink);
        }
    }
}

impl Write for ServiceError {
    fn write(&self, sink: &mut dyn Sink) {
        sink.scalar("returnCode", Scalar::Text(self.code));
        sink.scalar("returnMessage", Scalar::Text(&self.message));
    }
}

impl Write for GatewayError {
    fn write(&self, sink: &mut dyn Sink) {
        sink.scalar("errorCode", Scalar::Text(self.code));
        sink.scalar("message", Scalar::Text(self.message));
        sink.scalar("details", Scalar::Text(self.details));
    }
}
