// SPDX-License-Identifier: Apache-2.0
#include "pack/shown.h"
#include "base/base64.h"
#include "base/json_lexer.h"
#include "base/json_writer.h"

// This runs for every hook of every exchange: all is appended where it is to stand, in the order
// in which it is written down, and nothing is kept in between.

typedef struct showing {
    tskl_buf *json;
    const tskl_pack *pack;
    const tskl_view *view;
    const tskl_shown_call *call;
} showing;

static void add_text(tskl_buf *json, tskl_slice member, tskl_slice text) {
    tskl_buf_add(json, member);
    tskl_json_add_string(json, text);
}

static bool reads_header(const tskl_pack *pack, tskl_slice name) {
    if (!pack->header_filter) return true;
    for (size_t i = 0; i < pack->manifest.reads.count; i++)
        if (tskl_slice_equal(pack->manifest.reads.items[i], name)) return true;
    return false;
}

static void add_headers(const showing *s, const tskl_headers *headers, bool unasked) {
    tskl_buf_add(s->json, TSKL_S(",\"headers\":["));
    for (size_t i = 0; !unasked && i < headers->count; i++) {
        const tskl_header *header = &headers->items[i];
        if (!reads_header(s->pack, header->name)) continue;
        tskl_json_add_comma(s->json);
        add_text(s->json, TSKL_S("["), header->name);
        add_text(s->json, TSKL_S(","), header->value);
        tskl_buf_byte(s->json, ']');
    }
    tskl_buf_byte(s->json, ']');
}

// As it was received where that is JSON, else as a string.
static void add_as_json(tskl_buf *json, const tskl_view_message *message) {
    if (!message->truncated && tskl_json_is_valid(message->body))
        tskl_buf_add(json, message->body);
    else
        tskl_json_add_string(json, message->body);
}

static void add_body(const showing *s, const tskl_view_message *message, bool wanted) {
    if (!wanted || !message->body_kept) return;
    tskl_buf_add(s->json, TSKL_S(",\"body\":"));
    if (message->shown.ptr)
        tskl_buf_add(s->json, message->shown);
    else
        add_as_json(s->json, message);
}

static void add_request(const showing *s) {
    const tskl_view *view = s->view;
    add_text(s->json, TSKL_S("{\"requestId\":"), tskl_slice_of(view->exchange->id.text));
    add_text(s->json, TSKL_S(",\"request\":{\"url\":"), view->url);
    add_text(s->json, TSKL_S(",\"domain\":"), view->host);
    add_text(s->json, TSKL_S(",\"path\":"), view->path);
    add_text(s->json, TSKL_S(",\"method\":"), view->method);
    add_headers(s, &view->request.headers, s->pack->manifest.request_headers_unasked);
    add_body(s, &view->request, s->pack->request_body_wanted);
    tskl_buf_byte(s->json, '}');
}

static bool sees_response(const showing *s) {
    return tskl_pack_sees_response(s->pack, s->view->exchange->status);
}

// `chunk` may run while the response is still on its way: it is shown nothing that only the end
// tells, so that running it later gives the same.
static void add_response(const showing *s) {
    const tskl_view *view = s->view;
    if (s->call->method == TSKL_METHOD_PRE || view->exchange->status == 0) return;
    tskl_buf_add(s->json, TSKL_S(",\"response\":{\"status\":"));
    tskl_buf_u64(s->json, (uint64_t)view->exchange->status);
    add_headers(s, &view->response.headers, s->pack->manifest.response_headers_unasked);
    if (s->call->method == TSKL_METHOD_POST) add_body(s, &view->response, sees_response(s));
    tskl_buf_byte(s->json, '}');
}

static void add_error(const showing *s) {
    const tskl_view *view = s->view;
    if (s->call->method != TSKL_METHOD_POST || view->error_kind.len == 0) return;
    add_text(s->json, TSKL_S(",\"error\":{\"kind\":"), view->error_kind);
    if (view->error_code.len) add_text(s->json, TSKL_S(",\"code\":"), view->error_code);
    if (view->error_message.len) add_text(s->json, TSKL_S(",\"message\":"), view->error_message);
    tskl_buf_byte(s->json, '}');
}

