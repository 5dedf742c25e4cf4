// json: a JSON document as a tree in an arena. YAML becomes the same tree (config/yaml.h).
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_JSON_H
#define TSKL_BASE_JSON_H
#include "base/arena.h"
#include "base/status.h"

typedef enum tskl_json_kind {
    TSKL_JSON_NULL,
    TSKL_JSON_BOOL,
    TSKL_JSON_NUMBER,
    TSKL_JSON_STRING,
    TSKL_JSON_ARRAY,
    TSKL_JSON_OBJECT,
} tskl_json_kind;

/** One value. Walk an array or object by `first` and `next`. */
typedef struct tskl_json tskl_json;
struct tskl_json {
    tskl_json_kind kind;
    uint32_t line;    // where it stands, from 1
    tskl_slice key;   // its name, decoded, where it is a member of an object
    tskl_slice text;  // a string, decoded; a number as written; "true" or "false"
    tskl_slice raw;   // as written in the document; empty where it came from YAML
    tskl_json *first; // of an array or object
    tskl_json *next;
    size_t count;
};

/**
 * Parses one JSON value. The tree lives in `arena`, which it shares with `text`: both must outlive
 * it. SYNTAX with line and reason; NOMEM. `*out` is NULL on failure.
 */
tskl_status tskl_json_parse(tskl_slice text, tskl_arena *arena, const tskl_json **out,
                            tskl_error *err);

/** The member of that name, the last one where there are several. NULL when there is none, or
 *  `object` is NULL or not an object. */
const tskl_json *tskl_json_get(const tskl_json *object, tskl_slice name);
/** The text of a string member, or empty. */
tskl_slice tskl_json_get_string(const tskl_json *object, tskl_slice name);
/** False when `value` is NULL or not a whole number in range. */
bool tskl_json_to_i64(const tskl_json *value, int64_t *out);
/** False when `value` is NULL or not a number a double can hold. */
bool tskl_json_to_double(const tskl_json *value, double *out);
/** True only for the boolean true. */
bool tskl_json_is_true(const tskl_json *value);
/** "a string", "an object": for messages. */
const char *tskl_json_kind_text(tskl_json_kind kind);
/** Decodes a JSON string with its quotes, as the lexer gave it, into `arena`. False: no memory. */
bool tskl_json_decode(tskl_slice raw, tskl_arena *arena, tskl_slice *out);
#endif
