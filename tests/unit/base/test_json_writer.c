// SPDX-License-Identifier: Apache-2.0
#include "base/json_lexer.h"
#include "base/json_writer.h"
#include "harness.h"

TEST(json_writer, writes_strings_that_are_safe_to_show) {
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"", "\"\""},
        {"plain caf\xc3\xa9 \xf0\x9f\x98\x80", "\"plain caf\xc3\xa9 \xf0\x9f\x98\x80\""},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
        {"\b\t\n\f\r\x1b\x7f", "\"\\b\\t\\n\\f\\r\\u001b\\u007f\""},
        {"\xc2\x9b\xe2\x80\xa8\xe2\x80\xa9", "\"\\u009b\\u2028\\u2029\""},
        {"a\xff\xc3", "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char room[128];
        tskl_buf buf = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
        tskl_json_add_string(&buf, tskl_slice_of(rows[i].text));
        CHECK_TEXT(tskl_slice_of(rows[i].written), tskl_buf_slice(&buf));
        CHECK_ROW(i, tskl_json_is_valid(tskl_buf_slice(&buf)));
    }
}

TEST(json_writer, escapes_zeros_and_every_byte_to_valid_json) {
    char text[256], room[2048];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)i;
    tskl_buf buf = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_json_add_string(&buf, (tskl_slice){text, sizeof text});
    CHECK(!buf.failed && tskl_json_is_valid(tskl_buf_slice(&buf)));
    CHECK(tskl_slice_starts(tskl_buf_slice(&buf), TSKL_S("\"\\u0000\\u0001")));
}

TEST(json_writer, puts_commas_where_they_belong) {
    char room[64];
    tskl_buf buf = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_buf_byte(&buf, '{');
    tskl_json_add_key(&buf, TSKL_S("a"));
    tskl_buf_byte(&buf, '[');
    for (int i = 0; i < 3; i++) {
        tskl_json_add_comma(&buf);
        tskl_buf_u64(&buf, (uint64_t)i);
    }
    tskl_buf_byte(&buf, ']');
    tskl_json_add_key(&buf, TSKL_S("b"));
    tskl_json_add_string(&buf, TSKL_S("{"));
    tskl_json_add_key(&buf, TSKL_S("c"));
    tskl_buf_add(&buf, TSKL_S("1}"));
    CHECK_TEXT(TSKL_S("{\"a\":[0,1,2],\"b\":\"{\",\"c\":1}"), tskl_buf_slice(&buf));
}

TEST(json_writer, escapes_for_a_terminal_what_deceives_and_nothing_else) {
    static const struct {
        const char *json, *shown;
    } rows[] = {
        {"", ""},
        {"{\"a\":\"caf\xc3\xa9 \xf0\x9f\x98\x80\"}\n",
         "{\"a\":\"caf\xc3\xa9 \xf0\x9f\x98\x80\"}\n"},
        {"\"a\xe2\x80\xaeg\"", "\"a\\u202eg\""},                // turns what follows around
        {"\"\xe2\x80\x8b\xef\xbb\xbf\"", "\"\\u200b\\ufeff\""}, // shows nothing
        {"\"\xe2\x81\xa6\xc2\xad\"", "\"\\u2066\\u00ad\""},
        {"\"\xf3\xa0\x81\x81z\"", "\"\\udb40\\udc41z\""}, // a tag: two halves
        {"\"\\u202e\"", "\"\\u202e\""},                   // escaped already
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char room[128];
        tskl_buf buf = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
        tskl_json_add_shown(&buf, tskl_slice_of(rows[i].json));
        CHECK_TEXT(tskl_slice_of(rows[i].shown), tskl_buf_slice(&buf));
    }
}
