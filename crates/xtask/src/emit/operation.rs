//! Operations: the file of one, with its parameters, its answer and how it is sent.

use std::collections::BTreeSet;

use crate::api::{Api, Kind, Service};
use crate::model::{Operation, Paging, Safety};
use crate::name::{field, pascal};
use crate::text::sentence;

use super::structure::{Imports, Structure};
use super::{banner, check, example};

pub(super) fn file(
    api: &Api,
    service: &Service,
    name: &str,
    operation: &Operation,
) -> Result<String, String> {
    let mut imports = Imports::default();
    imports.core.extend(["Error", "Info", "Operation"]);
    let type_name = pascal(name);
    let checks = check::of(api, Some(service), &operation.request)?;
    if !checks.lines.is_empty() {
        imports.core.insert("constraint");
    }
    if !operation.sites.is_empty() {
        imports.core.insert("Site");
    }
    let about = about(api, service, name, operation, &checks)?;
    let request = Structure {
        name: &type_name,
        members: &operation.request,
        is_sent: true,
        operation: Some((name, operation)),
    };
    let mut body = request.write(api, Some(service), &about, &mut imports)?;
    body.push_str(&implementation(name, operation, &checks));
    if let Some(paging) = operation.paging {
        body.push_str(&paged(api, service, &type_name, operation, paging, &mut imports)?);
    }
    body.push('\n');
    let output = format!("{type_name}Output");
    let answer = Structure {
        name: &output,
        members: &operation.answer,
        is_sent: false,
        operation: None,
    };
    let about_answer = [format!("{} From [`{type_name}`].", sentence(&operation.output))];
    body.push_str(&answer.write(api, Some(service), &about_answer, &mut imports)?);

    let mut out = banner(service.name);
    out.push_str(&format!(
        "//! `{name}`: {}\n\n",
        super::code_list::first_lower(&operation.summary)
    ));
    out.push_str(&imports.write("super::types", "use super::SERVICE;\n"));
    out.push_str(&body);
    Ok(out)
}

/// The doc comment of the operation.
fn about(
    api: &Api,
    service: &Service,
    name: &str,
    operation: &Operation,
    checks: &check::Checks,
) -> Result<Vec<String>, String> {
    let verbs = if operation.safety == Safety::Read && !operation.secret {
        "GET | POST"
    } else {
        "POST"
    };
    let mut call = format!("`{verbs} {}/{name}`", service.file.service.path);
    if let Some(page) = &operation.page {
        call.push_str(&format!(", page `{page}`"));
    }
    call.push('.');
    if !operation.sites.is_empty() {
        let sites: Vec<String> = operation
            .sites
            .iter()
            .map(|site| format!("{site:?}").to_ascii_lowercase())
            .collect();
        call.push_str(&format!(" Offered on the {} site only.", sites.join(" and the ")));
    }
    if let Some(notes) = &operation.notes {
        call.push_str(&format!(" {}", sentence(notes)));
    }
    let waiters: Vec<String> = service
        .file
        .waiters
        .iter()
        .filter(|(_, waiter)| waiter.begun_by.iter().any(|begun| begun == name))
        .map(|(waiter, about)| {
            let until = about.summary.trim_start_matches("Waits ").trim_end_matches('.');
            format!("[`{waiter}`](super::{waiter}) waits {until}.")
        })
        .collect();
    if !waiters.is_empty() {
        call.push_str(&format!(" {}", waiters.join(" ")));
    }
    let mut about = vec![sentence(&operation.summary), call];
    if !checks.refused.is_empty() {
        about.push("# Errors".to_owned());
        about.push(format!("Before anything is sent: {}.", checks.refused.join(", ")));
    }
    about.push("# Example".to_owned());
    about.push(example_code(api, service, name, operation)?);
    Ok(about)
}

