// SPDX-License-Identifier: Apache-2.0
#include "store/write.h"
#include "base/clock.h"
#include "base/descriptor.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMPORARY_MAX = 64 };

static bool write_all(int fd, tskl_slice bytes) {
    while (bytes.len) {
        ssize_t written = write(fd, bytes.ptr, bytes.len);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = tskl_slice_from(bytes, (size_t)written);
    }
    return true;
}

// On disk before it gets its name: after a crash there is the whole file or none.
static bool write_parts(int fd, const tskl_slice *parts, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!write_all(fd, parts[i])) return false;
    return fsync(fd) == 0;
}

// What root made for an image serves all users.
static bool set_mode(int folder, int fd) {
    struct stat st;
    return fstat(folder, &st) == 0 && fchmod(fd, 0600 | (st.st_mode & 0044)) == 0;
}

tskl_status tskl_store_write(int folder, const char *name, const tskl_slice *parts, size_t count,
                             tskl_error *err) {
    static atomic_uint counter;
    char temporary[TEMPORARY_MAX];
    snprintf(temporary, sizeof temporary, ".%ld-%u-%lld.tmp", (long)getpid(),
             atomic_fetch_add(&counter, 1), (long long)tskl_clock_steady_us());
    int fd = tskl_descriptor_raise(
        openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600),
        TSKL_DESCRIPTOR_BRIEF);
    if (fd < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(errno));
    bool done = write_parts(fd, parts, count) && set_mode(folder, fd) &&
                renameat(folder, temporary, folder, name) == 0;
    int why = errno;
    close(fd);
    if (done) return TSKL_OK;
    unlinkat(folder, temporary, 0);
    return tskl_fail(err, TSKL_ERR_IO, "%s: %s", name, strerror(why));
}
