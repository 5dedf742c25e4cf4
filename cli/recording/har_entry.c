// SPDX-License-Identifier: Apache-2.0
#include "recording/har_entry.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/json_lexer.h"

enum { HEADERS_MAX = 1024 * 1024, STATUS_MAX = 999 };

static const double LONGEST_MS = 366.0 * 24 * 3600 * 1000;

typedef struct reading {
    uint32_t line; // of the entry in its file
    tskl_arena *arena;
    tskl_call *call;
    tskl_error *err;
} reading;

static tskl_status no_room(const reading *r) {
    return tskl_fail(r->err, TSKL_ERR_NOMEM, "no room for a HAR entry");
}

static tskl_status invalid(const reading *r, const tskl_json *at, const char *problem) {
    return tskl_fail(r->err, TSKL_ERR_INVALID, "line %u: %s",
                     (unsigned)(r->line + (at ? at->line - 1 : 0)), problem);
}

static const tskl_json *member(const tskl_json *object, const char *name) {
    return tskl_json_get(object, tskl_slice_of(name));
}

static tskl_slice text_of(const tskl_json *object, const char *name) {
    return tskl_json_get_string(object, tskl_slice_of(name));
}

// Recorders write -1 for what did not happen, and now and then NaN or nothing.
static double ms_of(const tskl_json *object, const char *name) {
    double ms;
    if (!tskl_json_to_double(member(object, name), &ms) || !(ms > 0)) return 0;
    return ms < LONGEST_MS ? ms : LONGEST_MS;
}

static void read_standard_times(reading *r, const tskl_json *entry) {
    static const char *const before_head[] = {"blocked", "dns", "connect", "send", "wait"};
    tskl_call *call = r->call;
    char started[64];
    if (tskl_slice_to_cstr(text_of(entry, "startedDateTime"), started, sizeof started))
        (void)tskl_clock_from_iso(started, &call->start_us);
    const tskl_json *timings = member(entry, "timings");
    double head_ms = 0, all_ms = ms_of(entry, "time");
    for (size_t i = 0; i < TSKL_COUNT(before_head); i++) head_ms += ms_of(timings, before_head[i]);
    double end_ms = head_ms + ms_of(timings, "receive");
    if (all_ms > 0) end_ms = all_ms;
    // Without timings, or with timings that say more than the whole took.
    if (head_ms == 0 || head_ms > end_ms) head_ms = end_ms;
    call->sent_us = call->start_us;
    call->first_byte_us = call->start_us + (int64_t)(head_ms * 1000 + 0.5);
    call->end_us = call->start_us + (int64_t)(end_ms * 1000 + 0.5);
}

