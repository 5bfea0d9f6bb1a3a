//! Arbitrary input to everything that reads: whatever comes in, the result is a value or an error, never a panic.

use ncloud_core::codec::form::Form;
use ncloud_core::codec::{json, xml};
use ncloud_core::{AccessKey, DateTime, Endpoint, Raw, SecretKey, Site};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::round_trips::cases;
use crate::shapes::Tree;
use crate::support::{List, answer, now, parse, session};

/// Pieces of documents, one a line, so that the readers are led astray further inside than by noise.
const PIECES: &str = r#"
{
}
[
]
:
,
"
\u
\
null
true
-1e9
0
<
>
/>
</
<a>
</a>
<!--
-->
<![CDATA[
]]>
&
&#x0;
&#55296;
&amp;
;
<?
?>
<!DOCTYPE
"branch":
<branch>
</branch>
branch.
branchList.1.
=
textList.4294967296=
+
%
%ff
"error":
<error>
"xResponse":
<xResponse>
"required":
"count":
<count>
</count>
"date":"2025-06-26T11:09:07+0900"
"errorCode":
한
count=
flag=
"#;

fn almost_a_document() -> impl Strategy<Value = Vec<u8>> {
    let mut pieces: Vec<&[u8]> = PIECES.split('\n').skip(1).map(str::as_bytes).collect();
    pieces.extend([&b"\xff"[..], b"\xef\xbb\xbf", b"\0", b"\n", b" "]);
    let piece = prop_oneof![
        6 => prop::sample::select(pieces).prop_map(<[u8]>::to_vec),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn document() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => almost_a_document(), 1 => vec(any::<u8>(), 0..64)]
}

/// Whole documents with a few bytes changed, taken out or put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let whole = prop::sample::select(vec![
        crate::support::read_golden("wire/responses/documented/compact.json"),
        crate::support::read_golden("wire/responses/documented/compact.xml"),
        crate::support::read_golden("wire/responses/documented/cdata.xml"),
        crate::support::read_golden("wire/responses/documented/unknown-members.json"),
    ]);
    let change = (any::<prop::sample::Index>(), 0..3_u8, any::<u8>());
    (whole, vec(change, 1..6)).prop_map(|(mut body, changes)| {
        for (place, kind, byte) in changes {
            let place = place.index(body.len());
            match kind {
                0 => body[place] = byte,
                1 => drop(body.remove(place)),
                _ => body.insert(place, byte),
            }
        }
        body
    })
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn readers_take_anything(document in document()) {
        let mut tree = Tree::default();
        let _ = json::read(&document, &mut tree);
        let _ = xml::read(&document, &mut tree);
        if let Ok(form) = Form::parse(&document) {
            let _ = form.read(&mut tree);
        }
    }

    #[test]
    fn a_session_parses_anything_to_a_result_with_one_line_to_show(
        document in prop_oneof![document(), damaged()],
        status in prop::sample::select(vec![200_u16, 204, 302, 400, 401, 429, 500, 503]),
    ) {
        if let Err(error) = parse(status, "application/json", document.clone()) {
            let line = error.to_string();
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            prop_assert!(line.len() < 8_000);
            prop_assert_eq!(error.status().unwrap().as_u16(), status);
            prop_assert!(error.may_have_been_sent());
        }
        let _ = session().parse_raw(answer(status, "", document));
    }

    #[test]
    fn settings_take_any_text(text in any::<String>(), bytes in vec(any::<u8>(), 0..40)) {
        let lossy = String::from_utf8_lossy(&bytes).into_owned();
        for text in [text, lossy] {
            let _ = text.parse::<DateTime>();
            let _ = text.parse::<Site>();
            let _ = Endpoint::new(&text);
            let _ = Endpoint::new(&format!("https://{text}"));
            let _ = Endpoint::new(&format!("http://127.0.0.1:{text}"));
            let _ = Endpoint::new_plain_http(&format!("http://host/{text}"));
            let _ = session().with_region(text.clone());
            let _ = session().with_user_agent(&text);
            let _ = AccessKey::new(text.clone());
            let _ = SecretKey::new(text);
        }
    }

    #[test]
    fn whatever_endpoint_is_accepted_can_be_sent_to(text in "[a-zA-Z0-9가-힣.:/%@?#\\[\\] -]{0,24}") {
        if let Ok(endpoint) = Endpoint::new(&format!("https://{text}")) {
            prop_assert!(!endpoint.host().is_empty());
            let session = ncloud_core::Session::new(&crate::support::credentials(), endpoint.clone()).unwrap();
            let request = session.request(&List::new(), now());
            prop_assert!(request.is_ok(), "{endpoint}: {:?}", request.err());
            prop_assert_eq!(Endpoint::new(&endpoint.to_string()).ok(), Some(endpoint));
        }
    }

    #[test]
    fn whatever_raw_call_is_accepted_is_signed_as_it_is_sent(
        path in "/[ -~가-힣\\n\\t]{0,16}", name in any::<String>(), value in any::<String>(),
    ) {
        let raw = Raw::new(http::Method::POST, path).query(&name, &value).header("x-text", &value);
        if let Ok(request) = session().raw(&raw, now()) {
            crate::support::assert_signed(&session(), &request);
            prop_assert!(request.uri().to_string().is_ascii());
        }
    }

    #[test]
    fn almost_dates_are_no_trouble(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{0,3})?([+-][0-9:]{0,5}|Z)?") {
        if let Ok(date) = text.parse::<DateTime>() {
            let _ = date.to_system_time();
            prop_assert_eq!(date.to_string().parse::<DateTime>().unwrap(), date);
        }
    }
}
