//! Keys: the accounts and key pairs that the command line names beside the built-in ones.

use std::time::{Duration, SystemTime};

use ncloud_core::Credentials;
use ncloud_simulator::{Simulator, SimulatorBuilder};

/// The longest name.
const NAME_LIMIT: usize = 40;

/// A key pair with a name, from which its keys follow.
#[derive(Debug, PartialEq)]
pub(crate) struct NamedKeys {
    name: String,
    right: Right,
}

/// What the keys may do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Right {
    /// Everything, in an account of their own.
    Account,
    /// Everything, in the account before them.
    Shared,
    Denied,
    Expired,
    /// Everything for so long, in the account before them.
    Lent(Duration),
}

/// Reads the value of `--account` and adds it to what was named before.
pub(crate) fn add_account(text: &str, named: &mut Vec<NamedKeys>) -> Result<(), String> {
    add("--account", text, Right::Account, named)
}

/// Reads the value of `--key` and adds it to what was named before.
pub(crate) fn add_key(text: &str, named: &mut Vec<NamedKeys>) -> Result<(), String> {
    let Some((name, right)) = text.split_once('=') else {
        return add("--key", text, Right::Shared, named);
    };
    let lent = || right.strip_prefix("expires:")?.parse::<u32>().ok();
    let right = match (right, lent()) {
        ("denied", _) => Right::Denied,
        ("expired", _) => Right::Expired,
        (_, Some(seconds)) => Right::Lent(Duration::from_secs(seconds.into())),
        _ => {
            let allowed = "denied, expired, expires:SECONDS (0 to 4294967295)";
            return Err(format!("--key is {text:?}; allowed after the name: {allowed}"));
        }
    };
    add("--key", name, right, named)
}

fn add(option: &str, name: &str, right: Right, named: &mut Vec<NamedKeys>) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty() || name.len() > NAME_LIMIT || !name.bytes().all(allowed) {
        return Err(format!(
            "{option} has the name {name:?}; allowed: 1 to {NAME_LIMIT} letters, digits and _"
        ));
    }
    // The variables have the name in capitals.
    if named.iter().any(|known| known.name.eq_ignore_ascii_case(name)) {
        return Err(format!(
            "{option} has the name {name:?}, which was given before; give each a name of its own"
        ));
    }
    let name = name.to_owned();
    named.push(NamedKeys { name, right });
    Ok(())
}

/// Lets all of them in, behind the built-in account. It is `now` by the simulator's clock.
pub(crate) fn let_in(
    builder: SimulatorBuilder,
    named: &[NamedKeys],
    now: SystemTime,
) -> Result<SimulatorBuilder, String> {
    let mut builder = builder.account(Simulator::new().credentials());
    for keys in named {
        let problem = |error| format!("keys with the name {:?} cannot be made: {error}", keys.name);
        let credentials = keys.credentials().map_err(problem)?;
        builder = match keys.right {
            Right::Account => builder.account(&credentials),
            Right::Shared => builder.account_key(&credentials),
            Right::Denied => builder.account_without_permission(&credentials),
            Right::Expired => builder.account_key(&credentials.with_expiry(SystemTime::UNIX_EPOCH)),
            Right::Lent(time) => {
                let expiry = now.checked_add(time);
                let expiry = expiry.ok_or("--key expires at a moment that cannot be told")?;
                builder.account_key(&credentials.with_expiry(expiry))
            }
        };
    }
    Ok(builder)
}

/// Lines for a shell with all of them, and what they are as comments.
pub(crate) fn lines(named: &[NamedKeys]) -> Vec<String> {
    let mut account = 1_usize;
    let mut lines = Vec::new();
    for keys in named {
        let name = &keys.name;
        lines.push(match keys.right {
            Right::Account => {
                account = account.saturating_add(1);
                format!("# {name} is account {account}")
            }
            Right::Shared => format!("# {name} is of account {account}, too"),
            Right::Denied => format!("# {name} has no permission"),
            Right::Expired => format!("# {name} has expired"),
            Right::Lent(time) => {
                let seconds = time.as_secs();
                format!("# {name} is of account {account}, too, and expires in {seconds} seconds")
            }
        });
        let suffix = name.to_ascii_uppercase();
        let (access_key, secret_key) = keys.pair();
        lines.push(format!("export NCLOUD_ACCESS_KEY_ID_{suffix}={access_key}"));
        lines.push(format!("export NCLOUD_SECRET_ACCESS_KEY_{suffix}={secret_key}"));
    }
    lines
}

impl NamedKeys {
    fn credentials(&self) -> Result<Credentials, ncloud_core::Error> {
        let (access_key, secret_key) = self.pair();
        Credentials::new(access_key, secret_key)
    }

    /// Access key and secret key, the same in every run. They are made up and open nothing but this simulator.
    fn pair(&self) -> (String, String) {
        let name = self.name.to_ascii_uppercase();
        (format!("ncp_ak_TEST_{name}"), format!("ncp_sk_TEST_{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_it_may_do() {
        let mut named = Vec::new();
        for text in ["ci", "nobody=denied", "old=expired", "lent=expires:60"] {
            add_key(text, &mut named).unwrap();
        }
        add_account("Team_2", &mut named).unwrap();
        let rights: Vec<Right> = named.iter().map(|keys| keys.right).collect();
        let lent = Right::Lent(Duration::from_secs(60));
        let expected = [Right::Shared, Right::Denied, Right::Expired, lent, Right::Account];
        assert_eq!(rights, expected);
        let lines = lines(&named);
        assert_eq!(
            lines[9..],
            [
                "# lent is of account 1, too, and expires in 60 seconds",
                "export NCLOUD_ACCESS_KEY_ID_LENT=ncp_ak_TEST_LENT",
                "export NCLOUD_SECRET_ACCESS_KEY_LENT=ncp_sk_TEST_LENT",
                "# Team_2 is account 2",
                "export NCLOUD_ACCESS_KEY_ID_TEAM_2=ncp_ak_TEST_TEAM_2",
                "export NCLOUD_SECRET_ACCESS_KEY_TEAM_2=ncp_sk_TEST_TEAM_2",
            ]
        );
    }
}
