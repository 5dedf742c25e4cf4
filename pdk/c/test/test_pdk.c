// test_pdk: what the kit promises to who writes Packs, built natively.
// SPDX-License-Identifier: Apache-2.0
#include "fake_host.h"
#include "good_json.h"
#include <stdio.h>

static int failures;

static void check(bool holds, int line, const char *what) {
    if (holds) return;
    failures++;
    fprintf(stderr, "test_pdk.c:%d: %s\n", line, what);
}
#define CHECK(condition) check((condition), __LINE__, #condition)

static void check_same(const char *got, const char *expected, int line) {
    if (got && strcmp(got, expected) == 0) return;
    failures++;
    fprintf(stderr, "test_pdk.c:%d: got      %s\n    expected %s\n", line, got ? got : "nothing",
            expected);
}
#define CHECK_SAME(got, expected) check_same((got), (expected), __LINE__)

// A text as the kit's own: exactly as long as it says, so that a sanitizer sees who reads past it.
static tskl_json text_of(const char *bytes) {
    char *text = tskl_text_alloc(strlen(bytes));
    memcpy(text, bytes, strlen(bytes));
    return (tskl_json){tskl_skip_space(text)};
}

// What a hook reports that captures "v" of an input {"v": ...}.
static const char *captured(const char *value) {
    static const char *const wanted[] = {"v"};
    static char input[8192];
    tskl_json v[1];
    snprintf(input, sizeof input, "{\"v\":%s}", value);
    host_reset(input, strlen(input));
    tskl_input(wanted, v, 1);
    tskl_capture("v", v[0]);
    tskl_done();
    return host_output;
}

static void picks_by_names_that_stand_in_a_tree(void) {
    enum { A, B, C, LIST, ITEM, D, HEADERS, X_ID, LAST, WANTED };
    static const char *const wanted[WANTED] = {
        [A] = "a",       [B] = " b",  [C] = "  c",           [LIST] = "list",
        [ITEM] = " 0",   [D] = "  d", [HEADERS] = "headers", [X_ID] = " x-id",
        [LAST] = "last",
    };
    tskl_json v[WANTED];
    tskl_pick(text_of("{ \"z\" : [{\"a\":1}], \"a\":{\"c\":0,\"b\":{\"b\":1,\"c\":\"yes\"}},"
                      "\"list\":[{\"d\":7},{\"d\":8}],"
                      "\"headers\":[[\"a\",\"1\"],[\"x-id\", \"r1\"],[\"x-id\",\"r2\"]],"
                      "\"last\":true}"),
              wanted, v, WANTED);
    CHECK(*v[A].at == TSKL_OBJECT && *v[LIST].at == TSKL_ARRAY);
    CHECK(tskl_is(v[C], "yes"));
    CHECK(tskl_count(v[D], -1) == 7);
    CHECK(tskl_is(v[X_ID], "r1"));
    CHECK(*v[LAST].at == TSKL_TRUE);
}

static void takes_the_first_of_two_members(void) {
    CHECK(tskl_count(tskl_get(text_of("{\"a\":1,\"a\":2}"), "a"), -1) == 1);
}

static void finds_nothing_where_something_else_stands(void) {
    enum { A, B, WANTED };
    static const char *const wanted[WANTED] = {[A] = "a", [B] = " b"};
    static const char *const texts[] = {
        "",
        " ",
        "null",
        "\"a\"",
        "12",
        "[1,2]",
        "{}",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":[1]}",
        "{\"a\":null}",
        "{\"a\":\"b\"",
        "[[\"a\"]]",
        "[[\"a\",",
        "{\"a\":{",
        "{,,,}",
        "{\"a\":{\"b\"",
        "]",
        "}{",
        "[[[[[[[",
        "{\"a\":{:",
        "{\"\\",
        "{\"a\\\"",
        "[\"a\",\"b\"]",
        "[,\"a\"]",
    };
    for (size_t i = 0; i < TSKL_COUNT(texts); i++) {
        tskl_json v[WANTED];
        tskl_pick(text_of(texts[i]), wanted, v, WANTED);
        CHECK(!tskl_is_set(v[B]));
        CHECK(tskl_count(v[A], -1) == -1);
    }
}

