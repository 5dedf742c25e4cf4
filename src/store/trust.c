// SPDX-License-Identifier: Apache-2.0
#include "store/trust.h"
#include "store/group.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static tskl_status fail_errno(const char *path, tskl_error *err) {
    int code = errno;
    bool missing = code == ENOENT || code == ENOTDIR;
    return tskl_fail(err, missing ? TSKL_ERR_NOT_FOUND : TSKL_ERR_IO, "%s: %s", path,
                     strerror(code));
}

// How far a check goes: `foreign` is set where root may read what another user owns, and does.
typedef struct check {
    bool *foreign; // NULL: root may not either
    tskl_error *err;
} check;

static _Atomic(char *) package;

void tskl_trust_package(const char *folder) {
    char real[PATH_MAX], *none = NULL;
    if (atomic_load(&package) || !realpath(folder, real)) return;
    char *copy = strdup(real);
    if (copy && !atomic_compare_exchange_strong(&package, &none, copy)) free(copy);
}

static bool is_in_package(const char *real) {
    const char *folder = atomic_load(&package);
    size_t len = folder ? strlen(folder) : 0;
    return len && strncmp(real, folder, len) == 0 && (real[len] == '/' || real[len] == 0);
}

// With an access list the group's bits are its mask: they say nothing of who is on the list.
static bool has_access_list(const char *path) {
    return lgetxattr(path, "system.posix_acl_access", NULL, 0) >= 0;
}

static bool others_may_write(const struct stat *st, const char *path, bool parent) {
    if (!(st->st_mode & (S_IWGRP | S_IWOTH))) return false;
    // In a sticky folder such as /tmp only the owner of an entry may put another in its place, and
    // the entry's owner is checked as well.
    if (parent && (st->st_mode & S_ISVTX)) return false;
    if ((st->st_mode & S_IWOTH) || has_access_list(path)) return true;
    return !tskl_group_is_private(st->st_gid, st->st_uid) &&
           !tskl_group_is_private(st->st_gid, geteuid());
}

static bool is_foreign(const struct stat *st) {
    return st->st_uid != 0 && st->st_uid != geteuid();
}

// The path twice, and what stands before it, may be too long for a message: half a command would
// be worse than none.
static tskl_status fail_shared(const char *path, tskl_error *err) {
    static const char text[] = "not trusted, others may write there: ";
    if (sizeof text + strlen("chmod go-w ") + strlen(path) < sizeof err->message)
        return tskl_fail(err, TSKL_ERR_UNTRUSTED, "%schmod go-w %s", text, path);
    return tskl_fail(err, TSKL_ERR_UNTRUSTED, "%s`taskless doctor` says how to mend it", text);
}

static tskl_status check_stat(const struct stat *st, const char *path, bool parent,
                              const check *how) {
    if (is_foreign(st)) {
        if (!how->foreign || geteuid() != 0)
            return tskl_fail(how->err, TSKL_ERR_UNTRUSTED,
                             "not trusted, %s belongs to user %u: run as that user, or chown it",
                             path, (unsigned)st->st_uid);
        *how->foreign = true;
    }
    return others_may_write(st, path, parent) ? fail_shared(path, how->err) : TSKL_OK;
}

static tskl_status check_path(const char *path, bool parent, const check *how) {
    struct stat st;
    if (lstat(path, &st)) return fail_errno(path, how->err);
    return check_stat(&st, path, parent, how);
}

