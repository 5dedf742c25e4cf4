// SPDX-License-Identifier: Apache-2.0
#include "pipeline/calls.h"
#include "base/clock.h"
#include <assert.h>

void tskl_calls_init(tskl_calls *calls, const tskl_pack *pack) {
    *calls = (tskl_calls){.pack = pack};
    tskl_answer_init(&calls->answer);
}

void tskl_calls_deinit(tskl_calls *calls) {
    tskl_answer_deinit(&calls->answer);
}

bool tskl_calls_granted(const tskl_pack *pack) {
    return pack->calls_asked.count > 0 && pack->calls.count > 0;
}

static tskl_outcome_kind kind_of(tskl_status status) {
    switch (status) {
    case TSKL_OK: return TSKL_OUTCOME_OK;
    case TSKL_ERR_INVALID: return TSKL_OUTCOME_REFUSED;
    case TSKL_ERR_TIMEOUT: return TSKL_OUTCOME_TIME;
    case TSKL_ERR_LIMIT:
    case TSKL_ERR_NETWORK: return TSKL_OUTCOME_ERROR;
    default: return TSKL_OUTCOME_ROOM;
    }
}

static tskl_status check_host(const tskl_pack *pack, const tskl_target *target, tskl_error *err) {
    if (tskl_pack_may_call(pack, target->host, target->port)) return TSKL_OK;
    bool asked = tskl_hostlist_has(&pack->calls_asked, target->host, target->port);
    return tskl_fail(err, TSKL_ERR_INVALID, "not allowed: %s",
                     asked ? "it is not under allow.hosts" : "its manifest does not ask for it");
}

// What is left for this request; the sandbox has seen to what one hook may wait.
static tskl_status take_time(const tskl_calls *calls, uint32_t *timeout_ms, tskl_error *err) {
    int64_t most_ms = 2 * (int64_t)calls->pack->limits.wall_ms;
    int64_t left_ms = most_ms - calls->waited_us / 1000;
    if (left_ms <= 0)
        return tskl_fail(err, TSKL_ERR_TIMEOUT, "its requests took more than %lld ms in all",
                         (long long)most_ms);
    if (left_ms < *timeout_ms) *timeout_ms = (uint32_t)left_ms;
    return TSKL_OK;
}

static tskl_status perform(tskl_calls *calls, const tskl_sandbox_call *call,
                           const tskl_target *target, tskl_error *err) {
    tskl_http_request request = {
        .target = target,
        .method = call->method,
        .headers = call->headers,
        .body = call->body,
        .timeout_ms = call->timeout_ms,
        .any_address = tskl_pack_may_call_literally(calls->pack, target->host, target->port),
    };
    TSKL_TRY(check_host(calls->pack, target, err));
    if (calls->made++ == TSKL_CALLS_MAX)
        return tskl_fail(err, TSKL_ERR_INVALID, "it may make %d requests for one exchange",
                         TSKL_CALLS_MAX);
    TSKL_TRY(take_time(calls, &request.timeout_ms, err));
    int64_t start_us = tskl_clock_steady_us();
    tskl_answer_deinit(&calls->answer);
    tskl_status status = tskl_http_perform(&request, &calls->answer, err);
    calls->waited_us += tskl_clock_steady_us() - start_us;
    return status;
}

void tskl_calls_make(tskl_calls *calls, tskl_sandbox_call *call) {
    tskl_arena arena = {0};
    tskl_target target;
    tskl_error err = {0};
    tskl_status status = tskl_target_parse(call->url, &arena, &target, &err);
    if (status == TSKL_OK) status = perform(calls, call, &target, &err);
    call->kind = kind_of(status);
    call->status = calls->answer.status;
    call->response_headers = tskl_buf_slice(&calls->answer.headers);
    call->response_body = tskl_buf_slice(&calls->answer.body);
    if (status != TSKL_OK && target.label)
        tskl_context(&err, status, "http_request to %s", target.label);
    else if (status != TSKL_OK)
        tskl_context(&err, status, "http_request");
    static_assert(sizeof err.message <= sizeof call->detail, "a message is a detail");
    memcpy(call->detail, err.message, sizeof err.message);
    tskl_arena_reset(&arena);
}