static bool read_time(const tskl_json *ours, const char *name, int64_t earliest_us, int64_t *out) {
    int64_t us;
    if (!tskl_json_to_i64(member(ours, name), &us) || us < earliest_us) return false;
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

static tskl_status read_headers(reading *r, const tskl_json *headers, tskl_slice *out) {
    tskl_buf lines;
    size_t size = 0;
    *out = (tskl_slice){NULL, 0};
    if (!headers || headers->kind != TSKL_JSON_ARRAY) return TSKL_OK;
    // A value with line ends repeats its name, so the room is counted, not guessed.
    for (const tskl_json *header = headers->first; header; header = header->next) {
        tskl_slice name = text_of(header, "name"), value = text_of(header, "value");
        size_t lines_in_value = 1 + tskl_slice_count(value, '\n') + tskl_slice_count(value, '\r');
        size += value.len + lines_in_value * (name.len + sizeof ": \r\n");
        if (size > HEADERS_MAX) return invalid(r, header, "more than 1 MiB of headers");
    }
    tskl_buf_init(&lines, size);
    lines.ptr = size ? tskl_arena_take(r->arena, size) : NULL;
    lines.room = size;
    if (size && !lines.ptr) return no_room(r);
    for (const tskl_json *header = headers->first; header; header = header->next)
        tskl_call_add_header(&lines, text_of(header, "name"), text_of(header, "value"));
    *out = tskl_buf_slice(&lines);
    return TSKL_OK;
}

// A body's bytes: `text`, which `coding` may say is base64.
static tskl_status read_text(reading *r, const tskl_json *holder, const char *coding,
                             tskl_slice *out) {
    *out = text_of(holder, "text");
    if (!tskl_slice_equal_nocase(text_of(holder, coding), TSKL_S("base64"))) return TSKL_OK;
    if (tskl_base64_decode(*out, r->arena, out, NULL))
        return invalid(r, holder, "a body in base64 is damaged");
    return TSKL_OK;
}

static void add_form_text(tskl_buf *form, tskl_slice text) {
    static const char hex[] = "0123456789ABCDEF", plain[] = "*-._";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z', digit = c >= '0' && c <= '9';
        if (letter || digit || (c && strchr(plain, c)))
            tskl_buf_byte(form, (char)c);
        else if (c == ' ')
            tskl_buf_byte(form, '+');
        else
            tskl_buf_add(form, (tskl_slice){(char[]){'%', hex[c >> 4], hex[c & 15]}, 3});
    }
}

// Firefox keeps a form as its fields, without the text that was sent.
static tskl_status read_form(reading *r, const tskl_json *params, tskl_slice *out) {
    tskl_buf form;
    size_t size = 0;
    if (!params || params->kind != TSKL_JSON_ARRAY) return TSKL_OK;
    for (const tskl_json *field = params->first; field; field = field->next)
        size += (text_of(field, "name").len + text_of(field, "value").len) * 3 + 2;
    tskl_buf_init(&form, size);
    form.ptr = size ? tskl_arena_take(r->arena, size) : NULL;
    form.room = size;
    if (size && !form.ptr) return no_room(r);
    for (const tskl_json *field = params->first; field; field = field->next) {
        if (form.len) tskl_buf_byte(&form, '&');
        add_form_text(&form, text_of(field, "name"));
        tskl_buf_byte(&form, '=');
        add_form_text(&form, text_of(field, "value"));
    }
    *out = tskl_buf_slice(&form);
    return TSKL_OK;
}

static tskl_status read_request(reading *r, const tskl_json *entry) {
    const tskl_json *request = member(entry, "request"), *post = member(request, "postData");
    tskl_call *call = r->call;
    if (!request || request->kind != TSKL_JSON_OBJECT)
        return invalid(r, entry, "the entry has no request");
    call->method = text_of(request, "method");
    call->url = text_of(request, "url");
    if (call->url.len == 0) return invalid(r, request, "request.url is missing");
    if (call->method.len == 0) call->method = TSKL_S("GET");
    TSKL_TRY(read_headers(r, member(request, "headers"), &call->request_headers));
    TSKL_TRY(read_text(r, post, "_encoding", &call->request_body));
    bool form = tskl_slice_starts_nocase(text_of(post, "mimeType"),
                                         TSKL_S("application/x-www-form-urlencoded"));
    if (call->request_body.len || !form) return TSKL_OK;
    return read_form(r, member(post, "params"), &call->request_body);
}

/** What browsers call a failure, and what programs call it. */
static const struct {
    const char *text, *code;
} failures[] = {
    {"ERR_NAME_NOT_RESOLVED", "ENOTFOUND"},
    {"ERR_CONNECTION_REFUSED", "ECONNREFUSED"},
    {"ERR_CONNECTION_RESET", "ECONNRESET"},
    {"ERR_CONNECTION_CLOSED", "ECONNRESET"},
    {"ERR_EMPTY_RESPONSE", "ECONNRESET"},
    {"ERR_CONNECTION_TIMED_OUT", "ETIMEDOUT"},
    {"ERR_TIMED_OUT", "ETIMEDOUT"},
    {"ERR_ADDRESS_UNREACHABLE", "EHOSTUNREACH"},
    {"ERR_CERT_", "ERR_TLS_CERT"},
    {"ERR_SSL_", "ERR_SSL"},
    {"ERR_INTERNET_DISCONNECTED", "ENETDOWN"},
    {"ERR_NETWORK_CHANGED", "ECONNRESET"},
};

