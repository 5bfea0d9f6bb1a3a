//! Text: doc comments that fit the line, and the words about a member's place and limits.

use crate::api::{Api, Kind};
use crate::model::{Member, Operation, Safety};
use crate::name::snake;

/// The longest line of a doc comment.
const WIDTH: usize = 120;

/// Members that say how a list is given, and not what is in it.
const NO_FILTERS: [&str; 10] = [
    "regionCode",
    "regionNo",
    "pageNo",
    "pageSize",
    "sortedBy",
    "sortingOrder",
    "sortList",
    "searchFilterName",
    "searchFilterValue",
    "exclusionProductCode",
];

/// Paragraphs as a doc comment with this indentation; a paragraph that begins with a mark or a line of code is left as it is.
pub(crate) fn doc(indent: usize, paragraphs: &[String]) -> String {
    let mut out = String::new();
    let margin = " ".repeat(indent);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 {
            out.push_str(&format!("{margin}///\n"));
        }
        let is_code = paragraph.starts_with("```");
        for line in paragraph.split('\n') {
            if is_code {
                out.push_str(format!("{margin}/// {line}").trim_end());
                out.push('\n');
                continue;
            }
            let hanging = if line.starts_with("* ") { "  " } else { "" };
            for part in wrap(line, WIDTH - indent - 4, hanging) {
                out.push_str(&format!("{margin}/// {part}\n"));
            }
        }
    }
    out
}

/// Breaks a line at spaces, though never within a pair of backticks or brackets.
fn wrap(line: &str, width: usize, hanging: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut open = false;
    let mut word = String::new();
    for piece in line.split(' ') {
        if !word.is_empty() {
            word.push(' ');
        }
        word.push_str(piece);
        open ^= piece.matches('`').count() % 2 == 1;
        if open {
            continue;
        }
        if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut current));
            current.push_str(hanging);
        } else if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(&std::mem::take(&mut word));
    }
    current.push_str(&word);
    lines.push(current);
    lines
}

/// A sentence that begins with a capital letter and ends with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// How a member is called on the wire, where it stands in a request.
pub(crate) fn wire(name: &str, kind: &Kind) -> String {
    match kind {
        Kind::List(_) => format!("{name}.N"),
        _ => name.to_owned(),
    }
}

/// Everything about a parameter: what it is, its limits, its default and when it is required.
pub(crate) fn parameter(
    api: &Api,
    operation: Option<(&str, &Operation)>,
    name: &str,
    member: &Member,
) -> Result<String, String> {
    let sentence = api.sentence(name, member)?.trim_end_matches('.');
    let is_filter =
        operation.is_some_and(|(operation, about)| is_filter(operation, about, name, member, sentence));
    let mut text = if is_filter {
        "filter by ".to_owned()
    } else {
        String::new()
    };
    text.push_str(&limited(sentence, member));
    text.push('.');
    if !member.one_of.is_empty() {
        let values: Vec<String> = member.one_of.iter().map(ToString::to_string).collect();
        text.push_str(&format!(" Documented: {}.", values.join(", ")));
    }
    if let Some(allowed) = &member.allowed {
        text.push_str(&format!(" Documented: {allowed}."));
    }
    if let Some(other) = &member.required_with {
        text.push_str(&format!(" Required with `{other}`."));
    }
    if let Some(when) = &member.when {
        text.push_str(&format!(" Required if {when}."));
    }
    if member.documented_required && member.when.is_none() && !member.required {
        text.push_str(" Required by the documentation, though not by NAVER's own SDKs.");
    }
    if let Some(default) = &member.default {
        text.push_str(&format!(" Default: {default}."));
    }
    Ok(text)
}

/// Whether an optional parameter of a list picks items out. What can be required says what is listed, and is none.
fn is_filter(operation: &str, about: &Operation, name: &str, member: &Member, sentence: &str) -> bool {
    about.safety == Safety::Read
        && operation.starts_with("get")
        && operation.ends_with("List")
        && !(member.required || member.documented_required || member.when.is_some())
        && !NO_FILTERS.contains(&name)
        && !sentence.starts_with("only ")
}

/// The sentence with the member's limits and look behind what they belong to, which is in front of a semicolon.
fn limited(sentence: &str, member: &Member) -> String {
    let (mut text, rest) = match sentence.find("; ") {
        Some(at) => (sentence[..at].to_owned(), &sentence[at..]),
        None => (sentence.to_owned(), ""),
    };
    for (limits, unit) in [(member.length, "characters"), (member.bytes, "bytes")] {
        if let Some([least, most]) = limits {
            text.push_str(&format!(", {}", span(least, most, unit)));
        }
    }
    match member.range {
        Some([least, most]) if most == i64::from(i32::MAX) => text.push_str(&format!(", from {least}")),
        Some([least, most]) => text.push_str(&format!(", {least} to {most}")),
        None => {}
    }
    if let Some(form) = &member.form {
        text.push_str(&format!(": {}", form.trim_end_matches('.')));
    }
    text + rest
}

fn span(least: u64, most: u64, unit: &str) -> String {
    if least == 0 {
        format!("up to {most} {unit}")
    } else if least == most {
        format!("{least} {unit}")
    } else {
        format!("{least} to {most} {unit}")
    }
}

/// Where the answer's member is told about.
pub(crate) fn answer(api: &Api, name: &str, member: &Member) -> Result<String, String> {
    let sentence = api.sentence(name, member)?.trim_end_matches('.');
    Ok(match &member.codes {
        Some(codes) => format!("`{name}`: {sentence}; its codes are [`{codes}`](super::{codes})."),
        None => format!("`{name}`: {sentence}."),
    })
}

/// The link from a field to the function that sets it.
pub(crate) fn see_setter(name: &str, kind: &Kind) -> String {
    let setter = snake(name);
    format!("`{}`: see [`{setter}`](Self::{setter}).", wire(name, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces_but_not_within_code() {
        let lines = wrap("aaa `b c` dddd", 9, "");
        assert_eq!(lines, ["aaa `b c`", "dddd"]);
        assert_eq!(wrap("aaa `b c` dddd", 8, "  "), ["aaa", "  `b c`", "  dddd"]);
        assert_eq!(sentence("names of it."), "Names of it.");
    }

    #[test]
    fn limits_stand_before_what_a_semicolon_adds() {
        let member = Member {
            range: Some([3, 10]),
            ..Member::default()
        };
        assert_eq!(
            limited("number of shards; in mode `CLUSTER` only", &member),
            "number of shards, 3 to 10; in mode `CLUSTER` only"
        );
        let member = Member {
            form: Some("odd".to_owned()),
            ..member
        };
        assert_eq!(
            limited("number of shards", &member),
            "number of shards, 3 to 10: odd"
        );
        let member = Member {
            bytes: Some([0, 1000]),
            ..Member::default()
        };
        assert_eq!(limited("description", &member), "description, up to 1000 bytes");
    }

    #[test]
    fn spans_are_said_shortly() {
        assert_eq!(span(0, 1000, "bytes"), "up to 1000 bytes");
        assert_eq!(span(3, 30, "characters"), "3 to 30 characters");
    }
}
