// SPDX-License-Identifier: Apache-2.0
//
// stderr, stdout and fd:N are the program's. They are not duplicated: a duplicate would keep a pipe
// open after the program has closed it, and whoever reads that pipe would wait for ever (a daemon
// started over ssh). The price is that the number can come to mean another file, a database's
// socket at worst; so each write looks first whether it is still the same file. The same goes for
// files of ours, which the program may close as well.
#include "output/sink.h"
#include "base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

static tskl_sink closed(void) {
    return (tskl_sink){.file = TSKL_OWN_FILE_NONE};
}

tskl_status tskl_sink_borrow(const tskl_descriptor *given, tskl_sink *out, tskl_error *err) {
    *out = closed();
    if (!given->type)
        return tskl_fail(err, TSKL_ERR_IO, "descriptor %d was not open when taskless was loaded",
                         given->fd);
    out->file.to = *given;
    return TSKL_OK;
}

tskl_status tskl_sink_open_file(tskl_slice path, tskl_sink *out, tskl_error *err) {
    *out = closed();
    return tskl_own_file_open(path, O_WRONLY | O_APPEND, &out->file, err);
}

static tskl_status check(tskl_sink *sink, tskl_error *err) {
    if (sink->file.path) return tskl_own_file_check(&sink->file, err);
    if (tskl_descriptor_is_same(&sink->file.to)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_MISMATCH,
                     "the program has closed descriptor %d, or has another file there",
                     sink->file.to.fd);
}

static bool wait_for_room(const tskl_sink *sink, int64_t deadline_us) {
    int64_t left_ms = (deadline_us - tskl_clock_steady_us()) / 1000;
    struct pollfd room = {.fd = sink->file.to.fd, .events = POLLOUT};
    return left_ms > 0 && poll(&room, 1, (int)left_ms) != 0;
}

// Between two parts of a record the program may do what it likes.
static ssize_t write_part(const tskl_sink *sink, tskl_slice bytes, bool first) {
    errno = EBADF;
    if (!first && !tskl_descriptor_is_same(&sink->file.to)) return -1;
    errno = EIO; // what a write of nothing means
    return tskl_descriptor_write(&sink->file.to, bytes);
}

// A blocking descriptor makes us wait as long as it takes (`taskless replay x.har | less`); one
// that is not gives up in time, because the program set it so and reads slowly.
static bool write_all(tskl_sink *sink, tskl_slice bytes) {
    int64_t deadline_us = tskl_clock_steady_us() + TSKL_SINK_WAIT_MS * 1000;
    size_t whole = bytes.len;
    for (bool first = true; bytes.len > 0; first = false) {
        ssize_t written = write_part(sink, bytes, first);
        if (written > 0) {
            bytes = tskl_slice_from(bytes, (size_t)written);
        } else if (errno == EAGAIN ? !wait_for_room(sink, deadline_us) : errno != EINTR) {
            sink->torn = sink->torn || bytes.len < whole;
            return false;
        }
    }
    return true;
}

// A reader that leaves, as `head` does, is nobody's fault.
static tskl_status fail_write(tskl_error *err) {
    if (errno == EPIPE) return tskl_fail(err, TSKL_ERR_CLOSED, "its reader has gone");
    return tskl_fail(err, TSKL_ERR_IO, "%s",
                     errno == EAGAIN ? "its reader is too slow" : strerror(errno));
}

tskl_status tskl_sink_write(tskl_sink *sink, tskl_slice record, tskl_error *err) {
    int saved = errno;
    tskl_status status = check(sink, err);
    if (status == TSKL_OK) {
        bool whole = (!sink->torn || write_all(sink, TSKL_S("\n"))) && write_all(sink, record);
        if (whole)
            sink->torn = false;
        else
            status = fail_write(err);
    }
    errno = saved;
    return status;
}

bool tskl_sink_is_terminal(const tskl_sink *sink) {
    const tskl_descriptor *to = &sink->file.to;
    return to->type == S_IFCHR && tskl_descriptor_is_same(to) && isatty(to->fd);
}

unsigned tskl_sink_columns(const tskl_sink *sink) {
    struct winsize size = {0};
    return ioctl(sink->file.to.fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void tskl_sink_close(tskl_sink *sink) {
    if (sink->file.path) tskl_own_file_close(&sink->file);
    *sink = closed();
}
