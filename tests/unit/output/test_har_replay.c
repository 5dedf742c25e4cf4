// What a recording keeps is all that matters: replayed and recorded again, it is the same.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "output/format.h"
#include "output/har.h"
#include "recording/har_entry.h"
#include <zlib.h>

enum { BODY_CAP = 4096 };

static const int64_t start_us = 1795400104123456;

static void free_exchange(tskl_exchange **exchange) {
    tskl_exchange_free(*exchange);
}

/** One exchange in all its forms. */
typedef struct form {
    tskl_view view;
    tskl_captures captures;
    tskl_record record;
    tskl_buf entry, stable;
} form;

static void form_deinit(form *f) {
    tskl_buf_deinit(&f->entry);
    tskl_buf_deinit(&f->stable);
}

static bool form_make(form *f, tskl_exchange *exchange) {
    tskl_buf_init(&f->entry, TSKL_FORMAT_ROOM);
    tskl_buf_init(&f->stable, TSKL_FORMAT_ROOM);
    if (!exchange || tskl_view_make(exchange, NULL, BODY_CAP, &f->view, NULL) != TSKL_OK)
        return false;
    tskl_captures_init(&f->captures, &exchange->arena, &f->view.secrets);
    f->record = (tskl_record){.view = &f->view,
                              .captures = &f->captures,
                              .sample = 1,
                              .attempt = exchange->recorded_attempt.number,
                              .first = tskl_slice_of(exchange->recorded_attempt.first.text),
                              .wait_ms = exchange->recorded_attempt.wait_ms};
    tskl_har_add_entry(&f->entry, &f->record);
    tskl_format_stable(&f->stable, &f->record);
    return !f->entry.failed && !f->stable.failed;
}

// As `taskless replay` reports what it has read.
static tskl_exchange *replayed(const tskl_call *call) {
    tskl_recorded recorded = {.size = sizeof recorded,
                              .id = call->id,
                              .sent = call->sent,
                              .received = call->received,
                              .flags = call->decoded ? TSKL_RECORDED_DECODED : 0u,
                              .attempt = call->attempt,
                              .wait_ms = call->wait_ms,
                              .first = call->first};
    if (call->attempt_known) recorded.flags |= TSKL_RECORDED_ATTEMPT;
    if (call->request_truncated) recorded.flags |= TSKL_RECORDED_REQUEST_TRUNCATED;
    if (call->response_truncated) recorded.flags |= TSKL_RECORDED_RESPONSE_TRUNCATED;
    tskl_request request = {sizeof request, call->start_us,        call->method,
                            call->url,      call->request_headers, &recorded};
    tskl_exchange *exchange = tskl_exchange_new(
        &request, TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM, BODY_CAP);
    if (!exchange) return NULL;
    if (call->request_body.len) tskl_exchange_add_sent(exchange, call->sent_us, call->request_body);
    if (call->status)
        tskl_exchange_set_response(exchange, call->first_byte_us, call->status,
                                   call->response_headers);
    for (size_t i = 0; i < call->part_count; i++)
        tskl_exchange_add_received(exchange, call->parts[i].time_us, call->parts[i].bytes);
    tskl_exchange_end(exchange, call->end_us, call->ending, call->error_code, call->error_message);
    return exchange;
}

