//! The text of a configure file as profiles, with the line of every value; what is malformed is refused by line.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The profile that is used if none is named, and that lines before the first section belong to.
pub(crate) const DEFAULT: &str = "DEFAULT";
/// Key of the access key in a profile.
pub(crate) const ACCESS_KEY: &str = "ncloud_access_key_id";
/// Key of the secret key in a profile.
pub(crate) const SECRET_KEY: &str = "ncloud_secret_access_key";
/// Key of the gateway's address in a profile.
pub(crate) const API_URL: &str = "ncloud_api_url";

/// How many profiles a message names, and how much of each.
const NAMES_SHOWN: usize = 10;
const NAME_LENGTH_SHOWN: usize = 40;

/// The profiles of one file. Has no `Debug`: it holds secret keys.
pub(crate) struct Profiles<'a>(BTreeMap<&'a str, Profile<'a>>);

/// One section: its keys and values.
#[derive(Default)]
pub(crate) struct Profile<'a>(BTreeMap<&'a str, Value<'a>>);

/// A value and the line it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    pub(crate) line: usize,
    pub(crate) text: &'a str,
}

/// What is wrong with the file and where. Never repeats the line, which may hold a key in the wrong place.
#[derive(Debug, PartialEq)]
pub(crate) struct Malformed {
    pub(crate) line: usize,
    pub(crate) problem: String,
}

impl<'a> Profiles<'a> {
    /// Reads a file's content.
    pub(crate) fn parse(content: &'a [u8]) -> Result<Self, Malformed> {
        let text = decode(content)?;
        let mut profiles = BTreeMap::<_, Profile<'_>>::new();
        let mut section = DEFAULT;
        for (line, number) in text.lines().zip(1_usize..) {
            let refuse = |problem: String| Malformed {
                line: number,
                problem,
            };
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(rest) = line.strip_prefix('[') {
                section = canonical(section_name(rest).map_err(|problem| refuse(problem.to_owned()))?);
                profiles.entry(section).or_default();
                continue;
            }
            // At the first `=` only: a secret key may have more of them.
            let (key, text) = line.split_once('=').ok_or_else(|| {
                refuse(
                    "there is no `=`; expected `key = value`, `[profile]` or a comment that begins with `#`"
                        .to_owned(),
                )
            })?;
            let value = Value {
                line: number,
                text: text.trim(),
            };
            profiles
                .entry(section)
                .or_default()
                .insert(key.trim(), value)
                .map_err(refuse)?;
        }
        Ok(Self(profiles))
    }

    /// The profile of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Profile<'a>> {
        self.0.get(canonical(name))
    }

    /// Whether there is any profile but that one.
    pub(crate) fn has_others_than(&self, name: &str) -> bool {
        self.0.keys().any(|other| *other != canonical(name))
    }

    /// The names of all profiles, for a message.
    pub(crate) fn names(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        let mut names: Vec<String> = self
            .0
            .keys()
            .take(NAMES_SHOWN)
            .map(|name| shortened(name))
            .collect();
        if let Some(more @ 1..) = self.0.len().checked_sub(NAMES_SHOWN) {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }
}

impl<'a> Profile<'a> {
    /// The value of a key; `None` also if it is empty.
    pub(crate) fn get(&self, key: &str) -> Option<Value<'a>> {
        self.0.get(key).copied().filter(|value| !value.text.is_empty())
    }

    fn insert(&mut self, key: &'a str, value: Value<'a>) -> Result<(), String> {
        if key.is_empty() {
            return Err("there is no key before the `=`; expected `key = value`".to_owned());
        }
        match self.0.entry(key) {
            Entry::Vacant(place) => {
                place.insert(value);
                Ok(())
            }
            Entry::Occupied(place) => {
                // A key that we do not know may be a secret that somebody put into the wrong place.
                let key = [ACCESS_KEY, SECRET_KEY, API_URL]
                    .into_iter()
                    .find(|known| *known == key)
                    .unwrap_or("the key");
                let first = place.get().line;
                Err(format!(
                    "{key} was already given in line {first} for the same profile; remove one of the two, or put it \
                     under a `[profile]` of its own"
                ))
            }
        }
    }
}

/// One spelling for the default profile; every other name as it is.
pub(crate) fn canonical(name: &str) -> &str {
    if name == "default" { DEFAULT } else { name }
}

