// framing: where the body of a message ends, and what of its bytes is body.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_WIRE_FRAMING_H
#define TSKL_WIRE_FRAMING_H
#include <stdbool.h>
#include <stdint.h>
#include <taskless/base.h>

typedef enum tskl_framing_kind {
    TSKL_FRAMING_NONE, // all that comes is body, to the end of the connection
    TSKL_FRAMING_LENGTH,
    TSKL_FRAMING_CHUNKED,
} tskl_framing_kind;

/** Zeroed: everything is body, and no end is known. */
typedef struct tskl_framing {
    tskl_framing_kind kind;
    uint64_t left; // bytes of the body, or of the chunk under way
    int state;     // of a chunked body
    bool complete; // the body has come to its end
} tskl_framing;

/** True when the header lines say that the body comes in chunks. */
bool tskl_framing_is_chunked(tskl_slice headers);

/** Of a response's body, by its header lines. `raw`: chunks have not been taken apart; `bodiless`:
 *  the request was one that is answered without a body. */
tskl_framing tskl_framing_of_response(int status, tskl_slice headers, bool raw, bool bodiless);

/**
 * Cuts the next part of the body off the front of `data`; `part` points into it. False when no more
 * of it is body. What makes no sense as chunks is passed over: the runtime will say so.
 */
bool tskl_framing_take(tskl_framing *framing, tskl_slice *data, tskl_slice *part);
#endif
