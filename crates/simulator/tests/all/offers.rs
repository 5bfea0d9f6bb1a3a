//! What is on offer, by region and filter; and quotas.

use ncloud_api::vpc::{CreateVpc, DeleteVpc, GetVpcList};
use ncloud_api::vserver::{
    GetBlockStorageVolumeTypeList, GetHypervisorTypeList, GetRaidList, GetRegionList, GetServerImageDetail,
    GetServerImageList, GetServerImageProductList, GetServerProductList, GetServerSpecDetail,
    GetServerSpecList, GetZoneList,
};
use ncloud_core::ErrorKind;
use ncloud_simulator::Simulator;

use super::networks::Bench;

#[test]
fn regions_have_zones_of_their_own() {
    let bench = Bench::new();
    let regions = bench.call(&GetRegionList::new()).unwrap();
    let regions = regions.region_list.iter();
    let codes: Vec<&str> = regions
        .filter_map(|region| region.region_code.as_deref())
        .collect();
    assert_eq!(codes, ["KR", "SGN", "JPN"]);
    let zones = |list: GetZoneList| bench.call(&list).unwrap().zone_list;
    assert_eq!(zones(GetZoneList::new())[0].zone_code.as_deref(), Some("KR-1"));
    let zones = zones(GetZoneList::new().region_code("JPN"));
    assert!(
        zones
            .iter()
            .all(|zone| zone.region_code.as_deref() == Some("JPN"))
    );
    assert_eq!(zones.len(), 2);
    assert_eq!(bench.refusal(&GetZoneList::new().region_code("MOON")), "800");
}

#[test]
fn regions_of_an_inventory_are_the_ones_that_are_listed() {
    let inventory = br#"{"regionList": [{"regionCode": "MOON", "regionName": "Moon"}]}"#;
    let simulator = Simulator::builder().inventory_json(inventory).unwrap().build();
    let bench = Bench::of(simulator);
    let regions = bench.call(&GetRegionList::new()).unwrap();
    assert_eq!(regions.region_list[0].region_name.as_deref(), Some("Moon"));
    let zones = bench.call(&GetZoneList::new()).unwrap();
    assert_eq!(zones.zone_list[0].zone_code.as_deref(), Some("MOON-1"));
}

#[test]
fn images_and_their_products_are_filtered() {
    let bench = Bench::new();
    let all = bench
        .call(&GetServerImageProductList::new())
        .unwrap()
        .product_list;
    let bare_metal = GetServerImageProductList::new().infra_resource_detail_type_code("BM");
    let found = bench.call(&bare_metal).unwrap();
    let code = found.product_list[0].product_code.as_ref();
    assert_eq!(found.total_rows, Some(1));
    assert!(all.iter().all(|product| product.product_code.as_ref() != code));

    let code = all[0].product_code.as_deref().unwrap();
    let products = |list: GetServerImageProductList| bench.call(&list).unwrap().product_list;
    assert_eq!(
        products(GetServerImageProductList::new().product_code(code)).len(),
        1
    );
    let rest = products(GetServerImageProductList::new().exclusion_product_code(code));
    assert_eq!(rest.len(), all.len() - 1);
    let windows = products(GetServerImageProductList::new().platform_type_code_list(["WND64"]));
    let large = products(GetServerImageProductList::new().block_storage_size(100));
    assert_eq!(windows, large);
    assert!(!large.is_empty() && large.len() < all.len());

    let kvm = GetServerImageList::new().hypervisor_type_code_list(["KVM"]);
    let kvm = bench.call(&kvm).unwrap().server_image_list;
    let number = kvm[0].server_image_no.as_deref().unwrap();
    let detail = bench.call(&GetServerImageDetail::new(number)).unwrap();
    assert_eq!(detail.server_image_list, kvm[..1]);
    let specs = bench
        .call(&GetServerSpecList::new().server_image_no(number).zone_code("KR-1"))
        .unwrap();
    let wanted = bench
        .call(&GetServerSpecList::new().hypervisor_code_list(["KVM"]))
        .unwrap();
    assert_eq!(specs, wanted);
    assert!(wanted.total_rows > Some(0));
    assert_eq!(bench.refusal(&GetServerSpecList::new().zone_code("SGN-4")), "800");
}

#[test]
fn products_specifications_and_volume_types_are_filtered() {
    let bench = Bench::new();
    let list = GetServerProductList::new()
        .zone_code("KR-2")
        .server_image_product_code("SW.VSVR.OS.LNX64.ROCKY.0810.B050")
        .generation_code("G2");
    let products = bench.call(&list).unwrap();
    assert_eq!(products.total_rows, Some(24));
    assert_eq!(
        bench.refusal(&GetServerProductList::new().server_image_product_code("NONE")),
        "800"
    );

    let detail = GetServerSpecDetail::new().server_spec_code("s2-g3");
    let spec = &bench.call(&detail).unwrap().server_spec_list[0];
    assert_eq!((spec.cpu_count, spec.memory_size), (Some(2), Some(8 << 30)));
    let types = GetBlockStorageVolumeTypeList::new()
        .server_spec_code("s2-g3")
        .zone_code("KR-1")
        .is_base_storage_available(true);
    let types = bench.call(&types).unwrap().block_storage_volume_type_list;
    let code = types[0].block_storage_volume_type.as_ref().unwrap();
    assert_eq!((types.len(), code.code.as_deref()), (1, Some("CB1")));

    let hypervisors = bench.call(&GetHypervisorTypeList::new()).unwrap();
    assert_eq!(hypervisors.hypervisor_type_list.len(), 3);
    assert_eq!(bench.call(&GetRaidList::new("BM")).unwrap().total_rows, Some(3));
    assert_eq!(bench.call(&GetRaidList::new("none")).unwrap().total_rows, Some(0));
}

#[test]
fn no_more_is_made_than_the_quota_lets() {
    let simulator = Simulator::builder().quota("vpcList", 2).unwrap().build();
    let bench = Bench::of(simulator);
    let first = bench.vpc("one", "10.0.0.0/16");
    bench.vpc("two", "10.1.0.0/16");
    let third = CreateVpc::new("10.2.0.0/16");
    assert_eq!(bench.refusal(&third), "1104");
    assert_eq!(bench.call(&GetVpcList::new()).unwrap().total_rows, Some(2));
    bench.call(&DeleteVpc::new(&first)).unwrap();
    bench.pass(3);
    bench.call(&third).unwrap();
}

#[test]
fn a_quota_is_of_something_that_can_be_made() {
    for name in ["regionList", "nothing"] {
        let error = Simulator::builder().quota(name, 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build);
        assert!(error.to_string().contains(name), "{error}");
    }
    assert!(Simulator::builder().quota("login key", 1).is_ok());
}
