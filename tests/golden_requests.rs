//! Requests: what goes on the wire for one operation in every setting, byte for byte, below `golden/wire/requests`.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Method, Request};
use ncloud_api::SortingOrder;
use ncloud_api::vserver::{
    CreateMemberServerImageInstance, DeleteMemberServerImageInstances, GetMemberServerImageInstanceDetail,
    GetMemberServerImageInstanceList, MemberServerImageInstanceStatusCode, MemberServerImageSortedBy,
    PlatformTypeCode,
};
use ncloud_core::{Credentials, Endpoint, Format, Operation, Session, Site, Verb};

use crate::support::{
    ACCESS_KEY, SECRET_KEY, assert_golden, assert_signed, credentials, now, session, target,
};

/// Length up to which a read goes as GET.
const URI_LIMIT: usize = 4096;

fn nothing() -> GetMemberServerImageInstanceList {
    GetMemberServerImageInstanceList::new()
}

fn everything() -> GetMemberServerImageInstanceList {
    nothing()
        .region_code("KR")
        .member_server_image_instance_no_list(["1234", "2345"])
        .member_server_image_name("web-image")
        .member_server_image_instance_status_code(MemberServerImageInstanceStatusCode::Creat)
        .platform_type_code_list([PlatformTypeCode::Lnx64, PlatformTypeCode::Wnd64])
        .page_no(1)
        .page_size(20)
        .sorted_by(MemberServerImageSortedBy::MemberServerImageName)
        .sorting_order(SortingOrder::Desc)
}

/// Values that break an encoder which encodes too little, too much, twice, or differently in lists.
fn special() -> GetMemberServerImageInstanceList {
    nothing()
        .member_server_image_instance_no_list(["서버 1", "a b&c=d+e%한~", "%41", "\r\n"])
        .member_server_image_name("서버 +&=%~;,/?:@!$'()*#[]\"<>\\^`{|}🙂")
        .platform_type_code_list(["NEW 64"])
        .sorting_order("±")
}

/// The whole request as text: request line, headers in order of their names (sensitive ones too: the keys are for tests
/// only), an empty line, the body.
fn render(request: &Request<Bytes>) -> String {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    let mut headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            match value.strip_prefix("ncloud-rust/") {
                Some(version) if version.split('.').count() == 3 => format!("{name}: ncloud-rust/<version>"),
                _ => format!("{name}: {value}"),
            }
        })
        .collect();
    headers.sort();
    for header in headers {
        writeln!(text, "{header}").unwrap();
    }
    let body = std::str::from_utf8(request.body()).expect("a form is ASCII");
    writeln!(text, "\n{body}").unwrap();
    text
}

fn check(name: &str, session: &Session, operation: &impl Operation) {
    let request = session.request(operation, now()).unwrap();
    assert_signed(session, &request);
    assert_golden(&format!("wire/requests/{name}"), &render(&request));
}

#[test]
fn a_read_goes_as_get_with_everything_in_the_query() {
    check("get-nothing", &session(), &nothing());
    check("get-everything", &session(), &everything());
    check("get-special-characters", &session(), &special());
}

#[test]
fn a_read_goes_as_post_with_everything_in_the_body_if_asked_for() {
    let session = session().with_verb(Verb::Post);
    check("post-nothing", &session, &nothing());
    check("post-everything", &session, &everything());
    check("post-special-characters", &session, &special());
}

#[test]
fn what_changes_something_goes_as_post_whatever_the_session_says() {
    let create = CreateMemberServerImageInstance::new("900101")
        .member_server_image_name("web-image")
        .member_server_image_description("이미지 a&b=c+d%");
    let delete = DeleteMemberServerImageInstances::new(["1000001", "1000038"]);
    let session = session().with_verb(Verb::Get).with_region("KR").unwrap();
    check("create-image", &session, &create);
    check("delete-images", &session, &delete);
    let detail = GetMemberServerImageInstanceDetail::new("1000001");
    check("get-image-detail", &session, &detail.region_code("SGN"));
}

#[test]
fn the_sessions_region_stands_in_where_the_operation_has_none() {
    let session = session().with_region("SGN").unwrap();
    check("get-session-region", &session, &nothing().page_size(1));
    check("get-own-region", &session, &everything());
    let session = session.with_verb(Verb::Post);
    check("post-session-region", &session, &nothing().page_size(1));
    check("post-own-region", &session, &everything());
}

#[test]
fn the_format_of_the_answer_is_asked_for() {
    let session = session().with_format(Format::Xml);
    check("get-xml", &session, &nothing());
    check("post-xml", &session.with_verb(Verb::Post), &nothing());
}

#[test]
fn the_gateway_of_the_endpoint_gets_the_request_below_its_base_path() {
    let government = Session::new(&credentials(), Site::Government).unwrap();
    check("get-government", &government, &nothing());
    let financial = Session::new(&credentials(), Site::Financial).unwrap();
    check("get-financial", &financial, &nothing());
    let own = Endpoint::new("http://127.0.0.1:8080/proxy/").unwrap();
    let own = Session::new(&credentials(), own).unwrap();
    check("get-own-endpoint", &own, &nothing());
    let own = own
        .with_verb(Verb::Post)
        .with_user_agent("my-tool/1.0 (tests)")
        .unwrap();
    check("post-own-endpoint", &own, &nothing());
}

