// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    // The kernel's table of descriptors grows to the highest number, and each fork copies it: 256
    // KiB
    // at most. A limit of a million, as containers have, would make it 8 MiB.
    LIMIT_MOST = 32768,
    // In the table that every process begins with. To make it grow takes 10 ms in a program with
    // threads, too long for a file that is read and closed at once.
    BRIEF_LOWEST = 48,
};

bool tskl_descriptor_matches(const tskl_descriptor *a, const tskl_descriptor *b) {
    return a->type && a->type == b->type && a->device == b->device && a->inode == b->inode;
}

bool tskl_descriptor_is_same(const tskl_descriptor *descriptor) {
    tskl_descriptor now = tskl_descriptor_of(descriptor->fd);
    return tskl_descriptor_matches(&now, descriptor);
}

// What is written, and where: -1 means the end, or where the descriptor stands.
typedef struct writing {
    int fd;
    tskl_slice bytes;
    off_t at;
    bool at_once; // or not at all, if it would have to wait
} writing;

static ssize_t write_plain(const writing *w) {
    if (w->at >= 0) return pwrite(w->fd, w->bytes.ptr, w->bytes.len, w->at);
    struct iovec all = {(char *)w->bytes.ptr, w->bytes.len};
    ssize_t written = w->at_once ? pwritev2(w->fd, &all, 1, -1, RWF_NOWAIT) : -1;
    // Linux before 5.9 knows it not for pipes; some filters of system calls not at all.
    bool done = w->at_once && (written >= 0 || errno == EAGAIN || errno == EPIPE || errno == EINTR);
    return done ? written : write(w->fd, w->bytes.ptr, w->bytes.len);
}

// A pipe whose reader has gone raises SIGPIPE, a file at its limit SIGXFSZ, and either would end
// the program. There is no flag against that: the signal is held back and then taken out of the
// queue, unless one was waiting there before.
static ssize_t write_held_back(const writing *w, int signal_number, int error_number) {
    sigset_t one, old, pending;
    sigemptyset(&one);
    sigaddset(&one, signal_number);
    sigemptyset(&pending);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, signal_number) == 1;
    pthread_sigmask(SIG_BLOCK, &one, &old);
    ssize_t written = write_plain(w);
    int error = errno;
    if (written < 0 && error == error_number && !was_pending) {
        const struct timespec now = {0};
        while (sigtimedwait(&one, NULL, &now) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return written;
}

static ssize_t write_as(mode_t type, const writing *w) {
    int flags = MSG_NOSIGNAL | (w->at_once ? MSG_DONTWAIT : 0);
    switch (type) {
    case S_IFSOCK: return send(w->fd, w->bytes.ptr, w->bytes.len, flags);
    case S_IFIFO: return write_held_back(w, SIGPIPE, EPIPE);
    case S_IFREG: {
        const writing here = {w->fd, w->bytes, w->at, false}; // a file is never waited for
        return write_held_back(&here, SIGXFSZ, EFBIG);
    }
    default: return write(w->fd, w->bytes.ptr, w->bytes.len);
    }
}

ssize_t tskl_descriptor_write(const tskl_descriptor *descriptor, tskl_slice bytes) {
    return write_as(descriptor->type, &(writing){descriptor->fd, bytes, -1, false});
}

ssize_t tskl_descriptor_write_at_once(const tskl_descriptor *descriptor, tskl_slice bytes) {
    return write_as(descriptor->type, &(writing){descriptor->fd, bytes, -1, true});
}

ssize_t tskl_descriptor_write_at(const tskl_descriptor *descriptor, tskl_slice bytes, off_t at) {
    return write_as(S_IFREG, &(writing){descriptor->fd, bytes, at, false});
}

// Never by read: in a socket or a pipe of the program's that would take what is the program's.
ssize_t tskl_descriptor_read_at(const tskl_descriptor *descriptor, void *room, size_t size,
                                off_t at) {
    errno = EBADF;
    return tskl_descriptor_is_same(descriptor) ? pread(descriptor->fd, room, size, at) : -1;
}

// The upper quarter of what the program may have.
static int lowest_lasting(void) {
    struct rlimit limit;
    rlim_t most = LIMIT_MOST;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < most) most = limit.rlim_cur;
    return (int)(most - most / 4);
}

static int duplicate(int fd, int lowest) {
    int floor = STDERR_FILENO + 1;
    return fcntl(fd, F_DUPFD_CLOEXEC, lowest > floor ? lowest : floor);
}

int tskl_descriptor_raise(int fd, tskl_descriptor_stay stay) {
    int lowest = stay == TSKL_DESCRIPTOR_BRIEF ? BRIEF_LOWEST : lowest_lasting(), error = errno;
    if (fd < 0 || (fd > STDERR_FILENO && fd >= lowest)) return fd;
    tskl_descriptor low = tskl_descriptor_of(fd);
    int raised = duplicate(fd, lowest);
    if (raised < 0 && fd > STDERR_FILENO) {
        raised = fd;
    } else {
        if (raised < 0) raised = duplicate(fd, 0);
        if (raised < 0) error = errno;
        // Looked at once more: meanwhile another thread may have closed what it does not know.
        tskl_descriptor_close(&low);
    }
    errno = error;
    return raised;
}

tskl_descriptor tskl_descriptor_open(int folder, const char *name, int flags,
                                     tskl_descriptor_stay stay) {
    // A file that is made is its user's alone.
    return tskl_descriptor_of(
        tskl_descriptor_raise(openat(folder, name, flags | O_CLOEXEC, 0600), stay));
}

void tskl_descriptor_close(const tskl_descriptor *descriptor) {
    if (tskl_descriptor_is_same(descriptor)) close(descriptor->fd);
}
