//! Hand-written structs with serde's derive, read by `serde_json::from_slice`.

#![allow(dead_code, reason = "the structs are filled, not read")]

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    pub get_member_server_image_instance_list_response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    request_id: Option<String>,
    return_code: Option<String>,
    return_message: Option<String>,
    total_rows: Option<i32>,
    #[serde(default)]
    pub member_server_image_instance_list: Vec<Image>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    member_server_image_instance_no: Option<String>,
    member_server_image_name: Option<String>,
    member_server_image_description: Option<String>,
    original_server_instance_no: Option<String>,
    original_server_image_product_code: Option<String>,
    member_server_image_instance_status: Option<CommonCode>,
    member_server_image_instance_operation: Option<CommonCode>,
    member_server_image_instance_status_name: Option<String>,
    create_date: Option<String>,
    member_server_image_block_storage_total_rows: Option<i32>,
    member_server_image_block_storage_total_size: Option<i64>,
    share_status: Option<CommonCode>,
    #[serde(default)]
    shared_login_id_list: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommonCode {
    code: Option<String>,
    code_name: Option<String>,
}

pub fn parse(body: &[u8]) -> Envelope {
    serde_json::from_slice(body).expect("the document is well-formed")
}
