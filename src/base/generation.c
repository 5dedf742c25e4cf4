// SPDX-License-Identifier: Apache-2.0
#include "base/generation.h"
#include "base/clock.h"
#include <pthread.h>

enum { HELD_AT_MOST_MS = 1000 };

static atomic_uint generation;
// Recursive: a fork may even come from a signal's handler, on the thread that holds it.
static pthread_mutex_t fork_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static bool fork_locked; // by the thread that forks, and only looked at there

static void before_fork(void) {
    struct timespec deadline = tskl_clock_deadline(HELD_AT_MOST_MS);
    fork_locked = pthread_mutex_clocklock(&fork_lock, CLOCK_MONOTONIC, &deadline) == 0;
}

static void in_parent(void) {
    if (fork_locked) pthread_mutex_unlock(&fork_lock);
}

// All that is done in a child: other threads of the parent may have held any lock.
static void in_child(void) {
    fork_lock = (pthread_mutex_t)PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    atomic_fetch_add(&generation, 1);
}

static void watch(void) {
    pthread_atfork(before_fork, in_parent, in_child);
}

void tskl_generation_hold(void) {
    pthread_mutex_lock(&fork_lock);
}

void tskl_generation_release(void) {
    pthread_mutex_unlock(&fork_lock);
}

unsigned tskl_generation(void) {
    return atomic_load_explicit(&generation, memory_order_relaxed);
}

void tskl_generation_watch(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch);
}
