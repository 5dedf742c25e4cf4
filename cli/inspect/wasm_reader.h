// wasm_reader: what a module says of itself before anything compiles it: its imports, its exports,
// its memories. Any bytes may be given to it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_WASM_READER_H
#define TSKL_CLI_WASM_READER_H
#include "base/arena.h"
#include "base/status.h"

typedef enum tskl_wasm_kind {
    TSKL_WASM_FUNCTION,
    TSKL_WASM_TABLE,
    TSKL_WASM_MEMORY,
    TSKL_WASM_GLOBAL,
    TSKL_WASM_TAG,
} tskl_wasm_kind;

/** An import or an export. Names are borrowed from the module, the type from the arena. */
typedef struct tskl_wasm_item {
    tskl_slice module, name; // `module` only of an import
    tskl_wasm_kind kind;
    tskl_slice type; // of a function: "(i64, i64) -> i64"; empty where it has types newer than this
    bool callable;   // it takes nothing and returns nothing or an i32, as a hook does
} tskl_wasm_item;

typedef struct tskl_wasm {
    tskl_wasm_item *imports, *exports;
    size_t import_count, export_count;
    uint64_t memory_pages; // its own memory begins with so many, of 64 KiB; 0: it has none
    uint64_t memory_most;  // and may grow to so many; 0: it does not say
    size_t table_count;
    size_t code_bytes, data_bytes, other_bytes; // of functions, data, and sections nobody runs
    bool starts;                                // something runs when it is made
} tskl_wasm;

/** True for what begins as binary Wasm does. */
bool tskl_wasm_is_binary(tskl_slice bytes);
/** Reads a module's sections; `bytes` and `arena` must outlive `out`. SYNTAX, for a component and
 *  for text as well, with what to do; NOMEM. */
tskl_status tskl_wasm_read(tskl_slice bytes, tskl_arena *arena, tskl_wasm *out, tskl_error *err);
/** The export of that name, or NULL. */
const tskl_wasm_item *tskl_wasm_export(const tskl_wasm *wasm, tskl_slice name);
/** "function", "table", "memory", "global" or "tag". */
const char *tskl_wasm_kind_text(tskl_wasm_kind kind);
#endif
