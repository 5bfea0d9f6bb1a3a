//! The floors: what a careful person would write by hand for one operation, with the same dependencies.

pub mod json;
pub mod request;
pub mod xml;

use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Credentials, Session, Site};

pub const ACCESS_KEY: &str = "ncp_ak_TESTACCESSKEY0001";
pub const SECRET_KEY: &str = "ncp_sk_TESTSECRETKEY0000000000000000000001";

/// The session that the library's side of each comparison uses.
pub fn session() -> Session {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY).expect("the test keys are well-formed");
    Session::new(&credentials, Site::Public).expect("the test keys fit into a header")
}

/// The documented list with its six parameters.
pub fn operation() -> GetMemberServerImageInstanceList {
    GetMemberServerImageInstanceList::new()
        .region_code("KR")
        .member_server_image_instance_no_list(["1234", "2345"])
        .page_no(1)
        .page_size(20)
}

/// A pretty-printed answer with that many images, each with every member.
pub fn json_document(items: usize) -> String {
    let mut list = Vec::with_capacity(items);
    for number in 0..items {
        list.push(format!(
            r#"            {{
                "memberServerImageInstanceNo": "{no}",
                "memberServerImageName": "test-image-{number}",
                "memberServerImageDescription": "made for the benchmark, number {number}",
                "originalServerInstanceNo": "{server}",
                "originalServerImageProductCode": "SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050",
                "memberServerImageInstanceStatus": {{
                    "code": "CREAT",
                    "codeName": "NSI CREATED state"
                }},
                "memberServerImageInstanceOperation": {{
                    "code": "NULL",
                    "codeName": "NSI NULL OP"
                }},
                "memberServerImageInstanceStatusName": "created",
                "createDate": "2025-06-26T11:09:07+0900",
                "memberServerImageBlockStorageTotalRows": 1,
                "memberServerImageBlockStorageTotalSize": 53687091200,
                "shareStatus": {{
                    "code": "NULL",
                    "codeName": "NSI Share NULL State"
                }},
                "sharedLoginIdList": []
            }}"#,
            no = 1_002_264 + number,
            server = 2_002_010 + number,
        ));
    }
    format!(
        r#"{{
    "getMemberServerImageInstanceListResponse": {{
        "totalRows": {items},
        "memberServerImageInstanceList": [
{list}
        ],
        "requestId": "19ca615c-faa2-4e05-9bd1-c4ecf8f2c7b2",
        "returnCode": "0",
        "returnMessage": "success"
    }}
}}"#,
        list = list.join(",\n")
    )
}

/// The same answer in XML.
pub fn xml_document(items: usize) -> String {
    let mut list = String::new();
    for number in 0..items {
        list.push_str(&format!(
            r"    <memberServerImageInstance>
      <memberServerImageInstanceNo>{no}</memberServerImageInstanceNo>
      <memberServerImageName>test-image-{number}</memberServerImageName>
      <memberServerImageDescription>made for the benchmark, number {number}</memberServerImageDescription>
      <originalServerInstanceNo>{server}</originalServerInstanceNo>
      <originalServerImageProductCode>SW.VSVR.OS.LNX64.UBNTU.SVR2004.B050</originalServerImageProductCode>
      <memberServerImageInstanceStatus>
        <code>CREAT</code>
        <codeName>NSI CREATED state</codeName>
      </memberServerImageInstanceStatus>
      <memberServerImageInstanceOperation>
        <code>NULL</code>
        <codeName>NSI NULL OP</codeName>
      </memberServerImageInstanceOperation>
      <memberServerImageInstanceStatusName>created</memberServerImageInstanceStatusName>
      <createDate>2025-06-26T11:09:07+0900</createDate>
      <memberServerImageBlockStorageTotalRows>1</memberServerImageBlockStorageTotalRows>
      <memberServerImageBlockStorageTotalSize>53687091200</memberServerImageBlockStorageTotalSize>
      <shareStatus>
        <code>NULL</code>
        <codeName>NSI Share NULL State</codeName>
      </shareStatus>
      <sharedLoginIdList></sharedLoginIdList>
    </memberServerImageInstance>
",
            no = 1_002_264 + number,
            server = 2_002_010 + number,
        ));
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<getMemberServerImageInstanceListResponse>
  <requestId>19ca615c-faa2-4e05-9bd1-c4ecf8f2c7b2</requestId>
  <returnCode>0</returnCode>
  <returnMessage>success</returnMessage>
  <totalRows>{items}</totalRows>
  <memberServerImageInstanceList>
{list}  </memberServerImageInstanceList>
</getMemberServerImageInstanceListResponse>"#
    )
}
