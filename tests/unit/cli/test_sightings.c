// SPDX-License-Identifier: Apache-2.0
#include "explain/sightings.h"
#include "harness.h"

// Adds a record as call `number`. False: no memory.
static bool add(tskl_sightings *sightings, const char *line, size_t number) {
    tskl_arena arena = {0};
    tskl_item item = {.number = number};
    tskl_explanation e;
    bool read = tskl_record_read(tskl_slice_of(line), &arena, &item.record, NULL) == TSKL_OK;
    if (read) {
        tskl_explain_record(&item, &e);
        tskl_sightings_add(sightings, &e, number, &arena);
    }
    tskl_arena_reset(&arena);
    return read;
}

#define RECORD(status, url, captures)                                                              \
    "{\"v\":1,\"time\":\"2026-03-04T05:06:07.123Z\",\"method\":\"GET\",\"url\":\"" url             \
    "\",\"status\":" #status ",\"ending\":\"done\",\"captures\":{" captures "}}"

TEST_ONCE(sightings, take_calls_that_failed_alike_for_one) {
    static const struct {
        const char *one, *two;
        bool alike;
    } rows[] = {
        {RECORD(403, "http://a/x?p=1", ""), RECORD(403, "http://a/x?p=2", ""), true},
        {RECORD(403, "http://a/x", ""), RECORD(404, "http://a/x", ""), false},
        {RECORD(403, "http://a/x", ""), RECORD(403, "http://a/y", ""), false},
        {RECORD(403, "http://a/x", ""), RECORD(403, "http://b/x", ""), false},
        {RECORD(403, "http://a/", "\"core/error\":\"request req_1 is not yours\""),
         RECORD(403, "http://a/", "\"core/error\":\"request req_29 is not yours\""), true},
        {RECORD(403, "http://a/", "\"core/error\":\"not yours\""),
         RECORD(403, "http://a/", "\"core/error\":\"not theirs\""), false},
        {RECORD(402, "http://a/", "\"s/error.code\":\"x\",\"s/request_id\":\"r1\""),
         RECORD(402, "http://a/", "\"s/error.code\":\"x\",\"s/request_id\":\"r2\""), true},
        {RECORD(402, "http://a/", "\"s/error.code\":\"x\""),
         RECORD(402, "http://a/", "\"s/error.code\":\"y\""), false},
        {RECORD(402, "http://a/", "\"s/error.code\":\"x\""),
         RECORD(402, "http://a/", "\"t/error.code\":\"x\""), false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(tskl_sightings_deinit) tskl_sightings sightings = {0};
        CHECK(add(&sightings, rows[i].one, 1) && add(&sightings, rows[i].two, 2));
        CHECK_SAY(sightings.count == (rows[i].alike ? 1 : 2), "row %zu", i);
        CHECK_ROW(i, sightings.items[0].count == (rows[i].alike ? 2 : 1));
    }
}

TEST_ONCE(sightings, name_the_calls) {
    static const struct {
        size_t numbers[20];
        const char *text;
    } rows[] = {
        {{3}, "entry 3"},
        {{3, 4}, "entries 3, 4"},
        {{1, 2, 3, 7}, "entries 1 to 3, 7"},
        {{1, 3, 5, 7, 9, 11, 13, 15}, "entries 1, 3, 5, 7, 9, 11, 13, 15"},
        {{1, 3, 5, 7, 9, 11, 13, 15, 17, 18}, "entries 1, 3, 5, 7, 9, 11, 13, 15 and more"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(tskl_sightings_deinit) tskl_sightings sightings = {0};
        char room[256];
        tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
        for (const size_t *number = rows[i].numbers; *number; number++)
            CHECK(add(&sightings, RECORD(500, "http://a/", ""), *number));
        tskl_sighting_add_numbers(&text, &sightings.items[0]);
        CHECK_TEXT(tskl_slice_of(rows[i].text), tskl_buf_slice(&text));
    }
}

TEST_ONCE(sightings, count_the_kinds_that_they_do_not_show) {
    CLEANUP(tskl_sightings_deinit) tskl_sightings sightings = {0};
    for (int status = 400; status < 400 + TSKL_SIGHTINGS_MAX + 5; status++) {
        char *line = tskl_arena_printf(
            t->arena, "{\"v\":1,\"url\":\"http://a/\",\"status\":%d,\"ending\":\"done\"}", status);
        CHECK(line && add(&sightings, line, (size_t)status));
    }
    CHECK(sightings.count == TSKL_SIGHTINGS_MAX && sightings.left_out == 5);
    CHECK(sightings.items[0].from_us == 0);
}
