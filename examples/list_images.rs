//! What a script would call: lists server images as one line of JSON each.
//!
//! Settings come from the environment, the file `~/.ncloud/configure` or the server's role. Run it with
//! `cargo run --example list_images -- --help`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool prints"
)]

use std::io::{ErrorKind as IoErrorKind, Write as _};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt as _};
use ncloud_api::SortingOrder;
use ncloud_api::vserver::{GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput};
use ncloud_core::codec::json;
use ncloud_core::{Error, ErrorKind, Format, Reply, Session, Verb};

const HELP: &str = "\
Lists the account's server images as one line of JSON each.

Usage: list_images [FLAGS]

  --adapter ureq|hyper   HTTP client to use (default: ureq)
  --format json|xml      format of the answer on the wire (default: json)
  --method get|post      HTTP method (default: get)
  --region CODE          region, such as KR (default: NCLOUD_REGION, else the platform's first)
  --no NUMBER            only the image with this number; repeatable
  --name NAME            only images of this name
  --status CODE          only images in this state: INIT, CREAT
  --platform CODE        only images for this platform: LNX32, LNX64, WND32, WND64, UBD64, UBS64; repeatable
  --page-no N            page to give, from 0; 0 and 1 are both the first
  --page-size N          images per page, 1 to 1000; required with --page-no
  --sort-by NAME         memberServerImageName
  --order ASC|DESC       direction of sorting (default: ASC)
  --help                 prints this text

Members that an image does not have are left out; sharedLoginIdList is a list in any case, and may be empty.

Settings: NCLOUD_ACCESS_KEY_ID, NCLOUD_SECRET_ACCESS_KEY, NCLOUD_API_GW, NCLOUD_SITE, NCLOUD_REGION and NCLOUD_PROFILE,
else ~/.ncloud/configure, else the role of the server that it runs on.

Exit code: 0 done, 2 wrong use or settings (nothing was sent), 3 the gateway or the service refused, 4 the network failed,
5 the answer cannot be understood.
";

const WRONG_USE: u8 = 2;

enum Adapter {
    Ureq,
    Hyper,
}

struct Arguments {
    adapter: Adapter,
    format: Format,
    verb: Verb,
    list: GetMemberServerImageInstanceList,
    help: bool,
}

fn main() -> ExitCode {
    let arguments = match parse(Parser::from_env()) {
        Ok(arguments) => arguments,
        Err(error) => return fail(WRONG_USE, &format!("{error}; --help lists the flags")),
    };
    if arguments.help {
        return print(HELP.as_bytes());
    }
    match run(&arguments) {
        Ok(reply) => print(&lines(&reply)),
        Err(error) => fail(exit_code(error.last().kind()), &error.to_string()),
    }
}

fn run(arguments: &Arguments) -> Result<Reply<GetMemberServerImageInstanceListOutput>, Error> {
    let session = session()?.with_format(arguments.format).with_verb(arguments.verb);
    match arguments.adapter {
        Adapter::Ureq => ncloud_ureq::Client::new(session).send(&arguments.list),
        Adapter::Hyper => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|source| {
                    Error::build("runtime", "could not be started on this machine").with_source(source)
                })?;
            runtime.block_on(async { ncloud_hyper::Client::new(session).send(&arguments.list).await })
        }
    }
}

fn session() -> Result<Session, Error> {
    Ok(ncloud_config::load()?.session())
}

