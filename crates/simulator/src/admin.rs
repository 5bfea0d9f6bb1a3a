//! Admin calls: what a test in another language asks of a running simulator, beside the API and without a signature.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use ncloud_core::DateTime;
use ncloud_core::codec::form::Form;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::http_date::http_date;
use crate::overview;
use crate::parameters::Parameters;
use crate::record::RequestRecord;
use crate::simulator::Simulator;

const OVERVIEW: &str = "/";
const ROOT: &str = "/simulator/";
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html;charset=UTF-8");
/// How far the clock can be set or advanced at once: a hundred years.
const SECONDS_LIMIT: i64 = 100 * 365 * 86_400;
/// How many requests are told without a wish for another number.
const REQUESTS: usize = 100;

/// A refusal and what to do about it.
type Refusal = (StatusCode, String);

impl Simulator {
    /// Answers an admin call; `None` for any other request, and where there are no admin calls. `now` is by the machine's clock.
    pub(crate) fn administer(
        &self,
        request: &Parts,
        body: Option<&[u8]>,
        now: SystemTime,
    ) -> Option<Response<Bytes>> {
        let path = request.uri.path();
        // Programs that wait for a server to be there ask for the head alone.
        let is_overview = path == OVERVIEW && matches!(request.method, Method::GET | Method::HEAD);
        if !self.has_admin_calls() || !(is_overview || path.starts_with(ROOT)) {
            return None;
        }
        let answered = check_origin(request).and_then(|()| {
            if is_overview {
                return Ok((HTML, overview::page(self, self.clock(now))));
            }
            let document = self.admin_document(request, body, now)?;
            Ok((JSON, format!("{document:#}\n")))
        });
        let (status, kind, text) = match answered {
            Ok((kind, text)) => (StatusCode::OK, kind, text),
            Err((status, problem)) => (status, JSON, format!("{:#}\n", json!({ "problem": problem }))),
        };
        let mut response = Response::new(Bytes::from(text));
        *response.status_mut() = status;
        let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, kind);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        headers.insert(DATE, http_date(self.clock(now)));
        Some(response)
    }

    fn admin_document(
        &self,
        request: &Parts,
        body: Option<&[u8]>,
        now: SystemTime,
    ) -> Result<Value, Refusal> {
        let body = body.ok_or_else(|| refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"))?;
        let parameters = Parameters::read(request, body)
            .map_err(|_| bad("the parameters are not a form in UTF-8 of up to 10,000"))?;
        let form = parameters.form();
        let path = request.uri.path();
        match (
            request.method.as_str(),
            path.strip_prefix(ROOT).unwrap_or_default(),
        ) {
            ("POST", "fault") => self.plan_fault(form),
            ("DELETE", "fault") => {
                self.clear_faults();
                Ok(json!({}))
            }
            ("POST", "clock") => {
                self.move_clock(form)?;
                Ok(self.tell_clock(now))
            }
            ("GET", "clock") => Ok(self.tell_clock(now)),
            ("GET", "requests") => self.tell_requests(form),
            ("GET", "snapshot") => Ok(self.snapshot_document()),
            (method, _) => Err(refuse(
                StatusCode::NOT_FOUND,
                &format!(
                    "there is no {method} {path}; there are POST and DELETE /simulator/fault, GET and POST \
                     /simulator/clock, GET /simulator/requests, GET /simulator/snapshot"
                ),
            )),
        }
    }

    fn plan_fault(&self, form: &Form) -> Result<Value, Refusal> {
        let text = form
            .get("fault")
            .ok_or_else(|| bad("fault is missing; give one such as fault=respond:503"))?;
        let fault: Fault = text
            .parse()
            .map_err(|error: ncloud_core::Error| bad(&error.to_string()))?;
        match (form.get("every"), form.get("rate")) {
            (None, None) => self.push_fault(fault),
            (Some(every), None) => {
                let every = every.parse().ok().filter(|every| *every > 0);
                let every = every
                    .ok_or_else(|| bad("every is wrong; allowed: whole numbers from 1 to 4294967295"))?;
                self.fault_every(every, fault);
            }
            (None, Some(rate)) => {
                let rate = rate.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
                let rate = rate.ok_or_else(|| bad("rate is wrong; allowed: 0 to 1, such as 0.2"))?;
                self.fault_at_rate(rate, fault);
            }
            (Some(_), Some(_)) => return Err(bad("give every or rate, not both")),
        }
        Ok(json!({}))
    }

    fn move_clock(&self, form: &Form) -> Result<(), Refusal> {
        let seconds = |name: &str, least: i64| {
            form.get(name)
                .map(|text| {
                    let seconds = text.parse::<i64>().ok();
                    let allowed = seconds.filter(|seconds| (least..=SECONDS_LIMIT).contains(seconds));
                    allowed.ok_or_else(|| {
                        bad(&format!(
                            "{name} is wrong; allowed: whole seconds from {least} to {SECONDS_LIMIT}"
                        ))
                    })
                })
                .transpose()
        };
        // Nothing moves unless all of it can.
        let (offset, advance) = (seconds("offset", -SECONDS_LIMIT)?, seconds("advance", 0)?);
        if offset.is_none() && advance.is_none() {
            return Err(bad("give offset, advance or both, in seconds"));
        }
        if let Some(offset) = offset {
            self.set_clock_offset(offset);
        }
        if let Some(advance) = advance {
            self.advance_clock(Duration::from_secs(advance.unsigned_abs()));
        }
        Ok(())
    }

    fn tell_clock(&self, now: SystemTime) -> Value {
        let moment = DateTime::from_system_time(self.clock(now));
        json!({
            "offset": self.clock_offset(),
            "now": moment.map(|moment| moment.to_string()),
        })
    }

    fn tell_requests(&self, form: &Form) -> Result<Value, Refusal> {
        let last = match form.get("last") {
            None => REQUESTS,
            Some(last) => last
                .parse()
                .map_err(|_| bad("last is wrong; allowed: how many of the latest requests, such as 100"))?,
        };
        let requests = self.latest_requests(last);
        Ok(json!({ "requestList": requests.iter().map(document).collect::<Value>() }))
    }
}

/// A page of another site, open in a browser on this machine, must not reach in here.
fn check_origin(request: &Parts) -> Result<(), Refusal> {
    let host = request
        .headers
        .get(HOST)
        .map(|host| host.to_str().unwrap_or_default());
    if host.is_some_and(|host| !is_loopback(host)) {
        let problem = "the host header has to name this machine, such as 127.0.0.1";
        return Err(refuse(StatusCode::FORBIDDEN, problem));
    }
    if request.headers.contains_key(ORIGIN) {
        return Err(refuse(
            StatusCode::FORBIDDEN,
            "pages in a browser cannot call this",
        ));
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn document(record: &RequestRecord) -> Value {
    json!({
        "method": record.method.as_str(),
        "target": record.target,
        "action": record.action,
        "authenticated": record.authenticated,
        "account": record.account,
        "timestamp": record.timestamp,
        "status": record.status.map(|status| status.as_u16()),
        "returnCode": record.return_code,
        "requestId": record.request_id,
        "faulted": record.faulted,
        "carriedOut": record.carried_out,
        "milliseconds": u64::try_from(record.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

fn bad(problem: &str) -> Refusal {
    refuse(StatusCode::BAD_REQUEST, problem)
}

fn refuse(status: StatusCode, problem: &str) -> Refusal {
    (status, problem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost:8080",
            "LOCALHOST",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "10.0.0.1:80",
            "127.0.0.1.example.com",
            "localhost.example.com:1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
