// breaker: a Pack that keeps failing is rested, ever longer, so that it costs nothing meanwhile.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_BREAKER_H
#define TSKL_PIPELINE_BREAKER_H
#include <stdbool.h>
#include <stdint.h>

enum {
    TSKL_BREAKER_FAILURES = 5, // in a row
    TSKL_BREAKER_FIRST_REST_MS = 1000,
    TSKL_BREAKER_LONGEST_REST_MS = 300000,
};

/** Zeroed, it is ready to use. Its owner sees to it that one thread uses it at a time. */
typedef struct tskl_breaker {
    uint32_t failures; // in a row
    uint32_t rest_ms;  // the last rest, 0 when there was none
    int64_t rests_until_us;
    uint64_t rests; // how many there were
} tskl_breaker;

/** False while the Pack rests. After a rest one exchange is let through. */
bool tskl_breaker_lets(const tskl_breaker *breaker, int64_t now_us);
/** Notes how a run ended; true when a rest begins now, which is to be said once. */
bool tskl_breaker_note(tskl_breaker *breaker, bool failed, int64_t now_us);
#endif
