// Wasmtime tells a chain of causes, a line each; whatever we say is one line.
// SPDX-License-Identifier: Apache-2.0
#include "sandbox/wasmtime_error.h"
#include "base/slice.h"
#include <stdio.h>

wasmtime_error_t *tskl_engine_try_new(wasm_config_t *config, wasm_engine_t **engine);

// "0: WebAssembly translation error" without its number; of "Caused by:" nothing.
static tskl_slice cause_of(tskl_slice line) {
    tskl_slice rest = tskl_slice_trim(line), text = rest;
    uint64_t number;
    if (tskl_slice_to_u64(tskl_slice_split(&rest, ':'), &number)) text = tskl_slice_trim(rest);
    return tskl_slice_equal(text, TSKL_S("Caused by:")) ? TSKL_S("") : text;
}

static void fail_with_causes(tskl_error *err, tskl_status status, tskl_slice message) {
    char line[sizeof err->message];
    size_t len = 0;
    while (message.len && len < sizeof line) {
        tskl_slice cause = cause_of(tskl_slice_line(&message));
        if (cause.len)
            len += (size_t)snprintf(line + len, sizeof line - len, "%s" TSKL_FMT, len ? ": " : "",
                                    TSKL_ARG(cause));
    }
    tskl_fail(err, status, "%s", len ? line : "Wasmtime gives no reason");
}

tskl_status tskl_take_wasmtime_error(tskl_error *err, tskl_status status, wasmtime_error_t *error) {
    wasm_name_t message;
    wasmtime_error_message(error, &message);
    fail_with_causes(err, status, tskl_slice_make(message.data, message.size));
    wasm_byte_vec_delete(&message);
    wasmtime_error_delete(error);
    return status;
}

tskl_status tskl_wasmtime_engine_take(wasm_config_t *config, wasm_engine_t **out, tskl_error *err) {
    wasmtime_error_t *error = tskl_engine_try_new(config, out);
    return error ? tskl_take_wasmtime_error(err, TSKL_ERR_LIMIT, error) : TSKL_OK;
}
