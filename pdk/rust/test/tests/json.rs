//! Reading JSON, good and bad: what services and their proxies send is never what they document.
// SPDX-License-Identifier: Apache-2.0
use taskless_pdk::{object, Kind, Value};

fn json(text: &str) -> Value<'_> {
    Value::parse(text.as_bytes())
}

object! {
    struct Outer { a, list, headers, inner: Inner, last }
    struct Inner { kind = "type", code }
}

#[test]
fn picks_members_headers_and_items_by_their_names() {
    let text = r#" { "z" : [{"a":1}], "a":7 , "list":[{"d":7},[8],9],
        "headers":[["a","1"],["x-id", "r1"],["x-id","r2"]],
        "inner":{"code":"c","type":"t","more":{"type":"no"}}, "last":true }"#;
    let outer = Outer::from(json(text));
    assert_eq!(outer.a.int(), Some(7));
    assert_eq!(outer.list.at(0).get("d").int(), Some(7));
    assert_eq!(outer.list.at(1).at(0).int(), Some(8));
    assert_eq!(outer.list.items().count(), 3);
    assert!(outer.headers.get("x-id") == "r1");
    assert!(outer.inner.kind == "t" && outer.inner.code == "c");
    assert_eq!(outer.last.bool(), Some(true));
    assert_eq!(json(text).get("z").at(9).get("a").kind(), Kind::Absent);
}

