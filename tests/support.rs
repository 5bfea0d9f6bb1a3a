//! What several modules share: keys, sessions, a fixed time, answers made from parts, golden files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use ncloud_api::vserver::{GetMemberServerImageInstanceList, GetMemberServerImageInstanceListOutput};
use ncloud_core::{Credentials, Error, Reply, SIGNATURE_HEADER, Session, Site, TIMESTAMP_HEADER};

pub(crate) const ACCESS_KEY: &str = "ncp_ak_TESTACCESSKEY0001";
pub(crate) const SECRET_KEY: &str = "ncp_sk_TESTSECRETKEY0000000000000000000001";

/// The operation that most tests are made with.
pub(crate) type List = GetMemberServerImageInstanceList;
pub(crate) type ListOutput = GetMemberServerImageInstanceListOutput;

/// 2025-06-26T02:09:07Z, the time of the test vectors.
pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_750_903_747)
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY).expect("the test keys are well formed")
}

pub(crate) fn session() -> Session {
    Session::new(&credentials(), Site::Public).expect("the test keys are well formed")
}

/// An answer with a status, a content type (none for empty text) and a body.
pub(crate) fn answer(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response<Bytes> {
    let mut builder = Response::builder().status(status);
    if !content_type.is_empty() {
        builder = builder.header("content-type", content_type);
    }
    builder.body(body.into()).expect("a valid answer")
}

/// Parses an answer to the list operation.
pub(crate) fn parse(
    status: u16,
    content_type: &str,
    body: impl Into<Bytes>,
) -> Result<Reply<ListOutput>, Error> {
    session().parse::<List>(answer(status, content_type, body))
}

/// Parses an answer that must be an error.
pub(crate) fn refusal(status: u16, content_type: &str, body: impl Into<Bytes>) -> Error {
    match parse(status, content_type, body) {
        Ok(reply) => panic!("success where an error was due: {reply:?}"),
        Err(error) => error,
    }
}

pub(crate) fn header<'a>(request: &'a Request<Bytes>, name: &str) -> &'a str {
    request.headers()[name].to_str().expect("visible ASCII")
}

/// Path and query of a request, taken from the text of its URI instead of from the parsed parts.
pub(crate) fn target(request: &Request<Bytes>) -> String {
    let uri = request.uri().to_string();
    let (_, rest) = uri.split_once("://").expect("an absolute URI");
    rest[rest.find('/').expect("a path")..].to_owned()
}

/// Fails unless the signature in the headers is the right one for what would go on the wire.
pub(crate) fn assert_signed(session: &Session, request: &Request<Bytes>) {
    let signer = session.signer().expect("the session has a key pair");
    let (time, signature) = (
        header(request, TIMESTAMP_HEADER),
        header(request, SIGNATURE_HEADER),
    );
    assert!(
        signer.verify(request.method(), &target(request), time, signature),
        "wrong signature on {} {}",
        request.method(),
        request.uri()
    );
    let path_and_query = request.uri().path_and_query().expect("a path");
    assert_eq!(
        path_and_query.as_str(),
        target(request),
        "parsed and printed target differ"
    );
}

pub(crate) fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(path)
}

pub(crate) fn read_golden(path: &str) -> Vec<u8> {
    let path = golden(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The entries of a golden folder as names, in order; fails if there are fewer than expected.
pub(crate) fn entries(path: &str, at_least: usize) -> Vec<String> {
    let folder = golden(path);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    assert!(
        names.len() >= at_least,
        "only {} of at least {at_least} cases in {}",
        names.len(),
        folder.display()
    );
    names
}

/// Whether golden files are to be rewritten instead of compared.
pub(crate) fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Compares with a golden file byte for byte, or rewrites it.
pub(crate) fn assert_golden(path: &str, actual: &str) {
    if update() {
        fs::write(golden(path), actual).unwrap();
        return;
    }
    let expected = String::from_utf8(read_golden(path)).unwrap();
    assert_eq!(
        actual, expected,
        "golden/{path} differs; UPDATE=1 rewrites it if the change is meant"
    );
}
