// probe: runs a program to see what it does: its output and its end, for so long at most.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PROBE_H
#define TSKL_CLI_PROBE_H
#include "base/arena.h"
#include "base/buf.h"

typedef struct tskl_probe {
    int exit_code;   // -1: it ended by a signal, or could not be run
    bool timed_out;  // and was killed, with all that it started
    tskl_buf output; // both streams; of the first 64 KiB
} tskl_probe;

/** Runs argv[0] in this folder, with nothing on standard input. `environment` ends with NULL.
 *  False: no process could be had. Deinit the output in any case. */
bool tskl_probe_run(char *const argv[], char *const environment[], unsigned timeout_ms,
                    tskl_probe *out);
/** Where PATH leads to; in `arena`, or NULL. */
const char *tskl_probe_find(const char *name, tskl_arena *arena);
#endif
