// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "recording/date.h"

TEST(date, is_read_in_every_form_that_tools_write) {
    enum { MS = 1000, SECOND = 1000 * MS };
    static const int64_t moment = 1772600767123000; // 2026-03-04T05:06:07.123Z
    static const struct {
        const char *text;
        int64_t before; // how much earlier than that
    } rows[] = {
        {"2026-03-04T05:06:07.123Z", 0},
        {"2026-03-04T05:06:07.123456789z", -456},
        {"2026-03-04T05:06:07.123", 0},
        {"2026-03-04 05:06:07.123", 0},
        {"2026-03-04 05:06:07,123", 0},
        {"2026-03-04 05:06:07.123 UTC", 0},
        {"2026-03-04T10:36:07.123+0530", 0},
        {"2026-03-04T10:36:07.123+05:30", 0},
        {"2026-03-04T06:06:07.123+01", 0},
        {"2026-03-04T06:06:07.123+01:00[Europe/Paris]", 0},
        {"2026-03-03T21:06:07.123 -0800", 0},
        {"2026/3/4 5:06:07.123", 0},
        {"20260304T050607.123Z", 0},
        {"20260304T050607Z", 123 * MS},
        {"2026-03-04T05:06Z", 7 * SECOND + 123 * MS},
        {"2026-03-04 05:06", 7 * SECOND + 123 * MS},
        {"Wed, 04 Mar 2026 05:06:07 GMT", 123 * MS},
        {"Wed, 4 Mar 2026 06:06:07 +0100", 123 * MS},
        {"04 Mar 2026 00:06:07 EST", 123 * MS},
        {"Wednesday, 04-Mar-26 05:06:07 GMT", 123 * MS},
        {"Wed Mar  4 05:06:07 2026", 123 * MS},
        {"Wed Mar 04 2026 06:06:07 GMT+0100 (Central European Standard Time)", 123 * MS},
        {"March 4, 2026 05:06:07", 123 * MS},
        {"04/Mar/2026:05:06:07 +0000", 123 * MS},
        {"1772600767123", 0},
        {" 1772600767.123 ", 0},
        {"1772600767", 123 * MS},
        {"1772600767123000", 0},
        {"1772600767123000000", 0},
        {"1.772600767123e12", 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        int64_t us;
        CHECK_SAY(tskl_date_read(tskl_slice_of(rows[i].text), &us), "row %zu: %s", i, rows[i].text);
        CHECK_SAY(us == moment - rows[i].before, "row %zu: %s: %lld", i, rows[i].text,
                  (long long)us);
    }
}

TEST(date, is_not_guessed) {
    static const char *const rows[] = {
        "",
        " ",
        "yesterday",
        "3/4/2026, 5:06:07",
        "2026-02-30T05:06:07Z",
        "2026-13-01T00:00:00Z",
        "2026-03-04T25:06:07Z",
        "2026-03-04T05:06:07.Z",
        "2026-03-04T05:06:07 XYZ",
        "2026",
        "0",
        "-1",
        "25",
        "1969-12-31T23:59:59Z",
        "2026-03-04T05",
        "Wed, 04 Mar",
        "Mar",
        "99999999999999999999999",
        "2026-03-04T05:06:07+",
        "04 Foo 2026 05:06:07 GMT",
        "NaN",
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        int64_t us = 1;
        CHECK_SAY(!tskl_date_read(tskl_slice_of(rows[i]), &us) && us == 0, "row %zu: %s", i,
                  rows[i]);
    }
}
