// fetch: Packs that are named by a URL, brought into the store before they are needed.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_FETCH_H
#define TSKL_CLI_FETCH_H
#include "config/config.h"

/** Fetches the Pack of an entry whose `from` is a URL, unless it is in the store, and says on a
 *  terminal that it does; does nothing for another entry. `folder`, when not NULL, is to have it
 *  as well. INVALID: no digest, or not from there; MISMATCH naming both digests; NETWORK, TIMEOUT,
 *  LIMIT, UNAVAILABLE; IO, UNTRUSTED, NOMEM. `err` is needed. */
tskl_status tskl_fetch_pack(const tskl_config_pack *entry, const char *folder, tskl_error *err);
#endif
