// program: the command of a client's author, run with the calls of a group on its standard input.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_PROGRAM_H
#define TSKL_CLI_CONFORMANCE_PROGRAM_H
#include "conformance/plan.h"

/** Runs `words` for a group: calls on standard input, TASKLESS_CONFIG in the environment, what it
 *  prints on standard error. `*records` are the lines that its client wrote, in the plan's arena.
 *  `folder` is for files of its own, which it removes. IO where it cannot be run or fails, TIMEOUT
 *  after a minute: `*records` are then what there is. */
tskl_status tskl_program_run(tskl_plan *plan, size_t group, char **words, const char *folder,
                             tskl_slice *records, tskl_error *err);
#endif
