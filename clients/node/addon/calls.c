// calls: a table of slots; those that are free stand on a stack.
// SPDX-License-Identifier: Apache-2.0
#include "calls.h"

#include <stdbool.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 64, LAST_CAPACITY = 1 << 20 };

static bool grow(tskl_calls *calls) {
    uint32_t capacity = calls->capacity ? calls->capacity * 2 : FIRST_CAPACITY;
    if (capacity > LAST_CAPACITY) return false;
    tskl_exchange **items = realloc(calls->items, capacity * sizeof *items);
    if (!items) return false;
    calls->items = items;
    uint32_t *free_slots = realloc(calls->free, capacity * sizeof *free_slots);
    if (!free_slots) return false;
    calls->free = free_slots;
    for (uint32_t slot = capacity; slot-- > calls->capacity;) {
        items[slot] = NULL;
        free_slots[calls->free_count++] = slot;
    }
    calls->capacity = capacity;
    return true;
}

int64_t tskl_calls_put(tskl_calls *calls, tskl_exchange *exchange) {
    if (calls->free_count == 0 && !grow(calls)) return -1;
    uint32_t slot = calls->free[--calls->free_count];
    calls->items[slot] = exchange;
    return slot;
}

tskl_exchange *tskl_calls_at(const tskl_calls *calls, uint32_t slot) {
    return slot < calls->capacity ? calls->items[slot] : NULL;
}

tskl_exchange *tskl_calls_take(tskl_calls *calls, uint32_t slot) {
    tskl_exchange *exchange = tskl_calls_at(calls, slot);
    if (exchange) {
        calls->items[slot] = NULL;
        calls->free[calls->free_count++] = slot;
    }
    return exchange;
}

void tskl_calls_deinit(tskl_calls *calls) {
    for (uint32_t slot = 0; slot < calls->capacity; slot++)
        tskl_exchange_end_take(calls->items[slot], 0, TSKL_ABORTED, (tskl_slice){0},
                               (tskl_slice){0});
    free(calls->items);
    free(calls->free);
    *calls = (tskl_calls){0};
}
