// SPDX-License-Identifier: Apache-2.0
#include "capture/capture.h"
#include "exchange/masker.h"
#include "harness.h"
#include <stdio.h>

enum { LIMIT = 128 };

#define PACK TSKL_S("stripe")

static tskl_status add(tskl_test *t, tskl_captures *captures, tskl_slice pack, const char *json,
                       size_t limit) {
    const tskl_json *object;
    TSKL_TRY(tskl_json_parse(tskl_slice_of(json), t->arena, &object, &t->err));
    return tskl_captures_add(captures, pack, object, limit, &t->err);
}

// The captures as "pack/name=text|".
static tskl_slice listed(tskl_test *t, const tskl_captures *captures) {
    tskl_buf buf = {.ptr = tskl_arena_take(t->arena, 1024), .room = 1024, .cap = 1023};
    for (size_t i = 0; buf.ptr && i < captures->count; i++)
        tskl_buf_printf(&buf, TSKL_FMT "/" TSKL_FMT "=" TSKL_FMT "|",
                        TSKL_ARG(captures->items[i].pack), TSKL_ARG(captures->items[i].name),
                        TSKL_ARG(captures->items[i].text));
    return tskl_buf_slice(&buf);
}

TEST(capture, keeps_strings_numbers_and_booleans_as_they_were_written) {
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, "{\"b\":\"x\",\"a\":402,\"ok\":false}", LIMIT));
    CHECK_TEXT(TSKL_S("stripe/b=x|stripe/a=402|stripe/ok=false|"), listed(t, &captures));
    CHECK(captures.items[0].kind == TSKL_JSON_STRING && captures.items[1].kind == TSKL_JSON_NUMBER);
    CHECK(captures.items[2].kind == TSKL_JSON_BOOL && captures.withheld == 0);
}

TEST(capture, writes_numbers_in_their_shortest_form) {
    static const struct {
        const char *number, *text;
    } rows[] = {
        {"402", "402"},
        {"1.0", "1"},
        {"1e3", "1000"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"0.10", "0.1"},
        {"12345678901234567890", "12345678901234567890"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"123456789012345678901234567890", "1.2345678901234568e29"},
        {"1E+21", "1e21"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char json[64];
        tskl_captures captures;
        tskl_captures_init(&captures, t->arena, NULL);
        snprintf(json, sizeof json, "{\"n\":%s}", rows[i].number);
        CHECK_OK(add(t, &captures, PACK, json, LIMIT));
        CHECK(captures.count == 1);
        CHECK_TEXT(tskl_slice_of(rows[i].text), captures.items[0].text);
    }
}

TEST(capture, refuses_what_is_no_name_or_no_value) {
    static const char *const rows[] = {
        "{\"\":1}",   "{\"///\":1}", "{\"a\":null}",
        "{\"a\":[]}", "{\"a\":{}}",  "{\"a\":1e400}", // more than a double holds
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_captures captures;
        tskl_captures_init(&captures, t->arena, NULL);
        CHECK_OK(add(t, &captures, PACK, rows[i], LIMIT));
        CHECK_ROW(i, captures.count == 0 && captures.withheld == 1);
    }
}

TEST(capture, takes_nothing_from_what_is_no_object) {
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, "[1]", LIMIT));
    CHECK_OK(tskl_captures_add(&captures, PACK, NULL, LIMIT, &t->err));
    CHECK(captures.count == 0 && captures.withheld == 0);
}

TEST(capture, removes_slashes_from_names) {
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, "{\"../core/status\":1}", LIMIT));
    CHECK_TEXT(TSKL_S("stripe/..corestatus=1|"), listed(t, &captures));
}

TEST(capture, cuts_names_and_values_at_a_character) {
    char json[3 * TSKL_CAPTURE_STRING_MAX], *at = json;
    at += sprintf(at, "{\"");
    for (int i = 0; i < 30; i++) at += sprintf(at, "\xe2\x82\xac");
    at += sprintf(at, "\":\"");
    for (int i = 0; i < 1000; i++) at += sprintf(at, "\xe2\x82\xac");
    sprintf(at, "\"}");
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, json, LIMIT));
    CHECK(captures.count == 1 && captures.withheld == 0);
    CHECK(captures.items[0].name.len == TSKL_CAPTURE_NAME_MAX / 3 * 3);
    CHECK(captures.items[0].text.len == TSKL_CAPTURE_STRING_MAX / 3 * 3);
}

TEST(capture, keeps_a_text_of_just_the_length_that_is_allowed) {
    char json[TSKL_CAPTURE_STRING_MAX + 16];
    int used = sprintf(json, "{\"a\":\"");
    memset(json + used, 'x', TSKL_CAPTURE_STRING_MAX);
    sprintf(json + used + TSKL_CAPTURE_STRING_MAX, "\"}");
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, json, LIMIT));
    CHECK(captures.count == 1 && captures.items[0].text.len == TSKL_CAPTURE_STRING_MAX);
}

