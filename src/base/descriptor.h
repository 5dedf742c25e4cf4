// descriptor: a descriptor that we write to, ours or the program's, without harm to the program.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_DESCRIPTOR_H
#define TSKL_BASE_DESCRIPTOR_H
#include "base/slice.h"
#include <errno.h>
#include <sys/stat.h>
#include <sys/types.h>

/** Which file a descriptor was. Its number belongs to the program as well, which may close it, even
 *  where we opened it, and open another file in its place: a database's socket, at worst. */
typedef struct tskl_descriptor {
    int fd;
    mode_t type; // S_IFIFO, S_IFSOCK, ...; 0: it was not open
    dev_t device;
    ino_t inode;
} tskl_descriptor;

/** What `fd` is now. It is neither duplicated nor closed. Keeps errno. */
static inline tskl_descriptor tskl_descriptor_of(int fd) {
    struct stat file;
    int saved = errno;
    bool open = fstat(fd, &file) == 0;
    errno = saved;
    if (!open) return (tskl_descriptor){.fd = fd};
    return (tskl_descriptor){fd, file.st_mode & S_IFMT, file.st_dev, file.st_ino};
}

/** True while it is the same file. False for what was not open. */
bool tskl_descriptor_is_same(const tskl_descriptor *descriptor);
/** True when both are the same file, whatever their numbers. */
bool tskl_descriptor_matches(const tskl_descriptor *a, const tskl_descriptor *b);
/** As write, but raises no signal where the reader has gone or the file may not grow. */
ssize_t tskl_descriptor_write(const tskl_descriptor *descriptor, tskl_slice bytes);
/** The same, but EAGAIN where a pipe or a socket has no room, blocking or not. */
ssize_t tskl_descriptor_write_at_once(const tskl_descriptor *descriptor, tskl_slice bytes);
/** As the first, into a file at an offset, as pwrite. */
ssize_t tskl_descriptor_write_at(const tskl_descriptor *descriptor, tskl_slice bytes, off_t at);

/** As pread, of a file of ours: EBADF where the program has closed it by now. */
ssize_t tskl_descriptor_read_at(const tskl_descriptor *descriptor, void *room, size_t size,
                                off_t at);

/** How long a descriptor of ours stays open. */
typedef enum tskl_descriptor_stay {
    TSKL_DESCRIPTOR_BRIEF,   // until the call that opened it returns
    TSKL_DESCRIPTOR_LASTING, // as long as the program runs, perhaps
} tskl_descriptor_stay;

/**
 * Gives a descriptor that we have just opened a number out of the program's way, which it returns:
 * `open` then gives the program the numbers that it has without us, and one of ours that it closes
 * is not the next that it is given. Close-on-exec. Takes `fd`; a negative one is handed through.
 * Where the limit of descriptors is small it may stay where it is, but never below 3: -1, with
 * errno, where there is no such number left. Keeps errno otherwise.
 */
int tskl_descriptor_raise(int fd, tskl_descriptor_stay stay);
/**
 * Opens `name` in the open folder `folder` (or AT_FDCWD), as openat, and raises it. The caller
 * closes it with tskl_descriptor_close. `fd` -1 and `type` 0, with errno, where it cannot.
 */
tskl_descriptor tskl_descriptor_open(int folder, const char *name, int flags,
                                     tskl_descriptor_stay stay);
/** Closes a descriptor of ours, unless the program has done so and its number is another file's. */
void tskl_descriptor_close(const tskl_descriptor *descriptor);
#endif
