// chunks: a decoded stream cut again, where its content says, never where the network did.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_CHUNKS_H
#define TSKL_EXCHANGE_CHUNKS_H
#include "exchange/decode.h"

enum { TSKL_CHUNKS_MAX = 16 * 1024 }; // what follows is in the last one

typedef struct tskl_chunk {
    tskl_slice bytes;
    int64_t time_us; // of the bytes that completed it
} tskl_chunk;

typedef struct tskl_chunks {
    tskl_chunk *items;
    size_t count;
} tskl_chunks;

/** True for a body that comes event by event, line by line or text by text. */
bool tskl_chunks_is_stream(tskl_slice content_type);
/** One event of text/event-stream (its blank line with it), one line of NDJSON, one text of a JSON
 *  sequence, else 16 KiB; what is left at the end is the last. None is empty, and together they
 *  are the body. `content_type` is in lower case. NOMEM. */
tskl_status tskl_chunks_cut(const tskl_decoded *body, tskl_slice content_type, int64_t end_us,
                            tskl_arena *arena, tskl_chunks *out, tskl_error *err);
#endif
