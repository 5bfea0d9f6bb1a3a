//! Trials: a stack, a simulator and its server for one case, and what is found out in it.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ncloud_api::vserver::{CreateMemberServerImageInstance, GetMemberServerImageInstanceList};
use ncloud_core::{Endpoint, Limits, Retry, Session};

use super::exercise::{Exercise, Outcome};
use super::report::{CaseReport, Check, SeenRequest};
use crate::fault::Fault;
use crate::server::Server;
use crate::simulator::Simulator;

/// A server of the built-in inventory.
const SERVER_INSTANCE_NO: &str = "900101";
const CREATE: &str = "createMemberServerImageInstance";

pub(super) type Stack<'a> = dyn FnMut(Exercise<'_>) -> Outcome + 'a;

/// How often a call may be tried.
#[derive(Clone, Copy)]
pub(super) enum Attempts {
    One,
    Several,
}

/// One case being run.
pub(super) struct Trial<'a, 's> {
    stack: &'a mut Stack<'s>,
    pub(super) limits: Limits,
    pub(super) simulator: Simulator,
    session: Session,
    watch: Watch,
    checks: Vec<Check>,
    problem: Option<io::Error>,
}

impl<'a, 's> Trial<'a, 's> {
    pub(super) fn new(stack: &'a mut Stack<'s>, limits: Limits, patience: Duration) -> io::Result<Self> {
        let simulator = Simulator::new();
        let server = simulator.serve()?;
        let session = session(&simulator, server.url())?;
        // No case needs more than two attempts that last as long as they may.
        let time = limits
            .attempt_timeout()
            .saturating_mul(2)
            .saturating_add(patience);
        Ok(Self {
            stack,
            limits,
            simulator,
            session,
            watch: Watch::begin(server, time)?,
            checks: Vec::new(),
            problem: None,
        })
    }

    /// Has the calls go to an address where nobody listens.
    pub(super) fn call_nobody(&mut self) {
        // It was free a moment ago.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let session = listener
            .and_then(|listener| listener.local_addr())
            .and_then(|address| session(&self.simulator, &format!("http://{address}")));
        if let Some(session) = self.get(session) {
            self.session = session;
        }
    }

    /// Takes what the operating system has given; what it has refused ends the suite after this case.
    pub(super) fn get<T>(&mut self, given: io::Result<T>) -> Option<T> {
        given.map_err(|error| self.problem = Some(error)).ok()
    }

    /// The next requests meet these faults, one each.
    pub(super) fn faults(&self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.simulator.push_fault(fault);
        }
    }

    /// Has the stack list images, and looks at how that ends and after how many attempts.
    pub(super) fn read(&mut self, attempts: Attempts, expected: &[(&str, u32)]) -> Outcome {
        self.list(&GetMemberServerImageInstanceList::new(), attempts, expected)
    }

    pub(super) fn list(
        &mut self,
        list: &GetMemberServerImageInstanceList,
        attempts: Attempts,
        expected: &[(&str, u32)],
    ) -> Outcome {
        let exercise = Exercise::read(&self.session_with(attempts), list);
        let outcome = (self.stack)(exercise);
        self.compare("a call that reads", &outcome, expected);
        outcome
    }

    /// Has the stack make an image, with several attempts where that is safe.
    pub(super) fn change(&mut self, expected: &[(&str, u32)]) -> Outcome {
        let create = CreateMemberServerImageInstance::new(SERVER_INSTANCE_NO);
        let exercise = Exercise::change(&self.session_with(Attempts::Several), &create);
        let outcome = (self.stack)(exercise);
        self.compare("a call that changes something", &outcome, expected);
        outcome
    }

    /// Looks at how often the change was made.
    pub(super) fn expect_changes(&mut self, expected: u64) {
        let seen = self.simulator.carried_out(CREATE);
        self.check(
            "changes carried out",
            expected.to_string(),
            seen.to_string(),
            seen == expected,
        );
    }

    /// Looks at how many requests the simulator has read.
    pub(super) fn expect_requests(&mut self, expected: usize) {
        let seen = self.simulator.requests().len();
        self.check(
            "requests that were read",
            expected.to_string(),
            seen.to_string(),
            seen == expected,
        );
    }

    /// Looks at how many of the requests had key, signature and time right.
    pub(super) fn expect_authenticated(&mut self, expected: &[bool]) {
        let records = self.simulator.requests();
        let seen: Vec<bool> = records.iter().map(|record| record.authenticated).collect();
        self.check(
            "requests signed properly",
            format!("{expected:?}"),
            format!("{seen:?}"),
            seen == expected,
        );
    }

    pub(super) fn check(&mut self, subject: &'static str, expected: String, seen: String, passed: bool) {
        self.checks.push(Check {
            subject,
            expected,
            seen,
            passed,
        });
    }

    /// Ends the case.
    pub(super) fn end(mut self, name: &'static str) -> io::Result<CaseReport> {
        let requests = self.simulator.requests().iter().map(SeenRequest::new).collect();
        if self.watch.end() {
            let expected = "an end within the limits of the stack".to_owned();
            let seen = "calls that went on until the server was stopped".to_owned();
            self.checks.push(Check {
                subject: "time",
                expected,
                seen,
                passed: false,
            });
        }
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        Ok(CaseReport {
            name,
            checks: self.checks,
            requests,
        })
    }

    fn session_with(&self, attempts: Attempts) -> Session {
        self.session.clone().with_retry(match attempts {
            Attempts::One => Retry::never(),
            Attempts::Several => Retry::default(),
        })
    }

    fn compare(&mut self, subject: &'static str, outcome: &Outcome, expected: &[(&str, u32)]) {
        let told = |text: &str, attempts: u32| match attempts {
            1 => format!("{text} after 1 attempt"),
            _ => format!("{text} after {attempts} attempts"),
        };
        let allowed: Vec<String> = expected
            .iter()
            .map(|(text, attempts)| told(text, *attempts))
            .collect();
        let seen = told(&outcome.to_string(), outcome.attempts());
        let passed = allowed.contains(&seen);
        let words = outcome.error().filter(|_| !passed);
        let words = words.map(|error| format!(" ({error})")).unwrap_or_default();
        self.check(subject, allowed.join(", or "), format!("{seen}{words}"), passed);
    }
}

fn session(simulator: &Simulator, url: &str) -> io::Result<Session> {
    let endpoint = Endpoint::new(url).map_err(io::Error::other)?;
    Session::new(simulator.credentials(), endpoint).map_err(io::Error::other)
}

/// A server that is stopped when its time is over, which ends every call that is still waiting for an answer.
struct Watch {
    going_on: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Watch {
    fn begin(server: Server, time: Duration) -> io::Result<Self> {
        let (going_on, ended) = channel::<()>();
        let watch = move || {
            let is_over = ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
            drop(server);
            is_over
        };
        let thread = thread::Builder::new()
            .name("ncloud-conformance".to_owned())
            .spawn(watch)?;
        Ok(Self { going_on, thread })
    }

    /// Stops the server; true if that had to be done before.
    fn end(self) -> bool {
        drop(self.going_on);
        self.thread.join().unwrap_or(true)
    }
}
