//! Answers: below `golden/wire/responses`, every file of a folder says the same in another way and must decode to the same
//! value, JSON and XML alike.

use ncloud_api::CommonCode;
use ncloud_api::vserver::MemberServerImageInstance;
use ncloud_core::{ErrorKind, Reply, codec, shape};

use crate::support::{ListOutput, entries, parse, read_golden, refusal};

const REQUEST_ID: &str = "19ca615c-faa2-4e05-9bd1-c4ecf8f2c7b2";

fn code(code: &str, name: &str) -> CommonCode {
    let mut value = CommonCode::default();
    value.code = Some(code.to_owned());
    value.code_name = Some(name.to_owned());
    value
}

/// The image of the documented sample, written down by hand.
fn image() -> MemberServerImageInstance {
    let text = |text: &str| Some(text.to_owned());
    let mut image = MemberServerImageInstance::default();
    image.member_server_image_instance_no = text("*****2264");
    image.member_server_image_name = text("test-***");
    image.original_server_instance_no = text("*****2010");
    image.original_server_image_product_code = text("SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050");
    image.member_server_image_instance_status = Some(code("CREAT", "NSI CREATED state"));
    image.member_server_image_instance_operation = Some(code("NULL", "NSI NULL OP"));
    image.member_server_image_instance_status_name = text("created");
    image.create_date = Some("2025-06-26T11:09:07+0900".parse().unwrap());
    image.member_server_image_block_storage_total_rows = Some(1);
    image.member_server_image_block_storage_total_size = Some(53_687_091_200);
    image.share_status = Some(code("NULL", "NSI Share NULL State"));
    image
}

fn output(total_rows: i32, images: Vec<MemberServerImageInstance>) -> ListOutput {
    let mut output = ListOutput::default();
    output.total_rows = Some(total_rows);
    output.member_server_image_instance_list = images;
    output
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').expect("an extension").1
}

fn decode(path: &str) -> Reply<ListOutput> {
    let content_type = if extension(path) == "xml" {
        "application/xml;charset=UTF-8"
    } else {
        "application/json;charset=UTF-8"
    };
    parse(200, content_type, read_golden(path)).unwrap_or_else(|error| panic!("{path}: {error:?}"))
}

fn check(folder: &str, at_least: usize, expected: &ListOutput) {
    let folder = format!("wire/responses/{folder}");
    let names = entries(&folder, at_least);
    for kind in ["json", "xml"] {
        assert!(
            names.iter().any(|name| extension(name) == kind),
            "no {kind} in {folder}"
        );
    }
    for name in names {
        let path = format!("{folder}/{name}");
        let reply = decode(&path);
        assert_eq!(&reply.value, expected, "{path}");
        assert_eq!(reply.request_id(), Some(REQUEST_ID), "{path}");
        assert_eq!(reply.head.return_code(), Some("0"), "{path}");
        assert_eq!(reply.head.return_message(), Some("success"), "{path}");
        assert_eq!(reply.head.status(), 200);
    }
}

#[test]
fn layout_order_and_spelling_of_an_answer_do_not_matter() {
    check("documented", 46, &output(1, vec![image()]));
}

#[test]
fn a_list_that_is_null_missing_or_empty_is_an_empty_list() {
    check("no-images", 10, &output(0, Vec::new()));
}

#[test]
fn a_number_where_a_text_is_due_is_its_text() {
    let mut image = image();
    let text = |text: &str| Some(text.to_owned());
    image.member_server_image_instance_no = text("2264");
    image.member_server_image_name = text("-17");
    image.member_server_image_description = text("true");
    image.original_server_instance_no = text("18446744073709551615");
    image.original_server_image_product_code = text("0.5");
    image.shared_login_id_list = vec!["1".to_owned(), "2".to_owned()];
    check("numeric-texts", 4, &output(1, vec![image]));
}

#[test]
fn an_unknown_code_is_kept_and_an_empty_one_is_absent() {
    let mut image = image();
    image.member_server_image_instance_status = Some(code("FROZN", "NSI FROZEN state"));
    image.member_server_image_instance_operation = None;
    image.share_status = Some(CommonCode::default());
    check("unknown-codes", 3, &output(1, vec![image]));
}

#[test]
fn items_of_a_list_may_have_any_name() {
    let (mut first, mut second) = (image(), image());
    first.shared_login_id_list = vec!["one@example.com".to_owned(), "두 번째 & <셋>".to_owned()];
    second.member_server_image_instance_no = Some("2".to_owned());
    second.shared_login_id_list = vec!["x".to_owned()];
    check("two-shared-images", 6, &output(215, vec![first, second]));
}

/// The whole document, for writing it again.
#[derive(Default)]
struct Document {
    response: Option<Body>,
}

#[derive(Default)]
struct Body {
    request_id: Option<String>,
    return_code: Option<String>,
    total_rows: Option<i32>,
    images: Vec<MemberServerImageInstance>,
}

