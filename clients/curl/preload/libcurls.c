// SPDX-License-Identifier: Apache-2.0
//
// Without us the loader would look for a function among the libraries that are open to all of the
// program, then among those that the caller itself brought along, each time for the version that
// the caller names. The same is done here. One thing is not known here: who calls by a jump in
// place of a call is taken for its own caller, so that in the end any libcurl of that version will
// do.
#include "libcurls.h"
#include "loader.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <taskless/base.h>

enum { LIBCURLS_MAX = 8, CALLERS_MAX = 64 };

static const char *const versions[] = {
#define VERSION_OF(name, version) version,
    TSKL_FLAVOURS(VERSION_OF)
#undef VERSION_OF
};

// Without pointers, which the loader would have to set in every program.
static const char names[][25] = {
    "curl_easy_setopt",      "curl_easy_getinfo",        "curl_easy_perform",
    "curl_easy_cleanup",     "curl_easy_reset",          "curl_easy_duphandle",
    "curl_multi_add_handle", "curl_multi_remove_handle", "curl_multi_info_read",
    "curl_easy_strerror",    "curl_version_info",
};
_Static_assert(sizeof names / sizeof *names == TSKL_LIBCURL_MEMBERS, "one name for each member");

/** An object that code was called from: program or library. */
typedef struct object {
    const char *name; // empty: the program
    uintptr_t start, end;
} object;

typedef struct caller {
    atomic_bool ready;
    tskl_flavour flavour;
    uintptr_t start, end;
    tskl_caller found;
} caller;

typedef struct libcurl {
    atomic_bool ready;
    tskl_libcurl functions;
} libcurl;

static caller callers[CALLERS_MAX];
static atomic_size_t caller_count;
static const tskl_libcurl *_Atomic given;
static libcurl libcurls[LIBCURLS_MAX];
static atomic_size_t libcurl_count;

static void measure(const struct dl_phdr_info *info, object *out) {
    *out = (object){.name = info->dlpi_name, .start = UINTPTR_MAX};
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type != PT_LOAD) continue;
        uintptr_t start = info->dlpi_addr + part->p_vaddr, end = start + part->p_memsz;
        if (start < out->start) out->start = start;
        if (end > out->end) out->end = end;
    }
}

typedef struct search {
    uintptr_t address;
    object found;
} search;

static int has_address(struct dl_phdr_info *info, size_t size, void *user) {
    search *s = user;
    (void)size;
    object here;
    measure(info, &here);
    if (s->address < here.start || s->address >= here.end) return 0;
    s->found = here;
    return 1;
}

static bool find_object(const void *address, object *out) {
    search s = {.address = (uintptr_t)address};
    bool found = dl_iterate_phdr(has_address, &s) != 0;
    *out = s.found;
    return found;
}

static void *symbol(void *handle, const char *name, const char *version) {
    return version ? dlvsym(handle, name, version) : tskl_real_dlsym()(handle, name);
}

/** False unless all are there. */
static bool read_functions(void *handle, const char *version, tskl_libcurl *out) {
    void *found[TSKL_LIBCURL_MEMBERS];
    for (size_t i = 0; i < TSKL_LIBCURL_MEMBERS; i++)
        if (!(found[i] = symbol(handle, names[i], version))) return false;
    // POSIX promises that a function's address survives the way through void *, C does not.
    memcpy(out, found, sizeof found);
    return true;
}

static uintptr_t address_of(const tskl_libcurl *curl) {
    uintptr_t address;
    memcpy(&address, &curl->easy_perform, sizeof address);
    return address;
}

/** In the library that is loaded under that name, and in those that it brought along. */
static bool read_functions_of(const char *object_name, const char *version, tskl_libcurl *out) {
    void *handle = *object_name ? dlopen(object_name, RTLD_LAZY | RTLD_NOLOAD) : NULL;
    if (!handle) return false;
    bool found = read_functions(handle, version, out);
    dlclose(handle);
    return found;
}

typedef struct sweep {
    size_t skip; // libraries of such a name
    char name[PATH_MAX];
} sweep;

static int has_name(struct dl_phdr_info *info, size_t size, void *user) {
    sweep *s = user;
    (void)size;
    const char *base = strrchr(info->dlpi_name, '/');
    if (!base || !strstr(base, "curl") || strlen(info->dlpi_name) >= sizeof s->name) return 0;
    if (s->skip-- > 0) return 0;
    strcpy(s->name, info->dlpi_name);
    return 1;
}

