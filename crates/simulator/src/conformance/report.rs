//! Reports: what each case expected and saw, and the requests that reached the simulator.

use std::fmt::{self, Write as _};

use http::Method;

use crate::record::RequestRecord;

/// What the suite found out about a stack. `Display` gives a line for each case, and more where something was not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// One for each case, in the order in which they ran.
    pub cases: Vec<CaseReport>,
}

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaseReport {
    /// Name of the case.
    pub name: &'static str,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
    /// The requests that the simulator read, in order.
    pub requests: Vec<SeenRequest>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What it is about.
    pub subject: &'static str,
    /// What is right.
    pub expected: String,
    /// What was there.
    pub seen: String,
    /// Whether that is right.
    pub passed: bool,
}

/// A request as the simulator saw it, without what changes with time and keys: the same of every stack that conforms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenRequest {
    /// The request's method.
    pub method: Method,
    /// The request target as it was received.
    pub target: String,
    /// Whether key, signature and time were right.
    pub authenticated: bool,
}

impl Report {
    /// Whether everything was as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.cases.iter().all(CaseReport::passed)
    }

    /// The requests of all cases, a line for each, to be compared with those of another stack.
    #[must_use]
    pub fn request_log(&self) -> String {
        let mut log = String::new();
        for case in &self.cases {
            for request in &case.requests {
                // Writing to memory cannot fail.
                let _ = writeln!(log, "{}: {request}", case.name);
            }
        }
        log
    }
}

impl CaseReport {
    /// Whether everything was as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
    }
}

impl SeenRequest {
    pub(super) fn new(record: &RequestRecord) -> Self {
        Self {
            method: record.method.clone(),
            target: record.target.clone(),
            authenticated: record.authenticated,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            writeln!(formatter, "{case}")?;
        }
        let passed = self.cases.iter().filter(|case| case.passed()).count();
        write!(formatter, "{passed} of {} cases passed", self.cases.len())
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.passed() { "passed" } else { "FAILED" };
        write!(formatter, "{verdict}  {}", self.name)?;
        for check in self.checks.iter().filter(|check| !check.passed) {
            let Check {
                subject,
                expected,
                seen,
                ..
            } = check;
            write!(formatter, "\n        {subject}: expected {expected}; seen {seen}")?;
        }
        if !self.passed() {
            for request in &self.requests {
                write!(formatter, "\n        request: {request}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for SeenRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.authenticated {
            "signed"
        } else {
            "not signed properly"
        };
        write!(formatter, "{} {} {verdict}", self.method, self.target)
    }
}
