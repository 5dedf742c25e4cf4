// SPDX-License-Identifier: Apache-2.0
#include "sandbox/module.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/generation.h"
#include "sandbox/host_functions.h"

enum { MAX_TYPE = 16 }; // parameters and results of a function a guest may import

static tskl_slice slice_of(const wasm_name_t *name) {
    return tskl_slice_make(name->data, name->size);
}

// wasm_valtype_kind ends the process for a type that it has no number for, such as v128. So a type
// is never asked what it is, only whether it is this one.
static bool is_type(const wasm_valtype_t *type, wasm_valkind_t kind) {
    wasm_valtype_t *wanted = wasm_valtype_new(kind);
    bool same = wasmtime_wasm_valtype_equal(type, wanted);
    wasm_valtype_delete(wanted);
    return same;
}

static bool append_letters(const wasm_valtype_vec_t *types, tskl_buf *out) {
    for (size_t i = 0; i < types->size; i++) {
        bool wide = is_type(types->data[i], WASM_I64);
        if (!wide && !is_type(types->data[i], WASM_I32)) return false;
        tskl_buf_byte(out, wide ? 'I' : 'i');
    }
    return true;
}

// "Ii>I" for (i64, i32) -> i64; empty for a type that no function of ours has.
static tskl_slice type_text(const wasm_externtype_t *type, char room[MAX_TYPE + 2]) {
    tskl_buf text = {.ptr = room, .room = MAX_TYPE + 2, .cap = MAX_TYPE + 1};
    const wasm_functype_t *function = wasm_externtype_as_functype_const(type);
    bool known = function && append_letters(wasm_functype_params(function), &text);
    tskl_buf_byte(&text, '>');
    known = known && append_letters(wasm_functype_results(function), &text);
    return known && !text.failed ? tskl_buf_slice(&text) : (tskl_slice){NULL, 0};
}

static bool same_type(const wasm_externtype_t *a, const wasm_externtype_t *b) {
    char room_a[MAX_TYPE + 2], room_b[MAX_TYPE + 2];
    tskl_slice text = type_text(a, room_a);
    return text.len && tskl_slice_equal(text, type_text(b, room_b));
}

static bool find_in_kernel(const wasm_exporttype_vec_t *kernel, const wasm_importtype_t *wanted,
                           tskl_import *import) {
    if (!tskl_slice_equal(slice_of(import->module), TSKL_S("extism:host/env"))) return false;
    for (size_t i = 0; i < kernel->size; i++) {
        tskl_slice name = slice_of(wasm_exporttype_name(kernel->data[i]));
        if (!tskl_slice_equal(name, slice_of(import->name))) continue;
        import->from_kernel = true;
        return same_type(wasm_exporttype_type(kernel->data[i]), wasm_importtype_type(wanted));
    }
    return false;
}

static bool find_in_host(const wasm_importtype_t *wanted, tskl_import *import) {
    const tskl_host_function *function = tskl_host_function_find(import->module, import->name);
    char room[MAX_TYPE + 2];
    tskl_slice type = type_text(wasm_importtype_type(wanted), room);
    tskl_slice parameters = tskl_slice_split(&type, '>');
    return function && tskl_slice_equal(parameters, tskl_slice_of(function->parameters)) &&
           tskl_slice_equal(type, tskl_slice_of(function->results));
}

static tskl_status resolve_imports(tskl_module *module, const wasm_exporttype_vec_t *kernel,
                                   tskl_error *err) {
    size_t count = module->import_types.size;
    if (count > TSKL_MODULE_IMPORTS)
        return tskl_fail(err, TSKL_ERR_INVALID, "it has %zu imports, and may have %d", count,
                         TSKL_MODULE_IMPORTS);
    module->imports = tskl_alloc_array(count, sizeof *module->imports);
    if (!module->imports) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu imports", count);
    for (size_t i = 0; i < count; i++) {
        const wasm_importtype_t *wanted = module->import_types.data[i];
        tskl_import *import = &module->imports[i];
        *import = (tskl_import){.module = wasm_importtype_module(wanted),
                                .name = wasm_importtype_name(wanted)};
        if (!find_in_kernel(kernel, wanted, import) && !find_in_host(wanted, import))
            return tskl_fail(err, TSKL_ERR_INVALID,
                             "it imports \"" TSKL_FMT "\" from \"" TSKL_FMT
                             "\", which a Pack is not given (or not with this type)",
                             TSKL_ARG(slice_of(import->name)), TSKL_ARG(slice_of(import->module)));
    }
    return TSKL_OK;
}

static void note_export(tskl_module *module, const wasm_exporttype_t *type) {
    const wasm_functype_t *function = wasm_externtype_as_functype_const(wasm_exporttype_type(type));
    if (!function) return;
    const wasm_valtype_vec_t *results = wasm_functype_results(function);
    module->exports[module->export_count++] = (tskl_export){
        .name = wasm_exporttype_name(type),
        .parameters = wasm_functype_params(function)->size,
        .results = results->size,
        .returns_i32 = results->size == 1 && is_type(results->data[0], WASM_I32),
    };
}

static tskl_status note_exports(tskl_module *module, tskl_error *err) {
    size_t count = module->export_types.size;
    module->exports = tskl_alloc_array(count, sizeof *module->exports);
    if (!module->exports) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu exports", count);
    for (size_t i = 0; i < count; i++) note_export(module, module->export_types.data[i]);
    return TSKL_OK;
}

static tskl_status fill_module(tskl_module *module, tskl_slice code, tskl_error *err) {
    tskl_generation_hold(); // of Wasmtime's list of code
    wasmtime_error_t *error = wasmtime_module_deserialize(
        module->engine->wasm, (const uint8_t *)code.ptr, code.len, &module->wasm);
    tskl_generation_release();
    if (error) return tskl_take_wasmtime_error(err, TSKL_ERR_MISMATCH, error);
    wasmtime_module_imports(module->wasm, &module->import_types);
    wasmtime_module_exports(module->wasm, &module->export_types);
    wasm_exporttype_vec_t kernel;
    wasmtime_module_exports(module->engine->kernel, &kernel);
    tskl_status status = resolve_imports(module, &kernel, err);
    wasm_exporttype_vec_delete(&kernel);
    return status == TSKL_OK ? note_exports(module, err) : status;
}

tskl_status tskl_module_load(tskl_engine *engine, tskl_slice code, tskl_module **out,
                             tskl_error *err) {
    *out = NULL;
    tskl_module *module = tskl_new(tskl_module);
    if (!module) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a module");
    module->engine = engine;
    tskl_status status = fill_module(module, code, err);
    if (status == TSKL_OK)
        *out = module;
    else
        tskl_module_free(module);
    return status;
}

void tskl_module_free(tskl_module *module) {
    if (!module) return;
    tskl_free(module->imports);
    tskl_free(module->exports);
    if (module->wasm) {
        wasm_importtype_vec_delete(&module->import_types);
        wasm_exporttype_vec_delete(&module->export_types);
        tskl_generation_hold();
        wasmtime_module_delete(module->wasm);
        tskl_generation_release();
    }
    tskl_free(module);
}

const tskl_export *tskl_module_export(const tskl_module *module, const char *name) {
    for (size_t i = 0; i < module->export_count; i++)
        if (tskl_slice_equal(slice_of(module->exports[i].name), tskl_slice_of(name)))
            return &module->exports[i];
    return NULL;
}

bool tskl_module_has(const tskl_module *module, const char *hook) {
    return tskl_module_export(module, hook) != NULL;
}
