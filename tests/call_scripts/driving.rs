//! Driving: the ready-made loops do what stepping by hand does, on any runtime or none, and stop when they are dropped.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{poll_fn, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_core::{
    Call, Error, ErrorKind, Event, Machine, RawCall, Reply, Safety, Sent, Session, Step, drive, drive_async,
};

use super::{
    CREATE, CreateThing, GET, GetThing, Script, Thing, gateway, http_date, minutes, raw, secs, session,
    success, throttled, with,
};
use crate::support::{assert_signed, now};

/// What goes on around a machine: a clock that only sleeping and sending move, and answers in order.
struct World {
    time: Cell<SystemTime>,
    answers: RefCell<VecDeque<Result<Response<Bytes>, Error>>>,
    log: RefCell<Vec<String>>,
}

impl World {
    fn new(answers: Vec<Result<Response<Bytes>, Error>>) -> Self {
        Self {
            time: Cell::new(now()),
            answers: RefCell::new(answers.into()),
            log: RefCell::default(),
        }
    }

    /// A bad day: every kind of trouble that a read survives, and then a success.
    fn bad_day() -> Self {
        let date = http_date(now() + minutes(20));
        Self::new(vec![
            Ok(with(gateway(401, "200"), "date", &date)),
            Err(Error::transport(Sent::Maybe, "reset")),
            Ok(with(throttled(), "retry-after", "3")),
            Ok(success()),
        ])
    }

    fn send(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Error> {
        self.log.borrow_mut().push(format!("{request:?}"));
        self.time.set(self.time.get() + secs(1));
        let answer = self.answers.borrow_mut().pop_front();
        answer.expect("no more requests than answers")
    }

    fn sleep(&self, time: Duration) {
        self.log.borrow_mut().push(format!("sleep {time:?}"));
        self.time.set(self.time.get() + time);
    }
}

/// The loop as it is written out in the contract.
fn step_by_hand<M: Machine>(mut machine: M, world: &World) -> M::Output {
    let mut event = Event::Start;
    loop {
        event = match machine.step(world.time.get(), event) {
            Step::Send(request) => world.send(&request).into(),
            Step::Sleep(time) => {
                world.sleep(time);
                Event::Woke
            }
            Step::Done(output) => return output,
        };
    }
}

fn drive_in<M: Machine>(machine: M, world: &World) -> M::Output {
    let send = |request: Request<Bytes>| world.send(&request);
    drive(machine, || world.time.get(), send, |time| world.sleep(time))
}

fn drive_async_in<M: Machine>(machine: M, world: &World) -> M::Output {
    let send = async |request: Request<Bytes>| {
        pend_once().await;
        world.send(&request)
    };
    let sleep = async |time| {
        pend_once().await;
        world.sleep(time);
    };
    run(drive_async(machine, || world.time.get(), send, sleep))
}

/// Is pending once, so that whoever polls has to come back.
fn pend_once() -> impl Future<Output = ()> {
    let mut came_back = false;
    poll_fn(move |_| {
        if std::mem::replace(&mut came_back, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
}

fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// All the runtime that is needed.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..1_000 {
        if let Poll::Ready(output) = poll(future.as_mut()) {
            return output;
        }
    }
    panic!("the future does not end");
}

#[test]
fn the_loops_do_the_same_as_stepping_by_hand() {
    let worlds: [World; 3] = std::array::from_fn(|_| World::bad_day());
    let results = [
        step_by_hand(session().call(GET), &worlds[0]),
        drive_in(session().call(GET), &worlds[1]),
        drive_async_in(session().call(GET), &worlds[2]),
    ];
    for (result, world) in results.into_iter().zip(&worlds) {
        assert_eq!(result.unwrap().value.no.as_deref(), Some("7"));
        assert_eq!(*world.log.borrow(), *worlds[0].log.borrow());
        assert!(world.answers.borrow().is_empty());
    }
    let log = worlds[0].log.borrow();
    let slept: Vec<bool> = log.iter().map(|line| line.starts_with("sleep")).collect();
    assert_eq!(slept, [false, false, true, false, true, false], "{log:#?}");
}

#[test]
fn the_loops_end_in_the_same_failure_as_stepping_by_hand() {
    let answers = || {
        vec![
            Err(Error::transport(Sent::No, "refused")),
            Err(Error::transport(Sent::Maybe, "reset")),
        ]
    };
    let raw = raw(Safety::Mutating);
    let worlds: [World; 3] = std::array::from_fn(|_| World::new(answers()));
    let results = [
        step_by_hand(session().raw_call(&raw), &worlds[0]),
        drive_in(session().raw_call(&raw), &worlds[1]),
        drive_async_in(session().raw_call(&raw), &worlds[2]),
    ];
    for (result, world) in results.into_iter().zip(&worlds) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 2 });
        assert_eq!(error.operation(), Some("/vtest/v2/rawThing"));
        assert_eq!(*world.log.borrow(), *worlds[0].log.borrow());
        assert_eq!(world.log.borrow().len(), 3);
    }
}

