// item: one member of a recording, whatever form the recording has: a call, or a record of one.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_ITEM_H
#define TSKL_CLI_ITEM_H
#include "recording/call.h"
#include "recording/har_reader.h"
#include "recording/record_reader.h"

typedef struct tskl_item {
    size_t number;            // in its recording
    tskl_read_record *record; // of taskless, as it was written; else NULL
    tskl_slice line;          // of the record
    tskl_call call;           // where there is no record
} tskl_item;

/** Reads one piece of a recording, with which the item shares its text. LIMIT where it is too
 * large; SYNTAX or INVALID, naming the line and, where it is known, the URL, masked; UNSUPPORTED;
 * NOMEM. */
tskl_status tskl_item_read(const tskl_har_piece *piece, tskl_arena *arena, tskl_item *out,
                           tskl_error *err);
/** The call's URL as it may be shown: masked, and cut where it is long. */
tskl_slice tskl_item_shown_url(const tskl_item *item, tskl_arena *arena);
#endif
