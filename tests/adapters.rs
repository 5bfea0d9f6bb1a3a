//! Both adapters against the same servers, beyond what the conformance suite holds every stack against.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Method, StatusCode};
use ncloud_api::vserver::{GetMemberServerImageInstanceList, MemberServerImageSortedBy};
use ncloud_core::{
    Credentials, Endpoint, Error, ErrorKind, Format, Polling, Raw, Retry, Safety, Sent, Session, State,
    Until, Verb, WaitError,
};
use ncloud_simulator::{Fault, Simulator};

use crate::clients::{Client, Limits, both, resting};
use crate::listeners;

pub(crate) type List = GetMemberServerImageInstanceList;

fn session(simulator: &Simulator, url: &str) -> Session {
    // One attempt: what happens to it is the question here.
    let session = Session::new(simulator.credentials(), Endpoint::new(url).unwrap()).unwrap();
    session.with_retry(Retry::never())
}

pub(crate) fn respond(status: u16, body: impl Into<Bytes>) -> Fault {
    Fault::respond(StatusCode::from_u16(status).unwrap(), body)
}

/// Runs a check once per adapter, each with a simulator of its own.
fn with_each(limits: Limits, check: impl Fn(&Simulator, &Client)) {
    for make in both() {
        let simulator = Simulator::new();
        let server = simulator.serve().unwrap();
        let client = make(session(&simulator, server.url()), limits);
        check(&simulator, &client);
    }
}

#[test]
fn every_verb_and_format_gives_the_same_images() {
    with_each(Limits::default(), |simulator, client| {
        let list = List::new()
            .sorted_by(MemberServerImageSortedBy::MemberServerImageName)
            .page_no(2)
            .page_size(10);
        let first = client.send(&list).unwrap();
        assert_eq!(first.value.member_server_image_instance_list.len(), 10);
        assert_eq!(first.value.total_rows, Some(25));
        assert_eq!(first.head.return_code(), Some("0"));
        assert!(first.request_id().is_some());
        for format in [Format::Json, Format::Xml] {
            for verb in [Verb::Get, Verb::Post] {
                let session = client.session().with_format(format).with_verb(verb);
                let reply = client.with_session(session).send(&list).unwrap();
                assert_eq!(reply.value, first.value, "{format:?} {verb:?}");
            }
        }
        let methods: Vec<Method> = simulator
            .requests()
            .iter()
            .map(|record| record.method.clone())
            .collect();
        assert_eq!(
            methods,
            [Method::GET, Method::GET, Method::POST, Method::GET, Method::POST]
        );
    });
}

#[test]
fn raw_calls_bring_back_the_body_as_it_is() {
    with_each(Limits::default(), |_, client| {
        let call = Raw::new(Method::GET, "/vserver/v2/getMemberServerImageInstanceList")
            .query("responseFormatType", "json")
            .query("memberServerImageName", "서버 이미지 +&%");
        let reply = client.raw(&call).unwrap();
        assert!(
            reply
                .value
                .starts_with(b"{\n  \"getMemberServerImageInstanceListResponse\": {")
        );
        assert_eq!(reply.head.return_code(), Some("0"));

        let error = client
            .raw(&Raw::new(Method::GET, "/vserver/v2/noSuchAction"))
            .unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Gateway, Some("300")));
        assert_eq!(error.operation(), Some("/vserver/v2/noSuchAction"));
    });
}

#[test]
fn a_wrong_key_is_refused_by_the_gateway() {
    with_each(Limits::default(), |_, client| {
        let wrong = Credentials::new("ncp_ak_TESTUNKNOWN", "ncp_sk_TESTWRONG").unwrap();
        let session = client.session().with_credentials(&wrong).unwrap();
        let error = client.with_session(session).send(&List::new()).unwrap_err();
        assert!(error.is_authentication_failed(), "{error}");
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
        assert_eq!(error.operation(), Some("getMemberServerImageInstanceList"));
    });
}

#[test]
fn wrong_parameters_are_not_sent() {
    with_each(Limits::default(), |simulator, client| {
        let error = client.send(&List::new().page_no(1)).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("pageSize"))
        );
        assert!(simulator.requests().is_empty());
    });
}

#[test]
fn what_cannot_be_connected_with_tls_was_not_sent() {
    let nobody = listeners::refused();
    for make in both() {
        for url in [format!("https://{nobody}"), "https://gateway.invalid".to_owned()] {
            let session = session(&Simulator::new(), &url);
            let error = make(session, Limits::default()).send(&List::new()).unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::Transport { sent: Sent::No },
                "{url}: {error}"
            );
            assert!(!error.to_string().contains('\n'));
        }
    }
}