fn example_code(api: &Api, service: &Service, name: &str, operation: &Operation) -> Result<String, String> {
    let mut named = BTreeSet::new();
    let construction = example::construction(api, service, name, &operation.request, &mut named)?;
    let from_core = if named.remove("UserData") {
        ", UserData"
    } else {
        ""
    };
    let named: Vec<String> = named.into_iter().collect();
    let imported = match named.as_slice() {
        [only] => only.clone(),
        several => format!("{{{}}}", several.join(", ")),
    };
    let path = format!("{}/{name}", service.file.service.path);
    let site = operation
        .sites
        .first()
        .map_or("Public".to_owned(), |site| format!("{site:?}"));
    Ok(format!(
        "```\nuse std::time::SystemTime;\nuse ncloud_api::{}::{imported};\nuse ncloud_core::{{Credentials, Session, \
         Site{from_core}}};\n\nlet operation = {construction};\n\nlet credentials = \
         Credentials::new(\"ncp_ak_TESTACCESSKEY0001\", \"ncp_sk_TESTSECRETKEY0000000000000000000001\")?;\nlet session = \
         Session::new(&credentials, Site::{site})?;\nlet request = session.request(&operation, \
         SystemTime::now())?;\nassert_eq!(request.uri().path(), \"{path}\");\n# Ok::<(), ncloud_core::Error>(())\n```",
        service.name
    ))
}

fn implementation(name: &str, operation: &Operation, checks: &check::Checks) -> String {
    let type_name = pascal(name);
    let safety = match operation.safety {
        Safety::Read => "read",
        Safety::Idempotent => "idempotent",
        Safety::Mutating => "mutating",
    };
    let mut info = format!("Info::{safety}(SERVICE, {name:?})");
    if operation.request.contains_key("regionCode") {
        info.push_str(".regional()");
    }
    if let Some(paging) = operation.paging {
        info.push_str(&format!(".paged(Paging::{})", self::paging(paging)));
    }
    if operation.secret {
        info.push_str(".secret()");
    }
    if !operation.sites.is_empty() {
        let sites: Vec<String> = operation
            .sites
            .iter()
            .map(|site| format!("Site::{site:?}"))
            .collect();
        info.push_str(&format!(".only_on(&[{}])", sites.join(", ")));
    }
    format!(
        "\nimpl Operation for {type_name} {{\n    type Output = {type_name}Output;\n\n    const INFO: Info = {info};\n\n    \
         fn check(&self) -> Result<(), Error> {{\n{}    }}\n}}\n",
        checks.body()
    )
}

pub(super) fn paging(paging: Paging) -> &'static str {
    match paging {
        Paging::FromOne => "FromOne",
        Paging::FromZero => "FromZero",
        Paging::Offset => "Offset",
    }
}

fn paged(
    api: &Api,
    service: &Service,
    type_name: &str,
    operation: &Operation,
    _: Paging,
    imports: &mut Imports,
) -> Result<String, String> {
    let (list, item) = api
        .paged_list(service, operation)
        .ok_or("paged, but not one list of structs in its answer")?;
    imports.core.extend(["Paged", "Paging"]);
    imports.add(Some(service), &Kind::Struct(item.clone()));
    let member = |name: &str| {
        let member = operation.request.get(name);
        member
            .map(|member| (field(name), member.required))
            .ok_or_else(|| format!("paged without {name}"))
    };
    let (number, number_required) = member("pageNo")?;
    let (size, size_required) = member("pageSize")?;
    let get = |field: &str, required: bool| {
        if required {
            format!("Some(self.{field})")
        } else {
            format!("self.{field}")
        }
    };
    let set = |value: &str, required: bool| {
        if required {
            value.to_owned()
        } else {
            format!("Some({value})")
        }
    };
    if !operation.answer.contains_key("totalRows") {
        return Err("paged without totalRows".to_owned());
    }
    Ok(format!(
        "\nimpl Paged for {type_name} {{\n    type Item = {item};\n\n    fn page(&self) -> (Option<i32>, Option<i32>) {{\n        \
         ({}, {})\n    }}\n\n    fn set_page(&mut self, number: i32, size: i32) {{\n        (self.{number}, self.{size}) = ({}, \
         {});\n    }}\n\n    fn items(output: &mut Self::Output) -> &mut Vec<Self::Item> {{\n        &mut output.{}\n    \
         }}\n\n    fn total(output: &Self::Output) -> Option<u64> {{\n        u64::try_from(output.total_rows?).ok()\n    }}\n}}\n",
        get(&number, number_required),
        get(&size, size_required),
        set("number", number_required),
        set("size", size_required),
        field(list),
    ))
}
