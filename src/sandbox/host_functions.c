// SPDX-License-Identifier: Apache-2.0
#include "sandbox/host_functions.h"
#include "base/slice.h"
#include "sandbox/engine.h"
#include "sandbox/wasmtime_error.h"

static const tskl_host_module *const modules[] = {&tskl_host_extism, &tskl_host_http,
                                                  &tskl_host_wasi};

static void make_types(const char *letters, wasm_valtype_vec_t *out) {
    size_t count = strlen(letters);
    wasm_valtype_vec_new_uninitialized(out, count);
    for (size_t i = 0; i < count; i++)
        out->data[i] = wasm_valtype_new(letters[i] == 'I' ? WASM_I64 : WASM_I32);
}

static tskl_status define(wasmtime_linker_t *linker, const char *module,
                          const tskl_host_function *function, tskl_error *err) {
    wasm_valtype_vec_t parameters, results;
    make_types(function->parameters, &parameters);
    make_types(function->results, &results);
    wasm_functype_t *type = wasm_functype_new(&parameters, &results);
    wasmtime_error_t *error = wasmtime_linker_define_func_unchecked(
        linker, module, strlen(module), function->name, strlen(function->name), type,
        function->call, NULL, NULL);
    wasm_functype_delete(type);
    return error ? tskl_take_wasmtime_error(err, TSKL_ERR_BUG, error) : TSKL_OK;
}

tskl_status tskl_host_functions_define(wasmtime_linker_t *linker, tskl_error *err) {
    for (size_t m = 0; m < TSKL_COUNT(modules); m++)
        for (size_t f = 0; f < modules[m]->count; f++)
            TSKL_TRY(define(linker, modules[m]->name, &modules[m]->functions[f], err));
    return TSKL_OK;
}

static bool is_named(const wasm_name_t *name, const char *text) {
    return tskl_slice_equal(tskl_slice_make(name->data, name->size), tskl_slice_of(text));
}

const tskl_host_function *tskl_host_function_find(const wasm_name_t *module,
                                                  const wasm_name_t *name) {
    for (size_t m = 0; m < TSKL_COUNT(modules); m++) {
        if (!is_named(module, modules[m]->name)) continue;
        for (size_t f = 0; f < modules[m]->count; f++)
            if (is_named(name, modules[m]->functions[f].name)) return &modules[m]->functions[f];
    }
    return NULL;
}
