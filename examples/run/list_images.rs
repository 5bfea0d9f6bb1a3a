//! `list_images`: its flags, its settings, its lines and its exit codes.

use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::StatusCode;
use ncloud_simulator::{Fault, Server, Simulator};
use serde_json::Value;

use super::{example, start};

fn list_images(simulator: &Simulator, server: &Server, flags: &[&str]) -> Output {
    example("list_images")
        .args(flags)
        .env("NCLOUD_API_GW", server.url())
        .env(
            "NCLOUD_ACCESS_KEY_ID",
            simulator.credentials().access_key().as_str(),
        )
        .env(
            "NCLOUD_SECRET_ACCESS_KEY",
            simulator.credentials().secret_key().expose(),
        )
        .output()
        .unwrap()
}

fn images(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Insists on an exit code, nothing on standard output, and one line on standard error.
fn assert_fails(output: &Output, code: i32) -> String {
    let line = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{line}");
    assert!(output.stdout.is_empty());
    assert_eq!((line.lines().count(), line.ends_with('\n')), (1, true), "{line}");
    line
}

const ADAPTERS: [&str; 2] = ["ureq", "hyper"];

#[test]
fn list_images_prints_the_same_lines_however_it_asks() {
    let (simulator, server) = start();
    let first = list_images(&simulator, &server, &[]);
    assert_eq!(images(&first).len(), 25);
    assert!(first.stderr.is_empty());
    for adapter in ADAPTERS {
        for format in ["json", "xml"] {
            for method in ["get", "post"] {
                let flags = ["--adapter", adapter, "--format", format, "--method", method];
                let output = list_images(&simulator, &server, &flags);
                assert_eq!(output.status.code(), Some(0));
                assert_eq!(output.stdout, first.stdout, "{flags:?}");
            }
        }
    }
}

#[test]
fn list_images_uses_the_names_of_the_wire_and_leaves_absent_members_out() {
    let (simulator, server) = start();
    let body = r#"{"getMemberServerImageInstanceListResponse": {"totalRows": 1, "returnCode": "0",
        "memberServerImageInstanceList": [{"memberServerImageInstanceNo": "2264", "memberServerImageName": null,
        "memberServerImageInstanceStatus": {"code": "CREAT"}, "createDate": "2025-06-26T11:09:07+0900",
        "memberServerImageBlockStorageTotalSize": "53687091200", "sharedLoginIdList": ["a@example.com"]}]}}"#;
    simulator.push_fault(Fault::respond(StatusCode::OK, body));
    let output = list_images(&simulator, &server, &[]);
    let expected = concat!(
        r#"{"memberServerImageInstanceNo":"2264","memberServerImageInstanceStatus":{"code":"CREAT"},"#,
        r#""createDate":"2025-06-26T11:09:07+0900","memberServerImageBlockStorageTotalSize":53687091200,"#,
        r#""sharedLoginIdList":["a@example.com"]}"#,
        "\n"
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
}

#[test]
fn list_images_sends_every_flag_as_its_parameter() {
    let (simulator, server) = start();
    let flags = [
        "--region",
        "KR",
        "--no",
        "1",
        "--no=2",
        "--name",
        "a b",
        "--status",
        "CREAT",
        "--platform",
        "LNX64",
        "--platform",
        "WND64",
        "--page-no",
        "0",
        "--page-size",
        "1000",
        "--sort-by",
        "memberServerImageName",
        "--order",
        "DESC",
    ];
    assert_eq!(list_images(&simulator, &server, &flags).status.code(), Some(0));
    assert_eq!(
        simulator.requests()[0].target,
        "/vserver/v2/getMemberServerImageInstanceList?regionCode=KR&memberServerImageInstanceNoList.1=1\
         &memberServerImageInstanceNoList.2=2&memberServerImageName=a%20b&memberServerImageInstanceStatusCode=CREAT\
         &platformTypeCodeList.1=LNX64&platformTypeCodeList.2=WND64&pageNo=0&pageSize=1000\
         &sortedBy=memberServerImageName&sortingOrder=DESC&responseFormatType=json"
    );
}

