// SPDX-License-Identifier: Apache-2.0
#include "config/duration.h"
#include "base/status.h"

static const struct {
    const char *name;
    uint64_t ms;
} units[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

bool tskl_duration_parse(tskl_slice text, uint64_t most_ms, uint64_t *ms) {
    size_t digits = 0;
    uint64_t number;
    *ms = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') digits++;
    if (!tskl_slice_to_u64(tskl_slice_first(text, digits), &number)) return false;
    tskl_slice unit = tskl_slice_from(text, digits);
    for (size_t i = 0; i < TSKL_COUNT(units); i++) {
        if (!tskl_slice_equal(unit, tskl_slice_of(units[i].name))) continue;
        if (number > most_ms / units[i].ms) return false;
        *ms = number * units[i].ms;
        return true;
    }
    return false;
}
