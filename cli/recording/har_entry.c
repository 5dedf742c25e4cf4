// SPDX-License-Identifier: Apache-2.0
#include "recording/har_entry.h"
#include "base/json_lexer.h"
#include "recording/date.h"
#include "recording/har_body.h"
#include "recording/har_failure.h"

enum { STATUS_MAX = 999 };

static tskl_status invalid(const tskl_har_reading *r, const tskl_json *at, const char *problem) {
    return tskl_fail(r->err, TSKL_ERR_INVALID, "line %u: %s",
                     (unsigned)(r->line + (at ? at->line - 1 : 0)), problem);
}

// A call of which it is not known when it began counts from when it is read; that is said.
static void read_start(tskl_har_reading *r, const tskl_json *entry) {
    const tskl_json *started = tskl_har_member(entry, "startedDateTime");
    tskl_slice text = tskl_har_text(entry, "startedDateTime");
    if (tskl_har_is_empty(started) || tskl_date_read(text, &r->call->start_us)) return;
    tskl_har_note(r, started,
                  "startedDateTime is not a time, and the time of this reading is taken");
}

static void read_standard_times(tskl_har_reading *r, const tskl_json *entry) {
    static const char *const before_head[] = {"blocked", "dns", "connect", "send", "wait"};
    tskl_call *call = r->call;
    const tskl_json *timings = tskl_har_member(entry, "timings");
    double head_ms = 0, all_ms = tskl_har_ms(r, entry, "time", "time is not a number");
    read_start(r, entry);
    for (size_t i = 0; i < TSKL_COUNT(before_head); i++)
        head_ms += tskl_har_ms(r, timings, before_head[i], "timings has what is not a number");
    double end_ms =
        head_ms + tskl_har_ms(r, timings, "receive", "timings has what is not a number");
    if (all_ms > 0) end_ms = all_ms;
    if (end_ms > TSKL_HAR_LONGEST_MS) end_ms = TSKL_HAR_LONGEST_MS;
    // Without timings, or with timings that say more than the whole took.
    if (head_ms == 0 || head_ms > end_ms) head_ms = end_ms;
    call->sent_us = call->start_us;
    call->first_byte_us = call->start_us + (int64_t)(head_ms * 1000 + 0.5);
    call->end_us = call->start_us + (int64_t)(end_ms * 1000 + 0.5);
}

static bool read_time(const tskl_json *ours, const char *name, int64_t earliest_us, int64_t *out) {
    int64_t us;
    if (!tskl_json_to_i64(tskl_har_member(ours, name), &us) || us < earliest_us) return false;
    *out = us;
    return true;
}

// `_taskless` has microseconds, which the standard's members round.
static void read_own_times(tskl_call *call, const tskl_json *ours) {
    int64_t start_us, first_byte_us, end_us;
    if (!read_time(ours, "start_us", 1, &start_us) || !read_time(ours, "end_us", start_us, &end_us))
        return;
    if (!read_time(ours, "first_byte_us", start_us, &first_byte_us) || first_byte_us > end_us)
        first_byte_us = end_us;
    call->start_us = call->sent_us = start_us;
    call->first_byte_us = first_byte_us;
    call->end_us = end_us;
}

// What a C string would end at, or a request's line, cannot have been in a URL.
static bool is_url(tskl_slice url) {
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.ptr[i] < ' ' || url.ptr[i] == 0x7f) return false;
    return true;
}

static tskl_status read_url(tskl_har_reading *r, const tskl_json *request) {
    const tskl_json *url = tskl_har_member(request, "url");
    tskl_call *call = r->call;
    if (!url || url->kind != TSKL_JSON_STRING || url->text.len == 0)
        return invalid(r, request, "request.url is missing");
    call->url = tskl_call_whole_url(tskl_slice_trim(url->text), r->arena);
    if (call->url.len == 0) return tskl_har_nomem(r);
    if (!is_url(call->url)) return invalid(r, url, "request.url has a control character");
    return TSKL_OK;
}

static bool has_header(tskl_slice lines, tskl_slice wanted) {
    while (lines.len) {
        tskl_slice line = tskl_slice_line(&lines);
        if (tskl_slice_equal_nocase(tskl_slice_split(&line, ':'), wanted)) return true;
    }
    return false;
}

