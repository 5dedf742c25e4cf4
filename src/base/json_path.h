// json_path: the small part of JSONPath in which cases say where something stands in a record, and
// users what is to be masked: names, indices, wildcards, any depth. docs/internals/cases.md has it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_JSON_PATH_H
#define TSKL_BASE_JSON_PATH_H
#include "base/json.h"

typedef struct tskl_json_step {
    enum { TSKL_STEP_NAME, TSKL_STEP_INDEX, TSKL_STEP_ALL } kind;
    bool any_depth; // "..": of the value itself and of all within it
    bool of_items;  // "[0]" or "[*]"
    tskl_slice name;
    int64_t index; // below 0: from the end
} tskl_json_step;

/** Borrowed from the text and the arena it was parsed with. */
typedef struct tskl_json_path {
    tskl_json_step *steps;
    size_t count;
} tskl_json_path;

/** Where values are put: `count` goes on past `room`, where nothing is kept any more. */
typedef struct tskl_json_found {
    const tskl_json **items;
    size_t room, count;
} tskl_json_found;

/** Parses "$.packs[0].name", "$..code", "$.captures['a/b.c']". SYNTAX naming the place where it
 *  goes wrong; NOMEM. */
tskl_status tskl_json_path_parse(tskl_slice text, tskl_arena *arena, tskl_json_path *out,
                                 tskl_error *err);
/** Adds the values that stand there, in the order of the document. */
void tskl_json_path_find(const tskl_json_path *path, const tskl_json *root, tskl_json_found *found);
#endif
