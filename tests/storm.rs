//! Many calls at once while one request in five fails: each ends in its right answer or in an error that says what happened, and
//! no change is made twice.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::time::Duration;

use http::StatusCode;
use ncloud_api::vserver::{
    CreateMemberServerImageInstance, DeleteMemberServerImageInstances, GetMemberServerImageInstanceDetail,
    MemberServerImageInstance,
};
use ncloud_core::{Endpoint, Error, ErrorKind, Retry, Safety, Session};
use ncloud_simulator::{Fault, RetryAfter, Server, Simulator, Stage};
use tokio::runtime::Builder;

use crate::adapters::List;

const CALLS: usize = 500;
const THREADS: usize = 64;
const CREATE: &str = "createMemberServerImageInstance";
const DELETE: &str = "deleteMemberServerImageInstances";

/// One call of the storm.
enum Call {
    Create(CreateMemberServerImageInstance),
    Delete(DeleteMemberServerImageInstances),
    Detail(GetMemberServerImageInstanceDetail),
    List(List),
}

/// The images that an answer shows.
type Shown = Result<Vec<MemberServerImageInstance>, Error>;

impl Call {
    /// Creates and deletes have names and numbers of their own; reads look at what stays.
    fn new(index: usize) -> Self {
        match index % 4 {
            0 => Self::Create(
                CreateMemberServerImageInstance::new("1").member_server_image_name(name("new", index)),
            ),
            1 => Self::Delete(DeleteMemberServerImageInstances::new([number(index)])),
            2 => Self::Detail(GetMemberServerImageInstanceDetail::new(number(index))),
            _ => Self::List(List::new().member_server_image_name(name("old", index))),
        }
    }
}

fn name(kind: &str, index: usize) -> String {
    format!("{kind}-image-{index}")
}

fn number(index: usize) -> String {
    (1000 + index).to_string()
}

/// A server, an image for every call, and a gateway of which one request in five fails, each time in another way.
fn start() -> (Simulator, Server, Session) {
    let mut document = r#"{"serverInstanceList": [{"serverInstanceNo": "1", "serverName": "server"}],
        "memberServerImageInstanceList": ["#
        .to_owned();
    for index in 0..CALLS + THREADS {
        let comma = if index == 0 { "" } else { "," };
        write!(
            document,
            r#"{comma}{{"memberServerImageInstanceNo": "{}", "memberServerImageName": "{}",
                "memberServerImageInstanceStatus": {{"code": "CREAT"}}}}"#,
            number(index),
            name("old", index)
        )
        .unwrap();
    }
    document.push_str("]}");
    let simulator = Simulator::builder()
        .inventory_json(document.as_bytes())
        .unwrap()
        // What is made stays new, and what is deleted is still there at the end.
        .transition_time(Duration::from_secs(24 * 60 * 60))
        .build();
    fail_one_in_five(&simulator);
    let server = simulator.serve().unwrap();
    let quick = Retry::default()
        .with_back_off(Duration::from_millis(1), Duration::from_millis(4))
        .unwrap();
    let endpoint = Endpoint::new(server.url()).unwrap();
    let session = Session::new(simulator.credentials(), endpoint).unwrap();
    (simulator, server, session.with_retry(quick))
}

fn fail_one_in_five(simulator: &Simulator) {
    let faults = [
        Fault::respond(StatusCode::SERVICE_UNAVAILABLE, "<html>busy</html>"),
        Fault::Throttle(RetryAfter::Absent),
        Fault::Close,
        Fault::Reset(Stage::Read),
        Fault::Truncate(10),
        Fault::Reset(Stage::CarriedOut),
        Fault::Throttle(RetryAfter::Seconds(0)),
        Fault::Reset(Stage::Unread),
        Fault::respond(StatusCode::BAD_GATEWAY, ""),
    ];
    // More than there are requests, even if every call were tried four times.
    for fault in faults.iter().cycle().take(CALLS) {
        for _ in 0..4 {
            simulator.push_fault(Fault::delay(Duration::ZERO));
        }
        simulator.push_fault(fault.clone());
    }
}

/// Insists on the right answer, or on an error that leaves open no more than it must.
fn check(index: usize, shown: &Shown) {
    let error = match shown {
        Ok(images) => {
            let [image] = images.as_slice() else {
                panic!("{index}: {} images", images.len());
            };
            let (wanted, found) = match index % 4 {
                0 => (name("new", index), image.member_server_image_name.clone()),
                _ => (number(index), image.member_server_image_instance_no.clone()),
            };
            assert_eq!(found, Some(wanted));
            return;
        }
        Err(error) => error,
    };
    // No service has refused a call: it would refuse a name that is there already.
    assert!(
        matches!(
            error.last().kind(),
            ErrorKind::Transport { .. } | ErrorKind::Gateway | ErrorKind::Decode
        ),
        "{index}: {error}"
    );
}

