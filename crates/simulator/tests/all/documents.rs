//! How answers look: JSON and XML, layouts, both kinds of error, headers, inventories.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use ncloud_api::vserver::GetMemberServerImageInstanceList as List;
use ncloud_core::{ErrorKind, Format, Raw};
use ncloud_simulator::{Layout, Simulator};

use super::{PATH, list, now, session};

/// One image in one region.
const INVENTORY: &str = r#"{"memberServerImageInstanceList": [{
    "memberServerImageInstanceNo": "1", "memberServerImageName": "web",
    "memberServerImageDescription": "a<b & \"한글\"",
    "memberServerImageBlockStorageTotalRows": 1, "memberServerImageBlockStorageTotalSize": 53687091200,
    "shareStatus": {"code": "NULL"}, "sharedLoginIdList": ["me@example.com"], "platformTypeCode": "LNX64"
}]}"#;

fn raw(simulator: &Simulator, call: &Raw) -> Response<Bytes> {
    simulator.handle(session(simulator).raw(call, now()).unwrap(), now())
}

fn text(response: &Response<Bytes>) -> &str {
    std::str::from_utf8(response.body()).unwrap()
}

fn content_type(response: &Response<Bytes>) -> &str {
    response.headers()["content-type"].to_str().unwrap()
}

#[test]
fn json_is_laid_out_as_the_platform_does_it() {
    let builder = Simulator::builder().inventory_json(INVENTORY.as_bytes()).unwrap();
    let call = Raw::new(Method::GET, PATH).query("responseFormatType", "JSON");
    let response = raw(&builder.clone().build(), &call);
    assert_eq!(
        text(&response),
        r#"{
  "getMemberServerImageInstanceListResponse": {
    "totalRows": 1,
    "memberServerImageInstanceList": [
      {
        "memberServerImageInstanceNo": "1",
        "memberServerImageName": "web",
        "memberServerImageDescription": "a<b & \"한글\"",
        "memberServerImageBlockStorageTotalRows": 1,
        "memberServerImageBlockStorageTotalSize": 53687091200,
        "shareStatus": {
          "code": "NULL"
        },
        "sharedLoginIdList": [
          "me@example.com"
        ]
      }
    ],
    "requestId": "00000000-0000-4000-8000-000000000001",
    "returnCode": "0",
    "returnMessage": "success"
  }
}"#
    );
    assert_eq!(content_type(&response), "application/json;charset=UTF-8");
    assert_eq!(
        response.headers()["x-ncp-trace-id"],
        "00000000-0000-4000-8000-000000000001"
    );

    let odd = builder
        .layout(Layout::Compact)
        .byte_order_mark(true)
        .trailing_newline(true);
    let response = raw(&odd.build(), &call);
    assert!(text(&response).starts_with(
        "\u{feff}{\"getMemberServerImageInstanceListResponse\":{\"totalRows\":1,\"memberServer"
    ));
    assert!(text(&response).ends_with("\"returnMessage\":\"success\"}}\n"));
}

#[test]
fn xml_is_the_default_and_begins_with_the_request_id() {
    let builder = Simulator::builder().inventory_json(INVENTORY.as_bytes()).unwrap();
    let call = Raw::new(Method::GET, PATH);
    let response = raw(&builder.clone().build(), &call);
    assert_eq!(
        text(&response),
        r#"<?xml version="1.0" encoding="UTF-8"?>
<getMemberServerImageInstanceListResponse>
  <requestId>00000000-0000-4000-8000-000000000001</requestId>
  <returnCode>0</returnCode>
  <returnMessage>success</returnMessage>
  <totalRows>1</totalRows>
  <memberServerImageInstanceList>
    <memberServerImageInstance>
      <memberServerImageInstanceNo>1</memberServerImageInstanceNo>
      <memberServerImageName>web</memberServerImageName>
      <memberServerImageDescription>a&lt;b &amp; "한글"</memberServerImageDescription>
      <memberServerImageBlockStorageTotalRows>1</memberServerImageBlockStorageTotalRows>
      <memberServerImageBlockStorageTotalSize>53687091200</memberServerImageBlockStorageTotalSize>
      <shareStatus>
        <code>NULL</code>
      </shareStatus>
      <sharedLoginIdList>
        <sharedLoginId>me@example.com</sharedLoginId>
      </sharedLoginIdList>
    </memberServerImageInstance>
  </memberServerImageInstanceList>
</getMemberServerImageInstanceListResponse>"#
    );
    assert_eq!(content_type(&response), "application/xml;charset=UTF-8");
    let compact = raw(&builder.layout(Layout::Compact).build(), &call);
    assert!(text(&compact).contains("?><getMemberServerImageInstanceListResponse><requestId>"));
}

#[test]
fn both_formats_decode_to_the_same() {
    for builder in [
        Simulator::builder(),
        Simulator::builder()
            .layout(Layout::Compact)
            .byte_order_mark(true)
            .trailing_newline(true),
    ] {
        let simulator = builder.build();
        let json = list(&simulator, &List::new()).unwrap();
        let session = session(&simulator).with_format(Format::Xml);
        let response = simulator.handle(session.request(&List::new(), now()).unwrap(), now());
        assert_eq!(content_type(&response), "application/xml;charset=UTF-8");
        assert_eq!(session.parse::<List>(response).unwrap().value, json);
        let images = &json.member_server_image_instance_list;
        let described = |text: &str| {
            images
                .iter()
                .any(|image| image.member_server_image_description.as_deref() == Some(text))
        };
        assert!(described("DB 서버 표준 이미지 (운영 <검증 완료> & 승인)"));
        assert!(described("Lobby, tab\there and two lines:\nline two"));
    }
}

