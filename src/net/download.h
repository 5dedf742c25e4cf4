// download: a file that the user named by its URL, fetched whole.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_NET_DOWNLOAD_H
#define TSKL_NET_DOWNLOAD_H
#include "base/buf.h"
#include "net/target.h"

/** True where a file may be fetched from: https, or http from an address of this machine. */
bool tskl_download_allowed(const tskl_target *target);
/**
 * Fetches it, for programs of ours only: it follows up to 5 redirects, to https alone, takes the
 * proxy that the environment names, and reaches any address. `out` is initialized, and its cap is
 * the most that is taken. INVALID: not from there; LIMIT; TIMEOUT; NETWORK with what went wrong,
 * an answer other than 200 included; UNAVAILABLE without libcurl; NOMEM. Then `out` is empty.
 */
tskl_status tskl_download(const tskl_target *target, uint32_t timeout_ms, tskl_buf *out,
                          tskl_error *err);
#endif