/// A name from outside in a length that fits into a message.
pub(crate) fn shortened(name: &str) -> String {
    match name.char_indices().nth(NAME_LENGTH_SHOWN) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// The text of a file, without the mark that some editors put at its beginning.
fn decode(content: &[u8]) -> Result<&str, Malformed> {
    let text = std::str::from_utf8(content).map_err(|error| {
        let valid = content.get(..error.valid_up_to()).unwrap_or_default();
        Malformed {
            line: valid.split(|byte| *byte == b'\n').count(),
            problem: "there is a byte that is not UTF-8; save the file as UTF-8 text".to_owned(),
        }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The name in a section's header, after its opening bracket.
fn section_name(rest: &str) -> Result<&str, &'static str> {
    let (name, after) = rest
        .split_once(']')
        .ok_or("the `[` is not closed; expected `[profile]`")?;
    let after = after.trim_start();
    if !after.is_empty() && !after.starts_with(['#', ';']) {
        return Err("there is text after the `]`; expected `[profile]` alone on its line");
    }
    match name.trim() {
        "" => Err("there is no name between `[` and `]`; expected `[profile]`"),
        name => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(content: &str, profile: &str, key: &str) -> Option<(usize, String)> {
        let profiles = Profiles::parse(content.as_bytes()).ok().unwrap();
        let value = profiles.get(profile)?.get(key)?;
        Some((value.line, value.text.to_owned()))
    }

    #[test]
    fn sections_comments_and_stray_space_are_understood() {
        for (content, profile, expected) in [
            ("ncloud_api_url=u", "DEFAULT", Some((1, "u"))),
            ("ncloud_api_url=u", "default", Some((1, "u"))),
            ("[default]\nncloud_api_url=u", "DEFAULT", Some((2, "u"))),
            (
                "\u{feff}[DEFAULT]\r\n  ncloud_api_url\t=  u v  \r\n",
                "DEFAULT",
                Some((2, "u v")),
            ),
            (
                "# a\n; b = c\n\n   \nncloud_api_url = u=v==",
                "DEFAULT",
                Some((5, "u=v==")),
            ),
            ("ncloud_api_url = u # v", "DEFAULT", Some((1, "u # v"))),
            ("ncloud_api_url =", "DEFAULT", None),
            ("ncloud_api_url = u\n[ work ] ; mine\nx = y", "work", None),
            (
                "[a]\nncloud_api_url=1\n[b]\nncloud_api_url=2\n[a]\nx=y",
                "a",
                Some((2, "1")),
            ),
            ("[work]\nncloud_api_url = u", "Work", None),
            ("[Default]\nncloud_api_url = u", "DEFAULT", None),
            ("[업무]\nncloud_api_url = u", "업무", Some((2, "u"))),
            ("", "DEFAULT", None),
        ] {
            let found = value(content, profile, API_URL);
            let found = found.as_ref().map(|(line, text)| (*line, text.as_str()));
            assert_eq!(found, expected, "{content:?} {profile}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused_by_line_and_never_repeated() {
        for (content, line, words) in [
            (&b"\n# c\nTESTVALUE"[..], 3, "no `=`"),
            (b"[work\nx = TESTVALUE", 1, "not closed"),
            (b"x = y\r\n[TESTVALUE = y\r\n", 2, "not closed"),
            (b"[]\n", 1, "no name"),
            (b"[ ]\n", 1, "no name"),
            (b"[work] TESTVALUE\n", 1, "after the `]`"),
            (b"= TESTVALUE", 1, "no key before"),
            (
                b"ncloud_api_url = TESTVALUE\nncloud_api_url = TESTVALUE",
                2,
                "ncloud_api_url was already given in line 1",
            ),
            (b"a=1\n[DEFAULT]\na=2", 3, "the key was already given in line 1"),
            (
                b"TESTVALUE=\nTESTVALUE=\n",
                2,
                "the key was already given in line 1",
            ),
            (b"[a]\nx=1\n[b]\nx=1\n[a]\nx=1", 6, "given in line 2"),
            (b"x = TESTVALUE\ny = \xffTESTVALUE", 2, "not UTF-8"),
            (b"\xff\xfe[\0D\0", 1, "save the file as UTF-8"),
        ] {
            let malformed = Profiles::parse(content).err().unwrap();
            assert_eq!(malformed.line, line, "{malformed:?}");
            assert!(malformed.problem.contains(words), "{malformed:?}");
            assert!(!malformed.problem.contains("TESTVALUE"), "{malformed:?}");
        }
    }

    #[test]
    fn the_list_of_names_is_bounded() {
        let names = |content: &str| Profiles::parse(content.as_bytes()).ok().unwrap().names();
        assert_eq!(names(""), "none");
        assert_eq!(names("x=y\n[b]\n[a]"), "DEFAULT, a, b");
        let many: Vec<String> = (10..22).map(|number| format!("[p{number}]")).collect();
        assert_eq!(
            names(&many.join("\n")),
            "p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, 2 more"
        );
        assert_eq!(
            names(&format!("[{}]", "가".repeat(1000))),
            format!("{}…", "가".repeat(40))
        );
    }
}