#[test]
fn list_images_takes_its_settings_from_a_profile_of_the_configure_file() {
    let (simulator, server) = start();
    let home = Home::new();
    home.write(&format!(
        "[DEFAULT]\nncloud_access_key_id = ncp_ak_TESTOTHER\nncloud_secret_access_key = ncp_sk_TESTOTHER\n\
         [work]\nncloud_access_key_id = {}\nncloud_secret_access_key = {}\nncloud_api_url = {}\n",
        simulator.credentials().access_key().as_str(),
        simulator.credentials().secret_key().expose(),
        server.url(),
    ));
    let output = example("list_images")
        .env("HOME", &home.0)
        .env("USERPROFILE", &home.0)
        .env("NCLOUD_PROFILE", "work")
        .output()
        .unwrap();
    assert_eq!(
        images(&output).len(),
        25,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A folder of its own that is removed at the end.
struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("ncloud-run-{}-{number}", std::process::id()));
        std::fs::create_dir_all(folder.join(".ncloud")).unwrap();
        Self(folder)
    }

    fn write(&self, text: &str) {
        std::fs::write(self.0.join(".ncloud/configure"), text).unwrap();
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn wrong_use_exits_with_2_and_sends_nothing() {
    let (simulator, server) = start();
    for (flags, word) in [
        (&["--adapter", "curl"][..], "ureq or hyper"),
        (&["--format", "yaml"], "json or xml"),
        (&["--method", "put"], "get or post"),
        (&["--page-no", "one"], "whole number"),
        (&["--page-no", "1"], "pageSize"),
        (&["--page-no", "-1", "--page-size", "1"], "pageNo"),
        (&["--page-size", "0"], "1 to 1000"),
        (&["--page-size", "1001"], "1 to 1000"),
        (&["--name"], "--name"),
        (&["--name", ""], "--name"),
        (&["--unknown"], "--unknown"),
        (&["surplus"], "surplus"),
    ] {
        let line = assert_fails(&list_images(&simulator, &server, flags), 2);
        assert!(line.contains(word), "{flags:?}: {line}");
    }
    assert!(simulator.requests().is_empty());
}

#[test]
fn missing_or_wrong_settings_exit_with_2() {
    // The last place to look for keys is the server's metadata service, which here knows of no role.
    let (simulator, server) = start();
    let output = example("list_images")
        .env("NCLOUD_METADATA_API_ENDPOINT", server.url())
        .output()
        .unwrap();
    let line = assert_fails(&output, 2);
    assert!(
        line.contains("NCLOUD_ACCESS_KEY_ID") && line.contains("404"),
        "{line}"
    );
    assert_eq!(simulator.requests().len(), 1);
    let output = example("list_images")
        .env("NCLOUD_ACCESS_KEY", "ncp_ak_TEST")
        .env("NCLOUD_SECRET_KEY", "ncp_sk_TEST")
        .env("NCLOUD_API_GW", "http://gateway.example")
        .output()
        .unwrap();
    assert!(assert_fails(&output, 2).contains("NCLOUD_API_GW"));
}

#[test]
fn a_refusal_exits_with_3() {
    let (simulator, server) = start();
    for adapter in ADAPTERS {
        let output = example("list_images")
            .args(["--adapter", adapter])
            .env("NCLOUD_API_GW", server.url())
            .env("NCLOUD_ACCESS_KEY", "ncp_ak_TESTWRONG")
            .env("NCLOUD_SECRET_KEY", "ncp_sk_TESTWRONG")
            .output()
            .unwrap();
        assert!(assert_fails(&output, 3).contains("Authentication Failed"));
        let line = assert_fails(
            &list_images(&simulator, &server, &["--adapter", adapter, "--region", "MARS"]),
            3,
        );
        assert!(line.contains("service"), "{line}");
    }
}

#[test]
fn a_network_that_fails_exits_with_4() {
    let (simulator, server) = start();
    for adapter in ADAPTERS {
        // As often as a read is tried.
        for _ in 0..4 {
            simulator.push_fault(Fault::Close);
        }
        assert_fails(&list_images(&simulator, &server, &["--adapter", adapter]), 4);
        let nobody = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let output = example("list_images")
            .args(["--adapter", adapter])
            .env("NCLOUD_API_GW", format!("http://{nobody}"))
            .env("NCLOUD_ACCESS_KEY", "ncp_ak_TEST")
            .env("NCLOUD_SECRET_KEY", "ncp_sk_TEST")
            .output()
            .unwrap();
        assert!(assert_fails(&output, 4).contains("not sent"));
    }
}

#[test]
fn an_answer_that_is_none_exits_with_5() {
    let (simulator, server) = start();
    for adapter in ADAPTERS {
        for body in ["<html><body>proxy</body></html>", "{", "", "{}"] {
            simulator.push_fault(Fault::respond(StatusCode::OK, body));
            assert_fails(&list_images(&simulator, &server, &["--adapter", adapter]), 5);
        }
    }
}

#[test]
fn help_is_printed_on_standard_output() {
    let output = example("list_images").arg("--help").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.starts_with(b"Lists the account's server images"));
}
