//! Hooks as the host runs them: what they are shown, what they say.
// SPDX-License-Identifier: Apache-2.0
use taskless_pdk::testing::{self, run_on, Outcome};
use taskless_pdk::{config, http, info, var, warn, Advice, Call, Capture, Class, Value, Verdict};

fn captured(write: impl FnOnce(&mut Capture)) -> String {
    let outcome = run_on("{}", |_| {
        let mut capture = Capture::new();
        write(&mut capture);
        capture
    });
    outcome.output
}

#[test]
fn a_call_is_shown_as_far_as_it_has_come() {
    let input = r#"{"requestId":"i","request":{"url":"https://a.example/p","domain":"a.example","path":"/p",
        "method":"POST","headers":[["accept","*/*"]],"body":{"x":1}},
        "response":{"status":429,"headers":[["retry-after","3"]],"body":"text"},
        "context":{"kept":1},"environment":{"E":"v"},"configuration":{"on":true},
        "time":{"start":1000,"end":2000},"truncated":["response"],"attempt":2}"#;
    run_on(input, |call: Call| {
        assert!(
            call.id == "i" && call.request.method == "POST" && call.request.domain == "a.example"
        );
        assert_eq!(call.request.body.get("x").int(), Some(1));
        let response = call.response.expect("a response");
        assert_eq!(
            (response.status, response.headers.get("retry-after").count()),
            (429, Some(3))
        );
        assert!(response.body == "text" && call.failure.is_none());
        assert_eq!(call.context.get("kept").int(), Some(1));
        assert!(call.environment.get("E") == "v");
        assert_eq!(call.configuration.get("on").bool(), Some(true));
        assert_eq!(
            (call.start_ms(), call.end_ms(), call.attempt()),
            (Some(1000), Some(2000), 2)
        );
        assert!(call.response_is_truncated() && !call.request_is_truncated());
    });
    run_on(
        r#"{"error":{"kind":"connect","code":"ECONNREFUSED"}}"#,
        |call: Call| {
            let failure = call.failure.expect("a failure");
            assert!(
                call.response.is_none() && failure.kind == "connect" && !failure.message.is_set()
            );
            assert_eq!(call.attempt(), 1);
        },
    );
    run_on(r#"{"chunk":"ZGF0YTogMQoK","done":false}"#, |call: Call| {
        assert_eq!(
            (call.chunk(), call.is_done()),
            (b"data: 1\n\n".to_vec(), false)
        );
    });
    run_on(r#"{"chunk":"","done":true}"#, |call: Call| {
        assert_eq!((call.chunk(), call.is_done()), (vec![], true));
    });
    for bad in [
        "",
        "[]",
        "{",
        "{\"response\":1,\"request\":[],\"error\":\"x\",\"chunk\":{}}",
    ] {
        run_on(bad, |call: Call| {
            assert!(call.response.is_none() && call.failure.is_none() && call.chunk().is_empty());
        });
    }
}

#[test]
fn values_are_captured_in_order_and_nothing_is_left_out() {
    let input =
        r#"{"s":"a\"b\u00e9\ud83d","n":-1.5e3,"t":true,"e":"","z":null,"o":{},"l":[1],"bad":01}"#;
    let outcome = run_on(input, |_| {
        let value = Value::parse(input.as_bytes());
        let mut capture = Capture::new();
        for (name, value) in value.members() {
            capture.set(name.word(), value);
        }
        capture
            .set("x", "y")
            .set("none", None::<&str>)
            .set("count", 7u32)
            .set("minus", i64::MIN);
        capture
            .set("most", u64::MAX)
            .set("no", false)
            .set("half", 0.5)
            .set("nan", f64::NAN);
        capture.set("quote\"", String::from("\\\n\u{7f}"));
        capture
            .request_id("r")
            .error_code(Value::ABSENT)
            .keep("k", 1u8)
            .keep("none", "");
        Some(capture)
    });
    assert_eq!(
        outcome.output,
        concat!(
            r#"{"capture":{"s":"a\"bé"#,
            "\u{fffd}",
            r#"","n":-1.5e3,"t":true,"x":"y","count":7,"minus":-9223372036854775808,"#,
            r#""most":18446744073709551615,"no":false,"half":0.5,"quote\"":"\\\u000a"#,
            "\u{7f}",
            r#"","request_id":"r"},"context":{"k":1}}"#
        )
    );
}

