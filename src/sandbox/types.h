// types: what Wasm's types are, asked in a way that never ends the process; for this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_TYPES_H
#define TSKL_SANDBOX_TYPES_H
#include "base/buf.h"
#include <wasmtime.h>

enum { TSKL_TYPE_TEXT = 18 }; // bytes of a function's type as text: 16 parameters and results

/** True when it is that type. */
bool tskl_type_is(const wasm_valtype_t *type, wasm_valkind_t kind);
/** True when all are i32. */
bool tskl_types_are_i32(const wasm_valtype_vec_t *types);
/** "Ii>I" for (i64, i32) -> i64; empty for what no function of ours has. */
tskl_slice tskl_type_text(const wasm_externtype_t *type, char room[TSKL_TYPE_TEXT]);
/** True when both are functions of the same parameters and results. */
bool tskl_types_same_function(const wasm_externtype_t *a, const wasm_externtype_t *b);
/** True for a function of numbers alone, which mean the same in any store. */
bool tskl_type_is_plain_function(const wasm_externtype_t *type);
#endif
