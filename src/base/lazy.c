// SPDX-License-Identifier: Apache-2.0
#include "base/lazy.h"
#include "base/generation.h"
#include <dlfcn.h>
#include <stdatomic.h>

static const struct {
    const char *file, *package;
} libraries[TSKL_LAZY_LIBRARIES] = {
    [TSKL_LAZY_YAML] = {"libyaml-0.so.2", "libyaml-0-2"},
    [TSKL_LAZY_ARCHIVE] = {"libarchive.so.13", "libarchive13"},
    [TSKL_LAZY_BROTLI] = {"libbrotlidec.so.1", "libbrotli1"},
    [TSKL_LAZY_ZSTD] = {"libzstd.so.1", "libzstd1"},
};

static _Atomic(void *) handles[TSKL_LAZY_LIBRARIES];

// Without a lock of ours; that of the loader no fork finds held. The loader counts: opening twice
// does no harm. Never closed: code of ours may be on another thread's stack inside the library.
static void *handle_of(tskl_lazy_library library) {
    void *handle = atomic_load(&handles[library]);
    if (handle) return handle;
    tskl_generation_hold();
    handle = dlopen(libraries[library].file, RTLD_NOW | RTLD_LOCAL);
    tskl_generation_release();
    atomic_store(&handles[library], handle);
    return handle;
}

tskl_status tskl_lazy_load(tskl_lazy_library library, const char *const *names, void **functions,
                           size_t count, tskl_error *err) {
    void *handle = handle_of(library);
    tskl_generation_hold();
    for (size_t i = 0; i < count; i++) functions[i] = handle ? dlsym(handle, names[i]) : NULL;
    tskl_generation_release();
    if (!handle)
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "%s is missing: install the package %s",
                         libraries[library].file, libraries[library].package);
    for (size_t i = 0; i < count; i++)
        if (!functions[i])
            return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "%s has no function %s",
                             libraries[library].file, names[i]);
    return TSKL_OK;
}
