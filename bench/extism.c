// SPDX-License-Identifier: Apache-2.0
#include "extism.h"
#include "base/status.h"
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

static const struct {
    const char *name;
    size_t place; // in tskl_bench_extism
} functions[] = {
    {"extism_version", offsetof(tskl_bench_extism, version)},
    {"extism_plugin_new", offsetof(tskl_bench_extism, plugin_new)},
    {"extism_compiled_plugin_new", offsetof(tskl_bench_extism, compiled_new)},
    {"extism_plugin_new_from_compiled", offsetof(tskl_bench_extism, plugin_from_compiled)},
    {"extism_plugin_free", offsetof(tskl_bench_extism, plugin_free)},
    {"extism_compiled_plugin_free", offsetof(tskl_bench_extism, compiled_free)},
    {"extism_plugin_call", offsetof(tskl_bench_extism, call)},
    {"extism_plugin_output_length", offsetof(tskl_bench_extism, output_length)},
    {"extism_plugin_output_data", offsetof(tskl_bench_extism, output_data)},
};

bool tskl_bench_extism_open(const char *path, tskl_bench_extism *out) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return printf("no libextism: %s\n", dlerror()), false;
    for (size_t i = 0; i < TSKL_COUNT(functions); i++) {
        void *function = dlsym(library, functions[i].name);
        if (!function) return printf("no libextism: %s\n", dlerror()), false;
        memcpy((char *)out + functions[i].place, &function, sizeof function);
    }
    return true;
}
