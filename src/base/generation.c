// SPDX-License-Identifier: Apache-2.0
#include "base/generation.h"
#include <pthread.h>
#include <stdatomic.h>

static atomic_uint generation;

// All that is done in a child: other threads of the parent may have held any lock.
static void in_child(void) {
    atomic_fetch_add(&generation, 1);
}

static void watch(void) {
    pthread_atfork(NULL, NULL, in_child);
}

unsigned tskl_generation(void) {
    return atomic_load_explicit(&generation, memory_order_relaxed);
}

void tskl_generation_watch(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch);
}