static void reads_on_behind_what_it_skips(void) {
    static const char *const texts[] = {
        "{\"x\":\"a long string with \\\"quotes\\\" and a brace }\",\"a\":5}",
        "{\"x\":\"\\\\\",\"a\":5}",
        "{\"x\":[[{\"a\":1},\"]\"],{}],\"a\":5}",
        "{\"x\":-1.5e+10,\"a\":5}",
        "{\"x\":{\"y\":{\"z\":[]}} , \"a\" : 5 }",
        "{\"x\":\"1234567\",\"y\":\"12345678\",\"z\":\"123456789\",\"a\":5}",
        "\n\t{\r\n\"x\":null,\n\"a\":5}",
    };
    for (size_t i = 0; i < TSKL_COUNT(texts); i++)
        CHECK(tskl_count(tskl_get(text_of(texts[i]), "a"), -1) == 5);
}

static void walks_a_nesting_of_any_depth(void) {
    enum { DEPTH = 200000 };
    char *text = tskl_text_alloc(2 * DEPTH + 12);
    memcpy(text, "{\"x\":", 5);
    memset(text + 5, '[', DEPTH);
    memset(text + 5 + DEPTH, ']', DEPTH);
    memcpy(text + 5 + 2 * DEPTH, ",\"a\":5}", 7);
    CHECK(tskl_count(tskl_get((tskl_json){text}, "a"), -1) == 5);
}

static void walks_members_pairs_and_items(void) {
    static const struct {
        const char *text, *names, *values;
    } rows[] = {
        {"{\"a\":1,\"b\":2}", "ab", "12"},
        {"[[\"a\",\"1\"],[\"b\",\"2\"]]", "ab", "\"\""},
        {"[1,\"x\",[2],{}]", "----", "1\"[{"},
        {"[1,,2]", "-", "1"},
        {"[1", "-", "1"},
        {"{\"a\":1 \"b\":2}", "a", "1"},
        {"7", "", ""},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char names[16] = "", values[16] = "";
        size_t count = 0;
        for (tskl_walk it = tskl_walk_of(text_of(rows[i].text)); tskl_next(&it) && count < 15;) {
            names[count] = *it.name.at ? it.name.at[1] : '-';
            values[count++] = *it.value.at;
        }
        CHECK_SAME(names, rows[i].names);
        CHECK_SAME(values, rows[i].values);
    }
}

static void compares_strings_whole(void) {
    CHECK(tskl_is(text_of("\"card_error\""), "card_error"));
    CHECK(!tskl_is(text_of("\"card_error2\""), "card_error"));
    CHECK(!tskl_is(text_of("\"card\""), "card_error"));
    CHECK(!tskl_is(text_of("\"card_error"), "card_error"));
    CHECK(!tskl_is(text_of("card_error"), "card_error"));
    CHECK(!tskl_is(TSKL_NOTHING, ""));
    CHECK(tskl_is(text_of("\"\""), ""));
}

static void counts_only_what_is_a_whole_number(void) {
    static const struct {
        const char *text;
        int64_t count;
    } rows[] = {
        {"[0]", 0},
        {"[42 ]", 42},
        {"[\"42\"]", 42},
        {"[-1]", -9},
        {"[1.5]", -9},
        {"[1e3]", -9},
        {"[\"1x\"]", -9},
        {"[\"\"]", -9},
        {"[12a]", -9},
        {"[\"12]", -9},
        {"[true]", -9},
        {"[null]", -9},
        {"[[1]]", -9},
        {"[]", -9},
        {"[999999999999999]", 999999999999999},
        {"[9999999999999999]", -9},
        {"[123456789012345678901234567890]", -9},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_json first = tskl_get(text_of(rows[i].text), "0");
        CHECK(tskl_count(first, -9) == rows[i].count);
    }
}

static void reads_durations(void) {
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"\"12ms\"", 12},
        {"\"1s\"", 1000},
        {"\"6m0s\"", 360000},
        {"\"1h30m\"", 5400000},
        {"\"59.95s\"", 59950},
        {"\"1m26.4s\"", 86400},
        {"\"0s\"", 0},
        {"\"20\"", 20000},
        {"\"1.5\"", 1500},
        {"\"1.2345s\"", 1234},
        {"\"\"", -1},
        {"\"-1\"", -1},
        {"\"1x\"", -1},
        {"\"soon\"", -1},
        {"\"1 s\"", -1},
        {"\"5", -1},
        {"5", -1},
        {"\"99999999999999999999s\"", -1},
        {"\"1..5s\"", 1500},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK(tskl_duration_ms(text_of(rows[i].text)) == rows[i].ms);
}

