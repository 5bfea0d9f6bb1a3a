//! Samples again, by the typed operations: every member of a documented or live answer has its place.

use ncloud_api::{ReturnCode, server, vserver};
use ncloud_core::codec::json;
use ncloud_core::{Operation, Reply};

use crate::support::{answer, entries, read_golden, session};

fn sample<O: Operation>(name: &str) -> Reply<O::Output> {
    let body = read_golden(&format!("wire/samples/{name}"));
    let reply = session()
        .parse::<O>(answer(200, "", body.clone()))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    // Whatever text stands in the sample stands in what was read of it.
    let written = String::from_utf8(json::write(&reply.value, json::Layout::Compact)).unwrap();
    for text in texts(std::str::from_utf8(&body).unwrap()) {
        let in_head = [
            reply.request_id(),
            reply.head.return_code(),
            reply.head.return_message(),
        ];
        assert!(
            in_head.contains(&Some(text)) || written.contains(text),
            "{name}: {text} is lost in {written}"
        );
    }
    reply
}

/// The values of a sample: what stands between tags, or in quotation marks behind a colon.
fn texts(body: &str) -> Vec<&str> {
    let mut texts = Vec::new();
    for line in body.lines() {
        let line = line.trim().trim_end_matches(',');
        if let Some((_, rest)) = line.split_once('>')
            && let Some((text, _)) = rest.rsplit_once("</")
        {
            texts.push(text);
        } else if let Some((_, value)) = line.split_once("\": ") {
            texts.push(value.trim_matches('"'));
        }
    }
    texts.retain(|text| !text.is_empty() && !text.starts_with(['{', '[']));
    texts
}

#[test]
fn every_whole_sample_is_read_by_its_operation() {
    let mut read = vec![
        "README.md",
        "gateway-generic-response.json",
        "gateway-generic-response.xml",
    ];
    macro_rules! sample {
        ($name:literal, $operation:ty, $rows:expr) => {
            let reply = sample::<$operation>($name);
            assert_eq!(reply.value.total_rows, $rows, $name);
            read.push($name);
        };
    }
    sample!(
        "attachBlockStorageInstance.xml",
        vserver::AttachBlockStorageInstance,
        Some(1)
    );
    sample!(
        "createBlockStorageInstance.xml",
        vserver::CreateBlockStorageInstance,
        Some(1)
    );
    sample!(
        "createBlockStorageSnapshotInstance.xml",
        vserver::CreateBlockStorageSnapshotInstance,
        Some(1)
    );
    sample!(
        "deleteBlockStorageInstances.xml",
        vserver::DeleteBlockStorageInstances,
        Some(1)
    );
    sample!(
        "detachBlockStorageInstances.xml",
        vserver::DetachBlockStorageInstances,
        Some(1)
    );
    sample!("getLoginKeyList.xml", vserver::GetLoginKeyList, Some(1));
    sample!(
        "getLoginKeyList.classic-cli.json",
        server::GetLoginKeyList,
        Some(215)
    );
    sample!("getRegionList.json", vserver::GetRegionList, Some(3));
    sample!("getRegionList.xml", vserver::GetRegionList, Some(1));
    sample!(
        "rebootServerInstances.xml",
        vserver::RebootServerInstances,
        Some(1)
    );
    sample!(
        "getRootPasswordServerInstanceList.classic-cli.json",
        server::GetRootPasswordServerInstanceList,
        Some(2)
    );
    for name in ["deleteLoginKeys.json", "deleteLoginKeys.xml"] {
        sample::<vserver::DeleteLoginKeys>(name);
        read.push(name);
    }
    let mut whole = entries("wire/samples", 20);
    whole.retain(|name| !name.contains(".partial."));
    read.sort_unstable();
    assert_eq!(read, whole);
}

#[test]
fn return_codes_of_errors_are_told_apart() {
    let refusal = |code: &str| {
        let body = format!(r#"{{"responseError": {{"returnCode": "{code}", "returnMessage": "no"}}}}"#);
        let error = session()
            .parse::<vserver::GetRegionList>(answer(400, "application/json", body))
            .unwrap_err();
        ReturnCode::of(&error).unwrap()
    };
    assert!(refusal("1007009").is_busy());
    assert!(refusal("5001017").is_not_found());
    assert!(refusal("77").is_unknown());
    let gateway = session()
        .parse::<vserver::GetRegionList>(answer(
            503,
            "application/json",
            r#"{"error": {"errorCode": "3000", "message": "no"}}"#,
        ))
        .unwrap_err();
    assert_eq!(ReturnCode::of(&gateway), None);
}
