// SPDX-License-Identifier: Apache-2.0
#include "recording/http_reader.h"
#include "recording/transcript.h"

typedef struct response {
    int status;
    tskl_slice headers, body; // lines as they stand; what follows them
} response;

// A head pasted without its blank line ends where a body visibly begins.
static bool begins_body(tskl_slice line) {
    return line.len && strchr("{[<", line.ptr[0]);
}

static response read_response(tskl_slice text) {
    tskl_slice line = tskl_slice_line(&text);
    (void)tskl_slice_split(&line, ' ');
    response r = {.status =
                      (line.ptr[0] - '0') * 100 + (line.ptr[1] - '0') * 10 + line.ptr[2] - '0'};
    r.headers = (tskl_slice){text.ptr, 0};
    while (text.len) {
        tskl_slice before = text;
        line = tskl_slice_line(&text);
        if (begins_body(line)) text = before;
        if (line.len == 0 || begins_body(line)) break;
        r.headers.len = (size_t)(text.ptr - r.headers.ptr);
    }
    r.body = text;
    return r;
}

static bool is_answered_again(int status) {
    return (status >= 300 && status < 400) || status == 401 || status == 407;
}

// Where the next response begins: at once behind an empty body ("100 Continue", a proxy's answer),
// behind a body only where another answer is due. A status line in any other body is content.
static size_t find_next(const response *r) {
    tskl_slice body = r->body;
    while (body.len && (body.ptr[0] == '\n' || body.ptr[0] == '\r'))
        body = tskl_slice_from(body, 1);
    if (tskl_is_status_line(body)) return r->body.len - body.len;
    if (!is_answered_again(r->status)) return SIZE_MAX;
    for (size_t at = 0, hit; at < r->body.len; at += hit + 1) {
        tskl_slice rest = tskl_slice_from(r->body, at);
        hit = tskl_slice_search(rest, TSKL_S("HTTP/"));
        if (hit == SIZE_MAX) break;
        if (tskl_is_status_line(tskl_slice_from(rest, hit))) return at + hit;
    }
    return SIZE_MAX;
}

static response read_last_response(tskl_slice text) {
    response r = read_response(text);
    for (size_t next; (next = find_next(&r)) != SIZE_MAX;)
        r = read_response(tskl_slice_from(r.body, next));
    return r;
}

static tskl_slice header(tskl_slice lines, tskl_slice name) {
    while (lines.len) {
        tskl_slice line = tskl_slice_line(&lines), found = tskl_slice_split(&line, ':');
        if (tskl_slice_equal_nocase(found, name)) return tskl_slice_trim(line);
    }
    return (tskl_slice){NULL, 0};
}

static bool read_chunk_size(tskl_slice line, size_t *size) {
    tskl_slice digits = tskl_slice_trim(tskl_slice_split(&line, ';'));
    *size = 0;
    if (digits.len == 0 || digits.len > 8) return false;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.ptr[i];
        bool digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
        if (!digit && !letter) return false;
        *size = *size * 16 + (size_t)(digit ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return true;
}

// Undoes chunked coding where it is still there (`curl --raw`, a network trace). False: it is not.
static bool join_chunks(tskl_slice body, tskl_buf *out) {
    for (size_t size;;) {
        if (!read_chunk_size(tskl_slice_line(&body), &size) || size > body.len) return false;
        if (size == 0) return true;
        tskl_buf_add(out, tskl_slice_first(body, size));
        body = tskl_slice_from(body, size);
        if (tskl_slice_line(&body).len) return false;
    }
}

static bool settle_body(response *r, tskl_arena *arena) {
    uint64_t length;
    bool known = tskl_slice_to_u64(header(r->headers, TSKL_S("content-length")), &length);
    // A paste ends with a line end that is the terminal's, not the body's.
    if (known && length < r->body.len &&
        tskl_slice_trim(tskl_slice_from(r->body, (size_t)length)).len == 0)
        r->body.len = (size_t)length;
    if (!tskl_slice_equal_nocase(header(r->headers, TSKL_S("transfer-encoding")),
                                 TSKL_S("chunked")))
        return true;
    tskl_buf joined;
    tskl_buf_init(&joined, r->body.len);
    joined.ptr = r->body.len ? tskl_arena_take(arena, r->body.len) : NULL;
    joined.room = r->body.len;
    if (r->body.len && !joined.ptr) return false;
    if (r->body.len && join_chunks(r->body, &joined)) r->body = tskl_buf_slice(&joined);
    return true;
}

static bool is_method(tskl_slice word) {
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] < 'A' || word.ptr[i] > 'Z') return false;
    return word.len >= 3;
}

