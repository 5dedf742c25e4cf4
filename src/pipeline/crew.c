// SPDX-License-Identifier: Apache-2.0
#include "pipeline/crew.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/generation.h"
#include "base/thread.h"
#include "net/errand.h"
#include "sandbox/signal_stack.h"
#include <errno.h>
#include <time.h>

enum {
    MOST_WORKERS = 8,
    STALE_US = 15 * 60 * 1000000, // without news, a call counts as aborted
    LOOK_US = 30 * 1000000,       // how often that is looked for
    IDLE_WAIT_MS = 5000,          // for a worker with nothing to do to notice that it is to stop
    NAP_NS = 1000000,             // between looks of a worker that has just worked
    NAPS = 20,                    // how many of them there are
    LAST_WAIT_MS = 50,            // for one that may be in the middle of a Pack
};

// Who holds a call under way.
enum { IDLE, REPORTING, GIVEN_UP };

typedef struct worker {
    tskl_crew *crew;
    pthread_t thread;
    uint64_t ticket; // of the exchange it works on, 0: of none
} worker;

struct tskl_crew {
    unsigned generation;
    tskl_crew_options options;
    tskl_pipeline pipeline;
    size_t most_exchanges, most_bytes;
    atomic_size_t held;   // bytes
    atomic_size_t owners; // the observer, each call under way and each worker
    pthread_mutex_t lock; // of all that follows
    pthread_cond_t work;  // something was queued, or the crew stops
    pthread_cond_t done;  // an exchange is written while somebody flushes, or a worker ended
    tskl_exchange *under_way;
    tskl_exchange *first, *last; // the queue
    uint64_t queued, taken;      // tickets: of the last exchange that was, since the beginning
    int64_t next_look_us;        // for calls without news
    size_t flushing;             // how many wait for `done`
    uint64_t awaited;            // the lowest ticket up to which one of them waits
    worker workers[MOST_WORKERS];
    size_t started, alive;
    bool stopping, closed, hopeless;
    bool left;            // its last worker clears it away
    bool full, full_said; // a call found no room, which a worker says
    tskl_crew_counts counts;
    pthread_mutex_t engine_lock; // of what follows; held while the engine is made
    tskl_engine *engine;
    bool engine_tried;
    tskl_error engine_problem;
    void (*gone)(void *owner);
    void *owner;
};

static void init_locks(tskl_crew *crew) {
    pthread_condattr_t steady;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_mutex_init(&crew->engine_lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&crew->work, &steady);
    pthread_cond_init(&crew->done, &steady);
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
    crew->awaited = UINT64_MAX;
    atomic_init(&crew->owners, 1);
    init_locks(crew);
    tskl_pipeline_init(&crew->pipeline, options->config, options->hosts,
                       tskl_slice_of(options->client));
    open_outputs(crew);
    return TSKL_OK;
}

unsigned tskl_crew_generation(const tskl_crew *crew) {
    return crew->generation;
}

tskl_status tskl_crew_add(tskl_crew *crew, tskl_pack *pack, tskl_runner **out, tskl_error *err) {
    return tskl_pipeline_add(&crew->pipeline, pack, out, err);
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
    size_t all = atomic_load(&crew->held);
    if (all >= crew->most_bytes) exchange->head_only = true;
    // What Packs are to see comes before what is only learned from.
    if (all >= crew->most_bytes / 2) tskl_exchange_learn_less(exchange);
}

static void discard(tskl_crew *crew, tskl_exchange *exchange) {
    atomic_fetch_sub(&crew->held, exchange->charged);
    tskl_exchange_free(exchange);
}

static void link_under_way(tskl_crew *crew, tskl_exchange *exchange) {
    exchange->previous = NULL;
    exchange->next = crew->under_way;
    if (crew->under_way) crew->under_way->previous = exchange;
    crew->under_way = exchange;
}

static void unlink_under_way(tskl_crew *crew, tskl_exchange *exchange) {
    if (exchange->previous)
        exchange->previous->next = exchange->next;
    else
        crew->under_way = exchange->next;
    if (exchange->next) exchange->next->previous = exchange->previous;
    exchange->previous = exchange->next = NULL;
}

// What follows runs with the lock held, up to where it says otherwise.