fn parse(mut parser: Parser) -> Result<Arguments, lexopt::Error> {
    let mut arguments = Arguments {
        adapter: Adapter::Ureq,
        format: Format::Json,
        verb: Verb::Get,
        list: GetMemberServerImageInstanceList::new(),
        help: false,
    };
    while let Some(argument) = parser.next()? {
        let Arg::Long(flag) = argument else {
            return Err(argument.unexpected());
        };
        let flag = flag.to_owned();
        match flag.as_str() {
            "help" => arguments.help = true,
            "adapter" => {
                arguments.adapter = choice(&mut parser, &flag, "ureq or hyper", |text| match text {
                    "ureq" => Some(Adapter::Ureq),
                    "hyper" => Some(Adapter::Hyper),
                    _ => None,
                })?;
            }
            "format" => {
                arguments.format = choice(&mut parser, &flag, "json or xml", |text| match text {
                    "json" => Some(Format::Json),
                    "xml" => Some(Format::Xml),
                    _ => None,
                })?;
            }
            "method" => {
                arguments.verb = choice(&mut parser, &flag, "get or post", |text| match text {
                    "get" => Some(Verb::Get),
                    "post" => Some(Verb::Post),
                    _ => None,
                })?;
            }
            _ => arguments.list = filter(arguments.list, &flag, &mut parser)?,
        }
    }
    Ok(arguments)
}

/// The flags that become parameters of the operation.
fn filter(
    list: GetMemberServerImageInstanceList,
    flag: &str,
    parser: &mut Parser,
) -> Result<GetMemberServerImageInstanceList, lexopt::Error> {
    let mut list = list;
    Ok(match flag {
        "region" => list.region_code(text(parser, flag)?),
        "no" => {
            list.member_server_image_instance_no_list
                .push(text(parser, flag)?);
            list
        }
        "name" => list.member_server_image_name(text(parser, flag)?),
        "status" => list.member_server_image_instance_status_code(text(parser, flag)?),
        "platform" => {
            list.platform_type_code_list.push(text(parser, flag)?.into());
            list
        }
        "page-no" => list.page_no(number(parser, flag)?),
        "page-size" => list.page_size(number(parser, flag)?),
        "sort-by" => list.sorted_by(text(parser, flag)?),
        "order" => list.sorting_order(choice(parser, flag, "ASC or DESC", |text| match text {
            "asc" => Some(SortingOrder::Asc),
            "desc" => Some(SortingOrder::Desc),
            _ => None,
        })?),
        _ => return Err(Arg::Long(flag).unexpected()),
    })
}

fn text(parser: &mut Parser, flag: &str) -> Result<String, lexopt::Error> {
    let text = parser.value()?.string()?;
    if text.is_empty() {
        return Err(format!("--{flag} is empty; give a value or leave the flag out").into());
    }
    Ok(text)
}

fn number(parser: &mut Parser, flag: &str) -> Result<i32, lexopt::Error> {
    let text = text(parser, flag)?;
    text.parse()
        .map_err(|_| format!("--{flag} is {text:?}; expected a whole number").into())
}

fn choice<T>(
    parser: &mut Parser,
    flag: &str,
    allowed: &str,
    choose: impl Fn(&str) -> Option<T>,
) -> Result<T, lexopt::Error> {
    let text = text(parser, flag)?;
    choose(&text.to_ascii_lowercase())
        .ok_or_else(|| format!("--{flag} is {text:?}; allowed: {allowed}").into())
}

/// One line of JSON per image, with the members' names on the wire.
fn lines(reply: &Reply<GetMemberServerImageInstanceListOutput>) -> Vec<u8> {
    let mut lines = Vec::new();
    for image in &reply.value.member_server_image_instance_list {
        lines.extend_from_slice(&json::write(image, json::Layout::Compact));
        lines.push(b'\n');
    }
    lines
}

fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Gateway | ErrorKind::Service => 3,
        ErrorKind::Transport { .. } => 4,
        ErrorKind::Decode => 5,
        _ => WRONG_USE,
    }
}

fn print(text: &[u8]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text).and_then(|()| out.flush());
    match written {
        // Whoever reads this has seen enough, as `head` does.
        Err(error) if error.kind() != IoErrorKind::BrokenPipe => fail(1, &format!("writing failed: {error}")),
        _ => ExitCode::SUCCESS,
    }
}

fn fail(code: u8, problem: &str) -> ExitCode {
    let line: String = problem
        .chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    // With nobody to tell it to, the exit code has to do.
    let _ = writeln!(std::io::stderr(), "{line}");
    ExitCode::from(code)
}
