//! Records: what the simulator remembers of each request, for tests to assert on.

use std::collections::VecDeque;
use std::time::Duration;

use http::{Method, StatusCode};

/// How many requests are remembered.
const LIMIT: usize = 10_000;
/// How much memory they may take all together.
const SIZE_LIMIT: usize = 16 * 1024 * 1024;
/// How much is kept of a text that the client chooses.
const TEXT_LIMIT: usize = 2048;

/// One request that reached the simulator and what became of it. Neither keys nor bodies are kept.
///
/// Of a method, a target or a timestamp longer than 2 KiB, only the first 2 KiB are kept.
///
/// ```
/// use std::time::SystemTime;
/// use ncloud_simulator::Simulator;
///
/// let simulator = Simulator::new();
/// simulator.handle(http::Request::get("/vserver/v2/getRegionList?regionCode=KR").body(b"")?, SystemTime::now());
///
/// let requests = simulator.requests();
/// assert_eq!(requests[0].target, "/vserver/v2/getRegionList?regionCode=KR");
/// assert!(!requests[0].authenticated);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The request's method.
    pub method: Method,
    /// The request target as it was received: path and query, cut to 2 KiB.
    pub target: String,
    /// The action that the path names, if the simulator knows it.
    pub action: Option<String>,
    /// Whether access key, signature and time were right; found out for requests that meet a fault, too.
    pub authenticated: bool,
    /// The number of the account that the keys belong to, from 1, in the order in which the builder was given them; `None` if
    /// they are wrong or may do nothing.
    pub account: Option<usize>,
    /// The time of signing as the request states it, in milliseconds since 1970; cut to 2 KiB.
    pub timestamp: Option<String>,
    /// Status of the answer; `None` if a fault left the request without one.
    pub status: Option<StatusCode>,
    /// `0`, the service's return code or the gateway's error code; `None` if a fault made up the answer or left it out.
    pub return_code: Option<String>,
    /// The request id that the answer carries in its `x-ncp-trace-id` header and, on success, in its body.
    pub request_id: String,
    /// Whether the request met a [`Fault`](crate::Fault).
    pub faulted: bool,
    /// Whether the action was carried out, whatever the client learns of it.
    pub carried_out: bool,
    /// How long it took from when the request's head was there until the answer was, by a running server: the latency at the least, but
    /// without a fault's delay. No time for [`Simulator::handle`](crate::Simulator::handle).
    pub elapsed: Duration,
}

impl RequestRecord {
    /// About how much memory the record takes.
    fn size(&self) -> usize {
        let texts = [
            self.method.as_str(),
            &self.target,
            self.action.as_deref().unwrap_or_default(),
            self.timestamp.as_deref().unwrap_or_default(),
            self.return_code.as_deref().unwrap_or_default(),
            &self.request_id,
        ];
        texts
            .iter()
            .map(|text| text.len())
            .fold(size_of::<Self>(), usize::saturating_add)
    }
}

/// The beginning of a text that is short enough to be kept.
pub(crate) fn cut(text: &str) -> &str {
    let end = (0..=TEXT_LIMIT).rev().find(|end| text.is_char_boundary(*end));
    match end {
        Some(end) if text.len() > TEXT_LIMIT => text.get(..end).unwrap_or_default(),
        _ => text,
    }
}

/// A method that is short enough to be kept; those that have a meaning are.
pub(crate) fn cut_method(method: &Method) -> Method {
    if method.as_str().len() <= TEXT_LIMIT {
        return method.clone();
    }
    // The beginning of a method is a method.
    Method::from_bytes(cut(method.as_str()).as_bytes()).unwrap_or_default()
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    records: VecDeque<RequestRecord>,
    size: usize,
}

impl RequestLog {
    pub(crate) fn push(&mut self, record: RequestRecord) {
        self.size = self.size.saturating_add(record.size());
        self.records.push_back(record);
        while self.records.len() > LIMIT || self.size > SIZE_LIMIT {
            let Some(oldest) = self.records.pop_front() else {
                break;
            };
            self.size = self.size.saturating_sub(oldest.size());
        }
    }

    /// The latest ones, oldest first.
    pub(crate) fn latest(&self, count: usize) -> Vec<RequestRecord> {
        let passed_over = self.records.len().saturating_sub(count);
        self.records.iter().skip(passed_over).cloned().collect()
    }

    pub(crate) fn to_vec(&self) -> Vec<RequestRecord> {
        self.records.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(target: String) -> RequestRecord {
        RequestRecord {
            method: Method::GET,
            target,
            action: None,
            authenticated: false,
            account: None,
            timestamp: None,
            status: None,
            return_code: None,
            request_id: String::new(),
            faulted: false,
            carried_out: false,
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn only_the_latest_requests_are_kept() {
        let mut log = RequestLog::default();
        for number in 0..LIMIT + 5 {
            log.push(record(format!("/{number}")));
        }
        let records = log.to_vec();
        assert_eq!(records.len(), LIMIT);
        assert_eq!(records[0].target, "/5");
    }

    #[test]
    fn large_requests_do_not_pile_up() {
        let mut log = RequestLog::default();
        for number in 0..40 {
            log.push(record(format!("{}{number}", "x".repeat(1024 * 1024))));
        }
        let records = log.to_vec();
        assert_eq!(records.len(), 15);
        assert!(records[14].target.ends_with("39"));
        assert!(log.size <= SIZE_LIMIT);
        assert_eq!(log.size, records.iter().map(RequestRecord::size).sum::<usize>());
        // One that is too large by itself leaves nothing behind.
        log.push(record("x".repeat(SIZE_LIMIT)));
        assert_eq!((log.to_vec().len(), log.size), (0, 0));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("/short"), "/short");
        assert_eq!(cut(&"x".repeat(TEXT_LIMIT)).len(), TEXT_LIMIT);
        assert_eq!(cut(&"x".repeat(60_000)).len(), TEXT_LIMIT);
        assert_eq!(cut(&"한".repeat(1000)).len(), 2046);
        let long = Method::from_bytes(&vec![b'X'; 60_000]).unwrap();
        assert_eq!(cut_method(&long).as_str().len(), TEXT_LIMIT);
        assert_eq!(cut_method(&Method::POST), Method::POST);
    }
}
