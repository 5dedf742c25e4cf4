// SPDX-License-Identifier: Apache-2.0
//
// Programs that become daemons close all descriptors that they do not know, ours among them.
#include "output/own_file.h"
#include "base/alloc.h"
#include "base/thread.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static tskl_own_file none(void) {
    return (tskl_own_file)TSKL_OWN_FILE_NONE;
}

// True where somebody else could have put the file there, under a name that we write to.
static bool lies_in_shared_folder(const char *path) {
    char folder[PATH_MAX];
    struct stat st;
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    const char *from = slash ? path : ".";
    if (!tskl_slice_to_cstr(tskl_slice_make(from, slash ? len + !len : 1), folder, sizeof folder) ||
        stat(folder, &st) != 0)
        return true;
    bool ours = st.st_uid == geteuid() || st.st_uid == 0;
    return !ours || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

// A named pipe of another user's would hand them the records; a second name that they gave to one
// of our own files would have records written into that.
static tskl_status check_owner(int fd, const char *path, tskl_error *err) {
    struct stat st;
    if (fstat(fd, &st) != 0) return tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return tskl_fail(err, TSKL_ERR_UNTRUSTED, "belongs to another user");
    if (S_ISREG(st.st_mode) && st.st_nlink > 1 && lies_in_shared_folder(path))
        return tskl_fail(err, TSKL_ERR_UNTRUSTED,
                         "is a hard link in a folder where others may write");
    return TSKL_OK;
}

// Where there are threads, moving far up has the kernel's table grow, which takes 10 ms and more: a
// short program would wait for that at its end.
static tskl_descriptor_stay stay_on_opening(void) {
    return tskl_thread_is_alone() ? TSKL_DESCRIPTOR_LASTING : TSKL_DESCRIPTOR_BRIEF;
}

static tskl_status open_checked(const char *path, int flags, tskl_descriptor *out,
                                tskl_error *err) {
    // O_NONBLOCK: a named pipe that nobody reads must not hold us up. Files do not mind.
    tskl_descriptor opened = tskl_descriptor_open(
        AT_FDCWD, path, flags | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, stay_on_opening());
    if (opened.fd < 0 && errno == ELOOP)
        return tskl_fail(err, TSKL_ERR_UNTRUSTED, "is a symbolic link");
    if (opened.fd < 0) return tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    tskl_status status = check_owner(opened.fd, path, err);
    if (status == TSKL_OK)
        *out = opened;
    else
        tskl_descriptor_close(&opened);
    return status;
}

tskl_status tskl_own_file_open(tskl_slice path, int flags, tskl_own_file *out, tskl_error *err) {
    char name[PATH_MAX];
    *out = none();
    if (path.len == 0 || !tskl_slice_to_cstr(path, name, sizeof name))
        return tskl_fail(err, TSKL_ERR_INVALID, "not a path");
    char *kept = tskl_alloc(path.len + 1);
    if (!kept) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (opening an output)");
    memcpy(kept, name, path.len + 1);
    tskl_status status = open_checked(kept, flags | O_CREAT, &out->to, err);
    if (status != TSKL_OK) {
        tskl_free(kept);
        return status;
    }
    out->path = kept;
    out->flags = flags;
    return TSKL_OK;
}

static tskl_status open_again(tskl_own_file *file, tskl_error *err) {
    tskl_descriptor again;
    if (open_checked(file->path, file->flags, &again, NULL) == TSKL_OK) {
        if (tskl_descriptor_matches(&again, &file->to)) {
            file->to = again;
            return TSKL_OK;
        }
        tskl_descriptor_close(&again);
    }
    return tskl_fail(err, TSKL_ERR_MISMATCH,
                     "the program closed its descriptor, and the path leads to the file no more");
}

tskl_status tskl_own_file_check(tskl_own_file *file, tskl_error *err) {
    return tskl_descriptor_is_same(&file->to) ? TSKL_OK : open_again(file, err);
}

void tskl_own_file_close(tskl_own_file *file) {
    tskl_descriptor_close(&file->to);
    tskl_free(file->path);
    *file = none();
}
