// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "sandbox/places.h"
#include <time.h>

// Guests that come and go, and how many places they held at most.
typedef struct street {
    tskl_places places;
    pthread_mutex_t lock;
    uint32_t held, most;
} street;

static void note(street *s, int32_t change) {
    pthread_mutex_lock(&s->lock);
    s->held += (uint32_t)change;
    if (s->held > s->most) s->most = s->held;
    pthread_mutex_unlock(&s->lock);
}

static void *come_and_go(void *arg) {
    street *s = arg;
    for (uint32_t i = 0; i < 2000; i++) {
        uint32_t count = 1 + i % 4;
        if (!tskl_places_take(&s->places, count)) return NULL;
        note(s, (int32_t)count);
        note(s, -(int32_t)count);
        tskl_places_give(&s->places, count);
    }
    return s;
}

TEST_ONCE(places, are_never_more_than_there_are) {
    street s = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[4];
    size_t done = 0;
    tskl_places_init(&s.places);
    s.places.all = s.places.free = 5;
    CHECK(!tskl_places_take(&s.places, 6));
    for (size_t i = 0; i < TSKL_COUNT(threads); i++)
        CHECK(pthread_create(&threads[i], NULL, come_and_go, &s) == 0);
    for (size_t i = 0; i < TSKL_COUNT(threads); i++) {
        void *result;
        CHECK(pthread_join(threads[i], &result) == 0);
        done += result != NULL;
    }
    CHECK(done == TSKL_COUNT(threads) && s.most <= 5 && s.places.free == 5);
    tskl_places_deinit(&s.places);
}

static void *take_all(void *arg) {
    tskl_places *places = arg;
    return tskl_places_take(places, places->all) ? places : NULL;
}

static void *take_one(void *arg) {
    return tskl_places_take(arg, 1) ? arg : NULL;
}

static void wait_until_come(tskl_places *places, uint64_t come) {
    const struct timespec a_while = {.tv_nsec = 1000000};
    for (bool here = false; !here; nanosleep(&a_while, NULL)) {
        pthread_mutex_lock(&places->lock);
        here = places->come >= come;
        pthread_mutex_unlock(&places->lock);
    }
}

TEST_ONCE(places, are_given_in_the_order_of_those_who_ask) {
    tskl_places places;
    pthread_t large, small;
    void *result;
    tskl_places_init(&places);
    places.all = places.free = 3;
    CHECK(tskl_places_take(&places, 1));
    CHECK(pthread_create(&large, NULL, take_all, &places) == 0);
    wait_until_come(&places, 2);
    CHECK(pthread_create(&small, NULL, take_one, &places) == 0);
    wait_until_come(&places, 3);
    CHECK(places.free == 2); // though one would do for the last
    tskl_places_give(&places, 1);
    CHECK(pthread_join(large, &result) == 0 && result);
    CHECK(places.free == 0);
    tskl_places_give(&places, 3);
    CHECK(pthread_join(small, &result) == 0 && result);
    tskl_places_deinit(&places);
}
