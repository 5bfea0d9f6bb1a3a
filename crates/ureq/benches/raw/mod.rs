//! The floor: one call over a ureq agent, as a careful person would write it by hand, with time limits and a size limit.

use std::io::Read as _;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use http::uri::Scheme;
use http::{Request, Uri};
use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::floor::json::{self, Envelope};
use crate::floor::request::{Keyed, Parameters};

const BODY_LIMIT: u64 = 32 * 1024 * 1024;

pub struct Raw {
    agent: Agent,
    keyed: Keyed,
}

/// Knows the one address that it is asked for. With time limits, ureq's own resolver starts a thread for every call.
#[derive(Debug)]
struct Known(SocketAddr);

impl Resolver for Known {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        addresses.push(self.0);
        Ok(addresses)
    }
}

impl Raw {
    /// An agent that is set up as the library's.
    pub fn new(address: &str) -> Self {
        let known = Known(address.parse().expect("an address"));
        Self::over(
            address,
            Agent::with_parts(config(), DefaultConnector::default(), known),
        )
    }

    /// An agent that is set up as the library's, but for looking the host up as ureq does.
    pub fn with_look_up(address: &str) -> Self {
        Self::over(address, Agent::new_with_config(config()))
    }

    /// An agent as it comes, without any time limit.
    pub fn without_limits(address: &str) -> Self {
        Self::over(address, Agent::new_with_defaults())
    }

    fn over(address: &str, agent: Agent) -> Self {
        let authority = address.parse().expect("an authority");
        Self {
            agent,
            keyed: Keyed::at(Scheme::HTTP, authority),
        }
    }

    pub fn call(&self) -> Envelope {
        let request = self.keyed.request(
            &Parameters {
                region_code: Some("KR"),
                member_server_image_instance_no_list: &["1234", "2345"],
                page_no: Some(1),
                page_size: Some(20),
            },
            SystemTime::now(),
        );
        let (parts, _) = request.into_parts();
        let response = self.agent.run(Request::from_parts(parts, ())).expect("an answer");
        assert!(response.status().is_success());
        let body = response.into_body();
        let announced = usize::try_from(body.content_length().unwrap_or(0)).expect("it fits");
        let mut bytes = Vec::with_capacity(announced);
        body.into_reader()
            .take(BODY_LIMIT)
            .read_to_end(&mut bytes)
            .expect("a whole body");
        json::parse(&bytes)
    }
}

fn config() -> Config {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent("")
        .accept("")
        .accept_encoding("")
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
}