TEST(capture, replaces_what_is_not_utf_8) {
    tskl_json value = {.kind = TSKL_JSON_STRING, .key = TSKL_S("a\xff"), .text = TSKL_S("\xc3(")};
    tskl_json object = {.kind = TSKL_JSON_OBJECT, .first = &value};
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(tskl_captures_add(&captures, PACK, &object, LIMIT, &t->err));
    CHECK_TEXT(TSKL_S("stripe/a\xef\xbf\xbd=\xef\xbf\xbd(|"), listed(t, &captures));
}

TEST(capture, replaces_the_value_of_a_name_given_again_in_its_place) {
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, "{\"a\":1,\"b\":2}", LIMIT));
    CHECK_OK(add(t, &captures, TSKL_S("core"), "{\"a\":9}", LIMIT));
    CHECK_OK(add(t, &captures, PACK, "{\"c\":3,\"a\":\"x\"}", LIMIT));
    CHECK_TEXT(TSKL_S("stripe/a=x|stripe/b=2|core/a=9|stripe/c=3|"), listed(t, &captures));
}

TEST(capture, withholds_what_is_past_a_packs_limit) {
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(add(t, &captures, PACK, "{\"a\":1,\"b\":2}", 2));
    CHECK_OK(add(t, &captures, PACK, "{\"c\":3,\"b\":4}", 2));
    CHECK_OK(add(t, &captures, TSKL_S("core"), "{\"a\":1}", 2));
    CHECK_TEXT(TSKL_S("stripe/a=1|stripe/b=4|core/a=1|"), listed(t, &captures));
    CHECK(captures.withheld == 1);
}

TEST(capture, bears_a_flood_of_names) {
    enum { NAMES = 100000, NAME_LEN = 7 };
    tskl_json *members = tskl_arena_array(t->arena, tskl_json, NAMES);
    char *names = tskl_arena_take(t->arena, NAMES * NAME_LEN + 1);
    CHECK(members && names);
    for (int i = 0; i < NAMES; i++) {
        char *name = names + i * NAME_LEN;
        sprintf(name, "n%06d", i);
        members[i] = (tskl_json){.kind = TSKL_JSON_NUMBER,
                                 .key = {name, NAME_LEN},
                                 .text = TSKL_S("1"),
                                 .next = i + 1 < NAMES ? &members[i + 1] : NULL};
    }
    tskl_json object = {.kind = TSKL_JSON_OBJECT, .first = members, .count = NAMES};
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, NULL);
    CHECK_OK(tskl_captures_add(&captures, PACK, &object, LIMIT, &t->err));
    CHECK(captures.count == LIMIT && captures.withheld == NAMES - LIMIT);
}

TEST(capture, withholds_secrets_in_names_and_values_and_counts_them) {
    static const char *const rows[] = {
        "{\"a\":\"the key hunter22\"}", "{\"a\":\"aHVudGVyMjI=\"}", // base64
        "{\"a\":\"68756e7465723232\"}",                             // hex
        "{\"a\":\"hunter%32%32\"}",     "{\"hunter22\":1}",         "{\"a\":4242424242424242}",
    };
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("hunter22")));
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("4242424242424242")));
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_captures captures;
        tskl_captures_init(&captures, t->arena, &secrets);
        CHECK_OK(add(t, &captures, PACK, rows[i], LIMIT));
        CHECK_ROW(i, captures.count == 0 && captures.withheld == 1);
    }
}

TEST(capture, withholds_a_secret_that_a_cut_would_have_halved) {
    char json[TSKL_CAPTURE_STRING_MAX + 64];
    int used = sprintf(json, "{\"a\":\"");
    memset(json + used, 'x', TSKL_CAPTURE_STRING_MAX - 4);
    sprintf(json + used + TSKL_CAPTURE_STRING_MAX - 4, "hunter22\"}");
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("hunter22")));
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, &secrets);
    CHECK_OK(add(t, &captures, PACK, json, LIMIT));
    CHECK(captures.count == 0 && captures.withheld == 1);
}

TEST(capture, keeps_the_old_value_when_the_new_one_is_withheld) {
    tskl_secrets secrets = {0};
    CHECK(tskl_secrets_add(&secrets, t->arena, TSKL_S("hunter22")));
    tskl_captures captures;
    tskl_captures_init(&captures, t->arena, &secrets);
    CHECK_OK(add(t, &captures, PACK, "{\"a\":\"x\"}", LIMIT));
    CHECK_OK(add(t, &captures, PACK, "{\"a\":\"hunter22\"}", LIMIT));
    CHECK_TEXT(TSKL_S("stripe/a=x|"), listed(t, &captures));
}
