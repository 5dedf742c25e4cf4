// group: whether a group is one user's own, so that what it may write only that user may write.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_GROUP_H
#define TSKL_STORE_GROUP_H
#include "base/slice.h"
#include <sys/types.h>

/** True when `group` is the private group of `user` by these two files (the text of /etc/passwd and
 *  /etc/group): it is the user's own group, and nobody else is in it. */
bool tskl_group_is_private_in(tskl_slice passwd, tskl_slice groups, gid_t group, uid_t user);
/** The same by this machine's files. They are read as they are, never through the C library's name
 *  services: those load modules and ask servers, which nobody may do inside an application. Any
 *  thread. */
bool tskl_group_is_private(gid_t group, uid_t user);
#endif
