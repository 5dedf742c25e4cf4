// inspection: all that there is to know of a Pack, or of a plugin by itself, before it runs.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_INSPECTION_H
#define TSKL_CLI_INSPECTION_H
#include "inspect/code_state.h"
#include "inspect/grants.h"
#include "inspect/wasm_reader.h"
#include <stdio.h>

typedef struct tskl_inspection {
    tskl_arena arena;   // holds what is not the Pack's
    tskl_pack *pack;    // NULL: a plugin by itself
    tskl_slice from;    // the folder, bundle or file; empty for one inside the configuration
    tskl_slice module;  // all of its Wasm
    tskl_sha256 digest; // of that
    tskl_wasm wasm;
    bool *offered;                    // by import: a Pack is given it
    const char *unjudged;             // why that is not known; NULL: it is
    size_t unoffered;                 // imports that no Pack is given
    size_t sizes[TSKL_PACKAGE_FILES]; // of the files, in their order; 0: none, or not known
    tskl_sha256 bundle;               // "" where it came in none
    tskl_code_state code;
    const char *uncompilable; // why it cannot be compiled; NULL: as far as is known, it can
    tskl_grants grants;
    bool configured; // the configuration in force names it
} tskl_inspection;

/** Reads a Pack as the configuration has it. As tskl_pack_load; SYNTAX for its Wasm. Close it in
 *  any case; `out` borrows from both arguments. */
tskl_status tskl_inspect_pack(const tskl_config_pack *entry, const tskl_config *config,
                              tskl_inspection *out, tskl_error *err);
/** Reads a file of Wasm. NOT_FOUND, IO, LIMIT, SYNTAX, NOMEM. */
tskl_status tskl_inspect_file(const char *path, tskl_inspection *out, tskl_error *err);
/** Makes a Pack of files that were read, as no configuration has it yet. As tskl_pack_open, and
 *  SYNTAX for its Wasm. */
tskl_status tskl_inspect_package(const tskl_package *package, tskl_inspection *out,
                                 tskl_error *err);
void tskl_inspection_close(tskl_inspection *inspection);

/** For a person. */
void tskl_inspection_show(const tskl_inspection *inspection, FILE *to, bool colour);
/** The same in short: what it is for, what it sees and what it asks for. */
void tskl_inspection_show_short(const tskl_inspection *inspection, FILE *to, bool colour);
/** One JSON object in one line. False: no memory. */
bool tskl_inspection_write_json(const tskl_inspection *inspection, FILE *to);
#endif