// Some recorders tell a body's type beside the headers alone. Without it nobody would look for
// secrets in a form.
static tskl_status add_type(tskl_har_reading *r, const tskl_json *post) {
    tskl_slice type = tskl_har_text(post, "mimeType"), *headers = &r->call->request_headers;
    if (!tskl_slice_contains(type, '/') || has_header(*headers, TSKL_S("content-type")))
        return TSKL_OK;
    tskl_buf lines;
    size_t size = headers->len + 2 * type.len + 64; // a line end in the type repeats the name
    tskl_buf_init(&lines, size);
    lines.ptr = tskl_arena_take(r->arena, size);
    lines.room = size;
    if (!lines.ptr) return tskl_har_nomem(r);
    tskl_buf_add(&lines, *headers);
    tskl_call_add_header(&lines, TSKL_S("content-type"),
                         tskl_slice_first(type, tskl_slice_find(type, '\n')));
    *headers = tskl_buf_slice(&lines);
    return TSKL_OK;
}

static bool is_form(const tskl_json *post) {
    return tskl_slice_starts_nocase(tskl_har_text(post, "mimeType"),
                                    TSKL_S("application/x-www-form-urlencoded"));
}

static tskl_status read_request(tskl_har_reading *r, const tskl_json *entry) {
    const tskl_json *request = tskl_har_member(entry, "request");
    const tskl_json *post = tskl_har_member(request, "postData");
    tskl_call *call = r->call;
    if (!request || request->kind != TSKL_JSON_OBJECT)
        return invalid(r, entry, "the entry has no request");
    TSKL_TRY(read_url(r, request));
    call->method = tskl_slice_trim(tskl_json_get_string(request, TSKL_S("method")));
    if (call->method.len == 0) call->method = TSKL_S("GET");
    TSKL_TRY(tskl_har_read_headers(r, tskl_har_member(request, "headers"), &call->request_headers));
    TSKL_TRY(add_type(r, post));
    TSKL_TRY(
        tskl_har_read_body(r, post, "_encoding", &call->request_body, &call->request_truncated));
    if (call->request_body.len || call->request_truncated || !is_form(post)) return TSKL_OK;
    return tskl_har_read_form(r, tskl_har_member(post, "params"), &call->request_body);
}

// 0 where there was no response: recorders write 0, -1, null, "" or nothing then.
static int read_status(tskl_har_reading *r, const tskl_json *response) {
    const tskl_json *status = tskl_har_member(response, "status");
    int64_t number;
    if (tskl_har_is_empty(status)) return 0;
    if (tskl_har_to_i64(status, &number) && number <= STATUS_MAX)
        return number > 0 ? (int)number : 0;
    tskl_har_note(r, status, "response.status is not an HTTP status, and is left out");
    return 0;
}

// Answers that have no body on the wire: a recorder shows the one that a cache had.
static bool has_no_body(const tskl_call *call) {
    return call->status == 304 || call->status == 204 || call->status < 200 ||
           tskl_slice_equal_nocase(call->method, TSKL_S("HEAD"));
}

static bool is_given(const tskl_json *value) {
    if (!value || value->kind == TSKL_JSON_BOOL) return tskl_json_is_true(value);
    return !tskl_har_is_empty(value);
}

static bool is_zero(const tskl_json *value) {
    int64_t number;
    return tskl_har_to_i64(value, &number) && number == 0;
}

// Chrome says so by a word or by what crossed the wire, Safari by a word, Firefox by its cache.
static bool came_from_cache(const tskl_json *entry, const tskl_json *response) {
    const tskl_json *cache = tskl_har_member(entry, "cache");
    tskl_slice fetched = tskl_har_text(entry, "_fetchType");
    if (is_given(tskl_har_member(entry, "_fromCache")) ||
        is_given(tskl_har_member(response, "_fromCache")) ||
        is_given(tskl_har_member(response, "_fetchedViaServiceWorker")))
        return true;
    if (tskl_slice_ends(fetched, TSKL_S(" Cache"))) return true;
    bool kept = tskl_har_member(cache, "afterRequest") &&
                tskl_har_member(cache, "afterRequest")->kind == TSKL_JSON_OBJECT;
    return is_zero(tskl_har_member(response, "_transferSize")) ||
           (kept && is_zero(tskl_har_member(response, "bodySize")));
}

