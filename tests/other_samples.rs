//! Samples of other operations, live and documented: operations declared here read them, so that the engine is tested on more
//! than the one operation it comes with.

use ncloud_core::shape::Shape;
use ncloud_core::{DateTime, Error, ErrorKind, Info, Operation, Reply, Service, shape};

use crate::support::{answer, entries, read_golden, session};

const VSERVER: Service = Service::new("vserver", "/vserver/v2");

#[derive(Debug, Default, PartialEq)]
struct Code {
    code: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Default, PartialEq)]
struct Region {
    code: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Default, PartialEq)]
struct LoginKey {
    fingerprint: Option<String>,
    name: Option<String>,
    created: Option<DateTime>,
}

#[derive(Debug, Default, PartialEq)]
struct BlockStorage {
    number: Option<String>,
    server: Option<String>,
    size: Option<u64>,
    device: Option<String>,
    status: Option<Code>,
    operation: Option<Code>,
    status_name: Option<String>,
    encrypted: Option<bool>,
}

#[derive(Debug, Default, PartialEq)]
struct Server {
    number: Option<String>,
    memory: Option<u64>,
    operation: Option<Code>,
    started: Option<DateTime>,
    protected: Option<bool>,
    interfaces: Vec<String>,
    partitions: Vec<Code>,
    script: Option<String>,
}

#[derive(Debug, Default, PartialEq)]
struct RootPassword {
    server: Option<String>,
    password: Option<String>,
}

/// Everything that an answer of one of these samples may hold.
#[derive(Debug, Default, PartialEq)]
struct Output {
    total_rows: Option<i32>,
    regions: Vec<Region>,
    keys: Vec<LoginKey>,
    storages: Vec<BlockStorage>,
    servers: Vec<Server>,
    passwords: Vec<RootPassword>,
}

shape! { Code { "code" => code, "codeName" => name } }
shape! { Region { "regionCode" => code, "regionName" => name } }
shape! { LoginKey { "fingerprint" => fingerprint, "keyName" => name, "createDate" => created } }
shape! {
    BlockStorage {
        "blockStorageInstanceNo" => number,
        "serverInstanceNo" => server,
        "blockStorageSize" => size,
        "deviceName" => device,
        "blockStorageInstanceStatus" => status,
        "blockStorageInstanceOperation" => operation,
        "blockStorageInstanceStatusName" => status_name,
        "isEncryptedVolume" => encrypted,
    }
}
shape! {
    Server {
        "serverInstanceNo" => number,
        "memorySize" => memory,
        "serverInstanceOperation" => operation,
        "uptime" => started,
        "isProtectServerTermination" => protected,
        "networkInterfaceNoList" => interfaces,
        "blockDevicePartitionList" => partitions,
        "initScriptNo" => script,
    }
}
shape! { RootPassword { "serverInstanceNo" => server, "rootPassword" => password } }
shape! {
    Output {
        "totalRows" => total_rows,
        "regionList" => regions,
        "loginKeyList" => keys,
        "blockStorageInstanceList" => storages,
        "serverInstanceList" => servers,
        "rootPasswordServerInstanceList" => passwords,
    }
}

/// An operation without parameters, whose answer may be any of the samples.
#[derive(Debug, Default)]
struct Any {}

shape! { Any {} }

