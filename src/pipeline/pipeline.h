// pipeline: which Packs see an exchange, and in what order.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_PIPELINE_H
#define TSKL_PIPELINE_PIPELINE_H
#include "output/output.h"
#include "pipeline/attempts.h"
#include "pipeline/matcher.h"
#include "pipeline/runner.h"

enum { TSKL_PIPELINE_PACKS = TSKL_HOSTINDEX_LISTS };

/** The Packs in use, in the order in which they run. Packs are only ever added. */
typedef struct tskl_pipeline {
    const tskl_config *config; // borrowed
    tskl_runner *runners[TSKL_PIPELINE_PACKS];
    atomic_size_t count;
    tskl_matcher matcher;
    tskl_asked asked;
    tskl_attempts attempts;
    tskl_output *outputs;         // owned
    pthread_mutex_t outputs_lock; // one record is written at a time
    atomic_bool silent;           // no record is written any more
    tskl_slice client;
    int64_t pid;
} tskl_pipeline;

/** What one worker reuses from exchange to exchange. */
typedef struct tskl_workbench {
    tskl_buf input; // of one hook
    tskl_buf texts; // bodies, as all Packs are shown them
} tskl_workbench;

void tskl_workbench_init(tskl_workbench *bench);
void tskl_workbench_deinit(tskl_workbench *bench);

/** `hosts` are those of the Packs, each under its number here; NULL: no Pack is for any host. */
void tskl_pipeline_init(tskl_pipeline *pipeline, const tskl_config *config,
                        const tskl_hostindex *hosts, tskl_slice client);
/** Adds a Pack, which is borrowed; its number is the count before. LIMIT, NOMEM. One thread at a
 *  time. */
tskl_status tskl_pipeline_add(tskl_pipeline *pipeline, tskl_pack *pack, tskl_runner **out,
                              tskl_error *err);
void tskl_pipeline_deinit(tskl_pipeline *pipeline);
/** Makes an exchange that keeps what outputs and the Packs for its host want. NULL: no memory. On
 *  the application's thread: takes no longer with more Packs. */
tskl_exchange *tskl_pipeline_begin(tskl_pipeline *pipeline, const tskl_request *request,
                                   tskl_slice host, uint16_t port);
/** No output is called any more from now on. Waits for one that is being called, `timeout_ms` at
 *  most; false when it did not come back. */
bool tskl_pipeline_silence(tskl_pipeline *pipeline, uint32_t timeout_ms);
/** Runs all Packs that are for this exchange and hands the record to each output. `engine` may be
 *  NULL, with the reason in `engine_problem`. False: the exchange is not kept (sampling), or there
 *  was no memory for it. Any number of workers at once, each with its own bench; every exchange
 *  that was given a turn has to come here, or its successors wait for it. */
bool tskl_pipeline_run(tskl_pipeline *pipeline, tskl_engine *engine, const char *engine_problem,
                       tskl_exchange *exchange, tskl_workbench *bench);
#endif
