// module: what a loaded module knows of itself, for the files of this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_MODULE_H
#define TSKL_SANDBOX_MODULE_H
#include "sandbox/engine.h"

enum { TSKL_MODULE_IMPORTS = 128 }; // our host has about 80 functions

/** Where an import comes from. */
typedef struct tskl_import {
    bool from_kernel; // else one of the host's functions
    const wasm_name_t *module, *name;
} tskl_import;

/** A function the module exports, if a hook could be called there. */
typedef struct tskl_export {
    const wasm_name_t *name;
    size_t parameters;
    size_t results;
    bool returns_i32; // one result, an i32
} tskl_export;

struct tskl_module {
    tskl_engine *engine;
    wasmtime_module_t *wasm;
    wasm_importtype_vec_t import_types; // own the names that imports and exports point to
    wasm_exporttype_vec_t export_types;
    tskl_import *imports;
    tskl_export *exports;
    size_t export_count;
};

/** The exported function of that name, or NULL. */
const tskl_export *tskl_module_export(const tskl_module *module, const char *name);
#endif
