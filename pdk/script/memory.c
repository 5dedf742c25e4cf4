// memory: the allocator of an interpreter that lives for one exchange. What is freed is kept by
// size and given out again; nothing is joined or given back. Before a snapshot what is freed is
// cleared, so that it takes no room in the file.
// SPDX-License-Identifier: Apache-2.0
#include "memory.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A piece lies at a multiple of 8, its class in the four bytes before. So rooms are 4, 12, 20 and
// so on, and nothing is lost between two. What is larger than the last of them has a room of 1028,
// 2052...
enum {
    PAGE = 65536,
    STEP = 8,
    HEADER = 4,
    SMALL_CLASSES = 64,
    LARGE = 1024,
    CLASSES = SMALL_CLASSES + 20
};

typedef struct piece {
    struct piece *next; // when it is free
} piece;

extern char __heap_base;
static char *first_free = &__heap_base;
static piece *free_pieces[CLASSES];
bool memory_clears = false;

static size_t class_of(size_t size) {
    size_t class = (size + STEP - 1 - HEADER) / STEP;
    if (size <= HEADER) return 0;
    if (class < SMALL_CLASSES) return class;
    for (class = SMALL_CLASSES; ((size_t)LARGE << (class - SMALL_CLASSES)) + HEADER < size;)
        class++;
    return class;
}

static size_t room_of(size_t class) {
    if (class < SMALL_CLASSES) return class * STEP + HEADER;
    return ((size_t)LARGE << (class - SMALL_CLASSES)) + HEADER;
}

static uint32_t *header_of(void *at) {
    return (uint32_t *)((char *)at - HEADER);
}

static void *bump(size_t class) {
    char *at = (char *)(((uintptr_t)first_free + HEADER + STEP - 1) & ~(uintptr_t)(STEP - 1));
    uintptr_t end = (uintptr_t)at + room_of(class), have = __builtin_wasm_memory_size(0);
    size_t need = (end + PAGE - 1) / PAGE;
    if (need > have && __builtin_wasm_memory_grow(0, need - have) == SIZE_MAX) return NULL;
    first_free = (char *)end;
    *header_of(at) = (uint32_t)class;
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