/// Compares what the calls ended in with what the gateway has carried out.
fn check_all(simulator: &Simulator, ends: &[Shown]) {
    for (index, shown) in ends.iter().enumerate() {
        check(index, shown);
    }
    let good = ends.iter().filter(|shown| shown.is_ok()).count();
    assert!(
        good * 10 > ends.len() * 8,
        "only {good} of {} calls went well",
        ends.len()
    );
    assert!(good < ends.len(), "nothing failed");

    // Every change has parameters of its own, so that none may have been made twice. Deleting what is being deleted changes
    // nothing: such a call may be tried as often as any other that does no harm.
    let changes = simulator.changes();
    for change in &changes {
        let most = if change.safety == Safety::Mutating { 1 } else { 4 };
        assert!((1..=most).contains(&change.times), "{change:?}");
    }
    for (kind, action, safety) in [(0, CREATE, Safety::Mutating), (1, DELETE, Safety::Idempotent)] {
        let calls = || ends.iter().enumerate().filter(|(index, _)| index % 4 == kind);
        let good = calls().filter(|(_, shown)| shown.is_ok()).count();
        let open = calls().filter(|(_, shown)| shown.as_ref().is_err_and(Error::may_have_been_sent));
        let made = changes.iter().filter(|change| change.action == action);
        assert!(made.clone().all(|change| change.safety == safety));
        // What went well was made, and what was not sent was not.
        let made = made.count();
        assert!((good..=good + open.count()).contains(&made), "{action}: {made}");
    }

    let numbers: HashSet<_> = ends
        .iter()
        .flatten()
        .flatten()
        .filter_map(|image| image.member_server_image_instance_no.as_deref())
        .collect();
    assert_eq!(numbers.len(), good, "two answers show the same image");
    simulator.clear_faults();
}

/// What is there at the end is what was made.
fn assert_one_of_each_name(simulator: &Simulator, images: &[MemberServerImageInstance]) {
    let new: Vec<&str> = images
        .iter()
        .filter_map(|image| image.member_server_image_name.as_deref())
        .filter(|name| name.starts_with("new-"))
        .collect();
    let distinct: HashSet<_> = new.iter().collect();
    assert_eq!(distinct.len(), new.len());
    assert_eq!(u64::try_from(new.len()).unwrap(), simulator.carried_out(CREATE));
}

/// Sends a call by either client; `$wait` is what its answer has to be waited for with.
macro_rules! carry {
    ($client:expr, $call:expr $(, $wait:tt)?) => {
        match $call {
            Call::Create(create) => {
                let reply = $client.send(create)$(.$wait)?;
                reply.map(|reply| reply.value.member_server_image_instance_list)
            }
            Call::Delete(delete) => {
                let reply = $client.send(delete)$(.$wait)?;
                reply.map(|reply| reply.value.member_server_image_instance_list)
            }
            Call::Detail(detail) => {
                let reply = $client.send(detail)$(.$wait)?;
                reply.map(|reply| reply.value.member_server_image_instance_list)
            }
            Call::List(list) => {
                let reply = $client.send(list)$(.$wait)?;
                reply.map(|reply| reply.value.member_server_image_instance_list)
            }
        }
    };
}

#[test]
fn five_hundred_calls_at_once_over_one_async_client() {
    let (simulator, _server, session) = start();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = ncloud_hyper::Client::new(session);
        let tasks: Vec<_> = (0..CALLS)
            .map(|index| {
                let client = client.clone();
                tokio::spawn(async move { carry!(client, &Call::new(index), await) })
            })
            .collect();
        let mut ends = Vec::new();
        for task in tasks {
            ends.push(task.await.unwrap());
        }
        check_all(&simulator, &ends);
        let all = carry!(client, &Call::List(List::new()), await).unwrap();
        assert_one_of_each_name(&simulator, &all);
    });
}

#[test]
fn sixty_four_threads_over_one_blocking_client() {
    let (simulator, _server, session) = start();
    let client = ncloud_ureq::Client::new(session);
    let mut ends: Vec<(usize, Shown)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let client = &client;
                scope.spawn(move || {
                    let indices = (thread..CALLS).step_by(THREADS);
                    indices
                        .map(|index| (index, carry!(client, &Call::new(index))))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    ends.sort_by_key(|(index, _)| *index);
    let ends: Vec<Shown> = ends.into_iter().map(|(_, shown)| shown).collect();
    check_all(&simulator, &ends);
    let all = carry!(client, &Call::List(List::new())).unwrap();
    assert_one_of_each_name(&simulator, &all);
}
