// SPDX-License-Identifier: Apache-2.0
#include "input.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static tskl_status fail_errno(const char *name, tskl_error *err) {
    tskl_status status = TSKL_ERR_IO;
    if (errno == ENOENT || errno == EISDIR) status = TSKL_ERR_NOT_FOUND;
    return tskl_fail(err, status, "%s: %s", name, strerror(errno));
}

// A pipe does not say how much there is, and a file may grow: it is read until it ends.
static tskl_status read_to_end(int fd, const char *name, size_t max, tskl_buf *text,
                               tskl_error *err) {
    for (;;) {
        char *room = tskl_buf_reserve(text, PIECE);
        if (!room) return tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", name);
        ssize_t got = read(fd, room, PIECE);
        if (got < 0 && errno != EINTR) return fail_errno(name, err);
        if (got == 0) return TSKL_OK;
        if (got > 0) text->len += (size_t)got;
        if (text->len > max)
            return tskl_fail(err, TSKL_ERR_LIMIT, "%s: has more than %zu bytes", name, max);
    }
}

static tskl_status read_all(int fd, const char *name, size_t max, tskl_arena *arena,
                            tskl_slice *out, tskl_error *err) {
    tskl_buf text;
    *out = (tskl_slice){NULL, 0};
    tskl_buf_init(&text, max + 2 * PIECE);
    tskl_status status = read_to_end(fd, name, max, &text, err);
    if (status == TSKL_OK && !tskl_arena_copy(arena, tskl_buf_slice(&text), out))
        status = tskl_fail(err, TSKL_ERR_NOMEM, "%s: no room for it", name);
    tskl_buf_deinit(&text);
    return status;
}

tskl_status tskl_input_file(const char *path, size_t max, tskl_arena *arena, tskl_slice *out,
                            tskl_error *err) {
    *out = (tskl_slice){NULL, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return fail_errno(path, err);
    tskl_status status = read_all(fd, path, max, arena, out, err);
    close(fd);
    return status;
}

tskl_status tskl_input_stdin(size_t max, tskl_arena *arena, tskl_slice *out, tskl_error *err) {
    return read_all(STDIN_FILENO, "standard input", max, arena, out, err);
}
