// SPDX-License-Identifier: Apache-2.0
#include "sandbox/outcome.h"
#include "kernel_layout.h"
#include <stdio.h>

// Bytes of an error message that a guest sets. More than is ever shown, so that whoever looks for a
// secret in what is shown finds one that is cut there.
enum { MESSAGE_MAX = 16 * 1024 };

tskl_outcome tskl_outcome_make(tskl_outcome_kind kind, tskl_arena *arena, tskl_slice detail) {
    tskl_outcome made = {.kind = kind};
    tskl_arena_copy(arena, tskl_slice_first(detail, MESSAGE_MAX), &made.detail);
    return made;
}

static tskl_kernel_registers read_registers(const tskl_instance *instance) {
    tskl_kernel_registers registers = {0};
    tskl_slice bytes;
    if (instance->store &&
        tskl_guest_read(&instance->kernel_memory, TSKL_KERNEL_REGISTERS, sizeof registers, &bytes))
        memcpy(&registers, bytes.ptr, sizeof registers);
    return registers;
}

static bool memory_is_full(const tskl_instance *instance) {
    if (read_registers(instance).refused_growth || instance->command_full) return true;
    for (size_t i = 0; i < instance->module->count; i++)
        if (tskl_guest_is_full(&instance->part_memories[i], instance->limits.memory_mib))
            return true;
    return false;
}

// The message of the error that the guest set; empty where it set none, or one that is none.
static tskl_slice read_error(const tskl_instance *instance) {
    tskl_slice message = {NULL, 0};
    uint64_t handle = read_registers(instance).error_offset;
    if (handle) tskl_instance_block(instance, handle, &message);
    return tskl_slice_first(message, MESSAGE_MAX);
}

// Many kits set an error and then trap, or exit: its message says more than how it ended.
static tskl_outcome with_error(const tskl_instance *instance, tskl_outcome_kind kind,
                               tskl_slice text, tskl_arena *arena) {
    tskl_slice message = read_error(instance);
    if (message.len == 0) return tskl_outcome_make(kind, arena, text);
    char *both = tskl_arena_take(arena, message.len + text.len + 4);
    if (!both) return tskl_outcome_make(kind, arena, text);
    memcpy(both, message.ptr, message.len);
    memcpy(both + message.len, " (", 2);
    memcpy(both + message.len + 2, text.ptr, text.len);
    memcpy(both + message.len + 2 + text.len, ")", 2);
    return (tskl_outcome){kind, {both, message.len + text.len + 3}};
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
        return tskl_outcome_make(TSKL_OUTCOME_STACK, arena, tskl_slice_of(text));
    if (!text) text = "trap";
    if (!memory_is_full(instance))
        return with_error(instance, TSKL_OUTCOME_TRAP, tskl_slice_of(text), arena);
    char *full = tskl_arena_printf(arena, "its memory of %u MiB is full (%s)",
                                   instance->limits.memory_mib, text);
    return (tskl_outcome){TSKL_OUTCOME_MEMORY, tskl_slice_of(full)};
}

// The guest could not even begin: no place in the pool, more memory than it may have, or a memory
// or table of another type than it imports.
static tskl_outcome_kind kind_of_error(tskl_slice text) {
    if (tskl_slice_search(text, TSKL_S("memory minimum")) != SIZE_MAX) return TSKL_OUTCOME_MEMORY;
    if (tskl_slice_search(text, TSKL_S("incompatible import")) != SIZE_MAX) return TSKL_OUTCOME_ABI;
    return TSKL_OUTCOME_ROOM;
}

void tskl_outcome_note_error(tskl_instance *instance, wasmtime_error_t *error) {
    wasm_name_t message;
    wasmtime_error_message(error, &message);
    tskl_slice text = tskl_slice_make(message.data, message.size);
    snprintf(instance->detail, sizeof instance->detail, TSKL_FMT, TSKL_ARG(text));
    instance->stopped = kind_of_error(text);
    wasm_byte_vec_delete(&message);
}

tskl_outcome tskl_outcome_take_end(tskl_instance *instance, wasmtime_error_t *error,
                                   wasm_trap_t *trap, tskl_arena *arena) {
    tskl_outcome made = {TSKL_OUTCOME_OK, {NULL, 0}};
    if (error && instance->stopped == TSKL_OUTCOME_OK) tskl_outcome_note_error(instance, error);
    if (instance->stopped == TSKL_OUTCOME_EXIT)
        made = with_error(instance, TSKL_OUTCOME_EXIT, tskl_slice_of(instance->detail), arena);
    else if (instance->stopped != TSKL_OUTCOME_OK)
        made = tskl_outcome_make(instance->stopped, arena, tskl_slice_of(instance->detail));
    else if (trap)
        made = outcome_of_trap(instance, trap, arena);
    if (trap) wasm_trap_delete(trap);
    if (error) wasmtime_error_delete(error);
    return made;
}

tskl_outcome tskl_outcome_read(tskl_instance *instance, int32_t returned, tskl_arena *arena,
                               tskl_slice *output) {
    tskl_kernel_registers registers = read_registers(instance);
    if (registers.error_offset) {
        tskl_slice message = read_error(instance);
        if (message.len == 0) message = TSKL_S("it set an error without a message");
        return tskl_outcome_make(TSKL_OUTCOME_ERROR, arena, message);
    }
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
        return tskl_outcome_make(TSKL_OUTCOME_OUTPUT, arena,
                                 TSKL_S("its output lies outside the memory"));
    return (tskl_outcome){TSKL_OUTCOME_OK, {NULL, 0}};
}
