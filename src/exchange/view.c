// SPDX-License-Identifier: Apache-2.0
#include "exchange/view.h"
#include "base/utf8.h"
#include "exchange/masker.h"
#include "exchange/url.h"
#include <ctype.h>

typedef struct maker {
    tskl_exchange *exchange;
    const tskl_mask_rules *rules;
    size_t body_cap;
    tskl_view *view;
    tskl_arena *arena;
    tskl_error *err;
} maker;

static bool cased(tskl_arena *arena, tskl_slice from, char first, char last, tskl_slice *out) {
    char *copy = tskl_arena_cstr(arena, from);
    *out = (tskl_slice){copy, copy ? from.len : 0};
    for (size_t i = 0; i < out->len; i++)
        if (copy[i] >= first && copy[i] <= last) copy[i] ^= 0x20;
    return copy != NULL;
}

// `text` with each `part` as `shown`, in `arena`. False: no memory.
static bool replace_all(tskl_arena *arena, tskl_slice part, tskl_slice shown, tskl_slice *text) {
    tskl_edits edits = {.arena = arena};
    tskl_slice rest = *text;
    for (size_t at; part.len && (at = tskl_slice_search(rest, part)) != SIZE_MAX;) {
        rest = tskl_slice_from(rest, at);
        tskl_edits_add(&edits, *text, tskl_slice_first(rest, part.len), shown);
        rest = tskl_slice_from(rest, part.len);
    }
    return tskl_edits_apply(&edits, *text, text);
}

// Values that a user names are no part of any URL. They come before all others: their places are
// theirs, whatever an exchange brings.
static bool hide_values(maker *m, tskl_slice *url) {
    tskl_secrets *secrets = &m->view->secrets;
    for (size_t i = 0; m->rules && i < m->rules->value_count; i++)
        if (!tskl_secrets_add(secrets, m->arena, m->rules->values[i])) return false;
    return tskl_secrets_hide(secrets, *url, url);
}

static bool has_only(tskl_slice text, const char *others) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!isdigit((unsigned char)c) && (c == 0 || !strchr(others, c))) return false;
    }
    return true;
}

// A name or an address, and a number as its port. What stands there otherwise is no host, and may
// be anything.
static bool has_plain_host(const tskl_url *url) {
    static const char in_host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._[]:";
    const char *host_end = url->host.ptr + url->host.len;
    if (url->host.len == 0 || !has_only(url->host, in_host)) return false;
    return has_only(tskl_slice_make(host_end, (size_t)(url->path.ptr - host_end)), ":");
}

// What the request carries elsewhere, a key in a header, is hidden in what follows the host: that
// stays, since it says whose call it was.
static bool hide_in_path(maker *m, tskl_slice *url) {
    tskl_url parsed = tskl_url_parse(*url);
    size_t host_end = has_plain_host(&parsed) ? (size_t)(parsed.path.ptr - url->ptr) : 0;
    tskl_slice path = tskl_slice_from(*url, host_end), shown;
    if (!tskl_secrets_hide(&m->view->secrets, path, &shown)) return false;
    if (shown.ptr == path.ptr) return true;
    char *joined = tskl_arena_take(m->arena, host_end + shown.len);
    if (!joined) return false;
    memcpy(joined, url->ptr, host_end);
    memcpy(joined + host_end, shown.ptr, shown.len);
    *url = tskl_slice_make(joined, host_end + shown.len);
    return true;
}

// The port as it is written, where it is the scheme's usual one and says nothing; else empty.
static tskl_slice usual_port(tskl_slice text, const tskl_url *url) {
    size_t host_end = (size_t)(url->host.ptr + url->host.len - text.ptr);
    tskl_slice rest = tskl_slice_from(text, host_end);
    if (tskl_url_parse(tskl_slice_first(text, host_end)).port != url->port) rest.len = 0;
    size_t end = 0;
    while (end < rest.len && !strchr("/?", rest.ptr[end])) end++;
    return tskl_slice_first(rest, end);
}

