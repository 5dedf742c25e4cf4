// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"
#include "config/yaml.h"
#include "harness.h"
#include <locale.h>

static tskl_slice as_json(tskl_test *t, const tskl_json *root) {
    enum { ROOM = 4096 };
    char *room = tskl_arena_take(t->arena, ROOM);
    if (!room) return (tskl_slice){NULL, 0};
    tskl_buf buf = {.ptr = room, .room = ROOM, .cap = ROOM - 1};
    tskl_json_add_value(&buf, root);
    return tskl_buf_slice(&buf);
}

TEST(yaml, becomes_the_tree_that_json_becomes) {
    static const struct {
        const char *yaml, *json;
    } rows[] = {
        {"", "null"},
        {"# nothing\n", "null"},
        {"---\n...\n", "null"},
        {"a: 1\nb:\n  - x\n  - {c: d, e: [f]}\n",
         "{\"a\":1,\"b\":[\"x\",{\"c\":\"d\",\"e\":[\"f\"]}]}"},
        {"a: >\n  one\n  two\nb: |\n  one\n  two\n",
         "{\"a\":\"one two\\n\",\"b\":\"one\\ntwo\\n\"}"},
        {"{\"a\": \"b\\u00e9\", \"c\": [1, 2.5, null]}",
         "{\"a\":\"b\xc3\xa9\",\"c\":[1,2.5,null]}"},
        {"%YAML 1.2\n---\na: b\n", "{\"a\":\"b\"}"},
        {"\xef\xbb\xbf"
         "a: b\n",
         "{\"a\":\"b\"}"},
        {"1: a\ntrue: b\n~: c\n", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\"}"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_json *root;
        CHECK_OK(tskl_yaml_parse(tskl_slice_of(rows[i].yaml), t->arena, &root, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].json), as_json(t, root));
    }
}