static void reads_when_to_come_back(void) {
    static const struct {
        const char *text;
        int64_t now_ms, ms;
    } rows[] = {
        {"\"120\"", 0, 120000},
        {"\"Sun, 06 Nov 1994 08:49:37 GMT\"", 784111777000, 0},
        {"\"Sun, 06 Nov 1994 08:49:37 GMT\"", 784111776500, 500},
        {"\"Sun, 06 Nov 1994 08:49:37 GMT\"", 784111778000, 0},
        {"\"Thu, 29 Feb 2024 23:59:59 GMT\"", 1709251198000, 1000},
        {"\"Fri, 01 Mar 2024 00:00:00 GMT\"", 1709251199000, 1000},
        {"\"Wed, 31 Dec 2098 00:00:00 GMT\"", 4070822400000, 0},
        {"\"Fri, 02 Jan 2026 03:04:35 GMT\"", 1767323045000, 30000},
        {"\"Sun, 06 Nov 1994 08:49:37 GMT\"", -1, -1},
        {"\"Sun, 06 Nov 1994 08:49:3x GMT\"", 0, -1},
        {"\"Sun, 06 Nov 1994 08:49:37 GM\"", 0, -1},
        {"\"Sun, 06 Nox 1994 08:49:37 GMT\"", 0, -1},
        {"\"Sunday, 06-Nov-94 08:49:37 GMT\"", 0, -1},
        {"\"-5\"", 0, -1},
        {"null", 0, -1},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK(tskl_retry_after_ms(text_of(rows[i].text), rows[i].now_ms) == rows[i].ms);
}

static void captures_values_as_they_stand(void) {
    CHECK_SAME(captured("\"caf\\u00e9 \\\"x\\\" \\\\ \\n\""),
               "{\"capture\":{\"v\":\"caf\\u00e9 \\\"x\\\" \\\\ \\n\"}}");
    CHECK_SAME(captured("-12.50e3"), "{\"capture\":{\"v\":-12.50e3}}");
    CHECK_SAME(captured("true"), "{\"capture\":{\"v\":true}}");
    CHECK_SAME(captured("false"), "{\"capture\":{\"v\":false}}");
}

static void captures_nothing_of_what_is_no_value(void) {
    static const char *const values[] = {"null", "\"\"", "{}", "[1]", "{\"a\":1}", "[\"x\"]"};
    for (size_t i = 0; i < TSKL_COUNT(values); i++)
        CHECK_SAME(captured(values[i]), "{\"capture\":{}}");
}

static void leaves_out_a_string_that_is_too_long(void) {
    static char input[40000];
    static const char *const wanted[] = {"v", "w"};
    tskl_json v[2];
    int length = snprintf(input, sizeof input, "{\"v\":\"%0*d\",\"w\":1}", TSKL_STRING_MAX + 1, 7);
    host_reset(input, (size_t)length);
    tskl_input(wanted, v, 2);
    tskl_capture("v", v[0]);
    tskl_capture("w", v[1]);
    tskl_done();
    CHECK_SAME(host_output, "{\"capture\":{\"w\":1}}");
}

static void sends_nothing_when_the_output_did_not_fit(void) {
    static const char *const wanted[] = {"v"};
    const char *input = "{\"v\":\"0123456789\"}";
    tskl_json v[1];
    host_reset(input, strlen(input));
    tskl_input(wanted, v, 1);
    for (int i = 0; i < 5000; i++) tskl_capture("v", v[0]);
    CHECK(tskl_done() == 0);
    CHECK(!host_output);
}

static void captures_words_counts_and_texts(void) {
    host_reset("{}", 2);
    tskl_json none[1];
    static const char *const wanted[] = {"x"};
    tskl_input(wanted, none, 1);
    tskl_capture_word("a", "word");
    tskl_capture_bool("b", false);
    tskl_capture_count("c", 0);
    tskl_capture_count("d", -1);
    tskl_capture_count("e", 9007199254740993);
    tskl_capture_text("f", "a \"text\"\n\xc3\xa9\xff\\");
    tskl_done();
    CHECK_SAME(host_output,
               "{\"capture\":{\"a\":\"word\",\"b\":false,\"c\":0,\"e\":9007199254740993,"
               "\"f\":\"a  text  \xc3\xa9  \"}}");
}

static void keeps_what_it_picked_in_the_same_shape(void) {
    enum { A, B, C, D, E, WANTED };
    static const char *const wanted[WANTED] = {
        [A] = "a", [B] = " b", [C] = "  c", [D] = " d", [E] = "e"};
    const char *input = "{\"a\":{\"d\":true,\"b\":{\"c\":\"x\"}},\"e\":5}";
    tskl_json v[WANTED], again[WANTED];
    host_reset(input, strlen(input));
    tskl_input(wanted, v, WANTED);
    tskl_capture_word("w", "x");
    tskl_keep_all(wanted, v, WANTED);
    tskl_done();
    CHECK_SAME(host_output, "{\"capture\":{\"w\":\"x\"},\"context\":{\"a\":{\"b\":{\"c\":\"x\"},"
                            "\"d\":true},\"e\":5}}");
    tskl_pick(tskl_get(text_of(host_output), "context"), wanted, again, WANTED);
    CHECK(tskl_is(again[C], "x") && *again[D].at == TSKL_TRUE && tskl_count(again[E], 0) == 5);
}

static void keeps_single_values(void) {
    host_reset("{\"v\":1}", 7);
    tskl_json v[1];
    static const char *const wanted[] = {"v"};
    tskl_input(wanted, v, 1); // seven bytes: too few to be loaded, and no hook has so few
    CHECK(!*v[0].at);
    tskl_keep("k", text_of("7,"));
    tskl_keep("l", text_of("\"x\" "));
    tskl_done();
    CHECK_SAME(host_output, "{\"capture\":{},\"context\":{\"k\":7,\"l\":\"x\"}}");
}

static void copies_input_of_any_length(void) {
    static const char *const wanted[] = {"v"};
    for (size_t pad = 0; pad < 40; pad++) {
        char input[128];
        tskl_json v[1];
        int length = snprintf(input, sizeof input, "{\"p\":\"%.*s\",\"v\":\"end\"}", (int)pad,
                              "0123456789012345678901234567890123456789");
        host_reset(input, (size_t)length);
        tskl_input(wanted, v, 1);
        CHECK(tskl_is(v[0], "end"));
    }
}

static void reads_json_that_was_cut_off_in_a_string(void) {
    enum { ERROR, CODE, TEXT, N, WANTED };
    static const char *const wanted[WANTED] = {
        [ERROR] = "error", [CODE] = " code", [TEXT] = " text", [N] = " n"};
    tskl_json v[WANTED];
    tskl_pick(tskl_unwrap(text_of("\"{\\\"error\\\":{\\n\\\"code\\\":\\\"c\\\\u00e91\\\","
                                  "\\u0022n\\u0022:12,\\\"text\\\":\\\"cut he\"")),
              wanted, v, WANTED);
    CHECK(strncmp(v[CODE].at, "\"c\\u00e91\"", 10) == 0);
    CHECK(tskl_count(v[N], -1) == 12);
    host_reset("{        }", 10);
    static const char *const none[] = {"x"};
    tskl_json nothing[1];
    tskl_json cut = v[TEXT], n = v[N], code = v[CODE];
    (void)cut, (void)n, (void)code; // the heap is reset with the next hook: not used behind it
    tskl_input(none, nothing, 1);
    tskl_pick(tskl_unwrap(text_of("\"{\\\"error\\\":{\\\"n\\\":12,\\\"text\\\":\\\"cut he\"")),
              wanted, v, WANTED);
    tskl_capture_all("", wanted, v, CODE, WANTED);
    tskl_done();
    CHECK_SAME(host_output, "{\"capture\":{\"n\":12}}");
}

static void leaves_alone_what_is_not_wrapped(void) {
    tskl_json text = text_of("\"plain\""), object = text_of("{}");
    CHECK(tskl_unwrap(text).at == text.at);
    CHECK(tskl_unwrap(object).at == object.at);
}

static void cleans_texts_of_its_own(void) {
    static const char *const texts[] = {
        "{\"v\":\"a\\x\"}",
        "{\"v\":\"\xff\xc3\"}",
        "{\"v\":\"line\nbreak\"}",
        "{\"v\":1.2.3}",
        "{\"v\":01}",
        "{\"v\":tru}",
        "{\"v\":\"\\u12\"}",
        "{\"v\":-}",
        "{\"v\"::}",
        "{\"v\":]",
        "{\"v\":1true}",
        "{\"v\":\"\\",
        "{\"v\":\"\\u12",
        "{\"v\":\"\xed\xa0\x80\"}",
        "{\"v\":nope}",
    };
    static const char *const wanted[] = {"v"};
    for (size_t i = 0; i < TSKL_COUNT(texts); i++) {
        tskl_json v[1], none[1];
        host_reset("{        }", 10);
        tskl_input(wanted, none, 1);
        tskl_pick(tskl_read((char *)text_of(texts[i]).at), wanted, v, 1);
        tskl_capture("v", v[0]);
        tskl_done();
        CHECK(host_output && is_good_json(host_output));
    }
}

static void says_what_a_status_means(void) {
    static const struct {
        int status;
        const char *class, *advice;
    } rows[] = {
        {400, "invalid", "fix"},    {401, "auth", "reauth"},   {402, "quota", "pay"},
        {403, "permission", "fix"}, {404, "not_found", "fix"}, {408, "timeout", "yes"},
        {409, "conflict", "yes"},   {410, "not_found", "fix"}, {418, "invalid", "fix"},
        {424, "server", "yes"},     {429, "rate", "yes"},      {500, "server", "yes"},
        {503, "overloaded", "yes"}, {504, "timeout", "yes"},   {529, "overloaded", "yes"},
        {599, "server", "yes"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_verdict verdict = tskl_verdict_of(tskl_class_of_status(rows[i].status));
        CHECK_SAME((const char *)&tskl_class_words + verdict.class, rows[i].class);
        CHECK_SAME((const char *)&tskl_advice_words + verdict.advice, rows[i].advice);
    }
    CHECK(tskl_class_of_status(200) == TSKL_CLASS_NONE && tskl_class_of_status(0) == 0);
    CHECK(tskl_verdict_of(TSKL_CLASS_NONE).advice == TSKL_ADVICE_NONE);
}

static void heeds_what_the_service_says(void) {
    static const struct {
        unsigned class;
        const char *should_retry;
        int64_t after_ms;
        const char *advice;
    } rows[] = {
        {TSKL_CLASS_SERVER, "\"false\"", 5, "no"},    {TSKL_CLASS_SERVER, "", 5, "after"},
        {TSKL_CLASS_SERVER, "", -1, "yes"},           {TSKL_CLASS_INVALID, "\"true\"", -1, "yes"},
        {TSKL_CLASS_INVALID, "\"true\"", 0, "after"}, {TSKL_CLASS_INVALID, "\"false\"", 5, "fix"},
        {TSKL_CLASS_QUOTA, "\"true\"", 5, "pay"},     {TSKL_CLASS_SERVER, "\"maybe\"", -1, "yes"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_verdict verdict = tskl_verdict_of(rows[i].class);
        tskl_heed(&verdict, text_of(rows[i].should_retry), rows[i].after_ms);
        CHECK_SAME((const char *)&tskl_advice_words + verdict.advice, rows[i].advice);
    }
}

static void speaks_to_the_host(void) {
    host_reset("", 0);
    CHECK(tskl_fail("it broke") == 1);
    CHECK_SAME(host_error, "it broke");
    tskl_log(extism_log_info, "a line");
    CHECK_SAME(host_log, "a line");
    CHECK_SAME(tskl_extism_config("key"), "key");
    CHECK_SAME(tskl_extism_config(""), "");
}

int main(void) {
    picks_by_names_that_stand_in_a_tree();
    takes_the_first_of_two_members();
    finds_nothing_where_something_else_stands();
    reads_on_behind_what_it_skips();
    walks_a_nesting_of_any_depth();
    walks_members_pairs_and_items();
    compares_strings_whole();
    counts_only_what_is_a_whole_number();
    reads_durations();
    reads_when_to_come_back();
    captures_values_as_they_stand();
    captures_nothing_of_what_is_no_value();
    leaves_out_a_string_that_is_too_long();
    sends_nothing_when_the_output_did_not_fit();
    captures_words_counts_and_texts();
    keeps_what_it_picked_in_the_same_shape();
    keeps_single_values();
    copies_input_of_any_length();
    reads_json_that_was_cut_off_in_a_string();
    leaves_alone_what_is_not_wrapped();
    cleans_texts_of_its_own();
    says_what_a_status_means();
    heeds_what_the_service_says();
    speaks_to_the_host();
    tskl_heap_reset();
    host_reset("", 0);
    if (failures == 0) puts("test_pdk: all holds");
    return failures > 0;
}
