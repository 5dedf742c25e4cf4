// SPDX-License-Identifier: Apache-2.0
#include "sandbox/part.h"
#include "base/alloc.h"
#include "base/generation.h"
#include "sandbox/types.h"
#include "sandbox/wasmtime_error.h"

static tskl_slice slice_of(const wasm_name_t *name) {
    return tskl_slice_make(name->data, name->size);
}

static void note_export(tskl_part *part, const wasm_exporttype_t *type) {
    const wasm_functype_t *function = wasm_externtype_as_functype_const(wasm_exporttype_type(type));
    if (!function) return;
    const wasm_valtype_vec_t *parameters = wasm_functype_params(function);
    const wasm_valtype_vec_t *results = wasm_functype_results(function);
    part->exports[part->export_count++] = (tskl_export){
        .name = wasm_exporttype_name(type),
        .parameters = parameters->size,
        .results = results->size,
        .takes_i32s = tskl_types_are_i32(parameters),
        .returns_i32 = results->size == 1 && tskl_types_are_i32(results),
    };
}

static tskl_status note_exports(tskl_part *part, tskl_error *err) {
    size_t count = part->export_types.size;
    part->exports = tskl_alloc_array(count, sizeof *part->exports);
    if (!part->exports) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu exports", count);
    for (size_t i = 0; i < count; i++) note_export(part, part->export_types.data[i]);
    part->is_command = tskl_part_export(part, "_start") != NULL;
    return TSKL_OK;
}

static tskl_status fill_part(tskl_part *part, tskl_slice code, tskl_error *err) {
    tskl_generation_hold(); // of Wasmtime's list of code
    wasmtime_error_t *error = wasmtime_module_deserialize(
        part->engine->wasm, (const uint8_t *)code.ptr, code.len, &part->wasm);
    tskl_generation_release();
    if (error) return tskl_take_wasmtime_error(err, TSKL_ERR_MISMATCH, error);
    wasmtime_module_imports(part->wasm, &part->import_types);
    wasmtime_module_exports(part->wasm, &part->export_types);
    return note_exports(part, err);
}

static void free_part(tskl_part *part) {
    tskl_free(part->exports);
    if (part->wasm) {
        wasm_importtype_vec_delete(&part->import_types);
        wasm_exporttype_vec_delete(&part->export_types);
        tskl_generation_hold();
        wasmtime_module_delete(part->wasm);
        tskl_generation_release();
    }
    tskl_free(part);
}

// What follows runs with the engine's parts_lock held.

static tskl_part *find_shared(tskl_engine *engine, const tskl_sha256 *wasm) {
    for (tskl_part *part = engine->parts; part; part = part->next)
        if (tskl_sha256_equal(&part->wasm_digest, wasm)) {
            part->references++;
            return part;
        }
    return NULL;
}

static void unlink_part(tskl_part *part) {
    for (tskl_part **link = &part->engine->parts; *link; link = &(*link)->next)
        if (*link == part) {
            *link = part->next;
            return;
        }
}

// What follows takes the lock.

tskl_part *tskl_part_find(tskl_engine *engine, const tskl_sha256 *wasm) {
    pthread_mutex_lock(&engine->parts_lock);
    tskl_part *part = find_shared(engine, wasm);
    pthread_mutex_unlock(&engine->parts_lock);
    return part;
}

// Another thread may have loaded the same meanwhile: then that one is used.
static tskl_part *share(tskl_part *part) {
    pthread_mutex_lock(&part->engine->parts_lock);
    tskl_part *other = find_shared(part->engine, &part->wasm_digest);
    if (!other) {
        part->next = part->engine->parts;
        part->engine->parts = part;
    }
    pthread_mutex_unlock(&part->engine->parts_lock);
    if (!other) return part;
    free_part(part);
    return other;
}

tskl_status tskl_part_load(tskl_engine *engine, const tskl_sha256 *wasm, tskl_slice code,
                           tskl_part **out, tskl_error *err) {
    *out = NULL;
    tskl_part *part = tskl_new(tskl_part);
    if (!part) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a module");
    part->engine = engine;
    part->references = 1;
    if (wasm) part->wasm_digest = *wasm;
    tskl_status status = fill_part(part, code, err);
    if (status == TSKL_OK)
        *out = wasm ? share(part) : part;
    else
        free_part(part);
    return status;
}

tskl_part *tskl_part_keep(tskl_part *part) {
    pthread_mutex_lock(&part->engine->parts_lock);
    part->references++;
    pthread_mutex_unlock(&part->engine->parts_lock);
    return part;
}

void tskl_part_release(tskl_part *part) {
    if (!part) return;
    pthread_mutex_lock(&part->engine->parts_lock);
    bool last = --part->references == 0;
    if (last) unlink_part(part);
    pthread_mutex_unlock(&part->engine->parts_lock);
    if (last) free_part(part);
}

const tskl_export *tskl_part_export(const tskl_part *part, const char *name) {
    for (size_t i = 0; i < part->export_count; i++)
        if (tskl_slice_equal(slice_of(part->exports[i].name), tskl_slice_of(name)))
            return &part->exports[i];
    return NULL;
}

const wasm_externtype_t *tskl_part_find_export(const tskl_part *part, const wasm_name_t *name) {
    for (size_t i = 0; i < part->export_types.size; i++) {
        const wasm_exporttype_t *type = part->export_types.data[i];
        if (tskl_slice_equal(slice_of(wasm_exporttype_name(type)), slice_of(name)))
            return wasm_exporttype_type(type);
    }
    return NULL;
}
