//! Fault texts: faults in the words of a command line, such as `delay:200ms:respond:503`.

use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ncloud_core::Error;

use crate::fault::{Fault, RetryAfter, Stage};

const KINDS: &str = "respond, throttle, delay, reset, close, hang, endless, truncate, drip";
/// How many delays may stand in front of a fault.
const DELAY_LIMIT: usize = 16;

/// Reads a fault written as described at [`Fault`].
///
/// # Errors
///
/// A [`Build`](ncloud_core::ErrorKind::Build) error for the field `fault` that repeats the part that is wrong and says what is allowed.
///
/// ```
/// use ncloud_simulator::Fault;
///
/// let fault: Fault = "respond:503;retry-after=2;;<html>busy</html>".parse()?;
/// let error = "respond:20".parse::<Fault>().unwrap_err();
/// assert!(error.to_string().contains("100 to 999"));
/// # Ok::<(), ncloud_core::Error>(())
/// ```
impl FromStr for Fault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut delays = Vec::new();
        let mut rest = Some(text);
        while let Some(delayed) = rest.and_then(|rest| rest.strip_prefix("delay:")) {
            let (time, then) = match delayed.split_once(':') {
                Some((time, then)) => (time, Some(then)),
                None => (delayed, None),
            };
            delays.push(duration(time)?);
            rest = then;
            if delays.len() > DELAY_LIMIT {
                return Err(Error::build("fault", "has more than 16 delays; add them up"));
            }
        }
        let mut fault = rest.map(undelayed).transpose()?;
        for time in delays.into_iter().rev() {
            let then = fault.map(Box::new);
            fault = Some(Self::Delay { time, then });
        }
        // Without a delay there is a rest.
        fault.ok_or_else(|| wrong(text, "is empty"))
    }
}

fn undelayed(text: &str) -> Result<Fault, Error> {
    let (kind, rest) = match text.split_once(':') {
        Some((kind, rest)) => (kind, Some(rest)),
        None => (text, None),
    };
    match (kind, rest) {
        ("respond", Some(rest)) => respond(rest),
        ("respond", None) => Err(wrong(text, "has no status; write respond:503")),
        ("throttle", rest) => Ok(Fault::Throttle(retry_after(rest)?)),
        ("delay", _) => Err(wrong(text, "has no time; write delay:200ms")),
        ("reset", Some("unread")) => Ok(Fault::Reset(Stage::Unread)),
        ("reset", Some("read")) => Ok(Fault::Reset(Stage::Read)),
        ("reset", Some("carried-out")) => Ok(Fault::Reset(Stage::CarriedOut)),
        ("reset", _) => Err(wrong(
            text,
            "does not say when; allowed: reset:unread, reset:read, reset:carried-out",
        )),
        ("close", None) => Ok(Fault::Close),
        ("hang", None) => Ok(Fault::Hang),
        ("endless", None) => Ok(Fault::Endless),
        ("close" | "hang" | "endless", Some(_)) => Err(wrong(text, &format!("takes nothing after {kind}"))),
        ("truncate", Some(bytes)) => Ok(Fault::Truncate(number(bytes)?)),
        ("truncate", None) => Err(wrong(text, "has no number of bytes; write truncate:100")),
        ("drip", rest) => drip(text, rest),
        _ => Err(wrong(text, &format!("is no fault; allowed: {KINDS}"))),
    }
}

fn respond(rest: &str) -> Result<Fault, Error> {
    let (head, body) = match rest.split_once(";;") {
        Some((head, body)) => (head, body),
        None => (rest, ""),
    };
    let mut parts = head.split(';');
    let status = parts.next().unwrap_or_default();
    let status = StatusCode::from_bytes(status.as_bytes())
        .map_err(|_| wrong(status, "is no status; allowed: 100 to 999"))?;
    let mut headers = HeaderMap::new();
    for part in parts {
        let header = part.split_once('=').and_then(|(name, value)| {
            let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        });
        let (name, value) =
            header.ok_or_else(|| wrong(part, "is no header; write retry-after=2, and a body behind ;;"))?;
        headers.append(name, value);
    }
    Ok(Fault::Respond {
        status,
        headers,
        body: Bytes::copy_from_slice(body.as_bytes()),
    })
}

fn retry_after(rest: Option<&str>) -> Result<RetryAfter, Error> {
    match rest {
        None => Ok(RetryAfter::Absent),
        Some(rest) => match rest.strip_prefix("date:") {
            Some(seconds) => Ok(RetryAfter::Date(number(seconds)?)),
            None => Ok(RetryAfter::Seconds(number(rest)?)),
        },
    }
}

