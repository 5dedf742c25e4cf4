// SPDX-License-Identifier: Apache-2.0
#include "output/story.h"
#include "base/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const int64_t start_us = 1795400104123456; // 2026-11-23T02:15:04.123456Z

// `pretty` shows local time; and records that are lost on purpose need no line in the log.
__attribute__((constructor)) static void settle(void) {
    setenv("TZ", "UTC0", 1);
    tzset();
    tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
}

void story_place(story *s, const char *host, const char *path) {
    char *url = tskl_arena_printf(s->captures.arena, "https://%s%s", host, path);
    s->view.scheme = TSKL_S("https");
    s->view.port = 443;
    s->view.host = tskl_slice_of(host);
    s->view.path = tskl_slice_of(path);
    s->view.url = tskl_slice_of(url);
}

story *story_new(tskl_test *t) {
    story *s = tskl_arena_new(t->arena, story);
    if (!s) return NULL;
    unsigned wants = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY;
    s->exchange = (tskl_exchange){.wants = wants,
                                  .pack_wants = wants,
                                  .status = 200,
                                  .start_us = start_us,
                                  .first_byte_us = start_us + 180900,
                                  .end_us = start_us + 184200};
    strcpy(s->exchange.id.text, "0199f0c2-0000-7000-8000-000000000001");
    s->view = (tskl_view){.exchange = &s->exchange,
                          .arena = t->arena,
                          .method = TSKL_S("POST"),
                          .request = {.passed = 212, .headers.items = s->headers[0]},
                          .response = {.passed = 614, .headers.items = s->headers[1]}};
    s->captures = (tskl_captures){
        .arena = t->arena, .secrets = &s->view.secrets, .items = s->items, .room = 256};
    s->record = (tskl_record){.view = &s->view,
                              .captures = &s->captures,
                              .runs = s->runs,
                              .sample = 1,
                              .client = TSKL_S("node/24.1.0"),
                              .pid = 4711};
    story_place(s, "api.stripe.com", "/v1/charges?key=***");
    return s;
}

story *story_declined(tskl_test *t) {
    story *s = story_new(t);
    if (!s) return NULL;
    s->exchange.status = 402;
    story_value(s, "core", "status", "402");
    story_text(s, "stripe", "error.type", "card_error");
    story_text(s, "stripe", "error.code", "card_declined");
    story_text(s, "stripe", "error.decline_code", "insufficient_funds");
    story_text(s, "stripe", "error.message", "The card has too little money for this payment.");
    story_text(s, "stripe", "error.doc_url", "https://stripe.com/docs/error-codes/card-declined");
    story_text(s, "stripe", "class", "declined");
    story_text(s, "stripe", "retry.advice", "pay");
    story_text(s, "stripe", "request_id", "req_1");
    story_run(s, "core", TSKL_RESULT_ok);
    story_run(s, "stripe", TSKL_RESULT_ok);
    return s;
}

story *story_refused(tskl_test *t) {
    story *s = story_new(t);
    if (!s) return NULL;
    s->exchange.status = 0;
    s->exchange.first_byte_us = 0;
    s->exchange.ending = TSKL_FAILED;
    s->view.response = (tskl_view_message){0};
    s->view.error_kind = TSKL_S("connect");
    s->view.error_code = TSKL_S("ECONNREFUSED");
    s->view.error_message = TSKL_S("connect ECONNREFUSED 127.0.0.1:443");
    return s;
}

static void add_capture(story *s, const char *pack, const char *name, const char *text,
                        tskl_json_kind kind) {
    s->items[s->captures.count++] = (tskl_capture){.pack = tskl_slice_of(pack),
                                                   .name = tskl_slice_of(name),
                                                   .kind = kind,
                                                   .text = tskl_slice_of(text)};
}

void story_text(story *s, const char *pack, const char *name, const char *text) {
    add_capture(s, pack, name, text, TSKL_JSON_STRING);
}

void story_value(story *s, const char *pack, const char *name, const char *text) {
    bool boolean = *text == 't' || *text == 'f';
    add_capture(s, pack, name, text, boolean ? TSKL_JSON_BOOL : TSKL_JSON_NUMBER);
}

void story_run(story *s, const char *pack, tskl_result result) {
    bool well = result == TSKL_RESULT_ok;
    s->runs[s->record.run_count++] =
        (tskl_pack_run){.name = tskl_slice_of(pack),
                        .version = TSKL_S("1.0.0"),
                        .hook = well ? NULL : "post",
                        .result = result,
                        .detail = well ? (tskl_slice){0} : TSKL_S("unreachable"),
                        .us = 38};
}

static tskl_view_message *message_of(story *s, bool of_response) {
    return of_response ? &s->view.response : &s->view.request;
}

void story_header(story *s, bool of_response, const char *name, const char *value) {
    tskl_headers *headers = &message_of(s, of_response)->headers;
    headers->items[headers->count++] = (tskl_header){tskl_slice_of(name), tskl_slice_of(value)};
}

void story_body(story *s, bool of_response, tskl_slice body) {
    message_of(s, of_response)->body = body;
    message_of(s, of_response)->body_kept = true;
    if (of_response) s->view.response_decoded.bytes = body;
}

tskl_slice story_file(tskl_test *t, const char *path) {
    enum { MOST = 1 << 20 };
    char *room = tskl_arena_take(t->arena, MOST);
    FILE *file = room ? fopen(path, "rb") : NULL;
    if (!file) return (tskl_slice){0};
    size_t len = fread(room, 1, MOST, file);
    fclose(file);
    return (tskl_slice){room, len};
}
