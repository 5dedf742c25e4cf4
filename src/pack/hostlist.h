// hostlist: the hosts a Pack is for, as its manifest or the configuration writes them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_HOSTLIST_H
#define TSKL_PACK_HOSTLIST_H
#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"

/** Patterns: "api.stripe.com", "*.stripe.com" (x.stripe.com, not stripe.com), "*" (all), each with
 *  ":port" behind it where only that port is meant; or "/EXPRESSION/" (see hostpattern.h), which is
 *  not for users to write: only a manifest of schema `pre1` gives it, checked. */
typedef struct tskl_hostlist {
    tskl_slice *items;
    size_t count;
} tskl_hostlist;

/** Takes the patterns, copying them into `arena`. INVALID names the one at fault; NOMEM. `*out` is
 *  then an empty list. */
tskl_status tskl_hostlist_make(const tskl_slice *patterns, size_t count, tskl_arena *arena,
                               tskl_hostlist *out, tskl_error *err);
/** True when a pattern takes this host (whatever its case) and port. */
bool tskl_hostlist_has(const tskl_hostlist *list, tskl_slice host, uint16_t port);
/** True when a pattern is this host, without a '*', and has this port behind it. */
bool tskl_hostlist_names(const tskl_hostlist *list, tskl_slice host, uint16_t port);
#endif
