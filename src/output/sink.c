// SPDX-License-Identifier: Apache-2.0
//
// stderr, stdout and fd:N are the program's. They are not duplicated: a duplicate would keep a pipe
// open after the program has closed it, and whoever reads that pipe would wait for ever (a daemon
// started over ssh). The price is that the number can come to mean another file, a database's
// socket at worst; so each write looks first whether it is still the same file.
#include "output/sink.h"
#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const tskl_sink closed = {.to = {.fd = -1}};

tskl_status tskl_sink_borrow(int fd, tskl_sink *out, tskl_error *err) {
    *out = (tskl_sink){.to = tskl_descriptor_of(fd)};
    if (out->to.type) return TSKL_OK;
    *out = closed;
    return tskl_fail(err, TSKL_ERR_IO, "descriptor %d: %s", fd, strerror(EBADF));
}

tskl_status tskl_sink_check_owner(int fd, struct stat *out, tskl_error *err) {
    if (fstat(fd, out) != 0) return tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    if (S_ISREG(out->st_mode) && out->st_uid != geteuid() && out->st_uid != 0)
        return tskl_fail(err, TSKL_ERR_UNTRUSTED, "belongs to another user");
    return TSKL_OK;
}

tskl_status tskl_sink_open_file(tskl_slice path, tskl_sink *out, tskl_error *err) {
    char name[PATH_MAX];
    struct stat file;
    *out = closed;
    if (path.len == 0 || !tskl_slice_to_cstr(path, name, sizeof name))
        return tskl_fail(err, TSKL_ERR_INVALID, "not a path");
    // O_NONBLOCK: a named pipe that nobody reads must not hold us up. Files do not mind.
    int fd = open(
        name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd < 0 && errno == ELOOP) return tskl_fail(err, TSKL_ERR_UNTRUSTED, "is a symbolic link");
    if (fd < 0) return tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    tskl_status status = tskl_sink_check_owner(fd, &file, err);
    if (status != TSKL_OK) {
        close(fd);
        return status;
    }
    *out = (tskl_sink){.to = tskl_descriptor_of(fd), .owned = true};
    return TSKL_OK;
}

static bool wait_for_room(const tskl_sink *sink, int64_t deadline_us) {
    int64_t left_ms = (deadline_us - tskl_clock_steady_us()) / 1000;
    struct pollfd room = {.fd = sink->to.fd, .events = POLLOUT};
    return left_ms > 0 && poll(&room, 1, (int)left_ms) != 0;
}

// A blocking descriptor makes us wait as long as it takes (`taskless replay x.har | less`); one
// that is not gives up in time, because the program set it so and reads slowly.
static bool write_all(tskl_sink *sink, tskl_slice bytes) {
    int64_t deadline_us = tskl_clock_steady_us() + TSKL_SINK_WAIT_MS * 1000;
    size_t whole = bytes.len;
    while (bytes.len > 0) {
        errno = EIO; // what a write of nothing means
        ssize_t written = tskl_descriptor_write(&sink->to, bytes);
        if (written > 0) {
            bytes = tskl_slice_from(bytes, (size_t)written);
        } else if (errno == EAGAIN ? !wait_for_room(sink, deadline_us) : errno != EINTR) {
            sink->torn = sink->torn || bytes.len < whole;
            return false;
        }
    }
    return true;
}

tskl_status tskl_sink_write(tskl_sink *sink, tskl_slice record, tskl_error *err) {
    int saved = errno;
    tskl_status status = TSKL_OK;
    if (!sink->owned && !tskl_descriptor_is_same(&sink->to)) {
        status = tskl_fail(err, TSKL_ERR_CLOSED, "the program uses the descriptor otherwise");
    } else if ((sink->torn && !write_all(sink, TSKL_S("\n"))) || !write_all(sink, record)) {
        status = tskl_fail(err, TSKL_ERR_IO, "%s",
                           errno == EAGAIN ? "its reader is too slow" : strerror(errno));
    } else {
        sink->torn = false;
    }
    errno = saved;
    return status;
}

bool tskl_sink_is_terminal(const tskl_sink *sink) {
    return sink->to.type == S_IFCHR && isatty(sink->to.fd);
}

unsigned tskl_sink_columns(const tskl_sink *sink) {
    struct winsize size = {0};
    return ioctl(sink->to.fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void tskl_sink_close(tskl_sink *sink) {
    if (sink->owned && sink->to.fd >= 0) close(sink->to.fd);
    *sink = closed;
}
