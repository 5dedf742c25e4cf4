// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"
#include "base/clock.h"
#include "pack/shown.h"
#include <unistd.h>

// A body of 256 KiB each way, escaped as a string at its worst, and a stream's context.
enum { INPUT_MAX = 8 << 20 };

void tskl_workbench_init(tskl_workbench *bench) {
    tskl_buf_init(&bench->input, INPUT_MAX);
}

void tskl_workbench_deinit(tskl_workbench *bench) {
    tskl_buf_deinit(&bench->input);
}

void tskl_pipeline_init(tskl_pipeline *pipeline, const tskl_config *config, tskl_slice client) {
    *pipeline = (tskl_pipeline){.config = config, .client = client, .pid = getpid()};
    tskl_asked_init(&pipeline->asked);
    pthread_mutex_init(&pipeline->outputs_lock, NULL);
    tskl_attempts_init(&pipeline->attempts);
}

tskl_status tskl_pipeline_add(tskl_pipeline *pipeline, tskl_pack *pack, tskl_runner **out,
                              tskl_error *err) {
    size_t count = atomic_load(&pipeline->count);
    *out = NULL;
    if (count == TSKL_PIPELINE_PACKS)
        return tskl_fail(err, TSKL_ERR_LIMIT, "there are %zu Packs already", count);
    TSKL_TRY(tskl_runner_new(pack, &pipeline->asked, out, err));
    pipeline->runners[count] = *out;
    // Workers read the count first: what stands below it is complete.
    atomic_store(&pipeline->count, count + 1);
    return TSKL_OK;
}

void tskl_pipeline_deinit(tskl_pipeline *pipeline) {
    size_t count = atomic_load(&pipeline->count);
    for (size_t i = 0; i < count; i++) tskl_runner_free(pipeline->runners[i]);
    while (pipeline->outputs) {
        tskl_output *next = pipeline->outputs->next;
        tskl_output_close(pipeline->outputs);
        pipeline->outputs = next;
    }
    pthread_mutex_destroy(&pipeline->outputs_lock);
    tskl_asked_deinit(&pipeline->asked);
    tskl_attempts_deinit(&pipeline->attempts);
}

bool tskl_pipeline_silence(tskl_pipeline *pipeline, uint32_t timeout_ms) {
    struct timespec deadline = tskl_clock_deadline(timeout_ms);
    atomic_store(&pipeline->silent, true);
    if (pthread_mutex_clocklock(&pipeline->outputs_lock, CLOCK_MONOTONIC, &deadline)) return false;
    pthread_mutex_unlock(&pipeline->outputs_lock);
    return true;
}

static bool is_failure(const tskl_exchange *exchange) {
    return exchange->status == 0 || exchange->status >= 400 || exchange->ending != TSKL_DONE;
}

// The id decides, so that every process and every replay keeps the same exchanges.
static bool is_sampled(const tskl_config *config, const tskl_exchange *exchange, double *rate) {
    *rate = is_failure(exchange) ? config->sample_failure : config->sample_success;
    if (*rate >= 1) return true;
    uint64_t hash = tskl_slice_hash(tskl_slice_of(exchange->id.text));
    return (double)(hash >> 11) / (double)(1ull << 53) < *rate;
}

static void run_packs(tskl_pipeline *pipeline, const tskl_run *run, tskl_pack_run *results,
                      size_t *count) {
    for (size_t i = 0; i < run->view->exchange->pack_count; i++) {
        tskl_runner *runner = pipeline->runners[i];
        if (tskl_hostlist_has(&runner->pack->hosts, run->view->host, run->view->port))
            results[(*count)++] = tskl_runner_run(runner, run);
    }
}

static void write_record(tskl_pipeline *pipeline, const tskl_record *record) {
    pthread_mutex_lock(&pipeline->outputs_lock);
    for (tskl_output *output = pipeline->outputs; output; output = output->next)
        if (!atomic_load(&pipeline->silent)) output->ops->write(output, record);
    pthread_mutex_unlock(&pipeline->outputs_lock);
}

// Makes the view and finds which try it is. A call that is not kept is among the tries all the
// same, if it may matter to one that is. False: it ends here.
static bool begin_run(tskl_pipeline *pipeline, tskl_exchange *exchange, bool kept, tskl_view *view,
                      tskl_attempt *attempt) {
    const tskl_config *config = pipeline->config;
    bool needed = kept || tskl_attempts_concern(&pipeline->attempts, exchange);
    bool made =
        needed && tskl_view_make(exchange, &config->mask, config->body_cap, view, NULL) == TSKL_OK;
    if (made)
        *attempt = tskl_attempts_join(&pipeline->attempts, view);
    else
        tskl_attempts_pass(&pipeline->attempts, exchange);
    return made && kept;
}

bool tskl_pipeline_run(tskl_pipeline *pipeline, tskl_engine *engine, const char *engine_problem,
                       tskl_exchange *exchange, tskl_workbench *bench) {
    tskl_view view;
    tskl_attempt attempt;
    tskl_captures captures;
    tskl_pack_run results[TSKL_PIPELINE_PACKS];
    tskl_record record = {.view = &view,
                          .captures = &captures,
                          .runs = results,
                          .client = pipeline->client,
                          .pid = pipeline->pid};
    const tskl_config *config = pipeline->config;
    bool kept = is_sampled(config, exchange, &record.sample);
    if (!begin_run(pipeline, exchange, kept, &view, &attempt)) return false;
    record.attempt = attempt.number;
    record.first = tskl_slice_of(attempt.first.text);
    record.wait_ms = attempt.wait_ms;
    tskl_shown_prepare(&view);
    tskl_captures_init(&captures, &exchange->arena, &view.secrets);
    tskl_run run = {.engine = engine,
                    .engine_problem = engine_problem,
                    .view = &view,
                    .mask = &config->mask,
                    .captures = &captures,
                    .arena = &exchange->arena,
                    .input = &bench->input,
                    .attempt = attempt.number,
                    .varying = &record.varying};
    run_packs(pipeline, &run, results, &record.run_count);
    write_record(pipeline, &record);
    return true;
}
