// extism: libextism's C interface, opened where it lies. Only what the bench calls is declared.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BENCH_EXTISM_H
#define TSKL_BENCH_EXTISM_H
#include "base/slice.h"

typedef struct ExtismPlugin ExtismPlugin;
typedef struct ExtismCompiledPlugin ExtismCompiledPlugin;

typedef struct tskl_bench_extism {
    const char *(*version)(void);
    ExtismPlugin *(*plugin_new)(const uint8_t *wasm, uint64_t size, const void **functions,
                                uint64_t function_count, bool wasi, char **error);
    ExtismCompiledPlugin *(*compiled_new)(const uint8_t *wasm, uint64_t size,
                                          const void **functions, uint64_t function_count,
                                          bool wasi, char **error);
    ExtismPlugin *(*plugin_from_compiled)(const ExtismCompiledPlugin *compiled, char **error);
    void (*plugin_free)(ExtismPlugin *plugin);
    void (*compiled_free)(ExtismCompiledPlugin *compiled);
    int32_t (*call)(ExtismPlugin *plugin, const char *name, const uint8_t *input, uint64_t size);
    uint64_t (*output_length)(ExtismPlugin *plugin);
    const uint8_t *(*output_data)(ExtismPlugin *plugin);
} tskl_bench_extism;

/** Opens the library at `path`; false, having said why, when that is not possible. */
bool tskl_bench_extism_open(const char *path, tskl_bench_extism *out);
#endif
