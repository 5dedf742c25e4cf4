// naive_pattern: expressions matched as one would write it down, to compare the real matcher with.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_NAIVE_PATTERN_H
#define TSKL_TESTS_NAIVE_PATTERN_H
#include "base/slice.h"

enum { NAIVE_HOST_MAX = 60 };

/** Writes an expression made of a, b, '.', [ab], [^a], groups, '|', '*', '+', '?' and {m,n}, chosen
 * by
 *  `*seed`. `room` has 200 bytes. */
tskl_slice naive_pattern_make(uint32_t *seed, char room[200]);
/** Whether it takes all of `host`, which has NAIVE_HOST_MAX bytes at most. */
bool naive_pattern_takes(tskl_slice pattern, tskl_slice host);
/** The next number below `end`. */
uint32_t naive_next(uint32_t *seed, uint32_t end);
#endif
