// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/answer.h"

static bool add_lines(tskl_answer *answer, tskl_slice text) {
    while (text.len) {
        size_t end = tskl_slice_find(text, '\n');
        tskl_slice line = tskl_slice_first(text, end == SIZE_MAX ? text.len : end + 1);
        if (!tskl_answer_add_line(answer, line)) return false;
        text = tskl_slice_from(text, line.len);
    }
    return true;
}

TEST(answer, keeps_the_fields_of_the_head_that_counts) {
    static const struct {
        tskl_slice head, headers;
        int status;
    } rows[] = {
        {TSKL_LIT("HTTP/1.1 200 OK\r\nA: 1\r\nb:2\r\n\r\n"), TSKL_LIT("A: 1\r\nb: 2\r\n"), 200},
        {TSKL_LIT("HTTP/1.1 100 \r\nA: 1\r\n\r\nHTTP/2 404\r\nB: \t2 \r\n\r\n"),
         TSKL_LIT("B: 2\r\n"), 404},
        {TSKL_LIT("HTTP/1.1 200 OK\r\n\r\nA: 1\r\nHTTP/1.1 500 No\r\n"), {NULL, 0}, 200},
        {TSKL_LIT("HTTP/1.1 999 OK\r\nno field\r\n: none\r\na b: c\r\nA:\r\n\r\n"),
         TSKL_LIT("A: \r\n"), 999},
        {TSKL_LIT("HTTP/1.1 200 OK\r\nA: 1\r2\0003\r\n"), TSKL_LIT("A: 1 2 3\r\n"), 200},
        {TSKL_LIT("HTTP/1.1 2000 OK\r\n"), {NULL, 0}, 0},
        {TSKL_LIT("HTTP/1.1 99 OK\r\n"), {NULL, 0}, 0},
        {TSKL_LIT("HTTP/1.1\r\n"), {NULL, 0}, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_answer answer CLEANUP(tskl_answer_deinit);
        tskl_answer_init(&answer);
        CHECK(add_lines(&answer, rows[i].head));
        CHECK_TEXT(rows[i].headers, tskl_buf_slice(&answer.headers));
        CHECK_ROW(i, answer.status == rows[i].status);
    }
}

TEST(answer, has_room_for_the_shortest_fields_up_to_its_limit) {
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    CHECK(add_lines(&answer, TSKL_S("HTTP/1.1 200 OK\n")));
    for (size_t bytes = 16; bytes + 3 <= TSKL_ANSWER_HEADERS_MAX; bytes += 3)
        CHECK(add_lines(&answer, TSKL_S("a:\n")));
    CHECK(!add_lines(&answer, TSKL_S("a:\n")) && answer.too_large);
}

TEST(answer, tells_what_is_too_large_from_what_there_is_no_memory_for) {
    static char part[TSKL_ANSWER_BODY_MAX];
    tskl_answer answer CLEANUP(tskl_answer_deinit);
    tskl_answer_init(&answer);
    bool added = tskl_answer_add_body(&answer, tskl_slice_make(part, sizeof part));
    CHECK(added || !answer.too_large);
    CHECK(added && !tskl_answer_add_body(&answer, TSKL_S("x")) && answer.too_large);
}