#[test]
fn takes_the_first_of_two_members() {
    assert_eq!(json(r#"{"a":1,"a":2}"#).get("a").int(), Some(1));
}

#[test]
fn finds_nothing_where_something_else_stands() {
    let texts = [
        "",
        " ",
        "null",
        "\"a\"",
        "12",
        "[1,2]",
        "{}",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":[1]}",
        "{\"a\":null}",
        "{\"a\":\"b\"",
        "[[\"a\"]]",
        "[[\"a\",",
        "{\"a\":{",
        "{,,,}",
        "{\"a\":{\"b\"",
        "]",
        "}{",
        "[[[[[[[",
        "{\"a\":{:",
        "{\"\\",
        "{\"a\\\"",
        "[\"a\",\"b\"]",
        "[,\"a\"]",
        "{\"a\":12",
        "{\"a\":tru",
        "{\"a\":\"b\\\"}",
    ];
    for text in texts {
        let a = json(text).get("a");
        assert_eq!(a.int(), None, "{text}");
        assert_eq!(a.bool(), None, "{text}");
        assert_eq!(a.get("b").kind(), Kind::Absent, "{text}");
    }
}

#[test]
fn reads_on_behind_what_it_skips() {
    let texts = [
        r#"{"x":"a long string with \"quotes\" and a brace }","a":5}"#,
        r#"{"x":"\\","a":5}"#,
        r#"{"x":[[{"a":1},"]"],{}],"a":5}"#,
        r#"{"x":-1.5e+10,"a":5}"#,
        r#"{"x":{"y":{"z":[]}} , "a" : 5 }"#,
        r#"{"x":"1234567","y":"12345678","z":"123456789","a":5}"#,
        "\n\t{\r\n\"x\":null,\n\"a\":5}",
    ];
    for text in texts {
        assert_eq!(json(text).get("a").int(), Some(5), "{text}");
    }
}

#[test]
fn walks_a_nesting_of_any_depth() {
    let deep = |open: &str, close: &str| {
        let text = format!(
            "{{\"x\":{}{},\"a\":5}}",
            open.repeat(200_000),
            close.repeat(200_000)
        );
        assert_eq!(json(&text).get("a").int(), Some(5));
    };
    deep("[", "]");
    deep("{\"x\":[", "]}");
    let open = "[".repeat(200_000);
    assert_eq!(json(&open).at(0).kind(), Kind::Array);
}

#[test]
fn ends_wherever_a_text_is_cut_off() {
    let whole =
        r#"{"a":[1,{"b":"x\u00e9\ud83d\ude00\n"},["n","v"]],"c":{"d":-1.5e3,"e":true},"f":"é"}"#;
    for end in 0..=whole.len() {
        let value = Value::parse(&whole.as_bytes()[..end]);
        for (name, member) in value.members() {
            name.text();
            member.text();
            for (name, member) in member.members() {
                let _ = (name.text(), member.float(), member.word());
            }
            for item in member.items() {
                item.get("b").text();
            }
        }
        let is_there = end > whole.find("},\"f\"").unwrap();
        assert_eq!(value.get("c").get("e").bool().is_some(), is_there, "{end}");
    }
}

#[test]
fn a_struct_is_read_as_its_members_are_found() {
    let whole = r#" {"z":{"a":1},"a":[1,{}],"list":"x\"","\u006cast":true, "list":2,"headers":[["n","v"],3,["x","y","z"]],
        "inner":{"more":[{"code":1}],"type":"t","code":-1.5},"code":null}"#;
    for end in 0..=whole.len() {
        let value = Value::parse(&whole.as_bytes()[..end]);
        let outer = Outer::from(value);
        let names = ["a", "list", "headers", "last"];
        let fields = [outer.a, outer.list, outer.headers, outer.last];
        for (name, field) in names.into_iter().zip(fields) {
            assert_eq!(field.raw(), value.get(name).raw(), "{name} up to {end}");
        }
        let inner = value.get("inner");
        assert_eq!(
            outer.inner.kind.raw(),
            inner.get("type").raw(),
            "up to {end}"
        );
        assert_eq!(
            outer.inner.code.raw(),
            inner.get("code").raw(),
            "up to {end}"
        );
    }
    let headers = Outer::from(Value::parse(whole.as_bytes())).headers;
    assert!(headers.get("n") == "v" && headers.get("x") == "y");
    assert_eq!(headers.members().count(), 2);
}

#[test]
fn compares_what_a_string_says() {
    assert!(json(r#""card_error""#) == "card_error");
    assert!(json(r#""\u0063ard\u005ferror""#) == "card_error");
    assert!(json(r#""\/""#) == "/");
    assert!(json(r#""""#) == "");
    for other in [
        r#""card_error2""#,
        r#""card""#,
        r#""card_error"#,
        "card_error",
        "",
        r#""card_error\""#,
    ] {
        assert!(json(other) != "card_error", "{other}");
    }
    // The letters are the same, what they say is not.
    assert!(json(r#""a\n""#) != "a\\n");
}

#[test]
fn undoes_escapes() {
    let rows = [
        (r#""plain""#, Some("plain")),
        (r#""""#, Some("")),
        (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
        (r#""\u00e9\u20ac""#, Some("é€")),
        (r#""\ud83d\ude00!""#, Some("😀!")),
        (r#""\uD83D\uDE00""#, Some("😀")),
        // A half of a pair without the other.
        (r#""a\ud83d""#, Some("a\u{fffd}")),
        (r#""\ud83d\u0041""#, Some("\u{fffd}A")),
        (r#""\ude00b""#, Some("\u{fffd}b")),
        (r#""\ud83d\ud83d\ude00""#, Some("\u{fffd}😀")),
        (r#""\u0000""#, Some("\0")),
        (r#""é😀""#, Some("é😀")),
        (r#""\x""#, None),
        (r#""\u12""#, None),
        (r#""\u12g4""#, None),
        (r#""\u+123""#, None),
        (r#""\ud83d\u12""#, None),
        ("\"cut", None),
        ("\"cut\\\"", None),
        ("\"cut\\u00", None),
        ("12", None),
    ];
    for (text, expected) in rows {
        assert_eq!(json(text).text().as_deref(), expected, "{text}");
    }
    assert_eq!(Value::parse(b"\"\xff\"").text(), None);
    assert_eq!(Value::parse(b"\"\xed\xa0\x80\\n\"").text(), None);
}

#[test]
fn words_are_plain_strings() {
    for (text, word) in [
        (r#""card_declined""#, "card_declined"),
        (r#""two words""#, "two words"),
        (r#""a\u0062""#, ""),
        (r#""é""#, ""),
        ("\"a\nb\"", ""),
        ("7", ""),
        ("", ""),
    ] {
        assert_eq!(json(text).word(), word, "{text}");
    }
}

#[test]
fn counts_only_what_is_a_whole_number() {
    let rows = [
        ("0", Some(0)),
        ("42 ", Some(42)),
        ("\"42\"", Some(42)),
        ("-1", None),
        ("1.0", None),
        ("1e3", None),
        ("\"\"", None),
        ("\" 42\"", None),
        ("\"42", None),
        ("-", None),
        ("true", None),
        ("9223372036854775807", Some(i64::MAX as u64)),
        ("9223372036854775808", None),
        ("99999999999999999999999999999999999999999", None),
    ];
    for (text, expected) in rows {
        assert_eq!(json(text).count(), expected, "{text}");
    }
    assert_eq!(json("-9223372036854775808").int(), Some(i64::MIN));
    assert_eq!(json("\"42\"").int(), None);
}

#[test]
fn reads_any_number_as_json_has_them() {
    for (text, expected) in [
        ("1.5", 1.5),
        ("-0.25e2", -25.0),
        ("1E+2", 100.0),
        ("0", 0.0),
    ] {
        assert_eq!(json(text).float(), Some(expected), "{text}");
    }
    assert_eq!(json("1e999").float(), Some(f64::INFINITY));
    for text in [
        "01", "+1", ".5", "1.", "1e", "1e+", "--1", "0x10", "NaN", "Infinity", "-", "\"1\"",
    ] {
        assert_eq!(json(text).float(), None, "{text}");
    }
}

#[test]
fn says_what_is_set() {
    for text in ["", "null", "\"\""] {
        assert!(!json(text).is_set(), "{text}");
        assert!(json(text).or(json("1")).int() == Some(1));
    }
    for text in ["0", "false", "\" \"", "[]", "{}"] {
        assert!(json(text).is_set(), "{text}");
    }
}

#[test]
fn reads_times_as_services_write_them() {
    let rows = [
        ("12ms", Some(12)),
        ("1s", Some(1000)),
        ("6m0s", Some(360_000)),
        ("1h30m", Some(5_400_000)),
        ("59.95s", Some(59_950)),
        ("0.0005s", Some(0)),
        ("20", Some(20_000)),
        ("", None),
        ("s", None),
        ("1x", None),
        ("1.2.3s", None),
        ("-1s", None),
        ("999999999999999999999999s", None),
    ];
    for (text, expected) in rows {
        assert_eq!(
            json(&format!("\"{text}\"")).duration_ms(),
            expected,
            "{text}"
        );
    }
    let date = json("\"Sun, 06 Nov 1994 08:49:37 GMT\"");
    assert_eq!(date.http_date_ms(), Some(784_111_777_000));
    assert_eq!(date.retry_after_ms(Some(784_111_770_000)), Some(7000));
    assert_eq!(date.retry_after_ms(Some(u64::MAX)), Some(0));
    assert_eq!(date.retry_after_ms(None), None);
    assert_eq!(json("\"7\"").retry_after_ms(None), Some(7000));
    assert_eq!(
        json("\"Thu, 01 Jan 1970 00:00:00 GMT\"").http_date_ms(),
        Some(0)
    );
    assert_eq!(
        json("\"Thu, 29 Feb 2024 00:00:00 GMT\"").http_date_ms(),
        Some(1_709_164_800_000)
    );
    for bad in [
        "Sun, 06 Xyz 1994 08:49:37 GMT",
        "Sun, 06 Jan 0000 08:49:37 GMT",
        "Sun, xx Nov 1994 08:49:37 GMT",
    ] {
        assert_eq!(json(&format!("\"{bad}\"")).http_date_ms(), None, "{bad}");
    }
}