TEST(yaml, types_plain_scalars_by_the_core_schema) {
    static const struct {
        const char *yaml, *json;
    } rows[] = {
        {"~", "null"},
        {"null", "null"},
        {"NULL", "null"},
        {"nUll", "\"nUll\""},
        {"true", "true"},
        {"True", "true"},
        {"FALSE", "false"},
        {"yes", "\"yes\""},
        {"no", "\"no\""},
        {"on", "\"on\""},
        {"off", "\"off\""},
        {"y", "\"y\""},
        {"0", "0"},
        {"-0", "-0"},
        {"+5", "5"},
        {"007", "7"},
        {"0o17", "15"},
        {"0xfF", "255"},
        {"0b1", "\"0b1\""},
        {"-0x1", "\"-0x1\""},
        {"0x", "\"0x\""},
        {"0o8", "\"0o8\""},
        {"1_000", "\"1_000\""},
        {"1.", "1"},
        {".5", "0.5"},
        {"+.5", "0.5"},
        {"-1.50", "-1.5"},
        {"1e3", "1e3"},
        {"1.5E+3", "1500"},
        {"1e", "\"1e\""},
        {".", "\".\""},
        {"1.2.3", "\"1.2.3\""},
        {"12:30:45", "\"12:30:45\""},
        {"2026-11-23", "\"2026-11-23\""},
        {"\"5\"", "\"5\""},
        {"'true'", "\"true\""},
        {"18446744073709551616", "18446744073709551616"},
        {"0xffffffffffffffff", "18446744073709551615"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_json *root;
        const char *text = tskl_arena_printf(t->arena, "[%s]", rows[i].yaml);
        CHECK(text);
        CHECK_OK(tskl_yaml_parse(tskl_slice_of(text), t->arena, &root, &t->err));
        CHECK_TEXT(tskl_slice_of(rows[i].json), as_json(t, root->first));
    }
}

TEST(yaml, knows_lines) {
    const tskl_json *root;
    CHECK_OK(tskl_yaml_parse(TSKL_S("# c\na: 1\nb:\n  - x\n\n  - y\n"), t->arena, &root, &t->err));
    const tskl_json *b = tskl_json_get(root, TSKL_S("b"));
    CHECK(tskl_json_get(root, TSKL_S("a"))->line == 2);
    CHECK(b && b->first->line == 4 && b->first->next->line == 6);
}

TEST(yaml, refuses_what_hides_or_repeats_text) {
    static const struct {
        const char *yaml;
        tskl_status status;
        const char *message;
    } rows[] = {
        {"a: &x 1\nb: *x\n", TSKL_ERR_SYNTAX, "line 1: anchors"},
        {"a: 1\nb: *x\n", TSKL_ERR_SYNTAX, "line 2: aliases"},
        {"a: &x {b: 1}\n", TSKL_ERR_SYNTAX, "line 1: anchors"},
        {"a: &x [b]\n", TSKL_ERR_SYNTAX, "line 1: anchors"},
        {"&x a: 1\n", TSKL_ERR_SYNTAX, "line 1: anchors"},
        {"a: !!str 5\n", TSKL_ERR_SYNTAX, "line 1: tags"},
        {"a: !x {}\n", TSKL_ERR_SYNTAX, "line 1: tags"},
        {"a: ! b\n", TSKL_ERR_SYNTAX, "line 1: tags"},
        {"a: 1\nb: 2\na: 3\n", TSKL_ERR_INVALID, "line 3: 'a' is given twice, first on line 1"},
        {"x:\n - a: 1\n   \"a\": 2\n", TSKL_ERR_INVALID, "line 3: 'a' is given twice"},
        {"a: .inf\n", TSKL_ERR_SYNTAX, "line 1: no number that JSON has"},
        {"a:\n - -.INF\n", TSKL_ERR_SYNTAX, "line 2: no number that JSON has"},
        {"a: .NaN\n", TSKL_ERR_SYNTAX, "line 1: no number that JSON has"},
        {"a: 0x1ffffffffffffffff\n", TSKL_ERR_SYNTAX, "line 1: no number that JSON has"},
        {"a: 1\n---\nb: 2\n", TSKL_ERR_SYNTAX, "line 2: a second document"},
        {"[a]: 1\n", TSKL_ERR_SYNTAX, "line 1: a list or an object cannot be a name"},
        {"? {a: 1}\n: 2\n", TSKL_ERR_SYNTAX, "line 1: a list or an object cannot be a name"},
        {"a: b\n\tc: d\n", TSKL_ERR_SYNTAX, "line 2"},
        {"a: \"b\n", TSKL_ERR_SYNTAX, "line "},
        {"a: \x01\n", TSKL_ERR_SYNTAX, "byte 4"},
        {"a: \xff\n", TSKL_ERR_SYNTAX, "byte 4"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_json *root;
        CHECK_STATUS(rows[i].status,
                     tskl_yaml_parse(tskl_slice_of(rows[i].yaml), t->arena, &root, &t->err));
        CHECK_HAS(t->err.message, rows[i].message);
        CHECK(!root);
    }
}

// Nine lists of nine aliases each: a few bytes that would become billions.
TEST(yaml, is_not_blown_up) {
    static const char bomb[] = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]\n";
    const tskl_json *root;
    CHECK_STATUS(TSKL_ERR_SYNTAX, tskl_yaml_parse(tskl_slice_of(bomb), t->arena, &root, &t->err));
}

TEST(yaml, refuses_what_is_nested_too_deep) {
    char text[400];
    const tskl_json *root;
    memset(text, '[', sizeof text);
    CHECK_STATUS(TSKL_ERR_LIMIT,
                 tskl_yaml_parse((tskl_slice){text, sizeof text}, t->arena, &root, &t->err));
    CHECK_HAS(t->err.message, "nested too deep");
}

TEST_ONCE(yaml, refuses_what_has_too_many_values) {
    enum { SIZE = 2 * (TSKL_YAML_NODES_MAX + 2) };
    char *text = tskl_arena_take(t->arena, SIZE);
    const tskl_json *root;
    CHECK(text);
    for (size_t i = 0; i < SIZE; i += 2) memcpy(text + i, i ? "a," : " [", 2);
    CHECK_STATUS(TSKL_ERR_LIMIT,
                 tskl_yaml_parse((tskl_slice){text, SIZE}, t->arena, &root, &t->err));
    CHECK_HAS(t->err.message, "too many values");
}
