// Names and wildcards are one look into a table. Expressions are matched, and so their answers are
// kept: a program mostly calls the same few hosts.
// SPDX-License-Identifier: Apache-2.0
#include "pipeline/matcher.h"

void tskl_matcher_init(tskl_matcher *matcher, const tskl_hostindex *hosts) {
    matcher->hosts = hosts;
    pthread_mutex_init(&matcher->lock, NULL);
}

void tskl_matcher_deinit(tskl_matcher *matcher) {
    pthread_mutex_destroy(&matcher->lock);
}

// Two hosts in one place only cost a match. So not all of a long one is hashed.
static tskl_matcher_answer *place_of(tskl_matcher *matcher, tskl_slice host) {
    uint64_t hash = tskl_slice_hash(tskl_slice_first(host, 16));
    hash = hash * 31 + tskl_slice_hash(tskl_slice_last(host, 16));
    return &matcher->answers[(hash ^ hash >> 32) % TSKL_MATCHER_ANSWERS];
}

// Expressions say nothing of ports: an answer is for all of them. Another thread that holds the
// lock is not waited for: the host is matched again.
static bool recall(tskl_matcher *matcher, tskl_slice host, size_t pack_count,
                   tskl_hostmatch *match) {
    const tskl_matcher_answer *answer = place_of(matcher, host);
    if (pthread_mutex_trylock(&matcher->lock)) return false;
    bool known = answer->pack_count == pack_count &&
                 tskl_slice_equal(host, tskl_slice_make(answer->host, answer->length));
    tskl_set taken = answer->taken;
    pthread_mutex_unlock(&matcher->lock);
    if (!known) return false;
    tskl_set_add_all(&match->taken, &taken);
    match->open = (tskl_set){0};
    return true;
}

static void keep(tskl_matcher *matcher, tskl_slice host, size_t pack_count, const tskl_set *taken) {
    tskl_matcher_answer *answer = place_of(matcher, host);
    if (host.len > sizeof answer->host || pthread_mutex_trylock(&matcher->lock)) return;
    if (host.len) memcpy(answer->host, host.ptr, host.len);
    answer->length = host.len;
    answer->pack_count = pack_count;
    answer->taken = *taken;
    pthread_mutex_unlock(&matcher->lock);
}

// Keeps what the matched ones came to, if all were. What names take is not among that: it may
// depend on the port, and is found at once. Which Packs are left to match does not depend on it.
static void decide(tskl_matcher *matcher, tskl_slice host, size_t pack_count, size_t steps,
                   tskl_hostmatch *match) {
    tskl_hostmatch matched = {.open = match->open};
    tskl_hostindex_decide(matcher->hosts, host, steps, &matched);
    if (tskl_set_is_empty(&matched.open)) keep(matcher, host, pack_count, &matched.taken);
    tskl_set_add_all(&match->taken, &matched.taken);
    match->open = matched.open;
}

void tskl_matcher_begin(tskl_matcher *matcher, tskl_slice host, uint16_t port, size_t pack_count,
                        tskl_hostmatch *out) {
    *out = (tskl_hostmatch){0};
    if (!matcher->hosts) return;
    tskl_hostindex_find(matcher->hosts, host, port, out);
    tskl_set_cut(&out->taken, pack_count);
    tskl_set_cut(&out->open, pack_count);
    if (tskl_set_is_empty(&out->open) || recall(matcher, host, pack_count, out)) return;
    decide(matcher, host, pack_count, TSKL_HOSTINDEX_STEPS, out);
}

void tskl_matcher_finish(tskl_matcher *matcher, tskl_slice host, size_t pack_count,
                         tskl_hostmatch *match) {
    if (!recall(matcher, host, pack_count, match))
        decide(matcher, host, pack_count, SIZE_MAX, match);
}