#[test]
fn errors_of_the_gateway_come_in_both_formats() {
    let simulator = Simulator::new();
    let put = Raw::new(Method::PUT, PATH);
    let path = Raw::new(Method::GET, "/vserver/v2/getNothing");
    let above = Raw::new(Method::GET, format!("{PATH}/more"));
    for call in [put, path, above] {
        let response = raw(&simulator, &call.clone().query("responseFormatType", "json"));
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(content_type(&response), "application/json;charset=UTF-8");
        assert_eq!(
            text(&response),
            r#"{"error":{"errorCode":"300","message":"Not Found Exception","details":""}}"#
        );
        let response = raw(&simulator, &call);
        assert_eq!(
            text(&response),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><error><errorCode>300</errorCode>\
             <message>Not Found Exception</message><details></details></error>"
        );
        let error = session(&simulator).parse::<List>(response).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Gateway, Some("300")));
    }
    for call in [
        Raw::new(Method::GET, format!("{PATH}?memberServerImageName=%FF")),
        Raw::new(Method::POST, PATH).body("application/x-www-form-urlencoded", "a=%4"),
        Raw::new(Method::POST, PATH).body("application/json", "{}"),
    ] {
        let response = raw(&simulator, &call);
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(
            text(&response).contains("<errorCode>100</errorCode><message>Bad Request Exception</message>")
        );
    }
}

#[test]
fn errors_of_the_service_come_in_both_formats() {
    let simulator = Simulator::new();
    let call = Raw::new(Method::GET, PATH).query("pageNo", "1");
    let response = raw(&simulator, &call.clone().query("responseFormatType", "json"));
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        text(&response),
        "{\n  \"responseError\": {\n    \"returnCode\": \"1100\",\n    \"returnMessage\": \
         \"The parameter pageSize is required when pageNo is given.\"\n  }\n}"
    );
    let response = raw(&simulator, &call);
    assert_eq!(
        text(&response),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<responseError>\n  <returnCode>1100</returnCode>\n  \
         <returnMessage>The parameter pageSize is required when pageNo is given.</returnMessage>\n</responseError>"
    );
    let error = session(&simulator).parse::<List>(response).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Service, Some("1100")));
    assert_eq!(error.request_id(), Some("00000000-0000-4000-8000-000000000002"));
}

#[test]
fn an_inventory_fills_in_what_may_be_left_out() {
    let simulator = Simulator::builder()
        .inventory_json(INVENTORY.as_bytes())
        .unwrap()
        .build();
    let in_region = |region: &str| list(&simulator, &List::new().region_code(region));
    assert_eq!(in_region("KR").unwrap().total_rows, Some(1));
    assert_eq!(in_region("JPN").unwrap().total_rows, Some(0));

    let elsewhere = br#"{"regionList": [{"regionCode": "FKR"}], "memberServerImageInstanceList":
        [{"memberServerImageInstanceNo": "1", "memberServerImageName": "web"}]}"#;
    let simulator = Simulator::builder().inventory_json(elsewhere).unwrap().build();
    assert_eq!(list(&simulator, &List::new()).unwrap().total_rows, Some(1));
    assert_eq!(
        list(&simulator, &List::new().region_code("FKR"))
            .unwrap()
            .total_rows,
        Some(1)
    );
    assert!(list(&simulator, &List::new().region_code("KR")).is_err());
}

#[test]
fn a_bad_inventory_is_refused_with_the_place() {
    let image = |members: &str| format!(r#"{{"memberServerImageInstanceList": [{members}]}}"#);
    let named = r#"{"memberServerImageInstanceNo": "1", "memberServerImageName": "a"}"#;
    for (document, expected) in [
        (String::new(), "JSON object"),
        ("[]".to_owned(), "JSON object"),
        (
            r#"{"memberServerImageInstanceList": [{]}"#.to_owned(),
            "not readable as JSON",
        ),
        (
            r#"{"serverImages": []}"#.to_owned(),
            "serverImages: is no list of the inventory",
        ),
        (
            image(r#"{"memberServerImageName": "a"}"#),
            "List[0].memberServerImageInstanceNo: is missing",
        ),
        (
            image(r#"{"memberServerImageInstanceNo": "1"}"#),
            "List[0].memberServerImageName: is missing",
        ),
        (
            image(&format!("{named}, {named}")),
            "List[1].memberServerImageInstanceNo: \"1\" stands here twice",
        ),
        (
            image(r#"{"memberServerImageInstanceNo": "0x1", "memberServerImageName": "a"}"#),
            "List[0].memberServerImageInstanceNo: \"0x1\" is no number",
        ),
        (
            image(r#"{"memberServerImageNam": "a"}"#),
            "List[0].memberServerImageNam: is no member",
        ),
        (
            image(r#"{"createDate": "yesterday"}"#),
            "List[0].createDate: expected a date",
        ),
        (
            image(
                r#"{"memberServerImageInstanceNo": "1", "memberServerImageName": "a", "regionCode": "MOON"}"#,
            ),
            "List[0].regionCode: \"MOON\" is not in regionList",
        ),
        (
            r#"{"regionList": [{"regionName": "Moon"}]}"#.to_owned(),
            "regionList[0].regionCode: is missing",
        ),
    ] {
        let error = Simulator::builder()
            .inventory_json(document.as_bytes())
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("inventory"))
        );
        assert!(error.to_string().contains(expected), "{error}");
    }
}
