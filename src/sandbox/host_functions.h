// host_functions: every function a guest may import from its host, as tables of names and types.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_HOST_FUNCTIONS_H
#define TSKL_SANDBOX_HOST_FUNCTIONS_H
#include "base/status.h"
#include <wasmtime.h>

/** One function: its types as letters, "i" for i32 and "I" for i64, parameters then results. */
typedef struct tskl_host_function {
    const char *name, *parameters, *results;
    wasmtime_func_unchecked_callback_t call;
} tskl_host_function;

typedef struct tskl_host_module {
    const char *name;
    const tskl_host_function *functions;
    size_t count;
} tskl_host_module;

extern const tskl_host_module tskl_host_extism; // what the kernel does not do itself
extern const tskl_host_module tskl_host_http;
extern const tskl_host_module tskl_host_wasi;

/** Defines all of them in `linker`. */
tskl_status tskl_host_functions_define(wasmtime_linker_t *linker, tskl_error *err);
/** The function of that name, or NULL. */
const tskl_host_function *tskl_host_function_find(const wasm_name_t *module,
                                                  const wasm_name_t *name);
#endif
