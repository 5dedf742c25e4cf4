// SPDX-License-Identifier: Apache-2.0
#include "store/write.h"
#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPORARY_MAX = 64 };

// The program opens and closes descriptors meanwhile, and may close what it does not know.
static bool is_still_there(const tskl_descriptor *file) {
    errno = EBADF;
    return tskl_descriptor_is_same(file);
}

static bool write_all(const tskl_descriptor *file, tskl_slice bytes) {
    while (bytes.len) {
        if (!is_still_there(file)) return false;
        ssize_t written = tskl_descriptor_write(file, bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = tskl_slice_from(bytes, (size_t)written);
    }
    return true;
}

// On disk before it gets its name: after a crash there is the whole file or none.
static bool write_parts(const tskl_descriptor *file, const tskl_slice *parts, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!write_all(file, parts[i])) return false;
    return is_still_there(file) && fsync(file->fd) == 0;
}

// What root made for an image serves all users.
static bool set_mode(const tskl_descriptor *folder, const tskl_descriptor *file) {
    struct stat st;
    return is_still_there(folder) && fstat(folder->fd, &st) == 0 && is_still_there(file) &&
           fchmod(file->fd, 0600 | (st.st_mode & 0044)) == 0;
}

tskl_status tskl_store_write(const tskl_descriptor *folder, const char *name,
                             const tskl_slice *parts, size_t count, tskl_error *err) {
    static atomic_uint counter;
    char temporary[TEMPORARY_MAX];
    snprintf(temporary, sizeof temporary, ".%ld-%u-%lld.tmp", (long)getpid(),
             atomic_fetch_add(&counter, 1), (long long)tskl_clock_steady_us());
    tskl_descriptor file = {.fd = -1};
    if (is_still_there(folder))
        file = tskl_descriptor_open(folder->fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
                                    TSKL_DESCRIPTOR_BRIEF);
    if (file.fd < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(errno));
    bool done = write_parts(&file, parts, count) && set_mode(folder, &file) &&
                is_still_there(folder) && renameat(folder->fd, temporary, folder->fd, name) == 0;
    int why = errno;
    tskl_descriptor_close(&file);
    if (done) return TSKL_OK;
    if (is_still_there(folder)) unlinkat(folder->fd, temporary, 0);
    return tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(why));
}
