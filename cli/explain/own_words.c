// An answer repeats what it was sent: "Incorrect API key provided: ...". Only the library knows
// what of a call is a secret, so the message is taken from the body that a Pack would be shown, and
// then goes through the library once more as the message of a failure, in which each secret is
// looked for. SPDX-License-Identifier: Apache-2.0
#include "explain/own_words.h"
#include "base/json.h"
#include "exchange/exchange.h"
#include "exchange/view.h"

enum {
    WANTS = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY,
    BODY_MAX = 4 * 1024 * 1024, // no error is longer
};

static tskl_exchange *begin(const tskl_call *call) {
    tskl_recorded recorded = {.size = sizeof recorded,
                              .flags = call->decoded ? TSKL_RECORDED_DECODED : 0};
    tskl_request request = {.size = sizeof request,
                            .time_us = 1,
                            .method = call->method,
                            .url = call->url,
                            .headers = call->request_headers,
                            .recorded = &recorded};
    return tskl_exchange_new(&request, WANTS, BODY_MAX);
}

// The call once more; with `message` as one that failed with these words.
static tskl_exchange *repeat(const tskl_call *call, tskl_slice message) {
    tskl_exchange *exchange = begin(call);
    bool fails = message.len > 0;
    if (!exchange) return NULL;
    tskl_exchange_add_sent(exchange, 1, call->request_body);
    tskl_exchange_set_response(exchange, 1, fails ? 0 : call->status, call->response_headers);
    for (size_t i = 0; i < call->part_count; i++)
        tskl_exchange_add_received(exchange, 1, call->parts[i].bytes);
    tskl_exchange_end(exchange, 1, fails ? TSKL_FAILED : TSKL_DONE, TSKL_S(""), message);
    return exchange;
}

static tskl_slice text_at(const tskl_json *body, const char *path) {
    tskl_slice names = tskl_slice_of(path);
    while (body && names.len) body = tskl_json_get(body, tskl_slice_split(&names, '.'));
    return body && body->kind == TSKL_JSON_STRING ? body->text : (tskl_slice){NULL, 0};
}

static tskl_slice message_in(tskl_slice body, tskl_arena *arena) {
    static const char *const paths[] = {"error.message", "error_description", "message"};
    const tskl_json *json;
    tskl_slice message = {NULL, 0};
    if (tskl_json_parse(body, arena, &json, NULL) != TSKL_OK) return message;
    for (size_t i = 0; i < TSKL_COUNT(paths) && message.len == 0; i++)
        message = text_at(json, paths[i]);
    return message;
}

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (masking a message)");
}

// Either the message in the answer, or `message` as it may be shown.
static tskl_status look(const tskl_call *call, const tskl_mask_rules *rules, tskl_slice message,
                        tskl_arena *arena, tskl_slice *out, tskl_error *err) {
    tskl_view view;
    tskl_exchange *exchange = repeat(call, message);
    *out = (tskl_slice){NULL, 0};
    if (!exchange) return nomem(err);
    tskl_status status = tskl_view_make(exchange, rules, BODY_MAX, &view, err);
    if (status == TSKL_OK) {
        tskl_slice found = message.len ? view.error_message : message_in(view.response.body, arena);
        // The view goes with the exchange.
        if (!tskl_arena_copy(arena, found, out)) status = nomem(err);
    }
    tskl_exchange_free(exchange);
    return status;
}

tskl_status tskl_own_words(const tskl_call *call, const tskl_mask_rules *rules, tskl_arena *arena,
                           tskl_slice *out, tskl_error *err) {
    tskl_slice message;
    TSKL_TRY(look(call, rules, TSKL_S(""), arena, &message, err));
    *out = message;
    return message.len ? look(call, rules, message, arena, out, err) : TSKL_OK;
}
