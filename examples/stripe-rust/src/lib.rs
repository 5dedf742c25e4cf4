//! stripe: why a call to Stripe failed, where its log is, and what to do now.
// SPDX-License-Identifier: Apache-2.0
#![no_std]
use taskless_pdk::{
    object, post, Advice, Call, Capture, Class, Failure, Kind, Response, Value, Verdict,
};

object! {
    /// What Stripe says of a failure.
    struct Error {
        kind = "type",
        code,
        message,
        param,
        doc_url,
        log_url = "request_log_url",
        decline_code,
        advice_code,
        network_decline_code,
        network_advice_code,
        payment_method_type,
        charge,
        user_message,
        payment_intent: Object,
        setup_intent: Object,
        payment_method: Object,
        source: Object,
    }
    struct Object { id, status }

    /// What may be sent, and is echoed, but not by every endpoint.
    struct Echoed {
        idempotency_key = "idempotency-key",
        version = "stripe-version",
        account = "stripe-account",
    }
    struct Headers {
        request_id = "request-id",
        should_retry = "stripe-should-retry",
        limiter = "stripe-rate-limited-reason",
        retry_after = "retry-after",
    }
    struct Configuration { enable_success = "enableSuccess", capture_message = "captureMessage" }
}

/// What Stripe's own words mean, whichever of type, code, decline_code or advice_code has them. The
/// first that is found counts, so what is more exact stands above.
const MEANINGS: [(&str, Class, Advice); 12] = [
    ("try_again_later", Class::Declined, Advice::Yes),
    ("confirm_card_data", Class::Declined, Advice::Fix),
    ("authentication_required", Class::Declined, Advice::Fix),
    ("processing_error", Class::Declined, Advice::Yes),
    ("card_error", Class::Declined, Advice::Pay),
    ("idempotency_key_in_use", Class::Idempotency, Advice::Yes),
    ("idempotency_error", Class::Idempotency, Advice::Fix),
    ("rate_limit", Class::Rate, Advice::Yes),
    ("lock_timeout", Class::Conflict, Advice::Yes),
    ("resource_missing", Class::NotFound, Advice::Fix),
    ("temporary_session_expired", Class::Auth, Advice::Reauth),
    ("invalid_grant", Class::Auth, Advice::Reauth),
];

fn meaning_of(status: u16, error: &Error, limiter: Value) -> Verdict {
    // Only a 429 that names a limiter is one: without it, lock_timeout is two calls for one object.
    if limiter.kind() == Kind::String {
        return Class::Rate.into();
    }
    let words = [
        error.kind,
        error.code,
        error.decline_code,
        error.advice_code,
    ]
    .map(Value::word);
    match MEANINGS.iter().find(|(word, ..)| words.contains(word)) {
        Some(&(_, class, advice)) => class.with(advice),
        // The call was right, the payment was not.
        None if status == 402 => Class::Declined.into(),
        None => Verdict::of_status(status),
    }
}

fn judge_answer(status: u16, error: &Error, headers: &Headers) -> Verdict {
    let mut verdict = meaning_of(status, error, headers.limiter);
    let code = error.code.word();
    if verdict.class == Some(Class::Declined)
        && (code.starts_with("incorrect_") || code.starts_with("invalid_"))
    {
        verdict.advice = Some(Advice::Fix); // a card's data, mistyped
    }
    let after_ms = headers
        .retry_after
        .count()
        .map(|seconds| seconds.saturating_mul(1000));
    verdict.heed(headers.should_retry, after_ms)
}

/// Without an answer nobody knows what Stripe did: only what cannot happen twice may be sent again.
fn judge_silence(failure: &Failure, is_harmless: bool) -> Verdict {
    match failure.kind.word() {
        "dns" | "connect" | "tls" => Class::Network.with(Advice::Yes), // it never arrived
        "aborted" => Class::Network.with(Advice::No),                  // by the application itself
        "timeout" if is_harmless => Class::Timeout.with(Advice::Yes),
        "timeout" => Class::Timeout.with(Advice::No),
        _ if is_harmless => Class::Network.with(Advice::Yes),
        _ => Class::Network.with(Advice::No),
    }
}

#[post]
fn post(call: Call) -> Option<Capture> {
    let (status, sent_headers, body) = match call.response {
        Some(Response {
            status,
            headers,
            body,
        }) => (status, headers, body),
        None => Default::default(),
    };
    let headers = Headers::from(sent_headers);
    let (sent, echoed) = (
        Echoed::from(call.request.headers),
        Echoed::from(sent_headers),
    );
    let idempotency_key = echoed.idempotency_key.or(sent.idempotency_key);

    let said = body.get("error");
    let mut error = Error::from(said);
    if said.kind() == Kind::String {
        // OAuth: {"error": "...", "error_description": "..."}
        (error.code, error.message) = (said, body.get("error_description"));
    }
    let verdict = match call.failure {
        _ if status >= 400 => judge_answer(status, &error, &headers),
        Some(failure) => {
            (error.code, error.message) = (failure.code, failure.message);
            let is_harmless = call.request.method.word() != "POST" || idempotency_key.is_set();
            judge_silence(&failure, is_harmless)
        }
        None => Verdict::default(),
    };
    let configuration = Configuration::from(call.configuration);
    if verdict.class.is_none() && configuration.enable_success.bool() == Some(false) {
        return None;
    }
    if configuration.capture_message.bool() != Some(true) {
        (error.message, error.user_message) = Default::default();
    }

    let mut capture = Capture::new();
    capture
        .class(&verdict)
        .error_type(error.kind)
        .error_code(error.code)
        .error_message(error.message)
        .error_param(error.param)
        .error_doc_url(error.doc_url)
        .error_log_url(error.log_url)
        .error_decline_code(error.decline_code)
        .retry(&verdict)
        .request_id(headers.request_id)
        .idempotency_key(idempotency_key)
        .rate_scope(headers.limiter)
        .set("error.advice_code", error.advice_code)
        .set("error.network_decline_code", error.network_decline_code)
        .set("error.network_advice_code", error.network_advice_code)
        .set("error.payment_method_type", error.payment_method_type)
        .set("error.charge", error.charge)
        .set("error.user_message", error.user_message)
        .set("payment_intent.id", error.payment_intent.id)
        .set("payment_intent.status", error.payment_intent.status)
        .set("setup_intent.id", error.setup_intent.id)
        .set("setup_intent.status", error.setup_intent.status)
        .set("payment_method.id", error.payment_method.id)
        .set("source.id", error.source.id)
        .set("source.status", error.source.status)
        .set("stripe-version", echoed.version.or(sent.version))
        .set("stripe-account", echoed.account.or(sent.account))
        .set("stripe-should-retry", headers.should_retry);
    Some(capture)
}
