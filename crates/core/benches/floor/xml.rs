//! Hand-written reading of quick-xml's events for one operation.

#![allow(dead_code, reason = "the structs are filled, not read")]

use ncloud_core::DateTime;
use quick_xml::Reader;
use quick_xml::events::Event;

#[derive(Default)]
pub struct Response {
    request_id: Option<String>,
    return_code: Option<String>,
    return_message: Option<String>,
    total_rows: Option<i32>,
    pub images: Vec<Image>,
}

#[derive(Default)]
pub struct Image {
    no: Option<String>,
    name: Option<String>,
    description: Option<String>,
    server_no: Option<String>,
    product_code: Option<String>,
    status: Option<CommonCode>,
    operation: Option<CommonCode>,
    status_name: Option<String>,
    create_date: Option<DateTime>,
    rows: Option<i32>,
    size: Option<u64>,
    share_status: Option<CommonCode>,
    shared_login_ids: Vec<String>,
}

#[derive(Default)]
pub struct CommonCode {
    code: Option<String>,
    code_name: Option<String>,
}

type Source<'x> = Reader<&'x [u8]>;

pub fn parse(body: &[u8]) -> Response {
    let mut reader = Reader::from_str(std::str::from_utf8(body).expect("UTF-8"));
    // The library switches white space between elements off, so a careful hand does.
    reader.config_mut().trim_text_start = true;
    let mut response = Response::default();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => match start.local_name().as_ref() {
                "requestId" => response.request_id = text(&mut reader),
                "returnCode" => response.return_code = text(&mut reader),
                "returnMessage" => response.return_message = text(&mut reader),
                "totalRows" => response.total_rows = text(&mut reader).and_then(|text| text.parse().ok()),
                "memberServerImageInstance" => response.images.push(image(&mut reader)),
                _ => {}
            },
            Event::Eof => return response,
            _ => {}
        }
    }
}

fn image(reader: &mut Source<'_>) -> Image {
    let mut image = Image::default();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => match start.local_name().as_ref() {
                "memberServerImageInstanceNo" => image.no = text(reader),
                "memberServerImageName" => image.name = text(reader),
                "memberServerImageDescription" => image.description = text(reader),
                "originalServerInstanceNo" => image.server_no = text(reader),
                "originalServerImageProductCode" => image.product_code = text(reader),
                "memberServerImageInstanceStatus" => image.status = Some(code(reader)),
                "memberServerImageInstanceOperation" => image.operation = Some(code(reader)),
                "memberServerImageInstanceStatusName" => image.status_name = text(reader),
                "createDate" => image.create_date = parsed(reader),
                "memberServerImageBlockStorageTotalRows" => image.rows = parsed(reader),
                "memberServerImageBlockStorageTotalSize" => image.size = parsed(reader),
                "shareStatus" => image.share_status = Some(code(reader)),
                "sharedLoginIdList" => image.shared_login_ids = texts(reader),
                _ => drop(reader.read_to_end(start.name()).expect("well-formed")),
            },
            Event::End(_) => return image,
            _ => {}
        }
    }
}

fn code(reader: &mut Source<'_>) -> CommonCode {
    let mut code = CommonCode::default();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => match start.local_name().as_ref() {
                "code" => code.code = text(reader),
                "codeName" => code.code_name = text(reader),
                _ => drop(reader.read_to_end(start.name()).expect("well-formed")),
            },
            Event::End(_) => return code,
            _ => {}
        }
    }
}

fn texts(reader: &mut Source<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(_) => texts.extend(text(reader)),
            Event::End(_) => return texts,
            _ => {}
        }
    }
}

fn text(reader: &mut Source<'_>) -> Option<String> {
    let mut found = None;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Text(text) => found = Some(text.xml10_content().into_owned()),
            Event::End(_) => return found,
            _ => {}
        }
    }
}

/// A number or a date, without a copy of its text.
fn parsed<T: std::str::FromStr>(reader: &mut Source<'_>) -> Option<T> {
    let mut found = None;
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Text(text) => found = text.xml10_content().parse().ok(),
            Event::End(_) => return found,
            _ => {}
        }
    }
}
