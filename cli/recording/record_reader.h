// record_reader: a record read back from its ndjson line, in the form that outputs render.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_RECORD_READER_H
#define TSKL_CLI_RECORD_READER_H
#include "base/json.h"
#include "capture/record.h"

/** Holds what `record` points to; both live as long as the arena and stay where they are. */
typedef struct tskl_read_record {
    const tskl_json *tree;
    tskl_exchange exchange;
    tskl_view view;
    tskl_captures captures;
    tskl_record record;
} tskl_read_record;

/** True of an object that has what a record has, of whatever version. */
bool tskl_record_is(const tskl_json *value);
/** Reads a record of version 1: all that its line tells, so that it is written as it was read. What
 *  it does not have, headers and bodies, is empty. NOMEM. `*out` is NULL on failure. */
tskl_status tskl_record_from(const tskl_json *tree, tskl_arena *arena, tskl_read_record **out,
                             tskl_error *err);
/** The same of its line. SYNTAX, NOMEM. */
tskl_status tskl_record_read(tskl_slice line, tskl_arena *arena, tskl_read_record **out,
                             tskl_error *err);
#endif
