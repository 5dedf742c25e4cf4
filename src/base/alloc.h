// alloc: the one door to the heap, so that tests can close it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_ALLOC_H
#define TSKL_BASE_ALLOC_H
#include <stdbool.h>
#include <stddef.h>

/** As malloc and realloc, but never asked for 0 bytes. NULL when there is no room. */
void *tskl_alloc(size_t size);
void *tskl_realloc(void *old, size_t size);
/** Zeroed room for `count` items; NULL also when count * size overflows. */
void *tskl_alloc_array(size_t count, size_t size);
/** Takes what any of the above returned, or NULL. */
void tskl_free(void *ptr);

#define tskl_new(type) ((type *)tskl_alloc_array(1, sizeof(type)))

#ifdef TSKL_TESTING
/** Asked before each allocation; true makes it fail. NULL switches it off. */
extern bool (*tskl_alloc_refuses)(void);
/** Begins to count for a test, which this thread and those that it starts are of. */
void tskl_alloc_begin(void);
/** How many blocks are out since then. */
size_t tskl_alloc_live(void);
#endif
#endif
