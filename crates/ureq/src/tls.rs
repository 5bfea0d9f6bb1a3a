//! TLS: which certificates are trusted, and what a failed handshake means in words.

use std::error::Error as StdError;
use std::io;

use ncloud_core::Error;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, RootCertStore};

const ROOTS: &str = "root certificates";

/// Reads certificates in PEM and makes sure that each can be trusted as a root.
pub(crate) fn read_roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut store = RootCertStore::empty();
    let mut roots = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| {
            Error::build(
                ROOTS,
                "are not proper PEM; expected sections from BEGIN CERTIFICATE to END CERTIFICATE",
            )
            .with_source(error)
        })?;
        store.add(certificate.clone()).map_err(|error| {
            let place = roots.len() + 1;
            let problem =
                format!("hold no usable X.509 certificate in section {place}; replace or remove it");
            Error::build(ROOTS, problem).with_source(error)
        })?;
        roots.push(certificate);
    }
    if roots.is_empty() {
        return Err(Error::build(
            ROOTS,
            "hold no certificate; expected at least one section from BEGIN CERTIFICATE to END CERTIFICATE",
        ));
    }
    Ok(roots)
}

/// Says why the handshake with `peer` failed.
pub(crate) fn handshake_problem(error: &(dyn StdError + 'static), peer: &str) -> String {
    match find::<rustls::Error>(error) {
        Some(rustls::Error::InvalidCertificate(problem)) => certificate_problem(problem, peer),
        Some(rustls::Error::InvalidMessage(_)) => {
            format!("{peer} does not speak TLS; check address and port, or use http:// if that is meant")
        }
        Some(known) => format!("the TLS handshake with {peer} failed: {known}"),
        None if chain(error).any(is_end) => {
            format!("{peer} closed the connection during the TLS handshake")
        }
        None => format!("the TLS handshake with {peer} failed: {error}"),
    }
}

fn certificate_problem(problem: &CertificateError, peer: &str) -> String {
    match problem {
        CertificateError::UnknownIssuer => format!(
            "the certificate of {peer} is not trusted, because no trusted root has issued it; if it is the right one, \
             give its root with root_certificates_pem"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("the certificate of {peer} is for another host; check the address")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("the certificate of {peer} has expired, or this machine's clock is wrong")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("the certificate of {peer} is not valid yet, or this machine's clock is wrong")
        }
        other => format!("the certificate of {peer} is not trusted: {other}"),
    }
}

/// Whether an error means that the other side ended the connection, in whichever way.
pub(crate) fn is_end(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        )
    })
}

/// The first error of a type in a chain.
pub(crate) fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// An error and all that lies beneath.
pub(crate) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| beneath(*error))
}

/// An [`io::Error`] leaves the error that it wraps out of its `source`, so it is opened.
fn beneath<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_that_cannot_be_used_are_refused() {
        for pem in [
            "",
            "no PEM at all",
            "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            let error = read_roots(pem.as_bytes()).expect_err(pem);
            assert_eq!(error.field(), Some(ROOTS), "{pem}");
        }
    }

    #[test]
    fn a_wrapped_error_is_found() {
        let handshake = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let error = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, handshake));
        let words = handshake_problem(&error, "gateway.example:443");
        assert!(
            words.starts_with("the certificate of gateway.example:443 is not trusted"),
            "{words}"
        );

        let error = io::Error::other(io::Error::from(io::ErrorKind::UnexpectedEof));
        let words = handshake_problem(&error, "gateway.example:443");
        assert!(words.contains("closed the connection"), "{words}");
    }
}
