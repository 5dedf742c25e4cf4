// SPDX-License-Identifier: Apache-2.0
#include "pipeline/crew.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/generation.h"
#include "base/thread.h"
#include <errno.h>
#include <time.h>

enum {
    MOST_WORKERS = 8,
    STALE_US = 15 * 60 * 1000000, // without news, a call counts as aborted
    LOOK_S = 30,                  // how often that is looked for
    LAST_WAIT_MS = 50,            // for a worker to notice that it is to stop
};

// Who holds a call under way.
enum { IDLE, REPORTING, GIVEN_UP };

struct tskl_crew {
    unsigned generation;
    tskl_crew_options options;
    tskl_pipeline pipeline;
    size_t most_exchanges, most_bytes;
    atomic_size_t held;   // bytes
    atomic_size_t owners; // the observer, and each call under way
    pthread_mutex_t lock; // of all that follows
    pthread_cond_t work;  // something was queued, or the crew stops
    pthread_cond_t quiet; // nothing is queued or worked on, or a worker ended
    tskl_exchange *under_way;
    tskl_exchange *first, *last; // the queue
    size_t working, workers;
    bool stopping, closed, hopeless;
    tskl_crew_counts counts;
    pthread_t threads[MOST_WORKERS];
    size_t started;
    pthread_mutex_t engine_lock; // of what follows; held while the engine is made
    tskl_engine *engine;
    bool engine_tried;
    tskl_error engine_problem;
};

static void init_locks(tskl_crew *crew) {
    pthread_condattr_t steady;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_mutex_init(&crew->engine_lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&crew->work, &steady);
    pthread_cond_init(&crew->quiet, &steady);
    pthread_condattr_destroy(&steady);
}

static void add_output(tskl_crew *crew, tskl_status status, tskl_output *output,
                       const tskl_error *err) {
    if (status != TSKL_OK) {
        tskl_log(TSKL_LOG_ERROR, "%s", err->message);
        return;
    }
    tskl_output **end = &crew->pipeline.outputs;
    while (*end) end = &(*end)->next;
    *end = output;
}

static void open_outputs(tskl_crew *crew) {
    const tskl_crew_options *options = &crew->options;
    tskl_output *output;
    tskl_error err;
    for (size_t i = 0; i < options->config->output_count; i++) {
        tskl_status status = tskl_output_open(&options->config->outputs[i], &output, &err);
        add_output(crew, status, output, &err);
    }
    if (!options->on_record) return;
    tskl_status status =
        tskl_output_open_callback(options->on_record, options->user, &output, &err);
    add_output(crew, status, output, &err);
}

tskl_status tskl_crew_new(const tskl_crew_options *options, tskl_crew **out, tskl_error *err) {
    tskl_crew *crew = *out = tskl_new(tskl_crew);
    if (!crew) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a queue");
    tskl_generation_watch();
    crew->generation = tskl_generation();
    crew->options = *options;
    crew->most_exchanges = options->config->queue_exchanges;
    crew->most_bytes = (size_t)options->config->queue_mib << 20;
    atomic_init(&crew->owners, 1);
    init_locks(crew);
    tskl_pipeline_init(&crew->pipeline, options->config, tskl_slice_of(options->client));
    open_outputs(crew);
    return TSKL_OK;
}

unsigned tskl_crew_generation(const tskl_crew *crew) {
    return crew->generation;
}

tskl_status tskl_crew_add(tskl_crew *crew, tskl_pack *pack, tskl_runner **out, tskl_error *err) {
    return tskl_pipeline_add(&crew->pipeline, pack, out, err);
}

unsigned tskl_crew_wants(const tskl_crew *crew) {
    unsigned wants = 0;
    for (const tskl_output *output = crew->pipeline.outputs; output; output = output->next)
        wants |= output->wants;
    return wants;
}

const tskl_pipeline *tskl_crew_pipeline(const tskl_crew *crew) {
    return &crew->pipeline;
}

static void release(tskl_crew *crew) {
    if (atomic_fetch_sub(&crew->owners, 1) == 1) tskl_free(crew);
}

// What the exchange holds by now, against the bound.
static void charge(tskl_crew *crew, tskl_exchange *exchange) {
    size_t held = tskl_exchange_held(exchange);
    atomic_fetch_add(&crew->held, held - exchange->charged); // wraps where it became less
    exchange->charged = held;
    if (atomic_load(&crew->held) >= crew->most_bytes) exchange->head_only = true;
}

static void discard(tskl_crew *crew, tskl_exchange *exchange) {
    atomic_fetch_sub(&crew->held, exchange->charged);
    tskl_exchange_free(exchange);
}

static void link_under_way(tskl_crew *crew, tskl_exchange *exchange) {
    exchange->next = crew->under_way;
    if (crew->under_way) crew->under_way->previous = exchange;
    crew->under_way = exchange;
    crew->counts.under_way++;
}

