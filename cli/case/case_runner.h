// case_runner: a case run as a program would meet it: its own configuration, its own observer.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CASE_RUNNER_H
#define TSKL_CLI_CASE_RUNNER_H
#include "case/case.h"
#include "inspect/pack_list.h"

/** A folder of its own for the configurations of cases. */
typedef struct tskl_case_runner {
    const tskl_pack_list *packs; // borrowed
    char folder[64];
} tskl_case_runner;

/** Makes the folder, and takes what would reach into the cases out of the environment. IO. */
tskl_status tskl_case_runner_open(tskl_case_runner *runner, const tskl_pack_list *packs,
                                  tskl_error *err);
void tskl_case_runner_close(tskl_case_runner *runner);
/** Runs a case; `home` is the Pack it lies with. `*line` is the record, in `arena`. NOT_FOUND names
 *  a Pack that is not there; as tskl_observer_open; TIMEOUT, NOMEM. */
tskl_status tskl_case_run(const tskl_case_runner *runner, const tskl_case *story, tskl_slice home,
                          tskl_arena *arena, tskl_slice *line, tskl_error *err);
/** The configuration such a run reads, as JSON. */
tskl_status tskl_case_write_config(const tskl_pack_list *packs, const tskl_case *story,
                                   tskl_slice home, tskl_buf *json, tskl_error *err);
#endif
