// wasmtime_error: what Wasmtime says went wrong, in one line of ours; its engine, made without an
// abort. SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_WASMTIME_ERROR_H
#define TSKL_SANDBOX_WASMTIME_ERROR_H
#include "base/status.h"
#include <wasmtime.h>

/** Fills `err` with what Wasmtime says, its chain of causes in one line, and frees `error`. Returns
 *  `status`. */
tskl_status tskl_take_wasmtime_error(tskl_error *err, tskl_status status, wasmtime_error_t *error);

/** Makes an engine of `config`, which it takes; free `*out` with wasm_engine_delete. Wasmtime's own
 *  constructor ends the process where the machine has no room; this one, which engine/src/lib.rs
 *  adds to its C API, says why. LIMIT: `*out` is then NULL. */
tskl_status tskl_wasmtime_engine_take(wasm_config_t *config, wasm_engine_t **out, tskl_error *err);
#endif
