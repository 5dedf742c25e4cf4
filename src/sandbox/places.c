// SPDX-License-Identifier: Apache-2.0
#include "sandbox/places.h"

void tskl_places_init(tskl_places *places) {
    *places = (tskl_places){0};
    pthread_mutex_init(&places->lock, NULL);
    pthread_cond_init(&places->freed, NULL);
}

void tskl_places_deinit(tskl_places *places) {
    pthread_cond_destroy(&places->freed);
    pthread_mutex_destroy(&places->lock);
}

bool tskl_places_take(tskl_places *places, uint32_t count) {
    if (count > places->all) return false;
    pthread_mutex_lock(&places->lock);
    uint64_t turn = places->come++;
    while (places->served != turn || places->free < count)
        pthread_cond_wait(&places->freed, &places->lock);
    places->free -= count;
    places->served++;
    if (places->come != places->served) pthread_cond_broadcast(&places->freed);
    pthread_mutex_unlock(&places->lock);
    return true;
}

void tskl_places_give(tskl_places *places, uint32_t count) {
    pthread_mutex_lock(&places->lock);
    places->free += count;
    if (places->come != places->served) pthread_cond_broadcast(&places->freed);
    pthread_mutex_unlock(&places->lock);
}