static void unlink_under_way(tskl_crew *crew, tskl_exchange *exchange) {
    if (exchange->previous)
        exchange->previous->next = exchange->next;
    else
        crew->under_way = exchange->next;
    if (exchange->next) exchange->next->previous = exchange->previous;
    exchange->previous = exchange->next = NULL;
    crew->counts.under_way--;
}

// With the lock held: whether one more may begin. What does not is only counted.
static bool has_room(tskl_crew *crew) {
    size_t all = crew->counts.under_way + crew->counts.queued + crew->working;
    size_t heads = crew->most_bytes + crew->most_bytes / 4; // heads alone may pass the bound
    bool room = !crew->closed && !crew->hopeless && all < crew->most_exchanges &&
                atomic_load(&crew->held) < heads;
    if (room)
        crew->counts.begun++;
    else
        crew->counts.dropped++;
    return room;
}

tskl_exchange *tskl_crew_begin(tskl_crew *crew, const tskl_request *request, unsigned wants) {
    pthread_mutex_lock(&crew->lock);
    bool room = has_room(crew);
    pthread_mutex_unlock(&crew->lock);
    if (!room) return NULL;
    tskl_exchange *exchange = tskl_exchange_new(request, wants, crew->options.config->body_cap);
    if (!exchange) return NULL;
    exchange->owner = crew;
    exchange->touched_us = tskl_clock_steady_us();
    atomic_fetch_add(&crew->owners, 1);
    charge(crew, exchange);
    pthread_mutex_lock(&crew->lock);
    crew->counts.head_only += exchange->head_only;
    link_under_way(crew, exchange);
    pthread_mutex_unlock(&crew->lock);
    return exchange;
}

static bool is_of_this_process(const tskl_crew *crew) {
    return crew->generation == tskl_generation();
}

bool tskl_crew_enter(tskl_exchange *exchange) {
    int idle = IDLE;
    return is_of_this_process(exchange->owner) &&
           atomic_compare_exchange_strong(&exchange->state, &idle, REPORTING);
}

void tskl_crew_leave(tskl_exchange *exchange) {
    exchange->touched_us = tskl_clock_steady_us();
    charge(exchange->owner, exchange);
    atomic_store(&exchange->state, IDLE);
}

void tskl_crew_forget_take(tskl_exchange *exchange) {
    tskl_crew *crew = exchange->owner;
    tskl_exchange_free(exchange);
    // A crew of the parent process is never freed: its locks may be held by nobody here.
    if (is_of_this_process(crew)) release(crew);
}

// With the lock held.
static void enqueue(tskl_crew *crew, tskl_exchange *exchange) {
    exchange->next = NULL;
    if (crew->last)
        crew->last->next = exchange;
    else
        crew->first = exchange;
    crew->last = exchange;
    crew->counts.queued++;
    pthread_cond_signal(&crew->work);
}

// With the lock held: ends a call nobody has reported on, leaving its handle as an empty shell.
static void give_up(tskl_crew *crew, tskl_exchange *exchange) {
    int idle = IDLE;
    if (!atomic_compare_exchange_strong(&exchange->state, &idle, GIVEN_UP)) return;
    tskl_exchange *content = tskl_exchange_split(exchange);
    if (!content) {
        atomic_store(&exchange->state, IDLE);
        return;
    }
    // The shell takes the place of nothing: the list is of those that still hold something.
    if (content->previous)
        content->previous->next = content->next;
    else
        crew->under_way = content->next;
    if (content->next) content->next->previous = content->previous;
    crew->counts.under_way--;
    tskl_exchange_end(content, 0, TSKL_ABORTED, (tskl_slice){NULL, 0}, (tskl_slice){NULL, 0});
    enqueue(crew, content);
}

// With the lock held.
static void give_up_older_than(tskl_crew *crew, int64_t steady_us) {
    for (tskl_exchange *exchange = crew->under_way, *next; exchange; exchange = next) {
        next = exchange->next;
        if (exchange->touched_us < steady_us) give_up(crew, exchange);
    }
}

static tskl_engine *engine_of(tskl_crew *crew) {
    pthread_mutex_lock(&crew->engine_lock);
    if (!crew->engine_tried) {
        crew->engine_tried = true;
        if (tskl_engine_new(&crew->engine, &crew->engine_problem) != TSKL_OK)
            tskl_log(TSKL_LOG_WARN, "Packs are off: %s", crew->engine_problem.message);
    }
    pthread_mutex_unlock(&crew->engine_lock);
    return crew->engine;
}

