// SPDX-License-Identifier: Apache-2.0
#include "recording/transcript.h"
#include "base/buf.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Looks at as many bytes as such a line's beginning has, however long the line is: it is asked of
// every place of a text.
bool tskl_is_status_line(tskl_slice text) {
    enum { VERSION_MAX = 8 };
    size_t at = 5;
    if (!tskl_slice_starts(text, TSKL_S("HTTP/"))) return false;
    while (at < text.len && at <= 5 + VERSION_MAX &&
           (is_digit(text.ptr[at]) || text.ptr[at] == '.'))
        at++;
    if (at == 5 || at + 4 > text.len || text.ptr[at] != ' ') return false;
    if (!is_digit(text.ptr[at + 1]) || !is_digit(text.ptr[at + 2]) || !is_digit(text.ptr[at + 3]))
        return false;
    return at + 4 == text.len || (text.ptr[at + 4] && strchr(" \r\n", text.ptr[at + 4]));
}

// "{ [5 bytes data]", which curl writes in the midst of the body.
static bool is_data_remark(tskl_slice line) {
    return (tskl_slice_starts(line, TSKL_S("{ [")) || tskl_slice_starts(line, TSKL_S("} ["))) &&
           tskl_slice_ends(tskl_slice_trim(line), TSKL_S(" bytes data]"));
}

static bool take_failure(tskl_slice line, tskl_transcript *out) {
    if (!tskl_slice_starts(line, TSKL_S("curl: ("))) return false;
    out->failure = tskl_slice_trim(tskl_slice_from(line, sizeof "curl: " - 1));
    return true;
}

/** Verbose output while its lines are sorted. */
typedef struct sorting {
    tskl_buf request, response;
    tskl_transcript *out;
} sorting;

// A body without a line end has curl's next remark on its last line.
static tskl_slice without_remark(tskl_slice line) {
    size_t at = tskl_slice_search(line, TSKL_S("* Connection #"));
    return tskl_slice_first(line, at);
}

static void sort_line(sorting *s, tskl_slice line) {
    if (tskl_slice_starts(line, TSKL_S("> "))) {
        // After an answer, this is the next request of a series.
        if (s->response.len) tskl_buf_clear(&s->request);
        tskl_buf_clear(&s->response);
        tskl_buf_add(&s->request, tskl_slice_from(line, 2));
    } else if (tskl_slice_starts(line, TSKL_S("< "))) {
        tskl_buf_add(&s->response, tskl_slice_from(line, 2));
    } else if (!tskl_slice_starts(line, TSKL_S("* ")) && !is_data_remark(line) &&
               !take_failure(line, s->out)) {
        // What has no mark before the first request is the command, after an answer the body.
        tskl_buf *into = s->response.len ? &s->response : &s->request;
        tskl_buf_add(into, without_remark(line));
    }
}

static tskl_status read_verbose(tskl_slice text, tskl_arena *arena, tskl_transcript *out,
                                tskl_error *err) {
    sorting s = {.out = out};
    // Sorting only leaves out, so that each part finds room in as much as the text has.
    tskl_buf *parts[] = {&s.request, &s.response};
    for (size_t i = 0; i < TSKL_COUNT(parts); i++) {
        tskl_buf_init(parts[i], text.len);
        parts[i]->ptr = tskl_arena_take(arena, text.len);
        parts[i]->room = text.len;
        if (!parts[i]->ptr) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the text");
    }
    while (text.len) {
        size_t end = tskl_slice_find(text, '\n');
        tskl_slice line = end == SIZE_MAX ? text : tskl_slice_first(text, end + 1);
        sort_line(&s, line);
        text = tskl_slice_from(text, line.len);
    }
    out->request = tskl_buf_slice(&s.request);
    out->response = tskl_buf_slice(&s.response);
    return TSKL_OK;
}

static bool is_verbose(tskl_slice text) {
    while (text.len) {
        tskl_slice line = tskl_slice_line(&text);
        bool answer = tskl_slice_starts(line, TSKL_S("< "));
        if (answer && tskl_is_status_line(tskl_slice_from(line, 2))) return true;
        if (tskl_slice_starts(line, TSKL_S("* Connected to "))) return true;
    }
    return false;
}

static tskl_slice up_to(tskl_slice text, const char *end) {
    return tskl_slice_first(text, (size_t)(end - text.ptr));
}

// What curl says when it gave up stands in place of an answer, or below what it had received.
static void read_plain(tskl_slice text, tskl_transcript *out) {
    tskl_slice rest = text;
    bool answered = false;
    out->request = text;
    while (rest.len) {
        const char *line_start = rest.ptr;
        if (!answered && tskl_is_status_line(rest)) {
            out->request = up_to(text, line_start);
            out->response = rest;
            answered = true;
        }
        if (!take_failure(tskl_slice_line(&rest), out)) continue;
        if (answered) out->response = up_to(out->response, line_start);
        return;
    }
}

tskl_status tskl_transcript_read(tskl_slice text, tskl_arena *arena, tskl_transcript *out,
                                 tskl_error *err) {
    *out = (tskl_transcript){0};
    if (is_verbose(text)) return read_verbose(text, arena, out, err);
    read_plain(text, out);
    return TSKL_OK;
}
