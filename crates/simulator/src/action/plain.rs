//! Plain: numbers and flags as the world compares and counts them, however a client has spelt them.

use std::borrow::Cow;
use std::fmt::Write as _;

use ncloud_api::catalog::{Kind, MemberModel, OperationModel};
use ncloud_core::codec::form::Form;

/// Whole numbers beyond this one are not exact as fractions.
const EXACT_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The same parameters, with ` 30 `, `30.0` and `+30` as `30`, and `Y` as `true`, which are all of their members' types.
pub(super) fn plain<'a>(model: &OperationModel, form: &'a Form) -> Cow<'a, Form> {
    let odd = |(name, value): &(String, String)| {
        spelt_plainly(kind_of(model.request.members, name)?, value).filter(|plain| plain != value)
    };
    if form.pairs().iter().all(|pair| odd(pair).is_none()) {
        return Cow::Borrowed(form);
    }
    let mut text = String::new();
    for pair in form.pairs() {
        let separator = if text.is_empty() { "" } else { "&" };
        let (name, value) = (escaped(&pair.0), odd(pair));
        let value = escaped(value.as_ref().unwrap_or(&pair.1));
        // Writing to a text cannot fail.
        let _ = write!(text, "{separator}{name}={value}");
    }
    // It was read before, and has the same names.
    Form::parse(text.as_bytes()).map_or(Cow::Borrowed(form), Cow::Owned)
}

fn escaped(text: &str) -> String {
    // Others wait while this is done, and a text may have millions of bytes, of which most are letters and digits.
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// What the member of a parameter holds: `noList.1.size` is the size of an item.
fn kind_of(members: &[MemberModel], name: &str) -> Option<Kind> {
    let (first, rest) = name
        .split_once('.')
        .map_or((name, None), |(first, rest)| (first, Some(rest)));
    let is_named = |member: &&MemberModel| member.name == first || member.other_names.contains(&first);
    match (members.iter().find(is_named)?.kind, rest) {
        (kind, None) => Some(kind),
        (Kind::Struct(of), Some(rest)) => kind_of(of.members, rest),
        (Kind::List(Kind::Struct(item)), Some(rest)) => kind_of(item.members, rest.split_once('.')?.1),
        (Kind::List(item), Some(_)) => Some(*item),
        _ => None,
    }
}

/// The plain spelling of a number or a flag; `None` for what is neither, which is refused elsewhere.
fn spelt_plainly(kind: Kind, value: &str) -> Option<String> {
    let value = value.trim();
    match kind {
        Kind::Integer | Kind::Long | Kind::Size => {
            if let Ok(number) = value.parse::<i128>() {
                return Some(number.to_string());
            }
            let number = value.parse::<f64>().ok()?;
            let is_whole = number.fract() == 0.0 && number.abs() < EXACT_LIMIT;
            // The sum is never -0.
            is_whole.then(|| format!("{:.0}", number + 0.0))
        }
        Kind::Number => Some(value.to_owned()),
        Kind::Flag => match value.to_ascii_lowercase().as_str() {
            "true" | "y" | "1" => Some("true".to_owned()),
            "false" | "n" | "0" => Some("false".to_owned()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ncloud_api::catalog;

    use super::*;

    fn model() -> &'static OperationModel {
        let mut services = catalog::SERVICES.iter();
        let service = services
            .find(|service| service.service.name == "vserver")
            .unwrap();
        service.operation("createServerInstances").unwrap()
    }

    #[test]
    fn numbers_and_flags_are_spelt_in_one_way_and_texts_are_left_alone() {
        let model = model();
        let odd = b"serverCreateCount=+30.0+&isProtectServerTermination=Y&serverName=+1+&blockStorageMappingList.1.order=%2B1\
            &networkInterfaceList.2.accessControlGroupNoList.1=+7&a%26b=%3D";
        let form = Form::parse(odd).unwrap();
        let plain = plain(model, &form);
        for (name, value) in [
            ("serverCreateCount", "30"),
            ("isProtectServerTermination", "true"),
            ("serverName", " 1 "),
            ("blockStorageMappingList.1.order", "1"),
            ("networkInterfaceList.2.accessControlGroupNoList.1", " 7"),
            ("a&b", "="),
        ] {
            assert_eq!(plain.get(name), Some(value), "{name}");
        }
        let form = Form::parse(b"serverCreateCount=30&serverName=+").unwrap();
        assert!(matches!(super::plain(model, &form), Cow::Borrowed(_)));
    }

    #[test]
    fn texts_beside_an_odd_number_keep_all_their_characters() {
        let model = model();
        let every: String = (0..0x250)
            .filter_map(char::from_u32)
            .chain("한국 %41+&=".chars())
            .collect();
        let text = format!("serverCreateCount=%2B3&serverDescription={}", escaped(&every));
        let form = Form::parse(text.as_bytes()).unwrap();
        let plain = plain(model, &form);
        assert_eq!(plain.get("serverCreateCount"), Some("3"));
        assert_eq!(plain.get("serverDescription"), Some(every.as_str()));
        assert_eq!(form.get("serverDescription"), Some(every.as_str()));
    }

    #[test]
    fn what_is_no_number_stays_what_it_is() {
        for (kind, value, plain) in [
            (Kind::Size, "18446744073709551615", Some("18446744073709551615")),
            (Kind::Integer, "-0.0", Some("0")),
            (Kind::Integer, "1.5", None),
            (Kind::Integer, "", None),
            (Kind::Integer, "NaN", None),
            (Kind::Integer, "1e300", None),
            (Kind::Long, "1e3", Some("1000")),
            (Kind::Flag, "FALSE", Some("false")),
            (Kind::Flag, "yes", None),
            (Kind::Text, " a", None),
        ] {
            assert_eq!(spelt_plainly(kind, value).as_deref(), plain, "{value}");
        }
    }
}