// Some clients report a URL as the program wrote it, others as they sent it: in a record
// HTTPS://API.example.com:443/ is https://api.example.com/.
static bool make_url_normal(maker *m, const tskl_url *url) {
    tskl_view *view = m->view;
    tskl_edits edits = {.arena = m->arena};
    if (url->host.len == 0) return true;
    tskl_slice port = usual_port(view->url, url);
    if (!tskl_slice_equal(url->scheme, view->scheme))
        tskl_edits_add(&edits, view->url, url->scheme, view->scheme);
    if (!tskl_slice_equal(url->host, view->host))
        tskl_edits_add(&edits, view->url, url->host, view->host);
    if (port.len) tskl_edits_add(&edits, view->url, port, (tskl_slice){0});
    return tskl_edits_apply(&edits, view->url, &view->url);
}

static tskl_status make_url(maker *m) {
    tskl_slice *url = &m->view->url;
    TSKL_TRY(tskl_mask_url(m->rules, m->exchange->url, m->arena, url, &m->view->secrets, m->err));
    if (hide_values(m, url)) return TSKL_OK;
    return tskl_fail(m->err, TSKL_ERR_NOMEM, "out of memory (masking a URL)");
}

// Once all that the request holds of secrets is known.
static tskl_status make_head(maker *m) {
    tskl_view *view = m->view;
    bool memory = tskl_secrets_remember_cookies(&view->secrets, m->arena) &&
                  hide_in_path(m, &view->url) &&
                  tskl_secrets_remember_users(&view->secrets, m->arena, view->url);
    tskl_url url = tskl_url_parse(view->url);
    view->port = url.port;
    if (!memory || !cased(m->arena, m->exchange->method, 'a', 'z', &view->method) ||
        !cased(m->arena, url.scheme, 'A', 'Z', &view->scheme) ||
        !cased(m->arena, url.host, 'A', 'Z', &view->host) || !make_url_normal(m, &url))
        return tskl_fail(m->err, TSKL_ERR_NOMEM, "out of memory (masking the head of a request)");
    url = tskl_url_parse(view->url);
    view->path = url.path.len ? url.path : TSKL_S("/");
    return TSKL_OK;
}

static tskl_status make_headers(maker *m, tskl_slice lines, tskl_view_message *message) {
    TSKL_TRY(tskl_headers_parse(lines, m->arena, &message->headers, m->err));
    tskl_slice type = tskl_headers_get(&message->headers, TSKL_S("content-type"));
    type = tskl_slice_trim(tskl_slice_first(type, tskl_slice_find(type, ';')));
    if (!cased(m->arena, type, 'A', 'Z', &message->content_type))
        return tskl_fail(m->err, TSKL_ERR_NOMEM, "no room for headers");
    return tskl_mask_headers(m->rules, &message->headers, m->arena, &m->view->secrets, m->err);
}

static tskl_status make_body(maker *m, const tskl_body *body, bool decoded_before,
                             tskl_view_message *message, tskl_decoded *decoded) {
    tskl_slice coding = tskl_headers_get(&message->headers, TSKL_S("content-encoding"));
    if (decoded_before) coding = TSKL_S("");
    message->passed = body->passed;
    TSKL_TRY(tskl_decode(body, coding, m->body_cap, m->arena, decoded, m->err));
    message->truncated = decoded->truncated;
    message->body_kept = body->wanted && !m->exchange->head_only && !decoded->failed;
    return tskl_mask_body(m->rules, message->content_type, decoded->bytes, m->arena, &message->body,
                          &m->view->secrets, m->err);
}

// Of a request's body that nobody is shown, or not to its end, the secrets are remembered all the
// same: an answer may repeat them.
static tskl_status learn_body(maker *m) {
    const tskl_body *sent = &m->exchange->sent;
    const tskl_view_message *request = &m->view->request;
    tskl_body whole = *sent;
    tskl_decoded decoded;
    tskl_slice masked, coding = tskl_headers_get(&request->headers, TSKL_S("content-encoding"));
    if (sent->unshown == 0) return TSKL_OK;
    whole.unshown = 0;
    TSKL_TRY(
        tskl_decode(&whole, coding, TSKL_LEARNED_CAPS * m->body_cap, m->arena, &decoded, m->err));
    return tskl_mask_body(m->rules, request->content_type, decoded.bytes, m->arena, &masked,
                          &m->view->secrets, m->err);
}