static tskl_status read_content(tskl_har_reading *r, const tskl_json *response) {
    const tskl_json *content = tskl_har_member(response, "content");
    tskl_call *call = r->call;
    tskl_slice body;
    bool lost;
    double size;
    TSKL_TRY(tskl_har_read_body(r, content, "encoding", &body, &lost));
    if (has_no_body(call)) return TSKL_OK;
    if (!tskl_call_set_body(call, body, r->arena)) return tskl_har_nomem(r);
    call->decoded = tskl_call_looks_decoded(call);
    // Browsers leave large and binary bodies out, and keep their size.
    bool left_out = !tskl_har_member(content, "text") &&
                    tskl_har_to_double(tskl_har_member(content, "size"), &size) && size > 0;
    call->response_truncated = lost || left_out;
    return TSKL_OK;
}

static tskl_status read_response(tskl_har_reading *r, const tskl_json *entry) {
    const tskl_json *response = tskl_har_member(entry, "response");
    tskl_call *call = r->call;
    if (response && response->kind != TSKL_JSON_OBJECT && response->kind != TSKL_JSON_NULL)
        tskl_har_note_only(r, response, "response is not an object, and is left out");
    call->status = read_status(r, response);
    tskl_har_read_failure(r, entry, response);
    if (call->status == 0) return TSKL_OK;
    call->nothing_received = came_from_cache(entry, response);
    TSKL_TRY(
        tskl_har_read_headers(r, tskl_har_member(response, "headers"), &call->response_headers));
    return read_content(r, response);
}

// -1 is "not known", and 0 above a body that is there is a recorder's way of saying the same.
static uint64_t size_of(const tskl_json *ours, const char *own_name, const tskl_json *message) {
    int64_t size;
    if (!tskl_json_to_i64(tskl_har_member(ours, own_name), &size))
        (void)tskl_har_to_i64(tskl_har_member(message, "bodySize"), &size);
    return size > 0 ? (uint64_t)size : 0;
}

static bool lists(const tskl_json *list, tskl_slice text) {
    for (const tskl_json *item = list ? list->first : NULL; item; item = item->next)
        if (tskl_slice_equal(item->text, text)) return true;
    return false;
}

static void read_own_ending(tskl_call *call, const tskl_json *ours) {
    static const char *const endings[] = {"done", "aborted", "failed"};
    const tskl_json *error = tskl_har_member(ours, "error");
    tskl_slice ending = tskl_har_text(ours, "ending");
    if (ending.len == 0) return;
    for (size_t i = 0; i < TSKL_COUNT(endings); i++)
        if (tskl_slice_equal(ending, tskl_slice_of(endings[i]))) call->ending = (tskl_ending)i;
    call->error_code = tskl_har_text(error, "code");
    call->error_message = tskl_har_text(error, "message");
}

// A stream is cut again at the moments its pieces came: `[[upto, us after start], ...]`.
static tskl_status read_arrivals(tskl_har_reading *r, const tskl_json *arrivals) {
    tskl_call *call = r->call;
    if (!arrivals || arrivals->kind != TSKL_JSON_ARRAY || call->part_count != 1) return TSKL_OK;
    tskl_slice body = call->parts[0].bytes;
    tskl_call_part *parts = tskl_arena_array(r->arena, tskl_call_part, arrivals->count + 1);
    if (!parts) return tskl_har_nomem(r);
    size_t count = 0, taken = 0;
    for (const tskl_json *pair = arrivals->first; pair; pair = pair->next) {
        int64_t upto, us;
        bool sound = pair->count == 2 && tskl_json_to_i64(pair->first, &upto) &&
                     tskl_json_to_i64(pair->first->next, &us) && us >= 0 &&
                     us <= (int64_t)TSKL_HAR_LONGEST_MS * 1000 && upto > (int64_t)taken &&
                     (uint64_t)upto <= body.len;
        if (!sound) {
            tskl_har_note_only(r, pair, "_taskless.arrivals is damaged, and is left out");
            return TSKL_OK;
        }
        parts[count++] = (tskl_call_part){tskl_slice_make(body.ptr + taken, (size_t)upto - taken),
                                          call->start_us + us};
        taken = (size_t)upto;
    }
    if (taken < body.len)
        parts[count++] = (tskl_call_part){tskl_slice_from(body, taken), call->end_us};
    call->parts = parts;
    call->part_count = count;
    return TSKL_OK;
}

