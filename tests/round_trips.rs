//! Codecs: what is written is what independent code expects, and reads back as what it was.

use ncloud_core::codec::form::{self, Form};
use ncloud_core::codec::{json, xml};
use ncloud_core::shape::Shape;
use ncloud_core::{DateTime, Verb};
use proptest::prelude::*;

use crate::shapes::{Branch, Code, Flat, Leaf, Pairs, Rule, Tree, text, tree};
use crate::support::{List, assert_signed, now, session};

/// Few enough cases that all of them together take seconds, and nothing written beside the sources.
pub(crate) fn cases(number: u32) -> ProptestConfig {
    ProptestConfig {
        cases: number,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn decoded(text: &[u8]) -> Pairs {
    serde_urlencoded::from_bytes(text).expect("a form")
}

fn from_json(document: &[u8]) -> Tree {
    let mut tree = Tree::default();
    json::read(document, &mut tree).unwrap_or_else(|error| panic!("{error}: {}", shown(document)));
    tree
}

fn from_xml(document: &[u8]) -> Tree {
    let mut tree = Tree::default();
    xml::read(document, &mut tree).unwrap_or_else(|error| panic!("{error}: {}", shown(document)));
    tree
}

fn from_form(text: &[u8]) -> Tree {
    let mut tree = Tree::default();
    let form = Form::parse(text).unwrap_or_else(|error| panic!("{error}: {}", shown(text)));
    form.read(&mut tree)
        .unwrap_or_else(|error| panic!("{error}: {}", shown(text)));
    tree
}

fn shown(document: &[u8]) -> String {
    String::from_utf8_lossy(document).into_owned()
}

/// XML 1.0 has no way to write most control characters.
fn writable_in_xml(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => character,
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            _ => character,
        })
        .collect()
}

