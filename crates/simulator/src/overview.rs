//! The overview: one page of plain HTML with what the accounts have and the last calls.

use std::fmt::Write as _;
use std::time::SystemTime;

use ncloud_core::DateTime;

use crate::record::RequestRecord;
use crate::simulator::Simulator;
use crate::world::{OverviewRow, World, kinds};

/// How many resources of a kind are shown.
const RESOURCES: usize = 200;
/// How many calls are shown.
const CALLS: usize = 50;

const STYLE: &str = "\
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem }
table { border-collapse: collapse; table-layout: fixed; width: 100% }
th, td { border-bottom: 1px solid #8884; padding: .25rem .75rem .25rem 0; text-align: left; overflow-wrap: anywhere }
th { font-weight: 600 } th:nth-last-child(6) { width: 40% } td:first-child { font-variant-numeric: tabular-nums }
.quiet { opacity: .65 }";

/// The page at a moment.
pub(crate) fn page(simulator: &Simulator, now: SystemTime) -> String {
    let moment = DateTime::from_system_time(now).map(|moment| moment.to_string());
    let mut page = String::new();
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>ncloud-simulator</title>\n",
    );
    // Without one, a browser asks for /favicon.ico, which is a call to the gateway and may meet a fault.
    page.push_str("<link rel=\"icon\" href=\"data:,\">\n");
    write(
        &mut page,
        format_args!("<style>\n{STYLE}\n</style>\n</head>\n<body>\n"),
    );
    page.push_str("<h1>ncloud-simulator</h1>\n");
    let moment = moment.as_deref().map(escaped).unwrap_or_default();
    write(
        &mut page,
        format_args!("<p class=\"quiet\">As of {moment}, by its own clock.</p>\n"),
    );
    simulator.for_each_world(|position, world| account(&mut page, position, world, now));
    calls(&mut page, &simulator.latest_requests(CALLS));
    page.push_str("</body>\n</html>\n");
    page
}

fn account(page: &mut String, position: usize, world: &World, now: SystemTime) {
    write(
        page,
        format_args!("<h2>Account {}</h2>\n", position.saturating_add(1)),
    );
    let mut is_empty = true;
    for kind in kinds::KINDS {
        let (count, rows) = world.overview(kind, now, RESOURCES);
        if count > 0 {
            is_empty = false;
            table(page, kind.name, count, &rows);
        }
    }
    if is_empty {
        page.push_str("<p class=\"quiet\">It has nothing.</p>\n");
    }
}

fn table(page: &mut String, kind: &str, count: usize, rows: &[OverviewRow]) {
    let kind = escaped(kind);
    write(
        page,
        format_args!("<h3>{kind} <span class=\"quiet\">{count}</span></h3>\n"),
    );
    head(page, &["Number", "Name", "Region", "State"]);
    for one in rows {
        row(page, &[&one.number, &one.name, &one.region, &one.state]);
    }
    page.push_str("</table>\n");
    if rows.len() < count {
        let shown = rows.len();
        write(
            page,
            format_args!("<p class=\"quiet\">The latest {shown} of {count}.</p>\n"),
        );
    }
}

fn calls(page: &mut String, requests: &[RequestRecord]) {
    page.push_str("<h2>Last calls</h2>\n");
    if requests.is_empty() {
        page.push_str("<p class=\"quiet\">There was none yet.</p>\n");
        return;
    }
    head(page, &["Action", "Method", "Status", "Code", "Account", "ms"]);
    for record in requests.iter().rev() {
        // Parameters may hold what does not belong on a page, so an unknown action is shown by its path alone.
        let path = record.target.split('?').next().unwrap_or_default();
        let number = |number: Option<String>| number.unwrap_or_else(|| "–".to_owned());
        row(
            page,
            &[
                record.action.as_deref().unwrap_or(path),
                record.method.as_str(),
                &number(record.status.map(|status| status.as_u16().to_string())),
                record.return_code.as_deref().unwrap_or("–"),
                &number(record.account.map(|account| account.to_string())),
                &record.elapsed.as_millis().to_string(),
            ],
        );
    }
    page.push_str("</table>\n");
}

fn head(page: &mut String, cells: &[&str]) {
    page.push_str("<table>\n<tr>");
    for cell in cells {
        write(page, format_args!("<th>{}</th>", escaped(cell)));
    }
    page.push_str("</tr>\n");
}

fn row(page: &mut String, cells: &[&str]) {
    page.push_str("<tr>");
    for cell in cells {
        write(page, format_args!("<td>{}</td>", escaped(cell)));
    }
    page.push_str("</tr>\n");
}

/// A text that says the same in HTML, in an element or a quoted attribute, and cannot say more.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // Among them those that turn the direction of what follows.
            character if is_invisible(character) => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn write(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a String does not fail.
    let _ = page.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_more_than_text() {
        assert_eq!(
            escaped("a<b>&\"c\"'d'"),
            "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39;"
        );
        assert_eq!(escaped("a\u{202e}b\u{0}c\nd"), "a\u{fffd}b\u{fffd}c\u{fffd}d");
        assert_eq!(escaped("서버"), "서버");
    }
}
