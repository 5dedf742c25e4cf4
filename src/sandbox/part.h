// part: one module of a guest: its native code and what it exports, for the files of this folder
// only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_PART_H
#define TSKL_SANDBOX_PART_H
#include "sandbox/engine.h"

/** A function the module exports, if a hook could be called there. */
typedef struct tskl_export {
    const wasm_name_t *name;
    size_t parameters;
    size_t results;
    bool takes_i32s;  // all parameters, if any, are i32
    bool returns_i32; // one result, an i32
} tskl_export;

struct tskl_part {
    tskl_engine *engine;
    tskl_sha256 wasm_digest; // "" where it is not shared
    tskl_part *next;         // of the engine's list
    size_t references;       // counted with the engine's parts_lock held
    wasmtime_module_t *wasm;
    wasm_importtype_vec_t import_types; // own the names that imports and exports point to
    wasm_exporttype_vec_t export_types;
    tskl_export *exports;
    size_t export_count;
    bool is_command; // it exports `_start`
};

/** Another reference to it, for tskl_part_release. */
tskl_part *tskl_part_keep(tskl_part *part);
/** The exported function of that name, or NULL. */
const tskl_export *tskl_part_export(const tskl_part *part, const char *name);
/** What it exports under that name, of whatever kind, or NULL. */
const wasm_externtype_t *tskl_part_find_export(const tskl_part *part, const wasm_name_t *name);
#endif
