//! Meanings: what the catalog says of secrets, limits and pages fits together, and nothing that is documented is refused.

// Tests fail by panicking.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use ncloud_api::catalog::{self, Kind, MemberModel, OperationModel, StructModel};
use ncloud_api::vloadbalancer::{LoadBalancerSubnetParameter, SetLoadBalancerInstanceSubnet};
use ncloud_api::vnas::{ChangeNasVolumeSize, NasVolumeInstanceDeleted};
use ncloud_api::vserver::{GetServerInstanceDetailOutput, ServerInstanceRunning};
use ncloud_core::codec::json;
use ncloud_core::{
    Credentials, Endpoint, ErrorKind, Operation, Paging, Safety, Session, Site, State, Verb, Waiter,
};

/// Every member of a struct and of those within it, with the struct's name.
fn all_members(model: &'static StructModel, found: &mut Vec<(&'static str, &'static MemberModel)>) {
    for member in model.members {
        found.push((model.name, member));
        let mut kind = &member.kind;
        while let Kind::List(item) = kind {
            kind = item;
        }
        if let Kind::Struct(inner) = kind {
            all_members(inner, found);
        }
    }
}

fn every_operation() -> impl Iterator<Item = &'static OperationModel> {
    catalog::SERVICES
        .iter()
        .flat_map(|service| service.operations.iter().copied())
}

fn members_of(operation: &'static OperationModel) -> Vec<(&'static str, &'static MemberModel)> {
    let mut found = Vec::new();
    all_members(&operation.request, &mut found);
    all_members(&operation.answer, &mut found);
    found
}

