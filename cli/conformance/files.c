// SPDX-License-Identifier: Apache-2.0
#include "conformance/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { CONFIG_ROOM = 4 * 1024 * 1024 };

bool tskl_file_in(const char *folder, const char *name, char path[PATH_MAX]) {
    int len = snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return len > 0 && len < PATH_MAX;
}

tskl_status tskl_write_new(const char *path, tskl_slice text, tskl_error *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    size_t written = 0;
    while (fd >= 0 && written < text.len) {
        ssize_t more = write(fd, text.ptr + written, text.len - written);
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) break;
        written += (size_t)more;
    }
    tskl_status status = fd >= 0 && written == text.len
                             ? TSKL_OK
                             : tskl_fail(err, TSKL_ERR_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0) close(fd);
    return status;
}

tskl_status tskl_write_configuration(const tskl_plan *plan, size_t group, const char *path,
                                     const char *records, tskl_error *err) {
    tskl_buf json;
    tskl_buf_init(&json, CONFIG_ROOM);
    tskl_status status = tskl_plan_configure(plan, group, records, &json, err);
    if (status == TSKL_OK) status = tskl_write_new(path, tskl_buf_slice(&json), err);
    tskl_buf_deinit(&json);
    return status;
}
