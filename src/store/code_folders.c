// SPDX-License-Identifier: Apache-2.0
#include "store/code_folders.h"
#include "base/env.h"
#include "store/code_cache.h"
#include "store/trust.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

// A relative path in TASKLESS_CACHE begins in the working folder.
static const char *named_folder(const char *path, tskl_arena *arena) {
    char folder[PATH_MAX];
    if (path[0] == '/' || !getcwd(folder, sizeof folder)) return path;
    return tskl_arena_printf(arena, "%s/%s", folder, path);
}

tskl_status tskl_code_folders(tskl_arena *arena, const char *folders[TSKL_CODE_FOLDERS],
                              tskl_error *err) {
    const tskl_env *env = tskl_env_get();
    const char *home = env->home, *xdg = env->xdg_cache_home;
    folders[0] = NULL;
    folders[1] = TSKL_CODE_SYSTEM_FOLDER;
    bool known = true;
    if (env->cache)
        folders[0] = named_folder(env->cache, arena);
    else if (xdg && xdg[0] == '/') // the XDG specification has a relative one passed over
        folders[0] = tskl_arena_printf(arena, "%s/taskless", xdg);
    else if (home && home[0] == '/')
        folders[0] = tskl_arena_printf(arena, "%s/.cache/taskless", home);
    else
        known = false;
    if (!known || folders[0]) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NOMEM, "code cache: no room for a path");
}

tskl_status tskl_code_folders_store(tskl_status (*store)(const char *folder, const void *what,
                                                         tskl_error *err),
                                    const void *what, tskl_error *err) {
    const char *folders[TSKL_CODE_FOLDERS];
    tskl_arena arena = {0};
    tskl_error ignored, *why = err;
    tskl_status first = TSKL_OK, status = tskl_code_folders(&arena, folders, err);
    bool stored = status != TSKL_OK;
    for (size_t i = 0; !stored && i < TSKL_CODE_FOLDERS; i++) {
        if (!folders[i]) continue;
        status = store(folders[i], what, why);
        stored = status == TSKL_OK;
        if (!stored && !first) first = status;
        why = &ignored;
    }
    tskl_arena_reset(&arena);
    return stored ? status : first;
}

const char *tskl_code_folder(tskl_arena *arena) {
    const char *folders[TSKL_CODE_FOLDERS];
    if (tskl_code_folders(arena, folders, NULL)) return NULL;
    return folders[0] ? folders[0] : folders[1];
}

tskl_status tskl_code_folder_open(const char *path, tskl_descriptor *out, tskl_error *err) {
    return tskl_trust_open_folder(path, NULL, out, err);
}

// With that mode whatever the umask: what root makes for all must be readable to all.
static bool make_one(const char *path, mode_t mode) {
    if (mkdir(path, mode) != 0) return errno == EEXIST;
    return mode == 0700 || chmod(path, mode) == 0;
}

static bool is_systems(const char *path) {
    size_t length = strlen(TSKL_CODE_SYSTEM_FOLDER);
    return strncmp(path, TSKL_CODE_SYSTEM_FOLDER, length) == 0 &&
           (path[length] == 0 || path[length] == '/');
}

tskl_status tskl_code_folder_make(const char *path, tskl_error *err) {
    char made[PATH_MAX];
    mode_t mode = is_systems(path) ? 0755 : 0700;
    if (!tskl_slice_to_cstr(tskl_slice_of(path), made, sizeof made))
        return tskl_fail(err, TSKL_ERR_IO, "%.80s...: too long a path", path);
    for (char *slash = strchr(made + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool there = make_one(made, mode);
        *slash = '/';
        if (!there) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
    }
    if (!make_one(made, mode)) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
    return TSKL_OK;
}
