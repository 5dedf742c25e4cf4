// start: a guest from nothing to its first hook: the store, the kernel, its imports, what its
// toolchain leaves to the host.
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include "sandbox/imports.h"
#include <assert.h>
#include <stdio.h>

// Each memory has the limit of a guest; what several have together is only looked at now and then.
static bool have_too_much(const tskl_instance *instance) {
    uint64_t held = 0;
    if (instance->module->count == 1) return false;
    for (size_t i = 0; i < instance->module->count; i++)
        held += tskl_guest_size(&instance->part_memories[i]);
    return held > (uint64_t)instance->limits.memory_mib << 20;
}

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
    if (have_too_much(instance)) {
        instance->stopped = TSKL_OUTCOME_MEMORY;
        snprintf(instance->detail, sizeof instance->detail,
                 "its modules have more than %u MiB together", instance->limits.memory_mib);
        return wasmtime_error_new("memory is full");
    }
    if (now - instance->cpu_start_ns < (int64_t)instance->limits.time_ms * 1000000) return NULL;
    instance->stopped = TSKL_OUTCOME_TIME;
    snprintf(instance->detail, sizeof instance->detail, "it ran for more than %u ms",
             instance->limits.time_ms);
    return wasmtime_error_new("time is up");
}

static wasmtime_func_t kernel_function(tskl_instance *instance, const char *name) {
    wasmtime_extern_t item;
    bool found = wasmtime_instance_export_get(instance->context, &instance->kernel, name,
                                              strlen(name), &item);
    assert(found && item.kind == WASMTIME_EXTERN_FUNC);
    (void)found;
    return item.of.func;
}

tskl_guest_memory tskl_instance_memory_of(wasmtime_context_t *context,
                                          const wasmtime_instance_t *from) {
    wasmtime_extern_t item;
    tskl_guest_memory memory = {.context = context};
    if (!wasmtime_instance_export_get(context, from, "memory", 6, &item)) return memory;
    memory.present = item.kind == WASMTIME_EXTERN_MEMORY;
    if (memory.present)
        memory.memory = item.of.memory;
    else
        wasmtime_extern_delete(&item);
    return memory;
}

static wasmtime_error_t *start_kernel(tskl_instance *instance) {
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = wasmtime_instance_pre_instantiate(
        instance->module->engine->kernel_pre, instance->context, &instance->kernel, &trap);
    if (trap) wasm_trap_delete(trap); // the kernel has no start function
    if (error) return error;
    instance->kernel_memory = tskl_instance_memory_of(instance->context, &instance->kernel);
    instance->kernel_alloc = kernel_function(instance, "alloc");
    instance->kernel_free = kernel_function(instance, "free");
    instance->kernel_reset = kernel_function(instance, "reset");
    return NULL;
}

static wasmtime_error_t *call_part(tskl_instance *instance, size_t at, const tskl_export *export,
                                   wasmtime_val_raw_t values[2], wasm_trap_t **trap) {
    wasmtime_extern_t item;
    if (!wasmtime_instance_export_get(instance->context, &instance->parts[at], export->name->data,
                                      export->name->size, &item))
        return wasmtime_error_new("an export is missing");
    wasmtime_context_set_epoch_deadline(instance->context, 1);
    return wasmtime_func_call_unchecked(instance->context, &item.of.func, values, 2, trap);
}

// An export that only prepares its module, if it has such a one: `parameters` i32, no result.
static const tskl_export *initializer(const tskl_part *part, const char *name, size_t parameters) {
    const tskl_export *export = tskl_part_export(part, name);
    bool fits =
        export && export->parameters == parameters && export->takes_i32s && !export->results;
    return fits ? export : NULL;
}