/// Applies a change to every text in a tree.
fn map_texts(tree: &Tree, change: fn(&str) -> String) -> Tree {
    let some = |text: &Option<String>| text.as_deref().map(change);
    let many = |texts: &[String]| texts.iter().map(|text| change(text)).collect();
    let code = |code: &Code| Code {
        code: some(&code.code),
        name: some(&code.name),
    };
    let leaf = |leaf: &Leaf| Leaf {
        text: some(&leaf.text),
        number: leaf.number,
        texts: many(&leaf.texts),
        codes: leaf.codes.iter().map(code).collect(),
    };
    let branch = |branch: &Branch| Branch {
        label: some(&branch.label),
        code: branch.code.as_ref().map(code),
        leaf: branch.leaf.as_ref().map(leaf),
        leaves: branch.leaves.iter().map(leaf).collect(),
    };
    Tree {
        required: change(&tree.required),
        kind: tree.kind.as_ref().map(|kind| change(kind.as_str()).into()),
        branch: tree.branch.as_ref().map(branch),
        branches: tree.branches.iter().map(branch).collect(),
        texts: many(&tree.texts),
        ..tree.clone()
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_form_decodes_to_exactly_the_pairs_expected(tree in tree()) {
        let text = form::write(&tree);
        prop_assert_eq!(decoded(&text), tree.pairs(""));
        prop_assert!(text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%&=".contains(byte)));
    }

    #[test]
    fn a_form_reads_back_as_what_was_written(tree in tree()) {
        prop_assert_eq!(from_form(&form::write(&tree)), tree.normal(Rule::Form));
    }

    #[test]
    fn json_reads_back_as_what_was_written_in_both_layouts(tree in tree()) {
        let compact = json::write(&tree, json::Layout::Compact);
        let pretty = json::write(&tree, json::Layout::Pretty);
        prop_assert_eq!(from_json(&compact), tree.normal(Rule::Document));
        prop_assert_eq!(from_json(&pretty), tree.normal(Rule::Document));
    }

    #[test]
    fn json_is_json_to_an_independent_reader(tree in tree()) {
        let compact: serde_json::Value = serde_json::from_slice(&json::write(&tree, json::Layout::Compact)).unwrap();
        let pretty: serde_json::Value = serde_json::from_slice(&json::write(&tree, json::Layout::Pretty)).unwrap();
        prop_assert_eq!(&compact, &pretty);
        prop_assert_eq!(compact["required"].as_str(), Some(tree.required.as_str()));
        prop_assert_eq!(compact["branch"]["leaf"]["text"].as_str(),
            tree.branch.as_ref().and_then(|branch| branch.leaf.as_ref()).and_then(|leaf| leaf.text.as_deref()));
        let texts: Vec<&str> = compact["textList"].as_array().unwrap().iter().filter_map(|text| text.as_str()).collect();
        prop_assert_eq!(texts, tree.texts);
    }

    #[test]
    fn xml_reads_back_as_what_was_written_in_both_layouts(tree in tree()) {
        let expected = map_texts(&tree, writable_in_xml).normal(Rule::Document);
        prop_assert_eq!(&from_xml(&xml::write("root", &tree, xml::Layout::Compact)), &expected);
        prop_assert_eq!(&from_xml(&xml::write("root", &tree, xml::Layout::Pretty)), &expected);
    }

    #[test]
    fn a_request_carries_exactly_the_texts_it_was_given(name in text(), numbers in prop::collection::vec(text(), 0..4)) {
        let numbers: Vec<String> = numbers.into_iter().map(|number| format!("{number}.")).collect();
        let operation = List::new().member_server_image_name(name.clone()).member_server_image_instance_no_list(&numbers);
        let mut expected: Pairs = (1..).zip(&numbers)
            .map(|(index, number)| (format!("memberServerImageInstanceNoList.{index}"), number.clone())).collect();
        expected.push(("memberServerImageName".to_owned(), name));
        expected.push(("responseFormatType".to_owned(), "json".to_owned()));

        let get = session().request(&operation, now()).unwrap();
        prop_assert_eq!(&decoded(get.uri().query().unwrap().as_bytes()), &expected);
        assert_signed(&session(), &get);
        let post = session().with_verb(Verb::Post).request(&operation, now()).unwrap();
        prop_assert_eq!(&decoded(post.body()), &expected);
        assert_signed(&session(), &post);
    }
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn any_finite_number_reads_back_bit_for_bit(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let tree = Tree { ratio: Some(number), ..Tree::default() };
        for read in every_way(&tree) {
            prop_assert_eq!(read.ratio.map(f64::to_bits), Some(bits));
        }
    }

    #[test]
    fn any_whole_number_reads_back(large in any::<i64>(), size in any::<u64>(), count in any::<i32>()) {
        let tree = Tree { count, large: Some(large), size: Some(size), ..Tree::default() };
        for read in every_way(&tree) {
            prop_assert_eq!(&read, &tree);
        }
    }
}

/// Writes a tree in every format and reads it back.
fn every_way(tree: &Tree) -> [Tree; 3] {
    [
        from_form(&form::write(tree)),
        from_json(&json::write(tree, json::Layout::Compact)),
        from_xml(&xml::write("root", tree, xml::Layout::Compact)),
    ]
}

#[test]
fn every_character_that_json_has_to_escape_is_escaped() {
    for byte in 0..=0x7f_u8 {
        let required = char::from(byte).to_string();
        let tree = Tree {
            required: required.clone(),
            ..Tree::default()
        };
        let document = json::write(&tree, json::Layout::Compact);
        let read: serde_json::Value =
            serde_json::from_slice(&document).unwrap_or_else(|error| panic!("{byte:#x}: {error}"));
        assert_eq!(read["required"].as_str(), Some(required.as_str()));
    }
}

#[test]
fn whole_numbers_keep_their_limits() {
    for (count, large, size) in [
        (0, 0, 0),
        (i32::MIN, i64::MIN, u64::MIN),
        (i32::MAX, i64::MAX, u64::MAX),
        (-1, -1, 1),
        (1, 1 << 53, (1 << 53) + 1),
        (1, (1 << 53) + 1, 1 << 63),
    ] {
        let tree = Tree {
            count,
            large: Some(large),
            size: Some(size),
            numbers: vec![i64::MIN, large, i64::MAX],
            ..Tree::default()
        };
        for read in every_way(&tree) {
            assert_eq!(read, tree);
        }
        let expected = [
            ("required", String::new()),
            ("count", count.to_string()),
            ("large", large.to_string()),
            ("size", size.to_string()),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(decoded(&form::write(&tree))[..4], expected);
    }
}

#[test]
fn floats_are_written_in_their_shortest_form_and_keep_their_value() {
    let numbers = [
        0.1,
        1e-7,
        1.0 / 3.0,
        -2.5,
        1e21,
        1e300,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        123_456_789.125,
        9_007_199_254_740_993.0,
        0.3,
        2.0_f64.powi(70),
    ];
    for number in numbers {
        let tree = Tree {
            ratio: Some(number),
            ..Tree::default()
        };
        for read in every_way(&tree) {
            assert_eq!(read.ratio.map(f64::to_bits), Some(number.to_bits()), "{number:e}");
        }
    }
    let tree = |number| Tree {
        ratio: Some(number),
        ..Tree::default()
    };
    let text = |number| shown(&form::write(&tree(number)));
    assert!(text(0.1).ends_with("ratio=0.1"), "{}", text(0.1));
    let tiny = text(1e-7);
    assert!(
        tiny.ends_with("ratio=0.0000001") || tiny.ends_with("ratio=1e-7"),
        "{tiny}"
    );
}

#[test]
fn a_list_of_more_than_nine_items_keeps_its_order() {
    let tree = Tree {
        texts: (0..25).map(|number| format!("t{number}")).collect(),
        branches: (0..12)
            .map(|number| Branch {
                label: Some(number.to_string()),
                ..Branch::default()
            })
            .collect(),
        ..Tree::default()
    };
    for read in every_way(&tree) {
        assert_eq!(read, tree);
    }
}

#[test]
fn booleans_are_lower_case_and_dates_are_written_as_the_platform_does() {
    let date: DateTime = "2025-06-26T11:09:07+0900".parse().unwrap();
    let tree = Tree {
        flag: Some(true),
        flags: vec![false],
        date: Some(date),
        ..Tree::default()
    };
    let expected = "required=&count=0&flag=true&date=2025-06-26T11%3A09%3A07%2B0900&flagList.1=false";
    assert_eq!(shown(&form::write(&tree)), expected);
}

#[test]
fn a_nested_list_is_written_with_both_positions() {
    let leaf = |text: &str| Leaf {
        texts: vec![text.to_owned(), "x".to_owned()],
        ..Leaf::default()
    };
    let branch = Branch {
        leaf: Some(leaf("a b")),
        leaves: vec![leaf("c+d"), leaf("e&f")],
        ..Branch::default()
    };
    let expected = "leaf.textList.1=a%20b&leaf.textList.2=x&leafList.1.textList.1=c%2Bd&leafList.1.textList.2=x\
        &leafList.2.textList.1=e%26f&leafList.2.textList.2=x";
    assert_eq!(shown(&form::write(&branch)), expected);
    assert_eq!(shown(&form::write(&branch as &dyn Shape)), expected);
}

#[test]
fn query_and_body_of_one_call_make_one_form() {
    let mut form = Form::parse(b"required=a&branchList.2.label=two&textList.1=x").unwrap();
    form.add(b"count=7&branchList.1.label=one+1&textList.1=ignored&textList.2=y")
        .unwrap();
    let mut tree = Tree::default();
    form.read(&mut tree).unwrap();
    assert_eq!((tree.required.as_str(), tree.count), ("a", 7));
    let labels: Vec<_> = tree
        .branches
        .iter()
        .map(|branch| branch.label.as_deref().unwrap())
        .collect();
    assert_eq!(labels, ["one 1", "two"]);
    assert_eq!(tree.texts, ["x", "y"]);
    assert_eq!(form.pairs().len(), 7);
}

#[test]
fn xml_writes_the_items_of_a_list_under_the_lists_name_without_its_ending() {
    let tree = Branch {
        leaves: vec![Leaf {
            texts: vec!["a".to_owned()],
            ..Leaf::default()
        }],
        ..Branch::default()
    };
    let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><root><leafList><leaf><textList><text>a</text>\
        </textList><codeList></codeList></leaf></leafList></root>";
    assert_eq!(shown(&xml::write("root", &tree, xml::Layout::Compact)), expected);
}
