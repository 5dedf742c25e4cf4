// SPDX-License-Identifier: Apache-2.0
#include "net/answer.h"

void tskl_answer_init(tskl_answer *answer) {
    *answer = (tskl_answer){0};
    // Written anew a line is longer by three bytes at most, and has two at least.
    tskl_buf_init(&answer->headers, 3 * TSKL_ANSWER_HEADERS_MAX);
    tskl_buf_init(&answer->body, TSKL_ANSWER_BODY_MAX);
}

void tskl_answer_deinit(tskl_answer *answer) {
    tskl_buf_deinit(&answer->headers);
    tskl_buf_deinit(&answer->body);
}

// "HTTP/1.1 200 OK"; 0: no such line.
static int status_of(tskl_slice line) {
    uint64_t status;
    tskl_slice rest = line;
    if (!tskl_slice_starts(line, TSKL_S("HTTP/"))) return 0;
    tskl_slice_split(&rest, ' ');
    if (!tskl_slice_to_u64(tskl_slice_split(&rest, ' '), &status)) return 0;
    return status >= 100 && status <= 999 ? (int)status : 0;
}

static bool is_name(tskl_slice name) {
    for (size_t i = 0; i < name.len; i++) {
        unsigned char byte = (unsigned char)name.ptr[i];
        if (byte <= ' ' || byte >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", byte)) return false;
    }
    return name.len > 0;
}

// A line end of its own, or a zero, would be read as another field by whoever reads the lines.
static void add_value(tskl_buf *headers, tskl_slice value) {
    for (size_t i = 0; i < value.len; i++) {
        char byte = value.ptr[i];
        tskl_buf_byte(headers, byte == '\r' || byte == '\n' || byte == 0 ? ' ' : byte);
    }
}

bool tskl_answer_add_line(tskl_answer *answer, tskl_slice line) {
    tskl_slice value = tskl_slice_trim(line);
    int status = status_of(value);
    answer->head_bytes += line.len;
    answer->too_large = answer->head_bytes > TSKL_ANSWER_HEADERS_MAX;
    if (answer->too_large) return false;
    if (status && !(answer->head_ended && answer->status >= 200)) {
        answer->status = status;
        answer->head_ended = false;
        tskl_buf_clear(&answer->headers);
        return true;
    }
    if (answer->head_ended) return true;
    answer->head_ended = value.len == 0;
    if (!tskl_slice_contains(value, ':')) return true;
    tskl_slice name = tskl_slice_split(&value, ':');
    if (!is_name(name)) return true;
    tskl_buf_add(&answer->headers, name);
    tskl_buf_add(&answer->headers, TSKL_S(": "));
    add_value(&answer->headers, tskl_slice_trim(value));
    tskl_buf_add(&answer->headers, TSKL_S("\r\n"));
    return !answer->headers.failed;
}

bool tskl_answer_add_body(tskl_answer *answer, tskl_slice part) {
    answer->too_large = part.len > answer->body.cap - answer->body.len;
    tskl_buf_add(&answer->body, part);
    return !answer->body.failed;
}
