//! The floor: one call over hyper-util's client, as a careful person would write it by hand, with a time and a size limit.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::uri::Scheme;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use crate::floor::json::{self, Envelope};
use crate::floor::request::{Keyed, Parameters};

const BODY_LIMIT: usize = 32 * 1024 * 1024;
const TIME_LIMIT: Duration = Duration::from_secs(30);

pub struct Raw {
    http: Client<HttpConnector, Full<Bytes>>,
    keyed: Keyed,
}

impl Raw {
    pub fn new(address: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            http: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .build(connector),
            keyed: Keyed::at(Scheme::HTTP, address.parse().expect("an authority")),
        }
    }

    pub async fn call(&self) -> Envelope {
        let request = self.keyed.request(
            &Parameters {
                region_code: Some("KR"),
                member_server_image_instance_no_list: &["1234", "2345"],
                page_no: Some(1),
                page_size: Some(20),
            },
            SystemTime::now(),
        );
        let answer = async {
            let response = self
                .http
                .request(request.map(Full::new))
                .await
                .expect("an answer");
            assert!(response.status().is_success());
            let body = Limited::new(response.into_body(), BODY_LIMIT).collect().await;
            body.expect("a whole body").to_bytes()
        };
        let body = timeout(TIME_LIMIT, answer).await.expect("an answer in time");
        json::parse(&body)
    }
}
