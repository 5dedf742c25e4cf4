// stripe: why a call to Stripe failed, where its log is, and what to do now.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

enum {
    REQUEST,
    METHOD,
    SENT_HEADERS,
    SENT_KEY,
    SENT_VERSION,
    SENT_ACCOUNT,
    RESPONSE,
    STATUS,
    HEADERS,
    REQUEST_ID,
    KEY,
    VERSION,
    ACCOUNT,
    SHOULD_RETRY,
    REASON,
    RETRY_AFTER,
    BODY,
    ERROR_DESCRIPTION,
    ERROR,
    TYPE,
    CODE,
    MESSAGE,
    PARAM,
    DOC_URL,
    LOG_URL,
    DECLINE_CODE,
    ADVICE_CODE,
    NETWORK_DECLINE_CODE,
    NETWORK_ADVICE_CODE,
    PAYMENT_METHOD_TYPE,
    CHARGE,
    USER_MESSAGE,
    PAYMENT_INTENT,
    PAYMENT_INTENT_ID,
    PAYMENT_INTENT_STATUS,
    SETUP_INTENT,
    SETUP_INTENT_ID,
    SETUP_INTENT_STATUS,
    PAYMENT_METHOD,
    PAYMENT_METHOD_ID,
    SOURCE,
    SOURCE_ID,
    SOURCE_STATUS,
    FAILURE,
    FAILURE_KIND,
    FAILURE_CODE,
    FAILURE_MESSAGE,
    CONFIGURATION,
    ENABLE_SUCCESS,
    CAPTURE_MESSAGE,
    WANTED,
};
static const char *const wanted[WANTED] = {
    [REQUEST] = "request",
    [METHOD] = " method",
    [SENT_HEADERS] = " headers",
    [SENT_KEY] = "  idempotency-key",
    [SENT_VERSION] = "  stripe-version",
    [SENT_ACCOUNT] = "  stripe-account",
    [RESPONSE] = "response",
    [STATUS] = " status",
    [HEADERS] = " headers",
    [REQUEST_ID] = "  request-id",
    [KEY] = "  idempotency-key",
    [VERSION] = "  stripe-version",
    [ACCOUNT] = "  stripe-account",
    [SHOULD_RETRY] = "  stripe-should-retry",
    [REASON] = "  stripe-rate-limited-reason",
    [RETRY_AFTER] = "  retry-after",
    [BODY] = " body",
    [ERROR_DESCRIPTION] = "  error_description",
    [ERROR] = "  error",
    [TYPE] = "   type",
    [CODE] = "   code",
    [MESSAGE] = "   message",
    [PARAM] = "   param",
    [DOC_URL] = "   doc_url",
    [LOG_URL] = "   request_log_url",
    [DECLINE_CODE] = "   decline_code",
    [ADVICE_CODE] = "   advice_code",
    [NETWORK_DECLINE_CODE] = "   network_decline_code",
    [NETWORK_ADVICE_CODE] = "   network_advice_code",
    [PAYMENT_METHOD_TYPE] = "   payment_method_type",
    [CHARGE] = "   charge",
    [USER_MESSAGE] = "   user_message",
    [PAYMENT_INTENT] = "   payment_intent",
    [PAYMENT_INTENT_ID] = "    id",
    [PAYMENT_INTENT_STATUS] = "    status",
    [SETUP_INTENT] = "   setup_intent",
    [SETUP_INTENT_ID] = "    id",
    [SETUP_INTENT_STATUS] = "    status",
    [PAYMENT_METHOD] = "   payment_method",
    [PAYMENT_METHOD_ID] = "    id",
    [SOURCE] = "   source",
    [SOURCE_ID] = "    id",
    [SOURCE_STATUS] = "    status",
    [FAILURE] = "error",
    [FAILURE_KIND] = " kind",
    [FAILURE_CODE] = " code",
    [FAILURE_MESSAGE] = " message",
    [CONFIGURATION] = "configuration",
    [ENABLE_SUCCESS] = " enableSuccess",
    [CAPTURE_MESSAGE] = " captureMessage",
};

// What Stripe's own words mean, whichever of type, code, decline_code or advice_code has them. The
// first that is found counts, so what is more exact stands above.
static const struct {
    const char *word;
    uint8_t class, advice;
} meanings[] = {
    {"try_again_later", TSKL_CLASS_DECLINED, TSKL_ADVICE_YES},
    {"confirm_card_data", TSKL_CLASS_DECLINED, TSKL_ADVICE_FIX},
    {"authentication_required", TSKL_CLASS_DECLINED, TSKL_ADVICE_FIX},
    {"processing_error", TSKL_CLASS_DECLINED, TSKL_ADVICE_YES},
    {"card_error", TSKL_CLASS_DECLINED, TSKL_ADVICE_PAY},
    {"idempotency_key_in_use", TSKL_CLASS_IDEMPOTENCY, TSKL_ADVICE_YES},
    {"idempotency_error", TSKL_CLASS_IDEMPOTENCY, TSKL_ADVICE_FIX},
    {"rate_limit", TSKL_CLASS_RATE, TSKL_ADVICE_YES},
    {"lock_timeout", TSKL_CLASS_CONFLICT, TSKL_ADVICE_YES},
    {"resource_missing", TSKL_CLASS_NOT_FOUND, TSKL_ADVICE_FIX},
    {"temporary_session_expired", TSKL_CLASS_AUTH, TSKL_ADVICE_REAUTH},
    {"invalid_grant", TSKL_CLASS_AUTH, TSKL_ADVICE_REAUTH},
};