#[test]
fn a_call_that_cannot_be_built_sends_nothing_in_any_loop() {
    let empty = CreateThing {
        no: Some(String::new()),
    };
    let world = World::new(Vec::new());
    for result in [
        step_by_hand(session().call(&empty), &world),
        drive_in(session().call(&empty), &world),
        drive_async_in(session().call(&empty), &world),
    ] {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Build);
    }
    assert!(world.log.borrow().is_empty());
}

#[test]
fn a_machine_can_be_driven_by_reference_and_is_not_needed_again() {
    let (session, world) = (session(), World::bad_day());
    let mut machine = session.call(GET);
    drive_in(&mut machine, &world).unwrap();
    let sent = world.log.borrow().len();
    drop(machine);
    assert_eq!(world.log.borrow().len(), sent);
}

#[test]
fn a_future_that_is_dropped_sends_nothing_more() {
    let (session, world) = (session(), World::bad_day());
    for (polls, lines) in [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)] {
        world.log.borrow_mut().clear();
        *world.answers.borrow_mut() = World::bad_day().answers.into_inner();
        let session = session.clone().with_seed(1);
        let send = async |request: Request<Bytes>| {
            pend_once().await;
            world.send(&request)
        };
        let sleep = async |time| {
            pend_once().await;
            world.sleep(time);
        };
        let mut future = Box::pin(drive_async(session.call(GET), now, send, sleep));
        for _ in 0..polls {
            assert!(poll(future.as_mut()).is_pending());
        }
        drop(future);
        assert_eq!(world.log.borrow().len(), lines, "after {polls} polls");
    }
}

#[test]
fn the_future_is_send_if_the_closures_are() {
    fn sent<T: Send>(value: T) -> T {
        value
    }
    let session = session();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&requests);
    let send = move |request: Request<Bytes>| {
        log.lock().unwrap().push(request);
        ready(Ok(success()))
    };
    let future = sent(drive_async(session.call(GET), now, send, |_time| ready(())));
    let result = std::thread::scope(|scope| scope.spawn(|| run(future)).join().unwrap());
    assert_eq!(result.unwrap().value.no.as_deref(), Some("7"));
    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 1);
    assert_signed(&session, &requests[0]);
}

#[test]
fn closures_that_stay_on_their_thread_are_accepted() {
    let requests = Rc::new(RefCell::new(Vec::new()));
    let log = Rc::clone(&requests);
    let send = move |request: Request<Bytes>| {
        let log = Rc::clone(&log);
        async move {
            log.borrow_mut().push(request);
            Ok(success())
        }
    };
    let time = Rc::new(Cell::new(now()));
    let clock = || time.get();
    let session = session();
    let future = drive_async(session.call(CREATE), clock, send, |_time| ready(()));
    assert_eq!(run(future).unwrap().request_id(), Some("r-0"));
    assert_signed(&session, &requests.borrow()[0]);
}

#[test]
fn a_call_does_not_need_the_session_it_was_made_from() {
    fn make() -> Call<'static, GetThing> {
        let session: Session = session();
        session.call(GET)
    }
    let world = World::bad_day();
    let reply: Reply<Thing> = drive_in(make(), &world).unwrap();
    assert_eq!(reply.request_id(), Some("r-0"));
}

#[test]
fn calls_cross_threads_and_show_themselves_without_secrets() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Call<'static, CreateThing>>();
    crosses::<RawCall<'static>>();
    let shown = format!("{:?}", session().call(GET));
    assert!(!shown.contains(crate::support::SECRET_KEY), "{shown}");
}

#[test]
fn a_change_that_was_let_go_of_in_flight_is_not_sent_again() {
    for event in [Event::Start, Event::Woke] {
        let session = session();
        let mut script = Script::new(&session, session.call(CREATE));
        script.sends().happens(event);
        let error = script.fails();
        assert_eq!(error.kind(), ErrorKind::Transport { sent: Sent::Maybe });
        assert!(error.may_have_been_sent());
    }
}

#[test]
fn a_read_that_was_let_go_of_in_flight_is_sent_again_as_often_as_any_other() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    for _ in 1..4 {
        script.repeats_after(Event::Start);
    }
    script.sends().happens(Event::Start);
    assert_eq!(script.fails().kind(), ErrorKind::Exhausted { attempts: 4 });
}

#[test]
fn a_call_that_was_let_go_of_while_it_paused_goes_on_with_the_pause() {
    let session = session();
    let mut script = Script::new(&session, session.call(GET));
    let busy = with(throttled(), "retry-after", "5");
    script.sends().answered(busy).sleeps(secs(5)..=secs(5));
    script
        .after(secs(2))
        .happens(Event::Start)
        .sleeps(secs(3)..=secs(3));
    script.wakes().sends().answered(success()).succeeds();
}
