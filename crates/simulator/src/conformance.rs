//! Conformance: a suite that an HTTP stack can be held against, ours or yours. Behind the feature `conformance`.
//!
//! Whoever drives the machines of `ncloud-core` over a stack of their own has to get a few things right: what was sent and what
//! was not, time and size limits, no redirects, no attempts behind the machine's back, answers and headers as they came. The suite
//! has the stack make calls to a simulator that misbehaves, one case after the other, and looks at how each call ended, after how
//! many attempts, and at what reached the simulator.
//!
//! A stack is a closure that runs an [`Exercise`], which is a machine, to its end: `|exercise| client.drive(exercise)` for
//! `ncloud-ureq`, `|exercise| runtime.block_on(client.drive(exercise))` for `ncloud-hyper`, and
//! [`drive`](ncloud_core::drive) for a closure that carries one request, which has to
//!
//! * give [`Sent::No`](ncloud_core::Sent::No) if there was no connection, and [`Sent::Maybe`](ncloud_core::Sent::Maybe) whenever
//!   there was one, however the rest went;
//! * be over within [`Limits::attempt_timeout`], slow answers included;
//! * read no more than [`Limits::body_limit`], and then give [`Error::body_too_large`](ncloud_core::Error::body_too_large);
//! * give every answer that came to its end, whatever its status, with its headers and its body; a body of which a part is
//!   missing is no answer.
//!
//! # A bare socket held against it
//!
//! ```
//! use std::io::{self, Read, Write};
//! use std::net::TcpStream;
//! use std::time::{Duration, Instant, SystemTime};
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use ncloud_core::{Error, Limits, Sent, drive};
//! use ncloud_simulator::conformance::Conformance;
//!
//! /// A connection that gives up at a deadline.
//! struct Within(TcpStream, Instant);
//!
//! impl Read for Within {
//!     fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
//!         let left = self.1.saturating_duration_since(Instant::now());
//!         // No time at all would mean no limit.
//!         self.0.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
//!         self.0.read(buffer)
//!     }
//! }
//!
//! fn carry(limits: &Limits, request: Request<Bytes>) -> Result<Response<Bytes>, Error> {
//!     let failed = |sent| move |error: io::Error| Error::transport(sent, error.to_string());
//!     let address = request.uri().authority().map(|authority| authority.as_str()).unwrap_or_default();
//!     let mut stream = TcpStream::connect(address).map_err(failed(Sent::No))?;
//!     write_request(&mut stream, address, &request).map_err(failed(Sent::Maybe))?;
//!
//!     let mut answer = Vec::new();
//!     let deadline = Instant::now() + limits.attempt_timeout();
//!     // Room for the body, however it is cut into chunks, and for a head.
//!     let most = limits.body_limit() * 2 + 64 * 1024;
//!     let end = Within(stream, deadline).take(most).read_to_end(&mut answer);
//!     end.map_err(failed(Sent::Maybe))?;
//!     let response = read_answer(&answer, answer.len() as u64 == most).map_err(failed(Sent::Maybe))?;
//!     if response.body().len() as u64 > limits.body_limit() {
//!         let (head, _) = response.into_parts();
//!         return Err(Error::body_too_large(head.status, head.headers, limits.body_limit()));
//!     }
//!     Ok(response)
//! }
//!
//! # fn write_request(stream: &mut TcpStream, host: &str, request: &Request<Bytes>) -> io::Result<()> {
//! #     let target = request.uri().path_and_query().map(|target| target.as_str()).unwrap_or("/");
//! #     let mut bytes = format!("{} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", request.method()).into_bytes();
//! #     for (name, value) in request.headers() {
//! #         bytes.extend_from_slice(format!("{name}: ").as_bytes());
//! #         bytes.extend_from_slice(value.as_bytes());
//! #         bytes.extend_from_slice(b"\r\n");
//! #     }
//! #     bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", request.body().len()).as_bytes());
//! #     bytes.extend_from_slice(request.body());
//! #     stream.write_all(&bytes)
//! # }
//! #
//! # /// Reads a whole answer, or as much as was read of one that is too large.
//! # fn read_answer(answer: &[u8], is_cut: bool) -> io::Result<Response<Bytes>> {
//! #     let early = || io::Error::new(io::ErrorKind::UnexpectedEof, "the connection ended early");
//! #     let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(early)?;
//! #     let mut lines = std::str::from_utf8(&answer[..end]).map_err(io::Error::other)?.split("\r\n");
//! #     let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
//! #     let mut response = Response::builder().status(status);
//! #     for (name, value) in lines.filter_map(|line| line.split_once(':')) {
//! #         response = response.header(name, value.trim());
//! #     }
//! #     let text = |name| {
//! #         let value = response.headers_ref().and_then(|headers| headers.get(name));
//! #         value.and_then(|value| value.to_str().ok())
//! #     };
//! #     let mut rest = &answer[end + 4..];
//! #     let mut body = Vec::new();
//! #     if text("transfer-encoding") == Some("chunked") {
//! #         while !(is_cut && rest.len() < 32 * 1024) {
//! #             let line = rest.windows(2).position(|two| two == b"\r\n").ok_or_else(early)?;
//! #             let size = std::str::from_utf8(&rest[..line]).ok().and_then(|line| line.split(';').next());
//! #             let size = size.and_then(|size| usize::from_str_radix(size, 16).ok()).ok_or_else(early)?;
//! #             if size == 0 {
//! #                 break;
//! #             }
//! #             body.extend_from_slice(rest.get(line + 2..line + 2 + size).ok_or_else(early)?);
//! #             rest = rest.get(line + 4 + size..).ok_or_else(early)?;
//! #         }
//! #     } else if let Some(length) = text("content-length").and_then(|length| length.parse::<usize>().ok()) {
//! #         let rest = if is_cut { rest } else { rest.get(..length).ok_or_else(early)? };
//! #         body.extend_from_slice(rest);
//! #     }
//! #     response.body(body.into()).map_err(io::Error::other)
//! # }
//! let limits = Limits::default().with_attempt_timeout(Duration::from_millis(300))?.with_body_limit(64 * 1024);
//! let report = Conformance::new(limits).run(|exercise| {
//!     drive(exercise, SystemTime::now, |request| carry(&limits, request), std::thread::sleep)
//! })?;
//! assert!(report.passed(), "{report}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::io;
use std::time::Duration;

