// A bundle: the files of a Pack in one pack.tgz, and nothing else.
// SPDX-License-Identifier: Apache-2.0
#include "base/lazy.h"
#include "store/package.h"
#include <archive.h>
#include <archive_entry.h>
#include <assert.h>

// libarchive is opened when the first bundle is read: X(function).
#define ARCHIVE_FUNCTIONS(X)                                                                       \
    X(archive_read_new)                                                                            \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_open_memory)                                                                    \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_read_free)                                                                           \
    X(archive_error_string)                                                                        \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_size)

typedef struct functions {
#define POINTER(name) __typeof__(&name) name;
    ARCHIVE_FUNCTIONS(POINTER)
#undef POINTER
} functions;

typedef struct unpacking {
    functions lib;
    struct archive *archive;
    tskl_arena *arena;
    tskl_package *out;
} unpacking;

enum { MODULES_MAX = 64 << 20 }; // bytes of all modules of a bundle

static tskl_status load_functions(functions *lib, tskl_error *err) {
#define NAME(name) #name,
    static const char *const names[] = {ARCHIVE_FUNCTIONS(NAME)};
#undef NAME
    void *found[TSKL_COUNT(names)];
    TSKL_TRY(tskl_lazy_load(TSKL_LAZY_ARCHIVE, names, found, TSKL_COUNT(names), err));
    // POSIX promises that a function's address survives the way through void *, C does not.
    static_assert(sizeof found == sizeof *lib, "one pointer for each function");
    memcpy(lib, found, sizeof found);
    return TSKL_OK;
}

static tskl_status fail_archive(const unpacking *u, tskl_error *err) {
    const char *why = u->lib.archive_error_string(u->archive);
    return tskl_fail(err, TSKL_ERR_SYNTAX, "not a bundle: %s", why ? why : "it is damaged");
}

static const tskl_package_file *find_file(const char *name) {
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++)
        if (strcmp(name, tskl_package_files[i].name) == 0) return &tskl_package_files[i];
    return NULL;
}

// What a further module is called by its file's name; empty for any other file. It is the same
// alphabet as that of a Pack's name: a manifest takes no other.
static tskl_slice module_name(const char *file) {
    tskl_slice name = tskl_slice_of(file);
    if (!tskl_slice_ends(name, TSKL_S(".wasm"))) return (tskl_slice){NULL, 0};
    name = tskl_slice_first(name, name.len - 5);
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_", name.ptr[i]))
            return (tskl_slice){NULL, 0};
    return name.len <= 64 ? name : (tskl_slice){NULL, 0};
}

// Where the content of that file goes; NULL: it has no place.
static tskl_slice *find_place(const unpacking *u, const char *file, size_t *max) {
    const tskl_package_file *known = find_file(file);
    tskl_package *out = u->out;
    *max = known ? known->max : TSKL_PACKAGE_WASM_MAX;
    if (known) return (tskl_slice *)((char *)out + known->offset);
    tskl_slice name = module_name(file);
    if (name.len == 0) return NULL;
    for (size_t i = 0; i < out->module_count; i++)
        if (tskl_slice_equal(out->modules[i].name, name)) return &out->modules[i].wasm;
    if (out->module_count == TSKL_PACKAGE_MODULES) return NULL;
    // It counts once its name is kept: its content is looked at below.
    tskl_package_module *module = &out->modules[out->module_count];
    if (!tskl_arena_copy(u->arena, name, &module->name)) return NULL;
    out->module_count++;
    return &module->wasm;
}

static tskl_status check_entry(const unpacking *u, struct archive_entry *entry, const char *name,
                               const tskl_slice *place, tskl_error *err) {
    const char *problem = NULL;
    if (!place)
        problem = "has no place in a bundle: config.json, manifest.json and pack.wasm have";
    else if (u->lib.archive_entry_hardlink(entry) ||
             u->lib.archive_entry_filetype(entry) != AE_IFREG)
        problem = "is not a plain file";
    else if (place->ptr)
        problem = "is there twice";
    if (problem) return tskl_fail(err, TSKL_ERR_SYNTAX, "%.80s %s", name, problem);
    return TSKL_OK;
}

static size_t size_of_modules(const tskl_package *package) {
    size_t size = package->wasm.len;
    for (size_t i = 0; i < package->module_count; i++) size += package->modules[i].wasm.len;
    return size;
}

static tskl_status read_data(const unpacking *u, char *room, size_t size, tskl_error *err) {
    for (size_t len = 0; len < size;) {
        la_ssize_t got = u->lib.archive_read_data(u->archive, room + len, size - len);
        if (got < 0) return fail_archive(u, err);
        if (got == 0) return tskl_fail(err, TSKL_ERR_SYNTAX, "not a bundle: it is cut");
        len += (size_t)got;
    }
    return TSKL_OK;
}

static tskl_status unpack_entry(const unpacking *u, struct archive_entry *entry, tskl_error *err) {
    const char *name = u->lib.archive_entry_pathname(entry);
    if (!name) return tskl_fail(err, TSKL_ERR_SYNTAX, "not a bundle: a name cannot be read");
    size_t max;
    tskl_slice *place = find_place(u, name, &max);
    TSKL_TRY(check_entry(u, entry, name, place, err));
    int64_t size = u->lib.archive_entry_size(entry);
    if (size < 0 || (uint64_t)size > max)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s has more than %zu bytes", name, max);
    if (size_of_modules(u->out) + (size_t)size > MODULES_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "its modules have more than %d bytes", MODULES_MAX);
    char *room = tskl_arena_take(u->arena, (size_t)size + 1);
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", name);
    TSKL_TRY(read_data(u, room, (size_t)size, err));
    room[size] = 0;
    *place = tskl_slice_make(room, (size_t)size);
    return TSKL_OK;
}

static tskl_status unpack_all(const unpacking *u, tskl_slice bundle, tskl_error *err) {
    struct archive_entry *entry;
    if (u->lib.archive_read_support_filter_gzip(u->archive) < ARCHIVE_WARN ||
        u->lib.archive_read_support_format_tar(u->archive) < ARCHIVE_WARN ||
        u->lib.archive_read_open_memory(u->archive, bundle.ptr, bundle.len) != ARCHIVE_OK)
        return fail_archive(u, err);
    int got;
    while ((got = u->lib.archive_read_next_header(u->archive, &entry)) == ARCHIVE_OK)
        TSKL_TRY(unpack_entry(u, entry, err));
    if (got != ARCHIVE_EOF) return fail_archive(u, err);
    return tskl_package_check(u->out, err);
}

tskl_status tskl_package_unpack(tskl_slice bundle, tskl_arena *arena, tskl_package *out,
                                tskl_error *err) {
    unpacking u = {.arena = arena, .out = out};
    *out = (tskl_package){0};
    TSKL_TRY(load_functions(&u.lib, err));
    u.archive = u.lib.archive_read_new();
    if (!u.archive) return tskl_fail(err, TSKL_ERR_NOMEM, "no room to read a bundle");
    tskl_status status = unpack_all(&u, bundle, err);
    u.lib.archive_read_free(u.archive);
    if (status)
        *out = (tskl_package){0};
    else
        out->bundle = tskl_sha256_of(bundle);
    return status;
}