#[test]
fn a_string_that_is_too_long_is_no_answer() {
    let long = format!("\"{}\"", "x".repeat(16_383));
    assert_eq!(
        captured(|capture| _ = capture.set("a", Value::parse(long.as_bytes()))),
        r#"{"capture":{}}"#
    );
    let fits = &long[1..];
    let fits = format!("\"{}", &fits[1..]);
    assert!(captured(|capture| _ = capture.set("a", Value::parse(fits.as_bytes()))).len() > 16_384);
}

#[test]
fn a_hook_may_say_nothing_or_why_it_failed() {
    assert_eq!(run_on("{}", |_| ()), Outcome::default());
    assert_eq!(run_on("{}", |_| None::<Capture>), Outcome::default());
    let failed = run_on("{}", |_| Err::<(), _>("out of luck"));
    assert_eq!(
        (failed.status, failed.error.as_deref()),
        (1, Some("out of luck"))
    );
    let fine = run_on("{}", |_| Ok::<_, String>(Capture::new()));
    assert_eq!(
        (fine.status, fine.output.as_str()),
        (0, r#"{"capture":{}}"#)
    );
}

#[test]
fn verdicts_are_of_the_words_all_packs_share() {
    let said = |verdict: Verdict| captured(|capture| _ = capture.class(&verdict).retry(&verdict));
    assert_eq!(said(Verdict::default()), r#"{"capture":{"ok":true}}"#);
    assert_eq!(said(Verdict::of_status(200)), r#"{"capture":{"ok":true}}"#);
    let rows = [
        (400, "invalid", "fix"),
        (401, "auth", "reauth"),
        (402, "quota", "pay"),
        (403, "permission", "fix"),
        (404, "not_found", "fix"),
        (408, "timeout", "yes"),
        (409, "conflict", "yes"),
        (410, "not_found", "fix"),
        (422, "invalid", "fix"),
        (424, "server", "yes"),
        (429, "rate", "yes"),
        (500, "server", "yes"),
        (503, "overloaded", "yes"),
        (504, "timeout", "yes"),
        (529, "overloaded", "yes"),
        (599, "server", "yes"),
    ];
    for (status, class, advice) in rows {
        let expected =
            format!(r#"{{"capture":{{"ok":false,"class":"{class}","retry.advice":"{advice}"}}}}"#);
        assert_eq!(said(Verdict::of_status(status)), expected, "{status}");
    }
    let (yes, no) = (Value::parse(b"\"true\""), Value::parse(b"\"false\""));
    let rate = Verdict::from(Class::Rate);
    let waits = rate.heed(Value::ABSENT, Some(1500));
    assert_eq!(
        (waits.advice, waits.after_ms),
        (Some(Advice::After), Some(1500))
    );
    assert_eq!(rate.heed(no, Some(1)).advice, Some(Advice::No));
    assert_eq!(
        Verdict::from(Class::Invalid).heed(yes, None).advice,
        Some(Advice::Yes)
    );
    assert_eq!(
        Verdict::from(Class::Quota).heed(yes, Some(1)).advice,
        Some(Advice::Pay)
    );
    assert_eq!(Verdict::default().heed(yes, Some(1)), Verdict::default());
}

#[test]
fn the_rest_of_the_host_is_at_hand() {
    testing::set_config("key", "value");
    testing::set_http_answer(503, r#"{"content-type":"text/plain"}"#, "down for now");
    let outcome = run_on("{}", |_| {
        assert_eq!(
            (config::get("key").as_deref(), config::get("other")),
            (Some("value"), None)
        );
        var::set("kept", b"seventeen bytes..");
        assert_eq!(var::get("kept").as_deref(), Some(&b"seventeen bytes.."[..]));
        var::remove("kept");
        assert_eq!(var::get("kept"), None);
        let answer = http::Request::post("https://a.example/\"")
            .header("a", "b")
            .header("c", "d")
            .send(b"body");
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (503, &b"down for now"[..])
        );
        assert!(answer.headers().get("content-type") == "text/plain");
        info!("plain");
        warn!("{} items", 7);
    });
    assert_eq!(
        outcome.log,
        [("info", "plain".into()), ("warn", "7 items".into())]
    );
    let request = r#"{"method":"POST","url":"https://a.example/\"","headers":{"a":"b","c":"d"}}"#;
    assert_eq!(
        testing::take_http_requests(),
        [(request.into(), "body".into())]
    );
}