static bool is_hex(tskl_slice s) {
    bool zero = true;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
        zero = zero && c == '0';
    }
    return !zero;
}

// W3C Trace Context: version "00" is 55 bytes; a later one may go on behind another '-'.
static void read_trace(tskl_view *view) {
    tskl_slice parent = tskl_headers_get(&view->request.headers, TSKL_S("traceparent"));
    if (parent.len < 55 || parent.ptr[2] != '-' || parent.ptr[35] != '-' || parent.ptr[52] != '-')
        return;
    tskl_slice version = tskl_slice_first(parent, 2);
    bool first = tskl_slice_equal(version, TSKL_S("00"));
    if (parent.len > 55 && (first || parent.ptr[55] != '-')) return;
    if ((!first && !is_hex(version)) || tskl_slice_equal(version, TSKL_S("ff"))) return;
    tskl_slice trace = tskl_slice_make(parent.ptr + 3, 32);
    tskl_slice span = tskl_slice_make(parent.ptr + 36, 16);
    // Flags may be all zero, which is_hex refuses of ids.
    tskl_slice flags = tskl_slice_make(parent.ptr + 53, 2);
    if (!is_hex(trace) || !is_hex(span)) return;
    if (!is_hex(flags) && !tskl_slice_equal(flags, TSKL_S("00"))) return;
    view->trace_id = trace;
    view->span_id = span;
}

static bool is_of_scheme(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("+-.", c));
}

// The next URL of a text, without the punctuation of the sentence that it stands in; `*rest` moves
// behind it. False: there is none.
static bool next_url(tskl_slice *rest, tskl_slice *url) {
    size_t start = tskl_slice_search(*rest, TSKL_S("://")), end = start;
    if (start == SIZE_MAX) return false;
    while (start > 0 && is_of_scheme(rest->ptr[start - 1])) start--;
    while (end < rest->len && (unsigned char)rest->ptr[end] > ' ' &&
           !strchr("\"'`<>", rest->ptr[end]))
        end++;
    *url = tskl_slice_from(tskl_slice_first(*rest, end), start);
    while (url->len && strchr(".,;:!?)]}", url->ptr[url->len - 1])) url->len--;
    *rest = tskl_slice_from(*rest, end);
    return true;
}

// Runtimes put URLs into their messages, which need not be this call's: a proxy's, a redirection's.
static tskl_status mask_urls(maker *m, tskl_slice *message) {
    tskl_edits edits = {.arena = m->arena};
    tskl_slice rest = *message, url, shown;
    while (next_url(&rest, &url)) {
        TSKL_TRY(tskl_mask_url(m->rules, url, m->arena, &shown, &m->view->secrets, m->err));
        tskl_edits_add(&edits, *message, url, shown);
    }
    if (tskl_edits_apply(&edits, *message, message)) return TSKL_OK;
    return tskl_fail(m->err, TSKL_ERR_NOMEM, "out of memory (masking an error's message)");
}

static tskl_status mask_message(maker *m, tskl_slice message, tskl_slice *out) {
    tskl_view *view = m->view;
    *out = message;
    bool memory = replace_all(m->arena, m->exchange->url, view->url, out);
    if (memory) TSKL_TRY(mask_urls(m, out));
    if (!memory || !tskl_secrets_hide(&view->secrets, *out, out))
        return tskl_fail(m->err, TSKL_ERR_NOMEM, "out of memory (masking an error's message)");
    if (out->len > TSKL_VIEW_ERROR_MAX)
        *out = tskl_utf8_whole(tskl_slice_first(*out, TSKL_VIEW_ERROR_MAX));
    return TSKL_OK;
}

