// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "harness.h"

TEST(clock, writes_times_as_rfc_3339) {
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {1795400104123456, "2026-11-23T02:15:04.123Z"},
        {951827696000000, "2000-02-29T12:34:56.000Z"},
        {253402300799999999, "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {-5, "1970-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        char room[25];
        tskl_clock_iso(rows[i].us, room);
        CHECK_SAY(strcmp(room, rows[i].text) == 0, "row %zu: %s", i, room);
    }
}

TEST(clock, reads_rfc_3339_with_any_zone) {
    static const struct {
        const char *text;
        bool taken;
        int64_t us;
    } rows[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"2026-11-23T02:15:04.123456Z", true, 1795400104123456},
        {"2026-11-23T03:15:04.1234567+01:00", true, 1795400104123456},
        {"2026-11-22T20:45:04.1-05:30", true, 1795400104100000},
        {"2000-02-29T12:34:56z", true, 951827696000000},
        {"2026-02-29T00:00:00Z", false, 0},
        {"2026-04-31T00:00:00Z", false, 0},
        {"2026-13-01T00:00:00Z", false, 0},
        {"2026-11-23T24:00:00Z", false, 0},
        {"2026-11-23T02:15:04", false, 0},
        {"2026-11-23T02:15:04+1:00", false, 0},
        {"2026-11-23T02:15:04+ 1:00", false, 0},
        {"2026-11-23T02:15:04Zx", false, 0},
        {"2026-11-23 02:15", false, 0},
        {" 2026-11-23T02:15:04Z", false, 0},
        {"2026-1-23T02:15:04Z", false, 0},
        {"2026-+1-23T02:15:04Z", false, 0},
        {"2026-11-23T02:15:04.Z", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        int64_t us = 7;
        CHECK_ROW(i, tskl_clock_from_iso(rows[i].text, &us) == rows[i].taken);
        CHECK_SAY(us == rows[i].us, "row %zu: %lld", i, (long long)us);
    }
}

TEST(clock, reads_what_it_writes) {
    for (int64_t us = 0; us < INT64_C(253402300799999000); us += INT64_C(86399999000) * 97) {
        char room[25];
        int64_t back;
        tskl_clock_iso(us, room);
        CHECK_SAY(tskl_clock_from_iso(room, &back) && back == us, "%s", room);
    }
}

TEST(clock, goes_on) {
    int64_t steady = tskl_clock_steady_us(), cpu = tskl_clock_cpu_ns();
    CHECK(tskl_clock_wall_us() > INT64_C(1700000000000000));
    CHECK(tskl_clock_steady_us() >= steady && tskl_clock_cpu_ns() >= cpu);
}
