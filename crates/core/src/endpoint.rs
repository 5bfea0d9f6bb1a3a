//! Endpoints: which gateway a request goes to, per site or at an address of the caller's.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use http::Uri;
use http::uri::{Authority, Scheme};

use crate::error::Error;

/// One of the three separate platforms that NAVER runs under the same API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Site {
    /// The commercial platform: `https://ncloud.apigw.ntruss.com`.
    #[default]
    Public,
    /// The platform of Korean public institutions: `https://ncloud.apigw.gov-ntruss.com`.
    Government,
    /// The platform of Korean financial companies: `https://fin-ncloud.apigw.fin-ntruss.com`.
    Financial,
}

impl Site {
    /// Host name of the site's main gateway.
    #[must_use]
    pub fn host(self) -> &'static str {
        match self {
            Self::Public => "ncloud.apigw.ntruss.com",
            Self::Government => "ncloud.apigw.gov-ntruss.com",
            Self::Financial => "fin-ncloud.apigw.fin-ntruss.com",
        }
    }

    /// The short name that other tools use in `NCLOUD_SITE`: `public`, `gov` or `fin`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Government => "gov",
            Self::Financial => "fin",
        }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Site {
    type Err = Error;

    /// Reads `public` (or `pub`), `gov` (or `government`), `fin` (or `financial`), in any case.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_ascii_lowercase().as_str() {
            "public" | "pub" => Ok(Self::Public),
            "gov" | "government" => Ok(Self::Government),
            "fin" | "financial" => Ok(Self::Financial),
            _ => Err(Error::build(
                "site",
                format!("is {text:?}; allowed: public, gov, fin"),
            )),
        }
    }
}

/// The gateway that requests go to: scheme, host and an optional path in front of every service's own.
///
/// ```
/// use ncloud_core::{Endpoint, Site};
///
/// let public = Endpoint::from(Site::Public);
/// assert_eq!(public.to_string(), "https://ncloud.apigw.ntruss.com");
///
/// let local = Endpoint::new("http://127.0.0.1:8080")?;
/// assert_eq!(local.to_string(), "http://127.0.0.1:8080");
/// # Ok::<(), ncloud_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    /// Either empty or `/…` without a slash at its end.
    pub(crate) base_path: String,
}

impl Endpoint {
    /// A gateway at an address of your own: HTTPS anywhere, plain HTTP on this machine only.
    ///
    /// # Errors
    ///
    /// A [`Build`](crate::ErrorKind::Build) error for an address that is not `http` or `https`, lacks a host, carries a
    /// user name, a query or a fragment, or is plain HTTP to another machine (see [`Endpoint::new_plain_http`]).
    pub fn new(url: &str) -> Result<Self, Error> {
        let endpoint = Self::parse(url)?;
        if endpoint.scheme == Scheme::HTTP && !is_loopback(endpoint.authority.host()) {
            return Err(Error::build(
                "base URL",
                format!(
                    "{endpoint} is plain HTTP to another machine, where anybody on the way could read and alter the \
                     calls; use https, or ask for it in so many words with Endpoint::new_plain_http"
                ),
            ));
        }
        Ok(endpoint)
    }

    /// A gateway at an address of your own, plain HTTP to other machines included.
    ///
    /// Signatures keep the secret key safe even then, but everything sent and answered, passwords included, is readable on
    /// the way. Meant for a trusted network or a proxy that adds TLS.
    ///
    /// # Errors
    ///
    /// As [`Endpoint::new`], without the rule about plain HTTP.
    pub fn new_plain_http(url: &str) -> Result<Self, Error> {
        Self::parse(url)
    }

    fn parse(url: &str) -> Result<Self, Error> {
        let refuse = |problem: &str| {
            Error::build(
                "base URL",
                format!("{problem}; expected a form such as https://ncloud.apigw.ntruss.com"),
            )
        };
        let text = url.trim();
        if let Some(problem) = out_of_place(text) {
            return Err(refuse(problem));
        }
        let uri: Uri = text
            .parse()
            .map_err(|_| refuse(&format!("{text:?} is not an absolute URL")))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(refuse(&format!("{text:?} has no scheme and host")));
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(refuse(&format!("{text:?} is neither https nor http")));
        }
        if let Some(problem) = unusable(&authority) {
            return Err(refuse(&format!("{text:?} {problem}")));
        }
        let path = parts.path_and_query.as_ref().map_or("", |path| path.path());
        Ok(Self {
            scheme,
            authority,
            base_path: path.trim_end_matches('/').to_owned(),
        })
    }

    /// Host name or address, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// The site whose gateway it is; `None` for an address of the caller's own.
    #[must_use]
    pub fn site(&self) -> Option<Site> {
        let mut sites = [Site::Public, Site::Government, Site::Financial].into_iter();
        sites.find(|site| self.authority.as_str() == site.host())
    }

    /// Whether the calls are encrypted on their way.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }
}

