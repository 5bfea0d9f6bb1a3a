//! Init scripts.

use crate::outcome::ServiceError;
use crate::world::kind::{Kind, PLAIN, Rule};
use crate::world::{Call, Resource, common_code};

pub(crate) static INIT_SCRIPT: Kind = Kind {
    name: "init script",
    service: "vserver",
    number: "initScriptNo",
    list: "initScriptList",
    label: Some(("initScriptName", "init-script")),
    actions: &[
        ("getInitScriptList", Rule::List),
        ("getInitScriptDetail", Rule::Detail),
        ("createInitScript", Rule::Create(complete)),
        (
            "deleteInitScripts",
            Rule::Delete {
                by: "initScriptNoList",
                from: &[],
            },
        ),
    ],
    ..PLAIN
};

fn complete(_: &mut Call<'_>, script: &mut Resource, _: u64) -> Result<(), ServiceError> {
    let system = script.members.entry("osType".to_owned());
    system.or_insert_with(|| common_code("LNX", "Linux"));
    Ok(())
}
