// SPDX-License-Identifier: Apache-2.0
#include "sandbox/settings.h"
#include <pthread.h>
#include <stdio.h>
#include <wasmtime.h>

// Changes whenever a setting below does: cached code is then made anew.
#define SETTINGS_VERSION 2

wasm_config_t *tskl_settings_new(void) {
    wasm_config_t *config = wasm_config_new();
    if (!config) return NULL;
    // No signal handler is ever installed: every trap is an explicit check, because the
    // application may set its own handler after us and would then be ended by a guest's trap.
    wasmtime_config_signals_based_traps_set(config, false);
    wasmtime_config_memory_reservation_set(config, (uint64_t)TSKL_SANDBOX_MEMORY_MIB << 20);
    wasmtime_config_memory_reservation_for_growth_set(config, 0);
    // No check is left to a guard page. But without any, Wasmtime never takes back what a memory
    // grew to: one large body, and each later guest at that place pays for clearing as much.
    wasmtime_config_memory_guard_size_set(config, 65536);
    wasmtime_config_memory_may_move_set(config, false);
    wasmtime_config_memory_init_cow_set(config, true);
    wasmtime_config_max_wasm_stack_set(config, TSKL_SANDBOX_STACK_BYTES);
    wasmtime_config_epoch_interruption_set(config, true);
    wasmtime_config_native_unwind_info_set(config, false);
    // A guest has neither threads nor wide vectors whose results depend on the machine.
    wasmtime_config_shared_memory_set(config, false);
    wasmtime_config_wasm_relaxed_simd_deterministic_set(config, true);
    wasmtime_config_wasm_memory64_set(config, false);
#ifdef WASMTIME_FEATURE_COMPILER
    wasmtime_config_cranelift_nan_canonicalization_set(config, true);
    wasmtime_config_cranelift_opt_level_set(config, WASMTIME_OPT_LEVEL_SPEED);
#endif
    return config;
}

// One bit for each thing the compiler may use where the processor has it.
static unsigned long processor_bits(void) {
    unsigned long bits = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
#define HAS(bit, name) bits |= __builtin_cpu_supports(name) ? 1ul << (bit) : 0
    HAS(0, "sse3");
    HAS(1, "ssse3");
    HAS(2, "sse4.1");
    HAS(3, "sse4.2");
    HAS(4, "popcnt");
    HAS(5, "avx");
    HAS(6, "avx2");
    HAS(7, "fma");
    HAS(8, "bmi");
    HAS(9, "bmi2");
    HAS(10, "avx512bitalg");
    HAS(11, "avx512dq");
    HAS(12, "avx512f");
    HAS(13, "avx512vl");
    HAS(14, "avx512vbmi");
    HAS(15, "lzcnt");
#undef HAS
#endif
    return bits;
}

static char key[64], portable_key[64];

static void make_keys(void) {
#if defined(__x86_64__)
    const char *machine = "x86_64";
#elif defined(__aarch64__)
    const char *machine = "aarch64";
#else
    const char *machine = "other";
#endif
    snprintf(key, sizeof key, "%s-%d-%s-%lx", WASMTIME_VERSION, SETTINGS_VERSION, machine,
             processor_bits());
    snprintf(portable_key, sizeof portable_key, "%s-%d-%s-baseline", WASMTIME_VERSION,
             SETTINGS_VERSION, machine);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

tskl_slice tskl_settings_key(void) {
    pthread_once(&once, make_keys);
    return tskl_slice_of(key);
}

tskl_slice tskl_settings_portable_key(void) {
    pthread_once(&once, make_keys);
    return tskl_slice_of(portable_key);
}
