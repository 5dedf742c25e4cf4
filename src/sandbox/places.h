// places: how many guests fit at once: each takes its places from its first moment to its last.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_PLACES_H
#define TSKL_SANDBOX_PLACES_H
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct tskl_places {
    pthread_mutex_t lock; // of what follows
    pthread_cond_t freed;
    uint32_t all, free;
    uint64_t come, served; // those who came, and of them those who have had their turn
} tskl_places;

void tskl_places_init(tskl_places *places);
void tskl_places_deinit(tskl_places *places);
/** Waits for so many places, in the order of those who ask: who needs many is not passed over for
 *  ever. False at once where there will never be as many. A thread takes once before it gives. */
bool tskl_places_take(tskl_places *places, uint32_t count);
void tskl_places_give(tskl_places *places, uint32_t count);
#endif
