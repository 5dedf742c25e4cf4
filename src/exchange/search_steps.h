// search_steps: the work that a search does, for tests that count it in place of time.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_SEARCH_STEPS_H
#define TSKL_EXCHANGE_SEARCH_STEPS_H
#include <stdint.h>

/** Symbols read, states met and places looked at since the thread began. */
#ifdef TSKL_TESTING
extern _Thread_local uint64_t tskl_search_steps;
#define TSKL_SEARCH_STEP() ((void)tskl_search_steps++)
#else
#define TSKL_SEARCH_STEP() ((void)0)
#endif
#endif
