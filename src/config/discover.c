// SPDX-License-Identifier: Apache-2.0
#include "config/discover.h"
#include "store/trust.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PACKS_MAX = 256 };

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "no room for the configuration");
}

static tskl_status find_in(const char *folder, tskl_arena *arena, const char **path,
                           tskl_error *err) {
    static const char *const names[] = {"taskless.yaml", "taskless.yml", "taskless.json"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++) {
        const char *tried = tskl_arena_printf(arena, "%s%s", folder, names[i]);
        if (!tried) return nomem(err);
        if (access(tried, F_OK) == 0) {
            *path = tried;
            return TSKL_OK;
        }
    }
    return TSKL_OK;
}

tskl_status tskl_discover_file(const char *directory, tskl_arena *arena, const char **path,
                               tskl_error *err) {
    *path = NULL;
    if (directory) {
        const char *folder = tskl_arena_printf(arena, "%s/", directory);
        if (!folder) return nomem(err);
        TSKL_TRY(find_in(folder, arena, path, err));
    }
    return *path ? TSKL_OK : find_in("", arena, path, err);
}

static bool is_file(int folder, const char *name) {
    struct stat st;
    return fstatat(folder, name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

static bool is_pack_folder(int folder) {
    return is_file(folder, "manifest.json") || is_file(folder, "pack.wasm");
}

static bool is_pack(int folder, const char *name) {
    if (name[0] == '.') return false;
    if (is_file(folder, name)) return tskl_slice_ends(tskl_slice_of(name), TSKL_S(".tgz"));
    int inside = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (inside < 0) return false;
    bool found = is_pack_folder(inside);
    close(inside);
    return found;
}

typedef struct listing {
    const char *folder;
    tskl_arena *arena;
    tskl_config_pack *packs;
    size_t count;
} listing;

static tskl_status add(listing *l, const char *name, tskl_error *err) {
    if (l->count == PACKS_MAX)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s: more than %d Packs", l->folder, PACKS_MAX);
    const char *path = tskl_arena_printf(l->arena, "%s%s%s", l->folder, *name ? "/" : "", name);
    if (!path) return nomem(err);
    l->packs[l->count++] =
        (tskl_config_pack){.from = tskl_slice_of(path), .body_allowed = true, .enabled = true};
    return TSKL_OK;
}

static tskl_status add_all(listing *l, DIR *directory, tskl_error *err) {
    if (is_pack_folder(dirfd(directory))) return add(l, "", err);
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (!entry && errno)
            return tskl_fail(err, TSKL_ERR_IO, "%s: %s", l->folder, strerror(errno));
        if (!entry) return TSKL_OK;
        if (is_pack(dirfd(directory), entry->d_name)) TSKL_TRY(add(l, entry->d_name, err));
    }
}

static int by_path(const void *left, const void *right) {
    const tskl_config_pack *a = left, *b = right;
    return tskl_slice_compare(a->from, b->from);
}

tskl_status tskl_discover_packs(const char *folder, tskl_arena *arena, tskl_config_pack **packs,
                                size_t *count, tskl_error *err) {
    *packs = NULL;
    *count = 0;
    TSKL_TRY(tskl_trust_check(folder, err));
    listing l = {folder, arena, tskl_arena_array(arena, tskl_config_pack, PACKS_MAX), 0};
    if (!l.packs) return nomem(err);
    DIR *directory = opendir(folder);
    if (!directory) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", folder, strerror(errno));
    tskl_status status = add_all(&l, directory, err);
    closedir(directory);
    TSKL_TRY(status);
    qsort(l.packs, l.count, sizeof *l.packs, by_path);
    *packs = l.packs;
    *count = l.count;
    return TSKL_OK;
}

tskl_status tskl_discover_named(tskl_config_pack *entry, const char *folder, const char *builtin,
                                tskl_arena *arena, tskl_error *err) {
    static const char *const endings[] = {"", ".tgz"};
    const char *folders[] = {folder, builtin};
    for (size_t i = 0; i < 2 * TSKL_COUNT(endings); i++) {
        if (!folders[i / 2]) continue;
        const char *path = tskl_arena_printf(arena, "%s/" TSKL_FMT "%s", folders[i / 2],
                                             TSKL_ARG(entry->name), endings[i % 2]);
        if (!path) return nomem(err);
        bool found = access(path, F_OK) == 0;
        if (found || i == 0) entry->from = tskl_slice_of(path);
        if (found) break;
    }
    return TSKL_OK;
}
