// SPDX-License-Identifier: Apache-2.0
#include "recording/har_failure.h"
#include "exchange/view.h"

/** What browsers call a failure, where programs have a word of their own for the same. */
static const struct {
    const char *text, *code;
} same[] = {
    {"ERR_NAME_NOT_RESOLVED", "ENOTFOUND"},
    {"ERR_CONNECTION_REFUSED", "ECONNREFUSED"},
    {"ERR_CONNECTION_RESET", "ECONNRESET"},
    {"ERR_CONNECTION_CLOSED", "ECONNRESET"},
    {"ERR_EMPTY_RESPONSE", "ECONNRESET"},
    {"ERR_CONNECTION_TIMED_OUT", "ETIMEDOUT"},
    {"ERR_TIMED_OUT", "ETIMEDOUT"},
    {"ERR_ADDRESS_UNREACHABLE", "EHOSTUNREACH"},
    {"ERR_INTERNET_DISCONNECTED", "ENETDOWN"},
    {"ERR_NETWORK_CHANGED", "ECONNRESET"},
    {"NS_ERROR_UNKNOWN_HOST", "ENOTFOUND"},
    {"NS_ERROR_CONNECTION_REFUSED", "ECONNREFUSED"},
    {"NS_ERROR_NET_RESET", "ECONNRESET"},
    {"NS_ERROR_NET_TIMEOUT", "ETIMEDOUT"},
};

/** What is told of one failure. */
typedef struct failure {
    tskl_slice code, message;
} failure;

static tskl_slice first_text(const tskl_json *object, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tskl_slice text = tskl_json_get_string(object, tskl_slice_of(names[i]));
        if (text.len) return text;
    }
    return (tskl_slice){NULL, 0};
}

// A text, or an object with the parts of an exception.
static failure read_one(const tskl_json *value) {
    static const char *const codes[] = {"code", "errorCode", "name", "type"};
    static const char *const messages[] = {"message", "errorText", "text", "description", "reason"};
    failure f = {0};
    if (!value) return f;
    if (value->kind == TSKL_JSON_STRING) f.message = value->text;
    f.code = first_text(value, codes, TSKL_COUNT(codes));
    if (value->kind == TSKL_JSON_OBJECT)
        f.message = first_text(value, messages, TSKL_COUNT(messages));
    if (f.message.len == 0) f.message = f.code;
    return f;
}

// Chrome has `_error` in response or entry, Playwright `_failureText`.
static failure find_failure(const tskl_json *entry, const tskl_json *response) {
    static const char *const names[] = {"_error", "_failureText", "_errorText"};
    const tskl_json *places[] = {response, entry};
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        for (size_t p = 0; p < TSKL_COUNT(places); p++) {
            failure f = read_one(tskl_har_member(places[p], names[i]));
            if (f.message.len) return f;
        }
    return (failure){0};
}

static tskl_slice code_of(const failure *f) {
    tskl_slice code = f->code.len ? f->code : tskl_error_code_in(f->message);
    for (size_t i = 0; i < TSKL_COUNT(same); i++)
        if (tskl_slice_equal(code, tskl_slice_of(same[i].text))) return tskl_slice_of(same[i].code);
    return code;
}

void tskl_har_read_failure(tskl_har_reading *r, const tskl_json *entry, const tskl_json *response) {
    tskl_call *call = r->call;
    failure f = find_failure(entry, response);
    bool aborted = tskl_json_is_true(tskl_har_member(entry, "_wasAborted"));
    if (call->status && f.message.len == 0 && !aborted) return;
    call->error_code = code_of(&f);
    call->error_message = f.message.len ? f.message : TSKL_S("no response was recorded");
    tskl_slice kind = tskl_error_kind(TSKL_FAILED, call->error_code, call->error_message);
    if (f.message.len && tskl_slice_equal(kind, TSKL_S("aborted"))) aborted = true;
    call->ending = aborted ? TSKL_ABORTED : TSKL_FAILED;
}