// Its start function runs here. Until this has succeeded there is no such part, and Wasmtime ends
// the process when it is asked for the exports of none.
static wasmtime_error_t *start_part(tskl_instance *instance, size_t at, wasm_trap_t **trap) {
    const tskl_linked *linked = &instance->module->parts[at];
    wasmtime_extern_t imports[TSKL_MODULE_IMPORTS];
    if (!tskl_imports_find(instance, instance->context, linked, imports))
        return wasmtime_error_new("an import is missing");
    wasmtime_error_t *error =
        wasmtime_instance_new(instance->context, linked->part->wasm, imports, linked->import_count,
                              &instance->parts[at], trap);
    if (error || *trap) return error;
    instance->part_memories[at] = tskl_instance_memory_of(instance->context, &instance->parts[at]);
    return NULL;
}

// All but the main part, each behind those it imports from, and ready for the next.
static wasmtime_error_t *start_others(tskl_instance *instance, wasm_trap_t **trap) {
    for (size_t i = 0; i + 1 < instance->module->count; i++) {
        const tskl_part *part = instance->module->parts[i].part;
        const tskl_export *initialize = initializer(part, "_initialize", 0);
        wasmtime_val_raw_t values[2] = {{0}};
        if (part->is_command) continue;
        wasmtime_error_t *error = start_part(instance, i, trap);
        if (!error && !*trap && initialize)
            error = call_part(instance, i, initialize, values, trap);
        if (error || *trap) return error;
    }
    return NULL;
}

wasmtime_store_t *tskl_instance_new_store(tskl_instance *instance) {
    wasmtime_store_t *store = wasmtime_store_new(instance->module->engine->wasm, instance, NULL);
    wasmtime_store_limiter(store, (int64_t)instance->limits.memory_mib << 20, -1, -1, -1, -1);
    wasmtime_store_epoch_deadline_callback(store, on_tick, instance, NULL);
    wasmtime_context_set_epoch_deadline(wasmtime_store_context(store), 1);
    return store;
}

static wasmtime_error_t *make_store(tskl_instance *instance, wasm_trap_t **trap) {
    instance->store = tskl_instance_new_store(instance);
    instance->context = wasmtime_store_context(instance->store);
    wasmtime_error_t *error = start_kernel(instance);
    if (!error) error = start_others(instance, trap);
    return error || *trap ? error : start_part(instance, instance->module->count - 1, trap);
}

wasmtime_error_t *tskl_instance_call_export(tskl_instance *instance, const tskl_export *export,
                                            wasmtime_val_raw_t values[2], wasm_trap_t **trap) {
    return call_part(instance, instance->module->count - 1, export, values, trap);
}

// What a toolchain leaves to its host: the constructors of globals and the like. One of them runs,
// and none in a command, which runs its own. Haskell's wants the other's work done before.
static wasmtime_error_t *initialize(tskl_instance *instance, wasm_trap_t **trap) {
    const tskl_part *part = tskl_module_main(instance->module)->part;
    const tskl_export *plain = initializer(part, "_initialize", 0);
    const tskl_export *haskell = initializer(part, "hs_init", 2);
    const tskl_export *constructors = initializer(part, "__wasm_call_ctors", 0);
    const tskl_export *first = haskell || !constructors ? plain : constructors;
    wasmtime_val_raw_t values[2] = {{0}};
    if (part->is_command) return NULL;
    wasmtime_error_t *error =
        first ? tskl_instance_call_export(instance, first, values, trap) : NULL;
    if (error || *trap || !haskell) return error;
    return tskl_instance_call_export(instance, haskell, values, trap);
}

wasmtime_error_t *tskl_instance_enter(tskl_instance *instance, wasm_trap_t **trap) {
    if (instance->store) return NULL;
    uint32_t places = (uint32_t)instance->module->count + 1;
    if (!tskl_places_take(&instance->module->engine->places, places))
        return wasmtime_error_new("there is no room for so many modules: see ulimit -v");
    instance->places = places;
    wasmtime_error_t *error = make_store(instance, trap);
    return error || *trap ? error : initialize(instance, trap);
}

void tskl_instance_leave(tskl_instance *instance) {
    if (!instance->store) return;
    wasmtime_store_delete(instance->store);
    tskl_places_give(&instance->module->engine->places, instance->places);
    instance->store = NULL;
    instance->kernel_memory = (tskl_guest_memory){0};
    memset(instance->part_memories, 0, sizeof instance->part_memories);
}
