// tar: bundles for tests, good ones and wrong ones.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_TESTS_STORE_TAR_H
#define TSKL_TESTS_STORE_TAR_H
#include "base/arena.h"

typedef struct tar_entry {
    const char *name;
    tskl_slice content;
    char type;        // '0' a file (as 0), '1' a hard link, '2' a link, '5' a folder, '3' a device
    uint64_t claimed; // the size its header claims, where that is not the content's
} tar_entry;

/** A tar of these entries, in `arena`; empty when there is no room. */
tskl_slice tar_make(const tar_entry *entries, size_t count, tskl_arena *arena);
/** The same, as gzip. */
tskl_slice tar_make_gzip(const tar_entry *entries, size_t count, tskl_arena *arena);
#endif