// How many of the first `upto` that were queued are not written yet.
static size_t unwritten(const tskl_crew *crew, uint64_t upto) {
    size_t count = crew->taken < upto ? (size_t)(upto - crew->taken) : 0;
    for (size_t i = 0; i < crew->started; i++) {
        uint64_t ticket = crew->workers[i].ticket;
        count += ticket && ticket <= upto;
    }
    return count;
}

static void enqueue(tskl_crew *crew, tskl_exchange *exchange) {
    exchange->next = NULL;
    if (crew->last)
        crew->last->next = exchange;
    else
        crew->first = exchange;
    crew->last = exchange;
    crew->queued++;
    crew->counts.under_way--;
    crew->counts.shortened += exchange->sent.truncated || exchange->received.truncated;
    pthread_cond_signal(&crew->work);
}

static tskl_exchange *dequeue(tskl_crew *crew) {
    tskl_exchange *exchange = crew->first;
    if (!exchange) return NULL;
    crew->first = exchange->next;
    if (!crew->first) crew->last = NULL;
    exchange->turn = ++crew->taken;
    return exchange;
}

// What nobody will ever work on.
static void drop_queue(tskl_crew *crew) {
    for (tskl_exchange *exchange; (exchange = dequeue(crew));) {
        discard(crew, exchange);
        crew->counts.dropped++;
    }
}

// Ends a call nobody has reported on, leaving its handle as an empty shell.
static void give_up(tskl_crew *crew, tskl_exchange *exchange) {
    int idle = IDLE;
    if (!atomic_compare_exchange_strong(&exchange->state, &idle, GIVEN_UP)) return;
    unlink_under_way(crew, exchange);
    tskl_exchange *content = tskl_exchange_split(exchange);
    if (!content) {
        link_under_way(crew, exchange);
        atomic_store(&exchange->state, IDLE);
        return;
    }
    tskl_exchange_end(content, 0, TSKL_ABORTED, (tskl_slice){NULL, 0}, (tskl_slice){NULL, 0});
    enqueue(crew, content);
}

static void give_up_older_than(tskl_crew *crew, int64_t steady_us) {
    for (tskl_exchange *exchange = crew->under_way, *next; exchange; exchange = next) {
        next = exchange->next;
        if (atomic_load(&exchange->touched_us) < steady_us) give_up(crew, exchange);
    }
}

static void look_for_stale(tskl_crew *crew) {
    int64_t now_us = tskl_clock_steady_us();
    if (now_us < crew->next_look_us) return;
    crew->next_look_us = now_us + LOOK_US;
    give_up_older_than(crew, now_us - STALE_US);
}

static void *start_work(void *arg);

// One worker more where there is work for it and it is allowed; the first one comes with the first
// call, so that somebody sees to calls that never end.
static void start_worker(tskl_crew *crew) {
    size_t allowed = crew->options.config->workers;
    if (allowed > MOST_WORKERS) allowed = MOST_WORKERS;
    if (crew->started == allowed || crew->started > unwritten(crew, crew->queued)) return;
    worker *next = &crew->workers[crew->started];
    next->crew = crew;
    atomic_fetch_add(&crew->owners, 1);
    if (tskl_thread_start(&next->thread, "taskless", start_work, next)) {
        crew->started++;
        crew->alive++;
        return;
    }
    atomic_fetch_sub(&crew->owners, 1);
    if (crew->started > 0) return;
    crew->hopeless = true;
    tskl_log(TSKL_LOG_WARN, "nothing is observed: no thread could be started");
}

// Whether one more may begin, which then has its place. What does not is only counted.
static bool admit(tskl_crew *crew) {
    size_t all = crew->counts.under_way + unwritten(crew, crew->queued);
    size_t heads = crew->most_bytes + crew->most_bytes / 4; // heads alone may pass the bound
    crew->counts.begun++;
    if (crew->started == 0 && !crew->hopeless) start_worker(crew);
    bool full = all >= crew->most_exchanges || atomic_load(&crew->held) >= heads;
    bool room = !crew->closed && !crew->hopeless && !full;
    crew->full |= full;
    if (room)
        crew->counts.under_way++;
    else
        crew->counts.dropped++;
    return room;
}

// What follows takes the lock itself.

