// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "exchange/headers.h"
#include "harness.h"

// The list as "name=value|name=value|", or what went wrong.
static tskl_slice listed(tskl_test *t, tskl_slice lines) {
    tskl_headers headers;
    if (tskl_headers_parse(lines, t->arena, &headers, &t->err) != TSKL_OK) return TSKL_S("failed");
    tskl_buf buf = {.ptr = tskl_arena_take(t->arena, 512), .room = 512, .cap = 511};
    if (!buf.ptr) return TSKL_S("no room");
    for (size_t i = 0; i < headers.count; i++)
        tskl_buf_printf(&buf, TSKL_FMT "=" TSKL_FMT "|", TSKL_ARG(headers.items[i].name),
                        TSKL_ARG(headers.items[i].value));
    return tskl_buf_slice(&buf);
}

TEST(headers, are_lower_case_sorted_and_in_order_of_arrival) {
    CHECK_TEXT(TSKL_S("a=1|b=1|b=2|b=3|c=|"),
               listed(t, TSKL_S("B: 1\r\nc:\r\nb: 2\r\nA: 1\r\nb:3\r\n")));
}

TEST(headers, are_read_with_either_line_end_or_none) {
    CHECK_TEXT(TSKL_S("a=1|b=2|"), listed(t, TSKL_S("a: 1\nb: 2")));
    CHECK_TEXT(TSKL_S(""), listed(t, TSKL_S("")));
    CHECK_TEXT(TSKL_S("a=1|"), listed(t, TSKL_S("\r\n\r\na: 1\r\n\r\n")));
}

TEST(headers, leave_out_what_concerns_one_connection) {
    CHECK_TEXT(TSKL_S("a=1|content-length=3|"),
               listed(t, TSKL_S("Connection: close, X-Hop\r\nx-hop: 1\r\nKeep-Alive: x\r\n"
                                "Transfer-Encoding: chunked\r\nTE: trailers\r\nUpgrade: h2c\r\n"
                                "Proxy-Connection: x\r\nContent-Length: 3\r\na: 1\r\n")));
}

TEST(headers, leave_out_all_that_connection_names_in_any_case) {
    CHECK_TEXT(TSKL_S("x=9|"),
               listed(t, TSKL_S("connection: B ,, a\r\nx: 9\r\na: 1\r\nA: 2\r\nb: 3\r\n"
                                "connection: C,x-none\r\nc: 4\r\n")));
    CHECK_TEXT(TSKL_S("aa=1|b=2|"), listed(t, TSKL_S("connection: a,bb\r\naa: 1\r\nb: 2\r\n")));
}

// 120 KB of names beside 1,000 headers: no more are looked at than there may be headers.
TEST(headers, bear_a_flood_of_names_in_connection) {
    enum { NAMES = 60000, OTHERS = 998 };
    tskl_buf CLEANUP(tskl_buf_deinit) lines;
    tskl_headers headers;
    tskl_buf_init(&lines, 1 << 20);
    tskl_buf_add(&lines, TSKL_S("connection: first,"));
    for (int i = 0; i < NAMES; i++) tskl_buf_add(&lines, TSKL_S("a,"));
    tskl_buf_add(&lines, TSKL_S("last\r\nfirst: 1\r\nlast: 1\r\n"));
    for (int i = 0; i < OTHERS; i++) tskl_buf_printf(&lines, "x%d: 1\r\n", i);
    CHECK(!lines.failed);
    CHECK_OK(tskl_headers_parse(tskl_buf_slice(&lines), t->arena, &headers, &t->err));
    CHECK(!tskl_headers_get(&headers, TSKL_S("first")).ptr);
    CHECK(tskl_headers_get(&headers, TSKL_S("last")).ptr && headers.count == OTHERS);
}

TEST(headers, leave_out_pseudo_headers_and_what_is_none) {
    CHECK_TEXT(
        TSKL_S("a=1|"),
        listed(t, TSKL_S(":status: 200\r\nno colon\r\n: no name\r\na b: space\r\na: 1\r\n")));
}

TEST(headers, forgive_space_before_the_colon) {
    CHECK_TEXT(TSKL_S("a=1|"), listed(t, TSKL_S("a : 1 \t\r\n")));
}

TEST(headers, join_folded_lines) {
    CHECK_TEXT(TSKL_S("a=1 2|b=3|"), listed(t, TSKL_S("a: 1 \r\n \t2\r\nb: 3\r\n")));
    CHECK_TEXT(TSKL_S("a=1|"), listed(t, TSKL_S(" folded: onto nothing\r\na: 1\r\n")));
}

TEST(headers, keep_bytes_that_are_no_text) {
    CHECK_TEXT(TSKL_S("x-name=caf\xe9 \x01|"), listed(t, TSKL_S("x-name: caf\xe9 \x01\r\n")));
}

TEST(headers, have_no_line_ends_in_their_values) {
    CHECK_TEXT(TSKL_S("a=1 b: 2 3|"), listed(t, TSKL_S("a: 1\rb: 2\0003\r\n")));
}

TEST(headers, keep_colons_of_a_value) {
    CHECK_TEXT(TSKL_S("location=http://a:1/|"), listed(t, TSKL_S("Location: http://a:1/\r\n")));
}

TEST(headers, are_bounded_in_number) {
    enum { LINES = 20000 };
    char *lines = tskl_arena_take(t->arena, LINES * 5);
    CHECK(lines);
    for (int i = 0; i < LINES; i++) memcpy(lines + 5 * i, i % 2 ? "b: 1\n" : "a: 1\n", 5);
    tskl_headers headers;
    CHECK_OK(tskl_headers_parse((tskl_slice){lines, LINES * 5}, t->arena, &headers, &t->err));
    CHECK(headers.count == TSKL_HEADER_COUNT_MAX);
}

TEST(headers, find_the_first_value_of_a_name) {
    tskl_headers headers;
    CHECK_OK(tskl_headers_parse(TSKL_S("b: 1\r\nb: 2\r\n"), t->arena, &headers, &t->err));
    CHECK_TEXT(TSKL_S("1"), tskl_headers_get(&headers, TSKL_S("b")));
    CHECK_TEXT(TSKL_S(""), tskl_headers_get(&headers, TSKL_S("a")));
}
