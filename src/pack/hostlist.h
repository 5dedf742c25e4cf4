// hostlist: the hosts a Pack is for, as its manifest or the configuration writes them.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_HOSTLIST_H
#define TSKL_PACK_HOSTLIST_H
#include "base/arena.h"
#include "base/slice.h"
#include "base/status.h"
#include "pack/hostpattern.h"

/** Patterns: "api.stripe.com", "*.stripe.com" (x.stripe.com, not stripe.com), "*" (all), each with
 *  ":port" behind it where only that port is meant; or, in a manifest of schema `pre1`, expressions
 *  (see hostpattern.h), which are shown as "/EXPRESSION/". */
typedef struct tskl_hostlist {
    tskl_slice *items;
    size_t count;
    const tskl_hostpattern **expressions; // as many, where `items` are expressions; else NULL
} tskl_hostlist;

/** What a pattern that is no expression means. */
typedef enum tskl_hostform {
    TSKL_HOSTFORM_NAME,  // `name` itself
    TSKL_HOSTFORM_BELOW, // all that end in '.' and `name`; all hosts where it is empty
} tskl_hostform;
typedef struct tskl_hostitem {
    tskl_hostform form;
    tskl_slice name;
    uint16_t port; // 0: any
} tskl_hostitem;

/** Takes the patterns, copying them into `arena`. INVALID names the one at fault; NOMEM. `*out` is
 *  then an empty list. */
tskl_status tskl_hostlist_make(const tskl_slice *patterns, size_t count, tskl_arena *arena,
                               tskl_hostlist *out, tskl_error *err);
/** Reads patterns of schema `pre1`; else as above. */
tskl_status tskl_hostlist_make_expressions(const tskl_slice *patterns, size_t count,
                                           tskl_arena *arena, tskl_hostlist *out, tskl_error *err);
/** Takes a pattern apart, one that was never checked as well. False: it takes no host. */
bool tskl_hostlist_item(tskl_slice pattern, tskl_hostitem *out);
/** A host as it is compared: "[::1]" as "::1", and without the dot of the root behind it. */
tskl_slice tskl_hostlist_plain(tskl_slice host);
/** True when a pattern takes this host (whatever its case) and port. Goes through all of them: for
 *  what is not asked on the application's thread (see hostindex.h). */
bool tskl_hostlist_has(const tskl_hostlist *list, tskl_slice host, uint16_t port);
/** True when a pattern is this host, without a '*', and has this port behind it. */
bool tskl_hostlist_names(const tskl_hostlist *list, tskl_slice host, uint16_t port);
#endif