static uint32_t count_of(const tskl_json *object, const char *name) {
    int64_t count;
    bool there = tskl_json_to_i64(tskl_har_member(object, name), &count) && count > 0;
    return there && count <= UINT32_MAX ? (uint32_t)count : 0;
}

static void read_attempt(tskl_call *call, const tskl_json *ours) {
    call->attempt = count_of(ours, "attempt");
    call->attempt_known = call->attempt > 0;
    call->wait_ms = count_of(ours, "wait_ms");
    call->first = tskl_har_text(ours, "first");
}

static tskl_status read_own(tskl_har_reading *r, const tskl_json *ours) {
    tskl_call *call = r->call;
    const tskl_json *truncated = tskl_har_member(ours, "truncated");
    if (!ours || ours->kind != TSKL_JSON_OBJECT) return TSKL_OK;
    call->id = tskl_har_text(ours, "id");
    if (tskl_har_member(ours, "decoded"))
        call->decoded = tskl_json_is_true(tskl_har_member(ours, "decoded"));
    if (lists(truncated, TSKL_S("request"))) call->request_truncated = true;
    call->response_truncated = lists(truncated, TSKL_S("response"));
    call->nothing_received = is_zero(tskl_har_member(ours, "received"));
    read_own_ending(call, ours);
    read_attempt(call, ours);
    return read_arrivals(r, tskl_har_member(ours, "arrivals"));
}

tskl_status tskl_har_entry_read(const tskl_json *entry, uint32_t line, tskl_arena *arena,
                                tskl_call *out, tskl_error *err) {
    tskl_har_reading r = {.line = line, .arena = arena, .call = out, .err = err};
    const tskl_json *ours = tskl_har_member(entry, "_taskless");
    *out = (tskl_call){.ending = TSKL_DONE};
    if (entry->kind != TSKL_JSON_OBJECT) return invalid(&r, entry, "an entry is no object");
    read_standard_times(&r, entry);
    read_own_times(out, ours);
    TSKL_TRY(read_request(&r, entry));
    TSKL_TRY(read_response(&r, entry));
    out->sent = size_of(ours, "sent", tskl_har_member(entry, "request"));
    out->received = size_of(ours, "received", tskl_har_member(entry, "response"));
    if (out->nothing_received || has_no_body(out)) out->received = 0;
    return read_own(&r, ours);
}

// The parser counts lines from the entry's first: here the problem is found again by its place.
static tskl_status name_fault(tskl_slice text, uint32_t line, tskl_error *err) {
    tskl_json_lexer lexer;
    tskl_json_token token;
    tskl_json_lexer_init(&lexer, text);
    do token = tskl_json_lexer_next(&lexer);
    while (token != TSKL_JSON_TOKEN_BAD && token != TSKL_JSON_TOKEN_END);
    size_t lines = tskl_slice_count(tskl_slice_first(text, lexer.at), '\n');
    return tskl_fail(err, TSKL_ERR_SYNTAX, "line %u: %s", (unsigned)(line + lines),
                     lexer.problem ? lexer.problem : "this is not JSON");
}

tskl_status tskl_har_entry_tree(tskl_slice text, uint32_t line, tskl_arena *arena,
                                const tskl_json **out, tskl_error *err) {
    tskl_status status = tskl_json_parse(text, arena, out, err);
    return status == TSKL_ERR_SYNTAX ? name_fault(text, line, err) : status;
}

tskl_status tskl_har_entry_parse(tskl_slice text, uint32_t line, tskl_arena *arena, tskl_call *out,
                                 tskl_error *err) {
    const tskl_json *entry;
    *out = (tskl_call){0};
    TSKL_TRY(tskl_har_entry_tree(text, line, arena, &entry, err));
    return tskl_har_entry_read(entry, line, arena, out, err);
}

bool tskl_har_is_entry(const tskl_json *value) {
    static const char *const names[] = {"response", "startedDateTime", "_taskless"};
    const tskl_json *request = tskl_har_member(value, "request");
    bool known = false;
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        known = known || tskl_har_member(value, names[i]);
    return known && request && request->kind == TSKL_JSON_OBJECT;
}

bool tskl_har_url_is_call(tskl_slice url) {
    static const char *const schemes[] = {"http://", "https://", "ws://", "wss://"};
    for (size_t i = 0; i < TSKL_COUNT(schemes); i++)
        if (tskl_slice_starts_nocase(url, tskl_slice_of(schemes[i]))) return true;
    return false;
}
