// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "base/alloc.h"
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>

enum { CHUNK_SIZE = 4096, ALIGN = alignof(max_align_t) };

struct tskl_arena_chunk {
    tskl_arena_chunk *older;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

static tskl_arena_chunk *chunk_new(tskl_arena *arena, size_t size) {
    tskl_arena_chunk *chunk = tskl_alloc(sizeof *chunk + size);
    if (!chunk) return NULL;
    chunk->size = size;
    chunk->used = 0;
    arena->held += sizeof *chunk + size;
    return chunk;
}

// A large piece gets a chunk of its own below the newest, which stays open for small ones.
static void *take_large(tskl_arena *arena, size_t size) {
    tskl_arena_chunk *chunk = chunk_new(arena, size);
    if (!chunk) return NULL;
    chunk->used = size;
    if (arena->newest) {
        chunk->older = arena->newest->older;
        arena->newest->older = chunk;
    } else {
        chunk->older = NULL;
        arena->newest = chunk;
    }
    return chunk->bytes;
}

void *tskl_arena_take(tskl_arena *arena, size_t size) {
    if (size > SIZE_MAX / 2) return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (size > CHUNK_SIZE / 2) return take_large(arena, size);
    if (!arena->newest || arena->newest->size - arena->newest->used < size) {
        tskl_arena_chunk *chunk = chunk_new(arena, CHUNK_SIZE - sizeof *chunk);
        if (!chunk) return NULL;
        chunk->older = arena->newest;
        arena->newest = chunk;
    }
    void *taken = arena->newest->bytes + arena->newest->used;
    arena->newest->used += size;
    return taken;
}

void *tskl_arena_zeroed(tskl_arena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size) return NULL;
    void *taken = tskl_arena_take(arena, count * size);
    return taken ? memset(taken, 0, count * size) : NULL;
}

char *tskl_arena_cstr(tskl_arena *arena, tskl_slice from) {
    char *copy = from.len < SIZE_MAX ? tskl_arena_take(arena, from.len + 1) : NULL;
    if (!copy) return NULL;
    if (from.len) memcpy(copy, from.ptr, from.len);
    copy[from.len] = 0;
    return copy;
}

bool tskl_arena_copy(tskl_arena *arena, tskl_slice from, tskl_slice *out) {
    char *copy = tskl_arena_cstr(arena, from);
    *out = (tskl_slice){copy, copy ? from.len : 0};
    return copy != NULL;
}

char *tskl_arena_printf(tskl_arena *arena, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : tskl_arena_take(arena, (size_t)len + 1);
    if (text) vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

static void free_all(tskl_arena_chunk *chunk) {
    while (chunk) {
        tskl_arena_chunk *older = chunk->older;
        tskl_free(chunk);
        chunk = older;
    }
}

void tskl_arena_reset(tskl_arena *arena) {
    free_all(arena->newest);
    *arena = (tskl_arena){0};
}

void tskl_arena_reuse(tskl_arena *arena) {
    tskl_arena_chunk *kept = arena->newest;
    if (!kept || kept->size > CHUNK_SIZE) {
        tskl_arena_reset(arena);
        return;
    }
    free_all(kept->older);
    kept->older = NULL;
    kept->used = 0;
    arena->held = sizeof *kept + kept->size;
}
