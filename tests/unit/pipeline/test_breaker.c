// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "pipeline/breaker.h"

enum { SECOND = 1000000 };

// What happens to one Pack, in the order of time.
typedef struct event {
    int64_t at_s;
    enum { FAILS, WORKS, IS_LET, IS_NOT_LET } what;
    bool rests; // with FAILS: a rest begins
} event;

static bool follows(tskl_breaker *breaker, const event *next) {
    int64_t now_us = next->at_s * SECOND;
    switch (next->what) {
    case FAILS:
    case WORKS: return tskl_breaker_note(breaker, next->what == FAILS, now_us) == next->rests;
    case IS_LET: return tskl_breaker_lets(breaker, now_us);
    case IS_NOT_LET: break;
    }
    return !tskl_breaker_lets(breaker, now_us);
}

TEST(breaker, rests_a_pack_after_five_failures_running) {
    static const event events[] = {
        {0, IS_LET, false}, {0, FAILS, false},      {0, FAILS, false},
        {0, FAILS, false},  {0, FAILS, false},      {0, IS_LET, false},
        {0, FAILS, true},   {0, IS_NOT_LET, false}, {1, IS_LET, false},
    };
    tskl_breaker breaker = {0};
    for (size_t i = 0; i < TSKL_COUNT(events); i++) CHECK_ROW(i, follows(&breaker, &events[i]));
    CHECK(breaker.rests == 1);
}

TEST(breaker, counts_failures_running_only) {
    tskl_breaker breaker = {0};
    for (int round = 0; round < 10; round++) {
        for (int i = 1; i < TSKL_BREAKER_FAILURES; i++)
            CHECK(!tskl_breaker_note(&breaker, true, 0));
        CHECK(!tskl_breaker_note(&breaker, false, 0));
    }
    CHECK(breaker.rests == 0);
}

TEST(breaker, rests_twice_as_long_each_time_until_the_pack_works) {
    static const event events[] = {
        {0, FAILS, true}, // the fifth
        {1, FAILS, true}, // one is let through after the rest, and is enough
        {2, IS_NOT_LET, false}, {3, IS_LET, false}, {3, FAILS, true},  {6, IS_NOT_LET, false},
        {7, IS_LET, false},     {7, WORKS, false},  {7, FAILS, false}, {7, IS_LET, false},
        {7, FAILS, false},      {7, FAILS, false},  {7, FAILS, false}, {7, FAILS, true},
        {7, IS_NOT_LET, false}, {8, IS_LET, false},
    };
    tskl_breaker breaker = {.failures = TSKL_BREAKER_FAILURES - 1};
    for (size_t i = 0; i < TSKL_COUNT(events); i++) CHECK_ROW(i, follows(&breaker, &events[i]));
}

TEST(breaker, never_rests_a_pack_longer_than_five_minutes) {
    tskl_breaker breaker = {.failures = TSKL_BREAKER_FAILURES - 1};
    int64_t now_us = 0;
    for (int i = 0; i < 40; i++) {
        CHECK(tskl_breaker_note(&breaker, true, now_us));
        now_us = breaker.rests_until_us;
        CHECK(tskl_breaker_lets(&breaker, now_us));
    }
    CHECK(breaker.rest_ms == TSKL_BREAKER_LONGEST_REST_MS && breaker.rests == 40);
}
