// runner: one Pack in use: fetches its code when it is first needed, has it run on an exchange,
// rests it when it keeps failing.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_RUNNER_H
#define TSKL_PIPELINE_RUNNER_H
#include "pipeline/asked.h"
#include "pipeline/breaker.h"
#include "pipeline/session.h"
#include <pthread.h>
#include <stdatomic.h>

typedef struct tskl_runner {
    tskl_pack *pack;
    tskl_asked *asked;    // shared by all runners of a pipeline
    tskl_vars *vars;      // NULL: it was granted none
    pthread_mutex_t lock; // of what follows; never held while a hook runs
    tskl_module *module;
    bool refused;         // the engine does not take its code
    tskl_error why;       // there is no code; `status` is TSKL_OK while it is being made
    int64_t asked_us;     // when a helper was started, 0: none was
    int64_t next_look_us; // when the cache is looked at again
    tskl_breaker breaker;
    atomic_uint_least64_t runs, failures, spent_us;
} tskl_runner;

/** Both are borrowed. NOMEM. */
tskl_status tskl_runner_new(tskl_pack *pack, tskl_asked *asked, tskl_runner **out, tskl_error *err);
void tskl_runner_free(tskl_runner *runner);
/** True when its code is in the cache; else has it compiled and says UNAVAILABLE. */
tskl_status tskl_runner_prepare(tskl_runner *runner, tskl_error *err);
/** Runs the Pack's hooks. Never fails: what went wrong is in the result. */
tskl_pack_run tskl_runner_run(tskl_runner *runner, const tskl_run *run);
/** How often it was rested. */
uint64_t tskl_runner_rests(tskl_runner *runner);
#endif
