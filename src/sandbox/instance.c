// SPDX-License-Identifier: Apache-2.0
#include "sandbox/instance.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "kernel_layout.h"
#include "sandbox/settings.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

enum { MOST_IMPORTS = 128 };

tskl_instance *tskl_instance_of(wasmtime_caller_t *caller) {
    return wasmtime_context_get_data(wasmtime_caller_context(caller));
}

wasm_trap_t *tskl_instance_stop(tskl_instance *instance, tskl_outcome_kind kind, const char *format,
                                ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(instance->detail, sizeof instance->detail, format, args);
    va_end(args);
    instance->stopped = kind;
    return wasmtime_trap_new("stopped by the host", 19);
}

// Calls a function of the kernel with one argument; its result, or 0 when it traps.
static uint64_t call_kernel(tskl_instance *instance, const wasmtime_func_t *function,
                            uint64_t argument) {
    wasmtime_val_raw_t value = {.i64 = (int64_t)argument};
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error =
        wasmtime_func_call_unchecked(instance->context, function, &value, 1, &trap);
    if (!error && !trap) return (uint64_t)value.i64;
    if (error) wasmtime_error_delete(error);
    if (trap) wasm_trap_delete(trap);
    return 0;
}

bool tskl_instance_block(const tskl_instance *instance, uint64_t handle, tskl_slice *out) {
    uint32_t mark, used;
    *out = (tskl_slice){NULL, 0};
    return handle >= sizeof(tskl_kernel_block) && handle % TSKL_KERNEL_ALIGN == 0 &&
           tskl_guest_read_u32(&instance->kernel_memory, handle - sizeof(tskl_kernel_block),
                               &mark) &&
           mark == TSKL_KERNEL_LIVE &&
           tskl_guest_read_u32(&instance->kernel_memory, handle - sizeof(tskl_kernel_block) + 4,
                               &used) &&
           tskl_guest_read(&instance->kernel_memory, handle, used, out);
}

uint64_t tskl_instance_new_block(tskl_instance *instance, tskl_slice bytes) {
    if (bytes.len == 0) return 0;
    uint64_t handle = call_kernel(instance, &instance->kernel_alloc, bytes.len);
    return handle && tskl_guest_write(&instance->kernel_memory, handle, bytes) ? handle : 0;
}

void tskl_instance_free_block(tskl_instance *instance, uint64_t handle) {
    call_kernel(instance, &instance->kernel_free, handle);
}

void tskl_instance_random(tskl_instance *instance, char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) { // xorshift128+, a byte a step: nobody asks for much
        uint64_t a = instance->random[0], b = instance->random[1];
        instance->random[0] = b;
        a ^= a << 23;
        instance->random[1] = a ^ b ^ (a >> 18) ^ (b >> 5);
        bytes[i] = (char)((instance->random[1] + b) >> 32);
    }
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

static wasmtime_error_t *start_main(tskl_instance *instance, const wasmtime_instance_t *kernel,
                                    wasm_trap_t **trap) {
    const tskl_module *module = instance->module;
    wasmtime_extern_t imports[MOST_IMPORTS];
    size_t count = module->import_types.size;
    if (count > MOST_IMPORTS) return wasmtime_error_new("it has too many imports");
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

static wasmtime_error_t *call_export(tskl_instance *instance, const tskl_export *export,
                                     wasmtime_val_raw_t *values, wasm_trap_t **trap) {
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
            wasmtime_error_t *error = call_export(instance, before, values, trap);
            if (error || *trap) return error;
        }
        return call_export(instance, export, values, trap);
    }
    return NULL;
}

static wasmtime_error_t *start(tskl_instance *instance, wasm_trap_t **trap) {
    if (instance->store) return NULL;
    wasmtime_error_t *error = make_store(instance, trap);
    return error || *trap ? error : initialize(instance, trap);
}

static bool give_input(tskl_instance *instance, tskl_slice input) {
    call_kernel(instance, &instance->kernel_reset, 0);
    uint64_t handle = tskl_instance_new_block(instance, input);
    if (!handle && input.len) return false;
    return tskl_guest_write_u64(
               &instance->kernel_memory,
               TSKL_KERNEL_REGISTERS + offsetof(tskl_kernel_registers, input_offset), handle) &&
           tskl_guest_write_u64(
               &instance->kernel_memory,
               TSKL_KERNEL_REGISTERS + offsetof(tskl_kernel_registers, input_length), input.len);
}

