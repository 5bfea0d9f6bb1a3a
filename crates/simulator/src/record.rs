//! Records: what the simulator remembers of each request, for tests to assert on.

use std::collections::VecDeque;

use http::{Method, StatusCode};

/// How many requests are remembered.
const LIMIT: usize = 10_000;

/// One request that reached the simulator and what became of it. Neither keys nor bodies are kept.
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
    /// The request target as it was received: path and query.
    pub target: String,
    /// The action that the path names, if the simulator knows it.
    pub action: Option<String>,
    /// Whether access key, signature and time were right; found out for requests that meet a fault, too.
    pub authenticated: bool,
    /// The time of signing as the request states it, in milliseconds since 1970.
    pub timestamp: Option<String>,
    /// Status of the answer; `None` if a fault left the request without one.
    pub status: Option<StatusCode>,
    /// `0`, the service's return code or the gateway's error code; `None` if a fault made up the answer or left it out.
    pub return_code: Option<String>,
    /// The request id that the answer carries in its `x-ncp-trace-id` header and, on success, in its body.
    pub request_id: String,
    /// Whether the request met a [`Fault`](crate::Fault).
    pub faulted: bool,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(VecDeque<RequestRecord>);

impl RequestLog {
    pub(crate) fn push(&mut self, record: RequestRecord) {
        if self.0.len() >= LIMIT {
            self.0.pop_front();
        }
        self.0.push_back(record);
    }

    pub(crate) fn to_vec(&self) -> Vec<RequestRecord> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_requests_are_kept() {
        let mut log = RequestLog::default();
        for number in 0..LIMIT + 5 {
            log.push(RequestRecord {
                method: Method::GET,
                target: format!("/{number}"),
                action: None,
                authenticated: false,
                timestamp: None,
                status: None,
                return_code: None,
                request_id: String::new(),
                faulted: false,
            });
        }
        let records = log.to_vec();
        assert_eq!(records.len(), LIMIT);
        assert_eq!(records[0].target, "/5");
    }
}