static void add_chunk(const showing *s) {
    if (s->call->method != TSKL_METHOD_CHUNK) return;
    const tskl_chunk *chunk = s->call->chunk;
    tskl_buf_add(s->json, TSKL_S(",\"chunk\":\""));
    if (chunk && sees_response(s)) tskl_base64_add(s->json, chunk->bytes);
    tskl_buf_add(s->json, chunk ? TSKL_S("\",\"done\":false") : TSKL_S("\",\"done\":true"));
}

// Each of these is JSON already.
static void add_settings(const showing *s) {
    if (s->call->context.len) {
        tskl_buf_add(s->json, TSKL_S(",\"context\":"));
        tskl_buf_add(s->json, s->call->context);
    }
    tskl_buf_add(s->json, TSKL_S(",\"environment\":"));
    tskl_buf_add(s->json, s->pack->environment_json);
    tskl_buf_add(s->json, TSKL_S(",\"configuration\":"));
    tskl_buf_add(s->json, s->pack->configuration_json);
}

static void add_ms(tskl_buf *json, tskl_slice member, int64_t time_us) {
    tskl_buf_add(json, member);
    tskl_buf_u64(json, time_us > 0 ? (uint64_t)time_us / 1000 : 0);
}

static void add_time(const showing *s) {
    const tskl_exchange *exchange = s->view->exchange;
    const tskl_chunk *chunk = s->call->method == TSKL_METHOD_CHUNK ? s->call->chunk : NULL;
    add_ms(s->json, TSKL_S(",\"time\":{\"start\":"), exchange->start_us);
    if (s->call->method != TSKL_METHOD_PRE)
        add_ms(s->json, TSKL_S(",\"end\":"), chunk ? chunk->time_us : exchange->end_us);
    tskl_buf_byte(s->json, '}');
}

// Only of bodies this Pack sees: of the others it would tell what other Packs asked for.
static void add_truncated(const showing *s) {
    bool request = s->view->request.truncated && s->pack->request_body_wanted;
    bool response =
        s->view->response.truncated && sees_response(s) && s->call->method == TSKL_METHOD_POST;
    if (!request && !response) return;
    tskl_buf_add(s->json, TSKL_S(",\"truncated\":["));
    if (request) tskl_buf_add(s->json, TSKL_S("\"request\""));
    if (request && response) tskl_buf_byte(s->json, ',');
    if (response) tskl_buf_add(s->json, TSKL_S("\"response\""));
    tskl_buf_byte(s->json, ']');
}

static void add_attempt(const showing *s) {
    if (s->call->attempt == 0) return;
    tskl_buf_add(s->json, TSKL_S(",\"attempt\":"));
    tskl_buf_u64(s->json, s->call->attempt);
}

void tskl_shown_add(tskl_buf *json, const tskl_pack *pack, const tskl_view *view,
                    const tskl_shown_call *call) {
    const showing s = {json, pack, view, call};
    add_request(&s);
    add_response(&s);
    add_error(&s);
    add_chunk(&s);
    add_settings(&s);
    add_time(&s);
    add_truncated(&s);
    add_attempt(&s);
    tskl_buf_byte(json, '}');
}

void tskl_shown_prepare(tskl_view *view, tskl_buf *texts) {
    unsigned wants = view->exchange->pack_wants;
    bool response = (wants & TSKL_WANT_RESPONSE_BODY) ||
                    ((wants & TSKL_WANT_ERROR_BODY) && view->exchange->status >= 400);
    tskl_buf_clear(texts);
    if ((wants & TSKL_WANT_REQUEST_BODY) && view->request.body_kept)
        add_as_json(texts, &view->request);
    size_t between = texts->len;
    if (response && view->response.body_kept) add_as_json(texts, &view->response);
    if (texts->failed) return; // each hook says so by itself, where that is too much for it
    tskl_slice all = tskl_buf_slice(texts);
    if (between) view->request.shown = tskl_slice_first(all, between);
    if (all.len > between) view->response.shown = tskl_slice_from(all, between);
}
