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

#define EXCEPTIONS                                                                                 \
    "it uses WebAssembly exceptions, which Packs do not have: build it without them "              \
    "(C++: -fno-exceptions; Rust: panic=abort)"
#define GARBAGE                                                                                    \
    "it uses garbage-collected types, which Packs do not have: build it with a compiler that "     \
    "brings a collector of its own"
#define THREADS "it uses threads, which Packs do not have: build it without them"

// What is off, so that Packs run the same everywhere and nothing collects garbage in an
// application.
static const struct {
    const char *part, *words;
} features[] = {
    {"exceptions proposal", EXCEPTIONS},
    {"gc types are disabled", GARBAGE},
    {"gc proposal", GARBAGE},
    {"threads must be enabled", THREADS},
    {"threads support is not enabled", THREADS},
    {"memory64 must be enabled",
     "it has a 64-bit memory, which Packs do not have: build it for wasm32"},
};

static tskl_status in_words(tskl_error *err, tskl_status status) {
    for (size_t i = 0; status && err && i < TSKL_COUNT(features); i++)
        if (strstr(err->message, features[i].part))
            return tskl_context(err, status, "%s", features[i].words);
    return status;
}

static tskl_status check_with(wasm_engine_t *engine, tskl_slice wasm, tskl_error *err) {
    wasmtime_error_t *error = wasmtime_module_validate(engine, (const uint8_t *)wasm.ptr, wasm.len);
    return error ? tskl_take_wasmtime_error(err, TSKL_ERR_INVALID, error) : TSKL_OK;
}

tskl_status tskl_compiler_check(tskl_slice wasm, tskl_error *err) {
    wasm_config_t *config = tskl_settings_new();
    if (!config) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (a compiler)");
    wasm_engine_t *engine;
    TSKL_TRY(tskl_wasmtime_engine_take(config, &engine, err));
    tskl_status status = check_with(engine, wasm, err);
    wasm_engine_delete(engine);
    return in_words(err, status);
}

tskl_status tskl_compile(tskl_slice wasm, tskl_buf *code, tskl_error *err) {
    return in_words(err, compile(wasm, NULL, code, err));
}

tskl_status tskl_compile_portable(tskl_slice wasm, tskl_buf *code, tskl_error *err) {
    return in_words(err, compile(wasm, PORTABLE_TARGET, code, err));
}

tskl_slice tskl_compiler_key(void) {
    return tskl_settings_key();
}

tskl_slice tskl_compiler_portable_key(void) {
    return tskl_settings_portable_key();
}