/// Whether a member of this name holds what is nobody else's business.
fn sounds_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    ["password", "privatekey", "secretkey", "scriptcontent", "userdata"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

#[test]
fn what_sounds_secret_is_secret_and_so_are_the_operations_that_carry_it() {
    for operation in every_operation() {
        let mut carries = false;
        for (owner, member) in members_of(operation) {
            let is_text = matches!(member.kind, Kind::Text);
            assert!(
                !(is_text && sounds_secret(member.name)),
                "{owner}.{} is shown",
                member.name
            );
            carries |= member.is_secret();
        }
        assert_eq!(operation.info.secret, carries, "{}", operation.info.name);
        if carries {
            assert_eq!(operation.info.verb, Verb::Post, "{}", operation.info.name);
        }
    }
}

#[test]
fn what_is_looked_at_is_a_read_and_what_is_made_is_never_sent_twice() {
    for operation in every_operation() {
        let name = operation.info.name;
        let is_read = operation.info.safety == Safety::Read;
        assert_eq!(name.starts_with("get"), is_read, "{name}");
        let makes = [
            "create", "import", "reboot", "recreate", "restore", "export", "request", "execute",
        ];
        if makes.iter().any(|verb| name.starts_with(verb)) {
            assert_eq!(operation.info.safety, Safety::Mutating, "{name}");
        }
    }
}

#[test]
fn the_pages_of_databases_and_hadoop_are_counted_from_zero() {
    let mut paged = 0;
    for service in catalog::SERVICES {
        let from_zero = ["vmysql", "vmssql", "vmongodb", "vpostgresql", "vredis", "vhadoop"];
        let first = if from_zero.contains(&service.service.name) {
            Paging::FromZero
        } else {
            Paging::FromOne
        };
        for operation in service.operations {
            let has_pages = operation.request.member("pageNo").is_some();
            assert_eq!(
                operation.info.paging,
                has_pages.then_some(first),
                "{}",
                operation.info.name
            );
            paged += usize::from(has_pages);
        }
    }
    assert_eq!(paged, 57);
}

#[test]
fn sentences_say_nothing_twice_and_no_filter_is_made_of_what_is_none() {
    for operation in every_operation() {
        for (owner, member) in members_of(operation) {
            let about = member.about;
            let place = format!("{owner}.{}: {about}", member.name);
            assert!(!about.contains("filter by only"), "{place}");
            assert!(
                !about.contains("to leave out") || !about.contains("ilter by"),
                "{place}"
            );
            assert!(
                !(about.contains("ilter by") && about.contains(" Required ")),
                "{place}"
            );
            assert_eq!(about.matches("Default:").count().max(1), 1, "{place}");
        }
    }
}

fn check<O: Operation + Default>(body: &str) -> Result<(), String> {
    let mut operation = O::default();
    json::read(body.as_bytes(), &mut operation).unwrap();
    operation.check().map_err(|error| error.to_string())
}

#[test]
fn a_documented_default_port_may_be_given() {
    for (service, operation, port, value) in [
        ("vmysql", "createCloudMysqlInstance", "cloudMysqlPort", "3306"),
        (
            "vpostgresql",
            "createCloudPostgresqlInstance",
            "cloudPostgresqlPort",
            "5432",
        ),
        ("vredis", "createCloudRedisInstance", "cloudRedisPort", "6379"),
    ] {
        let member = catalog::operation(service, operation)
            .unwrap()
            .request
            .member(port)
            .unwrap();
        assert_eq!(member.limits, catalog::Limits::None, "{port}");
        assert!(member.about.contains(value), "{}", member.about);
    }
}

#[test]
fn a_nas_volume_grows_to_any_size_that_it_can_be_created_with() {
    assert!(check::<ChangeNasVolumeSize>(r#"{"nasVolumeInstanceNo": "1", "volumeSize": 20000}"#).is_ok());
    let refused = check::<ChangeNasVolumeSize>(r#"{"nasVolumeInstanceNo": "1", "volumeSize": 20100}"#);
    assert_eq!(refused.unwrap_err(), "volumeSize is 20100; allowed: 500 to 20000");
}

#[test]
fn either_list_of_subnets_suffices() {
    let subnet = LoadBalancerSubnetParameter::new().subnet_no("2");
    let operation = SetLoadBalancerInstanceSubnet::new("1").load_balancer_subnet_list([subnet]);
    assert!(operation.check().is_ok());
}

#[test]
fn the_first_page_of_hadoop_clusters_needs_no_size() {
    assert!(check::<ncloud_api::vhadoop::GetCloudHadoopInstanceList>(r#"{"pageNo": 0}"#).is_ok());
    assert!(check::<ncloud_api::vserver::GetServerInstanceList>(r#"{"pageNo": 1}"#).is_err());
}

fn server(status: &str, operation: &str) -> State {
    let body = format!(
        r#"{{"serverInstanceList": [{{"serverInstanceStatus": {{"code": "{status}"}}, "serverInstanceOperation": {{"code": "{operation}"}}}}]}}"#
    );
    let mut output = GetServerInstanceDetailOutput::default();
    json::read(body.as_bytes(), &mut output).unwrap();
    ServerInstanceRunning::new("1").judge(&output)
}

#[test]
fn a_server_that_had_failed_is_given_time_to_start() {
    assert_eq!(server("FSTOP", "START"), State::Still);
    assert_eq!(server("FSTOP", "NULL"), State::Failed);
    assert_eq!(server("INIT", "NULL"), State::Still);
    assert_eq!(server("RUN", "NULL"), State::Done);
}

#[test]
fn a_nas_volume_is_deleted_when_it_is_gone_or_terminated() {
    let judge = |body: &str| {
        let mut output = ncloud_api::vnas::GetNasVolumeInstanceDetailOutput::default();
        json::read(body.as_bytes(), &mut output).unwrap();
        NasVolumeInstanceDeleted::new("1").judge(&output)
    };
    let status = |code: &str| {
        format!(r#"{{"nasVolumeInstanceList": [{{"nasVolumeInstanceStatus": {{"code": "{code}"}}}}]}}"#)
    };
    assert_eq!(judge(&status("CREAT")), State::Still);
    assert_eq!(judge(&status("TERMT")), State::Done);
    assert_eq!(judge("{}"), State::Gone);
}

#[test]
fn all_that_is_required_is_asked_for() {
    let mysql = ncloud_api::vmysql::CreateCloudMysqlInstance::new(
        "1",
        "service",
        "prefix",
        "user",
        "not-a-password1!",
        "%",
        "database",
        "2",
    );
    assert_eq!(mysql.check().map_err(|error| error.to_string()), Ok(()));
    let hadoop = ncloud_api::vhadoop::CreateCloudHadoopInstance::new(
        "1",
        "cluster",
        "CORE_HADOOP_WITH_SPARK",
        "admin",
        "not-a-password1!",
        "bucket",
        "2",
        "3",
        100,
        "4",
        100,
    );
    assert_eq!(hadoop.check().map_err(|error| error.to_string()), Ok(()));
}

#[test]
fn what_a_site_does_not_offer_is_refused_before_anything_is_sent() {
    let call = ncloud_api::vredis::GetCloudRedisUserList::new("1");
    let credentials = Credentials::new(
        "ncp_ak_TESTACCESSKEY0001",
        "ncp_sk_TESTSECRETKEY0000000000000000000001",
    );
    let credentials = credentials.unwrap();
    let request = |endpoint: Endpoint| {
        let session = Session::new(&credentials, endpoint).unwrap();
        session.request(&call, std::time::SystemTime::UNIX_EPOCH)
    };
    for site in [Site::Public, Site::Financial] {
        let error = request(site.into()).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Build, Some("site")),
            "{error}"
        );
        assert!(error.to_string().contains("allowed: gov"), "{error}");
    }
    assert!(request(Site::Government.into()).is_ok());
    // Behind an address of one's own there may be any site.
    assert!(request(Endpoint::new("http://127.0.0.1:1").unwrap()).is_ok());
}
