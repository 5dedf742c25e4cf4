// coding: one content-coding undone, piece by piece. Only for decode.c and coding_*.c.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_CODING_H
#define TSKL_EXCHANGE_CODING_H
#include "base/buf.h"
#include "base/status.h"

typedef enum tskl_coding_step {
    TSKL_CODING_MORE,  // all input was taken, and the end has not come
    TSKL_CODING_END,   // the end has come
    TSKL_CODING_FULL,  // the buffer holds all it may
    TSKL_CODING_BAD,   // not in this coding
    TSKL_CODING_NOMEM, // for the buffer or the library
} tskl_coding_step;

typedef struct tskl_coding {
    /** `body` is all that will come, to look at its first bytes. UNAVAILABLE, NOMEM. */
    tskl_status (*open)(tskl_slice body, void **state, tskl_error *err);
    /** Takes `input`, appending to `out`. After FULL, BAD and NOMEM it is not called again, after
     *  END only where members may follow. */
    tskl_coding_step (*feed)(void *state, tskl_slice input, tskl_buf *out);
    void (*close)(void *state);
    bool has_members;
} tskl_coding;

extern const tskl_coding tskl_coding_gzip, tskl_coding_deflate, tskl_coding_brotli,
    tskl_coding_zstd;

/** Some room to decode into; NULL: `*step` says that the buffer is full or that there is no
 *  memory. */
char *tskl_coding_room(tskl_buf *out, size_t *room, tskl_coding_step *step);
#endif
