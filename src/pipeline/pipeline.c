// Which Packs an exchange is for is found once, when it begins; they run in turn when it has ended.
// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pipeline.h"
#include "base/clock.h"
#include "exchange/url.h"
#include "pack/shown.h"
#include <unistd.h>

// A body of 256 KiB each way, escaped as a string at its worst, and a stream's context.
enum { INPUT_MAX = 8 << 20 };

void tskl_workbench_init(tskl_workbench *bench) {
    tskl_buf_init(&bench->input, INPUT_MAX);
    tskl_buf_init(&bench->texts, INPUT_MAX);
}

void tskl_workbench_deinit(tskl_workbench *bench) {
    tskl_buf_deinit(&bench->input);
    tskl_buf_deinit(&bench->texts);
}

void tskl_pipeline_init(tskl_pipeline *pipeline, const tskl_config *config,
                        const tskl_hostindex *hosts, tskl_slice client) {
    // Not a literal: it would stand on the stack of the application's thread.
    memset(pipeline, 0, sizeof *pipeline);
    pipeline->config = config;
    pipeline->client = client;
    pipeline->pid = getpid();
    tskl_matcher_init(&pipeline->matcher, hosts);
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
    tskl_matcher_deinit(&pipeline->matcher);
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

static unsigned output_wants(const tskl_pipeline *pipeline) {
    unsigned wants = 0;
    for (const tskl_output *output = pipeline->outputs; output; output = output->next)
        wants |= output->wants;
    return wants;
}

static unsigned pack_wants(const tskl_pipeline *pipeline, const tskl_set *packs) {
    unsigned wants = 0;
    for (size_t i = tskl_set_next(packs, 0); i < TSKL_SET_MAX; i = tskl_set_next(packs, i + 1))
        wants |= tskl_pack_wants(pipeline->runners[i]->pack);
    return wants;
}

tskl_exchange *tskl_pipeline_begin(tskl_pipeline *pipeline, const tskl_request *request,
                                   tskl_slice host, uint16_t port) {
    size_t count = atomic_load(&pipeline->count);
    tskl_hostmatch match;
    tskl_matcher_begin(&pipeline->matcher, host, port, count, &match);
    tskl_set possible = match.taken;
    tskl_set_add_all(&possible, &match.open);
    unsigned wants = pack_wants(pipeline, &possible);
    tskl_exchange *exchange =
        tskl_exchange_new(request, wants | output_wants(pipeline), pipeline->config->body_cap);
    if (!exchange) return NULL;
    exchange->pack_wants = wants;
    exchange->pack_count = count;
    exchange->packs = match.taken;
    exchange->packs_open = match.open;
    return exchange;
}

// What is done before a Pack runs counts as its time where it is done for that Pack.
static void charge(tskl_pipeline *pipeline, const tskl_set *packs, int64_t start_ns) {
    uint64_t count = 0, spent_us = (uint64_t)(tskl_clock_cpu_ns() - start_ns) / 1000;
    for (size_t i = tskl_set_next(packs, 0); i < TSKL_SET_MAX; i = tskl_set_next(packs, i + 1))
        count++;
    for (size_t i = tskl_set_next(packs, 0); i < TSKL_SET_MAX; i = tskl_set_next(packs, i + 1))
        atomic_fetch_add(&pipeline->runners[i]->spent_us, spent_us / count);
}

// Where it took too long for the application's thread to know all Packs that it is for. What was
// kept for one that it is not for is forgotten: the record is the same as if it had been known.
static void find_packs(tskl_pipeline *pipeline, tskl_exchange *exchange) {
    if (tskl_set_is_empty(&exchange->packs_open)) return;
    tskl_hostmatch match = {exchange->packs, exchange->packs_open};
    tskl_url url = tskl_url_parse(exchange->url);
    int64_t start_ns = tskl_clock_cpu_ns();
    tskl_matcher_finish(&pipeline->matcher, url.host, exchange->pack_count, &match);
    charge(pipeline, &exchange->packs_open, start_ns);
    exchange->packs = match.taken;
    exchange->packs_open = match.open;
    unsigned wants = pack_wants(pipeline, &exchange->packs);
    tskl_exchange_narrow(exchange, wants | output_wants(pipeline), wants);
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
    const tskl_set *packs = &run->view->exchange->packs;
    for (size_t i = tskl_set_next(packs, 0); i < TSKL_SET_MAX; i = tskl_set_next(packs, i + 1))
        results[(*count)++] = tskl_runner_run(pipeline->runners[i], run);
}

static bool sees_body(const tskl_pack *pack, const tskl_exchange *exchange) {
    bool request = pack->request_body_wanted && exchange->sent.kept.len > 0;
    bool response =
        tskl_pack_sees_response(pack, exchange->status) && exchange->received.kept.len > 0;
    return request || response;
}

// Those for which bodies are decoded, masked and written as JSON: for an output alone, nobody pays.
static tskl_set readers_of(const tskl_pipeline *pipeline, const tskl_exchange *exchange) {
    const tskl_set *packs = &exchange->packs;
    tskl_set readers = {0};
    for (size_t i = tskl_set_next(packs, 0); i < TSKL_SET_MAX; i = tskl_set_next(packs, i + 1))
        if (sees_body(pipeline->runners[i]->pack, exchange)) tskl_set_add(&readers, i);
    return readers;
}

static void write_record(tskl_pipeline *pipeline, const tskl_record *record) {
    pthread_mutex_lock(&pipeline->outputs_lock);
    for (tskl_output *output = pipeline->outputs; output; output = output->next)
        if (!atomic_load(&pipeline->silent)) output->ops->write(output, record);
    pthread_mutex_unlock(&pipeline->outputs_lock);
}

// Makes the view and finds which try it is. A call that is not kept is among the tries all the
// same, if it may matter to one that is; no Pack sees it, and none pays. False: it ends here.
static bool begin_run(tskl_pipeline *pipeline, tskl_exchange *exchange, bool kept,
                      const tskl_set *readers, tskl_view *view, tskl_attempt *attempt) {
    const tskl_config *config = pipeline->config;
    bool needed = kept || tskl_attempts_concern(&pipeline->attempts, exchange);
    int64_t start_ns = tskl_clock_cpu_ns();
    bool made =
        needed && tskl_view_make(exchange, &config->mask, config->body_cap, view, NULL) == TSKL_OK;
    if (kept) charge(pipeline, readers, start_ns);
    if (made)
        *attempt = tskl_attempts_join(&pipeline->attempts, view);
    else
        tskl_attempts_pass(&pipeline->attempts, exchange);
    return made && kept;
}

static void show_bodies(tskl_pipeline *pipeline, const tskl_set *readers, tskl_view *view,
                        tskl_buf *texts) {
    int64_t start_ns = tskl_clock_cpu_ns();
    tskl_shown_prepare(view, texts);
    charge(pipeline, readers, start_ns);
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
    find_packs(pipeline, exchange);
    tskl_set readers = readers_of(pipeline, exchange);
    if (!begin_run(pipeline, exchange, kept, &readers, &view, &attempt)) return false;
    record.attempt = attempt.number;
    record.first = tskl_slice_of(attempt.first.text);
    record.wait_ms = attempt.wait_ms;
    show_bodies(pipeline, &readers, &view, &bench->texts);
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
