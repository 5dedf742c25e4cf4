// scalar: what a plain YAML scalar is by the core schema of YAML 1.2.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_SCALAR_H
#define TSKL_CONFIG_SCALAR_H
#include "base/json.h"

typedef enum tskl_scalar_result {
    TSKL_SCALAR_OK,
    TSKL_SCALAR_NOT_JSON, // .inf or .nan, or a whole number that needs more than 64 bits in hex
    TSKL_SCALAR_NOMEM,
} tskl_scalar_result;

/** Sets `kind` and `text` of `value`; a number's text is as JSON writes it. `text` is kept by
 *  reference where it is not changed. */
tskl_scalar_result tskl_scalar_type(tskl_slice text, tskl_arena *arena, tskl_json *value);
#endif
