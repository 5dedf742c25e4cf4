// SPDX-License-Identifier: Apache-2.0
#include "base/alloc.h"
#include <stdint.h>
#include <stdlib.h>

#ifdef TSKL_TESTING
#include <stdatomic.h>

bool (*tskl_alloc_refuses)(void);
static atomic_size_t live;
static atomic_uint tests;
static _Thread_local unsigned test; // the one that this thread came with

void tskl_alloc_begin(void) {
    test = atomic_fetch_add(&tests, 1) + 1;
    atomic_store(&live, 0);
}

size_t tskl_alloc_live(void) {
    return atomic_load(&live);
}

// False for a thread that an earlier test left behind: it is not this test's doing.
static bool is_of_this_test(void) {
    if (test == 0) test = atomic_load(&tests);
    return test == atomic_load(&tests);
}

static bool refused(void) {
    return tskl_alloc_refuses && is_of_this_test() && tskl_alloc_refuses();
}

static void *counted(void *made) {
    if (made && is_of_this_test()) atomic_fetch_add(&live, 1);
    return made;
}

static void uncounted(void *ptr) {
    if (ptr && is_of_this_test()) atomic_fetch_sub(&live, 1);
}
#else
static bool refused(void) {
    return false;
}

static void *counted(void *made) {
    return made;
}

static void uncounted(void *ptr) {
    (void)ptr;
}
#endif

void *tskl_alloc(size_t size) {
    if (refused()) return NULL;
    return counted(malloc(size ? size : 1));
}

void *tskl_realloc(void *old, size_t size) {
    if (!old) return tskl_alloc(size);
    if (refused()) return NULL;
    return realloc(old, size ? size : 1);
}

void *tskl_alloc_array(size_t count, size_t size) {
    if (refused()) return NULL;
    return counted(calloc(count ? count : 1, size ? size : 1));
}

void tskl_free(void *ptr) {
    uncounted(ptr);
    free(ptr);
}
