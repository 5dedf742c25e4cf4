// SPDX-License-Identifier: Apache-2.0
#include "sandbox/instance.h"
#include "base/alloc.h"
#include "kernel_layout.h"
#include "sandbox/outcome.h"
#include "sandbox/settings.h"
#include <stdarg.h>
#include <stdio.h>

tskl_instance *tskl_instance_of(wasmtime_caller_t *caller) {
    return wasmtime_context_get_data(wasmtime_caller_context(caller));
}

tskl_guest_memory tskl_instance_memory(const tskl_instance *instance, wasmtime_caller_t *caller) {
    wasmtime_extern_t item;
    tskl_guest_memory memory = {.context = wasmtime_caller_context(caller)};
    // Looking by name takes longer than most calls; a guest of one module has but one memory.
    if (instance->module->count == 1 && instance->part_memories[0].present)
        return instance->part_memories[0];
    if (!wasmtime_caller_export_get(caller, "memory", 6, &item)) return memory;
    memory.present = item.kind == WASMTIME_EXTERN_MEMORY;
    if (memory.present)
        memory.memory = item.of.memory;
    else
        wasmtime_extern_delete(&item);
    return memory;
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

wasm_trap_t *tskl_instance_bad_handle(tskl_instance *instance, const char *function,
                                      uint64_t handle) {
    return tskl_instance_stop(instance, TSKL_OUTCOME_ABI, "%s: %llu is not a handle", function,
                              (unsigned long long)handle);
}

// Calls a function of the kernel with one argument; its result, or 0 when it traps. When time is up
// in there, `stopped` says so: the hook ends when the guest goes on, or returns.
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

void tskl_instance_reset_kernel(tskl_instance *instance) {
    call_kernel(instance, &instance->kernel_reset, 0);
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

static bool set_register(tskl_instance *instance, size_t offset, uint64_t value) {
    return tskl_guest_write_u64(&instance->kernel_memory, TSKL_KERNEL_REGISTERS + offset, value);
}

static bool give_input(tskl_instance *instance, tskl_slice input) {
    tskl_instance_reset_kernel(instance);
    uint64_t handle = tskl_instance_new_block(instance, input);
    if (!handle && input.len) return false;
    return set_register(instance, offsetof(tskl_kernel_registers, input_offset), handle) &&
           set_register(instance, offsetof(tskl_kernel_registers, input_length), input.len);
}

static tskl_outcome run_hook(tskl_instance *instance, const tskl_export *export, tskl_slice input,
                             tskl_arena *arena, tskl_slice *output) {
    wasmtime_val_raw_t values[2] = {{0}};
    wasm_trap_t *trap = NULL;
    wasmtime_error_t *error = tskl_instance_enter(instance, &trap);
    if (error || trap) return tskl_outcome_take_end(instance, error, trap, arena);
    if (!give_input(instance, input))
        return tskl_outcome_make(TSKL_OUTCOME_MEMORY, arena,
                                 TSKL_S("its input does not fit in memory"));
    error = tskl_instance_call_export(instance, export, values, &trap);
    // A program that ends well, as a command does: what it wrote counts.
    if (instance->exited && instance->exit_code == 0) {
        instance->stopped = TSKL_OUTCOME_OK;
        if (trap) wasm_trap_delete(trap);
        if (error) wasmtime_error_delete(error);
        return tskl_outcome_read(instance, 0, arena, output);
    }
    if (error || trap || instance->stopped != TSKL_OUTCOME_OK)
        return tskl_outcome_take_end(instance, error, trap, arena);
    return tskl_outcome_read(instance, export->returns_i32 ? values[0].i32 : 0, arena, output);
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

// A program that has come to its end, by proc_exit or by itself, cannot be entered again.
static void prepare_call(tskl_instance *instance) {
    if (instance->exited || instance->ended) tskl_instance_leave(instance);
    instance->exited = instance->ended = false;
    instance->stopped = TSKL_OUTCOME_OK;
    instance->cpu_start_ns = 0;
    instance->wall_end_us = 0;
    instance->command_full = false;
    instance->http_status = 0;
    instance->http_headers = (tskl_slice){NULL, 0};
}

tskl_outcome tskl_instance_call(tskl_instance *instance, const char *hook, tskl_slice input,
                                tskl_arena *arena, tskl_slice *output) {
    *output = (tskl_slice){NULL, 0};
    if (instance->broken)
        return tskl_outcome_make(TSKL_OUTCOME_TRAP, arena,
                                 TSKL_S("an earlier hook ended this instance"));
    const tskl_export *export = tskl_part_export(tskl_module_main(instance->module)->part, hook);
    if (!export)
        return tskl_outcome_make(TSKL_OUTCOME_ABI, arena, TSKL_S("it does not export this hook"));
    if (export->parameters || export->results > 1 || (export->results && !export->returns_i32))
        return tskl_outcome_make(TSKL_OUTCOME_ABI, arena,
                                 TSKL_S("a hook takes nothing and returns nothing or an i32"));
    if (!tskl_ticker_enter(instance->module->engine->ticker))
        return tskl_outcome_make(TSKL_OUTCOME_ROOM, arena, TSKL_S("no thread could be started"));
    instance->stack_top = (uintptr_t)__builtin_frame_address(0);
    prepare_call(instance);
    tskl_outcome made = run_hook(instance, export, input, arena, output);
    tskl_ticker_leave(instance->module->engine->ticker);
    instance->broken = made.kind != TSKL_OUTCOME_OK;
    instance->ended = strcmp(hook, "_start") == 0;
    return made;
}

void tskl_instance_close(tskl_instance *instance) {
    if (!instance) return;
    tskl_instance_leave(instance);
    tskl_free(instance);
}
