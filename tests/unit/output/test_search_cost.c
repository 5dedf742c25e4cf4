// What it costs to look for secrets in captures and recordings beside an answer's cookies that
// nearly fit them everywhere: counted in steps, of which each byte takes a few.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"
#include "exchange/search_steps.h"
#include "output/har.h"
#include "output/story.h"
#include <stdio.h>

enum {
    STEPS_A_BYTE = 20,
    BUILDING = TSKL_SECRETS_MAX * 64 * 3 * 4, // once for an exchange
    BODY = 256 * 1024,
    VALUE = 16 * 1024,
    VALUES = 64,
};

static const char *const units[] = {"a", "41", "%61", "&amp;", "\\", "\\u0061", "YWFh", "a\\"};

static void repeat(char *text, size_t len, const char *unit) {
    for (size_t i = 0, at = 0; i < len; i++, at = unit[at + 1] ? at + 1 : 0) text[i] = unit[at];
    text[len] = 0;
}

// As many cookies as there are places: each of `unit`, and then something else.
static bool add_cookies(story *s, tskl_arena *arena, const char *unit) {
    for (size_t i = 0; i < TSKL_SECRETS_MAX; i++) {
        char cookie[65];
        size_t len = 64 - i % 55;
        repeat(cookie, len, unit);
        cookie[len - 1] = "#$("[i / 55];
        if (!tskl_secrets_add(&s->view.secrets, arena, tskl_slice_of(cookie))) return false;
    }
    return true;
}

// An object of VALUES strings, each of `len` bytes of `unit`.
static tskl_json *many_values(tskl_arena *arena, const char *unit, size_t len, size_t count) {
    tskl_json *object = tskl_arena_new(arena, tskl_json), *members;
    members = tskl_arena_array(arena, tskl_json, count);
    char *text = tskl_arena_take(arena, len + 1);
    if (!object || !members || !text) return NULL;
    repeat(text, len, unit);
    for (size_t i = 0; i < count; i++) {
        const char *name = tskl_arena_printf(arena, "value.%zu", i);
        members[i].kind = TSKL_JSON_STRING;
        members[i].key = tskl_slice_of(name);
        members[i].text = (tskl_slice){text, len};
        members[i].next = i + 1 < count ? &members[i + 1] : NULL;
    }
    object->kind = TSKL_JSON_OBJECT;
    object->first = members;
    return object;
}

// The steps that it takes to add these captures.
static uint64_t steps_of(story *s, const tskl_json *values, size_t limit) {
    tskl_captures captures;
    tskl_captures_init(&captures, s->captures.arena, &s->view.secrets);
    uint64_t before = tskl_search_steps;
    tskl_captures_add(&captures, TSKL_S("stripe"), values, limit, NULL);
    return tskl_search_steps - before;
}

TEST_ONCE(search_cost, of_captures_is_in_proportion_to_them_and_that_of_one_search) {
    static const struct {
        size_t length, count;
    } rows[] = {{VALUE, VALUES}, {64, 1000}};
    for (size_t i = 0; i < TSKL_COUNT(units) * TSKL_COUNT(rows); i++) {
        const char *unit = units[i / TSKL_COUNT(rows)];
        size_t length = rows[i % TSKL_COUNT(rows)].length, count = rows[i % TSKL_COUNT(rows)].count;
        story *s = story_new(t);
        CHECK(s && add_cookies(s, t->arena, unit));
        const tskl_json *values = many_values(t->arena, unit, length, count);
        CHECK(values);
        CHECK_ROW(i, steps_of(s, values, count) <= STEPS_A_BYTE * length * count + BUILDING);
        tskl_arena_reuse(t->arena);
    }
}

// The body, and headers of which each is searched by itself.
TEST_ONCE(search_cost, of_a_recording_is_in_proportion_to_it) {
    enum { HEADERS = 8, HEADER = 4096 };
    for (size_t i = 0; i < TSKL_COUNT(units); i++) {
        story *s = story_new(t);
        char *body = tskl_arena_take(t->arena, BODY + 1);
        char header[HEADER + 1];
        tskl_buf entry;
        CHECK(s && body && add_cookies(s, t->arena, units[i]));
        repeat(body, BODY, units[i]);
        repeat(header, HEADER, units[i]);
        for (int h = 0; h < HEADERS; h++) story_header(s, true, "location", header);
        story_body(s, true, (tskl_slice){body, BODY});
        tskl_buf_init(&entry, 16 << 20);
        uint64_t before = tskl_search_steps;
        tskl_har_add_entry(&entry, &s->record);
        uint64_t steps = tskl_search_steps - before;
        bool whole = !entry.failed && entry.len > BODY;
        tskl_buf_deinit(&entry);
        CHECK_ROW(i, whole);
        CHECK_ROW(i, steps <= STEPS_A_BYTE * (BODY + (HEADERS + 2) * HEADER) + BUILDING);
        tskl_arena_reuse(t->arena);
    }
}
