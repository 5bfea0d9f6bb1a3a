//! NAS volumes under virtual time: sizes, access rules, snapshots, protection.

use ncloud_api::vnas::{
    AccessControlRuleParameter, AddNasVolumeAccessControl, ChangeNasVolumeSize,
    ChangeNasVolumeSnapshotConfiguration, CreateNasVolumeInstance, CreateNasVolumeSnapshot,
    DeleteNasVolumeInstances, DeleteNasVolumeSnapshot, GetNasVolumeAccessControlRuleList,
    GetNasVolumeInstanceDetail, GetNasVolumeInstanceList, GetNasVolumeSnapshotList, NasVolumeInstance,
    NasVolumeInstanceCreated, NasVolumeInstanceDeleted, NasVolumeInstanceIdle, RemoveNasVolumeAccessControl,
    RestoreNasVolumeWithSnapshot, SetNasVolumeAccessControl, SetNasVolumeReturnProtection,
};

use super::networks::Bench;

const GIGABYTES: u64 = 1 << 30;

fn volume(bench: &Bench, create: &CreateNasVolumeInstance) -> String {
    let made = bench.call(create).unwrap();
    let number = made.nas_volume_instance_list[0]
        .nas_volume_instance_no
        .clone()
        .unwrap();
    bench.wait(&NasVolumeInstanceCreated::new(&number)).unwrap();
    number
}

fn shown(bench: &Bench, number: &str) -> NasVolumeInstance {
    let mut shown = bench.call(&GetNasVolumeInstanceDetail::new(number)).unwrap();
    shown.nas_volume_instance_list.remove(0)
}

#[test]
fn a_volume_is_made_grows_and_goes() {
    let bench = Bench::new();
    let create = CreateNasVolumeInstance::new(500, "NFS").volume_name("data");
    let made = bench.call(&create).unwrap();
    let made = &made.nas_volume_instance_list[0];
    let status = made.nas_volume_instance_status.as_ref().unwrap();
    assert_eq!(status.code.as_deref(), Some("INIT"));
    assert!(made.volume_name.as_deref().unwrap().ends_with("_data"));
    let number = made.nas_volume_instance_no.clone().unwrap();
    assert_eq!(bench.refusal(&ChangeNasVolumeSize::new(&number, 600)), "3000");
    bench.wait(&NasVolumeInstanceCreated::new(&number)).unwrap();
    assert_eq!(bench.refusal(&create), "1101");

    bench.call(&ChangeNasVolumeSize::new(&number, 600)).unwrap();
    assert_eq!(shown(&bench, &number).volume_total_size, Some(500 * GIGABYTES));
    bench.wait(&NasVolumeInstanceIdle::new(&number)).unwrap();
    assert_eq!(shown(&bench, &number).volume_total_size, Some(600 * GIGABYTES));
    assert_eq!(bench.refusal(&ChangeNasVolumeSize::new(&number, 650)), "1100");

    let delete = DeleteNasVolumeInstances::new([number.as_str()]);
    bench
        .call(&SetNasVolumeReturnProtection::new(&number, true))
        .unwrap();
    assert_eq!(bench.refusal(&delete), "1102");
    bench
        .call(&SetNasVolumeReturnProtection::new(&number, false))
        .unwrap();
    bench.call(&delete).unwrap();
    bench.wait(&NasVolumeInstanceDeleted::new(&number)).unwrap();
    let left = bench.call(&GetNasVolumeInstanceList::new()).unwrap();
    assert_eq!(left.total_rows, Some(0));
}

#[test]
fn servers_are_let_in_and_locked_out() {
    let bench = Bench::new();
    let reader = AccessControlRuleParameter::new()
        .server_instance_no("900101")
        .write_access("false");
    let create = CreateNasVolumeInstance::new(500, "NFS").access_control_rule_list([reader]);
    let number = volume(&bench, &create);
    let rules = || {
        let rules = bench
            .call(&GetNasVolumeAccessControlRuleList::new(&number))
            .unwrap();
        let rules = rules.nas_volume_access_control_rule_list.into_iter();
        rules
            .map(|rule| (rule.server_instance_no.unwrap(), rule.write_access.unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(rules(), [("900101".to_owned(), false)]);
    bench
        .call(&AddNasVolumeAccessControl::new(&number).server_instance_no_list(["900101", "900154"]))
        .unwrap();
    assert_eq!(
        rules(),
        [("900101".to_owned(), true), ("900154".to_owned(), true)]
    );
    assert_eq!(
        shown(&bench, &number).nas_volume_server_instance_no_list,
        ["900101", "900154"]
    );
    bench
        .call(&RemoveNasVolumeAccessControl::new(&number).server_instance_no_list(["900101"]))
        .unwrap();
    assert_eq!(rules(), [("900154".to_owned(), true)]);
    bench
        .call(&SetNasVolumeAccessControl::new(&number).server_instance_no_list(["900207"]))
        .unwrap();
    assert_eq!(rules(), [("900207".to_owned(), true)]);

    let cifs = || CreateNasVolumeInstance::new(500, "CIFS");
    assert_eq!(bench.refusal(&cifs()), "1100");
    let first = cifs()
        .cifs_user_name("cifsuser")
        .cifs_user_password("TEST-pass-1");
    let first = volume(&bench, &first);
    volume(&bench, &cifs());
    let set = SetNasVolumeAccessControl::new(&first).server_instance_no_list(["900207"]);
    assert_eq!(bench.refusal(&set), "1102");
}

#[test]
fn snapshots_are_taken_restored_and_deleted() {
    let bench = Bench::new();
    let number = volume(&bench, &CreateNasVolumeInstance::new(500, "NFS"));
    let names = || -> Vec<String> {
        let list = bench.call(&GetNasVolumeSnapshotList::new(&number)).unwrap();
        let list = list.nas_volume_snapshot_list.into_iter();
        list.map(|snapshot| snapshot.nas_volume_snapshot_name.unwrap())
            .collect()
    };
    for _ in 0..3 {
        bench.call(&CreateNasVolumeSnapshot::new(&number)).unwrap();
    }
    let all = names();
    assert_eq!(all.len(), 3);
    bench
        .call(&DeleteNasVolumeSnapshot::new(&number, &all[0]))
        .unwrap();
    let again = DeleteNasVolumeSnapshot::new(&number, &all[0]);
    assert_eq!(bench.refusal(&again), "800");
    bench
        .call(&RestoreNasVolumeWithSnapshot::new(&number, &all[1]))
        .unwrap();
    assert_eq!(bench.refusal(&CreateNasVolumeSnapshot::new(&number)), "3000");
    bench.wait(&NasVolumeInstanceIdle::new(&number)).unwrap();
    assert_eq!(names(), [all[1].as_str()]);

    bench
        .call(&ChangeNasVolumeSnapshotConfiguration::new(&number, 20))
        .unwrap();
    let shown = shown(&bench, &number);
    assert_eq!(
        (
            shown.volume_size,
            shown.snapshot_volume_size,
            shown.is_snapshot_configuration
        ),
        (Some(400 * GIGABYTES), Some(100 * GIGABYTES), Some(true))
    );
}
