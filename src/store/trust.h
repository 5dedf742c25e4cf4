// trust: files are read only from where nobody else may write.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_TRUST_H
#define TSKL_STORE_TRUST_H
#include "base/arena.h"
#include "base/descriptor.h"
#include "base/status.h"
#include <sys/types.h>

/** True for a file or folder of root or the effective user that nobody else may write (a sticky
 *  folder such as /tmp counts as a parent only). The private group of its owner or of the effective
 *  user is nobody else. Every parent is checked as well.
 *  UNTRUSTED naming the path at fault and the mend; NOT_FOUND; IO. */
tskl_status tskl_trust_check(const char *path, tskl_error *err);
/** Opens a trusted regular file for reading, close-on-exec, and checks what was opened. The caller
 *  closes `*out`, whose `fd` is -1 on failure. */
tskl_status tskl_trust_open(const char *path, tskl_descriptor *out, tskl_error *err);
/** The same for a folder. `foreign` as below; NULL: root trusts nobody else's either. */
tskl_status tskl_trust_open_folder(const char *path, bool *foreign, tskl_descriptor *out,
                                   tskl_error *err);
/** Reads a trusted file whole, `max` bytes at most (LIMIT), with a zero behind it. */
tskl_status tskl_trust_read(const char *path, size_t max, tskl_arena *arena, tskl_slice *out,
                            tskl_error *err);

/** The same for configuration and Packs: root reads those of another user too, and is told by
 *  `*foreign`, which otherwise stays as it was. They are given nothing for it: see
 *  config/consent.h. Compiled code is never read this way. */
tskl_status tskl_trust_check_foreign(const char *path, bool *foreign, tskl_error *err);
tskl_status tskl_trust_read_foreign(const char *path, size_t max, tskl_arena *arena,
                                    tskl_slice *out, bool *foreign, tskl_error *err);

/** The folder of Packs that came with the library or the program: it is trusted as they are, since
 *  who can write it can write them. The first call counts; copied. Any thread. */
void tskl_trust_package(const char *folder);

/** What keeps a path from being trusted. */
typedef struct tskl_trust_fault {
    const char *path; // whole, the file or folder at fault
    uid_t owner;      // whose it is
    bool owned;       // another's: else others may write there
} tskl_trust_fault;

enum { TSKL_TRUST_FAULTS_MAX = 32 };

/** All that is at fault with `path` and its parents, from the root down. The paths are in `arena`.
 *  Returns how many; 0 also where it cannot be told. */
size_t tskl_trust_faults(const char *path, tskl_arena *arena,
                         tskl_trust_fault faults[TSKL_TRUST_FAULTS_MAX]);
#endif
