//! @NAME@: why a call to @NAME@ failed.
#![no_std]
use taskless_pdk::{object, post, Call, Capture, Class, Verdict};

object! {
    /// What the Pack looks at of a failure. What is not there is absent, and captured as nothing.
    struct Problem { code }
}

#[post]
fn post(call: Call) -> Option<Capture> {
    let response = call.response?;
    let problem = Problem::from(response.body.get("error"));
    // What this service means by its own codes, then what a status means everywhere.
    let verdict = match problem.code.word() {
        "out_of_credit" => Class::Quota.into(),
        _ => Verdict::of_status(response.status),
    };

    let mut capture = Capture::new();
    capture
        .class(&verdict)
        .error_code(problem.code)
        .retry(&verdict)
        .request_id(response.headers.get("x-request-id"));
    Some(capture)
}