fn of_length(session: &Session, length: usize) -> GetMemberServerImageInstanceList {
    let shortest = nothing().member_server_image_name("x");
    let request = session.request(&shortest, now()).unwrap();
    let missing = length - request.uri().to_string().len();
    nothing().member_server_image_name("x".repeat(1 + missing))
}

#[test]
fn a_uri_of_exactly_the_limit_goes_as_get_and_a_longer_one_as_post() {
    for endpoint in ["https://ncloud.apigw.ntruss.com", "http://127.0.0.1:8080/proxy"] {
        let session = Session::new(&credentials(), Endpoint::new(endpoint).unwrap()).unwrap();

        let longest = session.request(&of_length(&session, URI_LIMIT), now()).unwrap();
        assert_eq!(longest.method(), Method::GET);
        assert_eq!(longest.uri().to_string().len(), URI_LIMIT);
        assert!(longest.body().is_empty());
        assert_signed(&session, &longest);

        let longer = session
            .request(&of_length(&session, URI_LIMIT + 1), now())
            .unwrap();
        assert_eq!(longer.method(), Method::POST);
        assert_eq!(longer.uri().query(), None);
        assert_eq!(
            longer.headers()["content-type"],
            "application/x-www-form-urlencoded"
        );
        let query = of_length(&session, URI_LIMIT + 1);
        let query = ncloud_core::codec::form::write(&query);
        assert!(
            longer.body().starts_with(&query),
            "the body holds what the query would have held"
        );
        assert_signed(&session, &longer);
    }
}

#[test]
fn a_string_is_signed_as_it_is_sent_whatever_is_in_it() {
    let session = session();
    for name in [
        "한 글", "a+b", "~", "%", "a=b&c", "", "\u{0}\n", "😀", "a.b", "/../",
    ] {
        let operation = nothing().member_server_image_name(name);
        for session in [session.clone(), session.clone().with_verb(Verb::Post)] {
            assert_signed(&session, &session.request(&operation, now()).unwrap());
        }
    }
}

#[test]
fn the_same_operation_is_built_the_same_every_time_and_is_left_as_it_was() {
    let (session, operation) = (session(), special());
    let before = operation.clone();
    let first = render(&session.request(&operation, now()).unwrap());
    for _ in 0..3 {
        assert_eq!(render(&session.request(&operation, now()).unwrap()), first);
    }
    assert_eq!(operation, before);
}

#[test]
fn another_attempt_a_moment_later_has_a_signature_of_its_own() {
    let session = session();
    let first = session.request(&nothing(), now()).unwrap();
    let later = now() + std::time::Duration::from_millis(1);
    let second = session.request(&nothing(), later).unwrap();
    assert_eq!(first.uri(), second.uri());
    assert_ne!(
        first.headers()["x-ncp-apigw-timestamp"],
        second.headers()["x-ncp-apigw-timestamp"]
    );
    assert_ne!(
        first.headers()["x-ncp-apigw-signature-v2"],
        second.headers()["x-ncp-apigw-signature-v2"]
    );
    assert_signed(&session, &second);
}

#[test]
fn two_sessions_of_one_process_keep_their_keys_and_sites_apart() {
    let one = session();
    let other = Credentials::new(
        "ncp_ak_TESTACCESSKEY0002",
        "ncp_sk_TESTSECRETKEY0000000000000000000002",
    );
    let two = Session::new(&other.unwrap(), Site::Government).unwrap();
    let (first, second) = (one.request(&nothing(), now()), two.request(&nothing(), now()));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(target(&first), target(&second));
    assert_eq!(first.uri().host(), Some("ncloud.apigw.ntruss.com"));
    assert_eq!(second.uri().host(), Some("ncloud.apigw.gov-ntruss.com"));
    assert_eq!(first.headers()["x-ncp-iam-access-key"], ACCESS_KEY);
    assert_eq!(
        second.headers()["x-ncp-iam-access-key"],
        "ncp_ak_TESTACCESSKEY0002"
    );
    assert_signed(&one, &first);
    assert_signed(&two, &second);
    let swapped = Credentials::new("ncp_ak_TESTACCESSKEY0002", SECRET_KEY).unwrap();
    let swapped = one.with_credentials(&swapped).unwrap();
    assert_signed(&swapped, &swapped.request(&nothing(), now()).unwrap());
}

#[test]
fn only_the_older_and_needless_headers_are_left_out() {
    for verb in [Verb::Get, Verb::Post] {
        let request = session().with_verb(verb).request(&nothing(), now()).unwrap();
        let mut names: Vec<&str> = request.headers().keys().map(http::HeaderName::as_str).collect();
        names.sort_unstable();
        let mut expected = vec![
            "user-agent",
            "x-ncp-apigw-signature-v2",
            "x-ncp-apigw-timestamp",
            "x-ncp-iam-access-key",
        ];
        if verb == Verb::Post {
            expected.insert(0, "content-type");
        }
        assert_eq!(names, expected);
    }
}
