//! Both adapters with retries switched on: what passes is outlasted, what must not be repeated is not.

use std::time::Duration;

use http::Method;
use ncloud_core::{ErrorKind, Raw, Retry, Sent};
use ncloud_simulator::Fault;

use crate::adapters::{List, respond, with_each};
use crate::clients::Limits;

#[test]
fn a_clock_that_is_off_is_corrected_once_and_for_all() {
    for minutes in [20, -20] {
        with_each(Limits::default(), |simulator, client| {
            let client = client.with_session(client.session().with_retry(Retry::default()));
            simulator.set_clock_offset(minutes * 60);
            assert!(client.send(&List::new()).is_ok());
            assert!(client.send(&List::new()).is_ok());
            let statuses: Vec<_> = simulator
                .requests()
                .iter()
                .map(|record| record.authenticated)
                .collect();
            assert_eq!(statuses, [false, true, true]);
        });
    }
}

#[test]
fn trouble_that_passes_is_outlasted_and_every_attempt_is_signed_anew() {
    with_each(Limits::default(), |simulator, client| {
        let quick = Retry::default()
            .with_back_off(Duration::from_millis(1), Duration::from_millis(5))
            .unwrap();
        let client = client.with_session(client.session().with_retry(quick));
        simulator.push_fault(Fault::Close);
        simulator.push_fault(respond(503, "<html>busy</html>"));
        simulator.push_fault(respond(
            429,
            r#"{"error":{"errorCode":"420","message":"Rate Limited"}}"#,
        ));
        assert_eq!(client.send(&List::new()).unwrap().value.total_rows, Some(25));
        let requests = simulator.requests();
        assert_eq!(requests.len(), 4);
        assert!(requests.iter().all(|record| record.authenticated));

        for _ in 0..4 {
            simulator.push_fault(respond(
                503,
                r#"{"error":{"errorCode":"500","message":"Endpoint Error"}}"#,
            ));
        }
        let error = client.send(&List::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Exhausted { attempts: 4 }, "{error}");
        assert_eq!(
            (error.last().kind(), error.code()),
            (ErrorKind::Gateway, Some("500"))
        );
    });
}

#[test]
fn a_change_that_may_have_been_made_is_not_sent_again() {
    with_each(Limits::default(), |simulator, client| {
        let client = client.with_session(client.session().with_retry(Retry::default()));
        simulator.push_fault(Fault::Close);
        let change =
            Raw::new(Method::POST, "/vserver/v2/stopServerInstances").form("serverInstanceNoList.1", "1");
        let error = client.raw(&change).unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Transport { sent: Sent::Maybe },
            "{error}"
        );
        assert_eq!(simulator.requests().len(), 1);
    });
}
