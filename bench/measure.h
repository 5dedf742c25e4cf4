// measure: ways of doing the same work, run in turns, and what each of them took.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BENCH_MEASURE_H
#define TSKL_BENCH_MEASURE_H
#include <stddef.h>

/** One way of doing the work of a row. `run` does it `times` times. */
typedef struct tskl_bench_way {
    const char *name;
    void (*run)(void *state, size_t times);
    void *state;
} tskl_bench_way;

/** What the numbers of a row are told in. */
typedef struct tskl_bench_unit {
    const char *name;
    double per_ns; // how many of it a nanosecond of one run is
} tskl_bench_unit;

extern const tskl_bench_unit tskl_bench_us, tskl_bench_ms;

/**
 * Runs all ways in turns for about `seconds` each, so that a busy moment of the machine meets all
 * of them, and prints a line for each: wall time (the tenth percentile, which disturbance hardly
 * reaches, and the median), the processor time of the whole process, and how many times the first
 * way's that is.
 */
void tskl_bench_row(const char *title, tskl_bench_unit unit, double seconds,
                    const tskl_bench_way *ways, size_t count);
/** The line above the rows. */
void tskl_bench_head(const char *topic);
#endif
