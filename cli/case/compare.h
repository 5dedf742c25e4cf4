// compare: what a case expected beside what it got.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_COMPARE_H
#define TSKL_CLI_COMPARE_H
#include "case/case.h"

/** One thing that differs. */
typedef struct tskl_difference {
    tskl_slice name;          // "stripe/error.code", "status", "order"
    tskl_slice expected, got; // as JSON; empty: not there
} tskl_difference;

typedef struct tskl_differences {
    tskl_difference *items;
    size_t count;
} tskl_differences;

/** Compares the record's line with what the case expects: its captures, which have to be all of
 *  them and in their order, while every Pack ran well; or the whole stable record. SYNTAX where the
 *  line is no record; NOMEM. */
tskl_status tskl_compare(const tskl_case *story, tskl_slice line, tskl_arena *arena,
                         tskl_differences *out, tskl_error *err);
#endif