#[test]
fn a_call_a_page_and_a_look_end_with_the_time_that_they_have_as_a_whole() {
    let limits = Limits {
        call: Some(Duration::from_millis(150)),
        ..Limits::default()
    };
    with_each(limits, |simulator, client| {
        // With attempts to spare, so that only the time can end it.
        let client = client.with_session(client.session().with_retry(Retry::default()));
        simulator.fault_every(1, Fault::Hang);
        // More than one attempt would be told.
        let is_one = |error: &Error| matches!(error.kind(), ErrorKind::Transport { .. });

        let error = client.send(&List::new()).unwrap_err();
        assert!(is_one(&error), "{error}");
        let raw = Raw::new(Method::GET, "/vserver/v2/getRegionList").safety(Safety::Read);
        let error = client.raw(&raw).unwrap_err();
        assert!(is_one(&error), "{error}");
        let error = client.page(&List::new()).unwrap().unwrap_err();
        assert!(is_one(&error), "{error}");

        let short = Polling::default()
            .with_deadline(Duration::from_millis(1))
            .unwrap();
        let never = Until::new(List::new(), |_| State::Still).with_polling(short);
        match client.wait(&never).unwrap_err() {
            WaitError::TimedOut {
                looks: 1,
                source: Some(error),
                ..
            } => assert!(is_one(&error), "{error}"),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_time_limit_is_told_as_long_as_it_was() {
    with_each(Limits::default(), |simulator, client| {
        // The first piece holds the head, and nothing follows it.
        let (bytes, pause) = (1024, Duration::from_secs(3600));
        for (fault, words) in [
            (Fault::Hang, "no answer within 500 ms"),
            (
                Fault::Drip { bytes, pause },
                "did not come to its end within 500 ms",
            ),
        ] {
            simulator.push_fault(fault);
            let (session, list) = (client.session(), List::new());
            // Less than an attempt may take, as it is towards the end of a call.
            let call = session.call(&list).with_deadline(Duration::from_millis(500));
            let error = client.drive(call).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    });
}

#[test]
fn both_send_the_same_bytes() {
    let heads: Vec<Vec<String>> = both()
        .into_iter()
        .map(|make| {
            let (address, head) = listeners::record_one_request();
            let session = session(&Simulator::new(), &format!("http://{address}"));
            let list = List::new()
                .member_server_image_name("이미지 +~*")
                .page_no(1)
                .page_size(5);
            assert!(make(session, Limits::default()).send(&list).is_err());
            let mut lines: Vec<String> = head.recv().unwrap().lines().map(str::to_owned).collect();
            lines[1..].sort();
            let varies = |line: &String| {
                !["host:", "x-ncp-apigw-timestamp:", "x-ncp-apigw-signature-v2:"]
                    .iter()
                    .any(|name| line.to_ascii_lowercase().starts_with(name))
            };
            lines.into_iter().filter(varies).collect()
        })
        .collect();
    assert_eq!(heads[0], heads[1]);
    assert_eq!(
        heads[0][0],
        "GET /vserver/v2/getMemberServerImageInstanceList?memberServerImageName=%EC%9D%B4%EB%AF%B8%EC%A7%80%20%2B~%2A\
         &pageNo=1&pageSize=5&responseFormatType=json HTTP/1.1"
    );
    let names: Vec<&str> = heads[0][1..]
        .iter()
        .filter_map(|line| line.split(':').next())
        .collect();
    assert_eq!(names, ["user-agent", "x-ncp-iam-access-key"], "{:?}", heads[0]);
}

#[test]
fn a_connection_that_closes_between_two_calls_is_not_used_for_long() {
    for make in both() {
        let simulator = Simulator::new();
        let address = listeners::answer_and_close(simulator.clone());
        let client = make(
            session(&simulator, &format!("http://{address}")),
            Limits::default(),
        );
        let mut failed_before = false;
        for _ in 0..10 {
            let result = client.send(&List::new());
            // Whether the closing is noticed before the next call is a race; that it is told as what it is, is not.
            if let Err(error) = &result {
                assert_eq!(
                    error.kind(),
                    ErrorKind::Transport { sent: Sent::Maybe },
                    "{error}"
                );
                assert!(
                    !failed_before,
                    "two calls in a row met the same dead connection: {error}"
                );
            }
            failed_before = result.is_err();
        }
        assert!(
            simulator.requests().len() >= 5,
            "nothing is sent twice, and every other call succeeds at least"
        );
    }
}

#[test]
fn many_calls_at_once_all_come_back() {
    with_each(Limits::default(), |simulator, client| {
        client.send_at_once(&List::new().page_no(1).page_size(5), 32);
        assert_eq!(simulator.requests().len(), 32);
    });
}

#[test]
fn expired_credentials_are_not_used() {
    with_each(Limits::default(), |simulator, client| {
        let expired = simulator
            .credentials()
            .clone()
            .with_expiry(SystemTime::UNIX_EPOCH);
        let session = client.session().with_credentials(&expired).unwrap();
        let error = client.with_session(session).send(&List::new()).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("credentials"))
        );
        assert!(simulator.requests().is_empty());
    });
}

#[test]
fn what_arrives_on_an_idle_connection_is_not_taken_for_the_next_answer() {
    for make in [both()[0], both()[1], resting] {
        let simulator = Simulator::new();
        let (address, go, written) = listeners::answer_twice(simulator.clone());
        let client = make(
            session(&simulator, &format!("http://{address}")),
            Limits::default(),
        );
        let first = client.send(&List::new()).unwrap();
        // The stray answer is there before the next call begins.
        go.send(()).unwrap();
        written.recv().unwrap();
        let second = client.send(&List::new()).unwrap();
        assert_eq!(
            second.value, first.value,
            "a stray answer was taken for the answer"
        );
    }
}
