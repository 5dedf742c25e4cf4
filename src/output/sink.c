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
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void remember(tskl_sink *sink, const struct stat *file) {
    sink->type = file->st_mode & S_IFMT;
    sink->device = file->st_dev;
    sink->inode = file->st_ino;
}

tskl_status tskl_sink_borrow(int fd, tskl_sink *out, tskl_error *err) {
    struct stat file;
    *out = (tskl_sink){.fd = -1};
    if (fstat(fd, &file) != 0)
        return tskl_fail(err, TSKL_ERR_IO, "descriptor %d: %s", fd, strerror(errno));
    out->fd = fd;
    remember(out, &file);
    return TSKL_OK;
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
    *out = (tskl_sink){.fd = -1};
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
    *out = (tskl_sink){.fd = fd, .owned = true};
    remember(out, &file);
    return TSKL_OK;
}

static bool is_same_file(const tskl_sink *sink) {
    struct stat file;
    return sink->owned || (fstat(sink->fd, &file) == 0 && file.st_dev == sink->device &&
                           file.st_ino == sink->inode);
}

// Sockets and pipes whose reader has gone raise SIGPIPE, which would end the program. For a pipe
// there is no flag against that: the signal is held back and then taken out of the queue, unless
// one was waiting there before.
static ssize_t write_pipe(int fd, tskl_slice bytes) {
    sigset_t pipe_only, old, pending;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    sigemptyset(&pending);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_only, &old);
    ssize_t written = write(fd, bytes.ptr, bytes.len);
    int error = errno;
    if (written < 0 && error == EPIPE && !was_pending) {
        const struct timespec now = {0};
        while (sigtimedwait(&pipe_only, NULL, &now) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return written;
}

static ssize_t write_some(const tskl_sink *sink, tskl_slice bytes) {
    switch (sink->type) {
    case S_IFSOCK: return send(sink->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    case S_IFIFO: return write_pipe(sink->fd, bytes);
    default: return write(sink->fd, bytes.ptr, bytes.len);
    }
}

static bool wait_for_room(const tskl_sink *sink, int64_t deadline_us) {
    int64_t left_ms = (deadline_us - tskl_clock_steady_us()) / 1000;
    struct pollfd room = {.fd = sink->fd, .events = POLLOUT};
    return left_ms > 0 && poll(&room, 1, (int)left_ms) != 0;
}

// A blocking descriptor makes us wait as long as it takes (`taskless replay x.har | less`); one
// that is not gives up in time, because the program set it so and reads slowly.
static bool write_all(tskl_sink *sink, tskl_slice bytes) {
    int64_t deadline_us = tskl_clock_steady_us() + TSKL_SINK_WAIT_MS * 1000;
    size_t whole = bytes.len;
    while (bytes.len > 0) {
        errno = EIO; // what a write of nothing means
        ssize_t written = write_some(sink, bytes);
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
    if (!is_same_file(sink)) {
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
    return sink->type == S_IFCHR && isatty(sink->fd);
}

unsigned tskl_sink_columns(const tskl_sink *sink) {
    struct winsize size = {0};
    return ioctl(sink->fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void tskl_sink_close(tskl_sink *sink) {
    if (sink->owned && sink->fd >= 0) close(sink->fd);
    *sink = (tskl_sink){.fd = -1};
}
