// SPDX-License-Identifier: Apache-2.0
#include "config/discover.h"
#include "base/descriptor.h"
#include "base/env.h"
#include "config/names.h"
#include "store/package.h"
#include "store/trust.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PACKS_MAX = 256 };

static const char *const file_names[] = {"taskless.yaml", "taskless.yml", "taskless.json"};

static tskl_status nomem(tskl_error *err) {
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (looking for the configuration)");
}

// `folder` ends with a slash, or is empty.
static tskl_status find_in(const char *folder, tskl_arena *arena, const char **path,
                           tskl_error *err) {
    for (size_t i = 0; i < TSKL_COUNT(file_names); i++) {
        const char *tried = tskl_arena_printf(arena, "%s%s", folder, file_names[i]);
        if (!tried) return nomem(err);
        if (access(tried, F_OK) == 0) {
            *path = tried;
            return TSKL_OK;
        }
    }
    return TSKL_OK;
}

/** The working folder's parents, the nearest first, up to the repository's root. Without a
 *  repository there are none: a folder above belongs to something else. */
typedef struct parents {
    char path[PATH_MAX]; // ends with a slash
    size_t root_len;     // of the root's path; 0: there is none
} parents;

static bool has_repository(const char *folder) {
    char path[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s.git", folder);
    return access(path, F_OK) == 0; // a file in a worktree, else a folder
}

static bool go_up(char path[PATH_MAX]) {
    size_t len = strlen(path);
    if (len <= 1) return false;
    path[len - 1] = 0;
    strrchr(path, '/')[1] = 0;
    return true;
}

static void parents_init(parents *p) {
    char at[PATH_MAX];
    p->root_len = 0;
    if (!getcwd(p->path, sizeof p->path - 1) || p->path[0] != '/') return;
    if (p->path[1]) strcat(p->path, "/");
    memcpy(at, p->path, sizeof at);
    do {
        if (has_repository(at)) p->root_len = strlen(at);
    } while (!p->root_len && go_up(at));
}

static bool parents_next(parents *p) {
    return p->root_len < strlen(p->path) && p->root_len && go_up(p->path);
}

static const char *own_folder(tskl_arena *arena) {
    const tskl_env *env = tskl_env_get();
    const char *home = env->home, *xdg = env->xdg_config_home;
    if (xdg && xdg[0] == '/') return tskl_arena_printf(arena, "%s/taskless/", xdg);
    if (home && home[0] == '/') return tskl_arena_printf(arena, "%s/.config/taskless/", home);
    return NULL;
}

static tskl_status find_above(tskl_arena *arena, const char **path, tskl_error *err) {
    parents above;
    parents_init(&above);
    while (!*path && parents_next(&above)) TSKL_TRY(find_in(above.path, arena, path, err));
    const char *own = *path ? NULL : own_folder(arena);
    return own ? find_in(own, arena, path, err) : TSKL_OK;
}

tskl_status tskl_discover_file(const char *directory, tskl_arena *arena, const char **path,
                               tskl_error *err) {
    *path = NULL;
    if (directory) {
        const char *folder = tskl_arena_printf(arena, "%s/", directory);
        if (!folder) return nomem(err);
        TSKL_TRY(find_in(folder, arena, path, err));
    }
    if (!*path) TSKL_TRY(find_in("", arena, path, err));
    return *path ? TSKL_OK : find_above(arena, path, err);
}

tskl_status tskl_discover_directory(tskl_arena *arena, const char **path, tskl_error *err) {
    static const char name[] = ".taskless";
    parents above;
    *path = access(name, F_OK) == 0 ? name : NULL;
    parents_init(&above);
    while (!*path && parents_next(&above)) {
        const char *tried = tskl_arena_printf(arena, "%s%s", above.path, name);
        if (!tried) return nomem(err);
        if (access(tried, F_OK) == 0) *path = tried;
    }
    return TSKL_OK;
}

static bool is_in_own_folder(const char *path) {
    tskl_arena arena = {0};
    const char *folder = own_folder(&arena);
    size_t len = folder ? strlen(folder) : 0;
    bool found = false;
    for (size_t i = 0; len && i < TSKL_COUNT(file_names); i++)
        found =
            found || (strncmp(path, folder, len) == 0 && strcmp(path + len, file_names[i]) == 0);
    tskl_arena_reset(&arena);
    return found;
}

static bool is_roots(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && st.st_uid == 0 &&
           faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0 && errno == EACCES;
}

bool tskl_discover_is_own(const char *path) {
    char real[PATH_MAX];
    if (is_in_own_folder(path)) return true;
    if (geteuid() == 0 || !realpath(path, real) || !is_roots(real)) return false;
    // Whoever may write the folder can put another file in its place.
    *strrchr(real, '/') = 0;
    return is_roots(real[0] ? real : "/");
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
    tskl_descriptor inside =
        tskl_descriptor_open(folder, name, O_RDONLY | O_DIRECTORY, TSKL_DESCRIPTOR_BRIEF);
    if (inside.fd < 0) return false;
    bool found = is_pack_folder(inside.fd);
    tskl_descriptor_close(&inside);
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

static tskl_status add_from(listing *l, const tskl_descriptor *opened, tskl_error *err) {
    DIR *directory = fdopendir(opened->fd);
    if (!directory) {
        tskl_status status = tskl_fail(err, TSKL_ERR_IO, "%s: %s", l->folder, strerror(errno));
        tskl_descriptor_close(opened);
        return status;
    }
    tskl_status status = add_all(l, directory, err);
    // It closes by number. Where another thread of the program has that number by now, to lose some
    // memory is the lesser evil.
    if (tskl_descriptor_is_same(opened)) closedir(directory);
    return status;
}

static int by_path(const void *left, const void *right) {
    const tskl_config_pack *a = left, *b = right;
    return tskl_slice_compare(a->from, b->from);
}

tskl_status tskl_discover_packs(const char *folder, tskl_arena *arena, tskl_config_pack **packs,
                                size_t *count, bool *foreign, tskl_error *err) {
    *packs = NULL;
    *count = 0;
    listing l = {folder, arena, tskl_arena_array(arena, tskl_config_pack, PACKS_MAX), 0};
    if (!l.packs) return nomem(err);
    tskl_descriptor opened;
    TSKL_TRY(tskl_trust_open_folder(folder, foreign, &opened, err));
    TSKL_TRY(add_from(&l, &opened, err));
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

static tskl_slice base_name(tskl_slice path) {
    while (path.len > 1 && path.ptr[path.len - 1] == '/') path.len--;
    for (size_t slash; (slash = tskl_slice_find(path, '/')) != SIZE_MAX && slash + 1 < path.len;)
        path = tskl_slice_from(path, slash + 1);
    if (tskl_slice_ends(path, TSKL_S(".tgz"))) path.len -= 4;
    return path;
}

tskl_slice tskl_discover_name(const tskl_config_pack *entry, tskl_arena *arena) {
    bool foreign;
    tskl_slice text;
    const tskl_json *manifest;
    if (entry->name.len) return entry->name;
    const char *path = tskl_arena_printf(arena, TSKL_FMT "/manifest.json", TSKL_ARG(entry->from));
    if (path &&
        tskl_trust_read_foreign(path, TSKL_PACKAGE_TEXT_MAX, arena, &text, &foreign, NULL) ==
            TSKL_OK &&
        tskl_json_parse(text, arena, &manifest, NULL) == TSKL_OK) {
        const tskl_json *name = tskl_json_get(manifest, TSKL_S("name"));
        if (name && name->kind == TSKL_JSON_STRING && tskl_name_is_pack(name->text))
            return name->text;
    }
    return base_name(entry->from);
}
