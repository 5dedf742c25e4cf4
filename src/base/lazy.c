// SPDX-License-Identifier: Apache-2.0
#include "base/lazy.h"
#include "base/generation.h"
#include <dlfcn.h>
#include <link.h>
#include <stdatomic.h>
#include <string.h>

static const struct {
    const char *file, *package;
    bool brings_tls; // it brings a TLS library along
} libraries[TSKL_LAZY_LIBRARIES] = {
    [TSKL_LAZY_YAML] = {"libyaml-0.so.2", "libyaml-0-2", false},
    [TSKL_LAZY_ARCHIVE] = {"libarchive.so.13", "libarchive13", false},
    [TSKL_LAZY_BROTLI] = {"libbrotlidec.so.1", "libbrotli1", false},
    [TSKL_LAZY_ZSTD] = {"libzstd.so.1", "libzstd1", false},
    [TSKL_LAZY_CURL] = {"libcurl.so.4", "libcurl4", true},
};

static _Atomic(void *) handles[TSKL_LAZY_LIBRARIES];

#ifdef TSKL_TESTING
bool tskl_lazy_none;
#else
static const bool tskl_lazy_none = false;
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { OWN_NAMES = 0 }; // their runtimes refuse the flag
#else
enum { OWN_NAMES = RTLD_DEEPBIND };
#endif

// Whether the C library's own allocator is in use. A program that was linked to a fixed place has
// the addresses of functions of other libraries in itself, where they are not defined.
static bool heap_is_libcs(void) {
    static const char *const names[] = {"malloc", "realloc", "posix_memalign", "aligned_alloc",
                                        "malloc_usable_size"};
    Dl_info libc;
    if (!dladdr(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"), &libc)) return false;
    for (size_t i = 0; i < TSKL_COUNT(names); i++) {
        Dl_info where;
        const ElfW(Sym) *symbol = NULL;
        if (!dladdr1(dlsym(RTLD_DEFAULT, names[i]), &where, (void **)&symbol, RTLD_DL_SYMENT) ||
            (where.dli_fbase != libc.dli_fbase && (!symbol || symbol->st_shndx != SHN_UNDEF)))
            return false;
    }
    return true;
}

// Some programs (Node) have OpenSSL inside and export it: a library that brings its own would be
// bound to half of each. With a scope of its own it is not; but then its allocator is the C
// library's too, and where the program has put another in that one's place both cannot be had.
static bool find_scope(tskl_lazy_library library, int *flags) {
    Dl_info tls;
    *flags = RTLD_NOW | RTLD_LOCAL;
    void *function = libraries[library].brings_tls ? dlsym(RTLD_DEFAULT, "SSL_CTX_new") : NULL;
    if (!function || !dladdr(function, &tls) || strstr(tls.dli_fname, "/libssl.so")) return true;
    *flags |= OWN_NAMES;
    return heap_is_libcs();
}

// Without a lock of ours; that of the loader no fork finds held. The loader counts: opening twice
// does no harm. Never closed: code of ours may be on another thread's stack inside the library.
static tskl_status open_library(tskl_lazy_library library, void **out, tskl_error *err) {
    int flags;
    *out = tskl_lazy_none ? NULL : atomic_load(&handles[library]);
    if (*out) return TSKL_OK;
    tskl_generation_hold();
    bool fits = find_scope(library, &flags);
    if (fits && !tskl_lazy_none) *out = dlopen(libraries[library].file, flags);
    tskl_generation_release();
    atomic_store(&handles[library], *out);
    if (*out) return TSKL_OK;
    if (!fits)
        return tskl_fail(err, TSKL_ERR_UNAVAILABLE,
                         "%s cannot be had beside this program's own OpenSSL and allocator",
                         libraries[library].file);
    return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "%s is missing: install the package %s",
                     libraries[library].file, libraries[library].package);
}

tskl_status tskl_lazy_load(tskl_lazy_library library, const char *const *names, void **functions,
                           size_t count, tskl_error *err) {
    void *handle;
    tskl_status status = open_library(library, &handle, err);
    tskl_generation_hold();
    for (size_t i = 0; i < count; i++) functions[i] = handle ? dlsym(handle, names[i]) : NULL;
    tskl_generation_release();
    TSKL_TRY(status);
    for (size_t i = 0; i < count; i++)
        if (!functions[i])
            return tskl_fail(err, TSKL_ERR_UNAVAILABLE, "%s has no function %s",
                             libraries[library].file, names[i]);
    return TSKL_OK;
}
