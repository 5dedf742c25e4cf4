// SPDX-License-Identifier: Apache-2.0
#include "sandbox/module.h"
#include "base/alloc.h"
#include "sandbox/foreign.h"
#include "sandbox/host_functions.h"
#include "sandbox/types.h"

#define MAIN "main" // what a Pack's own module is called, where it is called at all

static tskl_slice slice_of(const wasm_name_t *name) {
    return tskl_slice_make(name->data, name->size);
}

static bool same_type(const wasm_externtype_t *a, const wasm_externtype_t *b) {
    char room_a[TSKL_TYPE_TEXT], room_b[TSKL_TYPE_TEXT];
    tskl_slice text = tskl_type_text(a, room_a);
    return text.len && tskl_slice_equal(text, tskl_type_text(b, room_b));
}

static bool find_in_kernel(const wasm_exporttype_vec_t *kernel, tskl_import *import) {
    if (!tskl_slice_equal(slice_of(import->module), TSKL_S("extism:host/env"))) return false;
    for (size_t i = 0; i < kernel->size; i++) {
        tskl_slice name = slice_of(wasm_exporttype_name(kernel->data[i]));
        if (!tskl_slice_equal(name, slice_of(import->name))) continue;
        import->source = TSKL_FROM_KERNEL;
        return same_type(wasm_exporttype_type(kernel->data[i]), import->type);
    }
    return false;
}

static bool find_in_host(tskl_import *import) {
    const tskl_host_function *function = tskl_host_function_find(import->module, import->name);
    char room[TSKL_TYPE_TEXT];
    tskl_slice type = tskl_type_text(import->type, room);
    tskl_slice parameters = tskl_slice_split(&type, '>');
    import->source = TSKL_FROM_HOST;
    return function && tskl_slice_equal(parameters, tskl_slice_of(function->parameters)) &&
           tskl_slice_equal(type, tskl_slice_of(function->results));
}

// The part of that name; `count` when there is none. Nothing imports from the main one.
static size_t part_named(const tskl_module *module, tskl_slice name) {
    for (size_t i = 0; i + 1 < module->count; i++)
        if (tskl_slice_equal(tskl_slice_of(module->parts[i].name), name)) return i;
    return module->count;
}

// What a command gives or takes crosses from one store to another: numbers do, references do not.
static bool may_be_linked(const tskl_part *from, const tskl_part *to,
                          const wasm_externtype_t *exported, const wasm_externtype_t *wanted) {
    bool crosses = from->is_command || to->is_command;
    if (wasm_externtype_kind(wanted) == WASM_EXTERN_FUNC)
        return tskl_types_same_function(exported, wanted) &&
               (!crosses || tskl_type_is_plain_function(wanted));
    // Wasmtime looks at the types of memories, tables and globals when it makes an instance.
    return !crosses && wasm_externtype_kind(exported) == wasm_externtype_kind(wanted);
}

static bool find_in_parts(const tskl_module *module, const tskl_part *to, tskl_import *import) {
    size_t at = part_named(module, slice_of(import->module));
    if (at == module->count) return false;
    const tskl_part *from = module->parts[at].part;
    const wasm_externtype_t *exported = tskl_part_find_export(from, import->name);
    import->source = TSKL_FROM_PART;
    import->part = at;
    return exported && may_be_linked(from, to, exported, import->type);
}

static tskl_status refuse_import(const tskl_module *module, const tskl_import *import,
                                 tskl_error *err) {
    tskl_slice from = slice_of(import->module), name = slice_of(import->name);
    bool known = part_named(module, from) < module->count;
    bool offered = tskl_engine_offers(module->engine, from, name); // with another type
    const char *foreign = known || offered ? NULL : tskl_foreign_import(from, name);
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "it imports \"" TSKL_FMT "\" from \"" TSKL_FMT "\", which %s%s%s",
                     TSKL_ARG(name), TSKL_ARG(from),
                     known     ? "does not export it (or not with this type)"
                     : foreign ? "no Pack is given"
                               : "a Pack is not given (or not with this type)",
                     foreign ? ": " : "", foreign ? foreign : "");
}

static tskl_status resolve_imports(const tskl_module *module, tskl_linked *linked,
                                   const wasm_exporttype_vec_t *kernel, tskl_error *err) {
    const wasm_importtype_vec_t *types = &linked->part->import_types;
    size_t count = types->size;
    if (count > TSKL_MODULE_IMPORTS)
        return tskl_fail(err, TSKL_ERR_INVALID, "it has %zu imports, and may have %d", count,
                         TSKL_MODULE_IMPORTS);
    linked->imports = tskl_alloc_array(count, sizeof *linked->imports);
    if (!linked->imports) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for %zu imports", count);
    linked->import_count = count;
    for (size_t i = 0; i < count; i++) {
        tskl_import *import = &linked->imports[i];
        *import = (tskl_import){.module = wasm_importtype_module(types->data[i]),
                                .name = wasm_importtype_name(types->data[i]),
                                .type = wasm_importtype_type(types->data[i])};
        if (!find_in_kernel(kernel, import) && !find_in_host(import) &&
            !find_in_parts(module, linked->part, import))
            return refuse_import(module, import, err);
    }
    return TSKL_OK;
}

