// SPDX-License-Identifier: Apache-2.0
#include "recording/report.h"
#include "base/clock.h"

static unsigned flags_of(const tskl_call *call) {
    unsigned flags = 0;
    if (call->decoded) flags |= TSKL_RECORDED_DECODED;
    if (call->request_truncated) flags |= TSKL_RECORDED_REQUEST_TRUNCATED;
    if (call->response_truncated) flags |= TSKL_RECORDED_RESPONSE_TRUNCATED;
    if (call->nothing_received) flags |= TSKL_RECORDED_NOTHING_RECEIVED;
    if (call->attempt_known) flags |= TSKL_RECORDED_ATTEMPT;
    return flags;
}

// `base` is added to all times: 0, or now where the recording has no clock.
static tskl_exchange *begin(const tskl_call *call, int64_t base, tskl_observer *observer) {
    tskl_recorded recorded = {.size = sizeof recorded,
                              .id = call->id,
                              .sent = call->sent,
                              .received = call->received,
                              .flags = flags_of(call),
                              .attempt = call->attempt,
                              .wait_ms = call->wait_ms,
                              .first = call->first};
    tskl_request request = {.size = sizeof request,
                            .time_us = base + call->start_us,
                            .method = call->method,
                            .url = call->url,
                            .headers = call->request_headers,
                            .recorded = &recorded};
    unsigned wants; // a recording costs nothing to hand over: the observer keeps what it wants
    return tskl_exchange_begin(observer, &request, &wants);
}

bool tskl_call_report(const tskl_call *call, tskl_observer *observer) {
    int64_t base = call->start_us ? 0 : tskl_clock_wall_us();
    tskl_exchange *exchange = begin(call, base, observer);
    if (!exchange) return false;
    if (call->request_body.len)
        tskl_exchange_sent(exchange, base + call->sent_us, call->request_body);
    if (call->status)
        tskl_exchange_response(exchange, base + call->first_byte_us, call->status,
                               call->response_headers);
    for (size_t i = 0; i < call->part_count; i++)
        tskl_exchange_received(exchange, base + call->parts[i].time_us, call->parts[i].bytes);
    tskl_exchange_end_take(exchange, base + call->end_us, call->ending, call->error_code,
                           call->error_message);
    return true;
}
