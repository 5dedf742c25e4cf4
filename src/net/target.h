// target: a URL that may be called, read so strictly that no other reader can take it otherwise.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_TARGET_H
#define TSKL_NET_TARGET_H
#include "base/arena.h"
#include "base/status.h"

enum { TSKL_TARGET_MAX = 8 * 1024 }; // bytes of a URL

typedef struct tskl_target {
    bool secure;     // https
    tskl_slice host; // lower case, an IPv6 address in brackets, no dot at its end
    uint16_t port;
    const char *url;   // the whole, written anew, without a fragment
    const char *label; // the same without path and query, for people
} tskl_target;

/**
 * Reads "http://" and "https://" URLs, in `arena`. INVALID, naming what is wrong, for any other
 * scheme, user names and passwords, a host that is neither a name in ASCII nor an address in its
 * usual form (127.1 is none), a port of 0, and bytes that have no place in a URL. LIMIT; NOMEM.
 */
tskl_status tskl_target_parse(tskl_slice url, tskl_arena *arena, tskl_target *out, tskl_error *err);
#endif
