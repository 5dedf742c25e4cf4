// decode: content-encoding undone, up to a cap.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_DECODE_H
#define TSKL_EXCHANGE_DECODE_H
#include "base/status.h"
#include "exchange/exchange.h"

enum { TSKL_DECODE_MAX_RATIO = 100 };

typedef struct tskl_decoded {
    tskl_slice bytes;       // decoded, or as received where there is no coding
    bool truncated;         // the cap, the ratio, or a body that was cut
    bool failed;            // not in the coding it claims, or one we cannot undo: bytes are empty
    tskl_arrival *arrivals; // of the decoded bytes
    size_t arrival_count;
} tskl_decoded;

/** Undoes gzip, deflate (zlib or raw), br and zstd, also several in a row, within `cap` bytes and
 *  100 times the input. All in `arena`. NOMEM. */
tskl_status tskl_decode(const tskl_body *body, tskl_slice content_encoding, size_t cap,
                        tskl_arena *arena, tskl_decoded *out, tskl_error *err);
#endif
