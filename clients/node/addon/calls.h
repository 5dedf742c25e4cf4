// calls: the calls of one JavaScript environment that are under way, each known by a number.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NODE_CALLS_H
#define TSKL_NODE_CALLS_H
#include <taskless/observer.h>

/**
 * JavaScript holds numbers, not pointers: one that is out of date finds nothing, and what is left
 * when its environment ends can be ended here. One thread.
 */
typedef struct tskl_calls {
    tskl_exchange **items; // NULL where a slot is free
    uint32_t *free;        // slots to use again, the next one last
    uint32_t capacity, free_count;
} tskl_calls;

/** Keeps `exchange`. Returns its slot, or -1 when there is no memory: the caller still has it. */
int64_t tskl_calls_put(tskl_calls *calls, tskl_exchange *exchange);

/** The exchange in `slot`; NULL when there is none. */
tskl_exchange *tskl_calls_at(const tskl_calls *calls, uint32_t slot);

/** Empties `slot` and returns what was in it; NULL when there was nothing. */
tskl_exchange *tskl_calls_take(tskl_calls *calls, uint32_t slot);

/** Ends what is still under way as aborted and frees the table, which is empty afterwards. */
void tskl_calls_deinit(tskl_calls *calls);
#endif
