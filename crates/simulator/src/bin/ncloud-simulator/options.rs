//! Options: what the command line asks for.

use std::path::PathBuf;
use std::time::Duration;

use lexopt::prelude::{Long, Short, ValueExt as _};
use ncloud_simulator::{Fault, Layout, Simulator};

use crate::keys::{NamedKeys, add_account, add_key};

pub(crate) const HELP: &str = "\
ncloud-simulator: an offline NAVER Cloud gateway for tests, on 127.0.0.1

Usage: ncloud-simulator [OPTION]...

  --port N                port to listen on (default: a free one)
  --inventory FILE        JSON document with the resources that exist (default: 25 images)
  --seed FILE             JSON document with everything that the accounts have: what the simulator's snapshot gives
  --state FILE            database that keeps what the accounts have; made if it is not there, and then started from --seed
                          or --inventory (default: nothing is kept)
  --account NAME          further account with nothing in it, and keys that follow from the name; may be given several times:
                          they are numbered from 2 in their order, and --state and --seed know them by their numbers
  --key NAME[=RIGHT]      further keys of the account before it, or of the built-in one; with a right: denied (no permission),
                          expired, or expires:SECONDS (good for so long)
  --quota LIST=N          how many each account may have of what a list shows: vpcList=5 (default: 10000)
  --layout LAYOUT         how answers are laid out: pretty, as the platform's, or compact (default: pretty)
  --fault FAULT           fault of the next request; may be given several times, for one request after the other
  --fault every:N:FAULT   fault that one request of N meets, again and again
  --fault rate:R:FAULT    fault that requests meet by chance, with a probability of 0 to 1: rate:0.2:close
  --fault-seed N          what chance follows from: with the same number, the same requests meet faults (default: 0)
  --latency MS            milliseconds that every request takes (default: 0)
  --transition MS         milliseconds that every change of a state takes, down to 0 for none (default: 3000)
  --clock-offset SECONDS  how far the gateway's clock is ahead; negative for behind (default: 0)
  --role NAME             role of the server, whose keys the metadata service hands out for an hour each (default: none)
  -h, --help              show this text
  -V, --version           show the version

Faults:
  respond:STATUS[;NAME=VALUE]...[;;BODY]  this status with these headers and this body: respond:503;retry-after=2;;busy
  throttle[:SECONDS | :date:SECONDS]      429 with gateway code 410, without or with Retry-After in seconds or as a date
  delay:TIME[:FAULT]                      the proper answer, or a fault, this much later: delay:200ms:close
  reset:unread | reset:read | reset:carried-out
                                          reset before the request is read, after that, or after it was carried out
  close | hang                            close without an answer, or never answer; not carried out
  truncate:BYTES                          carried out, and closed after so many bytes of the answer's body
  drip:BYTES:TIME                         carried out, and answered so many bytes at a time: drip:1:50ms
  endless                                 carried out, and answered with a body that never ends
Times are whole numbers with ms or s.

Prints the variables to export, then serves until it is killed, with one line per call on stderr:
method, action, status, return code, number of the account, milliseconds. Keys with a name are in variables that end in it:
NCLOUD_ACCESS_KEY_ID_NAME and NCLOUD_SECRET_ACCESS_KEY_NAME, in capitals.

Beside the API, without a signature and without meeting faults:
  GET /                     a page with what the accounts have and the last calls
  POST /simulator/fault     fault=FAULT, and every=N or rate=R where it is to recur; DELETE forgets all faults
  POST /simulator/clock     offset=SECONDS or advance=SECONDS; GET tells the clock
  GET /simulator/requests   the last calls, 100 or last=N
  GET /simulator/snapshot   what the accounts have, for --seed
";

/// How long the keys of a role are good.
const ROLE_LIFETIME: Duration = Duration::from_secs(3600);

/// What the command line asks for.
pub(crate) enum Command {
    Help,
    Version,
    Serve(Box<Options>),
}

pub(crate) struct Options {
    pub(crate) port: u16,
    pub(crate) inventory: Option<PathBuf>,
    pub(crate) seed: Option<PathBuf>,
    pub(crate) state: Option<PathBuf>,
    /// Key pairs beside the built-in one.
    pub(crate) keys: Vec<NamedKeys>,
    /// Names of lists, and how many of what they show there may be.
    pub(crate) quotas: Vec<(String, usize)>,
    pub(crate) layout: Layout,
    pub(crate) faults: Vec<Planned>,
    pub(crate) fault_seed: u64,
    pub(crate) latency: Duration,
    /// How long every change of a state takes.
    pub(crate) transition: Option<Duration>,
    pub(crate) clock_offset: i64,
    /// Name and lifetime of keys.
    pub(crate) role: Option<(String, Duration)>,
}

/// A fault and whom it meets.
#[derive(Debug, PartialEq)]
pub(crate) enum Planned {
    Once(Fault),
    Every(u32, Fault),
    AtRate(f64, Fault),
}

pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options {
        port: 0,
        inventory: None,
        seed: None,
        state: None,
        keys: Vec::new(),
        quotas: Vec::new(),
        layout: Layout::Pretty,
        faults: Vec::new(),
        fault_seed: 0,
        latency: Duration::ZERO,
        transition: None,
        clock_offset: 0,
        role: None,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Long("port") => {
                options.port = number(&mut arguments, "--port", "0 to 65535")?;
            }
            Long("inventory") => options.inventory = Some(arguments.value()?.into()),
            Long("seed") => options.seed = Some(arguments.value()?.into()),
            Long("state") => options.state = Some(arguments.value()?.into()),
            Long("account") => add_account(&arguments.value()?.string()?, &mut options.keys)?,
            Long("key") => add_key(&arguments.value()?.string()?, &mut options.keys)?,
            Long("quota") => options.quotas.push(quota(&arguments.value()?.string()?)?),
            Long("layout") => options.layout = layout(&arguments.value()?.string()?)?,
            Long("fault") => options.faults.push(planned(&arguments.value()?.string()?)?),
            Long("fault-seed") => {
                options.fault_seed = number(&mut arguments, "--fault-seed", "0 to 18446744073709551615")?;
            }
            Long("latency") => options.latency = millis(&mut arguments, "--latency")?,
            Long("transition") => options.transition = Some(millis(&mut arguments, "--transition")?),
            Long("clock-offset") => {
                let allowed = "whole seconds, such as 1200 or -1200";
                options.clock_offset = number(&mut arguments, "--clock-offset", allowed)?;
            }
            Long("role") => options.role = Some((role(arguments.value()?.string()?)?, ROLE_LIFETIME)),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Serve(Box::new(options)))
}

fn number<T: std::str::FromStr>(
    arguments: &mut lexopt::Parser,
    option: &str,
    allowed: &str,
) -> Result<T, lexopt::Error> {
    let text = arguments.value()?.string()?;
    let number = text.parse();
    number.map_err(|_| format!("{option} is {text:?}; allowed: {allowed}").into())
}

fn millis(arguments: &mut lexopt::Parser, option: &str) -> Result<Duration, lexopt::Error> {
    let millis: u32 = number(arguments, option, "milliseconds, 0 to 4294967295")?;
    Ok(Duration::from_millis(millis.into()))
}

fn layout(text: &str) -> Result<Layout, lexopt::Error> {
    match text {
        "pretty" => Ok(Layout::Pretty),
        "compact" => Ok(Layout::Compact),
        text => Err(format!("--layout is {text:?}; allowed: pretty, compact").into()),
    }
}

fn quota(text: &str) -> Result<(String, usize), lexopt::Error> {
    let read = text
        .split_once('=')
        .and_then(|(list, quota)| Some((list, quota.parse().ok()?)));
    let (list, quota) =
        read.ok_or_else(|| format!("--quota is {text:?}; allowed: a list and how many, such as vpcList=5"))?;
    let taken = Simulator::builder().quota(list, quota);
    if let Err(error) = taken {
        return Err(format!("--quota cannot be used: {error}").into());
    }
    Ok((list.to_owned(), quota))
}

fn planned(text: &str) -> Result<Planned, lexopt::Error> {
    let fault = |text: &str| {
        text.parse::<Fault>()
            .map_err(|error| format!("--fault cannot be used: {error}"))
    };
    let wrong =
        |allowed: &str| Err(format!("--fault is {text:?}; allowed after {allowed} and a fault").into());
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    let (often, recurring) = rest.split_once(':').unwrap_or((rest, ""));
    match kind {
        "every" => match often.parse() {
            Ok(every) if every > 0 => Ok(Planned::Every(every, fault(recurring)?)),
            _ => wrong("every: 1 to 4294967295"),
        },
        "rate" => match often.parse() {
            Ok(rate) if (0.0..=1.0).contains(&rate) => Ok(Planned::AtRate(rate, fault(recurring)?)),
            _ => wrong("rate: 0 to 1, such as 0.2,"),
        },
        _ => Ok(Planned::Once(fault(text)?)),
    }
}

fn role(name: String) -> Result<String, lexopt::Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if name.is_empty() || !name.bytes().all(allowed) {
        return Err(format!("--role is {name:?}; allowed: letters, digits and -_.").into());
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use ncloud_simulator::RetryAfter;

    use super::*;

    fn options(arguments: &[&str]) -> Options {
        let arguments = ["ncloud-simulator"].iter().chain(arguments);
        match parse(lexopt::Parser::from_iter(arguments)) {
            Ok(Command::Serve(options)) => *options,
            Ok(_) => panic!("nothing else was asked for"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn faults_are_taken_in_order_with_what_else_goes_wrong() {
        let options = options(&[
            "--fault",
            "close",
            "--fault=every:5:delay:200ms:hang",
            "--fault",
            "truncate:3",
            "--fault=rate:0.25:throttle:7",
            "--fault-seed=18446744073709551615",
            "--latency=20",
            "--transition=0",
            "--clock-offset=-1200",
            "--role",
            "web",
        ]);
        let hang = Fault::Hang.delayed(Duration::from_millis(200));
        assert_eq!(
            options.faults,
            [
                Planned::Once(Fault::Close),
                Planned::Every(5, hang),
                Planned::Once(Fault::Truncate(3)),
                Planned::AtRate(0.25, Fault::Throttle(RetryAfter::Seconds(7))),
            ]
        );
        assert_eq!(options.fault_seed, u64::MAX);
        assert_eq!(options.latency, Duration::from_millis(20));
        assert_eq!(options.transition, Some(Duration::ZERO));
        assert_eq!(options.clock_offset, -1200);
        assert_eq!(options.role.map(|(name, _)| name).as_deref(), Some("web"));
    }

    #[test]
    fn a_quota_may_be_of_a_list_or_of_a_kind() {
        let options = options(&["--quota", "vpcList=5", "--quota=login key=0"]);
        let quotas = [("vpcList".to_owned(), 5), ("login key".to_owned(), 0)];
        assert_eq!(options.quotas, quotas);
    }

    #[test]
    fn a_negative_number_may_stand_by_itself() {
        assert_eq!(options(&["--clock-offset", "-5"]).clock_offset, -5);
    }
}