static tskl_kernel_registers read_registers(const tskl_instance *instance) {
    tskl_kernel_registers registers = {0};
    tskl_slice bytes;
    if (instance->store &&
        tskl_guest_read(&instance->kernel_memory, TSKL_KERNEL_REGISTERS, sizeof registers, &bytes))
        memcpy(&registers, bytes.ptr, sizeof registers);
    return registers;
}

static tskl_outcome outcome(tskl_outcome_kind kind, tskl_arena *arena, tskl_slice detail) {
    tskl_outcome made = {.kind = kind};
    tskl_arena_copy(arena, tskl_slice_first(detail, TSKL_DETAIL_MAX), &made.detail);
    return made;
}

static tskl_outcome outcome_of_trap(tskl_instance *instance, wasm_trap_t *trap, tskl_arena *arena) {
    static const char *const texts[] = {
        [WASMTIME_TRAP_CODE_STACK_OVERFLOW] = "its stack is full",
        [WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS] = "it reached outside its memory",
        [WASMTIME_TRAP_CODE_TABLE_OUT_OF_BOUNDS] = "it reached outside its table",
        [WASMTIME_TRAP_CODE_INDIRECT_CALL_TO_NULL] = "it called a function that is none",
        [WASMTIME_TRAP_CODE_BAD_SIGNATURE] = "it called a function of another type",
        [WASMTIME_TRAP_CODE_INTEGER_OVERFLOW] = "integer overflow",
        [WASMTIME_TRAP_CODE_INTEGER_DIVISION_BY_ZERO] = "integer divide by zero",
        [WASMTIME_TRAP_CODE_BAD_CONVERSION_TO_INTEGER] = "a number that is no integer",
        [WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED] = "unreachable",
    };
    wasmtime_trap_code_t code;
    const char *text = NULL;
    if (wasmtime_trap_code(trap, &code) && code < TSKL_COUNT(texts)) text = texts[code];
    if (text && code == WASMTIME_TRAP_CODE_STACK_OVERFLOW)
        return outcome(TSKL_OUTCOME_STACK, arena, tskl_slice_of(text));
    // Wasmtime does not tell that it refused to grow a memory. Allocators ask for at most as much
    // again, so that a memory refused to has passed half of its limit.
    uint64_t limit = (uint64_t)instance->limits.memory_mib << 20;
    if (read_registers(instance).refused_growth ||
        tskl_guest_size(&instance->main_memory) > limit / 2) {
        char *full = tskl_arena_printf(arena, "its memory of %u MiB is full (%s)",
                                       instance->limits.memory_mib, text ? text : "trap");
        return (tskl_outcome){TSKL_OUTCOME_MEMORY, tskl_slice_of(full)};
    }
    return outcome(TSKL_OUTCOME_TRAP, arena, tskl_slice_of(text ? text : "trap"));
}

// The guest could not even begin: no place in the pool, or more memory than it may have.
static tskl_outcome outcome_of_error(tskl_instance *instance, wasmtime_error_t *error,
                                     tskl_arena *arena) {
    wasm_name_t message;
    wasmtime_error_message(error, &message);
    tskl_slice text = tskl_slice_make(message.data, message.size);
    bool memory = tskl_slice_search(text, TSKL_S("memory minimum")) != SIZE_MAX;
    (void)instance;
    tskl_outcome made = outcome(memory ? TSKL_OUTCOME_MEMORY : TSKL_OUTCOME_ROOM, arena, text);
    wasm_byte_vec_delete(&message);
    return made;
}

static tskl_outcome outcome_of_end(tskl_instance *instance, wasmtime_error_t *error,
                                   wasm_trap_t *trap, tskl_arena *arena) {
    tskl_outcome made = {TSKL_OUTCOME_OK, {NULL, 0}};
    if (instance->stopped != TSKL_OUTCOME_OK)
        made = outcome(instance->stopped, arena, tskl_slice_of(instance->detail));
    else if (trap)
        made = outcome_of_trap(instance, trap, arena);
    else if (error)
        made = outcome_of_error(instance, error, arena);
    if (trap) wasm_trap_delete(trap);
    if (error) wasmtime_error_delete(error);
    return made;
}

static tskl_outcome read_error(tskl_instance *instance, uint64_t handle, tskl_arena *arena) {
    tskl_slice message;
    if (!tskl_instance_block(instance, handle, &message) || message.len == 0)
        message = TSKL_S("it set an error without a message");
    return outcome(TSKL_OUTCOME_ERROR, arena, message);
}

