// start: a guest from nothing to its first hook: the store, the kernel, its imports, what its
// toolchain leaves to the host.
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "sandbox/instance.h"
#include <assert.h>
#include <stdio.h>

// Asked at each tick while a guest runs. Only its own processor time counts: on a busy machine an
// innocent hook can wait much longer than it works.
static wasmtime_error_t *on_tick(wasmtime_context_t *context, void *data, uint64_t *delta,
                                 wasmtime_update_deadline_kind_t *kind) {
    (void)context;
    tskl_instance *instance = data;
    int64_t now = tskl_clock_cpu_ns();
    if (!instance->cpu_start_ns) instance->cpu_start_ns = now;
    *delta = 1;
    *kind = WASMTIME_UPDATE_DEADLINE_CONTINUE;
    if (now - instance->cpu_start_ns < (int64_t)instance->limits.time_ms * 1000000) return NULL;
    instance->stopped = TSKL_OUTCOME_TIME;
    snprintf(instance->detail, sizeof instance->detail, "it ran for more than %u ms",
             instance->limits.time_ms);
    return wasmtime_error_new("time is up");
}

static wasmtime_func_t kernel_function(tskl_instance *instance, const wasmtime_instance_t *kernel,
                                       const char *name) {
    wasmtime_extern_t item;
    bool found = wasmtime_instance_export_get(instance->context, kernel, name, strlen(name), &item);
    assert(found && item.kind == WASMTIME_EXTERN_FUNC);
    (void)found;
    return item.of.func;
}

static tskl_guest_memory memory_of(tskl_instance *instance, const wasmtime_instance_t *from) {
    wasmtime_extern_t item;
    tskl_guest_memory memory = {.context = instance->context};
    if (!wasmtime_instance_export_get(instance->context, from, "memory", 6, &item)) return memory;
    memory.present = item.kind == WASMTIME_EXTERN_MEMORY;
    if (memory.present)
        memory.memory = item.of.memory;
    else
        wasmtime_extern_delete(&item);
    return memory;
}

static wasmtime_error_t *start_kernel(tskl_instance *instance, wasmtime_instance_t *kernel) {
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = wasmtime_instance_pre_instantiate(
        instance->module->engine->kernel_pre, instance->context, kernel, &trap);
    if (trap) wasm_trap_delete(trap); // the kernel has no start function
    if (error) return error;
    instance->kernel_memory = memory_of(instance, kernel);
    instance->kernel_alloc = kernel_function(instance, kernel, "alloc");
    instance->kernel_free = kernel_function(instance, kernel, "free");
    instance->kernel_reset = kernel_function(instance, kernel, "reset");
    return NULL;
}

static bool find_import(tskl_instance *instance, const wasmtime_instance_t *kernel,
                        const tskl_import *import, wasmtime_extern_t *out) {
    if (!import->from_kernel)
        return wasmtime_linker_get(instance->module->engine->linker, instance->context,
                                   import->module->data, import->module->size, import->name->data,
                                   import->name->size, out);
    // By name: wasmtime_instance_export_nth makes every export before the nth as well.
    return wasmtime_instance_export_get(instance->context, kernel, import->name->data,
                                        import->name->size, out);
}

// Its start function runs here. Until this has succeeded there is no `main`, and Wasmtime ends the
// process when it is asked for the exports of none.
static wasmtime_error_t *start_main(tskl_instance *instance, const wasmtime_instance_t *kernel,
                                    wasm_trap_t **trap) {
    const tskl_module *module = instance->module;
    wasmtime_extern_t imports[TSKL_MODULE_IMPORTS];
    size_t count = module->import_types.size;
    assert(count <= TSKL_MODULE_IMPORTS);
    for (size_t i = 0; i < count; i++)
        if (!find_import(instance, kernel, &module->imports[i], &imports[i]))
            return wasmtime_error_new("an import is missing");
    wasmtime_error_t *error = wasmtime_instance_new(instance->context, module->wasm, imports, count,
                                                    &instance->main, trap);
    if (!error && !*trap) instance->main_memory = memory_of(instance, &instance->main);
    return error;
}

static wasmtime_error_t *make_store(tskl_instance *instance, wasm_trap_t **trap) {
    wasmtime_instance_t kernel;
    instance->store = wasmtime_store_new(instance->module->engine->wasm, instance, NULL);
    instance->context = wasmtime_store_context(instance->store);
    wasmtime_store_limiter(instance->store, (int64_t)instance->limits.memory_mib << 20, -1, -1, -1,
                           -1);
    wasmtime_store_epoch_deadline_callback(instance->store, on_tick, instance, NULL);
    wasmtime_context_set_epoch_deadline(instance->context, 1);
    wasmtime_error_t *error = start_kernel(instance, &kernel);
    return error ? error : start_main(instance, &kernel, trap);
}

wasmtime_error_t *tskl_instance_call_export(tskl_instance *instance, const tskl_export *export,
                                            wasmtime_val_raw_t values[2], wasm_trap_t **trap) {
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(instance->context, &instance->main, export->name->data,
                                      export->name->size, &item))
        return wasmtime_error_new("an export is missing");
    wasmtime_context_set_epoch_deadline(instance->context, 1);
    return wasmtime_func_call_unchecked(instance->context, &item.of.func, values, 2, trap);
}

// What a toolchain leaves to its host: the constructors of globals and the like. One of them runs,
// and none in a command, which runs its own.
static wasmtime_error_t *initialize(tskl_instance *instance, wasm_trap_t **trap) {
    static const struct {
        const char *name;
        size_t parameters;
    } rows[] = {{"hs_init", 2}, {"__wasm_call_ctors", 0}, {"_initialize", 0}};
    if (tskl_module_has(instance->module, "_start")) return NULL;
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        const tskl_export *export = tskl_module_export(instance->module, rows[i].name);
        if (!export || export->parameters != rows[i].parameters || export->results) continue;
        wasmtime_val_raw_t values[2] = {{0}};
        const tskl_export *before = tskl_module_export(instance->module, "_initialize");
        if (rows[i].parameters && before && !before->parameters && !before->results) {
            wasmtime_error_t *error = tskl_instance_call_export(instance, before, values, trap);
            if (error || *trap) return error;
        }
        return tskl_instance_call_export(instance, export, values, trap);
    }
    return NULL;
}

wasmtime_error_t *tskl_instance_enter(tskl_instance *instance, wasm_trap_t **trap) {
    if (instance->store) return NULL;
    tskl_engine_take_place(instance->module->engine);
    wasmtime_error_t *error = make_store(instance, trap);
    return error || *trap ? error : initialize(instance, trap);
}

void tskl_instance_leave(tskl_instance *instance) {
    if (!instance->store) return;
    wasmtime_store_delete(instance->store);
    tskl_engine_give_place(instance->module->engine);
    instance->store = NULL;
    instance->kernel_memory = instance->main_memory = (tskl_guest_memory){0};
}
