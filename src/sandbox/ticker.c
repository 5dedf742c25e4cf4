// SPDX-License-Identifier: Apache-2.0
#include "sandbox/ticker.h"
#include "base/alloc.h"
#include "base/thread.h"
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <wasmtime.h>

enum { IDLE_TICKS = 20 }; // without a guest, before the thread goes to sleep

struct tskl_ticker {
    wasm_engine_t *engine;
    atomic_int running;   // guests that run now
    atomic_bool asleep;   // the thread waits for `wake`
    pthread_mutex_t lock; // of what follows
    pthread_cond_t wake;
    pthread_t thread;
    atomic_bool started, stopping;
};

static void sleep_one_tick(void) {
    struct timespec tick = {.tv_nsec = TSKL_TICK_MS * 1000000L};
    nanosleep(&tick, NULL);
}

// Waits until a guest runs or the ticker ends; false when it ends.
static bool wait_for_work(tskl_ticker *ticker) {
    pthread_mutex_lock(&ticker->lock);
    atomic_store(&ticker->asleep, true);
    while (!ticker->stopping && atomic_load(&ticker->running) == 0)
        pthread_cond_wait(&ticker->wake, &ticker->lock);
    atomic_store(&ticker->asleep, false);
    bool go_on = !ticker->stopping;
    pthread_mutex_unlock(&ticker->lock);
    return go_on;
}

static void *tick(void *arg) {
    tskl_ticker *ticker = arg;
    while (wait_for_work(ticker)) {
        for (int idle = 0; idle < IDLE_TICKS; idle++) {
            sleep_one_tick();
            if (atomic_load(&ticker->running)) idle = 0;
            wasmtime_engine_increment_epoch(ticker->engine);
            if (atomic_load(&ticker->stopping)) break;
        }
    }
    return NULL;
}

tskl_status tskl_ticker_new(wasm_engine_t *engine, tskl_ticker **out, tskl_error *err) {
    tskl_ticker *ticker = *out = tskl_new(tskl_ticker);
    if (!ticker) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a ticker");
    ticker->engine = engine;
    pthread_mutex_init(&ticker->lock, NULL);
    pthread_cond_init(&ticker->wake, NULL);
    return TSKL_OK;
}

void tskl_ticker_free(tskl_ticker *ticker) {
    if (!ticker) return;
    pthread_mutex_lock(&ticker->lock);
    ticker->stopping = true;
    pthread_cond_signal(&ticker->wake);
    pthread_mutex_unlock(&ticker->lock);
    if (ticker->started) pthread_join(ticker->thread, NULL);
    pthread_cond_destroy(&ticker->wake);
    pthread_mutex_destroy(&ticker->lock);
    tskl_free(ticker);
}

static bool start_or_wake(tskl_ticker *ticker) {
    pthread_mutex_lock(&ticker->lock);
    if (!ticker->started)
        ticker->started = tskl_thread_start(&ticker->thread, "taskless-tick", tick, ticker);
    bool started = ticker->started;
    pthread_cond_signal(&ticker->wake);
    pthread_mutex_unlock(&ticker->lock);
    return started;
}

bool tskl_ticker_enter(tskl_ticker *ticker) {
    // The thread sets `asleep` before it reads `running`; we write `running` before we read
    // `asleep`: one of the two always sees the other.
    atomic_fetch_add(&ticker->running, 1);
    if (ticker->started && !atomic_load(&ticker->asleep)) return true;
    if (start_or_wake(ticker)) return true;
    atomic_fetch_sub(&ticker->running, 1);
    return false;
}

void tskl_ticker_leave(tskl_ticker *ticker) {
    atomic_fetch_sub(&ticker->running, 1);
}
