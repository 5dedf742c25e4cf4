// descriptor: a descriptor of the program's that we write to, without harm to the program.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_DESCRIPTOR_H
#define TSKL_BASE_DESCRIPTOR_H
#include "base/slice.h"
#include <sys/stat.h>
#include <sys/types.h>

/** Which file a descriptor was, so that it is left alone when its number comes to mean another: a
 *  database's socket, at worst. */
typedef struct tskl_descriptor {
    int fd;
    mode_t type; // S_IFIFO, S_IFSOCK, ...; 0: it was not open
    dev_t device;
    ino_t inode;
} tskl_descriptor;

/** What `fd` is now. It is neither duplicated nor closed. Keeps errno. */
tskl_descriptor tskl_descriptor_of(int fd);
/** True while it is the same file. */
bool tskl_descriptor_is_same(const tskl_descriptor *descriptor);
/** As write, but raises no signal where the reader has gone or the file may not grow. */
ssize_t tskl_descriptor_write(const tskl_descriptor *descriptor, tskl_slice bytes);
#endif
