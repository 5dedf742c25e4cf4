// SPDX-License-Identifier: Apache-2.0
#include "measure.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    MOST_WAYS = 4,
    MOST_ROUNDS = 1000,
    FEWEST_ROUNDS = 9,
    TURN_NS = 4000000, // long beside a clock's reading, short beside the machine's moods
};

typedef struct tally {
    double wall_ns[MOST_ROUNDS]; // of one run, in each round
    double cpu_ns;               // of all runs
    size_t times, runs;          // in one turn, in all
} tally;

const tskl_bench_unit tskl_bench_us = {"us", 1e-3}, tskl_bench_ms = {"ms", 1e-6};

static double clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

// Doubles the turn until it is long enough; that warms the caches as well.
static size_t times_of_a_turn(const tskl_bench_way *way) {
    for (size_t times = 1;; times *= 2) {
        double start = clock_ns(CLOCK_MONOTONIC);
        way->run(way->state, times);
        if (clock_ns(CLOCK_MONOTONIC) - start > (double)TURN_NS / 2) return times;
    }
}

static double take_turn(const tskl_bench_way *way, tally *taken, size_t round) {
    double cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), start = clock_ns(CLOCK_MONOTONIC);
    way->run(way->state, taken->times);
    double wall = clock_ns(CLOCK_MONOTONIC) - start;
    taken->cpu_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    taken->runs += taken->times;
    taken->wall_ns[round] = wall / (double)taken->times;
    return wall;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const tskl_bench_way *way, const tally *taken, const tally *first, size_t rounds,
                  tskl_bench_unit unit) {
    double p10 = taken->wall_ns[rounds / 10], median = taken->wall_ns[rounds / 2];
    double cpu = taken->cpu_ns / (double)taken->runs;
    printf("  %-38s %9.2f %9.2f %9.2f %s", way->name, p10 * unit.per_ns, median * unit.per_ns,
           cpu * unit.per_ns, unit.name);
    if (taken != first)
        printf("   %6.1f x %6.1f x", p10 / first->wall_ns[rounds / 10],
               cpu / (first->cpu_ns / (double)first->runs));
    printf("\n");
}

void tskl_bench_head(const char *topic) {
    printf("\n%-40s %9s %9s %9s      %8s %8s\n", topic, "wall p10", "median", "CPU", "p10", "CPU");
}

void tskl_bench_row(const char *title, tskl_bench_unit unit, double seconds,
                    const tskl_bench_way *ways, size_t count) {
    static tally all[MOST_WAYS];
    double spent = 0;
    size_t rounds = 0;
    for (size_t i = 0; i < count; i++) all[i] = (tally){.times = times_of_a_turn(&ways[i])};
    while (rounds < MOST_ROUNDS &&
           (rounds < FEWEST_ROUNDS || spent < seconds * 1e9 * (double)count)) {
        for (size_t i = 0; i < count; i++) spent += take_turn(&ways[i], &all[i], rounds);
        rounds++;
    }
    printf("%s\n", title);
    for (size_t i = 0; i < count; i++) {
        qsort(all[i].wall_ns, rounds, sizeof(double), compare);
        print(&ways[i], &all[i], &all[0], rounds, unit);
    }
    fflush(stdout);
}
