// SPDX-License-Identifier: Apache-2.0
#include "compiler.h"
#include "sandbox/settings.h"
#include "sandbox/wasmtime_error.h"
#include <wasmtime.h>

#if defined(__x86_64__)
#define PORTABLE_TARGET "x86_64-unknown-linux-gnu"
#elif defined(__aarch64__)
#define PORTABLE_TARGET "aarch64-unknown-linux-gnu"
#endif

static tskl_status compile_with(wasm_engine_t *engine, tskl_slice wasm, tskl_buf *code,
                                tskl_error *err) {
    wasmtime_module_t *module = NULL;
    wasm_byte_vec_t bytes;
    wasmtime_error_t *error =
        wasmtime_module_new(engine, (const uint8_t *)wasm.ptr, wasm.len, &module);
    if (error) return tskl_take_wasmtime_error(err, TSKL_ERR_INVALID, error);
    error = wasmtime_module_serialize(module, &bytes);
    wasmtime_module_delete(module);
    if (error) return tskl_take_wasmtime_error(err, TSKL_ERR_BUG, error);
    tskl_buf_add(code, tskl_slice_make(bytes.data, bytes.size));
    wasm_byte_vec_delete(&bytes);
    if (code->failed) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the native code");
    return TSKL_OK;
}

static tskl_status compile(tskl_slice wasm, const char *target, tskl_buf *code, tskl_error *err) {
    wasm_config_t *config = tskl_settings_new();
    if (!config) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a compiler");
    wasmtime_error_t *error = target ? wasmtime_config_target_set(config, target) : NULL;
    if (error) {
        wasm_config_delete(config);
        return tskl_take_wasmtime_error(err, TSKL_ERR_UNSUPPORTED, error);
    }
    wasm_engine_t *engine;
    TSKL_TRY(tskl_wasmtime_engine_take(config, &engine, err));
    tskl_status status = compile_with(engine, wasm, code, err);
    wasm_engine_delete(engine);
    return status;
}

tskl_status tskl_compile(tskl_slice wasm, tskl_buf *code, tskl_error *err) {
    return compile(wasm, NULL, code, err);
}

tskl_status tskl_compile_portable(tskl_slice wasm, tskl_buf *code, tskl_error *err) {
    return compile(wasm, PORTABLE_TARGET, code, err);
}

tskl_slice tskl_compiler_key(void) {
    return tskl_settings_key();
}

tskl_slice tskl_compiler_portable_key(void) {
    return tskl_settings_portable_key();
}
