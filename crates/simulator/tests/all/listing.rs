//! What the list holds: filters, sorting, pages, and the ways to pass parameters.

use http::{Method, StatusCode};
use ncloud_api::SortingOrder;
use ncloud_api::vnas::{CreateNasVolumeInstance, GetNasVolumeInstanceList};
use ncloud_api::vserver::{
    GetMemberServerImageInstanceList as List, GetMemberServerImageInstanceListOutput as Output,
    GetServerInstanceList, MemberServerImageInstanceStatusCode as Status, MemberServerImageSortedBy,
    PlatformTypeCode as Platform,
};
use ncloud_core::{ErrorKind, Raw, Verb};
use ncloud_simulator::Simulator;

use super::networks::Bench;
use super::servers::running;
use super::{PATH, list, now, session};

fn names(output: &Output) -> Vec<&str> {
    let images = output.member_server_image_instance_list.iter();
    images
        .map(|image| image.member_server_image_name.as_deref().unwrap())
        .collect()
}

fn found(call: &List) -> Output {
    list(&Simulator::new(), call).unwrap()
}

#[test]
fn each_region_has_its_own_images_and_the_first_is_the_default() {
    assert_eq!(found(&List::new()), found(&List::new().region_code("KR")));
    assert_eq!(found(&List::new()).total_rows, Some(25));
    assert_eq!(found(&List::new().region_code("SGN")).total_rows, Some(0));
    let two = br#"{"memberServerImageInstanceList": [
        {"memberServerImageInstanceNo": "1", "memberServerImageName": "here"},
        {"memberServerImageInstanceNo": "2", "memberServerImageName": "there", "regionCode": "JPN"}]}"#;
    let simulator = Simulator::builder().inventory_json(two).unwrap().build();
    let in_region = |region: &str| list(&simulator, &List::new().region_code(region)).unwrap();
    assert_eq!(names(&in_region("KR")), ["here"]);
    assert_eq!(names(&in_region("JPN")), ["there"]);
    let error = list(&Simulator::new(), &List::new().region_code("MOON")).unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Service, Some("800")));
    assert!(error.message().unwrap().contains("regionCode"));
}

#[test]
fn filters_are_combined() {
    let numbers = ["1000001", "1000075", "999"];
    let by_number = List::new().member_server_image_instance_no_list(numbers);
    assert_eq!(names(&found(&by_number)), ["web-frontend-2025", "batch-worker"]);

    let by_name = List::new().member_server_image_name("bastion");
    assert_eq!(names(&found(&by_name)), ["bastion"]);

    let status = |status| found(&List::new().member_server_image_instance_status_code(status));
    assert_eq!(names(&status(Status::Init)), ["bastion-next", "ml-inference"]);
    assert_eq!(names(&status(Status::Crefl)), ["game-match-broken"]);
    assert_eq!(status(Status::Creat).total_rows, Some(22));

    let windows = List::new().platform_type_code_list([Platform::Wnd64, Platform::Wnd32]);
    assert_eq!(
        names(&found(&windows)),
        ["windows-ad", "windows-iis", "windows-legacy", "erp-32bit"]
    );
    let none = windows.member_server_image_instance_status_code(Status::Init);
    assert_eq!(found(&none).total_rows, Some(0));
    assert_eq!(names(&found(&none)), Vec::<&str>::new());
    let ubuntu = List::new().platform_type_code_list([Platform::Ubs64]);
    let starting = ubuntu.member_server_image_instance_status_code(Status::Init);
    assert_eq!(names(&found(&starting)), ["ml-inference"]);
}

#[test]
fn numbers_are_looked_up_in_whatever_order_and_form_they_are_given() {
    let by_numbers = |numbers: Vec<String>| List::new().member_server_image_instance_no_list(numbers);
    let all = found(&List::new());
    let numbers: Vec<String> = all
        .member_server_image_instance_list
        .iter()
        .map(|image| image.member_server_image_instance_no.clone().unwrap())
        .collect();
    let backwards: Vec<String> = numbers.iter().rev().chain(&numbers).cloned().collect();
    assert_eq!(found(&by_numbers(backwards)), all);
    // What is not written as the platform writes it names nothing.
    let odd = |number: &String| [format!("0{number}"), format!("+{number}"), format!(" {number}")];
    let odd: Vec<String> = numbers.iter().flat_map(odd).collect();
    assert_eq!(found(&by_numbers(odd)).total_rows, Some(0));

    // Of several filters, whichever is looked up, all have to be passed.
    let page = by_numbers(numbers.clone()).member_server_image_name("bastion");
    assert_eq!(names(&found(&page)), ["bastion"]);
    let page = by_numbers(numbers).page_no(2).page_size(10);
    let expected = found(&List::new().page_no(2).page_size(10));
    assert_eq!(found(&page), expected);
    assert_eq!(expected.total_rows, Some(25));
}

