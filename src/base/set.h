// set: a set of small numbers, by value.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_SET_H
#define TSKL_BASE_SET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TSKL_SET_MAX = 256, TSKL_SET_WORDS = TSKL_SET_MAX / 64 };

/** Of numbers below TSKL_SET_MAX. Zeroed, it is empty. */
typedef struct tskl_set {
    uint64_t words[TSKL_SET_WORDS];
} tskl_set;

static inline void tskl_set_add(tskl_set *set, size_t number) {
    set->words[number / 64] |= UINT64_C(1) << number % 64;
}

static inline bool tskl_set_has(const tskl_set *set, size_t number) {
    return set->words[number / 64] >> number % 64 & 1;
}

static inline bool tskl_set_is_empty(const tskl_set *set) {
    uint64_t all = 0;
    for (size_t i = 0; i < TSKL_SET_WORDS; i++) all |= set->words[i];
    return all == 0;
}

static inline void tskl_set_add_all(tskl_set *set, const tskl_set *more) {
    for (size_t i = 0; i < TSKL_SET_WORDS; i++) set->words[i] |= more->words[i];
}

static inline void tskl_set_remove_all(tskl_set *set, const tskl_set *less) {
    for (size_t i = 0; i < TSKL_SET_WORDS; i++) set->words[i] &= ~less->words[i];
}

/** Removes all numbers from `end` on. */
static inline void tskl_set_cut(tskl_set *set, size_t end) {
    for (size_t i = 0; i < TSKL_SET_WORDS; i++) {
        size_t first = i * 64;
        if (end <= first)
            set->words[i] = 0;
        else if (end < first + 64)
            set->words[i] &= (UINT64_C(1) << (end - first)) - 1;
    }
}

/** The least number from `from` on, or TSKL_SET_MAX:
 *  for (size_t i = tskl_set_next(&set, 0); i < TSKL_SET_MAX; i = tskl_set_next(&set, i + 1)). */
static inline size_t tskl_set_next(const tskl_set *set, size_t from) {
    for (size_t i = from / 64; i < TSKL_SET_WORDS; i++) {
        uint64_t word = set->words[i];
        if (i == from / 64) word &= ~UINT64_C(0) << from % 64;
        if (word) return i * 64 + (size_t)__builtin_ctzll(word);
    }
    return TSKL_SET_MAX;
}
#endif