static struct timespec deadline_after_ms(int64_t ms) {
    int64_t at = tskl_clock_steady_us() + ms * 1000;
    return (struct timespec){.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
}

// Waits for the next exchange; NULL when the worker is to end.
static tskl_exchange *next_exchange(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    while (!crew->first && !crew->stopping) {
        struct timespec look = deadline_after_ms(LOOK_S * 1000);
        if (pthread_cond_timedwait(&crew->work, &crew->lock, &look) == ETIMEDOUT)
            give_up_older_than(crew, tskl_clock_steady_us() - STALE_US);
    }
    tskl_exchange *exchange = crew->stopping ? NULL : crew->first;
    if (exchange) {
        crew->first = exchange->next;
        if (!crew->first) crew->last = NULL;
        crew->counts.queued--;
        crew->working++;
    }
    pthread_mutex_unlock(&crew->lock);
    return exchange;
}

static void note_finished(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->working--;
    crew->counts.finished++;
    if (!crew->first && crew->working == 0) pthread_cond_broadcast(&crew->quiet);
    pthread_mutex_unlock(&crew->lock);
}

static void *work(void *arg) {
    tskl_crew *crew = arg;
    tskl_workbench bench;
    tskl_exchange *exchange;
    tskl_workbench_init(&bench);
    while ((exchange = next_exchange(crew))) {
        tskl_pipeline_run(&crew->pipeline, engine_of(crew), crew->engine_problem.message, exchange,
                          &bench);
        discard(crew, exchange);
        note_finished(crew);
    }
    tskl_workbench_deinit(&bench);
    pthread_mutex_lock(&crew->lock);
    crew->workers--;
    pthread_cond_broadcast(&crew->quiet);
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

// With the lock held: one worker more where there is work for it and it is allowed.
static void start_worker(tskl_crew *crew) {
    size_t allowed = crew->options.config->workers;
    if (allowed > MOST_WORKERS) allowed = MOST_WORKERS;
    if (crew->started == allowed || crew->started > crew->working + crew->counts.queued) return;
    if (tskl_thread_start(&crew->threads[crew->started], "taskless", work, crew)) {
        crew->started++;
        crew->workers++;
    } else if (crew->started == 0) {
        crew->hopeless = true;
        tskl_log(TSKL_LOG_WARN, "nothing is observed: no thread could be started");
    }
}

// With the lock held: what nobody will ever work on.
static void drop_queue(tskl_crew *crew) {
    while (crew->first) {
        tskl_exchange *next = crew->first->next;
        discard(crew, crew->first);
        crew->first = next;
        crew->counts.dropped++;
    }
    crew->last = NULL;
    crew->counts.queued = 0;
}

void tskl_crew_end_take(tskl_exchange *exchange) {
    tskl_crew *crew = exchange->owner;
    int saved = errno;
    charge(crew, exchange);
    pthread_mutex_lock(&crew->lock);
    unlink_under_way(crew, exchange);
    crew->counts.shortened += exchange->sent.truncated || exchange->received.truncated;
    enqueue(crew, exchange);
    if (!crew->stopping) start_worker(crew);
    if (crew->hopeless || crew->stopping) drop_queue(crew);
    pthread_mutex_unlock(&crew->lock);
    release(crew);
    errno = saved;
}

static bool is_quiet(const tskl_crew *crew) {
    return !crew->first && crew->working == 0;
}

bool tskl_crew_flush(tskl_crew *crew, uint32_t timeout_ms, size_t *left) {
    struct timespec deadline = deadline_after_ms(timeout_ms);
    pthread_mutex_lock(&crew->lock);
    while (!is_quiet(crew) &&
           pthread_cond_timedwait(&crew->quiet, &crew->lock, &deadline) != ETIMEDOUT) {}
    *left = crew->counts.queued + crew->working;
    bool quiet = is_quiet(crew);
    pthread_mutex_unlock(&crew->lock);
    return quiet;
}

tskl_crew_counts tskl_crew_count(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    tskl_crew_counts counts = crew->counts;
    counts.held_bytes = atomic_load(&crew->held);
    pthread_mutex_unlock(&crew->lock);
    return counts;
}

// Tells the workers to end; false when one is still in the middle of a Pack after a short wait.
static bool stop_workers(tskl_crew *crew) {
    struct timespec deadline = deadline_after_ms(LAST_WAIT_MS);
    pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->work);
    while (crew->workers &&
           pthread_cond_timedwait(&crew->quiet, &crew->lock, &deadline) != ETIMEDOUT) {}
    bool stopped = crew->workers == 0;
    if (stopped) drop_queue(crew);
    pthread_mutex_unlock(&crew->lock);
    for (size_t i = 0; i < crew->started; i++) {
        if (stopped)
            pthread_join(crew->threads[i], NULL);
        else
            pthread_detach(crew->threads[i]);
    }
    return stopped;
}

bool tskl_crew_close(tskl_crew *crew, uint32_t timeout_ms) {
    size_t left;
    pthread_mutex_lock(&crew->lock);
    crew->closed = true;
    give_up_older_than(crew, INT64_MAX);
    if (crew->first) start_worker(crew);
    pthread_mutex_unlock(&crew->lock);
    tskl_crew_flush(crew, timeout_ms, &left);
    // A worker that will not end keeps what it uses: better lost memory than a crash at the end.
    if (!stop_workers(crew)) return false;
    tskl_pipeline_deinit(&crew->pipeline);
    tskl_engine_free(crew->engine);
    release(crew);
    return true;
}
