// paste: whatever a person has of calls that failed, read as calls.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PASTE_H
#define TSKL_CLI_PASTE_H
#include "recording/item.h"

enum { TSKL_PASTE_MAX = 64 * 1024 * 1024 };

/** A part of a recording that could not be read. */
typedef struct tskl_paste_fault {
    struct tskl_paste_fault *next;
    size_t number; // of the entry; 0: the recording itself
    tskl_error err;
} tskl_paste_fault;

typedef struct tskl_paste_item {
    struct tskl_paste_item *next;
    tskl_item item;
} tskl_paste_item;

/** In the arena it was read into. */
typedef struct tskl_paste {
    tskl_paste_item *items;
    tskl_paste_fault *faults;
    size_t count;   // of items
    bool recording; // of several calls: only what failed of them is of interest
} tskl_paste;

/** Reads an HTTP response, output of curl, a recording in any form (har_reader.h), or the body of
 * an answer alone, whose status is then `status`, or what the body itself says, or 400. `status` 0:
 *  not given. SYNTAX or INVALID saying what is missing; NOMEM. */
tskl_status tskl_paste_read(tskl_slice text, int status, tskl_arena *arena, tskl_paste *out,
                            tskl_error *err);
#endif