impl Operation for Any {
    type Output = Output;
    const INFO: Info = Info::mutating(VSERVER, "any");

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// An operation whose answer holds nothing but the three members that every answer has.
#[derive(Debug, Default, PartialEq)]
struct Bare {}

shape! { Bare {} }

impl Operation for Bare {
    type Output = Bare;
    const INFO: Info = Info::mutating(VSERVER, "bare");

    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
}

fn sample<O: Operation<Output: Shape>>(name: &str) -> Result<Reply<O::Output>, Error> {
    let body = read_golden(&format!("wire/samples/{name}"));
    session().parse::<O>(answer(200, "", body))
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[test]
fn regions_are_read_from_json_and_from_xml_without_indentation() {
    let region = |code: &str, name: &str| Region {
        code: Some(text(code)),
        name: Some(text(name)),
    };
    let json = sample::<Any>("getRegionList.json").unwrap().value;
    let expected = [
        region("KR", "Korea"),
        region("SGN", "Singapore(New)"),
        region("JPN", "Japan(New)"),
    ];
    assert_eq!(
        (json.total_rows, json.regions.as_slice()),
        (Some(3), &expected[..])
    );
    let xml = sample::<Any>("getRegionList.xml").unwrap();
    assert_eq!(xml.request_id(), Some("ac39d0d1-6982-4f0b-8c18-47ca9100d51b"));
    assert_eq!(xml.value.regions, expected[..1]);
}

#[test]
fn login_keys_are_read_from_json_and_xml_with_their_dates() {
    let json = sample::<Any>("getLoginKeyList.classic-cli.json").unwrap().value;
    assert_eq!((json.total_rows, json.keys.len()), (Some(215), 3));
    assert_eq!(json.keys[2].name.as_deref(), Some("hadoopcentral"));
    let created = json.keys[0].created.unwrap();
    assert_eq!(created.to_string(), "2018-02-20T14:34:12+0900");
    let xml = sample::<Any>("getLoginKeyList.xml").unwrap().value;
    assert_eq!(xml.keys[0].name.as_deref(), Some("test-***"));
    assert_eq!(xml.keys[0].created.unwrap().offset_seconds(), 9 * 3600);
}

#[test]
fn an_answer_with_the_three_common_members_alone_is_success() {
    for name in ["deleteLoginKeys.json", "deleteLoginKeys.xml"] {
        let reply = sample::<Bare>(name).unwrap();
        assert_eq!(reply.head.return_code(), Some("0"), "{name}");
        assert_eq!(reply.head.return_message(), Some("success"));
        assert!(reply.request_id().is_some_and(|id| id.len() == 36));
    }
}

/// Sample, server, device, status, operation and the phrase for both.
const BLOCK_STORAGES: [[&str; 6]; 4] = [
    [
        "createBlockStorageInstance.xml",
        "3000226",
        "",
        "INIT",
        "NULL",
        "initialized",
    ],
    [
        "attachBlockStorageInstance.xml",
        "3000226",
        "",
        "CREAT",
        "ATTAC",
        "attaching",
    ],
    [
        "detachBlockStorageInstances.xml",
        "3000226",
        "/dev/xvdb",
        "ATTAC",
        "DETAC",
        "detaching",
    ],
    [
        "deleteBlockStorageInstances.xml",
        "",
        "",
        "CREAT",
        "TERMT",
        "terminating",
    ],
];

#[test]
fn block_storages_are_read_from_live_xml_in_every_state() {
    for [name, server, device, status, operation, words] in BLOCK_STORAGES {
        let full = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let code = |code: &Option<Code>| code.as_ref().unwrap().code.clone();
        let value = sample::<Any>(name).unwrap().value;
        assert_eq!((value.total_rows, value.storages.len()), (Some(1), 1), "{name}");
        let storage = &value.storages[0];
        assert_eq!(storage.number.as_deref(), Some("3180443"));
        assert_eq!(storage.server, full(server));
        assert_eq!(storage.device, full(device));
        assert_eq!(storage.size, Some(107_374_182_400));
        assert_eq!(code(&storage.status), full(status));
        assert_eq!(code(&storage.operation), full(operation));
        assert_eq!(storage.status_name, full(words));
        assert_eq!(storage.encrypted, Some(false));
    }
}

#[test]
fn a_server_is_read_from_live_xml_with_its_list_of_texts() {
    let value = sample::<Any>("rebootServerInstances.xml").unwrap().value;
    let expected = Server {
        number: Some(text("3000226")),
        memory: Some(4_294_967_296),
        operation: Some(Code {
            code: Some(text("RESTA")),
            name: Some(text("Server RESTART OP")),
        }),
        started: Some("2024-05-27T18:55:18+0900".parse().unwrap()),
        protected: Some(false),
        interfaces: vec!["340071".to_owned()],
        partitions: Vec::new(),
        script: None,
    };
    assert_eq!(value.servers, [expected]);
}

#[test]
fn a_classic_answer_is_read_the_same_way() {
    let value = sample::<Any>("getRootPasswordServerInstanceList.classic-cli.json")
        .unwrap()
        .value;
    let servers: Vec<_> = value
        .passwords
        .iter()
        .map(|one| one.server.as_deref().unwrap())
        .collect();
    assert_eq!(servers, ["886621", "886624"]);
    assert_eq!(value.passwords[0].password.as_deref(), Some("********"));
}

#[test]
fn a_sample_that_ends_too_early_is_a_decode_error() {
    let partial: Vec<_> = entries("wire/samples", 20)
        .into_iter()
        .filter(|name| name.contains(".partial."))
        .collect();
    assert!(partial.len() >= 6);
    for name in partial {
        for error in [
            sample::<Any>(&name).map(drop).unwrap_err(),
            sample::<Bare>(&name).map(drop).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Decode, "{name}");
            assert_eq!(error.code(), None);
        }
    }
}

#[test]
fn an_answer_cut_at_any_byte_is_an_error_or_complete_and_never_a_panic() {
    for name in [
        "getRegionList.json",
        "getLoginKeyList.xml",
        "deleteLoginKeys.json",
    ] {
        let whole = read_golden(&format!("wire/samples/{name}"));
        let end = whole.trim_ascii_end().len();
        for length in 0..end {
            let response = answer(200, "", whole[..length].to_vec());
            let error = session().parse::<Any>(response).map(drop).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{name} cut at {length}");
        }
    }
}

#[test]
fn a_generic_answer_of_another_product_is_a_decode_error() {
    for name in ["gateway-generic-response.json", "gateway-generic-response.xml"] {
        let error = sample::<Any>(name).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{name}");
        assert_eq!(error.status().unwrap(), 200);
    }
}