use ncloud_core::Limits;

mod answers;
mod connections;
mod exercise;
mod report;
mod trial;

pub use exercise::{Exercise, Outcome};
pub use report::{CaseReport, Check, Report, SeenRequest};

use trial::Trial;

/// How much longer than its limits a stack may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The suite, for a stack that keeps certain limits. See the [module](self) for an example.
#[derive(Clone, Copy, Debug)]
pub struct Conformance {
    limits: Limits,
    patience: Duration,
}

/// A case: its name and what is done in it.
struct Case {
    name: &'static str,
    run: fn(&mut Trial<'_, '_>),
}

impl Case {
    const fn new(name: &'static str, run: fn(&mut Trial<'_, '_>)) -> Self {
        Self { name, run }
    }
}

impl Conformance {
    /// The suite for a stack that keeps these limits: [`attempt_timeout`](Limits::attempt_timeout) and
    /// [`body_limit`](Limits::body_limit) count here.
    ///
    /// The time for an attempt is waited for about six times, so that a stack in a test should have a short one, such as 300
    /// milliseconds; bodies of the limit's size are sent, so that it should be small, such as 64 KiB, and it must not be below
    /// 32 KiB.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            patience: PATIENCE,
        }
    }

    /// How much longer than two attempts a case may take before its server is stopped and it has failed. Default: 10 seconds.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Runs all cases, one after the other, each with a simulator of its own.
    ///
    /// The stack may be made once and keep its connections from one exercise to the next. A stack that breaks off is ended by
    /// stopping the server it talks to; one that does not even notice that keeps the suite waiting.
    ///
    /// # Errors
    ///
    /// What the operating system reports when it gives no port or no thread. What a stack does wrong is in the report.
    pub fn run(&self, mut stack: impl FnMut(Exercise<'_>) -> Outcome) -> io::Result<Report> {
        let mut cases = Vec::new();
        for case in answers::CASES.iter().chain(connections::CASES) {
            let mut trial = Trial::new(&mut stack, self.limits, self.patience)?;
            (case.run)(&mut trial);
            cases.push(trial.end(case.name)?);
        }
        Ok(Report { cases })
    }
}
