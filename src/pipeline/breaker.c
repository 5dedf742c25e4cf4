// SPDX-License-Identifier: Apache-2.0
#include "pipeline/breaker.h"

bool tskl_breaker_lets(const tskl_breaker *breaker, int64_t now_us) {
    return now_us >= breaker->rests_until_us;
}

bool tskl_breaker_note(tskl_breaker *breaker, bool failed, int64_t now_us) {
    if (!failed) {
        breaker->failures = breaker->rest_ms = 0;
        return false;
    }
    breaker->failures++;
    // After a rest a single failure is enough for the next one.
    if (breaker->rest_ms == 0 && breaker->failures < TSKL_BREAKER_FAILURES) return false;
    uint32_t rest = breaker->rest_ms ? breaker->rest_ms * 2 : TSKL_BREAKER_FIRST_REST_MS;
    breaker->rest_ms = rest < TSKL_BREAKER_LONGEST_REST_MS ? rest : TSKL_BREAKER_LONGEST_REST_MS;
    breaker->rests_until_us = now_us + (int64_t)breaker->rest_ms * 1000;
    breaker->rests++;
    return true;
}
