// SPDX-License-Identifier: Apache-2.0
#include "config/limits.h"

// The engine reserves 64 MiB an instance; the others are where a limit stops being one.
#define LIMIT_ROW(member, most)                                                                    \
    {.key = #member,                                                                               \
     .kind = TSKL_SHAPE_COUNT,                                                                     \
     .offset = offsetof(tskl_limits, member),                                                      \
     .min = 1,                                                                                     \
     .max = most}

static const tskl_shape_row rows[] = {
    LIMIT_ROW(time_ms, 60000),   LIMIT_ROW(wall_ms, 60000), LIMIT_ROW(memory_mib, 64),
    LIMIT_ROW(output_kib, 4096), LIMIT_ROW(captures, 1024), LIMIT_ROW(log_lines, 10000),
};
const tskl_shape tskl_limits_shape = TSKL_SHAPE(rows);

static uint32_t either(uint32_t first, uint32_t second) {
    return first ? first : second;
}

static uint32_t within(uint32_t limit, uint32_t cap) {
    return cap && limit > cap ? cap : limit;
}

#define EACH_LIMIT(combine, a, b)                                                                  \
    (tskl_limits) {                                                                                \
        .time_ms = combine(a.time_ms, b.time_ms), .wall_ms = combine(a.wall_ms, b.wall_ms),        \
        .memory_mib = combine(a.memory_mib, b.memory_mib),                                         \
        .output_kib = combine(a.output_kib, b.output_kib),                                         \
        .captures = combine(a.captures, b.captures),                                               \
        .log_lines = combine(a.log_lines, b.log_lines)                                             \
    }

tskl_limits tskl_limits_or(tskl_limits first, tskl_limits second) {
    return EACH_LIMIT(either, first, second);
}

tskl_limits tskl_limits_within(tskl_limits limits, tskl_limits caps) {
    return EACH_LIMIT(within, limits, caps);
}