static tskl_slice gzipped(tskl_arena *arena, tskl_slice text) {
    enum { GZIP = 15 + 16, ROOM = 1024 };
    z_stream stream = {0};
    char *room = tskl_arena_take(arena, ROOM);
    if (!room || deflateInit2(&stream, 9, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return (tskl_slice){0};
    stream.next_in = (Bytef *)(uintptr_t)text.ptr;
    stream.avail_in = (uInt)text.len;
    stream.next_out = (Bytef *)room;
    stream.avail_out = ROOM;
    deflate(&stream, Z_FINISH);
    tskl_slice packed = {room, stream.total_out};
    deflateEnd(&stream);
    return packed;
}

static tskl_exchange *begin(const char *headers) {
    tskl_request request = {.size = sizeof request,
                            .time_us = start_us,
                            .method = TSKL_S("post"),
                            .url =
                                TSKL_S("https://u:p@api.example.com/v1/x?key=0123456789&a=%20#f"),
                            .headers = tskl_slice_of(headers)};
    return tskl_exchange_new(
        &request, TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM, BODY_CAP);
}

static tskl_exchange *answered(const char *headers, tskl_slice sent, const char *response_headers,
                               tskl_slice received) {
    tskl_exchange *exchange = begin(headers);
    if (!exchange) return NULL;
    tskl_exchange_add_sent(exchange, start_us + 100, sent);
    tskl_exchange_set_response(exchange, start_us + 180901, 402, tskl_slice_of(response_headers));
    size_t half = received.len / 2;
    tskl_exchange_add_received(exchange, start_us + 181002, tskl_slice_first(received, half));
    tskl_exchange_add_received(exchange, start_us + 190003, tskl_slice_from(received, half));
    tskl_exchange_end(exchange, start_us + 200004, TSKL_DONE, (tskl_slice){0}, (tskl_slice){0});
    return exchange;
}

// Records it, replays that and records it again: nothing may differ.
static void check_round(tskl_test *t, tskl_exchange *exchange) {
    form CLEANUP(form_deinit) before = {0};
    form CLEANUP(form_deinit) after = {0};
    tskl_exchange CLEANUP(free_exchange) *first = exchange;
    tskl_exchange CLEANUP(free_exchange) *second = NULL;
    tskl_call call;
    CHECK(form_make(&before, first));
    CHECK_OK(tskl_har_entry_parse(tskl_buf_slice(&before.entry), 1, t->arena, &call, &t->err));
    second = replayed(&call);
    CHECK(form_make(&after, second));
    CHECK_TEXT(tskl_buf_slice(&before.stable), tskl_buf_slice(&after.stable));
    CHECK_TEXT(tskl_buf_slice(&before.entry), tskl_buf_slice(&after.entry));
}

#define FORM "content-type: application/x-www-form-urlencoded\r\n"
#define JSON "content-type: application/json\r\n"
#define STREAM "content-type: text/event-stream\r\n"
#define GZIP "content-encoding: gzip\r\n"
#define KEY "authorization: Bearer sk_test_4eC39HqLyjWDarjtT1zdp7dc\r\n"

TEST(har_replay, keeps_a_call_with_its_secrets_masked) {
    check_round(t, answered(KEY FORM, TSKL_S("amount=1&client_secret=abcdefghijkl"),
                            JSON "set-cookie: session=0123456789abcdef; path=/\r\n",
                            TSKL_S("{\"access_token\":\"0123456789\",\"ok\":\"\\u2028\"}")));
}

TEST(har_replay, keeps_bodies_that_came_packed) {
    tskl_slice packed = gzipped(t->arena, TSKL_S("{\"error\":{\"code\":\"card_declined\"}}"));
    check_round(t, answered(KEY, TSKL_S(""), JSON GZIP, packed));
}

TEST(har_replay, keeps_when_each_event_of_a_stream_came) {
    check_round(t, answered(KEY JSON, TSKL_S("{\"stream\":true}"), STREAM,
                            TSKL_S("data: {\"access_token\":\"0123456789abcdef\"}\n\n"
                                   "data: {\"n\":2}\n\ndata: [DONE]\n\n")));
}

TEST(har_replay, keeps_bytes_that_are_no_text) {
    check_round(t, answered("", TSKL_S("\xff\x00\xfe"), "content-type: image/png\r\n",
                            TSKL_S("\x89PNG\x00\xff\xff")));
}

TEST(har_replay, keeps_that_a_body_was_cut) {
    char much[2 * BODY_CAP];
    memset(much, 'x', sizeof much);
    check_round(t, answered("", tskl_slice_make(much, sizeof much), "",
                            tskl_slice_make(much, sizeof much)));
}

TEST(har_replay, keeps_a_call_that_failed) {
    tskl_exchange *exchange = begin(KEY);
    if (exchange)
        tskl_exchange_end(exchange, start_us + 1500, TSKL_FAILED, TSKL_S("ECONNREFUSED"),
                          TSKL_S("connect ECONNREFUSED 127.0.0.1:443\nfor sk_test_"
                                 "4eC39HqLyjWDarjtT1zdp7dc"));
    check_round(t, exchange);
}

TEST(har_replay, keeps_a_call_that_was_given_up) {
    tskl_exchange *exchange = begin("");
    if (exchange) {
        tskl_exchange_set_response(exchange, start_us + 1000, 200, TSKL_S(STREAM));
        tskl_exchange_add_received(exchange, start_us + 2000, TSKL_S("data: 1\n\ndata:"));
        tskl_exchange_end(exchange, start_us + 3000, TSKL_ABORTED, (tskl_slice){0},
                          (tskl_slice){0});
    }
    check_round(t, exchange);
}
