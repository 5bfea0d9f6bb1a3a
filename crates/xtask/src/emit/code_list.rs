//! Code lists: open enums with a sentence for each code.

use crate::api::Service;
use crate::model::CodeList;
use crate::name::variant;
use crate::text::{doc, sentence};

use super::banner;

pub(super) fn file(service: &Service, name: &str, codes: &CodeList) -> String {
    let mut out = banner(service.name);
    out.push_str(&format!("//! `{name}`: {}\n\n", first_lower(&codes.summary)));
    out.push_str("use ncloud_core::code;\n\ncode! {\n");
    out.push_str(&doc(4, &[sentence(&codes.summary)]));
    out.push_str(&format!("    pub enum {name} {{\n"));
    for (code, meaning) in &codes.values {
        out.push_str(&doc(
            8,
            &[format!("`{code}`: {}.", meaning.trim_end_matches('.'))],
        ));
        out.push_str(&format!("        {} = {code:?},\n", variant(code)));
    }
    out.push_str("    }\n}\n");
    out
}

/// A sentence as it goes on behind a colon; abbreviations stay as they are.
pub(super) fn first_lower(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && (second.is_lowercase() || second == ' ') => {
            first.to_lowercase().to_string() + letters.as_str()
        }
        _ => text.to_owned(),
    }
}