// Chrome has `_error` in response or entry, Playwright `_failureText`.
static tskl_slice browser_failure(const tskl_json *entry, const tskl_json *response) {
    static const char *const names[] = {"_error", "_failureText"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++) {
        tskl_slice text = text_of(response, names[i]);
        if (text.len == 0) text = text_of(entry, names[i]);
        if (text.len) return text;
    }
    return (tskl_slice){NULL, 0};
}

static void read_failure(tskl_call *call, tskl_slice text) {
    bool aborted = tskl_slice_search(text, TSKL_S("ERR_ABORTED")) != SIZE_MAX ||
                   tskl_slice_search(text, TSKL_S("NS_BINDING_ABORTED")) != SIZE_MAX;
    call->ending = aborted ? TSKL_ABORTED : TSKL_FAILED;
    call->error_message = text.len ? text : TSKL_S("no response was recorded");
    for (size_t i = 0; i < TSKL_COUNT(failures); i++)
        if (tskl_slice_search(text, tskl_slice_of(failures[i].text)) != SIZE_MAX)
            call->error_code = tskl_slice_of(failures[i].code);
}

static tskl_status read_response(reading *r, const tskl_json *entry) {
    const tskl_json *response = member(entry, "response"), *status = member(response, "status");
    tskl_call *call = r->call;
    const tskl_json *content = member(response, "content");
    tskl_slice body;
    int64_t number;
    if (response && response->kind != TSKL_JSON_OBJECT && response->kind != TSKL_JSON_NULL)
        return invalid(r, response, "response is not an object");
    if (status && !tskl_json_to_i64(status, &number))
        return invalid(r, status, "response.status is not a whole number");
    // 0 or, with Playwright, -1 where there was none.
    if (!status || number <= 0) {
        read_failure(call, browser_failure(entry, response));
        return TSKL_OK;
    }
    if (number > STATUS_MAX) return invalid(r, status, "response.status is no HTTP status");
    call->status = (int)number;
    TSKL_TRY(read_headers(r, member(response, "headers"), &call->response_headers));
    TSKL_TRY(read_text(r, content, "encoding", &body));
    if (!tskl_call_set_body(call, body, r->arena)) return no_room(r);
    call->decoded = tskl_call_looks_decoded(call);
    // Browsers leave large and binary bodies out, and keep their size.
    call->response_truncated = !member(content, "text") && ms_of(content, "size") > 0;
    return TSKL_OK;
}

// -1 is "not known", and 0 above a body that is there is a recorder's way of saying the same.
static uint64_t size_of(const tskl_json *ours, const char *own_name, const tskl_json *message) {
    int64_t size;
    if (!tskl_json_to_i64(member(ours, own_name), &size))
        (void)tskl_json_to_i64(member(message, "bodySize"), &size);
    return size > 0 ? (uint64_t)size : 0;
}

static bool lists(const tskl_json *list, tskl_slice text) {
    for (const tskl_json *item = list ? list->first : NULL; item; item = item->next)
        if (tskl_slice_equal(item->text, text)) return true;
    return false;
}

static void read_own_ending(tskl_call *call, const tskl_json *ours) {
    static const char *const endings[] = {"done", "aborted", "failed"};
    const tskl_json *error = member(ours, "error");
    tskl_slice ending = text_of(ours, "ending");
    for (size_t i = 0; i < TSKL_COUNT(endings); i++)
        if (tskl_slice_equal(ending, tskl_slice_of(endings[i]))) call->ending = (tskl_ending)i;
    call->error_code = text_of(error, "code");
    call->error_message = text_of(error, "message");
}

