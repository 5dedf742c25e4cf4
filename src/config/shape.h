// shape: what an object in a file must look like, as a table, and the reading of it into a struct.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_SHAPE_H
#define TSKL_CONFIG_SHAPE_H
#include "config/place.h"

enum {
    TSKL_SHAPE_ITEMS_MAX = 1024, // of any list
    TSKL_SHAPE_TEXT_MAX = 4096   // bytes of a string, where a row does not say
};

typedef struct tskl_texts {
    tskl_slice *items;
    size_t count;
} tskl_texts;

bool tskl_texts_have(const tskl_texts *texts, tskl_slice text);

typedef enum tskl_shape_kind {
    TSKL_SHAPE_TEXT,   // tskl_slice, of `min` to `max` bytes
    TSKL_SHAPE_TEXTS,  // tskl_texts, each of `min` to `max` bytes
    TSKL_SHAPE_FLAG,   // bool
    TSKL_SHAPE_COUNT,  // uint32_t: a whole number, `min` to `max`
    TSKL_SHAPE_NUMBER, // double, `min` to `max`
    TSKL_SHAPE_WORD,   // an enum: which of `words`
    TSKL_SHAPE_VALUE,  // const tskl_json *: anything
    TSKL_SHAPE_MAP,    // const tskl_json *: an object whose names are its own
    TSKL_SHAPE_OBJECT, // a struct, by `inside`
    TSKL_SHAPE_LIST,   // a pointer to structs of `size` bytes, by `inside`; how many, at `count`
} tskl_shape_kind;

typedef struct tskl_shape tskl_shape;

typedef struct tskl_shape_row {
    const char *key;
    tskl_shape_kind kind;
    size_t offset; // in the struct
    uint32_t min, max;
    bool required;
    const char *const *words; // ends with NULL
    const tskl_shape *inside;
    size_t size, count;
    /** Looks at what was read to `into` (of a list of structs: at each); may be NULL. */
    tskl_status (*check)(const tskl_place *place, void *into, tskl_error *err);
} tskl_shape_row;

struct tskl_shape {
    const tskl_shape_row *rows;
    size_t count;
    const tskl_shape *also; // its rows too, for the beginning of the struct; may be NULL
};
#define TSKL_SHAPE(rows) {rows, TSKL_COUNT(rows), NULL}
#define TSKL_SHAPE_AND(also, rows) {rows, TSKL_COUNT(rows), also}

/** Reads the object at `place` into the struct at `into`; what is absent stays as it was. Keys
 *  that begin with "x-", and "$schema", are anybody's. INVALID names the place; NOMEM. */
tskl_status tskl_shape_read(const tskl_shape *shape, const tskl_place *place, void *into,
                            tskl_error *err);
#endif