static tskl_outcome read_output(tskl_instance *instance, int32_t returned, tskl_arena *arena,
                                tskl_slice *output) {
    tskl_kernel_registers registers = read_registers(instance);
    if (registers.error_offset) return read_error(instance, registers.error_offset, arena);
    if (returned != 0) {
        char *text = tskl_arena_printf(arena, "it returned %d", (int)returned);
        return (tskl_outcome){TSKL_OUTCOME_ERROR, tskl_slice_of(text)};
    }
    if (registers.output_length > (uint64_t)instance->limits.output_kib << 10) {
        char *text = tskl_arena_printf(arena, "its output of %llu bytes is over %u KiB",
                                       (unsigned long long)registers.output_length,
                                       instance->limits.output_kib);
        return (tskl_outcome){TSKL_OUTCOME_OUTPUT, tskl_slice_of(text)};
    }
    if (registers.output_length &&
        !tskl_guest_read(&instance->kernel_memory, registers.output_offset, registers.output_length,
                         output))
        return outcome(TSKL_OUTCOME_OUTPUT, arena, TSKL_S("its output lies outside the memory"));
    return (tskl_outcome){TSKL_OUTCOME_OK, {NULL, 0}};
}

static tskl_outcome run_hook(tskl_instance *instance, const tskl_export *export, tskl_slice input,
                             tskl_arena *arena, tskl_slice *output) {
    wasmtime_val_raw_t values[2] = {{0}};
    wasm_trap_t *trap = NULL;
    instance->cpu_start_ns = 0;
    wasmtime_error_t *error = start(instance, &trap);
    if (!error && !trap) {
        if (!give_input(instance, input))
            return outcome(TSKL_OUTCOME_MEMORY, arena, TSKL_S("its input does not fit in memory"));
        error = call_export(instance, export, values, &trap);
    }
    if (instance->exited && instance->exit_code == 0) {
        // A program that ends well, as a command does: what it wrote counts.
        instance->stopped = TSKL_OUTCOME_OK;
        if (trap) wasm_trap_delete(trap);
        if (error) wasmtime_error_delete(error);
        return read_output(instance, 0, arena, output);
    }
    if (error || trap) return outcome_of_end(instance, error, trap, arena);
    return read_output(instance, export->returns_i32 ? values[0].i32 : 0, arena, output);
}

tskl_status tskl_instance_open(tskl_module *module, tskl_sandbox_host *host,
                               const tskl_sandbox_limits *limits, tskl_instance **out,
                               tskl_error *err) {
    tskl_instance *instance = *out = tskl_new(tskl_instance);
    if (!instance) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for an instance");
    instance->module = module;
    instance->host = host;
    instance->limits = *limits;
    if (instance->limits.memory_mib > TSKL_SANDBOX_MEMORY_MIB)
        instance->limits.memory_mib = TSKL_SANDBOX_MEMORY_MIB;
    // Never both zero, which xorshift would stay at.
    instance->random[0] = host->seed[0] | 1;
    instance->random[1] = host->seed[1];
    return TSKL_OK;
}

tskl_outcome tskl_instance_call(tskl_instance *instance, const char *hook, tskl_slice input,
                                tskl_arena *arena, tskl_slice *output) {
    *output = (tskl_slice){NULL, 0};
    if (instance->broken)
        return outcome(TSKL_OUTCOME_TRAP, arena, TSKL_S("an earlier hook ended this instance"));
    const tskl_export *export = tskl_module_export(instance->module, hook);
    if (!export) return outcome(TSKL_OUTCOME_ABI, arena, TSKL_S("it does not export this hook"));
    if (export->parameters || export->results > 1 || (export->results && !export->returns_i32))
        return outcome(TSKL_OUTCOME_ABI, arena,
                       TSKL_S("a hook takes nothing and returns nothing or an i32"));
    if (!tskl_ticker_enter(instance->module->engine->ticker))
        return outcome(TSKL_OUTCOME_ROOM, arena, TSKL_S("no thread could be started"));
    tskl_outcome made = run_hook(instance, export, input, arena, output);
    tskl_ticker_leave(instance->module->engine->ticker);
    instance->broken = made.kind != TSKL_OUTCOME_OK;
    return made;
}

void tskl_instance_close(tskl_instance *instance) {
    if (!instance) return;
    if (instance->store) wasmtime_store_delete(instance->store);
    tskl_free(instance);
}
