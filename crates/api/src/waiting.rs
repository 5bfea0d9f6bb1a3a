//! Waiting: how waiters read what they judge.

use crate::types::CommonCode;

/// The code of a member; empty where there is none.
pub(crate) fn code(value: Option<&CommonCode>) -> &str {
    value.and_then(|value| value.code.as_deref()).unwrap_or_default()
}

/// The text of a member; empty where there is none.
pub(crate) fn text(value: Option<&String>) -> &str {
    value.map(String::as_str).unwrap_or_default()
}
