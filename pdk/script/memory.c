// memory: the allocator of an interpreter that lives for one exchange. What is freed is kept by
// size and given out again; nothing is joined or given back. Before a snapshot what is freed is
// cleared, so that it takes no room in the file.
// SPDX-License-Identifier: Apache-2.0
#include "memory.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGE = 65536,
    STEP = 16,   // sizes up to SMALL go in steps
    SMALL = 512, // larger ones double
    CLASSES = SMALL / STEP + 22,
    HEADER = 8, // before each piece: its class
};

typedef struct piece {
    struct piece *next; // when it is free
} piece;

extern char __heap_base;
static char *first_free = &__heap_base;
static piece *free_pieces[CLASSES];
bool memory_clears = false;

static size_t class_of(size_t size) {
    if (size <= SMALL) return size ? (size - 1) / STEP : 0;
    // 1024 is the first that doubles.
    return SMALL / STEP + (size_t)(31 - __builtin_clz((uint32_t)(size - 1))) - 9;
}

static size_t room_of(size_t class) {
    if (class < SMALL / STEP) return (class + 1) * STEP;
    return (size_t)(2 * SMALL) << (class - SMALL / STEP);
}

static size_t *header_of(void *at) {
    return (size_t *)((char *)at - HEADER);
}

static void *bump(size_t class) {
    // Data lie at multiples of 16, as C demands of an allocator.
    char *at = (char *)(((uintptr_t)first_free + HEADER + 15) & ~(uintptr_t)15);
    uintptr_t end = (uintptr_t)at + room_of(class), have = __builtin_wasm_memory_size(0);
    size_t need = (end + PAGE - 1) / PAGE;
    if (need > have && __builtin_wasm_memory_grow(0, need - have) == SIZE_MAX) return NULL;
    first_free = (char *)end;
    *header_of(at) = class;
    return at;
}

void *malloc(size_t size) {
    if (size > (size_t)1 << 28) return NULL;
    size_t class = class_of(size);
    piece *kept = free_pieces[class];
    if (!kept) return bump(class);
    free_pieces[class] = kept->next;
    return kept;
}

void free(void *at) {
    if (!at) return;
    size_t class = *header_of(at);
    if (class >= CLASSES) __builtin_trap(); // somebody wrote over it
    if (memory_clears) memset(at, 0, room_of(class));
    piece *freed = at;
    freed->next = free_pieces[class];
    free_pieces[class] = freed;
}

void *calloc(size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) return NULL;
    void *at = malloc(count * size);
    return at ? memset(at, 0, count * size) : NULL;
}

size_t malloc_usable_size(void *at) {
    return at ? room_of(*header_of(at)) : 0;
}

void *realloc(void *at, size_t size) {
    size_t have = malloc_usable_size(at);
    if (at && size <= have && size > have / 4) return at;
    void *moved = malloc(size);
    if (!moved) return NULL;
    memcpy(moved, at, have < size ? have : size);
    free(at);
    return moved;
}
