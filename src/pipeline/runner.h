// runner: one Pack in use: fetches its code when it is first needed, runs its hooks on an
// exchange, rests it when it keeps failing.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_RUNNER_H
#define TSKL_PIPELINE_RUNNER_H
#include "capture/record.h"
#include "pack/pack.h"
#include "pipeline/breaker.h"
#include "sandbox/sandbox.h"
#include <pthread.h>
#include <stdatomic.h>

typedef struct tskl_runner {
    tskl_pack *pack;      // borrowed
    pthread_mutex_t lock; // of the module and the breaker; never held while a hook runs
    tskl_module *module;
    bool hopeless;        // its code can never be had: said once
    bool asked;           // a helper was started
    int64_t next_look_us; // when the cache is looked at again
    tskl_breaker breaker;
    atomic_uint_least64_t runs, failures, spent_us;
} tskl_runner;

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

tskl_status tskl_runner_new(tskl_pack *pack, tskl_runner **out, tskl_error *err);
void tskl_runner_free(tskl_runner *runner);
/** True when its code is in the cache; else has it compiled and says UNAVAILABLE. */
tskl_status tskl_runner_prepare(tskl_runner *runner, tskl_error *err);
/** Runs `pre`, `chunk` and `post`, as far as the Pack has them. Never fails: what went wrong is in
 *  the result. */
tskl_pack_run tskl_runner_run(tskl_runner *runner, const tskl_run *run);
#endif
