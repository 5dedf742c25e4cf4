// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"
#include "base/json_lexer.h"
#include "base/json_writer.h"
#include "harness.h"

TEST(json, takes_what_rfc_8259_takes_and_nothing_else) {
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        {"{}", true},        {" [1, -0.5e+3, \"\\u00e9\", true, false, null] ", true},
        {"\"\"", true},      {"1e400", true},
        {"", false},         {"{", false},
        {"[1,]", false},     {"{\"a\":1,}", false},
        {"{a:1}", false},    {"[1}", false},
        {"01", false},       {"1.", false},
        {"+1", false},       {"nul", false},
        {"\"\x01\"", false}, {"\"\xff\"", false},
        {"\"\\x\"", false},  {"{} {}", false},
        {"]", false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_json_is_valid(tskl_slice_of(rows[i].text)) == rows[i].valid);
}

TEST(json, refuses_what_is_nested_too_deep) {
    char text[2 * TSKL_JSON_MAX_DEPTH + 3];
    memset(text, '[', TSKL_JSON_MAX_DEPTH + 1);
    memset(text + TSKL_JSON_MAX_DEPTH + 1, ']', TSKL_JSON_MAX_DEPTH + 1);
    CHECK(!tskl_json_is_valid((tskl_slice){text, 2 * TSKL_JSON_MAX_DEPTH + 2}));
    CHECK(tskl_json_is_valid((tskl_slice){text + 1, 2 * TSKL_JSON_MAX_DEPTH}));
}

TEST(json, decodes_escapes_and_halves_of_characters) {
    const tskl_json *root;
    CHECK_OK(tskl_json_parse(TSKL_S("[\"a\\n\\u00e9\\ud83d\\ude00\", \"\\ud83d\", \"\\/\"]"),
                             t->arena, &root, &t->err));
    CHECK_TEXT(TSKL_S("a\n\xc3\xa9\xf0\x9f\x98\x80"), root->first->text);
    CHECK_TEXT(TSKL_S("\xef\xbf\xbd"), root->first->next->text);
    CHECK_TEXT(TSKL_S("/"), root->first->next->next->text);
}

TEST(json, knows_lines_counts_and_raw_text) {
    const tskl_json *root;
    CHECK_OK(tskl_json_parse(TSKL_S("{\n \"a\": [1,\n2],\n \"b\": {\"c\": \"d\"}}"), t->arena,
                             &root, &t->err));
    CHECK(root->count == 2);
    const tskl_json *a = tskl_json_get(root, TSKL_S("a"));
    CHECK(a && a->line == 2 && a->count == 2 && a->first->next->line == 3);
    CHECK_TEXT(TSKL_S("[1,\n2]"), a->raw);
    CHECK_TEXT(TSKL_S("d"), tskl_json_get_string(tskl_json_get(root, TSKL_S("b")), TSKL_S("c")));
    CHECK(!tskl_json_get(a, TSKL_S("c")));
}

TEST(json, names_the_line_at_fault) {
    const tskl_json *root;
    CHECK_STATUS(TSKL_ERR_SYNTAX,
                 tskl_json_parse(TSKL_S("{\n\"a\": 1\n\"b\": 2}"), t->arena, &root, &t->err));
    CHECK_HAS(t->err.message, "line 3");
    CHECK(!root);
}

TEST(json, writes_the_shortest_numbers_and_safe_strings) {
    char room[512];
    tskl_buf out = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    const tskl_json *root;
    CHECK_OK(tskl_json_parse(
        TSKL_S("{ \"n\": [402, 1.0, 0.1, 12345678901234567890, 1.5e3],\"s\":\"\\u001b\\u2028\" }"),
        t->arena, &root, &t->err));
    tskl_json_add_value(&out, root);
    CHECK_TEXT(TSKL_S("{\"n\":[402,1,0.1,12345678901234567890,1500],\"s\":\"\\u001b\\u2028\"}"),
               tskl_buf_slice(&out));
}

TEST(json, reads_whole_numbers_of_64_bits) {
    static const struct {
        const char *text;
        bool taken;
        int64_t value;
    } rows[] = {
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"1e3", true, 1000},
        {"-5.0", true, -5},
        {"1.5", false, 0},
        {"1e400", false, 0},
        {"\"1\"", false, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_json *root;
        int64_t value = 7;
        CHECK_OK(tskl_json_parse(tskl_slice_of(rows[i].text), t->arena, &root, &t->err));
        CHECK_ROW(i, tskl_json_to_i64(root, &value) == rows[i].taken && value == rows[i].value);
    }
}

TEST(json, takes_the_last_member_of_a_name) {
    const tskl_json *root;
    CHECK_OK(tskl_json_parse(TSKL_S("{\"a\":1,\"a\":\"2\"}"), t->arena, &root, &t->err));
    CHECK_TEXT(TSKL_S("2"), tskl_json_get_string(root, TSKL_S("a")));
    CHECK(!tskl_json_get(NULL, TSKL_S("a")) && !tskl_json_get(root->first, TSKL_S("a")));
    CHECK(tskl_json_get_string(root, TSKL_S("b")).len == 0 && !tskl_json_is_true(NULL));
}
