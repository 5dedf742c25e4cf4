// instance: one guest at work, for the files of this folder only.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_INSTANCE_H
#define TSKL_SANDBOX_INSTANCE_H
#include "sandbox/guest_memory.h"
#include "sandbox/module.h"

enum { TSKL_DETAIL_MAX = 1024 }; // bytes of what we say about a failure

struct tskl_instance {
    tskl_module *module;
    tskl_sandbox_host *host;
    tskl_sandbox_limits limits;
    wasmtime_store_t *store; // NULL until the first call
    wasmtime_context_t *context;
    uint32_t places;     // taken with the store
    uintptr_t stack_top; // about where the running hook was called
    wasmtime_instance_t kernel;
    // Of the module's parts, as many as could be made; those of commands are never.
    wasmtime_instance_t parts[TSKL_MODULE_PARTS];
    tskl_guest_memory part_memories[TSKL_MODULE_PARTS];
    tskl_guest_memory kernel_memory;
    bool command_full; // a command that trapped had filled its memory
    wasmtime_func_t kernel_alloc, kernel_free, kernel_reset;
    tskl_outcome_kind stopped; // why the host ended the running hook; OK when it did not
    char detail[TSKL_DETAIL_MAX];
    bool exited; // proc_exit was called, with this code
    uint32_t exit_code;
    bool ended;           // `_start` has run: what it leaves is not for another hook
    bool broken;          // serves no further call
    int64_t cpu_start_ns; // of the running hook, 0 until its first tick
    int64_t wall_end_us;  // when its requests must have ended, 0 before the first of a hook
    int http_status;      // of its last answer, 0: none
    tskl_slice http_headers;
    uint64_t random[2]; // state of the guest's random numbers
};

/** The instance a host function is called by. */
tskl_instance *tskl_instance_of(wasmtime_caller_t *caller);
/** Notes why the host ends the guest and returns the trap that does. */
wasm_trap_t *tskl_instance_stop(tskl_instance *instance, tskl_outcome_kind kind, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));
/** The same for an argument that is no handle. */
wasm_trap_t *tskl_instance_bad_handle(tskl_instance *instance, const char *function,
                                      uint64_t handle);
/** The bytes of a live block of the kernel. False: there is none with that handle. */
bool tskl_instance_block(const tskl_instance *instance, uint64_t handle, tskl_slice *out);
/** A new block with these bytes; 0 for empty ones, or when the guest's memory is full. */
uint64_t tskl_instance_new_block(tskl_instance *instance, tskl_slice bytes);
void tskl_instance_free_block(tskl_instance *instance, uint64_t handle);
/** Empties the kernel's memory for the next hook. */
void tskl_instance_reset_kernel(tskl_instance *instance);
/** Fills with the guest's own random numbers: the same for the same exchange. */
void tskl_instance_random(tskl_instance *instance, char *bytes, size_t size);

/** Makes the guest and runs what it runs before its first hook. At most one of the two is not
 *  NULL afterwards, and is the caller's to delete; tskl_instance_leave is due in any case. */
wasmtime_error_t *tskl_instance_enter(tskl_instance *instance, wasm_trap_t **trap);
/** The memory of the module that a host function is called by: none has another's. */
tskl_guest_memory tskl_instance_memory(const tskl_instance *instance, wasmtime_caller_t *caller);
/** A store for this guest, with its limits. */
wasmtime_store_t *tskl_instance_new_store(tskl_instance *instance);
/** The memory that an instance exports, if any. */
tskl_guest_memory tskl_instance_memory_of(wasmtime_context_t *context,
                                          const wasmtime_instance_t *from);
/** Ends the guest; the next tskl_instance_enter makes another. */
void tskl_instance_leave(tskl_instance *instance);
/** Calls an export with two zeros as far as it takes them; its result is then in `values`. */
wasmtime_error_t *tskl_instance_call_export(tskl_instance *instance, const tskl_export *export,
                                            wasmtime_val_raw_t values[2], wasm_trap_t **trap);
#endif
