// session: the hooks of one Pack on one exchange.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_SESSION_H
#define TSKL_PIPELINE_SESSION_H
#include "capture/record.h"
#include "pack/pack.h"
#include "pipeline/vars.h"
#include "sandbox/sandbox.h"

/** What a run takes from outside, and leaves there. */
typedef struct tskl_run {
    tskl_engine *engine; // NULL: none could be had
    const char *engine_problem;
    const tskl_view *view;
    const tskl_mask_rules *mask;
    tskl_captures *captures;
    tskl_arena *arena;
    tskl_buf *input; // reused from run to run
    uint32_t attempt;
    bool *varying;
} tskl_run;

/** Runs `pre`, `chunk` and `post`, as far as the Pack has them. `vars` are the Pack's, NULL where
 *  it was granted none. Never fails: what went wrong is in `result`. */
void tskl_session_run(const tskl_pack *pack, tskl_module *module, tskl_vars *vars,
                      const tskl_run *run, tskl_pack_run *result);
/** Notes how a Pack failed. Returns false. */
bool tskl_session_failed(const tskl_run *run, tskl_pack_run *result, const char *hook,
                         tskl_result how, tskl_slice detail);
#endif