shape! { Document { "getMemberServerImageInstanceListResponse" => response } }
shape! {
    Body {
        "requestId" => request_id,
        "returnCode" => return_code,
        "totalRows" => total_rows,
        "memberServerImageInstanceList" => images,
    }
}

#[test]
fn what_our_own_writers_write_decodes_to_what_was_written() {
    let mut many = image();
    many.shared_login_id_list = vec!["a".to_owned(), "<&>\"'한".to_owned()];
    let expected = output(2, vec![image(), many]);
    let body = Body {
        request_id: Some("id".to_owned()),
        return_code: Some("0".to_owned()),
        total_rows: expected.total_rows,
        images: expected.member_server_image_instance_list.clone(),
    };
    let root = "getMemberServerImageInstanceListResponse";
    let mut documents = vec![
        codec::xml::write(root, &body, codec::xml::Layout::Compact),
        codec::xml::write(root, &body, codec::xml::Layout::Pretty),
    ];
    let document = Document { response: Some(body) };
    documents.push(codec::json::write(&document, codec::json::Layout::Compact));
    documents.push(codec::json::write(&document, codec::json::Layout::Pretty));
    for document in documents {
        let text = String::from_utf8(document.clone()).unwrap();
        let reply = parse(200, "", document).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(reply.value, expected, "{text}");
    }
}

#[test]
fn the_pretty_json_layout_is_the_one_that_slicing_clients_need() {
    let document = Document {
        response: Some(Body {
            total_rows: Some(0),
            ..Body::default()
        }),
    };
    let text = codec::json::write(&document, codec::json::Layout::Pretty);
    let expected = concat!(
        "{\n",
        "  \"getMemberServerImageInstanceListResponse\": {\n",
        "    \"totalRows\": 0,\n",
        "    \"memberServerImageInstanceList\": []\n",
        "  }\n",
        "}"
    );
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn every_status_of_success_is_success() {
    for status in [200, 201, 202] {
        let body = read_golden("wire/responses/documented/documented.json");
        let reply = parse(status, "application/json", body).unwrap();
        assert_eq!(reply.value, output(1, vec![image()]));
        assert_eq!(reply.head.status(), status);
    }
}

#[test]
fn an_answer_in_which_nothing_is_known_is_a_decode_error() {
    for body in [
        "{}",
        " {} \n",
        "{\"unknown\": 1, \"other\": {\"totalRows\": 1}}",
        "{\"getMemberServerImageInstanceListResponse\": null}",
        "<a/>",
        "<a><unknown>1</unknown></a>",
        "{\"status\": {\"code\": \"20000\", \"message\": \"OK\"}, \"result\": {}}",
        "<Message><status><code>20000</code><message>OK</message></status><result> ... </result></Message>",
    ] {
        let error = refusal(200, "", body);
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.operation(), Some("getMemberServerImageInstanceList"));
        assert_eq!(error.body(), Some(body.as_bytes()));
        let line = error.to_string();
        assert!(
            line.contains("getMemberServerImageInstanceListResponse"),
            "{line}"
        );
    }
}

#[test]
fn a_member_of_the_wrong_kind_is_a_decode_error_that_names_it_once() {
    const IMAGES: &str = "getMemberServerImageInstanceListResponse.memberServerImageInstanceList";
    for (member, path) in [
        ("\"totalRows\": \"many\"", "totalRows"),
        ("\"totalRows\": 1.5", "totalRows"),
        ("\"totalRows\": 2147483648", "totalRows"),
        ("\"totalRows\": true", "totalRows"),
        ("\"totalRows\": []", "totalRows"),
        ("\"totalRows\": {\"a\": 1}", "totalRows"),
    ] {
        let body = format!("{{\"getMemberServerImageInstanceListResponse\": {{{member}}}}}");
        let error = refusal(200, "application/json", body);
        let path = format!("getMemberServerImageInstanceListResponse.{path}");
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.field(), Some(path.as_str()), "{member}");
        let line = error.to_string();
        assert_eq!(line.matches(&path).count(), 1, "{line}");
    }
    for (item, path) in [
        ("1", "[0]"),
        ("{\"createDate\": \"yesterday\"}", "[0].createDate"),
        ("{}, {\"shareStatus\": \"x\"}", "[1].shareStatus"),
        ("{\"sharedLoginIdList\": [\"a\", {}]}", "[0].sharedLoginIdList[1]"),
        ("{\"sharedLoginIdList\": \"a\"}", "[0].sharedLoginIdList"),
        (
            "{\"memberServerImageBlockStorageTotalSize\": -1}",
            "[0].memberServerImageBlockStorageTotalSize",
        ),
    ] {
        let body = format!(
            "{{\"getMemberServerImageInstanceListResponse\": {{\"memberServerImageInstanceList\": [{item}]}}}}"
        );
        let error = refusal(200, "application/json", body);
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.field(),
            Some(format!("{IMAGES}{path}").as_str()),
            "{item}: {error}"
        );
    }
}
