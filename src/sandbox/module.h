// module: what a guest is made of: its parts, linked, for the files of this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_MODULE_H
#define TSKL_SANDBOX_MODULE_H
#include "sandbox/part.h"

enum { TSKL_MODULE_IMPORTS = 128 }; // of one part; our host has about 80 functions

typedef enum tskl_import_source {
    TSKL_FROM_HOST,
    TSKL_FROM_KERNEL,
    TSKL_FROM_PART,
} tskl_import_source;

/** Where an import comes from. */
typedef struct tskl_import {
    tskl_import_source source;
    size_t part; // which one it comes from
    const wasm_name_t *module, *name;
    const wasm_externtype_t *type;
} tskl_import;

typedef struct tskl_linked {
    tskl_part *part;
    char name[TSKL_LINK_NAME_MAX + 1];
    tskl_import *imports;
    size_t import_count;
} tskl_linked;

struct tskl_module {
    tskl_engine *engine;
    tskl_linked parts[TSKL_MODULE_PARTS]; // each behind those it imports from; the main one is last
    size_t count;
};

static inline const tskl_linked *tskl_module_main(const tskl_module *module) {
    return &module->parts[module->count - 1];
}
#endif
