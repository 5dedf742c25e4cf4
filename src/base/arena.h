// arena: many small lives with one end.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_ARENA_H
#define TSKL_BASE_ARENA_H
#include "base/slice.h"

typedef struct tskl_arena_chunk tskl_arena_chunk;

/** Zeroed, it is ready to use. One thread at a time. */
typedef struct tskl_arena {
    tskl_arena_chunk *newest;
    size_t held; // bytes taken from the heap
} tskl_arena;

/** Room for `size` bytes, aligned for anything, not zeroed. NULL when the heap has none. */
void *tskl_arena_take(tskl_arena *arena, size_t size);
/** Zeroed room for `count` items; NULL also when the size overflows. */
void *tskl_arena_zeroed(tskl_arena *arena, size_t count, size_t size);
/** Copies `from` with a zero behind it; `*out` is empty when that fails. */
bool tskl_arena_copy(tskl_arena *arena, tskl_slice from, tskl_slice *out);
/** A zero-ended copy, or NULL. */
char *tskl_arena_cstr(tskl_arena *arena, tskl_slice from);
/** A formatted, zero-ended string, or NULL. */
char *tskl_arena_printf(tskl_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Frees everything taken; the arena is ready for more. */
void tskl_arena_reset(tskl_arena *arena);
/** As reset, but keeps one chunk of ordinary size for what comes next. */
void tskl_arena_reuse(tskl_arena *arena);

#define tskl_arena_array(arena, type, count) ((type *)tskl_arena_zeroed(arena, count, sizeof(type)))
#define tskl_arena_new(arena, type) tskl_arena_array(arena, type, 1)
#endif
