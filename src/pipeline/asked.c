// SPDX-License-Identifier: Apache-2.0
#include "pipeline/asked.h"
#include "pipeline/helper.h"

void tskl_asked_init(tskl_asked *asked) {
    asked->count = 0;
    pthread_mutex_init(&asked->lock, NULL);
}

void tskl_asked_deinit(tskl_asked *asked) {
    pthread_mutex_destroy(&asked->lock);
}

static size_t find(const tskl_asked *asked, const tskl_sha256 *wasm) {
    size_t at = 0;
    while (at < asked->count && !tskl_sha256_equal(&asked->items[at].wasm, wasm)) at++;
    return at;
}

void tskl_asked_forget(tskl_asked *asked, const tskl_sha256 *wasm) {
    pthread_mutex_lock(&asked->lock);
    size_t at = find(asked, wasm);
    if (at < asked->count) asked->items[at] = asked->items[--asked->count];
    pthread_mutex_unlock(&asked->lock);
}

bool tskl_asked_before(tskl_asked *asked, const tskl_sha256 *wasm, int64_t now_us) {
    pthread_mutex_lock(&asked->lock);
    size_t at = find(asked, wasm);
    bool before =
        at < asked->count && now_us - asked->items[at].at_us <= TSKL_HELPER_SECONDS * 1000000ll;
    if (!before && at < TSKL_ASKED_MAX) {
        asked->items[at].wasm = *wasm;
        asked->items[at].at_us = now_us;
        if (at == asked->count) asked->count++;
    }
    pthread_mutex_unlock(&asked->lock);
    return before;
}