static tskl_slice head_only(tskl_slice lines) {
    tskl_slice rest = lines;
    while (rest.len) {
        tskl_slice before = rest;
        if (tskl_slice_line(&rest).len == 0) return tskl_slice_first(lines, lines.len - before.len);
    }
    return lines;
}

// "POST /v1/charges HTTP/1.1" and the headers below it.
static bool read_request_head(tskl_slice text, tskl_arena *arena, tskl_call *call) {
    while (text.len) {
        tskl_slice line = tskl_slice_line(&text);
        tskl_slice method = tskl_slice_split(&line, ' '), target = tskl_slice_split(&line, ' ');
        if (!is_method(method) || !tskl_slice_starts(line, TSKL_S("HTTP/"))) continue;
        call->request_headers = head_only(text);
        tskl_slice host = header(call->request_headers, TSKL_S("host"));
        call->method = method;
        call->url = target;
        if (host.len == 0 || !tskl_slice_starts(target, TSKL_S("/"))) return true;
        char *url = tskl_arena_printf(arena, "https://" TSKL_FMT TSKL_FMT, TSKL_ARG(host),
                                      TSKL_ARG(target));
        call->url = tskl_slice_of(url);
        return url != NULL;
    }
    return true;
}

static bool ends_url(char c) {
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' || c == '\\';
}

// The command that was typed stands above its answer: "$ curl -i https://api.stripe.com/...".
static void read_command(tskl_slice text, tskl_call *call) {
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < TSKL_COUNT(schemes) && call->url.len == 0; i++) {
        size_t at = tskl_slice_search(text, tskl_slice_of(schemes[i])), len = 0;
        if (at == SIZE_MAX) continue;
        tskl_slice rest = tskl_slice_from(text, at);
        while (len < rest.len && !ends_url(rest.ptr[len])) len++;
        call->url = tskl_slice_first(rest, len);
    }
}

/** What curl's exit codes mean, in the words programs use. */
static const struct {
    const char *number, *code;
} failures[] = {
    {"(6)", "ENOTFOUND"},   {"(7)", "ECONNREFUSED"}, {"(28)", "ETIMEDOUT"},    {"(35)", "ERR_SSL"},
    {"(52)", "ECONNRESET"}, {"(56)", "ECONNRESET"},  {"(60)", "ERR_TLS_CERT"},
};

static void read_failure(tskl_slice text, tskl_call *call) {
    tskl_slice number = tskl_slice_split(&text, ' ');
    call->ending = TSKL_FAILED;
    call->error_message = text;
    for (size_t i = 0; i < TSKL_COUNT(failures); i++)
        if (tskl_slice_equal(number, tskl_slice_of(failures[i].number)))
            call->error_code = tskl_slice_of(failures[i].code);
}

tskl_status tskl_http_read(tskl_slice text, tskl_arena *arena, tskl_call *out, tskl_error *err) {
    tskl_transcript parts;
    *out = (tskl_call){.ending = TSKL_DONE};
    TSKL_TRY(tskl_transcript_read(text, arena, &parts, err));
    if (!read_request_head(parts.request, arena, out))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the text");
    if (out->url.len == 0) read_command(parts.request, out);
    out->url = tskl_call_whole_url(out->url, arena);
    if (!tskl_is_status_line(parts.response)) {
        if (parts.failure.len == 0)
            return tskl_fail(err, TSKL_ERR_SYNTAX, "there is no HTTP response in the text");
        read_failure(parts.failure, out);
        return TSKL_OK;
    }
    response r = read_last_response(parts.response);
    if (!settle_body(&r, arena) || !tskl_call_set_body(out, r.body, arena))
        return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the text");
    out->status = r.status;
    out->response_headers = r.headers;
    out->decoded = tskl_call_looks_decoded(out);
    return TSKL_OK;
}
