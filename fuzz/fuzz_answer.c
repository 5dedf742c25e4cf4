// What a server sends back: the lines that are kept are fields, and never more than may be.
// SPDX-License-Identifier: Apache-2.0
#include "must.h"
#include "net/answer.h"

static void must_be_fields(tskl_slice lines) {
    while (lines.len) {
        size_t end = tskl_slice_search(lines, TSKL_S("\r\n"));
        MUST(end != SIZE_MAX);
        tskl_slice line = tskl_slice_first(lines, end);
        size_t colon = tskl_slice_search(line, TSKL_S(": "));
        MUST(colon != SIZE_MAX && colon > 0);
        MUST(!tskl_slice_contains(line, '\r') && !tskl_slice_contains(line, '\n'));
        MUST(!tskl_slice_contains(line, 0));
        lines = tskl_slice_from(lines, end + 2);
    }
}

// As libcurl hands it over: the head line by line, and then the body in pieces.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice input = tskl_slice_make(data, size);
    size_t repeat = (size_t)take_byte(&input) + 1;
    tskl_answer answer;
    tskl_answer_init(&answer);
    bool taken = true;
    for (tskl_slice rest = input; taken && rest.len;) {
        size_t end = tskl_slice_find(rest, '\n');
        tskl_slice line = tskl_slice_first(rest, end == SIZE_MAX ? rest.len : end + 1);
        rest = tskl_slice_from(rest, line.len);
        for (size_t i = 0; taken && i < repeat; i++) taken = tskl_answer_add_line(&answer, line);
    }
    if (taken) must_be_fields(tskl_buf_slice(&answer.headers));
    MUST(taken || answer.too_large);
    MUST(answer.status == 0 || (answer.status >= 100 && answer.status <= 999));
    MUST(answer.headers.len <= 3 * TSKL_ANSWER_HEADERS_MAX);
    while (tskl_answer_add_body(&answer, input) && input.len && answer.body.len < 1 << 16) {}
    MUST(answer.body.len <= TSKL_ANSWER_BODY_MAX);
    tskl_answer_deinit(&answer);
    return 0;
}
