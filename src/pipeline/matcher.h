// matcher: which Packs a call is for. On the application's thread a bounded number of steps finds
// it out; what takes more is found by a worker, and remembered for the next call to that host.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PIPELINE_MATCHER_H
#define TSKL_PIPELINE_MATCHER_H
#include "pack/hostindex.h"
#include <pthread.h>

enum { TSKL_MATCHER_ANSWERS = 64 };

/** What the expressions came to for one host. */
typedef struct tskl_matcher_answer {
    char host[TSKL_HOSTPATTERN_HOST_MAX];
    size_t length;
    size_t pack_count; // how many Packs there were; 0: no answer
    tskl_set taken;
} tskl_matcher_answer;

/** Belongs to one process, as the crew does. */
typedef struct tskl_matcher {
    const tskl_hostindex *hosts; // borrowed, or NULL
    pthread_mutex_t lock;        // of the answers; held to copy one
    tskl_matcher_answer answers[TSKL_MATCHER_ANSWERS];
} tskl_matcher;

void tskl_matcher_init(tskl_matcher *matcher, const tskl_hostindex *hosts);
void tskl_matcher_deinit(tskl_matcher *matcher);
/** Of the first `pack_count` Packs those that are for this host. Any thread; never waits. */
void tskl_matcher_begin(tskl_matcher *matcher, tskl_slice host, uint16_t port, size_t pack_count,
                        tskl_hostmatch *out);
/** Decides what that left open, and remembers it. */
void tskl_matcher_finish(tskl_matcher *matcher, tskl_slice host, size_t pack_count,
                         tskl_hostmatch *match);
#endif
