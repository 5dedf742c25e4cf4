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

// The user's folder; NULL where the environment does not say where it is.
static const char *users_folder(const tskl_env *env, tskl_arena *arena, bool *failed) {
    const char *base = env->xdg_cache_home ? env->xdg_cache_home : env->home;
    // The XDG specification has a relative path ignored, and so would a cache in whatever folder a
    // program happens to run in be no cache.
    if (env->cache) base = env->cache;
    if (!base || base[0] != '/') return NULL;
    const char *rest = env->cache ? "" : env->xdg_cache_home ? "/taskless" : "/.cache/taskless";
    const char *path = tskl_arena_printf(arena, "%s%s", base, rest);
    *failed = path == NULL;
    return path;
}

tskl_status tskl_code_folders(tskl_arena *arena, const char *folders[TSKL_CODE_FOLDERS],
                              tskl_error *err) {
    bool failed = false;
    folders[0] = users_folder(tskl_env_get(), arena, &failed);
    folders[1] = TSKL_CODE_SYSTEM_FOLDER;
    return failed ? tskl_fail(err, TSKL_ERR_NOMEM, "code cache: no room for a path") : TSKL_OK;
}

const char *tskl_code_folder(tskl_arena *arena) {
    const char *folders[TSKL_CODE_FOLDERS];
    if (tskl_code_folders(arena, folders, NULL)) return NULL;
    return folders[0] ? folders[0] : folders[1];
}

tskl_status tskl_code_folder_open(const char *path, int *fd, tskl_error *err) {
    *fd = -1;
    TSKL_TRY(tskl_trust_check(path, err));
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd >= 0) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
}

static bool make_one(const char *path, mode_t mode) {
    return mkdir(path, mode) == 0 || errno == EEXIST;
}

tskl_status tskl_code_folder_make(const char *path, tskl_error *err) {
    char made[PATH_MAX];
    mode_t mode = strcmp(path, TSKL_CODE_SYSTEM_FOLDER) == 0 ? 0755 : 0700;
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