// `real` is absolute and without links. From the root down: what lies in a folder that others may
// write can be exchanged after it was looked at.
static tskl_status check_parents(char *real, const check *how) {
    TSKL_TRY(check_path("/", true, how));
    for (char *slash = strchr(real + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        tskl_status status = check_path(real, true, how);
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

static tskl_status check_whole(const char *path, const check *how) {
    char real[PATH_MAX];
    TSKL_TRY(resolve(path, real, how->err));
    if (is_in_package(real)) return TSKL_OK;
    TSKL_TRY(check_parents(real, how));
    return check_path(real, false, how);
}

tskl_status tskl_trust_check(const char *path, tskl_error *err) {
    return tskl_trust_check_foreign(path, NULL, err);
}

tskl_status tskl_trust_check_foreign(const char *path, bool *foreign, tskl_error *err) {
    const check how = {foreign, err};
    return name_asked(path, check_whole(path, &how), err);
}

static tskl_status check_opened(int fd, const char *path, mode_t kind, const check *how) {
    struct stat st;
    if (fstat(fd, &st)) return fail_errno(path, how->err);
    if ((st.st_mode & S_IFMT) != kind)
        return tskl_fail(how->err, TSKL_ERR_IO, "%s: not a %s", path,
                         kind == S_IFDIR ? "folder" : "file");
    return is_in_package(path) ? TSKL_OK : check_stat(&st, path, false, how);
}

// `kind`: S_IFREG or S_IFDIR. What is checked is what was opened: the name may lead elsewhere by
// then.
static tskl_status open_checked(const char *path, mode_t kind, const check *how,
                                tskl_descriptor *out) {
    char real[PATH_MAX];
    TSKL_TRY(resolve(path, real, how->err));
    if (!is_in_package(real)) TSKL_TRY(check_parents(real, how));
    // Not blocking: in place of the file there may be a pipe that nobody writes to.
    tskl_descriptor opened = tskl_descriptor_open(
        AT_FDCWD, real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, TSKL_DESCRIPTOR_BRIEF);
    if (opened.fd < 0) return fail_errno(path, how->err);
    tskl_status status = check_opened(opened.fd, real, kind, how);
    if (status)
        tskl_descriptor_close(&opened);
    else
        *out = opened;
    return status;
}

static tskl_status open_named(const char *path, mode_t kind, const check *how,
                              tskl_descriptor *out) {
    *out = (tskl_descriptor){.fd = -1};
    return name_asked(path, open_checked(path, kind, how, out), how->err);
}

tskl_status tskl_trust_open(const char *path, tskl_descriptor *out, tskl_error *err) {
    const check how = {NULL, err};
    return open_named(path, S_IFREG, &how, out);
}

tskl_status tskl_trust_open_folder(const char *path, bool *foreign, tskl_descriptor *out,
                                   tskl_error *err) {
    const check how = {foreign, err};
    return open_named(path, S_IFDIR, &how, out);
}

static bool add_fault(const char *path, bool parent, tskl_arena *arena, tskl_trust_fault *out) {
    struct stat st;
    if (lstat(path, &st)) return false;
    bool owned = is_foreign(&st) && geteuid() != 0;
    if (!owned && !others_may_write(&st, path, parent)) return false;
    *out = (tskl_trust_fault){tskl_arena_cstr(arena, tskl_slice_of(path)), st.st_uid, owned};
    return out->path != NULL;
}

size_t tskl_trust_faults(const char *path, tskl_arena *arena,
                         tskl_trust_fault faults[TSKL_TRUST_FAULTS_MAX]) {
    char real[PATH_MAX];
    size_t count = 0;
    if (!realpath(path, real) || is_in_package(real)) return 0;
    count += add_fault("/", true, arena, &faults[count]);
    for (char *slash = strchr(real + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (count + 1 < TSKL_TRUST_FAULTS_MAX)
            count += add_fault(real, true, arena, &faults[count]);
        *slash = '/';
    }
    return count + add_fault(real, false, arena, &faults[count]);
}

static tskl_status read_all(const tskl_descriptor *file, const char *path, size_t size, char *room,
                            tskl_slice *out, tskl_error *err) {
    size_t len = 0;
    while (len < size) {
        ssize_t got = tskl_descriptor_read_at(file, room + len, size - len, (off_t)len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(path, err);
        if (got == 0) break; // it became shorter meanwhile
        len += (size_t)got;
    }
    room[len] = 0;
    *out = tskl_slice_make(room, len);
    return TSKL_OK;
}

static tskl_status read_opened(const tskl_descriptor *file, const char *path, size_t max,
                               tskl_arena *arena, tskl_slice *out, tskl_error *err) {
    struct stat st;
    if (fstat(file->fd, &st)) return fail_errno(path, err);
    if ((uint64_t)st.st_size > max)
        return tskl_fail(err, TSKL_ERR_LIMIT, "%s: has more than %zu bytes", path, max);
    char *room = tskl_arena_take(arena, (size_t)st.st_size + 1);
    if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", path);
    return read_all(file, path, (size_t)st.st_size, room, out, err);
}

tskl_status tskl_trust_read_foreign(const char *path, size_t max, tskl_arena *arena,
                                    tskl_slice *out, bool *foreign, tskl_error *err) {
    const check how = {foreign, err};
    tskl_descriptor file;
    *out = (tskl_slice){NULL, 0};
    TSKL_TRY(open_named(path, S_IFREG, &how, &file));
    tskl_status status = read_opened(&file, path, max, arena, out, err);
    tskl_descriptor_close(&file);
    return status;
}

tskl_status tskl_trust_read(const char *path, size_t max, tskl_arena *arena, tskl_slice *out,
                            tskl_error *err) {
    return tskl_trust_read_foreign(path, max, arena, out, NULL, err);
}