static void reject(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->counts.under_way--;
    crew->counts.dropped++;
    pthread_mutex_unlock(&crew->lock);
}

tskl_exchange *tskl_crew_begin(tskl_crew *crew, const tskl_request *request, tskl_slice host,
                               uint16_t port) {
    pthread_mutex_lock(&crew->lock);
    bool room = admit(crew);
    pthread_mutex_unlock(&crew->lock);
    if (!room) return NULL;
    tskl_exchange *exchange = tskl_pipeline_begin(&crew->pipeline, request, host, port);
    if (!exchange) {
        reject(crew);
        return NULL;
    }
    exchange->owner = crew;
    atomic_init(&exchange->touched_us, tskl_clock_steady_us());
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
    atomic_store(&exchange->touched_us, tskl_clock_steady_us());
    charge(exchange->owner, exchange);
    atomic_store(&exchange->state, IDLE);
}

void tskl_crew_end_take(tskl_exchange *exchange) {
    tskl_crew *crew = exchange->owner;
    int saved = errno;
    charge(crew, exchange);
    pthread_mutex_lock(&crew->lock);
    unlink_under_way(crew, exchange);
    enqueue(crew, exchange);
    if (!crew->stopping) start_worker(crew);
    if (crew->hopeless || crew->stopping) drop_queue(crew);
    pthread_mutex_unlock(&crew->lock);
    release(crew);
    errno = saved;
}

