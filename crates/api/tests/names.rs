//! Names: every operation that the platform has is there under its own name, and no other one.
//!
//! The lists in `names/` are kept by hand: they say what the models have to have, and are not made from them.

// Tests fail by panicking, and read what they expect from files.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

use std::collections::BTreeSet;
use std::path::Path;

use ncloud_api::catalog;

#[test]
fn every_service_has_exactly_the_operations_of_its_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/names");
    let mut total = 0;
    for service in catalog::SERVICES {
        let name = service.service.name;
        let list = std::fs::read_to_string(folder.join(format!("{name}.txt"))).expect(name);
        let expected: BTreeSet<&str> = list.lines().collect();
        let found: BTreeSet<&str> = service
            .operations
            .iter()
            .map(|operation| operation.info.name)
            .collect();
        assert_eq!(found.len(), service.operations.len(), "{name} has one twice");
        let missing: Vec<_> = expected.difference(&found).collect();
        let unlisted: Vec<_> = found.difference(&expected).collect();
        assert!(
            missing.is_empty() && unlisted.is_empty(),
            "{name}: missing {missing:?}, unlisted {unlisted:?}"
        );
        total += found.len();
    }
    let lists = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!((lists, total), (catalog::SERVICES.len(), 467));
}

#[test]
fn operations_are_found_by_name_and_described() {
    for service in catalog::SERVICES {
        assert_eq!(service.service.path, format!("/{}/v2", service.service.name));
        for operation in service.operations {
            let name = operation.info.name;
            let found = catalog::operation(service.service.name, name).expect(name);
            assert_eq!(found.info, operation.info);
            assert!(operation.summary.ends_with('.'), "{name}: {}", operation.summary);
            let members = operation.request.members.iter().chain(operation.answer.members);
            for member in members {
                assert!(
                    member.about.ends_with('.'),
                    "{name}.{}: {}",
                    member.name,
                    member.about
                );
            }
        }
    }
    assert!(catalog::operation("vserver", "getNothing").is_none());
    assert!(catalog::operation("nothing", "getServerInstanceList").is_none());
}
