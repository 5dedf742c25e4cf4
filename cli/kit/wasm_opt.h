// wasm_opt: makes Wasm smaller with binaryen's wasm-opt, where there is one.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_WASM_OPT_H
#define TSKL_CLI_WASM_OPT_H
#include "base/arena.h"
#include "base/status.h"

/** The wasm-opt to use: of the project's own node_modules, else on PATH. In `arena`. NULL where
 * there is none that is new enough: then `*why` says so for a person. */
const char *tskl_wasm_opt_find(const char *project, tskl_arena *arena, const char **why);
/** Rewrites the module at `path`. INVALID when wasm-opt failed, which has then said why; IO, NOMEM.
 */
tskl_status tskl_wasm_opt_run(const char *program, const char *path, bool verbose,
                              tskl_arena *arena, tskl_error *err);
#endif