static tskl_status resolve_all(tskl_module *module, tskl_error *err) {
    wasm_exporttype_vec_t kernel;
    tskl_status status = TSKL_OK;
    wasmtime_module_exports(module->engine->kernel, &kernel);
    for (size_t i = 0; status == TSKL_OK && i < module->count; i++) {
        tskl_linked *linked = &module->parts[i];
        status = resolve_imports(module, linked, &kernel, err);
        if (status && i + 1 < module->count)
            tskl_context(err, status, "module \"%s\"", linked->name);
    }
    wasm_exporttype_vec_delete(&kernel);
    return status;
}

static bool imports_from(const tskl_part *part, const char *name) {
    for (size_t i = 0; i < part->import_types.size; i++)
        if (tskl_slice_equal(slice_of(wasm_importtype_module(part->import_types.data[i])),
                             tskl_slice_of(name)))
            return true;
    return false;
}

// The first of those from `first` on that this one imports from; `count` when it does from none.
static size_t waits_for(const tskl_module *module, size_t at, size_t first) {
    for (size_t i = first; i + 1 < module->count; i++)
        if (imports_from(module->parts[at].part, module->parts[i].name)) return i;
    return module->count;
}

// Puts each part behind those it imports from. The main one is last already.
static tskl_status order_parts(tskl_module *module, tskl_error *err) {
    for (size_t done = 0; done + 1 < module->count; done++) {
        size_t next = done;
        while (next + 1 < module->count && waits_for(module, next, done) < module->count) next++;
        if (next + 1 == module->count)
            return tskl_fail(
                err, TSKL_ERR_INVALID, "its modules import in a circle: \"%s\" from \"%s\"",
                module->parts[done].name, module->parts[waits_for(module, done, done)].name);
        tskl_linked found = module->parts[next];
        module->parts[next] = module->parts[done];
        module->parts[done] = found;
    }
    return TSKL_OK;
}

static tskl_status check_name(const tskl_module *module, tskl_slice name, tskl_error *err) {
    static const char *const taken[] = {MAIN, "extism:host/env", "wasi_snapshot_preview1"};
    if (name.len == 0 || name.len > TSKL_LINK_NAME_MAX || tskl_slice_contains(name, 0))
        return tskl_fail(err, TSKL_ERR_INVALID, "a module's name has 1 to %d bytes",
                         TSKL_LINK_NAME_MAX);
    for (size_t i = 0; i < TSKL_COUNT(taken); i++)
        if (tskl_slice_equal(name, tskl_slice_of(taken[i])))
            return tskl_fail(err, TSKL_ERR_INVALID, "no module may be called \"%s\"", taken[i]);
    for (size_t i = 0; i < module->count; i++)
        if (tskl_slice_equal(name, tskl_slice_of(module->parts[i].name)))
            return tskl_fail(err, TSKL_ERR_INVALID, "two modules are called \"" TSKL_FMT "\"",
                             TSKL_ARG(name));
    return TSKL_OK;
}

static void add_part(tskl_module *module, tskl_slice name, tskl_part *part) {
    tskl_linked *linked = &module->parts[module->count++];
    linked->part = tskl_part_keep(part);
    memcpy(linked->name, name.ptr, name.len);
}

static tskl_status fill_module(tskl_module *module, tskl_part *own, const tskl_link *links,
                               size_t count, tskl_error *err) {
    if (count >= TSKL_MODULE_PARTS)
        return tskl_fail(err, TSKL_ERR_LIMIT, "it has %zu modules, and may have %d", count + 1,
                         TSKL_MODULE_PARTS);
    for (size_t i = 0; i < count; i++) {
        TSKL_TRY(check_name(module, links[i].name, err));
        add_part(module, links[i].name, links[i].part);
    }
    add_part(module, TSKL_S(MAIN), own);
    TSKL_TRY(order_parts(module, err));
    return resolve_all(module, err);
}

tskl_status tskl_module_link(tskl_part *own, const tskl_link *links, size_t count,
                             tskl_module **out, tskl_error *err) {
    *out = NULL;
    tskl_module *module = tskl_new(tskl_module);
    if (!module) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a module");
    module->engine = own->engine;
    tskl_status status = fill_module(module, own, links, count, err);
    if (status == TSKL_OK)
        *out = module;
    else
        tskl_module_free(module);
    return status;
}

tskl_status tskl_module_load(tskl_engine *engine, tskl_slice code, tskl_module **out,
                             tskl_error *err) {
    tskl_part *part;
    *out = NULL;
    TSKL_TRY(tskl_part_load(engine, NULL, code, &part, err));
    tskl_status status = tskl_module_link(part, NULL, 0, out, err);
    tskl_part_release(part);
    return status;
}

void tskl_module_free(tskl_module *module) {
    if (!module) return;
    for (size_t i = 0; i < module->count; i++) {
        tskl_free(module->parts[i].imports);
        tskl_part_release(module->parts[i].part);
    }
    tskl_free(module);
}

bool tskl_module_has(const tskl_module *module, const char *hook) {
    return tskl_part_export(tskl_module_main(module)->part, hook) != NULL;
}
