// field: one setting that a manifest declares: its name, its type, its default.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_FIELD_H
#define TSKL_PACK_FIELD_H
#include "config/shape.h"

typedef enum tskl_field_type {
    TSKL_FIELD_STRING,
    TSKL_FIELD_STRINGS,
    TSKL_FIELD_NUMBER,
    TSKL_FIELD_NUMBERS,
    TSKL_FIELD_BOOLEAN,
} tskl_field_type;

typedef struct tskl_field {
    tskl_slice name, description;
    tskl_field_type type;
    const tskl_json *value; // the default; NULL when there is none
} tskl_field;

/** One entry of a manifest's `fields`. */
extern const tskl_shape tskl_field_shape;

/** As manifests write it: "string[]". */
const char *tskl_field_type_text(tskl_field_type type);
/** Fails when the value at `place` is not of the field's type. INVALID names the place. */
tskl_status tskl_field_check(const tskl_field *field, const tskl_place *place, tskl_error *err);
/** Fails when an entry read by the shape has a name that is none, or a default of another type. */
tskl_status tskl_field_check_entry(const tskl_place *place, void *field, tskl_error *err);
/** Fails when two of `fields` have one name. */
tskl_status tskl_field_check_names(const tskl_place *root, const tskl_field *fields, size_t count,
                                   tskl_error *err);
#endif