fn drip(text: &str, rest: Option<&str>) -> Result<Fault, Error> {
    let (bytes, pause) = rest
        .and_then(|rest| rest.split_once(':'))
        .ok_or_else(|| wrong(text, "does not say how slowly; write drip:1:50ms"))?;
    Ok(Fault::Drip {
        bytes: number(bytes)?,
        pause: duration(pause)?,
    })
}

fn number<T: FromStr>(text: &str) -> Result<T, Error> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| wrong(text, "is no whole number, or too large"))
}

fn duration(text: &str) -> Result<Duration, Error> {
    if let Some(millis) = text.strip_suffix("ms") {
        return number(millis).map(Duration::from_millis);
    }
    match text.strip_suffix('s') {
        Some(seconds) => number(seconds).map(Duration::from_secs),
        None => Err(wrong(text, "is no time; write 200ms or 2s")),
    }
}

fn wrong(text: &str, problem: &str) -> Error {
    Error::build("fault", format!("{text:?} {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Fault {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_fault_has_a_text() {
        let second = Duration::from_secs(1);
        let drip = Fault::Drip {
            bytes: 16,
            pause: Duration::from_millis(50),
        };
        for (text, fault) in [
            ("respond:503", Fault::respond(StatusCode::SERVICE_UNAVAILABLE, "")),
            (
                "respond:200;;{\"a\":1;;2}",
                Fault::respond(StatusCode::OK, "{\"a\":1;;2}"),
            ),
            ("throttle", Fault::Throttle(RetryAfter::Absent)),
            ("throttle:7", Fault::Throttle(RetryAfter::Seconds(7))),
            ("throttle:date:7", Fault::Throttle(RetryAfter::Date(7))),
            ("delay:1s", Fault::delay(second)),
            ("delay:1000ms:close", Fault::Close.delayed(second)),
            ("delay:1s:delay:1s", Fault::delay(second).delayed(second)),
            ("reset:unread", Fault::Reset(Stage::Unread)),
            ("reset:read", Fault::Reset(Stage::Read)),
            ("reset:carried-out", Fault::Reset(Stage::CarriedOut)),
            ("close", Fault::Close),
            ("hang", Fault::Hang),
            ("endless", Fault::Endless),
            ("truncate:0", Fault::Truncate(0)),
            ("drip:16:50ms", drip),
        ] {
            assert_eq!(parse(text), fault, "{text}");
        }
        let Fault::Respond { headers, body, .. } =
            parse("respond:302;location=http://127.0.0.1:1/a=b;x-a=;;moved")
        else {
            panic!("another fault");
        };
        assert_eq!(headers["location"], "http://127.0.0.1:1/a=b");
        assert_eq!((headers["x-a"].as_bytes(), body), (&b""[..], "moved".into()));
    }

    #[test]
    fn a_wrong_text_is_told_where_and_what_is_allowed() {
        for (text, problem) in [
            ("", "\"\" is no fault; allowed: respond, throttle"),
            ("slow", "\"slow\" is no fault"),
            ("respond", "write respond:503"),
            ("respond:", "\"\" is no status; allowed: 100 to 999"),
            ("respond:1000", "\"1000\" is no status"),
            ("respond:503;oops", "\"oops\" is no header; write retry-after=2"),
            ("respond:503;a b=c", "\"a b=c\" is no header"),
            ("respond:503:busy", "\"503:busy\" is no status"),
            ("throttle:soon", "\"soon\" is no whole number"),
            ("throttle:-1", "\"-1\" is no whole number"),
            ("throttle:99999999999999999999", "too large"),
            ("delay", "write delay:200ms"),
            ("delay:", "\"\" is no time; write 200ms or 2s"),
            ("delay:5", "\"5\" is no time"),
            ("delay:1s:", "\"\" is no fault"),
            ("reset", "allowed: reset:unread"),
            ("reset:later", "allowed: reset:unread"),
            ("close:now", "takes nothing after close"),
            ("truncate", "write truncate:100"),
            ("truncate:+1", "\"+1\" is no whole number"),
            ("drip", "write drip:1:50ms"),
            ("drip:1", "write drip:1:50ms"),
        ] {
            let error = text.parse::<Fault>().unwrap_err();
            assert_eq!(error.field(), Some("fault"), "{text}");
            assert!(error.to_string().contains(problem), "{text}: {error}");
        }
        let many = "delay:1s:".repeat(100_000) + "close";
        assert!(
            many.parse::<Fault>()
                .unwrap_err()
                .to_string()
                .contains("16 delays")
        );
    }
}
