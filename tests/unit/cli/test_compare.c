// SPDX-License-Identifier: Apache-2.0
#include "case/compare.h"
#include "harness.h"

#define RECORD(rest)                                                                               \
    "{\"v\":1,\"id\":\"x\",\"time\":\"y\",\"status\":402,\"captures\":{\"a/b\":1,\"a/c\":\"d\"}"   \
    ",\"packs\":[{\"name\":\"a\"" rest ",\"us\":3}],\"client\":\"z\",\"pid\":1}"

// One line for each difference: "name expected got", "-" for what is not there.
static tskl_slice told(tskl_test *t, const char *expect, const char *record) {
    tskl_case story;
    tskl_differences found;
    const char *text = tskl_arena_printf(
        t->arena, "{\"about\":\"x\",\"request\":{\"url\":\"u\"},\"expect\":%s}", expect);
    if (!text || tskl_case_read("case", tskl_slice_of(text), t->arena, &story, &t->err) ||
        tskl_compare(&story, tskl_slice_of(record), t->arena, &found, &t->err))
        return tskl_slice_of(t->err.message);
    const char *lines = "";
    for (size_t i = 0; i < found.count && lines; i++) {
        const tskl_difference *d = &found.items[i];
        tskl_slice none = TSKL_S("-");
        lines = tskl_arena_printf(t->arena, "%s" TSKL_FMT " " TSKL_FMT " " TSKL_FMT "\n", lines,
                                  TSKL_ARG(d->name), TSKL_ARG(d->expected.len ? d->expected : none),
                                  TSKL_ARG(d->got.len ? d->got : none));
    }
    return tskl_slice_of(lines);
}

TEST(compare, tells_captures_apart) {
    static const struct {
        const char *captures, *told;
    } rows[] = {
        {"{\"a/b\":1,\"a/c\":\"d\"}", ""},
        {"{\"a/b\":1.0,\"a/c\":\"d\"}", ""},
        {"{\"a/b\":\"1\",\"a/c\":\"d\"}", "a/b \"1\" 1\n"},
        {"{\"a/b\":1}", "a/c - \"d\"\n"},
        {"{\"a/b\":1,\"a/c\":\"d\",\"a/e\":true}", "a/e true -\n"},
        {"{\"a/c\":\"d\",\"a/b\":1}", "order a/c a/b\n"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char *expect = tskl_arena_printf(t->arena, "{\"captures\":%s}", rows[i].captures);
        CHECK(expect);
        CHECK_TEXT(tskl_slice_of(rows[i].told), told(t, expect, RECORD("")));
    }
}

TEST(compare, takes_no_captures_for_a_pack_that_failed) {
    CHECK_TEXT(TSKL_S("packs - {\"name\":\"a\",\"result\":\"trap\",\"us\":3}\n"),
               told(t, "{\"captures\":{\"a/b\":1,\"a/c\":\"d\"}}", RECORD(",\"result\":\"trap\"")));
}

TEST(compare, tells_whole_records_apart_but_not_by_what_two_runs_need_not_share) {
    CHECK_TEXT(TSKL_S(""),
               told(t,
                    "{\"record\":{\"v\":1,\"status\":402,\"captures\":{\"a/b\":1,\"a/c\":\"d\"},"
                    "\"packs\":[{\"name\":\"a\"}]}}",
                    RECORD("")));
    CHECK_TEXT(TSKL_S("status 400 402\n"
                      "packs [{\"name\":\"a\"}] [{\"name\":\"a\",\"result\":\"trap\"}]\n"),
               told(t,
                    "{\"record\":{\"v\":1,\"status\":400,\"captures\":{\"a/b\":1,\"a/c\":\"d\"},"
                    "\"packs\":[{\"name\":\"a\"}]}}",
                    RECORD(",\"result\":\"trap\"")));
}

TEST(compare, tells_claims_by_path_that_do_not_hold) {
    static const struct {
        const char *expect, *told;
    } rows[] = {
        {"{\"paths\":{\"$.status\":402,\"$.captures['a/b']\":1}}", ""},
        {"{\"paths\":{\"$.status\":\"402\"}}", "$.status \"402\" 402\n"},
        {"{\"paths\":{\"$.captures.*\":{\"count\":2}}}", ""},
        {"{\"paths\":{\"$.captures.*\":1}}", "$.captures.* 1 [1,\"d\"]\n"},
        {"{\"paths\":{\"$.nothing\":{\"exists\":true}}}", "$.nothing {\"exists\":true} -\n"},
        {"{\"paths\":{\"$.captures['a/c']\":{\"has\":\"d\"}}}", ""},
        {"{\"captures\":{\"a/b\":1,\"a/c\":\"d\"},\"paths\":{\"$.status\":1}}", "$.status 1 402\n"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].told), told(t, rows[i].expect, RECORD("")));
}

TEST(compare, lets_no_failed_pack_hide_behind_claims_but_those_about_packs) {
    const char *record = RECORD(",\"result\":\"trap\"");
    CHECK_TEXT(TSKL_S("packs - {\"name\":\"a\",\"result\":\"trap\",\"us\":3}\n"),
               told(t, "{\"paths\":{\"$.status\":402}}", record));
    CHECK_TEXT(TSKL_S(""), told(t, "{\"paths\":{\"$.packs[0].result\":\"trap\"}}", record));
}
