// resolve: a name's addresses, asked for once.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_RESOLVE_H
#define TSKL_NET_RESOLVE_H
#include "base/status.h"
#include "net/target.h"
#include <netinet/in.h>

enum { TSKL_ADDRESSES_MAX = 16 }; // of one name that are tried

typedef struct tskl_addresses {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } items[TSKL_ADDRESSES_MAX]; // with the target's port
    size_t count;
} tskl_addresses;

/** Asks for the addresses of `target`, which takes as long as it takes. INVALID, naming the
 *  address, when one of them is not public, unless `any_address`; NETWORK when there are none. */
tskl_status tskl_resolve(const tskl_target *target, bool any_address, tskl_addresses *out,
                         tskl_error *err);
/** Whether it is one of them, port included. */
bool tskl_addresses_have(const tskl_addresses *addresses, const struct sockaddr *address);
/** "host:port:address,address", for CURLOPT_RESOLVE, in `arena`; NULL: no memory. */
const char *tskl_addresses_pin(const tskl_addresses *addresses, const tskl_target *target,
                               tskl_arena *arena);
#endif