#[test]
fn sorting_is_by_name_in_either_direction() {
    let plain = found(&List::new());
    assert_eq!(names(&plain)[..2], ["web-frontend-2025", "api-server-2025"]);
    // A direction alone sorts nothing.
    assert_eq!(found(&List::new().sorting_order(SortingOrder::Desc)), plain);

    let sorted = List::new().sorted_by(MemberServerImageSortedBy::MemberServerImageName);
    let mut expected = names(&plain);
    expected.sort_unstable();
    assert_eq!(names(&found(&sorted)), expected);
    assert_eq!(
        names(&found(&sorted.clone().sorting_order(SortingOrder::Asc))),
        expected
    );
    expected.reverse();
    assert_eq!(
        names(&found(&sorted.clone().sorting_order(SortingOrder::Desc))),
        expected
    );

    for (call, parameter) in [
        (List::new().sorted_by("createDate"), "sortedBy"),
        (sorted.sorting_order("descending"), "sortingOrder"),
    ] {
        let error = list(&Simulator::new(), &call).unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Service, Some(StatusCode::BAD_REQUEST))
        );
        assert!(error.message().unwrap().contains(parameter), "{error}");
    }
}

#[test]
fn what_to_sort_by_is_known_in_any_case() {
    let sorted = found(&List::new().sorted_by(MemberServerImageSortedBy::MemberServerImageName));
    assert_eq!(found(&List::new().sorted_by("MEMBERSERVERIMAGENAME")), sorted);
}

#[test]
fn numbers_and_sizes_are_sorted_as_numbers() {
    let bench = Bench::new();
    for size in [2000, 500, 1000] {
        let create = CreateNasVolumeInstance::new(size, "NFS").volume_name(format!("v{size}"));
        bench.call(&create).unwrap();
    }
    bench.pass(3);
    let volumes = GetNasVolumeInstanceList::new().sorted_by("volumeSize");
    let volumes = bench.call(&volumes).unwrap().nas_volume_instance_list;
    let names = volumes
        .iter()
        .map(|volume| volume.volume_name.as_deref().unwrap());
    let sizes: Vec<&str> = names.map(|name| name.rsplit_once("_v").unwrap().1).collect();
    assert_eq!(sizes, ["500", "1000", "2000"]);

    // New ones have more digits than those of the inventory.
    let (_, _, server) = running(&bench);
    let list = GetServerInstanceList::new().sorted_by("serverInstanceNo");
    let final_one =
        |list: &GetServerInstanceList| bench.call(list).unwrap().server_instance_list.pop().unwrap();
    assert_eq!(final_one(&list).server_instance_no, Some(server));
    let descending = list.sorting_order(SortingOrder::Desc);
    assert_eq!(
        final_one(&descending).server_instance_no.as_deref(),
        Some("900101")
    );
}

#[test]
fn twenty_five_images_are_three_pages_of_ten() {
    let all = found(&List::new());
    let page = |number| found(&List::new().page_no(number).page_size(10));
    assert_eq!(page(0), page(1));
    let mut collected = Vec::new();
    for (number, length) in [(1, 10), (2, 10), (3, 5), (4, 0), (i32::MAX, 0)] {
        let page = page(number);
        assert_eq!(page.total_rows, Some(25));
        assert_eq!(page.member_server_image_instance_list.len(), length);
        collected.extend(page.member_server_image_instance_list);
    }
    assert_eq!(collected, all.member_server_image_instance_list);
    assert_eq!(found(&List::new().page_size(7)), {
        let mut first = all;
        first.member_server_image_instance_list.truncate(7);
        first
    });
}

#[test]
fn parameters_that_cannot_be_right_are_named() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    // The typed operation would not let these out.
    for (parameters, parameter) in [
        (&[("pageNo", "1")][..], "pageSize"),
        (&[("pageNo", "1"), ("pageSize", "0")], "pageSize"),
        (&[("pageNo", "1"), ("pageSize", "1001")], "pageSize"),
        (&[("pageNo", "-1"), ("pageSize", "10")], "pageNo"),
        (&[("pageNo", "one"), ("pageSize", "10")], "pageNo"),
        (
            &[("memberServerImageInstanceNoList", "1")],
            "memberServerImageInstanceNoList",
        ),
        (&[("responseFormatType", "yaml")], "responseFormatType"),
    ] {
        let call = parameters
            .iter()
            .fold(Raw::new(Method::GET, PATH), |call, (name, value)| {
                call.query(name, value)
            });
        let response = simulator.handle(session.raw(&call, now()).unwrap(), now());
        let error = session.parse::<List>(response).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Service, "{error}");
        assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
        assert_eq!(error.code(), Some("1100"));
        let expected = format!("The parameter {parameter} ");
        assert!(error.message().unwrap().starts_with(&expected), "{error}");
    }
}

#[test]
fn query_and_form_and_both_at_once_are_the_same() {
    let simulator = Simulator::new();
    let session = session(&simulator);
    let typed = List::new()
        .platform_type_code_list([Platform::Ubs64, Platform::Lnx64])
        .page_no(2)
        .page_size(4);
    let expected = list(&simulator, &typed).unwrap();
    assert_eq!(expected.member_server_image_instance_list.len(), 4);

    let posting = session.clone().with_verb(Verb::Post);
    let posted = posting.request(&typed, now()).unwrap();
    assert_eq!(posted.uri().query(), None);
    let mixed = Raw::new(Method::POST, PATH)
        .query("responseFormatType", "json")
        .query("pageNo", "2")
        .query("platformTypeCodeList.2", "LNX64")
        .form("platformTypeCodeList.1", "UBS64")
        .form("pageSize", "4")
        // Where a name stands in both, the query counts; what nobody knows counts nowhere.
        .form("pageNo", "1")
        .form("somethingElse.1.deep", "x");
    for request in [posted, session.raw(&mixed, now()).unwrap()] {
        let reply = session.parse::<List>(simulator.handle(request, now())).unwrap();
        assert_eq!(reply.value, expected);
    }
}
