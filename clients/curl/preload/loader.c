// SPDX-License-Identifier: Apache-2.0
//
// What Ruby's ffi, Python's ctypes and their like call is not linked to libcurl, but looked up. And
// PHP opens its modules so that they see the libraries they bring along before what is preloaded.
// Both ask the C library by way of loader_x86_64.S, which in the end jumps there: so the C library
// sees who called, on which its answer depends.
#include "loader.h"
#include "reporter.h"
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

// What is jumped to, known before it is.
__attribute__((visibility("hidden"))) tskl_function *tskl_dlsym_jump, *tskl_dlopen_jump;
__attribute__((visibility("hidden"))) void *tskl_symbol_for(void *handle, const char *name,
                                                            const void *from);
__attribute__((visibility("hidden"))) int tskl_flags_for(const char *file, int flags);

// Under this version they are there as long as there is a C library for the processor.
#if defined(__x86_64__)
#define FIRST_VERSION "GLIBC_2.2.5"
#else
#define FIRST_VERSION "GLIBC_2.17"
#endif

static tskl_function *real(const char *name) {
    tskl_function *found = NULL;
    void *address = dlvsym(RTLD_NEXT, name, FIRST_VERSION);
    memcpy(&found, &address, sizeof address);
    return found;
}

tskl_dlsym_fn *tskl_real_dlsym(void) {
    if (!tskl_dlsym_jump) tskl_dlsym_jump = real("dlsym");
    return (tskl_dlsym_fn *)tskl_dlsym_jump;
}

/** What dlsym is to answer; NULL: what it would. */
void *tskl_symbol_for(void *handle, const char *name, const void *from) {
    int saved = errno;
    void *entry = NULL;
    tskl_dlsym_fn *look_up = tskl_real_dlsym();
    if (handle != RTLD_NEXT && handle != RTLD_DEFAULT && name && !strncmp(name, "curl_", 5) &&
        tskl_reporter_is_wanted() && !tskl_is_taskless(from)) {
        size_t at = tskl_libcurl_member(name);
        void *found = at < TSKL_LIBCURL_MEMBERS ? look_up(handle, name) : NULL;
        if (found && tskl_libcurl_give(handle, at, found))
            memcpy(&entry, &tskl_given_entries[at], sizeof entry);
    }
    errno = saved;
    return entry;
}

/** How dlopen is to open that file. Others that want a library's own scope have their reasons, as
 *  libtaskless has in a program that exports an OpenSSL of its own. */
int tskl_flags_for(const char *file, int flags) {
    if (!tskl_dlopen_jump) tskl_dlopen_jump = real("dlopen");
    if (!file || !(flags & RTLD_DEEPBIND)) return flags;
    const char *base = strrchr(file, '/');
    bool is_curl = !strcmp(base ? base + 1 : file, "curl.so");
    return is_curl && dlsym(RTLD_DEFAULT, "zend_register_functions") ? flags & ~RTLD_DEEPBIND
                                                                     : flags;
}
