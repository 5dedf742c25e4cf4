// case: one story as data: a call, the Packs that see it, and what they are expected to say.
// docs/internals/cases.md has the format.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CASE_H
#define TSKL_CLI_CASE_H
#include "base/json.h"
#include "call.h"
#include "config/shape.h"

enum { TSKL_CASE_FILE_MAX = 4 * 1024 * 1024 };

/** Borrowed from the text and the arena it was read into. */
typedef struct tskl_case {
    tskl_slice about, source;
    tskl_texts packs;               // in order; none: the Pack the case lies with
    const tskl_json *configuration; // each an object by Pack, or NULL
    const tskl_json *hosts;
    const tskl_json *allow;
    const tskl_json *environment; // an object of strings, or NULL
    tskl_call call;
    const tskl_json *captures; // what is expected: one of these at most, the other is NULL
    const tskl_json *record;
    const tskl_json *paths; // claims about single places, or NULL
} tskl_case;

/** Reads a case. `name` is the file's, for messages: SYNTAX or INVALID with line and member;
 *  NOMEM. */
tskl_status tskl_case_read(const char *name, tskl_slice text, tskl_arena *arena, tskl_case *out,
                           tskl_error *err);
#endif
