// attempts: which calls are a further try of one that failed before. A library that retries makes
// calls of their own, of which the application sees only the last.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_ATTEMPTS_H
#define TSKL_PIPELINE_ATTEMPTS_H
#include "exchange/view.h"
#include <pthread.h>

enum {
    TSKL_ATTEMPTS_KEPT = 1024,           // tries that failed and may be followed by another
    TSKL_ATTEMPTS_WINDOW_MS = 10 * 60000 // for how long, by the exchanges' own times
};

typedef struct tskl_try tskl_try;

/** The tries that failed. Calls are joined in the order of their turns, whichever worker has them,
 *  so that any number of workers comes to the same. Any thread; it is never held while a Pack
 *  runs. */
typedef struct tskl_attempts {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint64_t next;   // whose turn it is
    uint64_t *heads; // of TSKL_ATTEMPTS_KEPT tries, 0: none; NULL until one has failed
    tskl_try *tries;
    uint64_t noted; // how many ever were: the oldest gives its place to the next
    size_t open;
} tskl_attempts;

void tskl_attempts_init(tskl_attempts *attempts);
void tskl_attempts_deinit(tskl_attempts *attempts);
/** Waits for the exchange's turn (`turn` 0 is always). True when it has to be joined: it failed, or
 *  one that failed may be its earlier try. */
bool tskl_attempts_concern(tskl_attempts *attempts, const tskl_exchange *exchange);
/** Waits for the exchange's turn, finds the try it follows and notes it where it failed itself;
 *  then it is the next one's turn. One that was recorded with its number keeps that. Without memory
 *  no tries are joined. */
tskl_attempt tskl_attempts_join(tskl_attempts *attempts, const tskl_view *view);
/** In place of that, for an exchange that has no view: the next one's turn. */
void tskl_attempts_pass(tskl_attempts *attempts, const tskl_exchange *exchange);
#endif