// A stream is cut again at the moments its pieces came: `[[upto, us after start], ...]`.
static tskl_status read_arrivals(reading *r, const tskl_json *arrivals) {
    tskl_call *call = r->call;
    if (!arrivals || arrivals->kind != TSKL_JSON_ARRAY || call->part_count != 1) return TSKL_OK;
    tskl_slice body = call->parts[0].bytes;
    tskl_call_part *parts = tskl_arena_array(r->arena, tskl_call_part, arrivals->count + 1);
    if (!parts) return no_room(r);
    size_t count = 0, taken = 0;
    for (const tskl_json *pair = arrivals->first; pair; pair = pair->next) {
        int64_t upto, us;
        bool sound = pair->count == 2 && tskl_json_to_i64(pair->first, &upto) &&
                     tskl_json_to_i64(pair->first->next, &us) && us >= 0 &&
                     us <= (int64_t)LONGEST_MS * 1000 && upto > (int64_t)taken &&
                     (uint64_t)upto <= body.len;
        if (!sound) return invalid(r, pair, "_taskless.arrivals is damaged");
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
    bool there = tskl_json_to_i64(member(object, name), &count) && count > 0;
    return there && count <= UINT32_MAX ? (uint32_t)count : 0;
}

static void read_attempt(tskl_call *call, const tskl_json *ours) {
    call->attempt = count_of(ours, "attempt");
    call->attempt_known = call->attempt > 0;
    call->wait_ms = count_of(ours, "wait_ms");
    call->first = text_of(ours, "first");
}

static tskl_status read_own(reading *r, const tskl_json *ours) {
    tskl_call *call = r->call;
    const tskl_json *truncated = member(ours, "truncated");
    if (!ours || ours->kind != TSKL_JSON_OBJECT) return TSKL_OK;
    call->id = text_of(ours, "id");
    call->decoded = tskl_json_is_true(member(ours, "decoded"));
    call->request_truncated = lists(truncated, TSKL_S("request"));
    call->response_truncated = lists(truncated, TSKL_S("response"));
    read_own_ending(call, ours);
    read_attempt(call, ours);
    return read_arrivals(r, member(ours, "arrivals"));
}

tskl_status tskl_har_entry_read(const tskl_json *entry, uint32_t line, tskl_arena *arena,
                                tskl_call *out, tskl_error *err) {
    reading r = {.line = line, .arena = arena, .call = out, .err = err};
    const tskl_json *ours = member(entry, "_taskless");
    *out = (tskl_call){.ending = TSKL_DONE};
    if (entry->kind != TSKL_JSON_OBJECT) return invalid(&r, entry, "an entry is no object");
    read_standard_times(&r, entry);
    read_own_times(out, ours);
    TSKL_TRY(read_request(&r, entry));
    TSKL_TRY(read_response(&r, entry));
    out->sent = size_of(ours, "sent", member(entry, "request"));
    out->received = size_of(ours, "received", member(entry, "response"));
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

tskl_status tskl_har_entry_parse(tskl_slice text, uint32_t line, tskl_arena *arena, tskl_call *out,
                                 tskl_error *err) {
    const tskl_json *entry;
    *out = (tskl_call){0};
    tskl_status status = tskl_json_parse(text, arena, &entry, err);
    if (status == TSKL_ERR_SYNTAX) return name_fault(text, line, err);
    if (status != TSKL_OK) return status;
    return tskl_har_entry_read(entry, line, arena, out, err);
}

bool tskl_har_url_is_call(tskl_slice url) {
    static const char *const schemes[] = {"http://", "https://", "ws://", "wss://"};
    for (size_t i = 0; i < TSKL_COUNT(schemes); i++)
        if (tskl_slice_starts_nocase(url, tskl_slice_of(schemes[i]))) return true;
    return false;
}
