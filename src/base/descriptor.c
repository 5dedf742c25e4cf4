// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor.h"
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

tskl_descriptor tskl_descriptor_of(int fd) {
    struct stat file;
    int saved = errno;
    bool open = fstat(fd, &file) == 0;
    errno = saved;
    if (!open) return (tskl_descriptor){.fd = fd};
    return (tskl_descriptor){fd, file.st_mode & S_IFMT, file.st_dev, file.st_ino};
}

bool tskl_descriptor_is_same(const tskl_descriptor *descriptor) {
    tskl_descriptor now = tskl_descriptor_of(descriptor->fd);
    return now.type && now.type == descriptor->type && now.device == descriptor->device &&
           now.inode == descriptor->inode;
}

// A pipe whose reader has gone raises SIGPIPE, a file at its limit SIGXFSZ, and either would end
// the program. There is no flag against that: the signal is held back and then taken out of the
// queue, unless one was waiting there before.
static ssize_t write_held_back(int fd, tskl_slice bytes, int signal_number, int error_number) {
    sigset_t one, old, pending;
    sigemptyset(&one);
    sigaddset(&one, signal_number);
    sigemptyset(&pending);
    sigpending(&pending);
    bool was_pending = sigismember(&pending, signal_number) == 1;
    pthread_sigmask(SIG_BLOCK, &one, &old);
    ssize_t written = write(fd, bytes.ptr, bytes.len);
    int error = errno;
    if (written < 0 && error == error_number && !was_pending) {
        const struct timespec now = {0};
        while (sigtimedwait(&one, NULL, &now) < 0 && errno == EINTR) {}
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    errno = error;
    return written;
}

ssize_t tskl_descriptor_write(const tskl_descriptor *descriptor, tskl_slice bytes) {
    switch (descriptor->type) {
    case S_IFSOCK: return send(descriptor->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
    case S_IFIFO: return write_held_back(descriptor->fd, bytes, SIGPIPE, EPIPE);
    case S_IFREG: return write_held_back(descriptor->fd, bytes, SIGXFSZ, EFBIG);
    default: return write(descriptor->fd, bytes.ptr, bytes.len);
    }
}
