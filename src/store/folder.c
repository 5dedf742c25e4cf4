// Folders by descriptor: no part of a path is looked up twice.
// SPDX-License-Identifier: Apache-2.0
#include "store/folder.h"
#include "base/descriptor.h"
#include "base/random.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TRIES = 100 };

static bool is_link(int parent, const char *name) {
    struct stat st;
    return fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

static bool make(int parent, const char *name) {
    mode_t mask = umask(0);
    umask(mask | 0022);
    bool made = mkdirat(parent, name, 0755) == 0;
    int why = errno;
    umask(mask);
    errno = why;
    return made;
}

tskl_status tskl_folder_open(int parent, const char *name, int *fd, tskl_error *err) {
    *fd =
        tskl_descriptor_raise(openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                              TSKL_DESCRIPTOR_BRIEF);
    if (*fd >= 0) return TSKL_OK;
    int why = errno;
    if (is_link(parent, name))
        return tskl_fail(err, TSKL_ERR_UNTRUSTED,
                         "%s is a link: nothing is written through it; remove it, or put a folder "
                         "in its place",
                         name);
    return tskl_fail(err, why == ENOENT ? TSKL_ERR_NOT_FOUND : TSKL_ERR_IO, "%s: %s", name,
                     strerror(why));
}

tskl_status tskl_folder_make(int parent, const char *name, int *fd, tskl_error *err) {
    *fd = -1;
    if (!make(parent, name) && errno != EEXIST)
        return tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(errno));
    return tskl_folder_open(parent, name, fd, err);
}

tskl_status tskl_folder_make_new(int parent, const char *prefix, char *name, size_t size, int *fd,
                                 tskl_error *err) {
    *fd = -1;
    for (int i = 0; i < TRIES; i++) {
        uint64_t chance;
        tskl_random_fill(&chance, sizeof chance);
        snprintf(name, size, "%s%016llx", prefix, (unsigned long long)chance);
        if (make(parent, name)) return tskl_folder_open(parent, name, fd, err);
        if (errno != EEXIST) break;
    }
    return tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(errno));
}
