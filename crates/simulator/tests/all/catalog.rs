//! The catalog: every action is known by name, checks its parameters and answers in a way that its client understands.

use http::{Method, StatusCode};
use ncloud_api::catalog::{self, Kind, MemberModel};
use ncloud_api::vpc::{CreateVpc, GetVpcList};
use ncloud_core::{ErrorKind, Format, Operation as _, Raw};
use ncloud_simulator::Simulator;

use super::{now, session};

/// A value that a member takes.
fn value(member: &MemberModel) -> String {
    use ncloud_api::catalog::Limits;
    let least = match member.limits {
        Limits::Characters(least, _) | Limits::Bytes(least, _) => usize::try_from(least).unwrap(),
        Limits::Range(least, _) => return least.max(0).to_string(),
        _ => 1,
    };
    match member.kind {
        Kind::Flag => "true".to_owned(),
        Kind::Integer | Kind::Long | Kind::Size | Kind::Number => "1".to_owned(),
        _ => "a".repeat(least.max(1)),
    }
}

/// All parameters of a member, below a prefix.
fn fill(member: &MemberModel, prefix: &str, pairs: &mut Vec<(String, String)>) {
    let name = format!("{prefix}{}", member.name);
    match member.kind {
        Kind::List(Kind::Struct(item)) => {
            for member in item.members {
                fill(member, &format!("{name}.1."), pairs);
            }
        }
        Kind::List(_) => pairs.push((format!("{name}.1"), value(member))),
        _ if member.name == "regionCode" => pairs.push((name, "KR".to_owned())),
        _ if member.name == "ipv4CidrBlock" => pairs.push((name, "10.0.0.0/16".to_owned())),
        _ => pairs.push((name, value(member))),
    }
}

fn send(
    simulator: &Simulator,
    path: &str,
    format: &str,
    pairs: &[(String, String)],
) -> Result<String, ncloud_core::Error> {
    let mut raw = Raw::new(Method::POST, path).form("responseFormatType", format);
    for (name, value) in pairs {
        raw = raw.form(name, value);
    }
    let session = session(simulator);
    let response = simulator.handle(session.raw(&raw, now())?, now());
    let reply = session.parse_raw(response)?;
    Ok(String::from_utf8(reply.value.to_vec()).unwrap())
}

#[test]
fn every_action_is_known_and_answers_in_both_formats() {
    let simulator = Simulator::new();
    let mut count = 0;
    for operation in catalog::SERVICES.iter().flat_map(|service| service.operations) {
        let name = operation.info.name;
        let path = format!("{}/{name}", operation.info.service.path);
        let mut pairs = Vec::new();
        for member in operation.request.members {
            fill(member, "", &mut pairs);
        }
        for format in ["json", "xml"] {
            count += 1;
            match send(&simulator, &path, format, &pairs) {
                Ok(body) => assert!(body.contains(&format!("{name}Response")), "{name}: {body}"),
                // What is made up here is not there; an action that looks for it says so.
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Service, "{name}: {error}");
                    let told = error.to_string();
                    assert!(
                        told.contains("names \"")
                            || told.contains("must be ASC")
                            || told.contains("is taken"),
                        "{told}"
                    );
                }
            }
        }
    }
    assert_eq!(count, 2 * 467);
}

#[test]
fn every_required_parameter_is_missed_by_name() {
    let simulator = Simulator::new();
    let mut count = 0;
    for operation in catalog::SERVICES.iter().flat_map(|service| service.operations) {
        let path = format!("{}/{}", operation.info.service.path, operation.info.name);
        for missing in operation.request.members.iter().filter(|member| member.required) {
            let mut pairs = Vec::new();
            for member in operation.request.members {
                if member.name != missing.name {
                    fill(member, "", &mut pairs);
                }
            }
            let error = send(&simulator, &path, "json", &pairs).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Service, "{path}: {error}");
            let named = error.to_string();
            assert!(
                named.contains(missing.name),
                "{path} without {}: {named}",
                missing.name
            );
            count += 1;
        }
    }
    assert!(count > 400, "{count}");
}

#[test]
fn wrong_types_and_values_out_of_range_are_refused() {
    let simulator = Simulator::new();
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    for (path, given, told) in [
        (
            "/vpc/v2/getSubnetList",
            pairs(&[("pageNo", "first"), ("pageSize", "1")]),
            "pageNo",
        ),
        ("/vpc/v2/getSubnetList", pairs(&[("pageNo", "1")]), "pageSize"),
        (
            "/vpc/v2/getSubnetList",
            pairs(&[("pageNo", "1"), ("pageSize", "1001")]),
            "pageSize",
        ),
        (
            "/vpc/v2/createVpc",
            pairs(&[("ipv4CidrBlock", "10.0.0.0/16"), ("vpcName", "x")]),
            "vpcName",
        ),
        ("/vpc/v2/getVpcList", pairs(&[("regionCode", "XX")]), "regionCode"),
    ] {
        let error = send(&simulator, path, "json", &given).unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Service, Some(StatusCode::BAD_REQUEST))
        );
        assert!(error.to_string().contains(told), "{path}: {error}");
    }
    let error = send(&simulator, "/vpc/v2/getNothing", "json", &[]).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Gateway, Some("300")));
    assert_eq!(
        send(&simulator, "/vpc/v1/getVpcList", "json", &[])
            .unwrap_err()
            .code(),
        Some("300")
    );
}

#[test]
fn typed_operations_understand_what_they_get() {
    let simulator = Simulator::new();
    for format in [Format::Json, Format::Xml] {
        let session = session(&simulator).with_format(format);
        let response = simulator.handle(session.request(&GetVpcList::new(), now()).unwrap(), now());
        let reply = session.parse::<GetVpcList>(response).unwrap();
        assert_eq!((reply.value.total_rows, reply.value.vpc_list.len()), (Some(0), 0));
    }
    let session = session(&simulator);
    let response = simulator.handle(
        session.request(&CreateVpc::new("10.0.0.0/16"), now()).unwrap(),
        now(),
    );
    assert!(session.parse::<CreateVpc>(response).is_ok());
    assert_eq!(simulator.carried_out(CreateVpc::INFO.name), 1);
}