static tskl_verdict meaning_of(const tskl_json *in, int64_t status) {
    // Only a 429 that names a limiter is one: without it, lock_timeout is two calls for one object.
    if (*in[REASON].at) return tskl_verdict_of(TSKL_CLASS_RATE);
    for (size_t i = 0; i < TSKL_COUNT(meanings); i++) {
        const char *word = meanings[i].word;
        if (tskl_is(in[TYPE], word) || tskl_is(in[CODE], word) || tskl_is(in[DECLINE_CODE], word) ||
            tskl_is(in[ADVICE_CODE], word))
            return (tskl_verdict){meanings[i].class, meanings[i].advice, 0};
    }
    // 402: the call was right, the payment was not.
    return tskl_verdict_of(status == 402 ? TSKL_CLASS_DECLINED : tskl_class_of_status(status));
}

static void judge_response(const tskl_json *in, int64_t status, tskl_verdict *verdict) {
    *verdict = meaning_of(in, status);
    // With the quote that begins the string: a card's data, mistyped.
    const char *code = in[CODE].at;
    bool mistyped = tskl_starts(code, "\"incorrect_") || tskl_starts(code, "\"invalid_");
    if (verdict->class == TSKL_CLASS_DECLINED && mistyped) verdict->advice = TSKL_ADVICE_FIX;
    tskl_heed(verdict, in[SHOULD_RETRY], tskl_count(in[RETRY_AFTER], -1) * 1000);
}

// Without an answer nobody knows what Stripe did: only what cannot happen twice may be sent again.
static void judge_silence(const tskl_json *in, tskl_verdict *verdict) {
    tskl_json kind = in[FAILURE_KIND];
    bool never_sent = tskl_is(kind, "dns") || tskl_is(kind, "connect") || tskl_is(kind, "tls");
    bool harmless = !tskl_is(in[METHOD], "POST") || *in[KEY].at;
    bool again = (never_sent || harmless) && !tskl_is(kind, "aborted"); // by the application itself
    verdict->class = tskl_is(kind, "timeout") ? TSKL_CLASS_TIMEOUT : TSKL_CLASS_NETWORK;
    verdict->advice = again ? TSKL_ADVICE_YES : TSKL_ADVICE_NO;
}

static void capture(tskl_json *in, const tskl_verdict *verdict) {
    if (!tskl_switch(in[CAPTURE_MESSAGE], false)) in[MESSAGE] = in[USER_MESSAGE] = TSKL_NOTHING;
    tskl_capture_class(verdict);
    tskl_capture_all("error.", wanted, in, TYPE, LOG_URL);
    tskl_capture("error.log_url", in[LOG_URL]);
    tskl_capture_all("error.", wanted, in, DECLINE_CODE, ADVICE_CODE);
    tskl_capture_retry(verdict);
    tskl_capture("request_id", in[REQUEST_ID]);
    tskl_capture("idempotency_key", in[KEY]);
    tskl_capture("rate.scope", in[REASON]);
    tskl_capture_all("error.", wanted, in, ADVICE_CODE, PAYMENT_INTENT);
    tskl_capture_all("payment_intent.", wanted, in, PAYMENT_INTENT_ID, SETUP_INTENT);
    tskl_capture_all("setup_intent.", wanted, in, SETUP_INTENT_ID, PAYMENT_METHOD);
    tskl_capture_all("payment_method.", wanted, in, PAYMENT_METHOD_ID, SOURCE);
    tskl_capture_all("source.", wanted, in, SOURCE_ID, FAILURE);
    tskl_capture_all("", wanted, in, VERSION, REASON);
}

TSKL_HOOK(post) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    for (size_t i = 0; i <= ACCOUNT - KEY; i++) // echoed, but not by every endpoint
        in[KEY + i] = tskl_or(in[KEY + i], in[SENT_KEY + i]);
    if (*in[ERROR].at == TSKL_STRING) { // OAuth: {"error": "...", "error_description": "..."}
        in[CODE] = in[ERROR];
        in[MESSAGE] = in[ERROR_DESCRIPTION];
    }
    int64_t status = tskl_count(in[STATUS], 0);
    tskl_verdict verdict = {0};
    if (status >= 400)
        judge_response(in, status, &verdict);
    else if (*in[FAILURE].at) {
        judge_silence(in, &verdict);
        in[CODE] = in[FAILURE_CODE];
        in[MESSAGE] = in[FAILURE_MESSAGE];
    }
    if (!verdict.class && !tskl_switch(in[ENABLE_SUCCESS], true)) return 0;
    capture(in, &verdict);
    return tskl_done();
}
