// shared: counts who holds the observer, so that a worker thread's end takes nothing from others.
// SPDX-License-Identifier: Apache-2.0
#include "shared.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static tskl_observer *observer;
static unsigned members;
static bool ending;
static int64_t deadline_ms;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** What is left of the time the end of the process may take, `timeout_ms` at most. */
static uint32_t remaining(uint32_t timeout_ms) {
    if (!ending) return timeout_ms;
    int64_t left = deadline_ms - now_ms();
    if (left <= 0) return 0;
    return left < timeout_ms ? (uint32_t)left : timeout_ms;
}

tskl_status tskl_shared_join(const tskl_observer_options *options, tskl_observer **out,
                             tskl_error *err) {
    tskl_status status = TSKL_OK;
    pthread_mutex_lock(&lock);
    if (members == 0) status = tskl_observer_open(options, &observer, err);
    if (status == TSKL_OK) members++;
    *out = status == TSKL_OK ? observer : NULL;
    pthread_mutex_unlock(&lock);
    return status;
}

size_t tskl_shared_leave(uint32_t timeout_ms) {
    size_t pending = 0;
    pthread_mutex_lock(&lock);
    tskl_status status = tskl_observer_flush(observer, remaining(timeout_ms), &pending, NULL);
    if (status == TSKL_OK) pending = 0;
    if (--members == 0) {
        // What could be written is: closing has nothing more to wait for.
        tskl_observer_close(observer, 0);
        observer = NULL;
    }
    pthread_mutex_unlock(&lock);
    return pending;
}

void tskl_shared_set_ending(uint32_t timeout_ms) {
    pthread_mutex_lock(&lock);
    // Only once: with worker threads the end has several steps, and one deadline for all.
    if (!ending) deadline_ms = now_ms() + timeout_ms;
    ending = true;
    pthread_mutex_unlock(&lock);
}
