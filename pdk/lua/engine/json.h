// json: JSON to Lua's values and back.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_LUA_JSON_H
#define TASKLESS_LUA_JSON_H
#include "config.h"
#include "lua.h"
#include <stdbool.h>
#include <stddef.h>

/** Pushes the value of a text that ends at a zero. null is nil, and so not there in a table; a
 * whole number is an integer. Throws where the text is no JSON. */
void json_read(lua_State *L, const char *text);

/** A text that grows. `bytes` is the caller's, to be freed. */
typedef struct json_text {
    char *bytes;
    size_t size, room;
    bool failed; // memory is out
} json_text;

void json_put(json_text *to, const char *bytes, size_t size);
/** Writes a string with its quotes. What is no UTF-8 becomes U+FFFD. */
void json_put_string(json_text *to, const char *bytes, size_t size);
/** Writes the value at `index`: a table with items is an array, any other an object, its names
 * sorted. Throws for what JSON does not have. */
void json_put_value(lua_State *L, int index, json_text *to);

#endif