impl Default for Endpoint {
    /// The public site.
    fn default() -> Self {
        Self::from(Site::default())
    }
}

impl From<Site> for Endpoint {
    fn from(site: Site) -> Self {
        Self {
            scheme: Scheme::HTTPS,
            // Static text goes in without a copy; the three hosts are known to parse.
            authority: Authority::from_static(site.host()),
            base_path: String::new(),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}://{}{}",
            self.scheme, self.authority, self.base_path
        )
    }
}

/// What stands in an address that has no place there, if anything does. The message does not repeat it: before an `@` there
/// may be a password; and the URI type drops a fragment without a word.
fn out_of_place(text: &str) -> Option<&'static str> {
    let blank = |character: char| character.is_control() || character.is_whitespace();
    [
        (text.contains('#'), "has a fragment (`#…`)"),
        (
            text.contains('@'),
            "has a user name or an `@` in it; keys are given separately",
        ),
        (text.contains('?'), "has a query (`?…`)"),
        (
            !text.is_ascii(),
            "has characters beyond ASCII; write the host in Punycode and percent-encode the path",
        ),
        (
            text.contains(blank),
            "has white space or a control character in it",
        ),
    ]
    .into_iter()
    .find_map(|(found, problem)| found.then_some(problem))
}

/// What is wrong with a host and port, if anything is.
fn unusable(authority: &Authority) -> Option<&'static str> {
    let host = authority.host();
    let bracketed = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    if bracketed.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_err()) {
        return Some("has brackets without an IPv6 address in them");
    }
    if host.trim_matches('.').is_empty() {
        return Some("has no host");
    }
    let after_host = authority.as_str().get(host.len()..).unwrap_or_default();
    let port = after_host.strip_prefix(':').unwrap_or(after_host);
    let usable =
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    (!after_host.is_empty() && !usable).then_some("has no usable port after the colon (1 to 65535)")
}

/// Whether a host is this machine by its very form; names other than `localhost` are not looked up.
fn is_loopback(host: &str) -> bool {
    let host = host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_sites_have_their_gateways() {
        for (text, url) in [
            ("public", "https://ncloud.apigw.ntruss.com"),
            ("GOV", "https://ncloud.apigw.gov-ntruss.com"),
            (" fin ", "https://fin-ncloud.apigw.fin-ntruss.com"),
        ] {
            let site: Site = text.parse().unwrap();
            assert_eq!(Endpoint::from(site).to_string(), url);
            assert_eq!(Endpoint::new(url).unwrap(), Endpoint::from(site));
            assert_eq!(Endpoint::new(url).unwrap().site(), Some(site));
        }
        assert!(
            "moon"
                .parse::<Site>()
                .unwrap_err()
                .to_string()
                .contains("public, gov, fin")
        );
    }

    #[test]
    fn an_address_of_ones_own_keeps_port_and_path() {
        for (text, shown) in [
            ("https://gateway.example:8443/", "https://gateway.example:8443"),
            (
                "https://gateway.example/ncloud/",
                "https://gateway.example/ncloud",
            ),
            ("http://127.0.0.1:1", "http://127.0.0.1:1"),
            ("http://127.8.9.10:1", "http://127.8.9.10:1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://LocalHost:8080", "http://LocalHost:8080"),
        ] {
            assert_eq!(Endpoint::new(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn addresses_that_cannot_be_right_are_refused() {
        for text in [
            "",
            "ncloud.apigw.ntruss.com",
            "/vserver/v2",
            "https://",
            "https:///path",
            "ftp://gateway.example",
            "https://gateway.example?x=1",
            "https://gateway.example/#top",
            "https://user:word@gateway.example",
            "https://gate way.example",
            "https://gateway.example:",
            "https://gateway.example:99999",
            "https://gateway.example:+80",
            "https://[]",
            "https://[zzz]",
            "https://.",
            "http://gateway.example",
            "http://10.0.0.1:8080",
            "http://127.0.0.1.example",
            "http://localhost.example",
        ] {
            let error = Endpoint::new(text).expect_err(text);
            assert_eq!(error.field(), Some("base URL"), "{text}");
            assert!(!error.to_string().contains("user:"), "{error}");
        }
        assert!(Endpoint::new_plain_http("http://10.0.0.1:8080").is_ok());
        assert!(Endpoint::new_plain_http("ftp://10.0.0.1").is_err());
    }
}
