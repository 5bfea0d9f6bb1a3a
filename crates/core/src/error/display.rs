//! How errors are shown: one bounded line, whatever the other side has sent.

use std::fmt;

use super::{Error, ErrorKind, Refusal, Sent};

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let ErrorKind::Exhausted { attempts } = inner.kind {
            return write!(formatter, "{} (the last of {attempts} attempts)", self.last());
        }
        if let Some(operation) = &inner.operation {
            write!(formatter, "{}: ", OneLine(operation))?;
        }
        match inner.kind {
            ErrorKind::Build | ErrorKind::Credentials | ErrorKind::Wait | ErrorKind::Exhausted { .. } => {}
            ErrorKind::Transport { sent: Sent::No } => formatter.write_str("not sent: ")?,
            ErrorKind::Transport { sent: Sent::Maybe } => {
                formatter.write_str("sending or receiving failed: ")?;
            }
            ErrorKind::Gateway => formatter.write_str("the gateway refused the call:")?,
            ErrorKind::Service => formatter.write_str("the service refused the call:")?,
            ErrorKind::Decode => formatter.write_str("the answer cannot be understood: ")?,
        }
        if let Some(field) = &inner.field {
            let joint = if inner.kind == ErrorKind::Decode {
                ": "
            } else {
                " "
            };
            write!(formatter, "{}{joint}", OneLine(field))?;
        }
        write!(formatter, "{}", OneLine(&inner.problem))?;
        inner.refusal.fmt(formatter)?;
        if self.is_authentication_failed() {
            formatter.write_str("; check the keys and this machine's clock")?;
        } else if self.is_permission_denied() {
            formatter.write_str(
                "; the keys are valid, but lack the permission, or the service is not subscribed to",
            )?;
        }
        if let Some(head) = &inner.head {
            write!(formatter, " (HTTP {}", head.status().as_u16())?;
            if let Some(id) = head.request_id() {
                write!(formatter, ", request id {}", OneLine(id))?;
            }
            formatter.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(formatter, " {}", OneLine(code))?;
        }
        if let Some(message) = &self.message {
            write!(formatter, " {}", OneLine(message))?;
        }
        if let Some(details) = &self.details {
            write!(formatter, " - {}", OneLine(details))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        formatter
            .debug_struct("Error")
            .field("kind", &inner.kind)
            .field("operation", &inner.operation)
            .field("field", &inner.field)
            .field("problem", &inner.problem)
            .field("refusal", &inner.refusal)
            .field("head", &inner.head)
            .field("body", &inner.body)
            .field("source", &inner.source)
            .field("last", &inner.last)
            .finish()
    }
}

/// Text from outside on one bounded line: control characters, line breaks, and marks that turn the direction of what follows
/// become spaces.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LIMIT: usize = 500;
        let text = self.0.trim();
        for character in text.chars().take(LIMIT) {
            let harmless = match character {
                '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
                _ => !character.is_control(),
            };
            let shown = if harmless { character } else { ' ' };
            fmt::Write::write_char(formatter, shown)?;
        }
        if text.chars().nth(LIMIT).is_some() {
            formatter.write_str("…")
        } else {
            Ok(())
        }
    }
}
