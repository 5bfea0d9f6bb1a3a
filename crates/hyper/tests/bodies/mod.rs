//! How much of an answer is taken: cut short, with many headers, up to the limit and past it.

use std::io::Write;

use http::Method;
use ncloud_core::{ErrorKind, Raw};

use super::script::{answer, hold, ok, read_request, serve};
use super::{MAYBE_SENT, client, failure, get, limited, says};

#[tokio::test]
async fn an_answer_that_is_cut_short_is_no_answer() {
    for (cut, words) in [
        ("", "closed by the other side before an answer came"),
        ("HTTP/1.1 200", "closed by the other side before an answer came"),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbegin",
            "closed by the other side in the middle",
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbegin\r\n",
            "closed by the other side in the middle",
        ),
        ("220 mail.example ready\r\n\r\n", "not proper HTTP"),
    ] {
        let (address, _requests) = answer(cut);
        says(&failure(&client(address)).await, MAYBE_SENT, words);
    }
}

#[tokio::test]
async fn an_answer_has_up_to_a_hundred_headers() {
    let head = |more| {
        format!(
            "HTTP/1.1 200 OK\r\n{}content-length: 2\r\n\r\n{{}}",
            "a: b\r\n".repeat(more)
        )
    };
    let (address, _requests) = answer(head(99));
    assert_eq!(
        client(address).raw(&get()).await.unwrap().head.headers().len(),
        100
    );
    let (address, _requests) = answer(head(100));
    says(&failure(&client(address)).await, MAYBE_SENT, "not proper HTTP");
}

#[tokio::test]
async fn a_large_body_is_not_read_past_the_limit() {
    let endless = serve(|_, mut stream| {
        read_request(&mut stream).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            .unwrap();
        while stream.write_all(b"4\r\nmore\r\n").is_ok() {}
    });
    let error = failure(&limited(endless).body_limit(100_000).build().unwrap()).await;
    says(&error, ErrorKind::Decode, "larger than the limit of 100000 bytes");
    assert_eq!(error.status(), Some(http::StatusCode::OK));

    // Announced only: nobody waits for it.
    let announced = serve(|_, mut stream| {
        read_request(&mut stream).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 33554433\r\n\r\n")
            .unwrap();
        hold(stream);
    });
    says(
        &failure(&client(announced)).await,
        ErrorKind::Decode,
        "33554432 bytes",
    );

    let huge = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", u64::MAX / 2);
    let (address, _requests) = answer(huge);
    let unlimited = limited(address).body_limit(u64::MAX).build().unwrap();
    says(
        &failure(&unlimited).await,
        MAYBE_SENT,
        "closed by the other side in the middle",
    );
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_whole() {
    for text in [
        ok("12345678"),
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n3\r\n678\r\n0\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\n\r\n12345678".to_owned(),
    ] {
        let (address, _requests) = answer(text);
        let reply = limited(address)
            .body_limit(8)
            .build()
            .unwrap()
            .raw(&get())
            .await
            .unwrap();
        assert_eq!(reply.value, "12345678");
        let error = failure(&limited(address).body_limit(7).build().unwrap()).await;
        says(&error, ErrorKind::Decode, "larger than the limit of 7 bytes");
    }
    let (address, _requests) = answer("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n");
    let head = Raw::new(Method::HEAD, "/path");
    let reply = limited(address)
        .body_limit(8)
        .build()
        .unwrap()
        .raw(&head)
        .await
        .unwrap();
    assert!(reply.value.is_empty());
}
