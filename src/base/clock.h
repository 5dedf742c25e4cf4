// clock: what time it is, and how much work a thread has done.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_CLOCK_H
#define TSKL_BASE_CLOCK_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/** Microseconds since the epoch. */
int64_t tskl_clock_wall_us(void);
/** Microseconds of a clock that never jumps. */
int64_t tskl_clock_steady_us(void);
/** When it will be so much later, by that clock (CLOCK_MONOTONIC). */
struct timespec tskl_clock_deadline(int64_t ms);
/** Nanoseconds of processor time this thread has used. */
int64_t tskl_clock_cpu_ns(void);
#ifdef TSKL_TESTING
/** Added to the steady clock, so that a test need not wait for what takes minutes. */
extern atomic_int_least64_t tskl_clock_advanced_us;
#endif
/** "2026-11-23T02:15:04.123Z" into `room`, which has 25 bytes; the year is held within 0-9999. */
void tskl_clock_iso(int64_t wall_us, char room[25]);
/** Reads RFC 3339 ("2026-11-23T02:15:04.123456+01:00"). False: not such a time. */
bool tskl_clock_from_iso(const char *text, int64_t *wall_us);
#endif
