// tally: how many calls a recording has, how many failed, and of what.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_TALLY_H
#define TSKL_CLI_TALLY_H
#include "base/arena.h"
#include "base/buf.h"

enum { TSKL_TALLY_REASONS = 256, TSKL_TALLY_SHOWN = 5 };

typedef struct tskl_tally_reason {
    tskl_slice name; // "stripe card_declined"
    uint64_t count;
} tskl_tally_reason;

/** Zeroed, it is ready to use. Reasons past the room count as failures without a name. */
typedef struct tskl_tally {
    uint64_t calls, failures;
    tskl_tally_reason reasons[TSKL_TALLY_REASONS];
    size_t reason_count;
    tskl_arena names, line;
} tskl_tally;

/** Counts a record: an ndjson line. One thread at a time. */
void tskl_tally_add(tskl_tally *tally, tskl_slice line);
/** Appends "1000 calls, 334 failed: stripe card_declined 300, ECONNREFUSED 34". */
void tskl_tally_summary(tskl_tally *tally, tskl_buf *text);
void tskl_tally_deinit(tskl_tally *tally);
#endif