// Some runtimes report a body as they take it from the program, before they know of a connection;
// others as they send it. To a Pack and in a record both have to be the same call.
static void forget_unsent(tskl_view *view) {
    static const char *const kinds[] = {"dns", "connect", "tls"};
    for (size_t i = 0; i < TSKL_COUNT(kinds); i++) {
        if (!tskl_slice_equal(view->error_kind, tskl_slice_of(kinds[i]))) continue;
        view->request.passed = 0;
        view->request.body = (tskl_slice){0};
        view->request.truncated = false;
    }
}

static tskl_status make_error(maker *m) {
    const tskl_exchange *exchange = m->exchange;
    tskl_view *view = m->view;
    if (exchange->status != 0 || exchange->ending == TSKL_DONE) return TSKL_OK;
    view->error_kind =
        tskl_error_kind(exchange->ending, exchange->error_code, exchange->error_message);
    forget_unsent(view);
    TSKL_TRY(mask_message(m, exchange->error_code, &view->error_code));
    return mask_message(m, exchange->error_message, &view->error_message);
}

// What is remembered first are the secrets of the request: no answer, with a hundred cookies, takes
// their places.
static tskl_status make_request(maker *m) {
    const tskl_exchange *exchange = m->exchange;
    tskl_decoded decoded;
    bool decoded_before = exchange->recorded_flags & TSKL_RECORDED_DECODED;
    TSKL_TRY(make_url(m));
    TSKL_TRY(make_headers(m, exchange->request_headers, &m->view->request));
    TSKL_TRY(make_body(m, &exchange->sent, decoded_before, &m->view->request, &decoded));
    TSKL_TRY(learn_body(m));
    return make_head(m);
}

static tskl_status make_response(maker *m) {
    const tskl_exchange *exchange = m->exchange;
    tskl_view *view = m->view;
    bool decoded_before = exchange->recorded_flags & TSKL_RECORDED_DECODED;
    TSKL_TRY(make_headers(m, exchange->response_headers, &view->response));
    TSKL_TRY(make_body(m, &exchange->received, decoded_before, &view->response,
                       &view->response_decoded));
    // Its URLs may have users, too.
    if (!tskl_secrets_remember_users(&view->secrets, m->arena, view->url))
        return tskl_fail(m->err, TSKL_ERR_NOMEM, "out of memory (masking a response)");
    // What the host is called, or a path that an answer sets as a cookie, is shown in every record.
    tskl_secrets_forget(&view->secrets, view->url);
    return TSKL_OK;
}

static tskl_status make_view(maker *m) {
    TSKL_TRY(make_request(m));
    TSKL_TRY(make_response(m));
    read_trace(m->view);
    return make_error(m);
}

tskl_status tskl_view_make(tskl_exchange *exchange, const tskl_mask_rules *rules, size_t body_cap,
                           tskl_view *out, tskl_error *err) {
    *out = (tskl_view){.exchange = exchange, .arena = &exchange->arena};
    maker m = {exchange, rules, body_cap, out, &exchange->arena, err};
    tskl_status status = make_view(&m);
    // Half a view might be half masked.
    if (status != TSKL_OK) *out = (tskl_view){.exchange = exchange, .arena = &exchange->arena};
    return status;
}

// The body is masked as a whole: a secret may lie across a cut.
tskl_status tskl_view_chunks(const tskl_view *view, const tskl_mask_rules *rules, tskl_chunks *out,
                             tskl_error *err) {
    const tskl_view_message *message = &view->response;
    tskl_arena *arena = view->arena;
    tskl_slice body = view->response_decoded.bytes;
    tskl_masker masker = {rules, body, {.arena = arena}, NULL, arena, 0, NULL};
    TSKL_TRY(tskl_chunks_cut(&view->response_decoded, message->content_type, view->exchange->end_us,
                             arena, out, err));
    tskl_masker_body(&masker, message->content_type);
    const tskl_edit *edit = masker.edits.first;
    bool room = !masker.edits.failed;
    for (size_t i = 0, at = 0; room && i < out->count; i++) {
        size_t end = at + out->items[i].bytes.len;
        room = tskl_edits_piece(&edit, body, at, end, arena, &out->items[i].bytes);
        at = end;
    }
    if (room) return TSKL_OK;
    *out = (tskl_chunks){0};
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for masked chunks");
}
