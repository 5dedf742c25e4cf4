// SPDX-License-Identifier: Apache-2.0
#include "store/trust.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static tskl_status fail_errno(const char *path, tskl_error *err) {
    int code = errno;
    bool missing = code == ENOENT || code == ENOTDIR;
    return tskl_fail(err, missing ? TSKL_ERR_NOT_FOUND : TSKL_ERR_IO, "%s: %s", path,
                     strerror(code));
}

static tskl_status check_owner(const struct stat *st, const char *path, tskl_error *err) {
    if (st->st_uid == 0 || st->st_uid == geteuid()) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNTRUSTED,
                     "not trusted, %s belongs to user %u: run as that user, or chown it", path,
                     (unsigned)st->st_uid);
}

// In a sticky folder such as /tmp only the owner of an entry may put another in its place, and
// the entry's owner is checked as well.
static tskl_status check_stat(const struct stat *st, const char *path, bool parent,
                              tskl_error *err) {
    TSKL_TRY(check_owner(st, path, err));
    bool shared = (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;
    if (!shared || (parent && (st->st_mode & S_ISVTX))) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_UNTRUSTED, "not trusted, others may write there: chmod go-w %s",
                     path);
}

static tskl_status check_path(const char *path, bool parent, tskl_error *err) {
    struct stat st;
    if (lstat(path, &st)) return fail_errno(path, err);
    return check_stat(&st, path, parent, err);
}

// `real` is absolute and without links. From the root down: what lies in a folder that others may
// write can be exchanged after it was looked at.
static tskl_status check_parents(char *real, tskl_error *err) {
    TSKL_TRY(check_path("/", true, err));
    for (char *slash = strchr(real + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        tskl_status status = check_path(real, true, err);
        *slash = '/';
        TSKL_TRY(status);
    }
    return TSKL_OK;
}

static tskl_status resolve(const char *path, char real[PATH_MAX], tskl_error *err) {
    return realpath(path, real) ? TSKL_OK : fail_errno(path, err);
}

// The mend names what is at fault; before it stands what was asked for.
static tskl_status name_asked(const char *path, tskl_status status, tskl_error *err) {
    return status == TSKL_ERR_UNTRUSTED ? tskl_context(err, status, "%s", path) : status;
}

static tskl_status check_whole(const char *path, tskl_error *err) {
    char real[PATH_MAX];
    TSKL_TRY(resolve(path, real, err));
    TSKL_TRY(check_parents(real, err));
    return check_path(real, false, err);
}

tskl_status tskl_trust_check(const char *path, tskl_error *err) {
    return name_asked(path, check_whole(path, err), err);
}

static tskl_status check_opened(int fd, const char *path, tskl_error *err) {
    struct stat st;
    if (fstat(fd, &st)) return fail_errno(path, err);
    if (!S_ISREG(st.st_mode)) return tskl_fail(err, TSKL_ERR_IO, "%s: not a file", path);
    return check_stat(&st, path, false, err);
}

static tskl_status open_checked(const char *path, int *fd, tskl_error *err) {
    char real[PATH_MAX];
    TSKL_TRY(resolve(path, real, err));
    TSKL_TRY(check_parents(real, err));
    // Not blocking: in place of the file there may be a pipe that nobody writes to.
    int opened = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (opened < 0) return fail_errno(path, err);
    tskl_status status = check_opened(opened, real, err);
    if (status)
        close(opened);
    else
        *fd = opened;
    return status;
}

tskl_status tskl_trust_open(const char *path, int *fd, tskl_error *err) {
    *fd = -1;
    return name_asked(path, open_checked(path, fd, err), err);
}

static tskl_status read_all(int fd, const char *path, size_t size, char *room, tskl_slice *out,
                            tskl_error *err) {
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(fd, room + len, size - len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(path, err);
        if (got == 0) break; // it became shorter meanwhile
        len += (size_t)got;
    }
    room[len] = 0;
    *out = tskl_slice_make(room, len);
    return TSKL_OK;
}

static tskl_status read_opened(int fd, const char *path, size_t max, tskl_arena *arena,
                               tskl_slice *out, tskl_error *err) {
    struct stat st;
    if (fstat(fd, &st)) return fail_errno(path, err);
    if ((uint64_t)st.st_size > max)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s: has more than %zu bytes", path, max);
    char *room = tskl_arena_take(arena, (size_t)st.st_size + 1);
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", path);
    return read_all(fd, path, (size_t)st.st_size, room, out, err);
}

tskl_status tskl_trust_read(const char *path, size_t max, tskl_arena *arena, tskl_slice *out,
                            tskl_error *err) {
    int fd;
    *out = (tskl_slice){NULL, 0};
    TSKL_TRY(tskl_trust_open(path, &fd, err));
    tskl_status status = read_opened(fd, path, max, arena, out, err);
    close(fd);
    return status;
}