// Whoever gives a call up holds the lock until its content is moved, or is back where it was for
// want of memory.
void tskl_crew_forget_take(tskl_exchange *exchange) {
    tskl_crew *crew = exchange->owner;
    // In a child of the crew's process the lock may be held by nobody, and the content half moved.
    if (!is_of_this_process(crew)) return;
    pthread_mutex_lock(&crew->lock);
    if (atomic_load(&exchange->state) != GIVEN_UP) {
        unlink_under_way(crew, exchange);
        crew->counts.under_way--;
        crew->counts.dropped++;
    }
    pthread_mutex_unlock(&crew->lock);
    discard(crew, exchange);
    release(crew);
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

// With the lock held. To wake a worker costs the application's thread a system call, and calls come
// in bursts: after work it looks a few times by itself before it waits to be woken.
static void nap_a_while(tskl_crew *crew) {
    const struct timespec nap = {.tv_nsec = NAP_NS};
    for (int i = 0; i < NAPS && !crew->first && !crew->stopping && !crew->flushing; i++) {
        pthread_mutex_unlock(&crew->lock);
        nanosleep(&nap, NULL);
        pthread_mutex_lock(&crew->lock);
    }
}

// Waits for the next exchange; NULL when the worker is to end.
static tskl_exchange *next_exchange(worker *self) {
    tskl_crew *crew = self->crew;
    struct timespec look = tskl_clock_deadline(LOOK_US / 1000);
    pthread_mutex_lock(&crew->lock);
    look_for_stale(crew);
    nap_a_while(crew);
    while (!crew->first && !crew->stopping)
        if (pthread_cond_timedwait(&crew->work, &crew->lock, &look) == ETIMEDOUT) {
            look_for_stale(crew);
            look = tskl_clock_deadline(LOOK_US / 1000);
        }
    tskl_exchange *exchange = crew->stopping ? NULL : dequeue(crew);
    if (exchange) self->ticket = crew->taken;
    pthread_mutex_unlock(&crew->lock);
    return exchange;
}

static void note_finished(worker *self) {
    tskl_crew *crew = self->crew;
    pthread_mutex_lock(&crew->lock);
    self->ticket = 0;
    crew->counts.finished++;
    // Whoever waits for many exchanges is not woken by each of them.
    if (crew->flushing && unwritten(crew, crew->awaited) == 0) {
        crew->awaited = UINT64_MAX;
        pthread_cond_broadcast(&crew->done);
    }
    pthread_mutex_unlock(&crew->lock);
}

// Not on the application's thread, which a full pipe behind the log could hold.
static void say_full(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    bool due = crew->full && !crew->full_said;
    crew->full_said |= due;
    pthread_mutex_unlock(&crew->lock);
    if (due)
        tskl_log(TSKL_LOG_WARN,
                 "calls come faster than they are looked at: what passes queue.exchanges (%zu) or "
                 "queue.mib (%zu) is only counted",
                 crew->most_exchanges, crew->most_bytes >> 20);
}

static void clear_away(tskl_crew *crew) {
    tskl_pipeline_deinit(&crew->pipeline);
    tskl_engine_free(crew->engine);
    if (crew->gone) crew->gone(crew->owner);
    release(crew);
}

// The last worker of a crew that was left clears it away; but not while the process ends, which
// pulls away what that needs.
static void note_ended(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    bool last = --crew->alive == 0 && crew->left;
    pthread_cond_broadcast(&crew->done);
    pthread_mutex_unlock(&crew->lock);
    if (last && !tskl_errand_process_ends()) clear_away(crew);
    release(crew);
}

static void *work(void *arg) {
    worker *self = arg;
    tskl_crew *crew = self->crew;
    tskl_workbench bench;
    tskl_workbench_init(&bench);
    for (tskl_exchange *exchange; (exchange = next_exchange(self));) {
        tskl_pipeline_run(&crew->pipeline, engine_of(crew), crew->engine_problem.message, exchange,
                          &bench);
        discard(crew, exchange);
        note_finished(self);
        say_full(crew);
    }
    tskl_workbench_deinit(&bench);
    note_ended(crew);
    return NULL;
}

static void *start_work(void *arg) {
    return tskl_with_signal_stack(work, arg);
}

bool tskl_crew_flush(tskl_crew *crew, uint32_t timeout_ms, size_t *left) {
    struct timespec deadline = tskl_clock_deadline(timeout_ms);
    pthread_mutex_lock(&crew->lock);
    uint64_t upto = crew->queued;
    bool in_time = true;
    crew->flushing++;
    while ((*left = unwritten(crew, upto)) && in_time) {
        if (upto < crew->awaited) crew->awaited = upto;
        in_time = pthread_cond_timedwait(&crew->done, &crew->lock, &deadline) != ETIMEDOUT;
    }
    crew->flushing--;
    pthread_mutex_unlock(&crew->lock);
    return *left == 0;
}

tskl_crew_counts tskl_crew_count(tskl_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    tskl_crew_counts counts = crew->counts;
    counts.queued = unwritten(crew, crew->queued);
    counts.held_bytes = atomic_load(&crew->held);
    pthread_mutex_unlock(&crew->lock);
    return counts;
}

// Tells the workers to end; false when one is still in the middle of a Pack after a short wait.
static bool stop_workers(tskl_crew *crew, int64_t wait_ms) {
    struct timespec deadline = tskl_clock_deadline(wait_ms);
    pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->work);
    while (crew->alive &&
           pthread_cond_timedwait(&crew->done, &crew->lock, &deadline) != ETIMEDOUT) {}
    bool stopped = crew->alive == 0;
    if (stopped) drop_queue(crew);
    pthread_mutex_unlock(&crew->lock);
    for (size_t i = 0; i < crew->started; i++) {
        if (stopped)
            pthread_join(crew->workers[i].thread, NULL);
        else
            pthread_detach(crew->workers[i].thread);
    }
    return stopped;
}

// Leaves it to a worker that is in the middle of a Pack, which must not call into an application
// that thinks us gone. False: it has just ended.
static bool leave(tskl_crew *crew) {
    tskl_pipeline_silence(&crew->pipeline, LAST_WAIT_MS);
    pthread_mutex_lock(&crew->lock);
    drop_queue(crew);
    bool left = crew->left = crew->alive > 0;
    pthread_mutex_unlock(&crew->lock);
    return left;
}

bool tskl_crew_close(tskl_crew *crew, uint32_t timeout_ms, void (*gone)(void *), void *owner) {
    size_t left;
    crew->gone = gone;
    crew->owner = owner;
    pthread_mutex_lock(&crew->lock);
    crew->closed = true;
    give_up_older_than(crew, INT64_MAX);
    pthread_mutex_unlock(&crew->lock);
    bool idle = tskl_crew_flush(crew, timeout_ms, &left);
    if (!stop_workers(crew, idle ? IDLE_WAIT_MS : LAST_WAIT_MS) && leave(crew)) return false;
    clear_away(crew);
    return true;
}
