// SPDX-License-Identifier: Apache-2.0
#include "inspect/inspection.h"
#include "compiler.h"
#include "input.h"
#include "sandbox/sandbox.h"

static bool is_module_of(const tskl_pack *pack, tskl_slice name) {
    for (size_t i = 0; pack && i < pack->module_count; i++)
        if (tskl_slice_equal(pack->modules[i].name, name)) return true;
    return false;
}

// Without an engine, where the machine has no room for one, nothing is said of imports.
static tskl_status judge_imports(tskl_inspection *out, tskl_error *err) {
    tskl_engine *engine;
    tskl_error why;
    out->offered = tskl_arena_array(&out->arena, bool, out->wasm.import_count);
    if (!out->offered) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for its imports");
    if (tskl_engine_new(&engine, &why) != TSKL_OK) {
        out->unjudged = tskl_arena_cstr(&out->arena, tskl_slice_of(why.message));
        return TSKL_OK;
    }
    for (size_t i = 0; i < out->wasm.import_count; i++) {
        const tskl_wasm_item *import = &out->wasm.imports[i];
        out->offered[i] = is_module_of(out->pack, import->module) ||
                          (import->kind == TSKL_WASM_FUNCTION &&
                           tskl_engine_offers(engine, import->module, import->name));
        out->unoffered += !out->offered[i];
    }
    tskl_engine_free(engine);
    return TSKL_OK;
}

// What is compiled already can be; else it is validated, which takes far less.
static tskl_status judge_code(tskl_inspection *out, tskl_error *err) {
    tskl_error why;
    out->code = tskl_code_state_of(&out->digest, &out->arena);
    if (out->code.folder || tskl_compiler_check(out->module, &why) != TSKL_ERR_INVALID)
        return TSKL_OK;
    out->uncompilable = tskl_arena_cstr(&out->arena, tskl_slice_of(why.message));
    if (out->uncompilable) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (inspecting a module)");
}

static tskl_status read_module(tskl_inspection *out, tskl_error *err) {
    TSKL_TRY(tskl_wasm_read(out->module, &out->arena, &out->wasm, err));
    TSKL_TRY(judge_imports(out, err));
    return judge_code(out, err);
}

// What the Pack was read from, once more: for what it does not keep. A Pack that is not in files
// of its own has no sizes.
static void read_files(tskl_inspection *out) {
    tskl_package package;
    const char *path = tskl_arena_cstr(&out->arena, out->from);
    if (!path || out->from.len == 0 ||
        tskl_package_read(path, &out->arena, &package, NULL) != TSKL_OK)
        return;
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++)
        out->sizes[i] =
            ((const tskl_slice *)((const char *)&package + tskl_package_files[i].offset))->len;
    out->bundle = package.bundle;
}

tskl_status tskl_inspect_pack(const tskl_config_pack *entry, const tskl_config *config,
                              tskl_inspection *out, tskl_error *err) {
    *out = (tskl_inspection){.from = entry->from};
    TSKL_TRY(tskl_pack_load(entry, config, &out->pack, err));
    for (size_t i = 0; i < config->pack_count; i++)
        if (tskl_slice_equal(config->packs[i].from, entry->from) && config->packs[i].line)
            out->configured = true;
    out->module = out->pack->wasm;
    out->digest = out->pack->digest;
    read_files(out);
    TSKL_TRY(tskl_grants_of(out->pack, &out->arena, &out->grants, err));
    tskl_status status = read_module(out, err);
    return status ? tskl_context(err, status, "pack.wasm") : TSKL_OK;
}

tskl_status tskl_inspect_package(const tskl_package *package, tskl_inspection *out,
                                 tskl_error *err) {
    static const tskl_config_pack usual = {.body_allowed = true, .enabled = true};
    *out = (tskl_inspection){0};
    TSKL_TRY(tskl_pack_open(package, &usual, NULL, &out->pack, err));
    out->module = out->pack->wasm;
    out->digest = out->pack->digest;
    TSKL_TRY(tskl_grants_of(out->pack, &out->arena, &out->grants, err));
    tskl_status status = read_module(out, err);
    return status ? tskl_context(err, status, "pack.wasm") : TSKL_OK;
}

tskl_status tskl_inspect_file(const char *path, tskl_inspection *out, tskl_error *err) {
    *out = (tskl_inspection){.from = tskl_slice_of(path)};
    TSKL_TRY(tskl_input_file(path, TSKL_PACKAGE_WASM_MAX, &out->arena, &out->module, err));
    out->digest = tskl_sha256_of(out->module);
    tskl_status status = read_module(out, err);
    return status ? tskl_context(err, status, "%s", path) : TSKL_OK;
}

void tskl_inspection_close(tskl_inspection *inspection) {
    tskl_pack_close(inspection->pack);
    tskl_arena_reset(&inspection->arena);
    *inspection = (tskl_inspection){0};
}
