// asked: which modules a helper was started for, so that Packs that share one have it compiled
// once.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_ASKED_H
#define TSKL_PIPELINE_ASKED_H
#include "base/digest.h"
#include <pthread.h>

enum { TSKL_ASKED_MAX = 64 }; // that are remembered; what is past them is compiled again at worst

typedef struct tskl_asked {
    pthread_mutex_t lock; // of what follows
    size_t count;
    struct {
        tskl_sha256 wasm;
        int64_t at_us;
    } items[TSKL_ASKED_MAX];
} tskl_asked;

void tskl_asked_init(tskl_asked *asked);
void tskl_asked_deinit(tskl_asked *asked);
/** None was started after all. */
void tskl_asked_forget(tskl_asked *asked, const tskl_sha256 *wasm);
/** True when a helper that was started for it may still be at work; else notes that one is started
 *  now. */
bool tskl_asked_before(tskl_asked *asked, const tskl_sha256 *wasm, int64_t now_us);
#endif
