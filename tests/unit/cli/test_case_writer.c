// SPDX-License-Identifier: Apache-2.0
#include "case/case.h"
#include "case/case_writer.h"
#include "case/watch.h"
#include "harness.h"

static tskl_call call_of(tskl_test *t, const char *body) {
    tskl_call call = {.method = TSKL_S("POST"),
                      .url = TSKL_S("https://api.acme.example/v1/Things/7?x=1"),
                      .request_headers = TSKL_S("a: 1\r\nContent-Length: 3\r\n"),
                      .request_body = TSKL_S("{\"base64\":\"not ours\"}"),
                      .status = 402,
                      .response_headers = TSKL_S("b: 2\r\nb: 3\r\ncontent-encoding: gzip\r\n"),
                      .start_us = 1790000000000000,
                      .first_byte_us = 1790000000000500,
                      .end_us = 1790000000002000};
    (void)tskl_call_set_body(&call, tskl_slice_of(body), t->arena);
    return call;
}

// Written and read again: the same call, whatever is in it.
static bool comes_back(tskl_test *t, const char *body, const char *came) {
    tskl_call call = call_of(t, body);
    tskl_case story;
    tskl_buf text CLEANUP(tskl_buf_deinit);
    tskl_buf_init(&text, 1 << 20);
    if (tskl_case_write(&call, NULL, &text, &t->err) != TSKL_OK) return false;
    tskl_slice kept;
    if (!tskl_arena_copy(t->arena, tskl_buf_slice(&text), &kept)) return false;
    if (tskl_case_read("case", kept, t->arena, &story, &t->err) != TSKL_OK) return false;
    return tskl_slice_equal(story.call.url, call.url) && story.call.status == 402 &&
           tskl_slice_equal(story.call.request_body, call.request_body) &&
           tskl_slice_equal(story.call.request_headers, TSKL_S("a: 1\r\n")) &&
           tskl_slice_equal(story.call.response_headers, TSKL_S("b: 2\r\nb: 3\r\n")) &&
           story.call.start_us == call.start_us && story.call.first_byte_us == call.first_byte_us &&
           story.call.end_us == call.end_us && story.call.part_count == 1 &&
           tskl_slice_equal(story.call.parts[0].bytes, tskl_slice_of(came));
}

TEST(case_writer, writes_what_is_read_as_the_same_call) {
    static const struct {
        const char *body, *came;
    } rows[] = {
        {"{\"a\": [1, 2.5, \"x\"]}", "{\"a\":[1,2.5,\"x\"]}"},
        {"{\"amount\": 2.50}", "{\"amount\": 2.50}"},
        {"[1]", "[1]"},
        {"plain", "plain"},
        {"\"a string\"", "\"a string\""},
        {"{\"chunks\": [\"x\"]}", "{\"chunks\": [\"x\"]}"},
        {"{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":2}"},
        {"\xff\xfe", "\xff\xfe"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, comes_back(t, rows[i].body, rows[i].came));
}

TEST(case_writer, names_a_case_by_what_was_called) {
    static const struct {
        const char *url, *name;
        int status;
    } rows[] = {
        {"https://a.example/v1/Things/7?x=1", "post_v1_things_7_402", 402},
        {"https://a.example/", "post_500", 500},
        {"https://a.example", "post_failed", 0},
        {"https://a.example/../../etc/passwd", "post_etc_passwd_200", 200},
        {"https://a.example/%00\n\xff", "post_00_200", 200},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_call call = {
            .method = TSKL_S("POST"), .url = tskl_slice_of(rows[i].url), .status = rows[i].status};
        const char *name = tskl_case_name_of(&call, t->arena);
        CHECK_ROW(i, name);
        CHECK_TEXT(tskl_slice_of(rows[i].name), tskl_slice_of(name));
    }
}

TEST(watch, ignores_what_editors_and_builds_make) {
    static const struct {
        const char *name;
        bool builds, ignored;
    } rows[] = {
        {"pack.c", true, false},      {"case.json", true, false}, {"pack.c~", true, true},
        {".pack.c.swp", true, true},  {"#pack.c#", true, true},   {"build", true, true},
        {"node_modules", true, true}, {"pack.wasm", true, true},  {"pack.wasm", false, false},
        {"pack.tgz", false, true},    {"", true, true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_ROW(i, tskl_watch_ignores(rows[i].name, rows[i].builds) == rows[i].ignored);
}