/** In any libcurl. The loader's list is left before one is opened: its locks have an order. */
static bool read_functions_of_any(const char *version, tskl_libcurl *out) {
    sweep s;
    for (size_t i = 0; s.skip = i, dl_iterate_phdr(has_name, &s) != 0; i++)
        if (read_functions_of(s.name, version, out)) return true;
    return false;
}

static bool find_functions(const object *from, const char *version, tskl_libcurl *out) {
    return read_functions(RTLD_NEXT, version, out) || read_functions_of(from->name, version, out) ||
           read_functions_of_any(version, out);
}

/** What we hold addresses of must not go. */
static void keep_loaded(const object *library) {
    if (*library->name) (void)dlopen(library->name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

/** The one copy of these functions. NULL: there are too many libcurls. */
static const tskl_libcurl *kept(const tskl_libcurl *functions) {
    size_t count = atomic_load(&libcurl_count);
    for (size_t i = 0; i < count && i < LIBCURLS_MAX; i++)
        if (atomic_load(&libcurls[i].ready) &&
            !memcmp(&libcurls[i].functions, functions, sizeof *functions))
            return &libcurls[i].functions;
    size_t at = atomic_fetch_add(&libcurl_count, 1);
    if (at >= LIBCURLS_MAX) return NULL;
    libcurls[at].functions = *functions;
    atomic_store(&libcurls[at].ready, true);
    return &libcurls[at].functions;
}

size_t tskl_libcurl_member(const char *name) {
    size_t at = 0;
    while (at < TSKL_LIBCURL_MEMBERS && strcmp(names[at], name) != 0) at++;
    return at;
}

bool tskl_libcurl_give(void *handle, size_t member, const void *address) {
    const tskl_libcurl *known = atomic_load(&given);
    tskl_libcurl functions;
    object library;
    if (!known && find_object(address, &library) && read_functions(handle, NULL, &functions)) {
        keep_loaded(&library);
        const tskl_libcurl *first = kept(&functions);
        if (atomic_compare_exchange_strong(&given, &known, first)) known = first;
    }
    const void *its = NULL;
    if (known) memcpy(&its, (const char *)known + member * sizeof its, sizeof its);
    return its == address && its != NULL;
}

bool tskl_is_taskless(const void *address) {
    object from;
    if (!find_object(address, &from)) return false;
    return *from.name ? strstr(from.name, "/libtaskless.so") != NULL
                      : strcmp(program_invocation_short_name, "taskless") == 0;
}

static void remember(tskl_flavour flavour, const object *from, tskl_caller found) {
    size_t at = atomic_fetch_add(&caller_count, 1);
    if (at >= CALLERS_MAX) return; // it is looked for each time
    caller *c = &callers[at];
    c->flavour = flavour;
    c->start = from->start;
    c->end = from->end;
    c->found = found;
    atomic_store_explicit(&c->ready, true, memory_order_release);
}

static tskl_caller look_for(tskl_flavour flavour, const void *address) {
    tskl_caller found = {0};
    tskl_libcurl functions;
    object from, library;
    if (!find_object(address, &from)) from = (object){.name = ""};
    // A libcurl without versions is taken for any that a program was built with.
    if (!find_functions(&from, versions[flavour], &functions) &&
        !find_functions(&from, NULL, &functions))
        return found;
    if (find_object((const void *)address_of(&functions), &library)) keep_loaded(&library);
    found.curl = kept(&functions);
    found.is_inside = found.curl && library.start == from.start;
    if (found.curl && from.end) remember(flavour, &from, found);
    return found;
}

tskl_caller tskl_caller_at(tskl_flavour flavour, const void *address) {
    if (flavour == TSKL_FLAVOUR_given) return (tskl_caller){.curl = atomic_load(&given)};
    uintptr_t at = (uintptr_t)address;
    size_t count = atomic_load_explicit(&caller_count, memory_order_acquire);
    for (size_t i = 0; i < count && i < CALLERS_MAX; i++) {
        const caller *c = &callers[i];
        if (atomic_load_explicit(&c->ready, memory_order_acquire) && c->flavour == flavour &&
            at >= c->start && at < c->end)
            return c->found;
    }
    return look_for(flavour, address);
}
