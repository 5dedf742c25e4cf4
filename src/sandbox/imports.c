// Commands are what makes this more than a table. Each call of one meets a fresh instance, which
// has to be gone afterwards, or a guest could fill the pool by calling. Wasmtime frees nothing
// before its store ends: so a command's instance has a store of its own, inside the call. What it
// imports from the rest of the guest is called through the host, from store to store.
// SPDX-License-Identifier: Apache-2.0
#include "sandbox/imports.h"
#include "sandbox/outcome.h"
#include <assert.h>

// Of the stack that a guest has when a command is called: its store counts from there anew, and
// both have to fit in a worker's.
enum { STACK_BEFORE_COMMAND = 128 * 1024 };

#define HOST_FUNCTION(name)                                                                        \
    static wasm_trap_t *name(void *env, wasmtime_caller_t *caller, wasmtime_val_raw_t *values,     \
                             size_t count)

// How a call from one store into another ended, for the one it came from.
static wasm_trap_t *trap_of(wasmtime_error_t *error, wasm_trap_t *trap) {
    if (!error) return trap;
    wasmtime_error_delete(error); // the host stopped it, and has noted why
    return wasmtime_trap_new("stopped", 7);
}

static bool find_in_guest(const tskl_instance *instance, const tskl_import *import,
                          wasmtime_extern_t *out) {
    bool kernel = import->source == TSKL_FROM_KERNEL;
    const wasmtime_instance_t *from = kernel ? &instance->kernel : &instance->parts[import->part];
    // By name: wasmtime_instance_export_nth makes every export before the nth as well.
    return wasmtime_instance_export_get(instance->context, from, import->name->data,
                                        import->name->size, out);
}

// A command calls the kernel, or a module that is none. The guest stands still meanwhile, in the
// call of the command.
HOST_FUNCTION(call_guest) {
    tskl_instance *instance = tskl_instance_of(caller);
    wasmtime_extern_t function;
    wasm_trap_t *trap = NULL;
    bool found = find_in_guest(instance, env, &function);
    assert(found && function.kind == WASMTIME_EXTERN_FUNC);
    (void)found;
    wasmtime_error_t *error =
        wasmtime_func_call_unchecked(instance->context, &function.of.func, values, count, &trap);
    return trap_of(error, trap);
}

// One call in an instance that is there for it alone.
static wasm_trap_t *run_command(tskl_instance *instance, wasmtime_context_t *context,
                                const tskl_import *import, wasmtime_val_raw_t *values,
                                size_t count) {
    const tskl_linked *linked = &instance->module->parts[import->part];
    wasmtime_extern_t imports[TSKL_MODULE_IMPORTS], function;
    wasmtime_instance_t made;
    wasm_trap_t *trap = NULL;
    bool found = tskl_imports_find(instance, context, linked, imports);
    assert(found);
    (void)found;
    wasmtime_error_t *error = wasmtime_instance_new(context, linked->part->wasm, imports,
                                                    linked->import_count, &made, &trap);
    if (error && instance->stopped == TSKL_OUTCOME_OK) tskl_outcome_note_error(instance, error);
    if (error || trap) return trap_of(error, trap);
    found = wasmtime_instance_export_get(context, &made, import->name->data, import->name->size,
                                         &function);
    assert(found && function.kind == WASMTIME_EXTERN_FUNC);
    error = wasmtime_func_call_unchecked(context, &function.of.func, values, count, &trap);
    tskl_guest_memory memory = tskl_instance_memory_of(context, &made);
    if (trap) instance->command_full = tskl_guest_is_full(&memory, instance->limits.memory_mib);
    return trap_of(error, trap);
}

HOST_FUNCTION(call_command) {
    tskl_instance *instance = tskl_instance_of(caller);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (instance->stack_top - here > STACK_BEFORE_COMMAND)
        return tskl_instance_stop(instance, TSKL_OUTCOME_STACK, "its stack is full");
    wasmtime_store_t *store = tskl_instance_new_store(instance);
    wasm_trap_t *trap = run_command(instance, wasmtime_store_context(store), env, values, count);
    wasmtime_store_delete(store);
    return trap;
}

static bool find(tskl_instance *instance, wasmtime_context_t *context, const tskl_import *import,
                 wasmtime_extern_t *out) {
    if (import->source == TSKL_FROM_HOST)
        return wasmtime_linker_get(instance->module->engine->linker, context, import->module->data,
                                   import->module->size, import->name->data, import->name->size,
                                   out);
    bool command =
        import->source == TSKL_FROM_PART && instance->module->parts[import->part].part->is_command;
    if (!command && context == instance->context) return find_in_guest(instance, import, out);
    out->kind = WASMTIME_EXTERN_FUNC;
    wasmtime_func_new_unchecked(context, wasm_externtype_as_functype_const(import->type),
                                command ? call_command : call_guest, (void *)import, NULL,
                                &out->of.func);
    return true;
}

bool tskl_imports_find(tskl_instance *instance, wasmtime_context_t *context,
                       const tskl_linked *linked, wasmtime_extern_t imports[TSKL_MODULE_IMPORTS]) {
    assert(linked->import_count <= TSKL_MODULE_IMPORTS);
    for (size_t i = 0; i < linked->import_count; i++)
        if (!find(instance, context, &linked->imports[i], &imports[i])) return false;
    return true;
}
