// progress: one line on a terminal that says how far a long job is.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PROGRESS_H
#define TSKL_CLI_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

typedef struct tskl_progress {
    bool shown;
    uint64_t total; // bytes of the whole; 0: not known
    int64_t begun_us, next_us;
} tskl_progress;

/** `wanted` only where nothing else writes to the terminal; it must be one on standard error. */
void tskl_progress_begin(tskl_progress *progress, bool wanted, uint64_t total);
/** Shows the count, the rate and the share of `passed` bytes, ten times a second at most. */
void tskl_progress_show(tskl_progress *progress, uint64_t count, uint64_t passed);
/** Takes the line away. */
void tskl_progress_end(tskl_progress *progress);
#endif
