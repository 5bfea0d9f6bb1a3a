//! Catalog: a service's model as static data.

use std::fmt::Write as _;

use crate::api::{Api, Kind, Service};
use crate::model::{Member, Members};
use crate::name::{constant, pascal};
use crate::text::{parameter, sentence};

use super::banner;
use super::check::number;

pub(super) fn file(api: &Api, service: &Service) -> Result<String, String> {
    let mut out = banner(service.name);
    let head = &service.file.service;
    let mut body = String::new();
    contents(api, service, &mut body)?;
    let used: Vec<&str> = [
        "CodeModel",
        "Kind",
        "Limits",
        "MemberModel",
        "OperationModel",
        "ServiceModel",
        "StructModel",
    ]
    .into_iter()
    .filter(|name| {
        *name == "ServiceModel" || body.contains(&format!("{name}::")) || body.contains(&format!("{name} {{"))
    })
    .collect();
    let _ = write!(
        out,
        "//! The model of {} as data.\n\nuse ncloud_core::Operation;\n\nuse crate::catalog::{{{}}};\n\npub(crate) static SERVICE: ServiceModel = ServiceModel {{\n    \
         service: super::SERVICE,\n    title: {:?},\n    summary: {:?},\n    operations: &[\n",
        head.title,
        used.join(", "),
        head.title,
        sentence(&head.summary)
    );
    for name in service.file.operations.keys() {
        let _ = writeln!(out, "        &{},", constant(name));
    }
    out.push_str("    ],\n};\n");
    out.push_str(&body);
    Ok(out)
}

/// The statics of codes, structs and operations.
fn contents(api: &Api, service: &Service, out: &mut String) -> Result<(), String> {
    let head = &service.file.service;
    for (name, codes) in &service.file.codes {
        let _ = write!(
            out,
            "\nstatic {}: CodeModel = CodeModel {{\n    name: {name:?},\n    summary: {:?},\n    codes: &[\n",
            code_static(name),
            sentence(&codes.summary)
        );
        for (code, meaning) in &codes.values {
            let _ = writeln!(out, "        ({code:?}, {meaning:?}),");
        }
        out.push_str("    ],\n};\n");
    }
    let shared: Vec<&String> = api
        .shared
        .keys()
        .filter(|name| head.shared.contains(name))
        .collect();
    let types = service.file.types.keys().chain(shared);
    for name in types {
        let found = service.file.types.get(name).or_else(|| api.shared.get(name));
        let Some(found) = found else { continue };
        let is_sent = service.in_requests.contains(name);
        let _ = write!(
            out,
            "\nstatic {}: StructModel = {};\n",
            struct_static(name),
            structure(api, service, name, &found.summary, &found.members, is_sent)?
        );
    }
    for name in service.file.operations.keys() {
        operation(api, service, name, out)?;
    }
    Ok(())
}

fn operation(api: &Api, service: &Service, name: &str, out: &mut String) -> Result<(), String> {
    let Some(about) = service.file.operations.get(name) else {
        return Ok(());
    };
    let type_name = pascal(name);
    let paragraph = about.notes.as_deref().map(sentence).unwrap_or_default();
    let _ = write!(
        out,
        "\nstatic {}: OperationModel = OperationModel {{\n    info: <super::{type_name} as Operation>::INFO,\n    summary: \
         {:?},\n    notes: {paragraph:?},\n    page: {:?},\n    request: {},\n    answer: {},\n    new_request: || \
         Box::new(super::{type_name}::default()),\n    new_answer: || Box::new(super::{type_name}Output::default()),\n}};\n",
        constant(name),
        sentence(&about.summary),
        about.page.as_deref(),
        structure(api, service, &type_name, &about.summary, &about.request, true)?,
        structure(
            api,
            service,
            &format!("{type_name}Output"),
            &about.output,
            &about.answer,
            false
        )?,
    );
    Ok(())
}

fn code_static(name: &str) -> String {
    format!("CODES_{}", constant(name))
}

fn struct_static(name: &str) -> String {
    format!("STRUCT_{}", constant(name))
}

fn structure(
    api: &Api,
    service: &Service,
    name: &str,
    summary: &str,
    members: &Members,
    is_sent: bool,
) -> Result<String, String> {
    let mut out = format!("StructModel::new({name:?}, {:?}, &[\n", sentence(summary));
    for (name, found) in members {
        let kind = api.kind(Some(service), &found.kind)?;
        let _ = writeln!(out, "{},", member(api, (name, found, &kind), is_sent)?);
    }
    out.push_str("])");
    Ok(out)
}

fn member(api: &Api, (name, member, kind): (&str, &Member, &Kind), is_sent: bool) -> Result<String, String> {
    let about = if is_sent {
        sentence(&parameter(api, None, name, member)?)
    } else {
        sentence(api.sentence(name, member)?)
    };
    let kind = match (kind, &member.codes) {
        (Kind::Struct(name), Some(codes)) if name == "CommonCode" => {
            format!("Kind::CommonCode(Some(&{}))", code_static(codes))
        }
        (kind, _) => self::kind(kind),
    };
    let mut out = format!("MemberModel::new({name:?}, {kind}, {about:?})");
    if is_sent && member.required {
        out.push_str(".required()");
    }
    if let Some(other) = &member.required_with {
        let _ = write!(out, ".required_with({other:?})");
    }
    let limits = match (member.length, member.bytes, member.range) {
        (Some([least, most]), ..) => Some(format!("Characters({least}, {most})")),
        (_, Some([least, most]), _) => Some(format!("Bytes({least}, {most})")),
        (.., Some([least, most])) => Some(format!("Range({}, {})", number(least), number(most))),
        _ => None,
    };
    if let Some(limits) = limits {
        let _ = write!(out, ".limited(Limits::{limits})");
    }
    if let Some(other) = &member.also {
        let _ = write!(out, ".also(&[{other:?}])");
    }
    Ok(out)
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Text => "Kind::Text".to_owned(),
        Kind::Integer => "Kind::Integer".to_owned(),
        Kind::Long => "Kind::Long".to_owned(),
        Kind::Size => "Kind::Size".to_owned(),
        Kind::Number => "Kind::Number".to_owned(),
        Kind::Flag => "Kind::Flag".to_owned(),
        Kind::Date => "Kind::Date".to_owned(),
        Kind::Secret => "Kind::Secret".to_owned(),
        Kind::UserData => "Kind::UserData".to_owned(),
        Kind::Code(name) if name == "SortingOrder" => "Kind::Code(&crate::catalog::SORTING_ORDER)".to_owned(),
        Kind::Code(name) => format!("Kind::Code(&{})", code_static(name)),
        Kind::Struct(name) if name == "CommonCode" => "Kind::CommonCode(None)".to_owned(),
        Kind::Struct(name) => format!("Kind::Struct(&{})", struct_static(name)),
        Kind::List(item) => format!("Kind::List(&{})", self::kind(item)),
    }
}
