//! Login keys of Classic, which differ from the others in their names only.

use super::{CLASSIC, SERVER};
use crate::world::kind::{Kind, Rule};
use crate::world::kinds::login_key::{NAME, create, delete, import, root_password, root_passwords};

pub(crate) static LOGIN_KEY: Kind = Kind {
    name: "Classic login key",
    number: "loginKeyNo",
    list: "loginKeyList",
    label: Some((NAME, "key")),
    actions: &[
        ("getLoginKeyList", Rule::List),
        ("createLoginKey", Rule::Odd(create)),
        ("importLoginKey", Rule::Create(import)),
        ("deleteLoginKey", Rule::Odd(|call, kind| delete(call, kind, NAME))),
        (
            "getRootPassword",
            Rule::Odd(|call, kind| root_password(call, kind, &SERVER)),
        ),
        (
            "getRootPasswordServerInstanceList",
            Rule::Odd(|call, kind| root_passwords(call, kind, &SERVER)),
        ),
    ],
    ..CLASSIC
};
