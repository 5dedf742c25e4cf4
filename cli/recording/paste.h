// paste: whatever a person has of a call that failed, read as calls.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PASTE_H
#define TSKL_CLI_PASTE_H
#include "base/status.h"
#include "recording/call.h"

enum { TSKL_PASTE_MAX = 64 * 1024 * 1024 };

/** In the arena it was read into. */
typedef struct tskl_paste {
    tskl_call *calls;
    size_t count;
    bool recording; // a whole HAR: only what failed in it is of interest
} tskl_paste;

/** Reads an HTTP response, output of curl, a HAR or one entry of it, or the body of an answer
 *  alone, whose status is then `status`, or what the body itself says, or 400. `status` 0: not
 *  given. SYNTAX or INVALID saying what is missing; NOMEM. */
tskl_status tskl_paste_read(tskl_slice text, int status, tskl_arena *arena, tskl_paste *out,
                            tskl_error *err);
#endif
