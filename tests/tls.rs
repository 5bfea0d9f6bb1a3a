//! HTTPS for real: both adapters against a TLS server on this machine with certificates made for the test.

use std::io::BufReader;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use ncloud_api::vserver::GetMemberServerImageInstanceList;
use ncloud_core::{Endpoint, ErrorKind, Retry, Sent, Session};
use ncloud_simulator::Simulator;
use rustls::{ServerConnection, StreamOwned};

use crate::certificates;
use crate::clients::{Limits, both};
use crate::listeners::{plain_text_on_tls, read_head, write_answer};

/// A TLS server in front of the simulator, with a certificate for the given name; gives its address and the certificate.
fn serve(simulator: &Simulator, name: &str) -> (SocketAddr, &'static [u8]) {
    let (config, certificate) = certificates::server(name);
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let simulator = simulator.clone();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut reader = BufReader::new(StreamOwned::new(connection, stream));
            // A client that does not trust the certificate leaves before it says anything.
            if std::io::BufRead::fill_buf(&mut reader).is_ok_and(|start| !start.is_empty()) {
                let head = read_head(&mut reader);
                write_answer(&simulator, &head, reader.get_mut());
            }
        }
    });
    (address, certificate.into_bytes().leak())
}

fn session(simulator: &Simulator, host: &str, address: SocketAddr) -> Session {
    let endpoint = Endpoint::new(&format!("https://{host}:{}", address.port())).unwrap();
    let session = Session::new(simulator.credentials(), endpoint).unwrap();
    session.with_retry(Retry::never())
}

#[test]
fn a_trusted_certificate_lets_the_call_through() {
    let simulator = Simulator::new();
    let (address, certificate) = serve(&simulator, "localhost");
    for make in both() {
        let limits = Limits {
            roots: Some(certificate),
            ..Limits::default()
        };
        let client = make(session(&simulator, "localhost", address), limits);
        let reply = client.send(&GetMemberServerImageInstanceList::new()).unwrap();
        assert_eq!(reply.value.total_rows, Some(25));
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_stops_the_call_before_it_is_sent() {
    let simulator = Simulator::new();
    let (address, _) = serve(&simulator, "localhost");
    for make in both() {
        let client = make(session(&simulator, "localhost", address), Limits::default());
        let error = client.send(&GetMemberServerImageInstanceList::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport { sent: Sent::No }, "{error}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
    assert!(simulator.requests().is_empty());
}

#[test]
fn a_certificate_for_another_host_stops_the_call_before_it_is_sent() {
    let simulator = Simulator::new();
    let (address, certificate) = serve(&simulator, "other.example");
    for make in both() {
        let limits = Limits {
            roots: Some(certificate),
            ..Limits::default()
        };
        let client = make(session(&simulator, "localhost", address), limits);
        let error = client.send(&GetMemberServerImageInstanceList::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport { sent: Sent::No }, "{error}");
    }
    assert!(simulator.requests().is_empty());
}

#[test]
fn a_server_that_does_not_speak_tls_is_not_sent_anything() {
    let address = plain_text_on_tls();
    for make in both() {
        let client = make(
            session(&Simulator::new(), "127.0.0.1", address),
            Limits::default(),
        );
        let error = client.send(&GetMemberServerImageInstanceList::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport { sent: Sent::No }, "{error}");
    }
}
